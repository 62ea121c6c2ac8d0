"""Read a spreadsheet as CSV, with any usual separator, by the names of its columns."""

import csv
from collections.abc import Iterable, Iterator
from itertools import count

from archive.mapping import Mapping
from archive.readers.decoding import open_text
from archive.readers.field_names import guess_fields
from archive.readers.fields import RecordReader
from archive.readers.row import RejectedRow, SourceItem, UnreadableSource
from archive.readers.source import SourceFile

MAX_CELL_CHARS = 5_000_000
PEEK_CHARS = 65_536
MAX_ROW_LINES = 200_000
"""A quotation mark that never closes makes one row of all the lines that follow."""
UNCLOSED_QUOTATION_MARK = (
    "It opens a quotation mark and never closes it. The lines after it were read again."
)
SEPARATORS = ",;\t|"


def read_csv(source: SourceFile, mapping: Mapping) -> Iterator[SourceItem]:
    with _CsvTable(source) as table:
        messages = table.messages
        reader = RecordReader(source.name, mapping, mapping.fields or guess_fields(table.names))
        for number, cells, why in table.rows():
            if cells is None or len(cells) != len(table.names):
                yield RejectedRow(
                    source.name, number, why or _describe_cell_count(cells or [], table.names)
                )
                continue
            yield reader.to_row(dict(zip(table.names, cells, strict=True)), number, messages)
            messages = []


def guess_csv_fields(source: SourceFile) -> dict[str, list[str]]:
    with _CsvTable(source) as table:
        return guess_fields(table.names)


class _CsvTable:
    """The headings of a table, and its rows with their numbers (the headings are row 1)."""

    def __init__(self, source: SourceFile) -> None:
        csv.field_size_limit(MAX_CELL_CHARS)
        self.name = source.name
        with open_text(source)[0] as text:
            start = text.read(PEEK_CHARS)
        self.text, self.messages = open_text(source)  # opened again: a zip member cannot seek
        self.lines = (line.replace("\0", "") for line in self.text)
        self.separator = _detect_separator(start)
        self.reader = self._make_reader(self.lines)

    def _make_reader(self, lines: Iterable[str]) -> Iterator[list[str]]:
        return csv.reader(self._track_lines(lines), delimiter=self.separator)

    def _track_lines(self, lines: Iterable[str]) -> Iterator[str]:
        """Yield the lines; keep those of the current row, up to a limit, in `current_lines`."""
        self.current_lines: list[str] = []
        self.reached_end = False
        for line in lines:
            if len(self.current_lines) < MAX_ROW_LINES:
                self.current_lines.append(line)
            yield line
        self.reached_end = True

    def __enter__(self) -> "_CsvTable":
        try:
            self.names = [name.strip().lstrip("\ufeff") for name in next(self.reader)]
        except (StopIteration, csv.Error):
            self.names = []
        if len(set(self.names)) < 2:
            self.text.close()
            raise UnreadableSource(
                f"{self.name} begins with no row of headings, or has one column."
            )
        return self

    def __exit__(self, *exception: object) -> None:
        self.text.close()

    def rows(self) -> Iterator[tuple[int, list[str] | None, str]]:
        for number in count(2):
            self.current_lines = []
            try:
                cells = next(self.reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield number, None, _describe_error(error)
                continue
            if self.reached_end and len(self.current_lines) > 1:
                yield number, None, UNCLOSED_QUOTATION_MARK
                self.reader = self._make_reader(self.current_lines[1:])
                continue
            if any(cell.strip() for cell in cells):
                yield number, cells, ""


def _describe_error(error: csv.Error) -> str:
    if "field larger" in str(error):
        return f"A cell holds more than {MAX_CELL_CHARS:,} characters: passed over."
    return f"The row is no CSV: {error}."


def _detect_separator(start: str) -> str:
    """Return the separator that splits the headings into the most names."""
    headings = start.partition("\n")[0]
    return max(SEPARATORS, key=lambda char: (headings.count(char), -SEPARATORS.index(char)))


def _describe_cell_count(cells: list[str], names: list[str]) -> str:
    return (
        f"The row has {len(cells)} cells and the table {len(names)} columns, so nobody can tell "
        "which cell is which. Correct the row and import the file again."
    )
