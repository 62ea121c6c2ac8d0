"""What visiting machines ask for first: robots.txt (RFC 9309) and security.txt (RFC 9116)."""

import datetime as dt

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from statements.public.responses import plain, public_page
from statements.published.sitemap import Month

MONTHS_AHEAD = 6


@public_page
def robots(request: HttpRequest, *, at: dt.datetime) -> HttpResponse:
    """All that is public may be read; where anything else lies there is nothing to find."""
    lines = ["User-agent: *", "Disallow: /admin/", "Disallow: /preview/", ""]
    lines += [
        f"Sitemap: {settings.SITE_URL}{reverse(f'statements:{name}')}"
        for name in ("sitemap", "news_sitemap")
    ]
    return plain("\n".join(lines) + "\n")


@public_page
def security(request: HttpRequest, *, at: dt.datetime) -> HttpResponse:
    """Whom to tell of a weakness. None while SECURITY_CONTACT is not set: the file must name one.

    It expires with the fifth month after this one, so that it stays the same for a month.
    """
    if not settings.SECURITY_CONTACT:
        raise Http404
    here = timezone.localtime(at)
    month = Month(here.year, here.month)
    for _ in range(MONTHS_AHEAD):
        month = month.after()
    return plain(
        f"Contact: {settings.SECURITY_CONTACT}\n"
        f"Expires: {month.begins().astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}\n"
        "Preferred-Languages: en\n"
        f"Canonical: {settings.SITE_URL}{reverse('statements:security')}\n"
    )
