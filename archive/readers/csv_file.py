"""A spreadsheet as CSV: any of the usual separators, columns by their names."""

import csv
from collections.abc import Iterable, Iterator
from itertools import count

from archive.mapping import Mapping
from archive.readers.decoding import opened
from archive.readers.fields import Reader, guess
from archive.readers.row import Item, NothingToRead, Refused
from archive.readers.source import Source

LONGEST_CELL = 5_000_000
PEEK = 65_536
MOST_LINES = 200_000
"""Of one row: a mark that never closes makes one of all that follow."""
NEVER_CLOSED = "It opens a quotation mark and never closes it. The lines after it were read anew."
SEPARATORS = ",;\t|"


def read_csv(source: Source, mapping: Mapping) -> Iterator[Item]:
    with _Table(source) as table:
        told = table.told
        reader = Reader(source.name, mapping, mapping.fields or guess(table.names))
        for number, cells, why in table.rows():
            if cells is None or len(cells) != len(table.names):
                yield Refused(source.name, number, why or _moved(cells or [], table.names))
                continue
            yield reader.row(dict(zip(table.names, cells, strict=True)), number, told)
            told = []


def propose_csv(source: Source) -> dict[str, list[str]]:
    with _Table(source) as table:
        return guess(table.names)


class _Table:
    """The headings, and the rows with their numbers (1 is the headings')."""

    def __init__(self, source: Source) -> None:
        csv.field_size_limit(LONGEST_CELL)
        self.name = source.name
        with opened(source)[0] as text:
            begin = text.read(PEEK)
        self.text, self.told = opened(source)  # once more: within a zip there is no way back
        self.lines = (line.replace("\0", "") for line in self.text)
        self.separator = _separator(begin)
        self.reader = self._reader(self.lines)

    def _reader(self, lines: Iterable[str]):
        return csv.reader(self._kept(lines), delimiter=self.separator)

    def _kept(self, lines: Iterable[str]) -> Iterator[str]:
        """The lines, and in `row` those of the row that is being read, while they are not many."""
        self.row: list[str] = []
        self.ended = False  # which a row only learns that goes on to the end of the file
        for line in lines:
            if len(self.row) < MOST_LINES:
                self.row.append(line)
            yield line
        self.ended = True

    def __enter__(self) -> "_Table":
        try:
            self.names = [name.strip().lstrip("\ufeff") for name in next(self.reader)]
        except (StopIteration, csv.Error):
            self.names = []
        if len(set(self.names)) < 2:
            self.text.close()
            raise NothingToRead(f"{self.name} begins with no row of headings, or has one column.")
        return self

    def __exit__(self, *failure: object) -> None:
        self.text.close()

    def rows(self) -> Iterator[tuple[int, list[str] | None, str]]:
        for number in count(2):
            self.row = []
            try:
                cells = next(self.reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield number, None, _said(error)
                continue
            if self.ended and len(self.row) > 1:
                yield number, None, NEVER_CLOSED
                self.reader = self._reader(self.row[1:])
                continue
            if any(cell.strip() for cell in cells):
                yield number, cells, ""


def _said(error: csv.Error) -> str:
    if "field larger" in str(error):
        return f"A cell holds more than {LONGEST_CELL:,} characters: passed over."
    return f"The row is no CSV: {error}."


def _separator(begin: str) -> str:
    """The one that cuts the headings into the most names."""
    first = begin.partition("\n")[0]
    return max(SEPARATORS, key=lambda char: (first.count(char), -SEPARATORS.index(char)))


def _moved(cells: list[str], names: list[str]) -> str:
    return (
        f"The row has {len(cells)} cells and the table {len(names)} columns, so nobody can tell "
        "which cell is which. Mend the row and import the file again."
    )
