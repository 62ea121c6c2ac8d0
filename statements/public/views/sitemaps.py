"""Sitemaps (sitemaps.org) and the one for Google News.

The index names a part for each month in which something came out, and one for everything else. An
address is told only while it answers, and its date is that of its present words. The index gives no
dates of its own: Google asks for none rather than for wrong ones, and true ones would read the
whole archive.
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

MAX_PART_URLS = 50_000  # addresses in one part, by the protocol
MAX_PROFILE_URLS = (
    15_000  # of themes, of speakers, of bodies: together with our own pages below MOST
)
MAX_NEWS_URLS = 1_000
PAGE_NAMES = (
    *("home", "list", "archive", "themes", "speakers", "organisations", "corrections"),
    *("check", "accessibility", "privacy"),
)


class SitemapPartConverter:
    """The last part of a sitemap's address: a month, or None for what belongs to none."""

    regex = r"pages|[12][0-9]{3}-(?:0[1-9]|1[0-2])"

    def to_python(self, value: str) -> CalendarMonth | None:
        return None if value == "pages" else CalendarMonth(int(value[:4]), int(value[5:]))

    def to_url(self, value: CalendarMonth | None) -> str:
        return str(value) if value else "pages"


@public_view
def index(request: HttpRequest, *, at: dt.datetime) -> HttpResponse:
    parts = [None, *sitemap.list_months(at=at)]
    addresses = [reverse("statements:sitemap_part", kwargs={"part": part}) for part in parts]
    return xml_response("statements/sitemap_index.xml", addresses=addresses)


@public_view
def part(request: HttpRequest, *, part: CalendarMonth | None, at: dt.datetime) -> HttpResponse:
    """Statements of a month, or pages and names. A month without one is no page of ours."""
    if part is None:
        return _render_urlset((address, "") for address in _list_page_paths(at))
    found = sitemap.list_statements(part, limit=MAX_PART_URLS, at=at)
    if not found:
        raise Http404
    return _render_urlset(
        (
            _statement_path(slug),
            f"<lastmod>{changed.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}</lastmod>",
        )
        for slug, changed in found
    )


@public_view
def news(request: HttpRequest, *, at: dt.datetime) -> HttpResponse:
    """Of today and yesterday, which is less than the two days that Google News takes.

    Whole days, so that the page stays the same while nothing is published.
    """
    today = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    yesterday = today - dt.timedelta(days=1)
    return xml_response(
        "statements/news_sitemap.xml",
        editions=sitemap.list_latest(since=yesterday, limit=MAX_NEWS_URLS, at=at),
    )


def _list_page_paths(at: dt.datetime) -> list[str]:
    addresses = [reverse(f"statements:{name}") for name in PAGE_NAMES]
    for what in ("theme", "speaker", "organisation"):
        addresses += [
            reverse(f"statements:{what}", kwargs={"slug": slug})
            for slug in sitemap.list_slugs(what, limit=MAX_PROFILE_URLS, at=at)
        ]
    return addresses


def _statement_path(slug: str) -> str:
    return reverse("statements:detail", kwargs={"slug": slug})


def _render_urlset(addresses: Iterable[tuple[str, str]]) -> HttpResponse:
    """Written here and not by a template, which takes its time over 50,000 of them.

    An address of ours is made of slugs: there is nothing in it to escape.
    """
    urls = "".join(
        f"<url><loc>{settings.SITE_URL}{address}</loc>{date}</url>\n" for address, date in addresses
    )
    return HttpResponse(
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{urls}</urlset>\n',
        content_type="application/xml; charset=utf-8",
    )
