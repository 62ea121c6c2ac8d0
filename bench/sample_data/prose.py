"""Generate plausible press-office prose; the same seed gives the same words."""

import random

SUBJECTS = (
    "care leavers|children’s homes|adult social care|school places|free school meals|early help"
    "|foster carers|special educational needs|youth work|public libraries|mobile libraries"
    "|summer reading|rural buses|road repairs|cycle lanes|flood defences|coastal erosion"
    "|air quality|social housing|damp in rented homes|homelessness|council tax support"
    "|business rates|local elections|planning fees|high streets|night-time economy|allotments"
    "|playgrounds|leisure centres|vaccination|health visitors|mental health in schools"
    "|drug treatment|smoking in pregnancy|food hygiene|trading standards|online fraud"
    "|digital services|broadband in villages|apprenticeships|adult learning|museums|archives"
    "|recycling|food waste|fly-tipping|tree planting|heat in homes|electric buses"
).split("|")
EVENTS = (
    "the annual report|the autumn statement|the new inspection framework|the white paper"
    "|the select committee’s report|the national audit|the independent review|the spring budget"
    "|the new guidance|the consultation|the latest figures|the commission’s findings"
    "|the ombudsman’s ruling|the five-year plan|the settlement"
).split("|")
GROUPS = (
    "families|older people|young people|carers|tenants|parents|teachers|social workers"
    "|volunteers|small businesses|people in rural areas|disabled people|new parents"
    "|front-line staff|our members|residents"
).split("|")
PLACES = (
    "every county|the largest cities|coastal towns|the north|two boroughs in three|most districts"
    "|villages|the areas that need it most|one authority in five|the poorest wards"
).split("|")
NEEDS = (
    "a settlement that lasts longer than a year|staff who stay|the money to match the duty"
    "|time to plan|a single point of contact|fewer forms and more people|clear guidance"
    "|a place at the table|honest figures|the powers to act early"
).split("|")

HEADLINES = (
    "{Subject}: {group} need {need}|{Event} and {subject}: our response"
    "|Comment on {event}: {subject}|{Subject} under strain in {place}"
    "|New figures on {subject} “a warning”|Call for action on {subject}"
    "|{Subject}: what {event} leaves out|Welcome for {event} on {subject}"
).split("|")
SENTENCES = (
    "We welcome {event} and the attention that it gives to {subject}."
    "|{Group} tell us every week what {subject} mean to them, and what it costs when nobody "
    "listens."
    "|Over the past {n} years the number of {group} who turn to us about {subject} has grown by "
    "{p} per cent."
    "|In {place} the work on {subject} has been kept going by {group}, and by goodwill."
    "|What is missing from {event} is {need}."
    "|Nobody who works on {subject} will be surprised by {event}."
    "|There is good practice in {place}, and it should be shared more widely."
    "|We urge ministers to look again at {subject} before the next settlement."
    "|For {group} this is not an argument about figures; it is about whether somebody comes "
    "when they ring."
    "|The cost of doing nothing about {subject} falls on {group} first."
    "|Some £{n} million was spent on {subject} last year, and {p} per cent of it came too late "
    "to prevent anything."
    "|We have said for {n} years that {subject} need {need}."
    "|Our survey found that {p} per cent of {group} had waited longer than they should."
    "|It is right that {event} looks beyond {place}."
    "|{Group} deserve {need}, and so do the people who work with them."
    "|There is no single answer, and we would be wary of anybody who offers one."
    "|We will work with government, with {group} and with one another to put this right."
    "|Progress has been made on {subject}, and there is no room for complacency."
    "|If {event} is to mean anything in {place}, it has to come with {need}."
    "|Prevention is better and cheaper than cure, and on {subject} we know what works."
).split("|")
SUMMARIES = (
    "{Group} and {subject}: what {event} means, and what should happen next."
    "|A response to {event}, with {p} per cent of {group} affected."
    "|Why {subject} need {need}."
).split("|")
VILLAGE_SENTENCE = "On {village}: the figures for that parish are given in full in our evidence."
VILLAGE_COUNT = 40**3
"""The first names are in hundreds of statements, most of the others in one or two."""
SYLLABLES = (
    "al ash bar bel bram bur carl chad clay cor dal den dun el fen gar glen hal ham hart hol ing"
    " kel kirk lan lea mar mel nor oak pen pol ros sal sel stan thorn tre wel wyn"
).split()
SLOTS = {
    "subject": SUBJECTS,
    "event": EVENTS,
    "group": GROUPS,
    "place": PLACES,
    "need": NEEDS,
}


class ProseGenerator:
    """Draw every text of a sample statement from one generator of random numbers."""

    def __init__(self, rng: random.Random, *, sentences: int = 4000) -> None:
        self.rng = rng
        self._sentences = [self._fill_pattern(SENTENCES) for _ in range(sentences)]

    def make_headline(self) -> str:
        return self._fill_pattern(HEADLINES)

    def make_summary(self) -> str:
        return self._fill_pattern(SUMMARIES)

    def make_blocks(self) -> list[str]:
        """Return four to six paragraphs, in the form that `clean_blocks` does not change."""
        texts = [" ".join(self._sample_sentences()) for _ in range(self.rng.randint(3, 5))]
        return [
            f"<p>{text}</p>"
            for text in [*texts, VILLAGE_SENTENCE.format(village=self._make_village_name())]
        ]

    def _make_village_name(self) -> str:
        """Return a name of realistic rarity: a few names are in half of all statements."""
        number = int(VILLAGE_COUNT ** self.rng.random())
        first, rest = number % 40, number // 40
        return (SYLLABLES[first] + SYLLABLES[rest % 40] + SYLLABLES[rest // 40]).title()

    def _sample_sentences(self) -> list[str]:
        return self.rng.sample(self._sentences, self.rng.randint(2, 4))

    def _fill_pattern(self, patterns: list[str]) -> str:
        chosen = {name: self.rng.choice(words) for name, words in SLOTS.items()}
        capitals = {name.title(): word[0].upper() + word[1:] for name, word in chosen.items()}
        numbers = {"n": self.rng.randint(2, 30), "p": self.rng.randint(6, 94)}
        return self.rng.choice(patterns).format(**chosen, **capitals, **numbers)
