"""Redirect links to the old site, where this site itself has no page."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db.models import F
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from archive.models import LegacyRedirect, hash_path
from archive.redirect_paths import WORDPRESS_QUERY
from statements.models import EditionFile
from statements.public.responses import public_view
from statements.public.views.statement import render_gone_page
from statements.publicness import address_was_open_at
from statements.published.editions import make_erased_notice

NOT_FOUND = 404


class LegacyRedirectMiddleware:
    """Turn a 404 into a permanent redirect where a statement had that URL on the old site.

    Only once that statement has been public here: before, the 404 stays. One query, on 404s only.
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
    """Return the redirect from a URL of the old site; None for any other URL."""
    response = _build_response(request)
    return None if response.status_code == NOT_FOUND else response


@public_view
def _build_response(request: HttpRequest, *, at: dt.datetime) -> HttpResponse:
    redirect = find_redirect(request.path, request.META.get("QUERY_STRING", ""), at=at)
    if redirect is None:
        return HttpResponse(status=NOT_FOUND)
    if redirect.erased_at:
        return render_gone_page(make_erased_notice(redirect.erased_at))
    return HttpResponsePermanentRedirect(_build_target_url(redirect))


def _build_target_url(redirect: LegacyRedirect) -> str:
    if redirect.file is not None:
        edition_files = EditionFile.objects.filter(
            file=redirect.file, edition__statement=redirect.statement
        )
        name = edition_files.values_list("name", flat=True).first() or "file"
        return reverse("statements:file", kwargs={"digest": redirect.file.digest, "name": name})
    return reverse("statements:detail", kwargs={"slug": redirect.slug})  # type: ignore[attr-defined]  # annotated


def find_redirect(path: str, query: str, *, at: dt.datetime) -> LegacyRedirect | None:
    """Find the redirect of a path, preferably with its query, which WordPress needs.

    Its `slug` is the newest slug of the statement. An erased one leads nowhere: it says since when.
    """
    if "\0" in path:  # PostgreSQL refuses it in a query
        return None
    bare = path.rstrip("/")
    paths = [path, bare, f"{bare}/"]
    if query:
        paths += [f"{variant}?{query}" for variant in paths]
    hashed_paths = {hash_path(variant): variant for variant in paths}
    redirects = (
        LegacyRedirect.objects.filter(
            address_was_open_at(at, "statement__addresses__"), path__in=[*paths, *hashed_paths]
        )
        .order_by("statement__addresses__public_from")
        .annotate(
            slug=F("statement__addresses__slug"),
            address_erased_at=F("statement__addresses__erased_at"),
        )
        .select_related("file")
    )
    newest = {
        hashed_paths.get(redirect.path, redirect.path): redirect
        for redirect in redirects
        if (redirect.path in hashed_paths if redirect.erased_at else not _has_lost_target(redirect))
    }
    return newest[max(newest, key=len)] if newest else None


def _has_lost_target(redirect: Any) -> bool:
    """Return whether the address, or the file, that it leads to was erased."""
    return bool(redirect.address_erased_at or (redirect.file and redirect.file.erased_at))
