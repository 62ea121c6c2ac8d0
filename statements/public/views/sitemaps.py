"""Serve sitemaps (sitemaps.org) and the one for Google News.

The index names a part for each month with a release, and one for all other pages. An address is
listed only while it answers; its date is that of its present text. The index itself has no dates:
Google prefers none to wrong ones, and right ones would mean reading the whole archive.
"""

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from statements.public.responses import public_view
from statements.public.xml import xml_response
from statements.published import sitemap
from statements.published.sitemap import CalendarMonth
from statements.release_dates import ReleaseDate

MAX_PART_URLS = 50_000  # by the protocol
MAX_PROFILE_URLS = 15_000  # of each sort; three sorts and PAGE_NAMES stay below MAX_PART_URLS
MAX_NEWS_URLS = 1_000
PAGE_NAMES = (
    *("home", "list", "archive", "themes", "speakers", "organisations", "corrections"),
    *("check", "accessibility", "privacy", "verification"),
)


class SitemapPartConverter:
    """Convert the last part of a sitemap's address to a month, or None for all other pages."""

    regex = r"pages|[12][0-9]{3}-(?:0[1-9]|1[0-2])"

    def to_python(self, value: str) -> CalendarMonth | None:
        return None if value == "pages" else CalendarMonth(int(value[:4]), int(value[5:]))

    def to_url(self, value: CalendarMonth | None) -> str:
        return str(value) if value else "pages"


@public_view
def index(request: HttpRequest, *, at: dt.datetime) -> HttpResponse:
    parts = [None, *sitemap.list_months(at=at)]
    paths = [reverse("statements:sitemap_part", kwargs={"part": part}) for part in parts]
    return xml_response("statements/sitemap_index.xml", paths=paths)


@public_view
def part(request: HttpRequest, *, part: CalendarMonth | None, at: dt.datetime) -> HttpResponse:
    """List the statements of a month, or 404 if it has none; or all pages and profiles."""
    if part is None:
        return _render_urlset((path, "") for path in _list_page_paths(at))
    statements = sitemap.list_statements(part, limit=MAX_PART_URLS, at=at)
    if not statements:
        raise Http404
    return _render_urlset(
        (
            reverse("statements:detail", kwargs={"slug": slug}),
            f"<lastmod>{_format_lastmod(changed)}</lastmod>",
        )
        for slug, changed in statements
    )


@public_view
def news(request: HttpRequest, *, at: dt.datetime) -> HttpResponse:
    """List statements of today and yesterday: Google News takes those of two days.

    Whole days, so that the page stays the same while nothing is published.
    """
    today = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    yesterday = today - dt.timedelta(days=1)
    return xml_response(
        "statements/news_sitemap.xml",
        editions=sitemap.list_latest(since=yesterday, limit=MAX_NEWS_URLS, at=at),
    )


def _list_page_paths(at: dt.datetime) -> list[str]:
    paths = [reverse(f"statements:{name}") for name in PAGE_NAMES]
    for kind in ("theme", "speaker", "organisation"):
        paths += [
            reverse(f"statements:{kind}", kwargs={"slug": slug})
            for slug in sitemap.list_slugs(kind, limit=MAX_PROFILE_URLS, at=at)
        ]
    return paths


def _format_lastmod(changed: ReleaseDate) -> str:
    if isinstance(changed, dt.datetime):
        return f"{changed.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"
    return changed.isoformat()


def _render_urlset(paths_and_dates: Iterable[tuple[str, str]]) -> HttpResponse:
    # No template: it is slow for 50,000 rows, and slugs hold nothing to escape.
    urls = "".join(
        f"<url><loc>{settings.SITE_URL}{path}</loc>{date}</url>\n" for path, date in paths_and_dates
    )
    return HttpResponse(
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{urls}</urlset>\n',
        content_type="application/xml; charset=utf-8",
    )
