"""The archive by year and by month, as the site's own clock counts them.

Under /archive/, since a statement may be called anything under /statements/: 2026 as well.
"""

import datetime as dt
from dataclasses import dataclass, field

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from statements.public.responses import public_view, render_page
from statements.public.views.profiles import ProfileFilters
from statements.published import dates
from statements.search import statement_list
from statements.search.filters import year_span

MAX_ARCHIVE_YEARS = 150
"""An import may hold a slip of the pen: no page lists centuries."""


class YearConverter:
    """Four figures in an address."""

    regex = "[12][0-9]{3}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return f"{value:04}"


class MonthConverter:
    """Two figures in an address: 01 to 12."""

    regex = "0[1-9]|1[0-2]"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return f"{value:02}"


@dataclass(frozen=True)
class DateFilter(ProfileFilters):
    """The statements of a span of time, on the page whose address names it."""

    within: dates.Span | None = field(default=None, kw_only=True)

    def span(self) -> dates.Span | None:
        return self.within


@public_view
def archive(request: HttpRequest, *, at: dt.datetime) -> HttpResponse:
    """The years that have something, the newest first. Two queries."""
    extent = dates.first_and_last_release(at=at)
    years = _list_years(*extent) if extent else []
    found = (
        dates.spans_with_statements([year_span(one) for one in years], at=at).has_statements
        if years
        else []
    )
    kept = [one for one, something in zip(years, found, strict=True) if something]
    return render_page("statements/archive.html", years=kept, here="statements")


def _list_years(first: dt.datetime, newest: dt.datetime) -> list[int]:
    last = timezone.localtime(newest).year
    return [*range(last, max(timezone.localtime(first).year, last - MAX_ARCHIVE_YEARS) - 1, -1)]


@public_view
def year(request: HttpRequest, *, year: int, at: dt.datetime) -> HttpResponse:
    """The months that have something, and the statements of the year. Three queries."""
    months = [month_span(year, number) for number in range(1, 13)]
    found = dates.spans_with_statements(months, at=at)
    return _render_archive(
        request,
        "statements/archive_year.html",
        year_span(year),
        found,
        at,
        first=dt.date(year, 1, 1),
        months=[
            first for (first, _), some in zip(months, found.has_statements, strict=True) if some
        ],
    )


@public_view
def month(request: HttpRequest, *, year: int, month: int, at: dt.datetime) -> HttpResponse:
    """The statements of a month, and the way to the nearest ones. Three queries at most."""
    span = month_span(year, month)
    found = dates.spans_with_statements([span], at=at)
    first = dt.date(year, month, 1)
    return _render_archive(request, "statements/archive_month.html", span, found, at, first=first)


def month_span(year: int, month: int) -> dates.Span:
    zone = timezone.get_default_timezone()
    first = dt.datetime(year, month, 1, tzinfo=zone)
    following = (year + month // 12, month % 12 + 1)
    return first, dt.datetime(*following, 1, tzinfo=zone)


def _render_archive(
    request: HttpRequest, template: str, span: dates.Span, found: dates.SpanCoverage, at, **context
) -> HttpResponse:
    """404 where nothing was published, as at any other address where nothing is."""
    rows = statement_list.load_page(request.GET, DateFilter(within=span), at=at)
    if not rows.rows:
        raise Http404
    return render_page(
        template,
        page=rows,
        further="older" in request.GET or "newer" in request.GET,
        before=found.before and timezone.localtime(found.before),
        after=found.after and timezone.localtime(found.after),
        here="statements",
        **context,
    )
