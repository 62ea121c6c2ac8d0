"""Words as somebody who quotes them means them: equal whatever the marks, dashes, spaces and case.

Pure functions over text. Search forgives endings and accents; a quotation forgives neither: here a
figure, a currency, an accent or an apostrophe more or less is another word.
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
"""Whatever has this many words in a row shares a fingerprint with every text that contains it."""

# What a page, a Word file or a PDF puts between letters and nobody sees: soft hyphens, joiners, the
# marks of direction.
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
# An apostrophe between letters belongs to the word, a point or comma between figures to the figure,
# a dash straight before a figure to the figure; every other dash parts two words, as a space does.
_TOKEN = re.compile(
    rf"(?P<minus>(?<![^\s(\[{{“‘\"'«„])[{_DASHES}](?=[£$€]?\d))"
    rf"|(?P<word>{_WORD_RUN}(?:[{_APOSTROPHES}]{_WORD_RUN}|(?<=\d)[.,:](?=\d){_WORD_RUN})*+)"
    r"|(?P<sign>[^\w\s])|_"
)
# Signs that say something; other punctuation may be set otherwise by whoever quotes.
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
    """One word or telling sign: `key` is what makes it equal, text[start:end] how it stands."""

    key: str
    start: int
    end: int


def find_words(text: str) -> list[NormalisedWord]:
    """Every word of the text, in order."""
    return [
        NormalisedWord(key, *match.span())
        for match in _TOKEN.finditer(text)
        if (key := _normalise_match(*match.groups()))
    ]


def normalise_words(text: str) -> list[str]:
    """What makes each word of the text equal, in order; without where it stands."""
    return [
        key
        for minus, word, sign in _TOKEN.findall(text)
        if (key := _normalise_word(word) if word else _normalise_match(minus, "", sign))
    ]


def split_at_omissions(text: str) -> list[str]:
    """The text cut where somebody wrote that words were left out: “…”, “[…]”, “. . .”."""
    return [part for part in OMISSION.split(text) if part and part.strip()]


def fingerprint_words(keys: Sequence[str]) -> list[int]:
    """Whole numbers below 2²⁴ of about two thirds of all runs of three words, in their order.

    Of every two neighbouring runs the one with more letters is taken, so that any four words have
    one, and rather a rare one (winnowing, after Schleimer, Wilkerson and Aiken, 2003). The numbers
    are part of the record's index: whoever changes them has it made anew.
    """
    return list(dict.fromkeys(map(hash_shingle, winnow_shingles(keys))))


def winnow_shingles(keys: Sequence[str]) -> Iterable[str]:
    """The runs of three words that fingerprints are made of, each once."""
    shingles = [*map(" ".join, zip(*(keys[at:] for at in range(SHINGLE_WORDS)), strict=False))]
    if len(shingles) == 1:
        return shingles
    lengths = [*map(len, shingles)]
    neighbours = zip(lengths, lengths[1:], shingles, shingles[1:], strict=False)
    return dict.fromkeys(  # the longer, and of two equal the later in the alphabet
        one if a > b or (a == b and one > other) else other for a, b, one, other in neighbours
    )


def find_sequence(
    sought: Sequence[str], within: Sequence[str], *, max_matches: int = 20
) -> Iterable[int]:
    """Where in a sequence of keys the sought ones stand in a row, from left to right."""
    if not sought:
        return
    text, needle = "\0".join(["", *within, ""]), "\0".join(["", *sought, ""])
    at, counted, index = text.find(needle), 0, 0
    while at >= 0 and max_matches:
        index += text.count("\0", counted, at)
        yield index
        counted, max_matches = at, max_matches - 1
        at = text.find(needle, at + 1)


def has_same_punctuation(one: str, other: str) -> bool:
    """Whether points, commas and questions stand between the same words of two equal texts.

    What stands round the whole may differ: a comma before “he said” belongs to whoever quotes.
    """
    return _list_punctuation(one) == _list_punctuation(other)


def _list_punctuation(text: str) -> list[str]:
    found = find_words(text)
    gaps = [text[a.end : b.start] for a, b in pairwise(found)]
    return ["".join(char for char in gap if char in ".,;:!?") for gap in gaps]


def hash_shingle(shingle: str) -> int:
    return zlib.crc32(shingle.encode()) & 0xFFFFFF


def _normalise_match(minus: str | None, word: str | None, sign: str | None) -> str:
    """The key of what was found; nothing where it is a sign that tells nothing."""
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
    """Ligatures, wide and presentation forms as plain letters. Not ² or ½: 10² is not 102."""
    if char.isascii() or not unicodedata.decomposition(char).startswith(_COMPATIBILITY_FORMS):
        return char
    plain = unicodedata.normalize("NFKC", char)
    return plain if plain.isalnum() else char


@lru_cache(maxsize=1 << 12)
def _is_meaningful(sign: str) -> bool:
    if sign in _BULLETS or sign in "−＇´`":
        return False
    return sign in _MEANINGFUL_SIGNS or unicodedata.category(sign) in ("Sc", "Sm", "So")
