"""Serve robots.txt (RFC 9309) and security.txt (RFC 9116)."""

import datetime as dt

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from statements.public.responses import public_view, text_response
from statements.published.sitemap import CalendarMonth

EXPIRY_MONTHS = 6


@public_view
def robots(request: HttpRequest, *, at: dt.datetime) -> HttpResponse:
    lines = ["User-agent: *", "Disallow: /admin/", "Disallow: /preview/", ""]
    lines += [
        f"Sitemap: {settings.SITE_URL}{reverse(f'statements:{name}')}"
        for name in ("sitemap", "news_sitemap")
    ]
    return text_response("\n".join(lines) + "\n")


@public_view
def security(request: HttpRequest, *, at: dt.datetime) -> HttpResponse:
    """Say who takes reports of weaknesses; 404 without SECURITY_CONTACT, which the file must have.

    It expires at the start of a month, so that it stays the same for a month.
    """
    if not settings.SECURITY_CONTACT:
        raise Http404
    today = timezone.localtime(at)
    expiry = CalendarMonth(today.year, today.month)
    for _ in range(EXPIRY_MONTHS):
        expiry = expiry.after()
    return text_response(
        f"Contact: {settings.SECURITY_CONTACT}\n"
        f"Expires: {expiry.get_start().astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}\n"
        "Preferred-Languages: en\n"
        f"Canonical: {settings.SITE_URL}{reverse('statements:security')}\n"
    )
