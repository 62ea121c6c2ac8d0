"""Find when statements were published, by steps along edition_first_release_idx.

Nothing is counted, so the size of the archive does not matter. A span is (first instant, end),
the end not included. A statement that is public now belongs to the day of its first release.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Subquery
from django.db.models.query import QuerySet

from statements.models import Edition
from statements.publicness import listed_before, listed_since
from statements.published.compiled_query import compiled_query
from statements.published.editions import NEWEST_FIRST, public_editions

Span = tuple[dt.datetime, dt.datetime]
OLDEST_FIRST = ("first_release_at", "statement_id")


@dataclass(frozen=True)
class SpanCoverage:
    """Which spans have statements, and the nearest releases before and after all of them."""

    has_statements: list[bool]
    before: dt.datetime | None
    after: dt.datetime | None


def first_and_last_release(*, at: dt.datetime) -> Span | None:
    """Return the first release and the newest. One query."""
    return next(iter(_select_first_and_last(at=at)), None)


@compiled_query
def _select_first_and_last(*, at: dt.datetime) -> QuerySet[Any]:
    newest = (
        _released_editions(at)
        .order_by(*NEWEST_FIRST)
        .annotate(first=_date_subquery(_released_editions(at), OLDEST_FIRST))
    )
    return newest.values_list("first", "first_release_at")[:1]


def spans_with_statements(spans: Sequence[Span], *, at: dt.datetime) -> SpanCoverage:
    """Return which spans have statements. One query, with one index step for each span."""
    bounds: dict[str, dt.datetime] = {}
    for number, (first, end) in enumerate(spans):
        bounds |= {f"from_{number}": first, f"until_{number}": min(at, last_instant(end))}
    start, end = min(first for first, _ in spans), max(end for _, end in spans)
    rows = _select_coverage(before=min(at, last_instant(start)), after=end, at=at, **bounds)
    if not rows:
        return SpanCoverage([False for _ in spans], None, None)
    [(before, after, *dates)] = rows
    return SpanCoverage([date is not None for date in dates], before, after)


@compiled_query
def _select_coverage(
    *, before: dt.datetime, after: dt.datetime, at: dt.datetime, **bounds: dt.datetime
) -> QuerySet[Any]:
    """Select one row, or none where nothing was published.

    Only one bound on each side: of two, SQLite starts at the first one that is written and reads
    row after row up to the other.
    """
    rows = public_editions(at=at)
    steps = {
        "before": _date_subquery(rows.filter(listed_before(before)), NEWEST_FIRST),
        "after": _date_subquery(_released_editions(at).filter(listed_since(after)), OLDEST_FIRST),
    }
    for number in range(len(bounds) // 2):
        first, until = bounds[f"from_{number}"], bounds[f"until_{number}"]
        within = rows.filter(listed_before(until), listed_since(first))
        steps[f"span_{number}"] = _date_subquery(within, NEWEST_FIRST)
    return _released_editions(at).order_by(*NEWEST_FIRST).annotate(**steps).values_list(*steps)[:1]


def last_instant(end: dt.datetime) -> dt.datetime:
    """Return the last instant of a span; databases count in microseconds."""
    return end - dt.timedelta(microseconds=1)


def _released_editions(at: dt.datetime) -> QuerySet[Edition]:
    # listed_before changes no result, but it is the condition that the index supports.
    return public_editions(at=at).filter(listed_before(at))


def _date_subquery(editions: QuerySet[Edition], order: tuple[str, str]) -> Subquery:
    return Subquery(editions.order_by(*order).values("first_release_at")[:1])
