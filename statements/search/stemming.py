"""Words in a text, as search and comparison know them: equal whatever their case and accents.

Pure functions over text, without Django: `words` finds them and says where they stand, `folded`
takes the accents off, `stem` the endings. Nothing here knows of statements.
"""

import re
import threading
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

import snowballstemmer

# The languages of statements whose endings the stemmer knows. In the others, Welsh among them, a
# word is found by the word itself.
STEMMER_NAMES = {
    "ar": "arabic",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fa": "persian",
    "fr": "french",
    "ga": "irish",
    "pl": "polish",
    "ro": "romanian",
}
# Plurals that the English stemmer leaves apart from their singular, apostrophes out.
IRREGULAR_PLURALS = {
    "buses": "bus",
    "minibuses": "minibus",
    "gases": "gas",
    "children": "child",
    "childrens": "child",
    "men": "man",
    "mens": "man",
    "women": "woman",
    "womens": "woman",
    "crises": "crisis",
}
# Where an apostrophe parts two words: l’eau, i’r, d’fhág. Elsewhere it stands within one: don’t.
ELIDING_LANGUAGES = {"cy", "fr", "ga", "gd"}

# A letter or figure, then letters, figures and the marks that belong to them: the vowels of Bengali
# and Punjabi, the points of Hebrew, the joiners of Persian. Python's \w knows no marks.
_COMBINING_MARKS = "".join(
    chr(point)
    for point in (*range(0x300, 0x1000), 0x200C, 0x200D)
    if unicodedata.category(chr(point)) in ("Mn", "Mc", "Cf")
)
_WORD_RUN = rf"[^\W_ʼ]++(?:[{re.escape(_COMBINING_MARKS)}]++[^\W_ʼ]*+)*+"
_WORD_WITH_APOSTROPHES = re.compile(rf"{_WORD_RUN}(?:['’ʼ＇]{_WORD_RUN})*+")
_WORD_WITHOUT_APOSTROPHES = re.compile(_WORD_RUN)
# Classes below this one are signs that an Indic script cannot do without: nukta and virama.
_MIN_ACCENT_CLASS = 10


@dataclass(frozen=True)
class Token:
    """One word: in small letters, accents on, apostrophes out; text[start:end] as it stands."""

    text: str
    start: int
    end: int


def find_words(text: str, language: str = "en") -> Iterator[Token]:
    """Every word in the order in which it stands. Punctuation and emoji are none."""
    for found in _choose_pattern(language).finditer(text):
        yield Token(_normalise_word(found[0]), found.start(), found.end())


def _choose_pattern(language: str) -> re.Pattern[str]:
    return (
        _WORD_WITHOUT_APOSTROPHES
        if base_language(language) in ELIDING_LANGUAGES
        else _WORD_WITH_APOSTROPHES
    )


@lru_cache(maxsize=1 << 16)
def strip_accents(word: str) -> str:
    """The word without accents, for who types without: Siôn and Sion, Małgorzata and Malgorzata."""
    small = unicodedata.normalize("NFKD", word).casefold().translate(_UNDECOMPOSED)
    bare = "".join(c for c in unicodedata.normalize("NFKD", small) if _is_base_character(c))
    return unicodedata.normalize("NFC", bare) or word


def _is_base_character(character: str) -> bool:
    """Letters, figures, and marks that are no accents; never what ⒈ and ﷺ have besides."""
    if unicodedata.category(character)[0] == "M":
        return unicodedata.combining(character) < _MIN_ACCENT_CLASS
    return character.isalnum()


@lru_cache(maxsize=1 << 17)
def stem_word(word: str, language: str) -> str:
    """The word without its ending, folded; folded alone in a language that the stemmer lacks."""
    algorithm = STEMMER_NAMES.get(base_language(language))
    if algorithm is None or not word.isalpha():
        return strip_accents(word)
    if algorithm == "english":
        word = IRREGULAR_PLURALS.get(word, word)
    with _stemmer_lock:
        return strip_accents(_get_stemmer(algorithm).stemWord(word)) or strip_accents(word)


def stem_text(text: str, language: str) -> list[str]:
    """The stem of every word, in order."""
    return [_stem_match(found, language) for found in _choose_pattern(language).findall(text)]


@lru_cache(maxsize=1 << 17)
def _stem_match(found: str, language: str) -> str:
    return stem_word(_normalise_word(found), language)


def base_language(language: str) -> str:
    """The language without its region: en of en-GB."""
    return language.lower().partition("-")[0]


_UNDECOMPOSED = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae"})
_APOSTROPHES = str.maketrans("", "", "'’ʼ＇")
_stemmer_lock = threading.Lock()  # a stemmer keeps the word it works on in itself


@cache
def _get_stemmer(algorithm: str):
    return snowballstemmer.stemmer(algorithm)


@lru_cache(maxsize=1 << 16)
def _normalise_word(word: str) -> str:
    return unicodedata.normalize("NFC", word.translate(_APOSTROPHES).casefold())
