"""Read the tables of any HTML, while `content.html` goes through its tags. Pure functions.

A table that only places things on the page is no table: its words become paragraphs, as if it were
not there. So is one with a single row or column, one that holds another table, one with a cell of
prose, and one that is too big.
"""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from statements.content.characters import normalise_text
from statements.content.html_blocks import append_blocks
from statements.content.numbering import OpenList
from statements.content.tables import (
    MAX_CAPTION_CHARS,
    MAX_CELL_CHARS,
    MAX_MARKED_CELL_CHARS,
    MAX_TABLE_COLUMNS,
    MAX_TABLE_ROWS,
    Table,
)

TABLE_TAGS = {"table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th"}
MAX_TABLE_DEPTH = 20  # cells of deeper tables are read as paragraphs of the cell around them
LAYOUT_ROLES = {"presentation", "none"}

_TAG = re.compile(r"(<[^>]*>)")
_STRONG = re.compile(r"<strong>.*?</strong>")
_STRONG_TAG = re.compile(r"</?strong>")
_LINE_TAGS = re.compile(r"<br>|</?(?:a|em|sub|sup)\b[^>]*>")


class RenderedBlock(Protocol):
    """A paragraph, list or table that writes itself in the canonical form."""

    def render(self) -> str: ...


@dataclass
class TableBlock:
    table: Table

    def render(self) -> str:
        return self.table.to_html()


@dataclass
class _Cell:
    is_header: bool
    colspan: int = 1
    rowspan: int = 1
    blocks: list[Any] = field(default_factory=list)

    def is_marked(self) -> bool:
        return self.is_header or not self.render_inner()

    def is_bold(self) -> bool:
        return self.is_header or _is_bold(self.render_inner())

    def render_inner(self) -> str:
        parts = [_flatten(block.render()) for block in self.blocks]
        return "<br>".join(part for part in parts if part)


@dataclass
class _ReadRow:
    is_head: bool
    cells: list[_Cell] = field(default_factory=list)


@dataclass
class _OpenTable:
    """A table that is being read. `around` is what the builder filled before it."""

    around: tuple[list[Any], list[Any]]
    caption: str = ""
    is_layout: bool = False
    in_head: bool = False
    blocks: list[Any] = field(default_factory=list)  # the caption, and what is in no cell
    rows: list[_ReadRow] = field(default_factory=list)

    def to_blocks(self) -> list[Any]:
        """Return the table, or what it holds if it is there for the look alone."""
        if not self.is_layout and (table := _build_table(self)):
            return [TableBlock(table)]
        in_cells = [block for row in self.rows for cell in row.cells for block in cell.blocks]
        return [*self.blocks, *in_cells]


class TableStack:
    """The tables that are open, the innermost last; None for one inside of a list."""

    def __init__(self) -> None:
        self._open: list[_OpenTable | None] = []

    def open_tag(
        self, tag: str, attributes: dict[str, str], blocks: list[Any], open_blocks: list[Any]
    ) -> tuple[list[Any], list[Any]]:
        """Return the blocks, and the open lists, that the text from here on goes to."""
        if tag == "table":
            return self._open_table(attributes, blocks, open_blocks)
        if not self._open or (table := self._open[-1]) is None:
            return blocks, open_blocks
        if tag == "caption":
            return table.blocks, []
        if tag in ("thead", "tbody", "tfoot"):
            table.in_head = tag == "thead"
        elif tag == "tr":
            table.rows.append(_ReadRow(table.in_head))
        elif tag in ("td", "th") and table.rows:
            cell = _Cell(
                tag == "th",
                _read_span(attributes.get("colspan", ""), MAX_TABLE_COLUMNS),
                _read_span(attributes.get("rowspan", ""), MAX_TABLE_ROWS),
            )
            table.rows[-1].cells.append(cell)
            return cell.blocks, []
        return blocks, open_blocks

    def _open_table(
        self, attributes: dict[str, str], blocks: list[Any], open_blocks: list[Any]
    ) -> tuple[list[Any], list[Any]]:
        if open_blocks or len(self._open) >= MAX_TABLE_DEPTH:
            self._open.append(None)
            return blocks, open_blocks
        for outer in self._open:
            if outer is not None:
                outer.is_layout = True
        table = _OpenTable(
            (blocks, open_blocks),
            attributes.get("data-caption", ""),
            is_layout=attributes.get("role", "").casefold() in LAYOUT_ROLES,
        )
        self._open.append(table)
        return table.blocks, []

    def close_tag(
        self, tag: str, blocks: list[Any], open_blocks: list[Any]
    ) -> tuple[list[Any], list[Any]]:
        """Return the blocks, and the open lists, that the text from here on goes to."""
        if not self._open:
            return blocks, open_blocks
        if tag != "table":
            table = self._open[-1]
            is_cell = tag in ("td", "th", "caption") and table is not None
            return (table.blocks, []) if table and is_cell else (blocks, open_blocks)
        table = self._open.pop()
        if table is None:
            return blocks, open_blocks
        blocks, open_blocks = table.around
        append_blocks(blocks, table.to_blocks())
        return blocks, open_blocks


def _read_span(value: str, maximum: int) -> int:
    """Return how many columns or rows a cell takes; one more than the maximum is too many."""
    return max(1, min(int(value[:6]), maximum + 1)) if value.isascii() and value.isdigit() else 1


# --- From rows to a table -------------------------------------------------------------------------


@dataclass(frozen=True)
class _GridCell:
    text: str = ""
    is_header: bool = False

    @property
    def is_heading(self) -> bool:
        return self.is_header or not self.text


_GridRow = list[_GridCell]


def _is_bold(inner: str) -> bool:
    """Return whether there is nothing in the cell that is not bold."""
    return not _STRONG.sub("", _LINE_TAGS.sub("", inner)).strip()


def _build_table(source: _OpenTable) -> Table | None:
    """Return the table of data, or None if it is there for the look alone."""
    caption, rows = _read_caption(source)
    if len(rows) > MAX_TABLE_ROWS:
        return None
    head_rows = _count_head_rows(rows)
    grid = _drop_empty_columns(_expand_spans(rows, head_rows))
    head = [row for row in grid[:head_rows] if _is_filled(row)]
    body = [row for row in grid[head_rows:] if _is_filled(row)]
    if not head and len(body) > 1 and _looks_like_header(body[0], body[1:]):
        head, body = body[:1], body[1:]
    if not body or len(head) + len(body) < 2 or len(body[0]) < 2 or _has_prose(head, body):
        return None
    return _make_table(caption, head, body)


def _has_prose(head: list[_GridRow], body: list[_GridRow]) -> bool:
    """Return whether a cell is so long that the table only places it on the page.

    Cells may be longer where the source marks headers.
    """
    cells = [cell for row in (*head, *body) for cell in row]
    is_marked = any(cell.is_header for cell in cells)
    limit = MAX_MARKED_CELL_CHARS if is_marked else MAX_CELL_CHARS
    return any(len(cell.text) > limit for cell in cells)


def _read_caption(source: _OpenTable) -> tuple[str, list[_ReadRow]]:
    """Return the caption and the rows under it; a first row of one wide cell is a caption."""
    rows = [row for row in source.rows if row.cells]
    caption = _join_plain_text(source.blocks) or " ".join(normalise_text(source.caption).split())
    if not caption and len(rows) > 1 and len(rows[0].cells) == 1:
        title = rows[0].cells[0]
        text, inner = _join_plain_text(title.blocks), title.render_inner()
        is_wide = 1 < title.colspan == max(map(_measure_width, rows[1:]))
        if is_wide and 0 < len(text) <= MAX_CAPTION_CHARS and "<a " not in inner:
            return text, rows[1:]
    return caption, rows


def _join_plain_text(blocks: Sequence[RenderedBlock]) -> str:
    inner = "<br>".join(_flatten(block.render()) for block in blocks)
    return " ".join(html.unescape(_TAG.sub("", inner.replace("<br>", " "))).split())


def _measure_width(row: _ReadRow) -> int:
    return sum(cell.colspan for cell in row.cells)


def _count_head_rows(rows: list[_ReadRow]) -> int:
    """Return how many rows at the top are marked as the head; none if all of them are.

    A first row of headers over two rows marks both.
    """
    marked = next((index for index, row in enumerate(rows) if not row.is_head), 0)
    depth = max((cell.rowspan for cell in rows[0].cells), default=1) if rows else 1
    if marked or not 1 < depth < len(rows):
        return marked
    first = [cell for row in rows[:depth] for cell in row.cells]
    others = [cell for row in rows[depth:] for cell in row.cells]
    is_head = any(
        all(map(is_heading, first)) and not all(map(is_heading, others))
        for is_heading in (_Cell.is_marked, _Cell.is_bold)
    )
    return depth if is_head else 0


def _expand_spans(rows: list[_ReadRow], head_rows: int) -> list[_GridRow]:
    """Return rows of equal length; [] if they are too long.

    What covers several rows is true of each of them, so it is repeated. What covers several columns
    is repeated in the head, and stands in the first of them elsewhere.
    """
    grid: list[_GridRow] = []
    covered: dict[int, tuple[int, _GridCell]] = {}  # by column: how many more rows, and what
    for index, row in enumerate(rows):
        line: _GridRow = []
        cells = iter(row.cells)
        cell = next(cells, None)
        while cell is not None or len(line) in covered:
            if len(line) in covered:
                left, above = covered.pop(len(line))
                if left > 1:
                    covered[len(line)] = (left - 1, above)
                line.append(above)
            elif cell is not None:
                for text in _repeat(cell, is_repeated=index < head_rows):
                    if cell.rowspan > 1:
                        covered[len(line)] = (cell.rowspan - 1, text)
                    line.append(text)
                cell = next(cells, None)
            if len(line) > MAX_TABLE_COLUMNS:
                return []
        grid.append(line)
    width = max(map(len, grid), default=0)
    return [line + [_GridCell()] * (width - len(line)) for line in grid]


def _repeat(cell: _Cell, *, is_repeated: bool) -> list[_GridCell]:
    first = _GridCell(cell.render_inner(), cell.is_header)
    return [first] + [first if is_repeated else _GridCell()] * (cell.colspan - 1)


def _is_filled(row: _GridRow) -> bool:
    return any(cell.text for cell in row)


def _drop_empty_columns(grid: list[_GridRow]) -> list[_GridRow]:
    columns = [_is_filled(list(column)) for column in zip(*grid, strict=True)]
    return [[cell for cell, keep in zip(row, columns, strict=True) if keep] for row in grid]


def _looks_like_header(first: _GridRow, others: list[_GridRow]) -> bool:
    """Return whether all cells of the first row are headers, or the only row in bold."""
    if all(cell.is_heading for cell in first):
        return True
    is_full = sum(not cell.text for cell in first) <= 1  # the cell over the names of the rows
    return is_full and _is_bold_row(first) and not any(map(_is_bold_row, others))


def _is_bold_row(row: _GridRow) -> bool:
    return all(_is_bold(cell.text) for cell in row)


def _make_table(caption: str, head: list[_GridRow], body: list[_GridRow]) -> Table:
    header = [
        _STRONG_TAG.sub("", "<br>".join(dict.fromkeys(cell.text for cell in column if cell.text)))
        for column in zip(*head, strict=True)
    ]
    has_row_headers = all(row[0].is_heading for row in body) and any(
        row[0].is_header for row in body
    )
    rows = [[cell.text for cell in row] for row in body]
    if has_row_headers:
        rows = [[_STRONG_TAG.sub("", first), *others] for first, *others in rows]
    return Table(caption, tuple(header), tuple(map(tuple, rows)), has_row_headers)


# --- Blocks in a cell -----------------------------------------------------------------------------


def _flatten(block: str) -> str:
    """Return the inline HTML of a canonical paragraph or list: an item is a line with its mark."""
    if block.startswith("<p>"):
        return block[3:-4]
    parts: list[str] = []
    lists: list[OpenList] = []
    at_start = True
    for token in _TAG.split(block):
        if token.startswith(("<ul", "<ol")):
            lists.append(OpenList.read(token))
        elif token in ("</ul>", "</ol>"):
            lists.pop()
        elif token == "<li>":
            parts.append("<br>" if parts else "")
            parts.append(lists[-1].write_item_start())
            at_start = True
        elif token == "<p>":
            parts.append("" if at_start else "<br>")
        elif token and token not in ("</p>", "</li>"):
            parts.append(token)
            at_start = False
    return "".join(parts)
