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

from statements.public.responses import public_page
from statements.public.xml import xml_page
from statements.published import sitemap
from statements.published.sitemap import Month

MOST = 50_000  # addresses in one part, by the protocol
MOST_NAMES = 15_000  # of themes, of speakers, of bodies: together with our own pages below MOST
MOST_NEWS = 1_000
PAGES = (
    *("home", "list", "archive", "themes", "speakers", "organisations", "corrections"),
    *("check", "accessibility", "privacy"),
)


class SitemapPart:
    """The last part of a sitemap's address: a month, or None for what belongs to none."""

    regex = r"pages|[12][0-9]{3}-(?:0[1-9]|1[0-2])"

    def to_python(self, value: str) -> Month | None:
        return None if value == "pages" else Month(int(value[:4]), int(value[5:]))

    def to_url(self, value: Month | None) -> str:
        return str(value) if value else "pages"


@public_page
def index(request: HttpRequest, *, at: dt.datetime) -> HttpResponse:
    parts = [None, *sitemap.months(at=at)]
    addresses = [reverse("statements:sitemap_part", kwargs={"part": part}) for part in parts]
    return xml_page("statements/sitemap_index.xml", addresses=addresses)


@public_page
def part(request: HttpRequest, *, part: Month | None, at: dt.datetime) -> HttpResponse:
    """Statements of a month, or pages and names. A month without one is no page of ours."""
    if part is None:
        return _urlset((address, "") for address in _pages(at))
    found = sitemap.statements_of(part, most=MOST, at=at)
    if not found:
        raise Http404
    return _urlset(
        (_detail(slug), f"<lastmod>{changed.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}</lastmod>")
        for slug, changed in found
    )


@public_page
def news(request: HttpRequest, *, at: dt.datetime) -> HttpResponse:
    """Of today and yesterday, which is less than the two days that Google News takes.

    Whole days, so that the page stays the same while nothing is published.
    """
    today = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    yesterday = today - dt.timedelta(days=1)
    return xml_page(
        "statements/news_sitemap.xml",
        editions=sitemap.latest(since=yesterday, most=MOST_NEWS, at=at),
    )


def _pages(at: dt.datetime) -> list[str]:
    addresses = [reverse(f"statements:{name}") for name in PAGES]
    for what in ("theme", "speaker", "organisation"):
        addresses += [
            reverse(f"statements:{what}", kwargs={"slug": slug})
            for slug in sitemap.names(what, most=MOST_NAMES, at=at)
        ]
    return addresses


def _detail(slug: str) -> str:
    return reverse("statements:detail", kwargs={"slug": slug})


def _urlset(addresses: Iterable[tuple[str, str]]) -> HttpResponse:
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
