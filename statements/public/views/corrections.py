"""The public log of what was clarified, corrected, retracted and withdrawn."""

import datetime as dt
import re

from django.http import Http404, HttpRequest, HttpResponse

from statements.public.responses import public_view, render_page
from statements.published.corrections import LogCursor, load_log_entries

ENTRIES_PER_PAGE = 25
"""On one page."""
CURSOR_PATTERN = re.compile(r"([12]\d{7}T\d{6}\.\d{6})Z-(\d{1,3})", re.ASCII)


@public_view
def corrections(request: HttpRequest, *, at: dt.datetime) -> HttpResponse:
    """Newest first. A place in the log is an instant: any will do, so none tells a thing."""
    asked = request.GET.get("older", "")
    found, following = load_log_entries(
        _parse_cursor(asked) if asked else None, limit=ENTRIES_PER_PAGE, at=at
    )
    return render_page(
        "statements/corrections.html",
        changes=found,
        older=_format_cursor(following) if following else "",
        further=bool(asked),
        here="corrections",
    )


def _format_cursor(place: LogCursor) -> str:
    return f"{place.changed_at.astimezone(dt.UTC):%Y%m%dT%H%M%S.%f}Z-{place.offset}"


def _parse_cursor(asked: str) -> LogCursor:
    match = CURSOR_PATTERN.fullmatch(asked)
    try:
        if match is None:
            raise ValueError
        when = dt.datetime.strptime(match[1], "%Y%m%dT%H%M%S.%f").replace(tzinfo=dt.UTC)
    except ValueError as error:
        raise Http404 from error
    return LogCursor(when, int(match[2]))
