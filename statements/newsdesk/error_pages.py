"""Answer what is refused or not there: in the frame of the newsdesk for those who belong to it."""

from django.contrib import admin
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from statements.public import responses


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Return the page of status 403, with the sentence of the refusal."""
    if not _is_on_newsdesk(request):
        return responses.forbidden(request, exception)
    reason = str(exception) or _("Ask a manager who may open it.")
    return _render(request, _("This page is not open to you"), reason, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponseBase:
    """Return the page of status 404."""
    if not _is_on_newsdesk(request):
        return responses.not_found(request, exception)
    sentence = _("The address may be mistyped, or what was here is gone.")
    return _render(request, _("There is nothing at this address"), sentence, status=404)


def _is_on_newsdesk(request: HttpRequest) -> bool:
    if not request.path_info.startswith("/admin/") or not hasattr(request, "user"):
        return False
    return admin.site.has_permission(request)


def _render(request: HttpRequest, title: str, sentence: str, *, status: int) -> HttpResponseBase:
    context = {**admin.site.each_context(request), "title": title, "sentence": sentence}
    response = render(request, "admin/newsdesk/error.html", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response
