"""What became of each row, as a table that a spreadsheet opens."""

import csv
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from archive.name_matching import NameMatch

COLUMNS = (
    "file row outcome why headline date identifier doubts dropped taken words_in words_out"
).split()
MATCH_COLUMNS = "sort name matched_to how why times first_seen".split()
FORMULA_PREFIXES = ("=", "+", "-", "@", "\t", "\r")
MAX_LISTED_REFUSALS = 5

MADE, DRAFT, NEW_EDITION = "made", "draft", "new edition"
UNCHANGED, LEFT_ALONE, SKIPPED, REFUSED = "unchanged", "left alone", "skipped", "refused"


@dataclass
class ReportLine:
    """One row's fate."""

    file: str
    row: int
    outcome: str
    why: str = ""
    headline: str = ""
    date: str = ""
    identifier: str = ""
    doubts: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)  # pictures and files
    words_in: int = 0
    words_out: int = 0


@dataclass
class Report:
    """Written line by line, so that it takes no memory; counts as it goes."""

    path: Path | None = None
    counts: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    refusals: list[ReportLine] = field(default_factory=list)
    doubtful_rows: int = 0
    attachment_count: int = 0
    words_in: int = 0
    words_out: int = 0
    _file: TextIO | None = None

    def __enter__(self) -> "Report":
        if self.path:
            # A byte order mark, or Excel takes the accents for something else.
            self._file = self.path.open("w", encoding="utf-8-sig", newline="")
            self._csv = csv.writer(self._file)
            self._csv.writerow(COLUMNS)
        return self

    def __exit__(self, *failure: object) -> None:
        if self._file:
            self._file.close()

    def add(self, line: ReportLine) -> None:
        self.counts[line.outcome] += 1
        self.doubtful_rows += bool(line.doubts)
        self.attachment_count += len(line.taken)
        self.words_in += line.words_in
        self.words_out += line.words_out
        if line.outcome in (SKIPPED, REFUSED, LEFT_ALONE):
            self.reasons[f"{line.outcome}: {line.why}"[:200]] += 1
        if line.outcome == REFUSED and len(self.refusals) < MAX_LISTED_REFUSALS:
            self.refusals.append(line)
        if self._file:
            said = [getattr(line, name) for name in COLUMNS]
            self._csv.writerow([escape_cell(value) for value in said])

    @property
    def rows(self) -> int:
        return self.counts.total()

    @property
    def words_kept_ratio(self) -> float:
        """Of the words of what was taken, how many are in the passages."""
        return self.words_out / self.words_in if self.words_in else 1.0


def write_matches(path: Path, matches: Iterable[NameMatch]) -> None:
    """The review list: doubtful ones first."""
    order = {"doubtful": 0, "new": 1, "left out": 2, "certain": 3}
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.writer(file)
        table.writerow(MATCH_COLUMNS)
        for one in sorted(matches, key=lambda match: (order[match.how], match.kind, match.name)):
            said = [one.kind, one.name, one.matched_to, one.how, one.why, one.times, one.where]
            table.writerow([escape_cell(value) for value in said])


def escape_cell(value: object) -> object:
    """A cell that no spreadsheet takes for a formula."""
    if isinstance(value, list):
        value = " · ".join(value)
    if isinstance(value, str):
        value = value.replace("\0", "")[:5000]
        return f"'{value}" if value.startswith(FORMULA_PREFIXES) else value
    return value
