"""Show the pages about this site, which managers write: accessibility and privacy."""

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
    site_page = site_pages.load_site_page(name)
    return render_page(
        "statements/site_page.html",
        site_page=site_page,
        body=render_body(site_page.body),
        current_section=name,
    )


def render_body(body: str) -> SafeString:
    """Return clean HTML blocks; a line that is all bold becomes a heading."""
    blocks = (BOLD_LINE.sub(r"<h2>\1</h2>", block) for block in html.clean_blocks(body))
    return mark_safe("\n".join(blocks))  # noqa: S308 - clean_blocks wrote each block
