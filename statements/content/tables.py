"""Tables as data, and the forms in which they are stored and shown. Pure functions.

A table has a caption, perhaps a header row, and rows of equal length. Cells are inline HTML in the
canonical form (`strong`, `em`, `a`, `br` …); the caption is plain text. In the draft, and among the
paragraphs of notes, a table is one block of canonical HTML:

    <table><caption>Homes</caption><thead><tr><th>Year</th>…</tr></thead><tbody><tr><td>2026</td>…

A `<th>` in the body is the header of its row. `table_reading` makes tables of any HTML. In the
content of an edition, a table is a block of its own, `{"type": "table", "caption", "header",
"rows", …}`, see `schema`; merged cells do not exist in it.
"""

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from statements.content.scripts import write_scripts_as_text

MAX_TABLE_COLUMNS = 30
MAX_TABLE_ROWS = 1_000
MAX_CELL_CHARS = 1_000
MAX_MARKED_CELL_CHARS = 10_000
"""A longer cell holds prose: the table is only there to place it on the page."""
MAX_CAPTION_CHARS = 300
"""Of a first row over the whole width; what is longer is no caption."""

_TABLE_TAG = re.compile(r"(</?(?:table|caption|thead|tbody|tr|th|td)>)")
_INLINE_TAG = re.compile(r"<[^>]*>")
_LINK = re.compile(r'<a href="([^"]*)">(.*?)</a>')
_SEPARATOR = " | "
_NUMBER = re.compile(r"[-+−–]?[£€$]?\d[\d.,\u00a0\u202f ]*%?[*†]*")


@dataclass(frozen=True)
class Table:
    """A table whose rows, and the header if there is one, have the same number of cells."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    has_row_headers: bool = False

    def to_data(self) -> dict[str, Any]:
        """Return it as a block of the content has it."""
        data: dict[str, Any] = {
            "caption": self.caption,
            "header": list(self.header),
            "rows": [list(row) for row in self.rows],
        }
        # Absent where it is false, as every optional key of the content.
        return data | {"row_headers": True} if self.has_row_headers else data

    @property
    def cells(self) -> list[str]:
        """Every cell in reading order."""
        return [*self.header, *(cell for row in self.rows for cell in row)]

    def to_html(self) -> str:
        """Return the canonical HTML."""
        return self._write("<th>", "<th>", numeric=frozenset())

    def to_public_html(self) -> str:
        """Return the table of a page: cells know their headers, and it scrolls by keyboard."""
        names = ", ".join(filter(None, map(_format_cell, self.header)))
        label = html.escape(self.caption or names or "Table")
        inner = self._write('<th scope="col">', '<th scope="row">', numeric=self._find_numeric())
        return f'<div class="table" role="group" tabindex="0" aria-label="{label}">{inner}</div>'

    def _find_numeric(self) -> frozenset[int]:
        """Return the columns of numbers, to be aligned; the first column has the names."""
        columns = enumerate(zip(*self.rows, strict=True))
        return frozenset(
            index
            for index, cells in columns
            if index and all(_NUMBER.fullmatch(cell) for cell in cells if cell)
        )

    def _write(self, column_tag: str, row_tag: str, *, numeric: frozenset[int]) -> str:
        parts = ["<table>"]
        if self.caption:
            parts.append(f"<caption>{html.escape(self.caption, quote=False)}</caption>")
        if self.header:
            header = "".join(
                _write_header(cell, _align(column_tag, index in numeric))
                for index, cell in enumerate(self.header)
            )
            parts.append(f"<thead><tr>{header}</tr></thead>")
        parts.append("<tbody>")
        for row in self.rows:
            cells = [f"{_align('<td>', i in numeric)}{cell}</td>" for i, cell in enumerate(row)]
            if self.has_row_headers:
                cells[0] = _write_header(row[0], row_tag)
            parts.append(f"<tr>{''.join(cells)}</tr>")
        return "".join([*parts, "</tbody></table>"])

    def to_text(self) -> str:
        """Return plain text: a line for each row, which a spreadsheet can split at the bars."""
        lines = [self.caption, _join_cells(self.header), *map(_join_cells, self.rows)]
        return "\n".join(line for line in lines if line.strip(_SEPARATOR))


def _align(tag: str, is_number: bool) -> str:
    return f'{tag[:-1]} class="number">' if is_number else tag


def _write_header(cell: str, tag: str) -> str:
    return f"{tag}{cell}</th>" if cell else "<td></td>"  # nothing is a header of nothing


def _join_cells(cells: Sequence[str]) -> str:
    return _SEPARATOR.join(map(_format_cell, cells)).rstrip()


def _format_cell(cell: str) -> str:
    linked = _LINK.sub(_format_link, cell) if "<a " in cell else cell
    text = _INLINE_TAG.sub("", write_scripts_as_text(linked.replace("<br>", " ")))
    return " ".join(html.unescape(text).split())


def _format_link(link: re.Match[str]) -> str:
    url, text = link[1], _INLINE_TAG.sub("", link[2])
    return link[2] if url.removeprefix("mailto:") == text else f"{link[2]} ({url})"


def is_table_block(block: str) -> bool:
    """Return whether a canonical block is a table."""
    return block.startswith("<table>")


def from_data(data: Mapping[str, Any]) -> Table:
    """Return the table of a block of the content."""
    return Table(
        data["caption"],
        tuple(data["header"]),
        tuple(map(tuple, data["rows"])),
        has_row_headers=data.get("row_headers", False),
    )


def parse_table(block: str) -> Table:
    """Return the table of a canonical block."""
    caption, header, in_head, has_row_headers = "", [], False, False
    rows: list[list[str]] = []
    text = ""
    for token in _TABLE_TAG.split(block):
        if token == "</caption>":
            caption = html.unescape(text)
        elif token in ("<thead>", "</thead>"):
            in_head = token == "<thead>"
        elif token == "<tr>":
            rows.append([])
        elif token in ("</td>", "</th>"):
            has_row_headers |= token == "</th>" and not in_head
            rows[-1].append(text)
        elif token == "</tr>" and in_head:
            header = rows.pop()
        text = token if not _TABLE_TAG.fullmatch(token) else ""
    return Table(caption, tuple(header), tuple(map(tuple, rows)), has_row_headers)


def flatten_table(block: str) -> list[str]:
    """Return the caption and the cells of a canonical block as paragraphs."""
    table = parse_table(block)
    cells = [html.escape(table.caption, quote=False), *table.cells]
    return [f"<p>{cell}</p>" for cell in cells if cell]


def separate_tables(blocks: Sequence[str]) -> list[list[str]]:
    """Split canonical blocks into runs: each table is a run of its own."""
    runs: list[list[str]] = []
    for block in blocks:
        if runs and not is_table_block(block) and not is_table_block(runs[-1][-1]):
            runs[-1].append(block)
        else:
            runs.append([block])
    return runs
