"""What is asked again in the very same words is answered as it was, before Django is asked at all.

Only while it is still the same instant as far as a page can tell: the key of lease.py is the same,
and known without a question. Whatever else there is to a request (a condition, another method, an
instant that must be asked for) is Django's, as is every first request for a page.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings

from statements.caching.page_cache import (
    CACHE_ENTRY_KEY,
    CONDITIONAL_HEADERS,
    EXPIRES_HEADER,
    accel_expires,
)
from statements.caching.version import snapshot_if_fresh
from statements.caching.versioned_lru import VersionedLRU

KEY_VARIABLES = (
    *("PATH_INFO", "QUERY_STRING", "SCRIPT_NAME", "SERVER_NAME", "SERVER_PORT", "HTTP_HOST"),
    *("wsgi.url_scheme", "HTTP_X_FORWARDED_PROTO", "HTTP_ACCEPT_ENCODING"),
)
"""All that Django and `PublicAnswers` read of a GET request without a condition."""
MAX_KEY_CHARS = 500
"""Characters of words that are remembered. No page has a longer address, and no browser says more
of what it takes."""

Headers = list[tuple[str, str]]


class CachedResponse:
    """An answer as it was given, word for word but for how long a cache in front may give it."""

    def __init__(self, status: str, headers: Headers, body: bytes) -> None:
        self.status, self.body = status, body
        self.headers = [(name, value) for name, value in headers if name != EXPIRES_HEADER]

    def headers_at(self, at: dt.datetime) -> Headers:
        return [*self.headers, (EXPIRES_HEADER, accel_expires(at))]

    def estimate_bytes(self) -> int:
        return len(self.body) + 2000


responses: VersionedLRU[CachedResponse] = VersionedLRU(
    max_size=lambda: settings.PAGE_CACHE_BYTES // 2, getsizeof=CachedResponse.estimate_bytes
)


class PageCache:
    """A WSGI application around Django's."""

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self.application = application

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        words = cache_key(environ)
        if words is None:
            return self.application(environ, start_response)
        present = snapshot_if_fresh()
        if present and (answer := responses.get(present.version, words)):
            start_response(answer.status, answer.headers_at(present.at))
            return [answer.body]

        def start(status: str, headers: Headers, *error: Any) -> Any:
            if again := environ.get(CACHE_ENTRY_KEY):
                key, body = again
                responses.set(key, words, CachedResponse(status, headers, body))
            return start_response(status, headers, *error)

        return self.application(environ, start)


def cache_key(environ: dict[str, Any]) -> tuple[str, ...] | None:
    """The request in so many words; None where there is more to it than these."""
    if environ["REQUEST_METHOD"] != "GET" or not CONDITIONAL_HEADERS.isdisjoint(environ):
        return None
    words = tuple([environ.get(name, "") for name in KEY_VARIABLES])
    return words if sum(map(len, words)) <= MAX_KEY_CHARS else None
