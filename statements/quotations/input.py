"""List the ways in which pasted words can be meant as a quotation. Pure functions.

First, all of the text is the quotation. If it looks like a part of a report, only the words in
quotation marks may be meant, or the text without the line that names the speaker. The text that is
ignored is shown to the reader.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from statements.content.quotation_marks import find_double_quoted
from statements.quotations.matching import find_single_quoted
from statements.quotations.normalise import (
    MIN_QUOTE_WORDS,
    find_words,
    fingerprint_words,
    split_at_omissions,
)

MAX_QUOTE_CHARS = 5_000
MAX_IGNORED_WORDS = 40  # a longer text next to the quotation is no attribution
SPEECH_VERBS = (
    "said|says|added|adds|commented|comments|stated|states|wrote|writes|told [^:\n]{2,60}"
)
_ATTRIBUTION_BEFORE = re.compile(
    rf"\s*(?P<who>[^:\n]{{2,200}}\b(?:{SPEECH_VERBS})\s*:)\s*(?P<words>.+)", re.DOTALL
)
_ATTRIBUTION_AFTER = re.compile(
    r"(?P<words>.+[.!?…”\"’'»])\s*(?:[–—―-]{1,2}|\n)\s*"
    r"(?P<who>(?:[^\W\d_a-z][\w.’'-]*+\s?){1,5}(?:[,(][^\n]{0,150})?)\s*",
    re.DOTALL,
)


@dataclass(frozen=True)
class QuoteCandidate:
    """Words to look up: the parts between omissions, and the text that is not looked up."""

    parts: tuple[str, ...]
    ignored_text: str = ""

    @cached_property
    def keys(self) -> list[list[str]]:
        keys_of_parts = [[word.key for word in find_words(part)] for part in self.parts]
        return [keys for keys in keys_of_parts if keys]

    @property
    def all_keys(self) -> list[str]:
        return list(chain(*self.keys))

    @property
    def text(self) -> str:
        return " … ".join(part.strip() for part in self.parts)

    @property
    def is_long_enough(self) -> bool:
        """Whether one part has enough words for the index to find it."""
        return any(len(keys) >= MIN_QUOTE_WORDS for keys in self.keys)

    def iter_fingerprints(self) -> Iterator[list[int]]:
        """Yield the fingerprints of all words in sequence, then those of the parts."""
        if len(self.all_keys) >= MIN_QUOTE_WORDS:
            yield fingerprint_words(self.all_keys)
        if len(self.keys) > 1 and self.is_long_enough:
            long = [keys for keys in self.keys if len(keys) >= MIN_QUOTE_WORDS]
            yield list(dict.fromkeys(chain(*map(fingerprint_words, long))))


def list_interpretations(text: str) -> list[QuoteCandidate]:
    """Return the ways in which a pasted text can be meant, the plainest first.

    Those that are too short to look up are left out.
    """
    candidates = [QuoteCandidate(tuple(split_at_omissions(text)))]
    for quoted, ignored in (_extract_quoted(text), _strip_attribution(text)):
        if quoted and 0 < len(find_words(ignored)) <= MAX_IGNORED_WORDS:
            parts = tuple(part for piece in quoted for part in split_at_omissions(piece))
            candidates.append(QuoteCandidate(parts, ignored))
    return [candidate for candidate in candidates if candidate.is_long_enough]


def _extract_quoted(text: str) -> tuple[list[str], str]:
    spans = list(_find_double_quoted(text)) or list(find_single_quoted(text))
    if not spans:
        return [], ""
    ends = [0, *chain(*spans), len(text)]
    outside = [text[a:b].strip(" ,.\n") for a, b in zip(ends[::2], ends[1::2], strict=True)]
    return [text[a:b] for a, b in spans], " … ".join(filter(None, outside))


def _find_double_quoted(text: str) -> Iterator[tuple[int, int]]:
    # Line by line, because every paragraph of a quotation opens and only the last one closes.
    for line in re.finditer(r"[^\n]+", text):
        for start, end in find_double_quoted(line[0]):
            yield line.start() + start, min(line.start() + end, line.end())


def _strip_attribution(text: str) -> tuple[list[str], str]:
    """Split “Dave Hill said: We …” or “We … . – Dave Hill, President” into words and speaker."""
    for pattern in (_ATTRIBUTION_BEFORE, _ATTRIBUTION_AFTER):
        if match := pattern.fullmatch(text.strip()):
            return [match["words"]], match["who"].strip(" .:")
    return [], ""
