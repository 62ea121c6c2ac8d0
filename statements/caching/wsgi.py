"""What is asked again in the very same words is answered as it was, before Django is asked at all.

Only while it is still the same instant as far as a page can tell: the key of lease.py is the same,
and known without a question. Whatever else there is to a request (a condition, another method, an
instant that must be asked for) is Django's, as is every first request for a page.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings

from statements.caching.page_cache import AGAIN, CONDITIONS, UNTIL, until
from statements.caching.version import at_hand
from statements.caching.versioned_lru import Kept

WORDS = (
    *("PATH_INFO", "QUERY_STRING", "SCRIPT_NAME", "SERVER_NAME", "SERVER_PORT", "HTTP_HOST"),
    *("wsgi.url_scheme", "HTTP_X_FORWARDED_PROTO", "HTTP_ACCEPT_ENCODING"),
)
"""All that Django and `PublicAnswers` read of a GET request without a condition."""
LONGEST = 500
"""Characters of words that are remembered. No page has a longer address, and no browser says more
of what it takes."""

Headers = list[tuple[str, str]]


class Told:
    """An answer as it was given, word for word but for how long a cache in front may give it."""

    def __init__(self, status: str, headers: Headers, body: bytes) -> None:
        self.status, self.body = status, body
        self.headers = [(name, value) for name, value in headers if name != UNTIL]

    def headers_at(self, at: dt.datetime) -> Headers:
        return [*self.headers, (UNTIL, until(at))]

    def weight(self) -> int:
        return len(self.body) + 2000


told: Kept[Told] = Kept(most=lambda: settings.KEPT_PAGES // 2, weight=Told.weight)


class AskedAgain:
    """A WSGI application around Django's."""

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self.application = application

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        words = in_words(environ)
        if words is None:
            return self.application(environ, start_response)
        present = at_hand()
        if present and (answer := told.find(present.key, words)):
            start_response(answer.status, answer.headers_at(present.at))
            return [answer.body]

        def start(status: str, headers: Headers, *error: Any) -> Any:
            if again := environ.get(AGAIN):
                key, body = again
                told.put(key, words, Told(status, headers, body))
            return start_response(status, headers, *error)

        return self.application(environ, start)


def in_words(environ: dict[str, Any]) -> tuple[str, ...] | None:
    """The request in so many words; None where there is more to it than these."""
    if environ["REQUEST_METHOD"] != "GET" or not CONDITIONS.isdisjoint(environ):
        return None
    words = tuple([environ.get(name, "") for name in WORDS])
    return words if sum(map(len, words)) <= LONGEST else None
