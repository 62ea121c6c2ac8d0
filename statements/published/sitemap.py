"""List what crawlers should read: statements month by month, and the latest ones.

Each query walks edition_first_release_idx within its month or days, so none costs more in a larger
archive. Months are those of the default time zone.
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
from statements.release_dates import ReleaseDate, get_release_date

MONTHS_PER_QUERY = 120
"""The query grows with each month, and so does the time to plan it."""
MAX_MONTHS = 1800
"""An imported date may have a mistyped year, which must not make 900 years of empty months."""


class CalendarMonth(NamedTuple):
    """A month of a year; months compare by time."""

    year: int
    month: int

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02}"

    def before(self) -> "CalendarMonth":
        """Return the month before."""
        return (
            CalendarMonth(self.year, self.month - 1)
            if self.month > 1
            else CalendarMonth(self.year - 1, 12)
        )

    def after(self) -> "CalendarMonth":
        """Return the month after."""
        return (
            CalendarMonth(self.year, self.month + 1)
            if self.month < 12
            else CalendarMonth(self.year + 1, 1)
        )

    def get_start(self) -> dt.datetime:
        """Return its first instant."""
        return dt.datetime(self.year, self.month, 1, tzinfo=timezone.get_default_timezone())

    def span(self) -> dates.Span:
        """Return its first instant and that of the next month."""
        return self.get_start(), self.after().get_start()


def list_months(*, at: dt.datetime) -> list[CalendarMonth]:
    """List the months in which public statements were first released, the newest first.

    One query, and one more for each ten years.
    """
    ends = dates.first_and_last_release(at=at)
    if ends is None:
        return []
    oldest, newest = map(_to_month, ends)
    months: list[CalendarMonth] = []
    candidates = itertools.islice(_iterate_back(newest, oldest), MAX_MONTHS)
    while batch := list(itertools.islice(candidates, MONTHS_PER_QUERY)):
        coverage = dates.spans_with_statements([month.span() for month in batch], at=at)
        months += itertools.compress(batch, coverage.has_statements)
    return months


def list_statements(
    month: CalendarMonth, *, limit: int, at: dt.datetime
) -> list[tuple[str, ReleaseDate]]:
    """Return the slug and the release of the public edition of each statement. One query."""
    rows = _editions_of_month(month, at).order_by(*NEWEST_FIRST)
    columns = rows.values_list("slug", "release_at", "first_release_at", "first_released_on")
    return [
        # A public edition has a release, which mypy cannot know.
        (slug, get_release_date(release_at, first_at, first_on))  # type: ignore[arg-type]
        for slug, release_at, first_at, first_on in columns[:limit]
    ]


def list_latest(*, since: dt.datetime, limit: int, at: dt.datetime) -> list[Edition]:
    """List editions whose statement was first released since then, the newest first. One query."""
    rows = _released_editions(at).filter(listed_since(since)).order_by(*NEWEST_FIRST)
    columns = ("slug", "headline", "language", "first_release_at", "first_released_on")
    return list(rows.only(*columns)[:limit])


def list_slugs(profile_type: str, *, limit: int, at: dt.datetime) -> list[str]:
    """List the slugs of themes, speakers or organisations with a public edition. One query."""
    return list(
        PUBLIC_QUERYSETS[profile_type](at).order_by("slug").values_list("slug", flat=True)[:limit]
    )


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
    local_date = timezone.localtime(date, timezone.get_default_timezone())
    return CalendarMonth(local_date.year, local_date.month)
