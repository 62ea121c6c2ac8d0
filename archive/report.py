"""Report the outcome of each row of an import, as a table that a spreadsheet opens."""

import csv
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from archive.matching.match_log import NameMatch
from statements.files.csv_cells import escape_formula

COLUMNS = (
    "file row outcome status why headline date identifier doubts dropped taken words_in words_out"
).split()
MATCH_COLUMNS = "sort name matched_to how why perhaps times first_seen".split()
MAX_CELL_CHARS = 5000
LIST_SEPARATOR = " · "
MAX_LISTED_REFUSALS = 5
MAX_STATUSES = 200
NO_STATUS_GIVEN, OTHER_STATUSES = "(none)", "(other statuses)"

MADE, DRAFT, NEW_EDITION = "made", "draft", "new edition"
UNCHANGED, LEFT_ALONE, SKIPPED, REFUSED = "unchanged", "left alone", "skipped", "refused"


@dataclass
class ReportLine:
    """The outcome of one row; the fields are the columns of the report."""

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
    status: str = ""  # as the source has it


@dataclass
class Report:
    """Write a report line by line, so that memory stays flat, and count outcomes."""

    path: Path | None = None
    counts: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    statuses: Counter[tuple[str, str]] = field(default_factory=Counter)
    refusals: list[ReportLine] = field(default_factory=list)
    doubtful_rows: int = 0
    attachment_count: int = 0
    words_in: int = 0
    words_out: int = 0
    _file: TextIO | None = None

    def __enter__(self) -> "Report":
        if self.path:
            # With a byte order mark, because Excel misreads accents without it.
            self._file = self.path.open("w", encoding="utf-8-sig", newline="")
            self._csv = csv.writer(self._file)
            self._csv.writerow(COLUMNS)
        return self

    def __exit__(self, *exception: object) -> None:
        if self._file:
            self._file.close()

    def add(self, line: ReportLine) -> None:
        self.counts[line.outcome] += 1
        self._count_status(line)
        self.doubtful_rows += bool(line.doubts)
        self.attachment_count += len(line.taken)
        self.words_in += line.words_in
        self.words_out += line.words_out
        if line.outcome in (SKIPPED, REFUSED, LEFT_ALONE):
            self.reasons[f"{line.outcome}: {line.why}"[:200]] += 1
        if line.outcome == REFUSED and len(self.refusals) < MAX_LISTED_REFUSALS:
            self.refusals.append(line)
        if self._file:
            self._csv.writerow([escape_cell(getattr(line, name)) for name in COLUMNS])

    def _count_status(self, line: ReportLine) -> None:
        """Count rows by status and outcome; a file may have a status of its own in each row."""
        if line.outcome in (MADE, DRAFT, NEW_EDITION, LEFT_ALONE):
            key = (line.status or NO_STATUS_GIVEN, line.outcome)
            if key not in self.statuses and len(self.statuses) >= MAX_STATUSES:
                key = (OTHER_STATUSES, line.outcome)
            self.statuses[key] += 1

    @property
    def has_statuses(self) -> bool:
        return any(status != NO_STATUS_GIVEN for status, _ in self.statuses)

    @property
    def rows(self) -> int:
        return self.counts.total()

    @property
    def words_kept_ratio(self) -> float:
        """Return the share of the words of imported rows that are in their passages."""
        return self.words_out / self.words_in if self.words_in else 1.0


def write_matches(path: Path, matches: Iterable[NameMatch]) -> None:
    """Write the names to be checked, doubtful ones first."""
    order = {"doubtful": 0, "new": 1, "left out": 2, "certain": 3}
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.writer(file)
        table.writerow(MATCH_COLUMNS)
        for match in sorted(matches, key=lambda match: (order[match.how], match.kind, match.name)):
            cells: list[object] = [match.kind, match.name, match.matched_to, match.how, match.why]
            cells += [list(match.perhaps), match.times, match.where]
            table.writerow([escape_cell(value) for value in cells])


def escape_cell(value: object) -> object:
    """Return a value as a cell that no spreadsheet takes for a formula."""
    if isinstance(value, list):
        value = LIST_SEPARATOR.join(value)
    if isinstance(value, str):
        return escape_formula(value.replace("\0", "")[:MAX_CELL_CHARS])
    return value
