"""The log of what was changed and taken back: its notices, and of statements what stands now.

Four queries a page, along edition_amendment_release_idx and withdrawal_from_at_id_idx.
"""

import datetime as dt
import heapq
import itertools
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import BooleanField, F, Value
from django.db.models.query import QuerySet

from statements.models import Amendment
from statements.publicness import released_by
from statements.published.compiled_query import compiled_query
from statements.published.editions import (
    amending_editions,
    effective_withdrawals,
    past_editions,
    public_editions,
    withdrawn_editions,
)

WITHDRAWAL = "withdrawal"


@dataclass(frozen=True)
class CorrectionLogEntry:
    """One change to what was public. `slug` and `headline` are those that stand now, `withdrawn`
    if under a notice, and empty where the statement is gone; `note` is empty where the wording it
    is about was removed.
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
    """After so many of the changes of this very instant."""

    changed_at: dt.datetime
    offset: int


def load_log_entries(
    place: LogCursor | None, *, limit: int, at: dt.datetime
) -> tuple[list[CorrectionLogEntry], LogCursor | None]:
    """The newest from this place on, and the place of those after them."""
    upto, skipped = (min(place.changed_at, at), place.offset) if place else (at, 0)
    rows = _load_newest_rows(upto, limit + skipped + 1, at)[skipped:]
    shown, more = rows[:limit], rows[limit:]
    following = None
    if more:
        when = shown[-1]["when"]
        same = sum(row["when"] == when for row in shown)
        following = LogCursor(when, same + (skipped if place and when == upto else 0))
    return _to_entries(shown, at), following


def _load_newest_rows(upto: dt.datetime, most: int, at: dt.datetime) -> list[dict[str, Any]]:
    amended = (
        amending_editions(at=at)
        .filter(released_by(upto))
        .order_by("-release_at", "-pk")
        .values(
            *("pk", "statement_id"),
            when=F("release_at"),
            what=F("amendment"),
            edition=F("pk"),
            note=F("public_note"),
        )
    )
    taken_back = (
        effective_withdrawals(at=at)
        .filter(from_at__lte=upto)
        .order_by("-from_at", "-pk")
        .values(
            *("pk", "statement_id", "edition"),
            when=F("from_at"),
            what=Value(WITHDRAWAL),
            note=F("notice"),
        )
    )
    merged = heapq.merge(
        taken_back[:most], amended[:most], key=lambda row: row["when"], reverse=True
    )
    return list(itertools.islice(merged, most))


def _to_entries(rows: list[dict[str, Any]], at: dt.datetime) -> list[CorrectionLogEntry]:
    standing = _load_readable({row["statement_id"] for row in rows}, at)
    amended = tuple(row["edition"] for row in rows if row["what"] != WITHDRAWAL)
    readable = set(_select_readable_past(numbers=amended, at=at)) if amended else set()
    readable |= {edition["pk"] for edition in standing.values()}
    found = []
    for row in rows:
        stands = standing.get(row["statement_id"])
        if row["what"] == WITHDRAWAL:
            found.append(_build_withdrawal_entry(row, stands))
        elif stands:
            found.append(_build_amendment_entry(row, stands, row["edition"] in readable))
    return found


@compiled_query
def _select_readable_past(*, numbers: tuple[int, ...], at: dt.datetime) -> QuerySet:
    return past_editions(at=at).filter(pk__in=numbers).order_by().values_list("pk", flat=True)


def _load_readable(statements: Collection[int], at: dt.datetime) -> dict[int, dict[str, Any]]:
    """Of each of these statements the edition that is public, or that stands under a notice."""
    rows = _select_readable(statements=tuple(statements), at=at) if statements else []
    return {row["statement_id"]: row for row in rows}


@compiled_query
def _select_readable(*, statements: tuple[int, ...], at: dt.datetime) -> QuerySet:
    public, noticed = (
        editions.filter(statement__in=statements)
        .order_by()
        .values(
            *("pk", "statement_id", "slug", "headline", "language"),
            withdrawn=Value(bool(withdrawn), output_field=BooleanField()),
        )
        for withdrawn, editions in enumerate((public_editions(at=at), withdrawn_editions(at=at)))
    )
    return public.union(noticed, all=True)


def _build_withdrawal_entry(
    row: dict[str, Any], stands: dict[str, Any] | None
) -> CorrectionLogEntry:
    change = CorrectionLogEntry(row["when"], WITHDRAWAL, "Withdrawn", row["note"])
    if stands is None:
        return change
    return replace(_with_statement(change, stands), is_restored=not stands["withdrawn"])


def _build_amendment_entry(
    row: dict[str, Any], stands: dict[str, Any], readable: bool
) -> CorrectionLogEntry:
    """A note may repeat the wording that it is about, and goes with it."""
    label, note = str(Amendment(row["what"]).label), row["note"]
    if not readable:
        label, note = "Earlier wording removed", ""
    return _with_statement(CorrectionLogEntry(row["when"], row["what"], label, note), stands)


def _with_statement(change: CorrectionLogEntry, stands: dict[str, Any]) -> CorrectionLogEntry:
    return replace(
        change,
        slug=stands["slug"],
        headline=stands["headline"],
        language=stands["language"],
        is_withdrawn=bool(stands["withdrawn"]),
    )
