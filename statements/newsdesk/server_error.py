"""Answer when something failed: say what, and give back what a person sent.

The pages ask no database, which may be what failed: they know no user and no session.
"""

import sys
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from statements.newsdesk.lost_input import list_typed_texts
from statements.outages import RETRY_AFTER_SECONDS, describe_outage
from statements.public import responses
from statements.signoff.views import is_same_origin

FAULT = gettext_lazy("Something went wrong here. The fault is ours and has been noted.")
TRY_AGAIN = gettext_lazy("Try again in a minute.")


class _CsrfCheck(CsrfViewMiddleware):
    """Check the token of a form without a page of its own, which would ask who is signed in."""

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:
        return HttpResponse(reason, status=403)


def server_error(request: HttpRequest) -> HttpResponseBase:
    """Return the page of status 503 for an outage, and of 500 for a fault of ours."""
    outage = describe_outage(sys.exc_info()[1])
    if not request.path_info.startswith("/admin/"):
        if outage:
            return responses.outage(request, typed_text=_find_signoff_reply(request))
        return responses.server_error(request)
    sentence = f"{outage} {TRY_AGAIN}" if outage else str(FAULT)
    response = _render_staff_page(request, sentence, status=503 if outage else 500)
    if outage:
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def _find_signoff_reply(request: HttpRequest) -> str:
    """Return what somebody outside wrote on the page of a preview link, or ""."""
    is_reply = request.method == "POST" and request.path_info.startswith("/preview/")
    return request.POST.get("text", "").strip() if is_reply and is_same_origin(request) else ""


def _render_staff_page(request: HttpRequest, sentence: str, *, status: int) -> HttpResponse:
    is_own = request.method == "POST" and _came_from_our_page(request)
    context: dict[str, Any] = {
        "site_title": settings.SITE_NAME,
        "site_header": settings.SITE_NAME,
        "title": _("This page cannot be shown at the moment"),
        "sentence": sentence,
        "is_post": request.method == "POST",
        "texts": list_typed_texts(request) if is_own else [],
        "fields": _list_fields(request) if is_own and _can_be_sent_again(request) else [],
        "path": request.get_full_path(),
    }
    # Without the request: the context processors would read the session.
    page = render_to_string("admin/newsdesk/server_error.html", context)
    return HttpResponse(page, status=status, headers={"Cache-Control": "no-store"})


def _came_from_our_page(request: HttpRequest) -> bool:
    """Return whether the form has the token of this browser: another site could have sent it."""
    check = _CsrfCheck(lambda request: HttpResponse())
    check.process_request(request)
    return check.process_view(request, server_error, (), {}) is None


def _can_be_sent_again(request: HttpRequest) -> bool:
    """Return whether the page may repeat the whole form: without files, and never a password."""
    return not request.FILES and not any("password" in name.lower() for name in request.POST)


def _list_fields(request: HttpRequest) -> list[tuple[str, str]]:
    return [(name, value) for name, values in request.POST.lists() for value in values]
