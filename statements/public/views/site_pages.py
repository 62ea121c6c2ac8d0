"""What this site says about itself: accessibility and privacy, in words that managers keep."""

import datetime as dt
import re

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString, mark_safe

from statements.content import html
from statements.public.responses import page, public_page
from statements.published import site_pages

BOLD_LINE = re.compile(r"<p><strong>([^<]+)</strong></p>")


@public_page
def accessibility(request: HttpRequest, *, at: dt.datetime) -> HttpResponse:
    return _about("accessibility")


@public_page
def privacy(request: HttpRequest, *, at: dt.datetime) -> HttpResponse:
    return _about("privacy")


def _about(name: str) -> HttpResponse:
    found = site_pages.about(name)
    return page("statements/about.html", about=found, words=set_words(found.body), here=name)


def set_words(body: str) -> SafeString:
    """Clean blocks; a line in bold by itself is a heading."""
    blocks = (BOLD_LINE.sub(r"<h2>\1</h2>", block) for block in html.clean_blocks(body))
    return mark_safe("\n".join(blocks))  # noqa: S308 - each block was written by markup
