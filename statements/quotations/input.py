"""What somebody pasted to have it checked, in the ways in which it can be meant. Pure.

First the whole of it; then, where it looks like a cutting from a report, the words in quotation
marks alone, or without the line that says who spoke. What was left aside is told to the reader.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from statements.content.quotation_marks import find_double_marks
from statements.quotations.matching import SINGLE_QUOTED
from statements.quotations.normalise import (
    MIN_QUOTE_WORDS,
    find_words,
    fingerprint_words,
    split_at_omissions,
)

MAX_QUOTE_CHARS = 5_000  # characters
MAX_IGNORED_WORDS = 40  # words; beyond, it is no attribution but a text of somebody else's
SPEECH_VERBS = (
    "said|says|added|adds|commented|comments|stated|states|wrote|writes|told [^:\n]{2,60}"
)
_ATTRIBUTION_BEFORE = re.compile(
    rf"\s*(?P<who>[^:\n]{{2,200}}\b(?:{SPEECH_VERBS})\s*:)\s*(?P<words>.+)", re.DOTALL
)
_ATTRIBUTION_AFTER = re.compile(
    r"(?P<words>.+[.!?…”\"’'»])\s*(?:[–—―-]{1,2}|\n)\s*"
    r"(?P<who>(?:[^\W\d_a-z][\w.’'-]*\s?){1,5}(?:[,(][^\n]{0,150})?)\s*",
    re.DOTALL,
)


@dataclass(frozen=True)
class QuoteCandidate:
    """Words to look for: `parts` where something was left out between them; what was not looked
    for is in `aside`."""

    parts: tuple[str, ...]
    ignored_text: str = ""

    @cached_property
    def keys(self) -> list[list[str]]:
        found = [[word.key for word in find_words(part)] for part in self.parts]
        return [keys for keys in found if keys]

    @property
    def all_keys(self) -> list[str]:
        return list(chain(*self.keys))

    @property
    def text(self) -> str:
        return " … ".join(part.strip() for part in self.parts)

    @property
    def is_long_enough(self) -> bool:
        """Whether there is a part that the index can find by itself."""
        return any(len(keys) >= MIN_QUOTE_WORDS for keys in self.keys)

    def iter_fingerprints(self) -> Iterator[list[int]]:
        """What an edition has that holds the words in a row; then, that holds the parts."""
        if len(self.all_keys) >= MIN_QUOTE_WORDS:
            yield fingerprint_words(self.all_keys)
        if len(self.keys) > 1 and self.is_long_enough:
            long = [keys for keys in self.keys if len(keys) >= MIN_QUOTE_WORDS]
            yield list(dict.fromkeys(chain(*map(fingerprint_words, long))))


def list_interpretations(text: str) -> list[QuoteCandidate]:
    """The ways in which a pasted text can be meant, the plainest first; only such as are long
    enough to be looked for."""
    found = [QuoteCandidate(tuple(split_at_omissions(text)))]
    for inside, aside in (_extract_quoted(text), _strip_attribution(text)):
        few = 0 < len(find_words(aside)) <= MAX_IGNORED_WORDS
        if few and inside:
            cut = tuple(part for one in inside for part in split_at_omissions(one))
            found.append(QuoteCandidate(cut, aside))
    return [asked for asked in found if asked.is_long_enough]


def _extract_quoted(text: str) -> tuple[list[str], str]:
    """What stands in the outer quotation marks, and what stands outside."""
    spans = list(_find_double_quoted(text)) or [
        one.span() for one in SINGLE_QUOTED.finditer(text) if " " in one[0]
    ]
    if not spans:
        return [], ""
    ends = [0, *chain(*spans), len(text)]
    outside = [text[a:b].strip(" ,.\n") for a, b in zip(ends[::2], ends[1::2], strict=True)]
    return [text[a:b] for a, b in spans], " … ".join(filter(None, outside))


def _find_double_quoted(text: str) -> Iterator[tuple[int, int]]:
    """Paragraph by paragraph, as each of a quotation opens and only the last one closes."""
    for line in re.finditer(r"[^\n]+", text):
        opened = None
        for mark in find_double_marks(line[0]):
            if mark.opens and mark.depth == 1:
                opened = mark.position
            elif opened is not None and not mark.opens and mark.depth == 0:
                yield line.start() + opened, line.start() + mark.position + 1
                opened = None
        if opened is not None:
            yield line.start() + opened, line.end()


def _strip_attribution(text: str) -> tuple[list[str], str]:
    """“Dave Hill said: We …”, and “We … . – Dave Hill, President”, where there are no marks."""
    for pattern in (_ATTRIBUTION_BEFORE, _ATTRIBUTION_AFTER):
        if found := pattern.fullmatch(text.strip()):
            return [found["words"]], found["who"].strip(" .:")
    return [], ""
