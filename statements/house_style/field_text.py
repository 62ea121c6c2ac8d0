"""The texts of a draft that house style checks, and the findings in them.

The text of a field is what the editor shows, line by line, so that the page can jump to a finding.
"""

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from statements.content import schema
from statements.readiness import Problem

Content = Mapping[str, Any]

TAG = re.compile(r"(<[^>]*>)")
BLOCK_END = re.compile(r"</(?:p|ul|ol|li|caption|td|th)>")


@dataclass(frozen=True)
class Finding(Problem):
    """Advice on one place: the exact text there, and its number among equal texts of the field."""

    blocks: bool = False
    excerpt: str = ""
    nth: int = 0  # counted from 0
    replacement: str = ""
    position: int = 0


@dataclass(frozen=True)
class CheckedDraft:
    """What is checked. `prefixes` are the form prefixes of the passages, in order."""

    content: Content
    has_contact: bool = True
    has_themes: bool = True
    dead_links: Mapping[str, str] = field(default_factory=dict)
    prefixes: Sequence[str] = ()

    def get_prefix(self, index: int) -> str:
        return self.prefixes[index] if self.prefixes else f"passages-{index}"


@dataclass(frozen=True)
class FieldText:
    """The plain text of one field, line by line; `html_blocks` is its source if it has HTML."""

    field: str
    lines: tuple[str, ...]
    html_blocks: tuple[str, ...] = ()

    @cached_property
    def whole(self) -> str:
        return "\n".join(self.lines)

    def make_finding(
        self, message: str, hint: str, *, position: int, excerpt: str, replacement: str = ""
    ) -> Finding:
        return Finding(
            self.field,
            message,
            hint,
            excerpt=excerpt,
            nth=self.whole.count(excerpt, 0, position) if excerpt else 0,
            replacement=replacement,
            position=position,
        )

    def iter_lines(self) -> Iterator[tuple[int, str]]:
        """Yield every line with its position in the whole text."""
        position = 0
        for line in self.lines:
            yield position, line
            position += len(line) + 1


def collect_texts(draft: CheckedDraft) -> list[FieldText]:
    """Return every text that house style checks, in the order of the page."""
    return [
        _make_field_text(entry, owner, "" if position is None else f"{draft.get_prefix(position)}-")
        for entry, owner, position in schema.walk_fields(draft.content)
        if entry.is_style_checked
    ]


def _make_field_text(entry: schema.Field, owner: Content, prefix: str) -> FieldText:
    [column] = entry.columns
    value = entry.value_in(owner)
    if entry.type is schema.PARAGRAPHS:
        lines = tuple(line for block in value for line in split_lines(block))
        return FieldText(prefix + column, lines, tuple(value))
    return FieldText(prefix + column, (value,))


def split_lines(block: str) -> list[str]:
    """Return the text of a block as the editor shows it, line by line, without inline tags."""
    text = "".join(
        html.unescape(piece) if index % 2 == 0 else _line_end(piece)
        for index, piece in enumerate(TAG.split(block))
    )
    return [line for line in text.split("\n") if line]


def _line_end(tag: str) -> str:
    return "\n" if tag == "<br>" or BLOCK_END.match(tag) else ""
