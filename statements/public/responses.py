"""Build the responses of public pages: the view decorator, rendering and error pages.

Templates are rendered without the request. A page depends on its address, the clock and the
record, and never on a session. The clock is read once, in `public_view`.
"""

import functools
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from statements.caching.headers import allow_caching, mark_public, snapshot_of
from statements.outages import RETRY_AFTER_SECONDS

View = Callable[..., HttpResponseBase]


def public_view(view: View) -> View:
    """Answer GET and HEAD as at one instant, as a public response that may be cached.

    Other methods are refused before the CSRF check, for which readers have no cookie.
    """
    safe_view = require_safe(view)

    @csrf_exempt
    @functools.wraps(view)
    def wrapper(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        allow_caching(request)
        at = snapshot_of(request).at
        return mark_public(request, safe_view(request, at=at, **kwargs))

    return wrapper


def render_page(template: str, status: int = 200, **context: Any) -> HttpResponse:
    """Render a template without the request, so that nothing of a session gets into it."""
    site = {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL}
    return HttpResponse(render_to_string(template, site | context), status=status)


def text_response(text: str, status: int = 200) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")


def public_file_url(digest: str, name: str) -> str:
    return reverse("statements:file", kwargs={"digest": digest, "name": name})


# --- Errors: handlers in config/urls.py -----------------------------------------------------------


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponseBase:
    """Return the same bytes for what never existed and for what is not public yet."""
    return mark_public(request, render_page("404.html", status=404))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    return mark_public(request, render_page("400.html", status=400))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    response = render_page("403.html", status=403, reason=str(exception))
    return mark_public(request, response)


def server_error(request: HttpRequest) -> HttpResponseBase:
    return mark_public(request, render_page("500.html", status=500))


def outage(request: HttpRequest, *, typed_text: str = "") -> HttpResponseBase:
    """Return the page for a moment in which the record cannot be read, and what a reader wrote."""
    response = render_page("503.html", status=503, typed_text=typed_text)
    response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return mark_public(request, response)
