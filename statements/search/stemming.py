"""Find the words of a text and their stems, without regard to case and accents.

Pure functions over text, without Django. `find_words` finds the words and their positions,
`find_compounds` those that a hyphen joins, `strip_accents` removes accents, `stem_word` removes
endings.
"""

import re
import threading
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Protocol, cast

import snowballstemmer

from statements.content.languages import base_language

# The languages of statements that the stemmer knows. A word of any other language, such as Welsh,
# is found only in the form in which it was written.
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
# Plurals that the English stemmer does not bring together with their singular, without apostrophes.
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
# Languages in which an apostrophe separates two words: l’eau, i’r, d’fhág. In the others it is part
# of a word: don’t.
ELIDING_LANGUAGES = {"cy", "fr", "ga", "gd"}
# Languages that write 1.000 for what is 1,000 in the others.
DOT_LANGUAGES = {"da", "de", "el", "es", "id", "it", "nl", "pt", "ro", "sl", "tr"}

# A letter or digit, then letters, digits and the marks that belong to them: Bengali and Punjabi
# vowel signs, Hebrew points, Persian joiners. Python's \w does not match these marks.
_COMBINING_MARKS = "".join(
    chr(point)
    for point in (*range(0x300, 0x1000), 0x200C, 0x200D)
    if unicodedata.category(chr(point)) in ("Mn", "Mc", "Cf")
)
_WORD_RUN = rf"[^\W_ʼ]++(?:[{re.escape(_COMBINING_MARKS)}]++[^\W_ʼ]*+)*+"
_WORD_WITH_APOSTROPHES = rf"{_WORD_RUN}(?:['’ʼ＇]{_WORD_RUN})*+"
# A number with separators of thousands is one word: 1,000 and 1’000km.
_THOUSANDS = r"(?<![^\W_])\d{{1,3}}(?:[{separators}]\d{{3}})++(?!\d)[^\W\d_]*+"
_MAYBE_THOUSANDS = re.compile(r"\d[,'’٬.]\d\d\d")
# The number below a power is a word of its own: 10⁶ is not 106.
_MAYBE_POWER = re.compile(r"\d[⁰¹²³⁴-⁹]")
_POWER_BASE = r"(?<![^\W_])\d++(?=[⁰¹²³⁴-⁹])"
_COMPOUND = re.compile(
    rf"(?<![^\W_])(?<!-)(?<![‐‑]){_WORD_RUN}(?:[-‐‑]{_WORD_RUN}){{1,2}}(?![-‐‑]?[^\W_])"
)
_SAME_HYPHENS = str.maketrans("‐‑", "--")
_HYPHENS = str.maketrans("", "", "-‐‑")
_LETTERS_THEN_DIGITS = re.compile(r"(?<![^\W_])([^\W\d_]{2,})(\d+)(?![^\W_])")
# Lower combining classes are signs that an Indic script needs (nukta, virama) and not accents.
_MIN_ACCENT_CLASS = 10
_UNDECOMPOSED = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae"})
_SEPARATORS = str.maketrans("", "", "'’ʼ＇,.٬")
_stemmer_lock = threading.Lock()  # a stemmer keeps the word that it works on in its own attributes


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...  # noqa: N802 - the name that snowballstemmer uses


@dataclass(frozen=True)
class Token:
    """One word in lower case, with its accents, without apostrophes, and its place in the text."""

    text: str
    start: int
    end: int


def find_words(text: str, language: str = "en") -> Iterator[Token]:
    """Yield every word in order. Punctuation and emoji are not words."""
    for match in _choose_pattern(text, language).finditer(text):
        yield Token(_normalise_word(match[0]), match.start(), match.end())


def find_compounds(text: str) -> Iterator[Token]:
    """Yield the words that hyphens join, as one word: “email” of “e-mail”.

    Longer chains are left out, and numbers alone: 2019-20 is no number.
    """
    for match in _COMPOUND.finditer(text):
        word = _normalise_word(match[0].translate(_HYPHENS))
        if not word.isdecimal():
            yield Token(word, match.start(), match.end())


def list_compounds(text: str) -> list[str]:
    """Return the words of `find_compounds` once each: ten times as fast, for the index."""
    parts = [part for part in text.translate(_SAME_HYPHENS).split() if "-" in part]
    return list(dict.fromkeys(token.text for part in parts for token in find_compounds(part)))


def respell(text: str) -> list[str]:
    """Return other ways to write a text: “COVID-19” joined, and “COVID19” apart."""
    joined = _COMPOUND.sub(lambda match: match[0].translate(_HYPHENS), text)
    apart = _LETTERS_THEN_DIGITS.sub(r"\1 \2", text)
    return [other for other in (joined, apart) if other != text]


def _choose_pattern(text: str, language: str) -> re.Pattern[str]:
    return _build_pattern(
        language,
        has_thousands=bool(_MAYBE_THOUSANDS.search(text)),
        has_powers=not text.isascii() and bool(_MAYBE_POWER.search(text)),
    )


@lru_cache
def _build_pattern(language: str, *, has_thousands: bool, has_powers: bool) -> re.Pattern[str]:
    base = base_language(language)
    words = _WORD_RUN if base in ELIDING_LANGUAGES else _WORD_WITH_APOSTROPHES
    alternatives = [words]
    if has_thousands:  # a pattern with numbers takes twice as long
        separators = ",'’٬." if base in DOT_LANGUAGES else ",'’٬"
        alternatives.insert(0, _THOUSANDS.format(separators=separators))
    if has_powers:
        alternatives.insert(0, _POWER_BASE)
    return re.compile("|".join(alternatives))


@lru_cache(maxsize=1 << 16)
def strip_accents(word: str) -> str:
    """Return the word without accents, for readers who type none: Sion for Siôn."""
    small = unicodedata.normalize("NFKD", word).casefold().translate(_UNDECOMPOSED)
    bare = "".join(c for c in unicodedata.normalize("NFKD", small) if _is_base_character(c))
    return unicodedata.normalize("NFC", bare) or word


def _is_base_character(character: str) -> bool:
    """Tell letters, digits and needed marks from accents, and from the dot in ⒈ or space in ﷺ."""
    if unicodedata.category(character)[0] == "M":
        return unicodedata.combining(character) < _MIN_ACCENT_CLASS
    return character.isalnum()


@lru_cache(maxsize=1 << 17)
def stem_word(word: str, language: str) -> str:
    """Return the word without ending and accents; without accents only if no stemmer exists."""
    algorithm = STEMMER_NAMES.get(base_language(language))
    if algorithm is None or not word.isalpha():
        return strip_accents(word)
    if algorithm == "english":
        word = IRREGULAR_PLURALS.get(word, word)
    with _stemmer_lock:
        return strip_accents(_get_stemmer(algorithm).stemWord(word)) or strip_accents(word)


def stem_text(text: str, language: str) -> list[str]:
    """Return the stem of every word, in order."""
    return [_stem_match(match, language) for match in _choose_pattern(text, language).findall(text)]


@lru_cache(maxsize=1 << 17)
def _stem_match(match: str, language: str) -> str:
    return stem_word(_normalise_word(match), language)


@cache
def _get_stemmer(algorithm: str) -> _Stemmer:
    return cast("_Stemmer", snowballstemmer.stemmer(algorithm))


@lru_cache(maxsize=1 << 16)
def _normalise_word(word: str) -> str:
    return unicodedata.normalize("NFC", word.translate(_SEPARATORS).casefold())
