"""Split text into paragraphs: at empty lines, at line ends, or wrapped by e-mail."""

import re
from dataclasses import dataclass
from functools import cached_property

from statements.content import html
from statements.content.numbering import parse_marker
from statements.parsing import furniture

BULLET = re.compile(r"^•\s*(?=\S)")
# 12. or 12), a. or (a), iv) – and not “A. Smith”.
NUMBER = re.compile(r"^(\(?(?:\d{1,3}|[a-z]{1,5})[.)]|\(?[A-Z]{1,5}\))\s+(?=\S)")
OPENING_MARK = re.compile(r"^[\"“„«]")
SENTENCE_END = re.compile(r"[.!?:…][”\"’»)]*$|[”»]$")
MAX_WRAPPED_LINE_CHARS = 100  # the end of a longer line is a real one
INVISIBLE_CHARS = "\u200b\u200c\u200d\u200e\u200f\u2060"


@dataclass(frozen=True)
class Paragraph:
    """The lines of one paragraph or of one list."""

    lines: tuple[str, ...]

    @cached_property
    def text(self) -> str:
        return " ".join(self.lines)

    def render_part(self, text: str) -> str:
        """Return a part of the paragraph as a block."""
        return html.make_paragraph(text)

    @cached_property
    def is_list(self) -> bool:
        return bool(BULLET.match(self.lines[0])) or self.is_numbered

    @property
    def is_numbered(self) -> bool:
        """Whether its lines have numbers in their order; a single number stays as typed."""
        return self._find_numbering() is not None

    def _find_numbering(self) -> tuple[str, int] | None:
        """Return the kind of the numbers and the first one, such as ("a", 1) for a. b. c."""
        markers = [match[1] for line in self.lines if (match := NUMBER.match(line))]
        if len(markers) < 2 or len(markers) < len(self.lines):
            return None
        readings = [parse_marker(marker) for marker in markers]
        for kind, start in readings[0]:
            if all((kind, start + index) in reading for index, reading in enumerate(readings)):
                return kind, start
        return None

    def list_items(self) -> list[str]:
        return [(NUMBER if self.is_numbered else BULLET).sub("", line) for line in self.lines]

    @property
    def is_heading(self) -> bool:
        """Whether the document marks it as a heading."""
        return False

    @property
    def has_link(self) -> bool:
        return False

    @property
    def is_link(self) -> bool:
        """Whether it is nothing but links to other pages."""
        return False

    @property
    def is_table(self) -> bool:
        return False

    @property
    def quotation_number(self) -> int:
        """The number of the block quotation that it stands in, from 1; 0 outside of one."""
        return 0

    def render_without_closing(self, last: str) -> str:
        """Return the block with `last`, without its closing mark, as its last line."""
        if not self.is_list:
            return self.render_part(last)
        return Paragraph((*self.lines[:-1], last)).render_block()

    def render_block(self, *, keep_lines: bool = False) -> str:
        """Return canonical HTML; `keep_lines` keeps the lines of an address."""
        if self.is_list:
            kind, start = self._find_numbering() or ("", 1)
            return html.make_list(
                self.list_items(), ordered=self.is_numbered, start=start, kind=kind
            )
        short = all(len(line) <= 60 for line in self.lines)
        return html.make_paragraph("\n".join(self.lines) if keep_lines and short else self.text)


def split_paragraphs(text: str, *, headed: bool = True) -> list[Paragraph]:
    """Return the paragraphs of a normalised text, without losing a word.

    `headed`: the first line may be a headline without an empty line after it.
    """
    lines = [re.sub(r"[ \t]+", " ", line).strip() for line in text.split("\n")]
    lines = [line if line.strip(INVISIBLE_CHARS) else "" for line in lines]
    filled = [index for index, line in enumerate(lines) if line]
    lines = lines[filled[0] : filled[-1] + 1] if filled else []
    if "" not in lines:
        return _join_bullets([[line] for line in lines])
    width = max(len(line) for line in lines)
    chunks: list[list[str]] = [[]]
    for line in lines:
        if not line:
            chunks.append([])
        else:
            chunks[-1].append(line)
    chunks = [chunk for chunk in chunks if chunk]
    parts = [
        part
        for index, chunk in enumerate(chunks)
        for part in _split_chunk(chunk, width, first=headed and index == 0)
    ]
    return [Paragraph(tuple(part)) for part in parts]


def _join_bullets(parts: list[list[str]]) -> list[Paragraph]:
    joined: list[list[str]] = []
    for part in parts:
        if joined and BULLET.match(part[0]) and BULLET.match(joined[-1][0]):
            joined[-1] += part
        else:
            joined.append(part)
    return [Paragraph(tuple(part)) for part in joined]


def _split_chunk(chunk: list[str], width: int, *, first: bool) -> list[list[str]]:
    if Paragraph(tuple(chunk)).is_numbered:
        return [chunk]
    is_wrapped = max(len(line) for line in chunk) <= MAX_WRAPPED_LINE_CHARS
    parts = [[chunk[0]]]
    for index in range(1, len(chunk)):
        before, line = chunk[index - 1], chunk[index]
        in_list = bool(BULLET.match(parts[-1][0]))
        if in_list and BULLET.match(line):
            parts[-1].append(line)
        elif in_list and is_wrapped:
            parts[-1][-1] += " " + line
        elif _is_break(before, line, is_wrapped) or (
            first and index == 1 and not _had_to_wrap(before, line, width)
        ):
            parts.append([line])
        else:
            parts[-1].append(line)
    return parts


def _is_break(before: str, line: str, is_wrapped: bool) -> bool:
    if (
        not is_wrapped
        or BULLET.match(line)
        or furniture.is_furniture(before)
        or furniture.is_furniture(line)
    ):
        return True
    return bool(OPENING_MARK.match(line) and SENTENCE_END.search(before))


def _had_to_wrap(line: str, following: str, width: int) -> bool:
    """Say whether the next word had no room, so that this is a headline on two lines."""
    return (
        width <= MAX_WRAPPED_LINE_CHARS
        and len(line) + 1 + len(following.split(maxsplit=1)[0]) > width
    )
