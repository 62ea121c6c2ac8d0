"""Keep rendered public pages in memory, and answer requests for them before Django.

A public response depends on its address, the clock and the record. `PageCache`, a WSGI
application around Django's, keeps pages under the cache version that was read before their
data, and never sends a page of another version. It stores only what a view marked public and
allowed it to store. `PublicResponseMiddleware` hands it these pages. A page just rendered and a
page from memory have the headers of the same `PageForm`.
"""

import hashlib
import threading
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.core.handlers.wsgi import WSGIRequest
from django.db import Error as DatabaseError
from django.db import close_old_connections
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response

from statements.caching import compression
from statements.caching.headers import (
    CACHEABLE_QUERY_KEY,
    EXPIRES_HEADER,
    SNAPSHOT_KEY,
    format_accel_expires,
    mark_public,
    snapshot_of,
)
from statements.caching.version import (
    Snapshot,
    current_snapshot,
    last_known_snapshot,
    snapshot_if_fresh,
)
from statements.caching.versioned_lru import VersionedLRU

PRIVATE_PREFIXES = ("/admin/", "/preview/", "/health/", settings.STATIC_URL)
MAX_CONCURRENT_RENDERS = 2
"""Pages that a process renders at once. With four, its threads slow one another down so much
that fewer are rendered in a second. Cached pages and the newsdesk do not wait for these."""

PAGE_KEY = "onrecord.page"  # in request.META, which is the environ of WSGI
CONDITIONAL_KEYS = frozenset(
    {"HTTP_IF_MATCH", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_UNMODIFIED_SINCE"}
)


class PageForm(NamedTuple):
    """A page in one encoding, with all its headers but the expiry for nginx."""

    headers: dict[str, str]
    body: bytes


class CachedPage:
    """A rendered response, in each encoding that was requested so far."""

    def __init__(self, response: HttpResponse) -> None:
        self.status, self.body = response.status_code, response.content
        self.headers = {k: v for k, v in response.items() if k != EXPIRES_HEADER}
        self._digest = hashlib.sha256(self.body).hexdigest()[:32]
        content_type = self.headers.get("Content-Type", "")
        self._is_compressible = compression.is_compressible(content_type, self.body)
        self._forms: dict[str, PageForm] = {}

    def choose_form(self, request: HttpRequest) -> PageForm:
        """Return the page in the best encoding that this client accepts."""
        encoding = ""
        if self._is_compressible:
            encoding = compression.negotiate_encoding(request.META.get("HTTP_ACCEPT_ENCODING", ""))
        if encoding not in self._forms:
            self._forms[encoding] = self._make_form(encoding)
        return self._forms[encoding]

    def _make_form(self, encoding: str) -> PageForm:
        body = compression.compress(self.body, encoding)
        etag = f'"{self._digest}-{encoding}"' if encoding else f'"{self._digest}"'
        headers = self.headers | {"Content-Length": str(len(body)), "ETag": etag}
        if self._is_compressible:
            headers["Vary"] = "Accept-Encoding"
        if encoding:
            headers["Content-Encoding"] = encoding
        return PageForm(headers, body)

    def build_response(self, request: HttpRequest) -> HttpResponse:
        """Return the page, or 304 if the client has it already."""
        headers, body = self.choose_form(request)
        response = mark_public(request, HttpResponse(body, status=self.status, headers=headers))
        if not _is_conditional(request):
            return response
        conditional = get_conditional_response(request, etag=headers["ETag"], response=response)
        if not isinstance(conditional, HttpResponse):
            return response
        if conditional.status_code == 304:
            # A browser replaces the headers that it stored by these: its policy must not be lost.
            for name, value in self.headers.items():
                if name not in ("Content-Type", "Content-Length"):
                    conditional.headers.setdefault(name, value)
        return conditional

    def estimate_bytes(self) -> int:
        """Return roughly the memory that the page needs in all its encodings."""
        return 2 * len(self.body) + 2000


pages: VersionedLRU[CachedPage] = VersionedLRU(
    max_size=lambda: settings.PAGE_CACHE_BYTES, getsizeof=CachedPage.estimate_bytes
)
_render_slots = threading.BoundedSemaphore(MAX_CONCURRENT_RENDERS)


class PublicResponseMiddleware:
    """Set ETag, compression and caching headers of public pages. First in MIDDLEWARE."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if EXPIRES_HEADER not in response.headers:
            return response  # nobody marked it public
        if not isinstance(response, HttpResponse) or not response.content:
            return response  # a file or a redirect
        page = CachedPage(response)
        if _is_cacheable(request, response):
            request.META[PAGE_KEY] = page
        return page.build_response(request)


class PageCache:
    """Answer requests for public pages from memory, and pass all others on to Django."""

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self.application = application

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        request = WSGIRequest(environ)
        if not _is_public_request(request):
            return self.application(environ, start_response)
        key = (request.path, environ.get("QUERY_STRING", ""))
        try:
            snapshot = environ[SNAPSHOT_KEY] = _read_snapshot()
        except DatabaseError:
            return self._answer_without_database(request, key, start_response)
        if page := pages.get(snapshot.version, key):
            return _send(page, request, start_response)
        with _render_slots:
            if page := pages.get(snapshot.version, key):  # rendered while this thread waited
                return _send(page, request, start_response)
            chunks = self.application(environ, start_response)
            if page := environ.pop(PAGE_KEY, None):
                pages.set(snapshot.version, key, page)
            return chunks

    def _answer_without_database(
        self, request: WSGIRequest, key: tuple[str, str], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Send the last known page while that can be trusted; else Django says what failed."""
        snapshot = last_known_snapshot()
        page = pages.get(snapshot.version, key) if snapshot else None
        if page is None:
            return self.application(request.environ, start_response)
        request.META[SNAPSHOT_KEY] = snapshot
        return _send(page, request, start_response)


def _read_snapshot() -> Snapshot:
    if snapshot := snapshot_if_fresh():
        return snapshot
    close_old_connections()  # as Django does around each request: this is none of its requests
    try:
        return current_snapshot()
    finally:
        close_old_connections()


def _send(
    page: CachedPage, request: WSGIRequest, start_response: Callable[..., Any]
) -> list[bytes]:
    if _is_conditional(request):
        response = page.build_response(request)
        status, body = f"{response.status_code} {response.reason_phrase}", response.content
        headers = [*response.items()]
    else:  # the same, several times faster than by an HttpResponse
        form = page.choose_form(request)
        status, body = "200 OK", form.body
        expires = format_accel_expires(snapshot_of(request).at)
        headers = [*form.headers.items(), (EXPIRES_HEADER, expires)]
    start_response(status, headers)
    return [] if request.method == "HEAD" else [body]


def _is_conditional(request: HttpRequest) -> bool:
    return not CONDITIONAL_KEYS.isdisjoint(request.META)


def _is_public_request(request: HttpRequest) -> bool:
    return (
        request.method in ("GET", "HEAD")
        and not request.path_info.startswith(PRIVATE_PREFIXES)
        and (request.is_secure() or not settings.SECURE_SSL_REDIRECT)  # Django redirects the others
        and _is_allowed_host(request)
    )


def _is_allowed_host(request: HttpRequest) -> bool:
    try:
        return bool(request.get_host())
    except DisallowedHost:
        return False  # Django refuses it


def _is_cacheable(request: HttpRequest, response: HttpResponse) -> bool:
    return (
        response.status_code == 200
        and not response.cookies
        and request.META.get(CACHEABLE_QUERY_KEY) == request.META.get("QUERY_STRING", "")
    )
