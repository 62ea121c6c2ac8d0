"""What every public page is, and the list. The clock is read once, here; all is asked of the door.

Templates are rendered without the request: a page depends on its address, the clock and the
record, and on nobody's session.
"""

import datetime as dt
import functools
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
)
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from statements.caching import headers
from statements.search import facets, filters, results
from statements.search import statement_list as lists

SEPARATOR = "\n\n* * *\n\n"
"""Between the words and the facts of their publication, in the plain text."""

# --- Every page -----------------------------------------------------------------------------------


def public_view(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """GET and HEAD only, as at one instant, never stored without asking; see cache.py.

    Anything else is refused before it is asked for a token, which readers have no cookie for.
    """

    read = require_safe(view)

    @csrf_exempt
    @functools.wraps(view)
    def answer(request: HttpRequest, **address: Any) -> HttpResponseBase:
        headers.allow_caching(request)
        at = headers.snapshot_of(request).at
        return headers.mark_public(request, read(request, at=at, **address))

    return answer


def render_page(template: str, status: int = 200, **context: Any) -> HttpResponse:
    """A template filled without the request: nothing of a session or an address gets in."""
    shown = {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL} | context
    return HttpResponse(render_to_string(template, shown), status=status)


def text_response(body: str, status: int = 200) -> HttpResponse:
    return HttpResponse(body, status=status, content_type="text/plain; charset=utf-8")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponseBase:
    """The same bytes for what never was and for what is not public yet."""
    return headers.mark_public(request, render_page("404.html", status=404))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    return headers.mark_public(request, render_page("400.html", status=400))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    return headers.mark_public(
        request, render_page("403.html", status=403, reason=str(exception))
    )


def server_error(request: HttpRequest) -> HttpResponseBase:
    return headers.mark_public(request, render_page("500.html", status=500))


# --- The list -------------------------------------------------------------------------------------


@public_view
def statement_list(request: HttpRequest, *, at: dt.datetime) -> HttpResponse:
    """The newest first, 20 a page; filters combine, and an unknown value has no answers."""
    wanted = filters.parse_filters(request.GET, at=at)
    if moved := filters.find_renamed_query(request.GET, wanted):
        return HttpResponsePermanentRedirect(f"{request.path}?{moved}")
    found = results.search(request.GET, wanted, at=at) if wanted.q else None
    answers = None if found else facets.countable_results(wanted, at=at)
    rows = found or lists.load_page(request.GET, wanted, at=at, results=answers)
    if rows.rows and not wanted.q:  # else anybody could fill what is kept with questions
        headers.allow_caching(
            request, wanted.to_query_string()
        )  # which is never the query of a later page
    return render_page(
        "statements/list.html",
        status=400 if found and found.query.problem else 200,
        page=rows,
        search=found,
        filters=wanted,
        beside=found.facets if found else facets.build_facets(wanted, answers, at=at),
        on_a_later_page=any(name in request.GET for name in ("older", "newer", "page")),
        here="statements",
    )


# --- Files ----------------------------------------------------------------------------------------

FileUrlBuilder = Callable[[str, str], str]
"""Where the bytes of this digest, under this name, are to be had by whoever looks."""


def public_file_url(digest: str, name: str) -> str:
    return reverse("statements:file", kwargs={"digest": digest, "name": name})


def file_gone_response() -> HttpResponse:
    """At the address of a file that was public, and was taken back with what carried it."""
    return text_response("This file was taken back by those who published it.\n", status=410)
