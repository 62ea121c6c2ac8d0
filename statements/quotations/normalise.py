"""Normalise words so that marks, dashes, spaces and case make no difference.

Pure functions over text. Search ignores endings and accents, but a quotation must not: another
number, currency, accent or apostrophe makes another word.
"""

import re
import unicodedata
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

SHINGLE_WORDS = 3
MIN_QUOTE_WORDS = SHINGLE_WORDS + 1
"""A quotation of this many words has a fingerprint in common with every text that contains it."""

# What web pages, Word files and PDFs put between letters: soft hyphens, joiners, direction marks.
_INVISIBLE_CHARS = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
_COMBINING_MARKS = "".join(
    chr(point)
    for point in (*range(0x300, 0x1000), *range(0x1AB0, 0x1B00), *range(0x20D0, 0x2100))
    if unicodedata.category(chr(point)) in ("Mn", "Mc", "Me")
)
_DASHES = "\\-‐‑‒–—―−﹘﹣－⸺⸻"
_APOSTROPHES = "'’‘ʼ＇`´"
_LETTER = r"[^\W_ʼ]"
_WORD_RUN = rf"{_LETTER}++(?:[{re.escape(_COMBINING_MARKS)}{_INVISIBLE_CHARS}]++{_LETTER}*+)*+"
# An apostrophe between letters is part of the word, a point or comma between digits part of the
# number. A dash directly before a number is a minus; every other dash separates words like a space.
_TOKEN = re.compile(
    rf"(?P<minus>(?<![^\s(\[{{“‘\"'«„])[{_DASHES}](?=[£$€]?\d))"
    rf"|(?P<word>{_WORD_RUN}(?:[{_APOSTROPHES}]{_WORD_RUN}|(?<=\d)[.,:](?=\d){_WORD_RUN})*+)"
    r"|(?P<sign>[^\w\s])|_"
)
# Signs with a meaning. Other punctuation may be changed in a quotation.
_MEANINGFUL_SIGNS = set("%&@#/\\§¶†‡‰‱٪")
_BULLETS = set("•‣◦▪▫●○■□·\ufffc")
_COMPATIBILITY_FORMS = (
    "<compat>",
    "<wide>",
    "<narrow>",
    "<font>",
    "<initial>",
    "<medial>",
    "<final>",
)
OMISSION = re.compile(r"[\[(]\s*(?:…|\.\s?\.\s?\.)\s*[\])]|…|\.\s?\.\s?\.(?:\s?\.)?")


@dataclass(frozen=True, slots=True)
class NormalisedWord:
    """One word or meaningful sign: equal words have equal keys; text[start:end] is the original."""

    key: str
    start: int
    end: int


def find_words(text: str) -> list[NormalisedWord]:
    """Return every word of the text, in order."""
    return [
        NormalisedWord(key, *match.span())
        for match in _TOKEN.finditer(text)
        if (key := _normalise_match(*match.groups()))
    ]


def normalise_words(text: str) -> list[str]:
    """Return the key of every word, in order; faster than find_words."""
    return [
        key
        for minus, word, sign in _TOKEN.findall(text)
        if (key := _normalise_word(word) if word else _normalise_match(minus, "", sign))
    ]


def split_at_omissions(text: str) -> list[str]:
    """Split the text where it says that words were left out: “…”, “[…]”, “. . .”."""
    return [part for part in OMISSION.split(text) if part and part.strip()]


def fingerprint_words(keys: Sequence[str]) -> list[int]:
    """Return numbers below 2²⁴ for about two thirds of all three-word sequences, in order.

    Of every two neighbouring sequences, the one with more letters is taken. So any four words have
    one, and it tends to be rare (winnowing, after Schleimer, Wilkerson and Aiken, 2003). The
    numbers are stored: after a change here, run `reindex_quotations --rebuild`.
    """
    return list(dict.fromkeys(map(hash_shingle, winnow_shingles(keys))))


def winnow_shingles(keys: Sequence[str]) -> Iterable[str]:
    """Return the three-word sequences that fingerprints are made of, each once."""
    shingles = [*map(" ".join, zip(*(keys[at:] for at in range(SHINGLE_WORDS)), strict=False))]
    if len(shingles) == 1:
        return shingles
    lengths = [*map(len, shingles)]
    neighbours = zip(lengths, lengths[1:], shingles, shingles[1:], strict=False)
    return dict.fromkeys(  # the longer one; of equally long ones, the later in the alphabet
        left if a > b or (a == b and left > right) else right for a, b, left, right in neighbours
    )


def find_sequence(
    keys: Sequence[str], within: Sequence[str], *, max_matches: int = 20
) -> Iterable[int]:
    """Yield the positions at which the keys follow one another, from left to right."""
    if not keys:
        return
    # As one text with separators, because str.find is far faster than comparing lists.
    text, needle = "\0".join(["", *within, ""]), "\0".join(["", *keys, ""])
    at, counted_to, index = text.find(needle), 0, 0
    while at >= 0 and max_matches:
        index += text.count("\0", counted_to, at)
        yield index
        counted_to, max_matches = at, max_matches - 1
        at = text.find(needle, at + 1)


def has_same_punctuation(quoted: str, recorded: str) -> bool:
    """Tell whether two texts of equal words have the same punctuation between the words.

    Punctuation before the first and after the last word may differ, such as a comma before
    “he said”.
    """
    return _list_punctuation(quoted) == _list_punctuation(recorded)


def _list_punctuation(text: str) -> list[str]:
    gaps = [text[a.end : b.start] for a, b in pairwise(find_words(text))]
    return ["".join(char for char in gap if char in ".,;:!?") for gap in gaps]


def hash_shingle(shingle: str) -> int:
    return zlib.crc32(shingle.encode()) & 0xFFFFFF


def _normalise_match(minus: str | None, word: str | None, sign: str | None) -> str:
    """Return the key of a match; empty for a sign without a meaning."""
    if word:
        return _normalise_word(word)
    if minus:
        return "−"
    return sign if sign and _is_meaningful(sign) else ""


@lru_cache(maxsize=1 << 16)
def _normalise_word(word: str) -> str:
    if word.isascii():
        return word.replace("`", "'").lower()
    bare = re.sub(f"[{_INVISIBLE_CHARS}]", "", word)
    bare = re.sub(f"[{_APOSTROPHES}]", "'", bare)
    folded = "".join(map(_expand_ligature, bare)).casefold()
    return unicodedata.normalize("NFC", folded)


@lru_cache(maxsize=1 << 12)
def _expand_ligature(char: str) -> str:
    """Turn ligatures, wide and presentation forms into letters, but not ²: 10² is not 102."""
    if char.isascii() or not unicodedata.decomposition(char).startswith(_COMPATIBILITY_FORMS):
        return char
    plain = unicodedata.normalize("NFKC", char)
    return plain if plain.isalnum() else char


@lru_cache(maxsize=1 << 12)
def _is_meaningful(sign: str) -> bool:
    if sign in _BULLETS or sign in "−＇´`":
        return False
    return sign in _MEANINGFUL_SIGNS or unicodedata.category(sign) in ("Sc", "Sm", "So")
