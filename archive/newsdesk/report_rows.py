"""The reports of a run, read again for the page: what somebody has to look at."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from archive.report import KEPT, REFUSED

SHOWN = 20
LONGEST_PAGE = 6  # digits


@dataclass
class Doubts:
    """One page of the rows that were refused, left alone, or made with a doubt."""

    number: int
    rows: list[dict[str, str]] = field(default_factory=list)
    has_more: bool = False


def doubts_of(path: Path, number: str) -> Doubts:
    known = number.isascii() and number.isdecimal() and len(number) <= LONGEST_PAGE
    page = max(1, int(number)) if known else 1
    found = islice(_doubtful(path), (page - 1) * SHOWN, page * SHOWN + 1)
    rows = list(found)
    return Doubts(page, rows[:SHOWN], len(rows) > SHOWN)


def matches_of(path: Path) -> list[dict[str, str]]:
    """Those that a person should look over; they stand first in the file."""
    return list(islice((row for row in _rows(path) if row["how"] == "doubtful"), SHOWN))


def _doubtful(path: Path) -> Iterator[dict[str, str]]:
    return (row for row in _rows(path) if row["doubts"] or row["outcome"] in (REFUSED, KEPT))


def _rows(path: Path) -> Iterator[dict[str, str]]:
    if path.is_file():
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from csv.DictReader(file)
