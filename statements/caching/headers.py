"""Mark responses as public, and say which of them the page cache may keep."""

import datetime as dt
from typing import TypeVar

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from statements.caching.version import Snapshot, current_snapshot

EXPIRES_HEADER = "X-Accel-Expires"  # for nginx, which does not pass it on
CACHE_GRID_SECONDS = 1
# Keys of request.META, which is the environ of WSGI.
SNAPSHOT_KEY = "onrecord.snapshot"
CACHEABLE_QUERY_KEY = "onrecord.cacheable_query"

ResponseT = TypeVar("ResponseT", bound=HttpResponseBase)


def snapshot_of(request: HttpRequest) -> Snapshot:
    """Return the one snapshot that answers this request: its instant and cache version."""
    snapshot = request.META.get(SNAPSHOT_KEY)
    if snapshot is None:
        snapshot = request.META[SNAPSHOT_KEY] = current_snapshot()
    return snapshot


def mark_public(request: HttpRequest, response: ResponseT) -> ResponseT:
    """Mark a response as public: browsers revalidate it, nginx keeps it to the end of a second."""
    response.headers["Cache-Control"] = "no-cache"
    if response.status_code < 500:
        response.headers[EXPIRES_HEADER] = format_accel_expires(snapshot_of(request).at)
    return response


def allow_caching(request: HttpRequest, query: str = "") -> None:
    """Let the page at this path, with exactly this query string, be kept in memory."""
    request.META[CACHEABLE_QUERY_KEY] = query


def prevent_caching(request: HttpRequest) -> None:
    """Let no page at this path be kept in memory: it depends on more than clock and record."""
    request.META.pop(CACHEABLE_QUERY_KEY, None)


def format_accel_expires(at: dt.datetime) -> str:
    """Return the last second for which nginx may keep a response of this instant.

    Every response expires on the same grid of the clock, so that no lifetime reveals a coming
    release. nginx counts the whole of that second, and a release starts a minute.
    """
    start = int(at.timestamp()) // CACHE_GRID_SECONDS * CACHE_GRID_SECONDS
    return f"@{start + CACHE_GRID_SECONDS - 1}"
