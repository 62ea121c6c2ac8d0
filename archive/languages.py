"""Choose the language of a statement from what its source says and from its words."""

import re

from archive.language_guess import OWN_LETTERS, SCRIPTS, LanguageGuess
from statements.content.languages import LANGUAGES

DEFAULT_LANGUAGE = "en"
OFFERED = {code for code, _ in LANGUAGES}
NO_LANGUAGE = {"", "und", "zxx", "mul", "mis", "neutral", "none", "default", "all"}
CODES_BY_NAME = {own_name.casefold(): code for code, own_name in LANGUAGES} | {
    "english": "en", "eng": "en", "welsh": "cy", "cym": "cy", "wel": "cy", "irish": "ga",
    "gle": "ga", "scottish gaelic": "gd", "gaelic": "gd", "gla": "gd", "arabic": "ar", "ara": "ar",
    "bengali": "bn", "ben": "bn", "german": "de", "deu": "de", "ger": "de", "spanish": "es",
    "spa": "es", "persian": "fa", "farsi": "fa", "fas": "fa", "per": "fa", "french": "fr",
    "fra": "fr", "fre": "fr", "hebrew": "he", "heb": "he", "iw": "he", "punjabi": "pa",
    "panjabi": "pa", "pan": "pa", "polish": "pl", "pol": "pl", "romanian": "ro", "ron": "ro",
    "rum": "ro", "somali": "so", "som": "so", "ukrainian": "uk", "ukr": "uk", "urdu": "ur",
    "urd": "ur",
}  # fmt: skip
CODES_WITH_OWN_SCRIPT = SCRIPTS.keys() | {
    code for letters in OWN_LETTERS.values() for code in letters
}
RELATED = [
    {"no", "nb", "nn", "da", "sv"}, {"cs", "sk"}, {"hr", "sr", "bs", "sl", "cnr"}, {"id", "ms"},
    {"ga", "gd", "gv"}, {"ca", "es", "pt", "gl", "it", "oc"}, {"nl", "af", "fy"},
]  # fmt: skip
"""Languages whose small words are much the same: nobody is told that they differ."""


def choose_language(stated: str, guess: LanguageGuess, doubts: list[str]) -> str:
    """Return the language that the source states; the one of the words where it states none."""
    code = _read_code(stated)
    if not code:
        code = _choose_unstated(guess, doubts)
    elif guess.by_script and code not in CODES_WITH_OWN_SCRIPT:
        doubts.append(
            f"Its source says that its language is “{code}”, and its letters are of “{guess.code}”."
        )
        code = guess.code
    elif guess.code and not guess.by_script and not _are_related(code, guess.code):
        doubts.append(
            f"Its source says that its language is “{code}”, and its words look like "
            f"“{guess.code}”: check it."
        )
    if code not in OFFERED:
        doubts.append(f"The newsdesk does not offer the language “{code}”.")
    return code


def _read_code(stated: str) -> str:
    name = " ".join(stated.casefold().split())
    if name in CODES_BY_NAME:
        return CODES_BY_NAME[name]
    base = re.split(r"[-_.@ ]", name)[0]
    base = CODES_BY_NAME.get(base, base)
    return base if re.fullmatch(r"[a-z]{2,3}", base) and base not in NO_LANGUAGE else ""


def _choose_unstated(guess: LanguageGuess, doubts: list[str]) -> str:
    if guess.code and guess.code != DEFAULT_LANGUAGE:
        doubts.append(f"Its source names no language: “{guess.code}” was told from its words.")
    elif guess.has_words and not guess.code:
        doubts.append(
            "Its source names no language, and its words tell none: it is "
            f"“{DEFAULT_LANGUAGE}” here."
        )
    return guess.code or DEFAULT_LANGUAGE


def _are_related(code: str, other: str) -> bool:
    return code == other or any({code, other} <= languages for languages in RELATED)
