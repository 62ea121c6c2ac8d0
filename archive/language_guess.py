"""Guess the language of a text by its script, else by the small words of Latin ones.

Not by py3langid, which was as right on the texts tried: it needs 80 MB on the disk and a second and
120 MB in each process that cleans rows. Small words are a third of any text of some length, and a
text without them gets no guess.
"""

import re
from collections import Counter
from dataclasses import dataclass

SAMPLE_CHARS = 1200
MIN_LETTERS = 10
MIN_SCRIPT_SHARE = 0.5
MIN_WORDS = 20
MIN_SMALL_WORD_SHARE = 0.12
MIN_LEAD = 1.25
"""How many times the small words of the next likely language a clear guess has."""
BEYOND_LATIN = re.compile(r"[\u0370-\u1dff\u2c00-\ua7ff\uac00-\ud7af\uf900-\ufaff\ufb1d-\ufefc]")
SCRIPTS = {
    "el": "\u0370-\u03ff\u1f00-\u1fff", "ru": "\u0400-\u052f", "hy": "\u0530-\u058f",
    "he": "\u0590-\u05ff\ufb1d-\ufb4f",
    "ar": "\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc",
    "hi": "\u0900-\u097f", "bn": "\u0980-\u09ff", "pa": "\u0a00-\u0a7f", "gu": "\u0a80-\u0aff",
    "or": "\u0b00-\u0b7f", "ta": "\u0b80-\u0bff", "te": "\u0c00-\u0c7f", "kn": "\u0c80-\u0cff",
    "ml": "\u0d00-\u0d7f", "si": "\u0d80-\u0dff", "th": "\u0e00-\u0e7f", "lo": "\u0e80-\u0eff",
    "bo": "\u0f00-\u0fff", "my": "\u1000-\u109f", "ka": "\u10a0-\u10ff\u2d00-\u2d2f",
    "am": "\u1200-\u137f", "km": "\u1780-\u17ff", "mn": "\u1800-\u18af",
    "ja": "\u3040-\u30ff", "zh": "\u3400-\u9fff\uf900-\ufaff", "ko": "\uac00-\ud7af\u1100-\u11ff",
}  # fmt: skip
"""The commonest language in each script, by ranges of letters."""
SCRIPT_PATTERNS = {code: re.compile(f"[{letters}]") for code, letters in SCRIPTS.items()}
OWN_LETTERS = {
    "ar": {"ur": "ٹڈڑںےہھ", "ps": "ښځڅړېۍ", "ckb": "ێۆڵڕ", "ug": "ېۇۈۋ", "fa": "پچژگکی"},
    "ru": {"uk": "іїєґІЇЄҐ", "be": "ўЎ", "mk": "ѓќѕЃЌЅ", "sr": "ђћџљњЂЋЏЉЊј", "kk": "әғқңұһ"},
    "he": {"yi": "ײװױ"},
}
"""Letters that tell other languages in a script from the commonest, the rarest first."""
SMALL_WORDS = {
    "en": "the of and to in for that is on with was by it as at be this from are will have has not",
    "cy": "yn y yr i a ac o ar mae am wedi gan bod eu ei sydd hefyd gyda fod bydd oedd yng nghymru",
    "ga": "agus an na ar le sa go is ag tá bhí do leis atá seo de faoi chun nach mar sin gcuid",
    "gd": "agus an na air ann tha gu bha a’ do le anns airson leis seo chan nach bidh aig iad e",
    "de": "der die das und in den von zu mit ist für auf im dem des nicht eine ein sich wird auch",
    "fr": "de la le les et des en un une du pour que dans est qui sur par au avec nous ce plus pas",
    "es": "de la que el en y a los se del las por un para con no una su al lo como más este",
    "it": "di e il la che in per un del della con una non è le si dei nel da al sono alla",
    "pt": "de a o que e do da em um para com não uma os no se na por mais as dos foi ao",
    "nl": "de van het een en in is dat op te zijn met voor niet aan er om ook door naar deze",
    "sv": "och att i det som en på är av för med den till har inte ett om de vi kan från alla när",
    "da": "og at i det er en til på som af for med den der har ikke et om de vi kan været nu efter",
    "nb": "og i det er en til på som av for med den har ikke et om de vi kan vært nå etter å",
    "fi": "ja on ei että se oli ovat myös mutta kun hän tai joka ovat jotka sekä ole voi",
    "is": "og að í á sem er til við um með fyrir ekki það en var af hefur verið",
    "et": "ja on ei et see oli ka mis kui ning aga või oma selle mida",
    "lv": "un ir ar par no kas uz lai arī ka ne tika bija vai pēc šo",
    "lt": "ir yra kad su į iš tai ne apie bei kaip buvo už per arba šio",
    "pl": "w i z na do się nie że jest to o od przez dla po za oraz które jak będzie ma",
    "cs": "a v se na je že s z do o to k pro jsou které nebo při bude jako",
    "sk": "a v sa na je že s z do o to k pre sú ktoré alebo pri bude ako",
    "sl": "in v je na za da se so z s ki pa tudi po iz pri bo kot",
    "hr": "i u je na za da se su od s koji to će ili kao biti te što",
    "hu": "a az és hogy nem is egy meg van ez el de volt csak már vagy mint kell",
    "ro": "de și în la a pe cu din să nu care este pentru că sunt o un mai al fi prin",
    "sq": "të e në dhe për me një që nga si do është ka së janë më",
    "tr": "ve bir bu için ile da de olarak olan daha çok ne gibi kadar en sonra",
    "so": "oo ka ku iyo in ay u la waxaa uu soo ee waa aan si ah lagu ayaa loo",
    "sw": "na ya wa kwa ni katika za la kuwa hiyo huo watu pia hii ili kama",
    "id": "yang dan di untuk dengan ini dari pada adalah tidak akan dalam itu juga oleh",
    "vi": "và của các là có được cho trong không người với này những một để",
    "ca": "de la el i que en a les els un per amb una del no és al més dels",
    "eu": "eta da ez du bat den ere dira hau dute egin izan dela baina",
}
LANGUAGES_BY_WORD: dict[str, list[str]] = {}
for _code, _words in SMALL_WORDS.items():
    for _word in set(_words.split()):
        LANGUAGES_BY_WORD.setdefault(_word, []).append(_code)
WORD = re.compile(r"[^\W\d_]+(?:’(?=\s))?")
TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True)
class LanguageGuess:
    """A language code, "" where nobody can tell; `by_script` where the letters alone decide."""

    code: str = ""
    by_script: bool = False
    has_words: bool = True
    """There are enough words to tell."""


def guess_language(text: str) -> LanguageGuess:
    sample = TAG.sub(" ", text[: 2 * SAMPLE_CHARS])[:SAMPLE_CHARS]
    if BEYOND_LATIN.search(sample) and (code := _guess_by_script(sample)):
        return LanguageGuess(code, by_script=True)
    words = WORD.findall(sample.replace("'", "’").casefold())
    if len(words) < MIN_WORDS:
        return LanguageGuess(has_words=False)
    return LanguageGuess(_guess_by_words(words))


def _guess_by_script(sample: str) -> str:
    counts = {code: len(pattern.findall(sample)) for code, pattern in SCRIPT_PATTERNS.items()}
    if counts["ja"] > counts["zh"] / 10:  # Japanese mixes its own letters with Chinese ones
        counts["ja"] += counts["zh"]
    code = max(counts, key=counts.__getitem__)
    letters = sum(map(str.isalpha, sample))
    if counts[code] < max(MIN_LETTERS, MIN_SCRIPT_SHARE * letters):
        return ""
    for other, own_letters in OWN_LETTERS.get(code, {}).items():
        if sum(map(sample.count, own_letters)) >= 0.01 * counts[code]:
            return other
    return code


def _guess_by_words(words: list[str]) -> str:
    scores = Counter(code for word in words for code in LANGUAGES_BY_WORD.get(word, ()))
    (code, score), (_, next_score) = [*scores.most_common(2), ("", 0), ("", 0)][:2]
    is_clear = score >= MIN_SMALL_WORD_SHARE * len(words) and score >= MIN_LEAD * next_score
    return code if is_clear else ""
