"""Show the public log of clarifications, corrections, retractions and withdrawals."""

import datetime as dt
import re

from django.http import Http404, HttpRequest, HttpResponse

from statements.public.responses import public_view, render_page
from statements.published.corrections import LogCursor, load_log_entries

ENTRIES_PER_PAGE = 25
CURSOR_PATTERN = re.compile(r"([12]\d{7}T\d{6}\.\d{6})Z-(\d{1,3})", re.ASCII)


@public_view
def corrections(request: HttpRequest, *, at: dt.datetime) -> HttpResponse:
    """Show the newest entries, or those from a cursor on.

    A cursor is an instant, and any instant works: so none shows whether something happened then.
    """
    older = request.GET.get("older", "")
    cursor = _parse_cursor(older) if older else None
    entries, next_cursor = load_log_entries(cursor, limit=ENTRIES_PER_PAGE, at=at)
    return render_page(
        "statements/corrections.html",
        entries=entries,
        older_cursor=_format_cursor(next_cursor) if next_cursor else "",
        is_later_page=bool(older),
        current_section="corrections",
    )


def _format_cursor(cursor: LogCursor) -> str:
    return f"{cursor.changed_at.astimezone(dt.UTC):%Y%m%dT%H%M%S.%f}Z-{cursor.offset}"


def _parse_cursor(text: str) -> LogCursor:
    match = CURSOR_PATTERN.fullmatch(text)
    if match is None:
        raise Http404
    try:
        changed_at = dt.datetime.strptime(match[1], "%Y%m%dT%H%M%S.%f").replace(tzinfo=dt.UTC)
    except ValueError as error:
        raise Http404 from error
    return LogCursor(changed_at, int(match[2]))
