"""When something was published: asked by stepping along newest_released, never by counting.

A span is (first instant, end), the end not included. A statement belongs to the day of its first
release, and one that is not public now to none.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F, Subquery
from django.db.models.query import QuerySet

from statements.models import Edition
from statements.public.editions import NEWEST_FIRST, public_editions

Span = tuple[dt.datetime, dt.datetime]
OLDEST_FIRST = ("first_release_at", "statement_id")


@dataclass(frozen=True)
class Filled:
    """Which of the spans have something, and the nearest releases before and after them all."""

    spans: list[bool]
    before: dt.datetime | None
    after: dt.datetime | None


def extent(*, at: dt.datetime) -> Span | None:
    """The first and the newest release. One query."""
    row = _asked(at, first=_date(_dated(at), OLDEST_FIRST))
    return (row["first"], row["newest"]) if row else None


def filled(spans: Sequence[Span], *, at: dt.datetime) -> Filled:
    """One query, with one step along the index for each span."""
    first, end = min(one for one, _ in spans), max(other for _, other in spans)
    steps = {
        f"span_{number}": _date(_between(one, other, at), NEWEST_FIRST)
        for number, (one, other) in enumerate(spans)
    }
    steps["before"] = _date(_between(None, first, at), NEWEST_FIRST)
    steps["after"] = _date(_dated(at).filter(first_release_at__gte=end), OLDEST_FIRST)
    row = _asked(at, **steps)
    if row is None:
        return Filled([False for _ in spans], None, None)
    found = [row[f"span_{number}"] is not None for number in range(len(spans))]
    return Filled(found, row["before"], row["after"])


def last_instant(end: dt.datetime) -> dt.datetime:
    """Of a span, whose end does not belong to it; databases count in microseconds."""
    return end - dt.timedelta(microseconds=1)


def _dated(at: dt.datetime) -> QuerySet[Edition]:
    """The second term says nothing new, but it is the one that the index understands."""
    return public_editions(at=at).filter(first_release_at__lte=at)


def _between(first: dt.datetime | None, end: dt.datetime, at: dt.datetime) -> QuerySet[Edition]:
    """One bound a side: of two, SQLite walks its index to the one that stands first, and reads row
    after row up to the other."""
    rows = public_editions(at=at).filter(first_release_at__lte=min(at, last_instant(end)))
    return rows.filter(first_release_at__gte=first) if first else rows


def _date(editions: QuerySet[Edition], order: tuple[str, str]) -> Subquery:
    return Subquery(editions.order_by(*order).values("first_release_at")[:1])


def _asked(at: dt.datetime, **steps: Subquery) -> dict | None:
    """The newest release, and beside it each step; None where nothing was published."""
    newest = _dated(at).order_by(*NEWEST_FIRST).annotate(newest=F("first_release_at"), **steps)
    return newest.values("newest", *steps).first()
