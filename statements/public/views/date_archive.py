"""Show the archive by year and by month, in the site's time zone.

Its addresses are under /archive/, because under /statements/ “2026” can be a slug.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from statements.public.responses import public_view, render_page
from statements.public.views.profiles import ProfileFilters
from statements.published import dates
from statements.search import statement_list
from statements.search.filters import year_span

MAX_ARCHIVE_YEARS = 150
"""An import may hold a mistyped date: no page lists centuries."""


class YearConverter:
    """Convert four digits of a URL to a year."""

    regex = "[12][0-9]{3}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return f"{value:04}"


class MonthConverter:
    """Convert two digits of a URL, 01 to 12, to a month."""

    regex = "0[1-9]|1[0-2]"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return f"{value:02}"


@dataclass(frozen=True)
class DateFilter(ProfileFilters):
    """Select the statements of a span of time, which the address of the page names."""

    within: dates.Span | None = field(default=None, kw_only=True)

    def span(self) -> dates.Span | None:
        return self.within


@public_view
def archive(request: HttpRequest, *, at: dt.datetime) -> HttpResponse:
    """List the years that have statements, newest first."""
    first_and_last = dates.first_and_last_release(at=at)
    years = _list_years(*first_and_last) if first_and_last else []
    spans = [year_span(year) for year in years]
    has_statements = dates.spans_with_statements(spans, at=at).has_statements if spans else []
    return render_page(
        "statements/archive.html",
        years=[year for year, is_listed in zip(years, has_statements, strict=True) if is_listed],
        current_section="statements",
    )


def _list_years(first: dt.datetime, last: dt.datetime) -> list[int]:
    last_year = timezone.localtime(last).year
    first_year = max(timezone.localtime(first).year, last_year - MAX_ARCHIVE_YEARS)
    return [*range(last_year, first_year - 1, -1)]


@public_view
def year(request: HttpRequest, *, year: int, at: dt.datetime) -> HttpResponse:
    """List the statements of a year, and its months that have any."""
    spans = [month_span(year, month) for month in range(1, 13)]
    coverage = dates.spans_with_statements(spans, at=at)
    months = [
        start
        for (start, _), is_listed in zip(spans, coverage.has_statements, strict=True)
        if is_listed
    ]
    return _render_archive(
        request,
        "statements/archive_year.html",
        year_span(year),
        coverage,
        at,
        first_day=dt.date(year, 1, 1),
        months=months,
    )


@public_view
def month(request: HttpRequest, *, year: int, month: int, at: dt.datetime) -> HttpResponse:
    """List the statements of a month, with links to the nearest months that have any."""
    span = month_span(year, month)
    return _render_archive(
        request,
        "statements/archive_month.html",
        span,
        dates.spans_with_statements([span], at=at),
        at,
        first_day=dt.date(year, month, 1),
    )


def month_span(year: int, month: int) -> dates.Span:
    zone = timezone.get_default_timezone()
    next_year, next_month = year + month // 12, month % 12 + 1
    return (
        dt.datetime(year, month, 1, tzinfo=zone),
        dt.datetime(next_year, next_month, 1, tzinfo=zone),
    )


def _render_archive(
    request: HttpRequest,
    template: str,
    span: dates.Span,
    coverage: dates.SpanCoverage,
    at: dt.datetime,
    **context: Any,
) -> HttpResponse:
    page = statement_list.load_page(request.GET, DateFilter(within=span), at=at)
    if not page.rows:
        raise Http404
    return render_page(
        template,
        page=page,
        is_later_page="older" in request.GET or "newer" in request.GET,
        earlier_date=coverage.before and timezone.localtime(coverage.before),
        later_date=coverage.after and timezone.localtime(coverage.after),
        current_section="statements",
        **context,
    )
