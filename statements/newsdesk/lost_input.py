"""What somebody typed and sent when they were signed in no more, or in another tab as well: shown,
to be copied, as nothing of it was saved."""

from urllib.parse import urlencode, urlsplit

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from statements.public import responses

IGNORED_PREFIXES = ("csrfmiddlewaretoken", "password", "seen_", "autosave")
SIGNED_OUT_MESSAGE = "You were signed out before this was sent, and nothing of it was saved."
ANOTHER_SESSION_MESSAGE = (
    "You signed in again in another tab after this page was opened, and nothing of what it sent "
    "was saved. Open the page again, and send it from there."
)


def has_unsaved_post(request: HttpRequest) -> bool:
    """Whether a person sent this, and no form keeps it aside for them."""
    by_hand = request.headers.get("Sec-Fetch-Mode") == "navigate"  # and not by a page of itself
    return request.method == "POST" and by_hand and "autosave_key" not in request.POST


def render_signed_out(request: HttpRequest) -> HttpResponse:
    return _render_typed(request, "You were signed out", SIGNED_OUT_MESSAGE, is_theirs=True)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """Django's own page is for developers. What another site may have sent is repeated nowhere."""
    if not request.path_info.startswith("/admin/"):
        return responses.forbidden(
            request, PermissionDenied("This page takes nothing that is sent.")
        )
    is_theirs = request.user.is_authenticated
    return _render_typed(
        request, "This was not saved", ANOTHER_SESSION_MESSAGE, is_theirs=is_theirs
    )


def _render_typed(
    request: HttpRequest, title: str, sentence: str, *, is_theirs: bool
) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": title,
        "sentence": sentence,
        "typed": _list_typed_texts(request) if is_theirs else [],
        "onward": _find_next_url(request),
    }
    return render(request, "admin/newsdesk/typed.html", context, status=403)


def _list_typed_texts(request: HttpRequest) -> list[tuple[str, str]]:
    """Whatever has more than one word, under the name of its field."""
    return [
        (name.replace("_", " ").capitalize(), value)
        for name, values in request.POST.lists()
        if not name.startswith(IGNORED_PREFIXES)
        for value in values
        if len(value.split()) > 1
    ]


def _find_next_url(request: HttpRequest) -> str:
    """By signing in, where one has to, to the page that this was sent from."""
    came_from = request.headers.get("Referer", "")
    hosts = {request.get_host()}
    here = urlsplit(came_from).path if url_has_allowed_host_and_scheme(came_from, hosts) else ""
    page = here if here.startswith("/admin/") else reverse("admin:index")
    if request.user.is_authenticated:
        return page
    return f"{reverse('admin:login')}?{urlencode({'next': page})}"
