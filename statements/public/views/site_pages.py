"""What this site says about itself: accessibility and privacy, in words that managers keep."""

import datetime as dt
import re

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString, mark_safe

from statements.content import html
from statements.public.responses import public_view, render_page
from statements.published import site_pages

BOLD_LINE = re.compile(r"<p><strong>([^<]+)</strong></p>")


@public_view
def accessibility(request: HttpRequest, *, at: dt.datetime) -> HttpResponse:
    return _render_site_page("accessibility")


@public_view
def privacy(request: HttpRequest, *, at: dt.datetime) -> HttpResponse:
    return _render_site_page("privacy")


def _render_site_page(name: str) -> HttpResponse:
    found = site_pages.load_site_page(name)
    return render_page(
        "statements/about.html", about=found, words=render_body(found.body), here=name
    )


def render_body(body: str) -> SafeString:
    """Clean blocks; a line in bold by itself is a heading."""
    blocks = (BOLD_LINE.sub(r"<h2>\1</h2>", block) for block in html.clean_blocks(body))
    return mark_safe("\n".join(blocks))  # noqa: S308 - each block was written by markup
