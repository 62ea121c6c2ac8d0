"""Show what somebody sent after they were signed out, or from an old tab, so they can copy it."""

import re
from urllib.parse import urlencode, urlsplit

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from statements.public import responses

IGNORED_NAMES = re.compile(r"csrfmiddlewaretoken|seen_|autosave|.*password", re.IGNORECASE)
SIGNED_OUT_MESSAGE = gettext_lazy(
    "You were signed out before this was sent, and nothing was saved."
)
ANOTHER_SESSION_MESSAGE = gettext_lazy(
    "You signed in again in another tab after you opened this page, and nothing that you sent "
    "was saved. Open the page again, and send it from there."
)


def has_unsaved_post(request: HttpRequest) -> bool:
    """Return whether a person sent this, from a form that does not save itself in between."""
    is_by_hand = request.headers.get("Sec-Fetch-Mode") == "navigate"  # and not by a script
    return request.method == "POST" and is_by_hand and "autosave_key" not in request.POST


def render_signed_out(request: HttpRequest) -> HttpResponse:
    return _render_typed(request, _("You were signed out"), str(SIGNED_OUT_MESSAGE), is_own=True)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """Answer a failed CSRF check on the staff side; Django's own page is for developers.

    Another site may have sent the text, so only a signed-in user sees it again.
    """
    if not request.path_info.startswith("/admin/"):
        return responses.forbidden(request, PermissionDenied(_("This page accepts no forms.")))
    is_own = request.user.is_authenticated
    return _render_typed(
        request, _("This was not saved"), str(ANOTHER_SESSION_MESSAGE), is_own=is_own
    )


def _render_typed(request: HttpRequest, title: str, sentence: str, *, is_own: bool) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": title,
        "sentence": sentence,
        "texts": list_typed_texts(request) if is_own else [],
        "next_url": _find_next_url(request),
    }
    return render(request, "admin/newsdesk/lost_input.html", context, status=403)


def list_typed_texts(request: HttpRequest) -> list[tuple[str, str]]:
    """Return every value of more than one word, with the name of its field."""
    return [
        (name.replace("_", " ").capitalize(), value)
        for name, values in request.POST.lists()
        if not IGNORED_NAMES.match(name)
        for value in values
        if len(value.split()) > 1
    ]


def _find_next_url(request: HttpRequest) -> str:
    """Return the page this was sent from, after signing in where that is necessary."""
    referrer = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(referrer, {request.get_host()})
    path = urlsplit(referrer).path if is_ours else ""
    page = path if path.startswith("/admin/") else reverse("admin:index")
    if request.user.is_authenticated:
        return page
    return f"{reverse('admin:login')}?{urlencode({'next': page})}"
