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
from statements.caching.version import Instant, instant
from statements.caching.versioned_lru import Kept

NOT_PUBLIC = ("/admin/", "/preview/", "/health/", settings.STATIC_URL)
OF_A_BODY = {"Content-Type", "Content-Length"}
CONDITIONS = frozenset(
    f"HTTP_IF_{one}" for one in ("MATCH", "NONE_MATCH", "MODIFIED_SINCE", "UNMODIFIED_SINCE")
)
GRID = 1
"""Seconds of the wall clock that a cache in front may answer for, the same for every response."""

INSTANT, KEEP, AGAIN = "onrecord.instant", "onrecord.keep", "onrecord.again"
"""In request.META, which is what WSGI passes on: as at which instant this is answered; the query
string of a page that may be kept; the key and the body of one that is, for asked_again.py."""
UNTIL = "X-Accel-Expires"


def instant_of(request: HttpRequest) -> Instant:
    """The one instant as at which this request is answered."""
    if INSTANT not in request.META:
        request.META[INSTANT] = instant()
    return request.META[INSTANT]


def public(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Say that a response is public: browsers ask each time, and a cache in front until the grid.

    It may keep answering until that second is over, and no longer: a release falls on a full
    minute. The grid is the clock's, so that no lifetime tells of a coming release.
    """
    response.headers["Cache-Control"] = "no-cache"
    if response.status_code < 500:
        response.headers[UNTIL] = until(instant_of(request).at)
    return response


def keep(request: HttpRequest, query: str = "") -> None:
    """The page at this path, with exactly this query string, is the same while the key is.

    Said of every public page without a query string; a view says it of another, or `fleeting`.
    """
    request.META[KEEP] = query


def fleeting(request: HttpRequest) -> None:
    """What this answers moves with the clock itself, so it is made anew each time."""
    request.META.pop(KEEP, None)


def until(at: dt.datetime) -> str:
    """nginx counts through the whole of this second, and does not tell it to anybody."""
    return f"@{int(at.timestamp()) // GRID * GRID + GRID - 1}"


class Page:
    """A response, whole, in each form that was asked for so far. Immutable but for those."""

    def __init__(self, response: HttpResponse) -> None:
        self.status = response.status_code
        self.body = response.content
        self.headers = dict(response.items())
        self.tag = hashlib.sha256(self.body).hexdigest()[:32]
        self.is_coded = len(self.body) >= compression.LEAST and compression.is_text(
            self.headers.get("Content-Type", "")
        )
        self.forms: dict[str, bytes] = {"": self.body}

    def sent(self, request: HttpRequest) -> HttpResponseBase:
        """The form that this client takes, or 304 when it has that one already."""
        accepted = request.META.get("HTTP_ACCEPT_ENCODING", "")
        name = compression.chosen(accepted) if self.is_coded and accepted else ""
        response = HttpResponse(self._form(name), status=self.status, headers=self.headers)
        response.headers["Content-Length"] = str(len(response.content))
        public(request, response)
        if self.is_coded:
            response.headers["Vary"] = "Accept-Encoding"
        if name:
            response.headers["Content-Encoding"] = name
        etag = f'"{self.tag}-{name}"' if name else f'"{self.tag}"'
        response.headers["ETag"] = etag
        if not any(name in request.META for name in CONDITIONS):
            return response
        answer = get_conditional_response(request, etag=etag, response=response) or response
        if answer.status_code == 304:
            # A browser puts these over the ones that it stored, which a stricter policy may follow.
            for name, value in self.headers.items():
                if name not in OF_A_BODY:
                    answer.headers.setdefault(name, value)
        return answer

    def _form(self, name: str) -> bytes:
        if name not in self.forms:
            self.forms[name] = compression.coded(self.body, name)
        return self.forms[name]

    def weight(self) -> int:
        """About as many bytes as it will hold in all its forms."""
        return 2 * len(self.body) + 2000


kept: Kept[Page] = Kept(most=lambda: settings.KEPT_PAGES, weight=Page.weight)


AT_ONCE = 2
"""Pages that a process makes at the same time. With four, its threads wait for one another so much
that there are fewer in a second; what is kept, and the newsdesk, waits for none of them."""
_making = threading.BoundedSemaphore(AT_ONCE)


class PublicAnswers:
    """Stands first, and answers from what is kept where it can."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        address = (request.path_info, request.META.get("QUERY_STRING", ""))
        if not _is_asked_in_public(request):
            return self._made(request, None, address)
        key = instant_of(request).key
        if page := kept.find(key, address):
            return _sent(page, request, key)
        with _making:
            if page := kept.find(key, address):  # somebody else asked for the same meanwhile
                return _sent(page, request, key)
            return self._made(request, key, address)

    def _made(
        self, request: HttpRequest, key: Hashable, address: tuple[str, str]
    ) -> HttpResponseBase:
        response = self.get_response(request)
        if not isinstance(response, HttpResponse) or not response.content:
            return response  # a file; a redirect
        if UNTIL not in response.headers:
            return response  # nobody said that it is public
        page = Page(response)
        if key is None or not _may_be_kept(request, response):
            return page.sent(request)
        kept.put(key, address, page)
        return _sent(page, request, key)


def _sent(page: Page, request: HttpRequest, key: Hashable) -> HttpResponseBase:
    """What is kept, and so may be told again to whoever asks in the same words."""
    response = page.sent(request)
    if isinstance(response, HttpResponse) and response.status_code == 200:
        request.META[AGAIN] = key, response.content
    return response


def _is_asked_in_public(request: HttpRequest) -> bool:
    return (
        request.method in ("GET", "HEAD")
        and not request.path_info.startswith(NOT_PUBLIC)
        and (request.is_secure() or not settings.SECURE_SSL_REDIRECT)  # else it is sent there first
        and _is_ours(request)
    )


def _is_ours(request: HttpRequest) -> bool:
    """Whether it is this site that was asked; another name is refused further in."""
    try:
        return bool(request.get_host())
    except DisallowedHost:
        return False


def _may_be_kept(request: HttpRequest, response: HttpResponse) -> bool:
    return response.status_code == 200 and (
        request.META.get(KEEP) == request.META.get("QUERY_STRING", "")
    )
