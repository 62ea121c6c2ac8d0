"""The reports of a run, read again for the page: what somebody has to look at."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from archive.report import LEFT_ALONE, REFUSED

ROWS_PER_PAGE = 20
MAX_PAGE_DIGITS = 6  # digits


@dataclass
class DoubtfulRows:
    """One page of the rows that were refused, left alone, or made with a doubt."""

    number: int
    rows: list[dict[str, str]] = field(default_factory=list)
    has_more: bool = False


def load_doubtful_rows(path: Path, number: str) -> DoubtfulRows:
    known = number.isascii() and number.isdecimal() and len(number) <= MAX_PAGE_DIGITS
    page = max(1, int(number)) if known else 1
    found = islice(_iter_doubtful(path), (page - 1) * ROWS_PER_PAGE, page * ROWS_PER_PAGE + 1)
    rows = list(found)
    return DoubtfulRows(page, rows[:ROWS_PER_PAGE], len(rows) > ROWS_PER_PAGE)


def load_doubtful_matches(path: Path) -> list[dict[str, str]]:
    """Those that a person should look over; they stand first in the file."""
    return list(
        islice((row for row in _read_rows(path) if row["how"] == "doubtful"), ROWS_PER_PAGE)
    )


def _iter_doubtful(path: Path) -> Iterator[dict[str, str]]:
    return (
        row for row in _read_rows(path) if row["doubts"] or row["outcome"] in (REFUSED, LEFT_ALONE)
    )


def _read_rows(path: Path) -> Iterator[dict[str, str]]:
    if path.is_file():
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from csv.DictReader(file)
