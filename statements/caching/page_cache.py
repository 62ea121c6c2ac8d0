"""Public answers, made once and sent many times, before sessions, sign-ins and forms are asked.

A public response depends on its address, the instant and the record alone. So a page is kept under
the key of the instant that was read before its data (lease.py), and a page of another key is never
sent. Kept or made this moment, each goes out through `Page.sent`: there is no second way to answer,
but for the very answer that was given already (asked_again.py).
"""

import datetime as dt
import hashlib
import threading
from collections.abc import Callable, Hashable

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response

from statements.caching import compression
from statements.caching.version import Snapshot, current_snapshot
from statements.caching.versioned_lru import VersionedLRU

PRIVATE_PREFIXES = ("/admin/", "/preview/", "/health/", settings.STATIC_URL)
BODY_HEADERS = {"Content-Type", "Content-Length"}
CONDITIONAL_HEADERS = frozenset(
    f"HTTP_IF_{one}" for one in ("MATCH", "NONE_MATCH", "MODIFIED_SINCE", "UNMODIFIED_SINCE")
)
CACHE_GRID_SECONDS = 1
"""Seconds of the wall clock that a cache in front may answer for, the same for every response."""

SNAPSHOT_KEY, ALLOW_CACHING_KEY, CACHE_ENTRY_KEY = (
    "onrecord.instant",
    "onrecord.keep",
    "onrecord.again",
)
"""In request.META, which is what WSGI passes on: as at which instant this is answered; the query
string of a page that may be kept; the key and the body of one that is, for asked_again.py."""
EXPIRES_HEADER = "X-Accel-Expires"


def snapshot_of(request: HttpRequest) -> Snapshot:
    """The one instant as at which this request is answered."""
    if SNAPSHOT_KEY not in request.META:
        request.META[SNAPSHOT_KEY] = current_snapshot()
    return request.META[SNAPSHOT_KEY]


def mark_public(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Say that a response is public: browsers ask each time, and a cache in front until the grid.

    It may keep answering until that second is over, and no longer: a release falls on a full
    minute. The grid is the clock's, so that no lifetime tells of a coming release.
    """
    response.headers["Cache-Control"] = "no-cache"
    if response.status_code < 500:
        response.headers[EXPIRES_HEADER] = accel_expires(snapshot_of(request).at)
    return response


def allow_caching(request: HttpRequest, query: str = "") -> None:
    """The page at this path, with exactly this query string, is the same while the key is.

    Said of every public page without a query string; a view says it of another, or `fleeting`.
    """
    request.META[ALLOW_CACHING_KEY] = query


def fleeting(request: HttpRequest) -> None:
    """What this answers moves with the clock itself, so it is made anew each time."""
    request.META.pop(ALLOW_CACHING_KEY, None)


def accel_expires(at: dt.datetime) -> str:
    """nginx counts through the whole of this second, and does not tell it to anybody."""
    return f"@{int(at.timestamp()) // CACHE_GRID_SECONDS * CACHE_GRID_SECONDS + CACHE_GRID_SECONDS - 1}"


class CachedPage:
    """A response, whole, in each form that was asked for so far. Immutable but for those."""

    def __init__(self, response: HttpResponse) -> None:
        self.status = response.status_code
        self.body = response.content
        self.headers = dict(response.items())
        self.digest = hashlib.sha256(self.body).hexdigest()[:32]
        self.is_compressible = len(
            self.body
        ) >= compression.MIN_COMPRESSED_BYTES and compression.is_text(
            self.headers.get("Content-Type", "")
        )
        self.encodings: dict[str, bytes] = {"": self.body}

    def response_for(self, request: HttpRequest) -> HttpResponseBase:
        """The form that this client takes, or 304 when it has that one already."""
        accepted = request.META.get("HTTP_ACCEPT_ENCODING", "")
        name = compression.negotiate_encoding(accepted) if self.is_compressible and accepted else ""
        response = HttpResponse(self._get_encoded(name), status=self.status, headers=self.headers)
        response.headers["Content-Length"] = str(len(response.content))
        mark_public(request, response)
        if self.is_compressible:
            response.headers["Vary"] = "Accept-Encoding"
        if name:
            response.headers["Content-Encoding"] = name
        etag = f'"{self.digest}-{name}"' if name else f'"{self.digest}"'
        response.headers["ETag"] = etag
        if not any(name in request.META for name in CONDITIONAL_HEADERS):
            return response
        answer = get_conditional_response(request, etag=etag, response=response) or response
        if answer.status_code == 304:
            # A browser puts these over the ones that it stored, which a stricter policy may follow.
            for name, value in self.headers.items():
                if name not in BODY_HEADERS:
                    answer.headers.setdefault(name, value)
        return answer

    def _get_encoded(self, name: str) -> bytes:
        if name not in self.encodings:
            self.encodings[name] = compression.compress(self.body, name)
        return self.encodings[name]

    def estimate_bytes(self) -> int:
        """About as many bytes as it will hold in all its forms."""
        return 2 * len(self.body) + 2000


pages: VersionedLRU[CachedPage] = VersionedLRU(
    max_size=lambda: settings.PAGE_CACHE_BYTES, getsizeof=CachedPage.estimate_bytes
)


MAX_CONCURRENT_RENDERS = 2
"""Pages that a process makes at the same time. With four, its threads wait for one another so much
that there are fewer in a second; what is kept, and the newsdesk, waits for none of them."""
_render_slots = threading.BoundedSemaphore(MAX_CONCURRENT_RENDERS)


class PageCacheMiddleware:
    """Stands first, and answers from what is kept where it can."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        address = (request.path_info, request.META.get("QUERY_STRING", ""))
        if not _is_public_request(request):
            return self._render_and_store(request, None, address)
        key = snapshot_of(request).version
        if page := pages.get(key, address):
            return _send_cached_page(page, request, key)
        with _render_slots:
            if page := pages.get(key, address):  # somebody else asked for the same meanwhile
                return _send_cached_page(page, request, key)
            return self._render_and_store(request, key, address)

    def _render_and_store(
        self, request: HttpRequest, key: Hashable, address: tuple[str, str]
    ) -> HttpResponseBase:
        response = self.get_response(request)
        if not isinstance(response, HttpResponse) or not response.content:
            return response  # a file; a redirect
        if EXPIRES_HEADER not in response.headers:
            return response  # nobody said that it is public
        page = CachedPage(response)
        if key is None or not _is_cacheable(request, response):
            return page.response_for(request)
        pages.set(key, address, page)
        return _send_cached_page(page, request, key)


def _send_cached_page(page: CachedPage, request: HttpRequest, key: Hashable) -> HttpResponseBase:
    """What is kept, and so may be told again to whoever asks in the same words."""
    response = page.response_for(request)
    if isinstance(response, HttpResponse) and response.status_code == 200:
        request.META[CACHE_ENTRY_KEY] = key, response.content
    return response


def _is_public_request(request: HttpRequest) -> bool:
    return (
        request.method in ("GET", "HEAD")
        and not request.path_info.startswith(PRIVATE_PREFIXES)
        and (request.is_secure() or not settings.SECURE_SSL_REDIRECT)  # else it is sent there first
        and _is_known_host(request)
    )


def _is_known_host(request: HttpRequest) -> bool:
    """Whether it is this site that was asked; another name is refused further in."""
    try:
        return bool(request.get_host())
    except DisallowedHost:
        return False


def _is_cacheable(request: HttpRequest, response: HttpResponse) -> bool:
    return response.status_code == 200 and (
        request.META.get(ALLOW_CACHING_KEY) == request.META.get("QUERY_STRING", "")
    )
