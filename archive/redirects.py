"""Links to the old site lead on: asked only where nothing of ours answers."""

import datetime as dt
from collections.abc import Callable

from django.db.models import F
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from archive.models import LegacyRedirect
from archive.redirect_paths import WORDPRESS_QUERY
from statements.models import EditionFile
from statements.public.responses import public_view
from statements.publicness import address_open_at

NOT_FOUND = 404


class LegacyRedirectMiddleware:
    """Middleware: a 404 becomes a permanent redirect where a statement stood at that address.

    Only once that statement has been public here: before, the 404 passes as it is. One query, on
    404s alone.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path == "/" and WORDPRESS_QUERY.fullmatch(request.META.get("QUERY_STRING", "")):
            return find_redirect_response(request) or self.get_response(request)
        response = self.get_response(request)
        if response.status_code != NOT_FOUND or request.method not in ("GET", "HEAD"):
            return response
        return find_redirect_response(request) or response


def find_redirect_response(request: HttpRequest) -> HttpResponseBase | None:
    """Where this address of the old site leads to; None for any other."""
    answer = _build_response(request)
    return None if answer.status_code == NOT_FOUND else answer


@public_view
def _build_response(request: HttpRequest, *, at: dt.datetime) -> HttpResponse:
    found = find_redirect(request.path, request.META.get("QUERY_STRING", ""), at=at)
    if found is None:
        return HttpResponse(status=NOT_FOUND)
    return HttpResponsePermanentRedirect(_build_target_url(found))


def _build_target_url(old: LegacyRedirect) -> str:
    if old.file is not None:
        carried = EditionFile.objects.filter(file=old.file, edition__statement=old.statement)
        name = carried.values_list("name", flat=True).first() or "file"
        return reverse("statements:file", kwargs={"digest": old.file.digest, "name": name})
    return reverse("statements:detail", kwargs={"slug": old.slug})  # type: ignore[attr-defined]


def find_redirect(path: str, query: str, *, at: dt.datetime) -> LegacyRedirect | None:
    """With its query where the old site told pages apart by that, else without.

    Its `slug` is the newest address of the statement.
    """
    if "\0" in path:  # which no database takes
        return None
    bare = path.rstrip("/")
    tried = [path, bare, f"{bare}/"]
    if query:
        tried += [f"{one}?{query}" for one in tried]
    found = (
        LegacyRedirect.objects.filter(address_open_at(at, "statement__addresses__"), path__in=tried)
        .order_by("statement__addresses__public_from")
        .annotate(slug=F("statement__addresses__slug"))
        .select_related("file")
    )
    newest = {one.path: one for one in found}
    return newest[max(newest, key=len)] if newest else None
