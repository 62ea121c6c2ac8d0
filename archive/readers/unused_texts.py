"""Find the long texts of a record that no field of ours took, so that none is lost in silence."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from archive.readers.field_names import split_words
from archive.readers.values import to_body, to_plain_text

MIN_TEXT_CHARS = 200
MIN_TEXT_WORDS = 30
MIN_ONLY_TEXT_CHARS, MIN_ONLY_TEXT_WORDS = 60, 10
"""Where a record has no other text."""
MAX_COMPARED_CHARS = 2_000_000
MIN_MISSING_SHARE = 0.2
"""A text with fewer words that are not among those taken repeats them."""
PROBE_COUNT, PROBE_CHARS = 12, 30
MAX_DEPTH = 3
OTHER_RECORDS = {
    "links", "embedded", "comments", "revisions", "versions", "history", "change_history",
    "related", "related_posts", "author", "authors", "primary_author", "organisations",
    "categories", "tags", "included", "relationships", "children", "parent", "schema",
    "search_text", "available_translations",
}  # fmt: skip
"""Names of values that describe something else than the item itself."""
MACHINE_TEXT = re.compile(r"\s*(?:data:|<\?xml|\{|\[|https?://\S+\s*$)|[^\s<>]{2000}")
URL = re.compile(r"\b[a-z]{2,8}://\S+")
WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class UnusedText:
    """A long text that is read as nothing, by its path in the record."""

    path: str
    word_count: int

    def __str__(self) -> str:
        return f"the text of “{self.path}” ({self.word_count:,} words)"


def find_unused_texts(
    record: dict[str, Any],
    used_texts: list[str],
    *,
    used_values: list[Any] | None = None,
    has_body: bool = True,
) -> list[UnusedText]:
    """Return the long texts whose words are not among those used, the longest first.

    `used_values` were read as fields of ours, and need no comparison. Without a body, shorter
    texts count as well.
    """
    used: _UsedWords | None = None
    unused = []
    min_chars = MIN_TEXT_CHARS if has_body else MIN_ONLY_TEXT_CHARS
    min_words = MIN_TEXT_WORDS if has_body else MIN_ONLY_TEXT_WORDS
    for path, text in _iter_long_texts(record, used_values or [], min_chars):
        if text in used_texts:
            continue
        used = used or _UsedWords(used_texts)
        word_count = used.count_missing(text)
        if word_count >= min_words:
            unused.append(UnusedText(path, word_count))
    return sorted(unused, key=lambda text: -text.word_count)


class _UsedWords:
    """The words that were read from a record, to compare its other texts with."""

    def __init__(self, texts: list[str]) -> None:
        self.text = " ".join(map(_to_words, texts))
        self.counts: Counter[str] | None = None

    def count_missing(self, text: str) -> int:
        """Return how many words a text has; 0 where it repeats those that were read."""
        words = _to_words(text)
        if self._repeats_probes(words):
            return 0
        if self.counts is None:
            self.counts = Counter(WORD.findall(self.text))
        counts = Counter(WORD.findall(words))
        is_missing = (counts - self.counts).total() >= MIN_MISSING_SHARE * counts.total()
        return counts.total() if is_missing else 0

    def _repeats_probes(self, words: str) -> bool:
        """Return whether parts of it all stand in what was read, which is quick to tell."""
        step = len(words) // PROBE_COUNT
        starts = range(0, len(words) - PROBE_CHARS, max(step, 1))
        return all(words[start : start + PROBE_CHARS] in self.text for start in starts)


def count_words(text: str) -> int:
    return len(WORD.findall(_to_words(text)))


def _to_words(text: str) -> str:
    text = to_plain_text(text[:MAX_COMPARED_CHARS])
    return (URL.sub(" ", text) if "://" in text else text).casefold()


def _iter_long_texts(
    value: dict[str, Any], used_values: list[Any], min_chars: int, prefix: str = "", depth: int = 0
) -> Iterator[tuple[str, str]]:
    for name, inner in value.items():
        path = f"{prefix}{name}"
        if any(inner is used for used in used_values):
            continue
        if isinstance(inner, str):
            if len(inner) > min_chars and (text := _read_text(inner)):
                yield path.lstrip("\0"), text
        elif not isinstance(inner, (dict, list)) or split_words(str(name)) in OTHER_RECORDS:
            continue
        elif isinstance(inner, dict) and depth < MAX_DEPTH:
            yield from _iter_long_texts(inner, used_values, min_chars, f"{path}.", depth + 1)
        elif len(text := to_body(inner)) > min_chars:
            yield path, text


def _read_text(text: str) -> str:
    """Return the words of a text, and "" for what only programs read."""
    return to_body(text) if not MACHINE_TEXT.match(text) or text.lstrip()[:1] in "[{" else ""
