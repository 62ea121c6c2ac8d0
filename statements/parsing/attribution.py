"""Parse an attribution into name, role and organisation.

A wrong guess costs little: the line itself is kept, and a person checks the fields. So nothing here
raises an error; an unknown part stays empty.
"""

import re
from dataclasses import dataclass

MAX_ATTRIBUTION_CHARS = 400
SPEECH_VERBS = (
    "said|says|commented|comments|added|adds|stated|states|explained|explains|responded"
    "|continued|concluded|replied"
    "|declared|remarked|noted|argued|warned|told [^,:]+|a déclaré|a dit|a ajouté|sagte|erklärte"
    "|dijo|ha dichiarato"
)
BEFORE_VERB = r"(?:(?:has|have|also|then|today|further|later)\s+)*"
VERB_AT_END = re.compile(
    rf"^(?P<who>.+?),?\s+{BEFORE_VERB}(?:{SPEECH_VERBS})\s*[:,–—-]?$", re.IGNORECASE
)
VERB_INSIDE = re.compile(
    rf"^(?P<who>.+?),?\s+{BEFORE_VERB}(?:{SPEECH_VERBS})\b[^:]{{0,150}}:$", re.IGNORECASE
)
VERB_FIRST = re.compile(
    r"^(?:.*[,،]\s*)?(?:(?:dywedodd|meddai|ychwanegodd|dwedodd)"
    r"|و?(?:قالت?|صرحت?|صرّحت?|أضافت?))\s+(?P<who>.+?)\s*:$",
    re.IGNORECASE,
)
OPENING_CLAUSE = re.compile(
    r"^(?:in |on )?(?:respon|comment|speaking|react|follow|welcom|reply|ahead of|as |after"
    r"|before|to mark|discuss"
    r"|on behalf|wrth|mewn ymateb)",
    re.IGNORECASE,
)
PRONOUNS = {"he", "she", "they", "he or she", "ef", "hi", "fe"}
HONORIFICS = {
    "cllr", "councillor", "dr", "prof", "professor", "sir", "dame", "lord", "lady", "baroness",
    "baron", "mr", "mrs", "ms", "miss", "mx", "rev", "reverend", "bishop", "rt", "hon", "y", "yr",
    "cyng", "cynghorydd", "athro",
}  # fmt: skip
POST_NOMINALS = re.compile(
    r"^(?:[A-Z]{1,3}BE|[A-Z][A-Za-z]*[A-Z]{1,3}|MP|MS|KC|QC|CH|CB)(?: (?:[A-Z]{2,6}))*$"
)
PARTICLES = {
    "de", "da", "van", "von", "der", "den", "ap", "ab", "ferch", "bin", "ibn", "al", "el", "le",
    "la", "y", "o",
}  # fmt: skip
ROLE = re.compile(
    r"\b(?:president|chair(?:man|woman|person)?|chief|director|leader|mayor|minister|secretary"
    r"|spokes(?:person|man|woman)"
    r"|head|member|commissioner|officer|executive|deputy|conven[eo]r|inspector|treasurer|manager"
    r"|governor|lead|editor"
    r"|ombudsman|registrar|principal|chancellor|llywydd|is-lywydd|cadeirydd|cyfarwyddwr|prif"
    r"|gweinidog|arweinydd|aelod"
    r"|llefarydd|comisiynydd)\b",
    re.IGNORECASE,
)
ORGANISATION = re.compile(
    r"\b(?:council|association|society|institut\w+|college|university|trust|foundation"
    r"|department|ministry|office|nhs"
    r"|ltd|limited|plc|group|union|federation|confederation|authority|board|agency|charity"
    r"|committee|network|alliance"
    r"|service|ofsted|cymdeithas|cyngor|prifysgol|adran|llywodraeth|[A-Z]{3,})\b|\b[A-Z]{3,}\b"
)
# In Welsh the organisation follows its officer without a link: "Llywydd y Gymdeithas".
WELSH_ROLE = re.compile(
    r"((?:Is-)?[Ll]lywydd|(?:Is-)?[Cc]adeirydd|Prif Weithredwr|Arweinydd|Llefarydd)"
    r"[,]? (?:o |ar ran )?((?:yr? )?[A-ZÂÊÎÔÛŴŶ].*)$"
)
MODIFIERS = {
    "vice", "deputy", "chief", "immediate", "past", "interim", "acting", "former", "assistant",
    "joint", "co", "senior", "vice-president", "executive", "managing", "council",
}  # fmt: skip


@dataclass(frozen=True)
class AttributedSpeaker:
    """The speaker of an attribution; a part that the line does not give is empty."""

    name: str = ""
    role: str = ""
    organisation_name: str = ""
    organisation_in_text: str = ""


def parse_attribution(
    line: str, known: dict[str, AttributedSpeaker], *, before_quotation: bool
) -> AttributedSpeaker | None:
    """Return the speaker that the line introduces, or None if it is not an attribution.

    Before a quotation every line with a colon is one. Before other text it must name a person:
    "The report said:" is narration there. `known` has the speakers so far by surname, the latest
    last, for "He added:" and "Mr Hill said:".
    """
    if len(line) > MAX_ATTRIBUTION_CHARS or not (who := _extract_who(line, before_quotation)):
        return None
    speaker = _find_known_speaker(who, known) or _parse_speaker(who)
    return speaker if speaker.name or (before_quotation and line.endswith(":")) else None


def _extract_who(line: str, before_quotation: bool) -> str:
    has_colon = line.endswith(":")
    if not (has_colon or before_quotation):
        return ""
    if match := VERB_FIRST.match(line) or VERB_AT_END.match(line) or VERB_INSIDE.match(line):
        return match["who"]
    return line[:-1].strip() if before_quotation and has_colon else ""


def _find_known_speaker(who: str, known: dict[str, AttributedSpeaker]) -> AttributedSpeaker | None:
    short = who.strip(" ,").casefold()
    if short in PRONOUNS:
        return next(reversed(known.values()), None)
    words = [word for word in short.replace(".", "").split() if word not in HONORIFICS]
    return known.get(words[0]) if len(words) == 1 else None


def get_surname(speaker: AttributedSpeaker) -> str:
    """Return the last word of the name in lower case, the key of `known`."""
    return speaker.name.casefold().split()[-1]


def _parse_speaker(who: str) -> AttributedSpeaker:
    if bracketed := re.fullmatch(r"([^,(]+) \(([^()]+)\)", who):  # "Dave Hill (President of ADCS)"
        who = f"{bracketed[1]}, {bracketed[2]}"
    segments = [part.strip() for part in re.split(r"[,،]\s+", who) if part.strip()]
    if not segments:
        return AttributedSpeaker()
    if OPENING_CLAUSE.match(segments[0]):
        segments = _skip_opening_clause(segments)
    if _names_two_people(segments):
        return AttributedSpeaker()
    if len(segments) == 1:
        return _parse_one_segment(segments[0])
    if _is_name(segments[0]) and not (ROLE.search(segments[0]) and _is_name(segments[-1])):
        return _parse_description(segments[0], segments[1:])
    if _is_name(segments[-1]) and ROLE.search(segments[0]):
        return _parse_description(segments[-1], segments[:-1])
    return _parse_one_segment(", ".join(segments))


def _skip_opening_clause(segments: list[str]) -> list[str]:
    """Skip "Responding to the report by Ofsted": start at a name, best with a role."""
    names = [i for i in range(1, len(segments)) if _is_name(segments[i])]
    with_role = [i for i in names if i + 1 < len(segments) and ROLE.search(segments[i + 1])]
    roles = [i for i in range(1, len(segments)) if ROLE.search(segments[i])]
    start = (with_role or [i for i in roles if i == 1] or names or [1])[0]
    return segments[start:] or segments


def _names_two_people(segments: list[str]) -> bool:
    return any(
        part.startswith("and ") and _is_name(part[4:]) and not ORGANISATION.search(part)
        for part in segments[1:]
    )


def _parse_description(name: str, rest: list[str]) -> AttributedSpeaker:
    if rest and POST_NOMINALS.match(rest[0]) and len(rest) > 1:
        name, rest = f"{name} {rest[0]}", rest[1:]
    role, organisation = _split_role_and_organisation(", ".join(rest))
    return _make_speaker(name, role, organisation)


def _parse_one_segment(text: str) -> AttributedSpeaker:
    """Parse "Dave Hill", "Dave Hill of the ADCS", "ADCS President Dave Hill", "A spokesperson"."""
    for link in (" of the ", " from ", " at ", " of "):
        name, separator, organisation = text.partition(link)
        if separator and _is_name(name) and not ROLE.search(name):
            return _make_speaker(name, "", ("the " if link == " of the " else "") + organisation)
    words = text.split()
    role_words = [i for i, word in enumerate(words) if ROLE.fullmatch(word)]
    if role_words and _is_name(" ".join(words[role_words[-1] + 1 :]), alone=True):
        last = first = role_words[-1]
        while first and words[first - 1].casefold() in MODIFIERS | {"and"}:
            first -= 1
        organisation = " ".join(words[:first])
        name = " ".join(words[last + 1 :])
        return _make_speaker(name, " ".join(words[first : last + 1]), organisation)
    if ROLE.search(text):
        return _make_speaker("", *_split_role_and_organisation(text))
    return AttributedSpeaker(name=text) if _is_name(text, alone=True) else AttributedSpeaker()


def _make_speaker(name: str, role: str, organisation: str) -> AttributedSpeaker:
    in_text = re.sub(r"^The ", "the ", organisation)
    bare = re.sub(r"^the |\s*\([^()]*\)$", "", in_text)
    return AttributedSpeaker(name, role, bare, in_text)


def _split_role_and_organisation(description: str) -> tuple[str, str]:
    if link_only := re.match(r"(?:of|from|at) (?=\S)", description):
        return "", description[link_only.end() :]
    description = re.sub(r"^(?:who is |the |our |an? )+", "", description, flags=re.IGNORECASE)
    if welsh := WELSH_ROLE.match(description):
        return welsh[1], welsh[2]
    links = [
        match
        for pattern in (
            r" at (?=\S)",
            r" of (?=the )",
            r", (?=the )",
            r"(?<=spokesperson) for |(?<=spokesman) for ",
        )
        if (match := re.search(pattern, description))
    ]
    if links:
        first = min(links, key=lambda link: link.start())
        return description[: first.start()], description[first.end() :]
    before, comma, after = description.rpartition(", ")
    if (
        comma
        and (ORGANISATION.search(after) or " and " not in after)
        and not re.match(r"(?:and|a) ", after)
    ):
        return before, after
    before, link, after = description.partition(" of ")
    if link and (
        ORGANISATION.search(after)
        or before.casefold() in {"president", "vice president", "chair", "leader"}
    ):
        return before, after
    return description, ""


def _is_name(text: str, *, alone: bool = False) -> bool:
    """Say whether this can be a person: two to six capitalised words, no role or organisation.

    With `alone`, one word is enough.
    """
    words = text.split()
    titled = bool(words) and words[0].casefold().rstrip(".") in HONORIFICS
    if not (1 if alone or titled else 2) <= len(words) <= 6 or ORGANISATION.search(
        re.sub(POST_NOMINALS, "", words[-1])
    ):
        return False
    if words[0].casefold() in {"the", "a", "an", "our", "this", "he", "she", "they", "it", "we"}:
        return False
    if ROLE.search(text) or any(ORGANISATION.search(word) for word in words[:-1]):
        return False
    return all(_is_name_word(word, titled) for word in words)


def _is_name_word(word: str, titled: bool) -> bool:
    """Accept a capital, a particle ("of" after a title), and a script without capitals."""
    if word.casefold() in PARTICLES or (titled and word == "of"):
        return True
    first = word.lstrip("(‘'’\u200e\u200f")[:1]
    return first.isalpha() and not first.islower() and not re.search(r"[:;!?\"“”]", word)
