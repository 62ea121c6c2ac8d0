"""What a crawler is told to read: statements month by month, and the latest ones.

Each question walks newest_released within its month or days, so none costs more in a larger
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
from statements.published.names import PUBLIC_NAMES

AT_ONCE = 120
"""Months asked about in one query: the question grows by each, and its plan with it."""


MOST_MONTHS = 1800
"""An import may hold a slip of the pen, and nobody wants 900 years of empty months."""


class Month(NamedTuple):
    year: int
    month: int

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02}"

    def before(self) -> "Month":
        return Month(self.year, self.month - 1) if self.month > 1 else Month(self.year - 1, 12)

    def after(self) -> "Month":
        return Month(self.year, self.month + 1) if self.month < 12 else Month(self.year + 1, 1)

    def begins(self) -> dt.datetime:
        return dt.datetime(self.year, self.month, 1, tzinfo=timezone.get_default_timezone())

    def span(self) -> dates.Span:
        return self.begins(), self.after().begins()


def months(*, at: dt.datetime) -> list[Month]:
    """Those in which a statement first came out that is public now, the newest first.

    One query, and one more for each ten years of the record.
    """
    ends = dates.extent(at=at)
    if ends is None:
        return []
    oldest, newest = map(_month_of, ends)
    found: list[Month] = []
    asked = itertools.islice(_back(newest, oldest), MOST_MONTHS)
    while some := list(itertools.islice(asked, AT_ONCE)):
        filled = dates.filled([month.span() for month in some], at=at).spans
        found += itertools.compress(some, filled)
    return found


def statements_of(month: Month, *, most: int, at: dt.datetime) -> list[tuple[str, dt.datetime]]:
    """(slug, when its present words came out) of each statement of the month. One query."""
    rows = _of(month, at).order_by(*NEWEST_FIRST)
    return list(rows.values_list("slug", "release_at")[:most])  # type: ignore[arg-type]


def latest(*, since: dt.datetime, most: int, at: dt.datetime) -> list[Edition]:
    """What first came out since then, the newest first. One query."""
    rows = _public(at).filter(listed_since(since)).order_by(*NEWEST_FIRST)
    return list(rows.only("slug", "headline", "language", "first_release_at")[:most])


def names(what: str, *, most: int, at: dt.datetime) -> list[str]:
    """Slugs of the themes, speakers or organisations that have a public edition. One query."""
    return list(PUBLIC_NAMES[what](at).order_by("slug").values_list("slug", flat=True)[:most])


def _public(at: dt.datetime) -> QuerySet[Edition]:
    return public_editions(at=at).filter(listed_before(at))


def _of(month: Month, at: dt.datetime) -> QuerySet[Edition]:
    begins, ends = month.span()
    return _public(at).filter(listed_within(begins, ends))


def _back(newest: Month, oldest: Month) -> Iterator[Month]:
    month = newest
    while month >= oldest:
        yield month
        month = month.before()


def _month_of(date: dt.datetime) -> Month:
    here = timezone.localtime(date, timezone.get_default_timezone())
    return Month(here.year, here.month)
