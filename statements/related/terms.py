"""Find the words of an edition that could say what it is about. Pure functions.

They come from the headline, the summary, the sub-headings, the title of what it responds to, and
the passages. Names of speakers, notes and the boilerplate are left out: they are in every edition.
"""

import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from statements.content.blocks import iter_written_texts
from statements.content.languages import base_language
from statements.content.reading import read_content
from statements.search import stemming

MIN_TERM_CHARS = 3
HEADLINE_WEIGHT = 3.0
"""A word of the headline counts as much as this many words in the text."""
NAME_WEIGHT = 1.5
"""A word with a capital inside a sentence is a name, and counts as much as this many words."""

_NOT_A_WORD = re.compile(r"<[^>]*>|&\w+;|(?:https?://|www\.)\S+|\\.")
_SENTENCE_ENDS = re.compile(r"[.!?:;“”\"‘>\]]\s*$|^\s*$")

# Words that say nothing of the subject. Other languages rely on the weights alone.
_STOP_WORDS = frozenset(
    """
    a about above according across after again against ago all almost along already also although
    always am among an and another any anybody anyone anything are around as ask asked at away back
    be became because become been before began behind being below between both but by call called
    came can cannot comment could day days did do does doing done down during each either else end
    enough especially even ever every everybody everyone everything far few find first following
    for former found from further gave get give given go going good got great had has have having he
    hers her here herself him himself his how however i if in including indeed instead into is it
    its itself just keep kept know last later least less let like likely long look made make makes
    making many may me mean means might more moreover most much must my myself near need needs
    neither never new next no nobody none nor not nothing now number of off often on once one only
    onto or other others our ours ourselves out over own part people per place point put quite
    rather really response right said same saw say saying says second see seen several shall she
    should show since so some somebody someone something soon still such take taken tell than that
    the their theirs them themselves then there therefore these they thing things think this those
    though three through thus time to today together told too took toward towards two under until
    up upon us use used using very via want wanted was way we welcome well went were what when where
    whether which while who whole whom whose why will with within without work would year years yes
    yesterday yet you your yours yourself
    january february march april june july august september october november december monday
    tuesday wednesday thursday friday saturday sunday
    """.split()
)


# Numbers in words: no subject has such a name.
_NUMBER_WORDS = frozenset(
    """
    four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds
    thousand thousands million millions billion billions dozen dozens half third thirds quarter
    quarters twice
    """.split()
)


@dataclass(frozen=True)
class TermOccurrence:
    """One word at its position: from `start` to `end` in the exact content of the edition."""

    key: int
    start: int
    end: int
    weight: float
    is_number: bool


def find_terms(content: str) -> list[TermOccurrence]:
    """Return every word that could say something, in order; none of an erased edition."""
    frozen = read_content(content)
    if frozen.get("erased"):
        return []
    return [
        word
        for text, start, is_headline in _iter_texts(frozen, content)
        for word in _iter_terms(text, start, frozen["language"], is_headline=is_headline)
    ]


def _iter_texts(frozen: dict[str, Any], content: str) -> Iterator[tuple[str, int, bool]]:
    """Yield each text as written in the content, its position, and whether it is a headline."""
    responds_to = (frozen["responds_to"] or {}).get("title", "")
    texts = [(frozen["headline"], True), (frozen["summary"], False), (responds_to, True)]
    texts += [(text, False) for text in iter_written_texts(frozen["blocks"])]
    position = 0  # a table has thousands of texts, each found soon after the one before
    for text, is_headline in texts:
        written = json.dumps(text, ensure_ascii=False)
        start = content.find(written, position)
        if start < 0:
            start = content.find(written)
        assert start >= 0, "The content contains each of its texts."
        position = start
        yield _mask_markup(written), start, is_headline


def _mask_markup(written: str) -> str:
    return _NOT_A_WORD.sub(lambda match: "\0" * len(match[0]), written)


def _iter_terms(
    text: str, start: int, language: str, *, is_headline: bool
) -> Iterator[TermOccurrence]:
    stop_words = _STOP_WORDS if base_language(language) == "en" else frozenset[str]()
    for word in stemming.find_words(text, language):
        first = text[word.start]
        if word.text in stop_words or _is_too_short(word.text, text[word.start : word.end]):
            continue
        weight = 1.0
        if is_headline:
            weight = HEADLINE_WEIGHT
        elif first.isupper() and not _begins_sentence(text, word.start):
            weight = NAME_WEIGHT
        yield TermOccurrence(
            key=_hash_stem(word.text, language),
            start=start + word.start,
            end=start + word.end,
            weight=weight,
            is_number=first.isdigit() or word.text in _NUMBER_WORDS,
        )


def _is_too_short(word: str, written: str) -> bool:
    is_abbreviation = len(written) == 2 and written.isupper()  # the EU, the UK
    return len(word) < MIN_TERM_CHARS and not is_abbreviation


@lru_cache(maxsize=1 << 16)
def _hash_stem(word: str, language: str) -> int:
    return zlib.crc32(stemming.stem_word(word, language).encode()) & 0x7FFFFFFF


def _begins_sentence(text: str, position: int) -> bool:
    before = text[max(0, position - 4) : position].replace("\0", ">")
    return _SENTENCE_ENDS.search(before) is not None
