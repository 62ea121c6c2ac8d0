"""The public log of what was clarified, corrected, retracted and withdrawn."""

import datetime as dt
import re

from django.http import Http404, HttpRequest, HttpResponse

from statements.public.responses import page, public_page
from statements.published.corrections import Place, changes

CHANGES = 25
"""On one page."""
PLACE = re.compile(r"([12]\d{7}T\d{6}\.\d{6})Z-(\d{1,3})", re.ASCII)


@public_page
def corrections(request: HttpRequest, *, at: dt.datetime) -> HttpResponse:
    """Newest first. A place in the log is an instant: any will do, so none tells a thing."""
    asked = request.GET.get("older", "")
    found, following = changes(_place(asked) if asked else None, most=CHANGES, at=at)
    return page(
        "statements/corrections.html",
        changes=found,
        older=_written(following) if following else "",
        further=bool(asked),
        here="corrections",
    )


def _written(place: Place) -> str:
    return f"{place.when.astimezone(dt.UTC):%Y%m%dT%H%M%S.%f}Z-{place.after}"


def _place(asked: str) -> Place:
    match = PLACE.fullmatch(asked)
    try:
        if match is None:
            raise ValueError
        when = dt.datetime.strptime(match[1], "%Y%m%dT%H%M%S.%f").replace(tzinfo=dt.UTC)
    except ValueError as error:
        raise Http404 from error
    return Place(when, int(match[2]))
