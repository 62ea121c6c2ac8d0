"""Carry rows of a source from reading to their line in the report, a batch at a time."""

import hashlib
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.db.models import Model

from archive.models import ImportedStatement
from archive.outcomes import OTHERWISE, OutcomeLog
from archive.planner import ImportPlan
from archive.readers.row import RejectedRow, Row, SkippedRow, SourceItem
from archive.report import DRAFT, REFUSED, SKIPPED, ReportLine
from statements.content.schema import canonical
from statements.workflow import ImportedDraft

MAX_IDENTIFIER_CHARS = 500

ReadItem = tuple[SourceItem, str, str]
"""An item, the name of its source as the mapping gives it, and the keyed hash of its file."""


@dataclass
class RowCandidate:
    """A row to be planned, with what is known about it."""

    row: Row
    source: str
    identifier: str
    digest: str
    file_digest: str
    position: int
    previous: ImportedStatement | None


@dataclass
class ImportBatch:
    """Some rows on their way, and the report lines that are final."""

    candidates: list[RowCandidate] = field(default_factory=list)
    plans: list[ImportPlan] = field(default_factory=list)
    updates: list[tuple[ImportPlan, ImportedStatement]] = field(default_factory=list)
    new_objects: list[Model] = field(default_factory=list)  # people, organisations and themes
    lines: list[ReportLine] = field(default_factory=list)
    rows_done: int = 0

    @property
    def rows(self) -> list[Row]:
        return [candidate.row for candidate in self.candidates]

    @property
    def public_drafts(self) -> list[ImportedDraft]:
        return [plan.draft for plan in self.plans if plan.draft and plan.draft.released_at]

    @property
    def texts(self) -> list[str]:
        """Return the texts to be indexed: those that will be public."""
        return [canonical(draft.content) for draft in self.public_drafts]

    def refuse_other_outcomes(self, approved: OutcomeLog) -> None:
        """Refuse what would come in otherwise than the dry run said that was approved."""
        for plan in [*self.plans, *(plan for plan, _ in self.updates)]:
            if not approved.holds(plan):
                plan.refusal = OTHERWISE
                self.add_line(plan, REFUSED, OTHERWISE)
        self.plans = [plan for plan in self.plans if not plan.refusal]
        self.updates = [pair for pair in self.updates if not pair[0].refusal]

    def add_line(self, plan: ImportPlan, outcome: str, why: str = "") -> None:
        line = make_line(plan.row)
        line.outcome, line.why, line.status = outcome, why, plan.status.text
        if outcome == DRAFT and not plan.status.is_doubtful:
            line.why = plan.status.describe()
        line.doubts, line.dropped, line.taken = plan.doubts, plan.dropped, plan.attachment_names
        if outcome != REFUSED:
            line.words_in, line.words_out = plan.words_in, plan.words_out
        self.lines.append(line)


def make_skipped_line(item: SkippedRow | RejectedRow) -> ReportLine:
    """Return the line of an item that is not imported."""
    outcome = SKIPPED if isinstance(item, SkippedRow) else REFUSED
    return ReportLine(item.file, item.number, outcome, item.why, item.headline, "", item.identifier)


def identify_row(row: Row, source: str) -> tuple[str, str]:
    """Return the names of the source and of the item in it; a URL names its source itself."""
    identifier = row.identifier or f"{row.headline}|{row.published}"
    if len(identifier) > MAX_IDENTIFIER_CHARS:
        digest = hashlib.sha256(identifier.encode()).hexdigest()
        identifier = identifier[: MAX_IDENTIFIER_CHARS - 65] + "-" + digest
    if not source:
        host = urlsplit(identifier).hostname if "://" in identifier[:12] else ""
        source = row.site or host or row.file.rpartition("/")[2]
    return source[:200], identifier


def make_line(row: Row) -> ReportLine:
    """Return the line of a row, before its outcome is known."""
    date = row.published.isoformat() if row.published else ""
    return ReportLine(row.file, row.number, "", "", row.headline[:300], date, row.identifier[:300])
