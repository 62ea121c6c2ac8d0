"""What the public templates can ask for, in Jinja2: addresses, dates, and text as a page sets it.

They are filled without the request, several times faster than Django's own templates, which the
admin keeps. Escaping is on for every template, whatever its name ends with.
"""

import datetime as dt
import functools
import itertools
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.template.defaultfilters import linebreaks_filter, linebreaksbr, truncatewords
from django.templatetags.static import static
from django.urls import reverse
from django.utils import dateformat, timezone
from django.utils.text import slugify
from jinja2 import ChainableUndefined, Environment

from statements.public.list_row import render_row


def environment(**options: Any) -> Environment:
    """What is not there is empty, as is whatever would hang on it."""
    ours = {"undefined": ChainableUndefined, "keep_trailing_newline": True}
    made = Environment(**options | ours)  # noqa: S701  Django's options turn escaping on
    made.globals["static"] = _static_url
    # Addresses and rows too, which read more like functions: a filter is called without a context,
    # and one of a constant is filled in when its template is compiled.
    made.filters |= {
        "by_day": group_by_day,
        "date": format_date,
        "linebreaks": linebreaks_filter,
        "linebreaksbr": linebreaksbr,
        "quoted": functools.partial(quote, safe=""),
        "row": render_row,
        "slugify": slugify,
        "truncatewords": truncatewords,
        "url": reverse_path,
    }
    return made


@functools.lru_cache(maxsize=4096)
def reverse_path(name: str, *args: Any) -> str:
    """The path of the page of this name, as Django's `reverse` tells it.

    A process serves the site under one path alone, so what was told once stays so.
    """
    return reverse(name, args=args)


def _static_url(path: str) -> str:
    """The address of a style sheet or a script, looked up once where it is known by its bytes."""
    return static(path) if settings.DEBUG else _static_url_cached(path, settings.STATIC_URL)


@functools.lru_cache
def _static_url_cached(path: str, root: str) -> str:
    return static(path)


def format_date(value: dt.date | None, form: str) -> str:
    """In the letters of Django's `date` filter; a moment in the site's time zone."""
    if not value:
        return ""
    return _format_date(value, form, timezone.get_default_timezone())


@functools.lru_cache(maxsize=4096)
def _format_date(value: dt.date, form: str, zone: dt.tzinfo) -> str:
    if isinstance(value, dt.datetime):
        value = timezone.localtime(value, zone)
    return dateformat.format(value, form)


def group_by_day(rows: Iterable[Any], moment: str) -> Iterator[tuple[str, list[Any]]]:
    """Rows that stand in the order of a moment, under the days of it: “1 March 2044”."""
    for day, those in itertools.groupby(
        rows, lambda row: format_date(getattr(row, moment), "j F Y")
    ):
        yield day, list(those)
