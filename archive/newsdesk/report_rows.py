"""Read the reports of a run for its page: the rows and names that a person has to check."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from archive.report import LEFT_ALONE, REFUSED

ROWS_PER_PAGE = 20
MAX_PAGE_DIGITS = 6


@dataclass
class DoubtfulRows:
    """One page of rows that were refused, left alone, or imported with a doubt."""

    number: int
    rows: list[dict[str, str]] = field(default_factory=list)
    has_more: bool = False


def load_doubtful_rows(path: Path, number: str) -> DoubtfulRows:
    is_number = number.isascii() and number.isdecimal() and len(number) <= MAX_PAGE_DIGITS
    page = max(1, int(number)) if is_number else 1
    start = (page - 1) * ROWS_PER_PAGE
    rows = list(islice(_iter_doubtful(path), start, start + ROWS_PER_PAGE + 1))
    return DoubtfulRows(page, rows[:ROWS_PER_PAGE], len(rows) > ROWS_PER_PAGE)


def load_doubtful_matches(path: Path) -> list[dict[str, str]]:
    """Return the names that a person should check; they come first in the file."""
    return list(islice((row for row in read_rows(path) if row["how"] == "doubtful"), ROWS_PER_PAGE))


def _iter_doubtful(path: Path) -> Iterator[dict[str, str]]:
    return (
        row for row in read_rows(path) if row["doubts"] or row["outcome"] in (REFUSED, LEFT_ALONE)
    )


def read_rows(path: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a report; none where there is no such file."""
    if path.is_file():
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from csv.DictReader(file)
