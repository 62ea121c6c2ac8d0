"""The page cache as a WSGI server calls it: Django's own responses, without asking Django."""

import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.urls import clear_script_prefix

from statements import clock, workflow
from statements.caching import version
from statements.caching.page_cache import PageCache
from statements.models import Edition
from tests.cast import DAY, HOUR, MINUTE, NOON, approve_edition, make_statement, submit_statement

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_pages")]
ADDRESS = "/statements/what-is-public/"
Answer = tuple[str, dict[str, str], bytes]


@pytest.fixture
def live(frozen, ann, ed) -> Edition:
    """Public since NOON, and it is an hour later."""
    frozen(NOON + HOUR)
    return approve_edition(submit_statement(make_statement(ann, "What is public"), by=ann), by=ed)


class Site:
    """The site as a server calls it; `requests` counts those that reach Django."""

    def __init__(self) -> None:
        self.requests = 0
        self.django = WSGIHandler()
        self.page_cache = PageCache(self.count_and_answer)

    def count_and_answer(self, environ: dict, start_response: Any) -> Any:
        self.requests += 1
        return self.django(environ, start_response)

    def get(self, address: str = ADDRESS, **variables: str) -> Answer:
        return call(self.page_cache, address, **variables)


def call(application: Any, address: str = ADDRESS, **variables: str) -> Answer:
    path, _, query = address.partition("?")
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "HTTP_HOST": "testserver",
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
    }
    answer: list = []
    chunks = application(environ | variables, lambda *line: answer.extend(line))
    body = b"".join(chunks)
    if hasattr(chunks, "close"):
        chunks.close()
    return answer[0], dict(answer[1]), body


@pytest.fixture
def site(monkeypatch, live) -> Iterator[Site]:
    monkeypatch.setattr(clock, "MAX_AGE_SECONDS", 600)
    for signal in (request_started, request_finished):  # they would close the test's transaction
        signal.disconnect(close_old_connections)
    yield Site()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
    clear_script_prefix()  # which a server's request leaves to the next


VARIANTS = [
    {},
    {"REQUEST_METHOD": "HEAD"},
    {"HTTP_ACCEPT_ENCODING": "br"},
    {"HTTP_ACCEPT_ENCODING": "gzip;q=1.0, br;q=0"},
    {"HTTP_ACCEPT_ENCODING": "br," + " " * 5000},
    {"HTTP_IF_NONE_MATCH": "*"},
    {"HTTP_IF_NONE_MATCH": '"something else"'},
    {"HTTP_IF_NONE_MATCH": "*", "REQUEST_METHOD": "HEAD"},
    {"HTTP_IF_MATCH": '"something else"'},
    {"HTTP_IF_MODIFIED_SINCE": "Tue, 01 Mar 2044 12:00:00 GMT"},
    {"HTTP_IF_UNMODIFIED_SINCE": "Tue, 01 Mar 2044 12:00:00 GMT"},
    {"HTTP_COOKIE": "sessionid=anything"},
    {"HTTP_X_FORWARDED_PROTO": "https"},
]
PRIVATE = [
    {"REQUEST_METHOD": "POST"},
    {"HTTP_HOST": "evil.example"},
    {"SCRIPT_NAME": "/record"},
    {"QUERY_STRING": "q=public"},
    {"PATH_INFO": "/admin/"},
    {"PATH_INFO": "/preview/no-such-token/"},
    {"PATH_INFO": "/health/live"},
    {"PATH_INFO": "/static/none.css"},
    {"PATH_INFO": "/nowhere/"},
]


@pytest.mark.parametrize("variables", VARIANTS, ids=str)
def test_a_cached_response_equals_that_of_django(site, variables):
    site.get()
    site.requests = 0
    status, headers, body = site.get(**variables)
    by_django = call(site.django, **variables)

    assert site.requests == 0
    assert (status, headers) == by_django[:2]
    assert body == (b"" if variables.get("REQUEST_METHOD") == "HEAD" else by_django[2])


@pytest.mark.parametrize("variables", PRIVATE, ids=str)
def test_django_answers_whatever_else_is_asked(site, settings, variables):
    settings.ALLOWED_HOSTS = ["testserver"]
    site.get()
    site.requests = 0
    answers = [site.get(**variables) for _ in range(2)]

    assert site.requests == 2 or variables == {"SCRIPT_NAME": "/record"}
    assert answers[0][0] == call(site.django, **variables)[0]


def test_a_cache_in_front_learns_the_present_second(site, frozen):
    first = site.get()[1]["X-Accel-Expires"]
    frozen(NOON + HOUR + MINUTE)
    again = site.get()[1]["X-Accel-Expires"]

    assert site.requests == 1
    assert int(again[1:]) - int(first[1:]) == 60


def test_withdrawn_content_is_not_sent_once_the_version_was_read_again(site, live, ed):
    before = site.get()[2]
    workflow.withdraw(live, by=ed, at=NOON + HOUR, kind="gone", notice="It was wrong.")
    version.reset()  # as a quarter of a second later
    status, _, after = site.get()

    assert b"We welcome" in before
    assert status.startswith("410 ")
    assert b"We welcome" not in after


def test_a_release_is_not_missed(site, ann, ed, frozen):
    second = submit_statement(make_statement(ann, "Tomorrow"), by=ann)
    approve_edition(second, by=ed, release_at=NOON + DAY)
    answers = []
    for at in (NOON + HOUR, NOON + DAY - MINUTE, NOON + DAY):
        frozen(at)
        answers += [b"Tomorrow" in site.get("/statements/")[2] for _ in range(2)]

    assert answers == [False, False, False, False, True, True]
