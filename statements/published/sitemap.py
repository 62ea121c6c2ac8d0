"""What a crawler is told to read: statements month by month, and the latest ones.

Each question walks edition_first_release_idx within its month or days, so none costs more in a larger
archive. A month is one of the site's own clock.
"""

import datetime as dt
import itertools
from collections.abc import Iterator
from typing import NamedTuple

from django.db.models.query import QuerySet
from django.utils import timezone

from statements.models import Edition
from statements.publicness import listed_before, listed_since, listed_within
from statements.published import dates
from statements.published.editions import NEWEST_FIRST, public_editions
from statements.published.names import PUBLIC_QUERYSETS

MONTHS_PER_QUERY = 120
"""Months asked about in one query: the question grows by each, and its plan with it."""


MAX_MONTHS = 1800
"""An import may hold a slip of the pen, and nobody wants 900 years of empty months."""


class CalendarMonth(NamedTuple):
    year: int
    month: int

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02}"

    def before(self) -> "CalendarMonth":
        return (
            CalendarMonth(self.year, self.month - 1)
            if self.month > 1
            else CalendarMonth(self.year - 1, 12)
        )

    def after(self) -> "CalendarMonth":
        return (
            CalendarMonth(self.year, self.month + 1)
            if self.month < 12
            else CalendarMonth(self.year + 1, 1)
        )

    def get_start(self) -> dt.datetime:
        return dt.datetime(self.year, self.month, 1, tzinfo=timezone.get_default_timezone())

    def span(self) -> dates.Span:
        return self.get_start(), self.after().get_start()


def list_months(*, at: dt.datetime) -> list[CalendarMonth]:
    """Those in which a statement first came out that is public now, the newest first.

    One query, and one more for each ten years of the record.
    """
    ends = dates.first_and_last_release(at=at)
    if ends is None:
        return []
    oldest, newest = map(_to_month, ends)
    found: list[CalendarMonth] = []
    asked = itertools.islice(_iterate_back(newest, oldest), MAX_MONTHS)
    while some := list(itertools.islice(asked, MONTHS_PER_QUERY)):
        filled = dates.spans_with_statements([month.span() for month in some], at=at).has_statements
        found += itertools.compress(some, filled)
    return found


def list_statements(
    month: CalendarMonth, *, limit: int, at: dt.datetime
) -> list[tuple[str, dt.datetime]]:
    """(slug, when its present words came out) of each statement of the month. One query."""
    rows = _editions_of_month(month, at).order_by(*NEWEST_FIRST)
    return list(rows.values_list("slug", "release_at")[:limit])  # type: ignore[arg-type]


def list_latest(*, since: dt.datetime, limit: int, at: dt.datetime) -> list[Edition]:
    """What first came out since then, the newest first. One query."""
    rows = _released_editions(at).filter(listed_since(since)).order_by(*NEWEST_FIRST)
    return list(rows.only("slug", "headline", "language", "first_release_at")[:limit])


def list_slugs(what: str, *, limit: int, at: dt.datetime) -> list[str]:
    """Slugs of the themes, speakers or organisations that have a public edition. One query."""
    return list(PUBLIC_QUERYSETS[what](at).order_by("slug").values_list("slug", flat=True)[:limit])


def _released_editions(at: dt.datetime) -> QuerySet[Edition]:
    return public_editions(at=at).filter(listed_before(at))


def _editions_of_month(month: CalendarMonth, at: dt.datetime) -> QuerySet[Edition]:
    begins, ends = month.span()
    return _released_editions(at).filter(listed_within(begins, ends))


def _iterate_back(newest: CalendarMonth, oldest: CalendarMonth) -> Iterator[CalendarMonth]:
    month = newest
    while month >= oldest:
        yield month
        month = month.before()


def _to_month(date: dt.datetime) -> CalendarMonth:
    here = timezone.localtime(date, timezone.get_default_timezone())
    return CalendarMonth(here.year, here.month)
