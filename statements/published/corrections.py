"""The corrections log: amendments and withdrawals, the newest first.

Five queries a page, along edition_amendment_release_idx and withdrawal_from_at_id_idx.
"""

import datetime as dt
import heapq
import itertools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import F, Value
from django.db.models.query import QuerySet

from statements.models import Amendment
from statements.publicness import released_by
from statements.published.compiled_query import compiled_query
from statements.published.editions import (
    ERASED_NOTICE,
    amending_editions,
    effective_withdrawals,
    intact_editions,
    public_editions,
    withdrawn_editions,
)

WITHDRAWAL = "withdrawal"
STATEMENT_COLUMNS = ("pk", "statement_id", "slug", "headline", "language")

Row = Mapping[str, Any]


@dataclass(frozen=True)
class CorrectionLogEntry:
    """One change to what was public.

    `slug` and `headline` are those of the statement now, and empty where it is gone. `note` is
    empty where the edition that it is about was removed.
    """

    changed_at: dt.datetime
    kind: str
    label: str
    note: str
    slug: str = ""
    headline: str = ""
    language: str = ""
    is_withdrawn: bool = False
    is_restored: bool = False


@dataclass(frozen=True)
class LogCursor:
    """A place in the log: after this number of the changes of this instant."""

    changed_at: dt.datetime
    offset: int


def load_log_entries(
    cursor: LogCursor | None, *, limit: int, at: dt.datetime
) -> tuple[list[CorrectionLogEntry], LogCursor | None]:
    """Load the entries after the cursor, and the cursor of those after them."""
    until, offset = (min(cursor.changed_at, at), cursor.offset) if cursor else (at, 0)
    rows = _load_newest_rows(until, limit + offset + 1, at)[offset:]
    page, remaining = rows[:limit], rows[limit:]
    next_cursor = None
    if remaining:
        last = page[-1]["time"]
        same_instant = sum(row["time"] == last for row in page)
        next_cursor = LogCursor(last, same_instant + (offset if cursor and last == until else 0))
    return _to_entries(page, at), next_cursor


def _load_newest_rows(until: dt.datetime, limit: int, at: dt.datetime) -> list[Row]:
    amendments = (
        amending_editions(at=at)
        .filter(released_by(until))
        .order_by("-release_at", "-pk")
        .values(
            "statement_id",
            time=F("release_at"),
            change=F("amendment"),
            edition=F("pk"),
            note=F("public_note"),
        )
    )
    withdrawals = (
        effective_withdrawals(at=at)
        .filter(from_at__lte=until)
        .order_by("-from_at", "-pk")
        .values(
            *("statement_id", "edition"),
            time=F("from_at"),
            change=Value(WITHDRAWAL),
            note=F("notice"),
        )
    )
    merged = heapq.merge(
        withdrawals[:limit], amendments[:limit], key=lambda row: row["time"], reverse=True
    )
    return list(itertools.islice(merged, limit))


def _to_entries(rows: list[Row], at: dt.datetime) -> list[CorrectionLogEntry]:
    if not rows:
        return []
    statements = tuple(sorted({row["statement_id"] for row in rows}))
    public = _index_by_statement(_select_public(statements=statements, at=at))
    withdrawn = _index_by_statement(_select_withdrawn(statements=statements, at=at))
    readable = {row["pk"] for row in (*public.values(), *withdrawn.values())}
    if amended := tuple(row["edition"] for row in rows if row["change"] != WITHDRAWAL):
        readable |= set(_select_intact(editions=amended, at=at))
    return [
        _build_entry(
            row,
            public=public.get(row["statement_id"]),
            withdrawn=withdrawn.get(row["statement_id"]),
            is_readable=row["edition"] in readable,
        )
        for row in rows
        # An amendment of a statement that is gone would name it.
        if row["change"] == WITHDRAWAL
        or row["statement_id"] in public
        or row["statement_id"] in withdrawn
    ]


def _index_by_statement(rows: list[Row]) -> dict[int, Row]:
    return {row["statement_id"]: row for row in rows}


@compiled_query
def _select_public(*, statements: tuple[int, ...], at: dt.datetime) -> QuerySet[Any]:
    rows: QuerySet[Any] = (
        public_editions(at=at).filter(statement__in=statements).values(*STATEMENT_COLUMNS)
    )
    return rows


@compiled_query
def _select_withdrawn(*, statements: tuple[int, ...], at: dt.datetime) -> QuerySet[Any]:
    rows: QuerySet[Any] = (
        withdrawn_editions(at=at).filter(statement__in=statements).values(*STATEMENT_COLUMNS)
    )
    return rows


@compiled_query
def _select_intact(*, editions: tuple[int, ...], at: dt.datetime) -> QuerySet[Any]:
    return intact_editions(at=at).filter(pk__in=editions).values_list("pk", flat=True)


def _build_entry(
    row: Row, *, public: Row | None, withdrawn: Row | None, is_readable: bool
) -> CorrectionLogEntry:
    label, note = "Withdrawn", row["note"] or ERASED_NOTICE
    if row["change"] != WITHDRAWAL:
        label = Amendment(row["change"]).public_label
        if not is_readable:  # the note may repeat the words that were removed
            label, note = "Earlier wording removed", ""
    entry = CorrectionLogEntry(row["time"], row["change"], label, note)
    statement = public or withdrawn
    if statement is None:
        return entry
    return replace(
        entry,
        slug=statement["slug"],
        headline=statement["headline"],
        language=statement["language"],
        is_withdrawn=public is None,
        is_restored=row["change"] == WITHDRAWAL and public is not None,
    )
