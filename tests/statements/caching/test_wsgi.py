"""What is asked again in the same words: the same answer without Django, for as long as it holds."""

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
from statements.caching.wsgi import MAX_KEY_CHARS, PageCache
from statements.models import Edition
from tests.cast import DAY, HOUR, MINUTE, NOON, approve_edition, make_statement, submit_statement

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_pages")]
ADDRESS = "/statements/what-is-public/"


@pytest.fixture
def live(frozen, ann, ed) -> Edition:
    """Public since NOON, and it is an hour later."""
    frozen(NOON + HOUR)
    return approve_edition(submit_statement(make_statement(ann, "What is public"), by=ann), by=ed)


class Site:
    """The site as a server calls it; `asked` counts what came as far as Django."""

    def __init__(self) -> None:
        self.asked = 0
        self.django = WSGIHandler()
        self.application = PageCache(self.count)

    def count(self, environ: dict, start_response: Any) -> Any:
        self.asked += 1
        return self.django(environ, start_response)

    def get(self, address: str = ADDRESS, **more: str) -> tuple[str, dict[str, str], bytes]:
        path, _, query = address.partition("?")
        said: list = []
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
        answer = self.application(environ | more, lambda *told: said.extend(told))
        body = b"".join(answer)
        close = getattr(answer, "close", None)
        if close:
            close()
        return said[0], dict(said[1]), body


@pytest.fixture
def site(monkeypatch, live) -> Iterator[Site]:
    monkeypatch.setattr(clock, "MAX_AGE_SECONDS", 600)
    monkeypatch.setattr(clock, "now_if_known", lambda: clock.now())
    for signal in (request_started, request_finished):  # whose end would be that of the test’s data
        signal.disconnect(close_old_connections)
    yield Site()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
    clear_script_prefix()  # which a server's request leaves to the next


def test_the_same_words_get_the_same_answer_and_django_is_not_asked(site, live):
    first = site.get(HTTP_ACCEPT_ENCODING="br")
    again = site.get(HTTP_ACCEPT_ENCODING="br")

    assert site.asked == 1
    assert again == first
    assert (first[0], first[1]["Content-Encoding"]) == ("200 OK", "br")


def test_a_cache_in_front_is_told_the_present_second(site, live, frozen):
    first = site.get()[1]["X-Accel-Expires"]
    frozen(NOON + HOUR + MINUTE)
    again = site.get()[1]["X-Accel-Expires"]

    assert site.asked == 1
    assert int(again[1:]) - int(first[1:]) == 60


@pytest.mark.parametrize(
    "more",
    [
        {"REQUEST_METHOD": "HEAD"},
        {"REQUEST_METHOD": "POST"},
        {"HTTP_HOST": "example.org"},
        {"HTTP_ACCEPT_ENCODING": "gzip"},
        {"HTTP_IF_NONE_MATCH": "*"},
        {"HTTP_IF_MODIFIED_SINCE": "Tue, 01 Mar 2044 12:00:00 GMT"},
        {"HTTP_X_FORWARDED_PROTO": "https"},
        {"SCRIPT_NAME": "/record"},
        {"QUERY_STRING": "q=public"},
        {"PATH_INFO": "/admin/"},
    ],
    ids=str,
)
def test_any_other_word_is_for_django(site, live, more):
    site.get()
    plain = b"".join(site.django(*_asked(more)))
    site.asked = 0
    _, _, body = site.get(**more)

    assert site.asked == 1
    assert body == plain


def _asked(more: dict[str, str]) -> tuple[dict, Any]:
    """As `Site.get` asks, of Django alone."""
    given: list = []
    probe = Site()
    probe.application = lambda environ, start: given.append(environ) or []  # type: ignore[assignment]
    with pytest.raises(IndexError):
        probe.get(**more)
    return given[0], lambda *told: None


def test_a_host_that_is_not_ours_is_refused_whatever_was_asked_before(site, live, settings):
    settings.ALLOWED_HOSTS = ["testserver"]
    site.get()

    assert site.get(HTTP_HOST="evil.example")[0].startswith("400 ")
    assert site.get(HTTP_HOST="evil.example")[0].startswith("400 ")


@pytest.mark.parametrize("address", ["/statements/?q=public", "/nowhere/", "/preview/no-such-key/"])
def test_what_is_not_kept_is_made_anew(site, live, address):
    for _ in range(2):
        site.get(address)
    assert site.asked == 2


def test_many_words_are_not_remembered(site, live):
    for _ in range(2):
        site.get(HTTP_ACCEPT_ENCODING="br," + " " * MAX_KEY_CHARS)
    assert site.asked == 2


def test_withdrawn_words_are_not_told_again_once_the_record_was_asked(site, live, ed):
    before = site.get()[2]
    workflow.withdraw(live, by=ed, at=NOON + HOUR, kind="gone", notice="It was wrong.")
    version.reset()  # as a quarter of a second later
    status, _, after = site.get()

    assert b"We welcome" in before
    assert status.startswith("410 ")
    assert b"We welcome" not in after


def test_a_release_is_not_missed(site, live, ann, ed, frozen):
    second = submit_statement(make_statement(ann, "Tomorrow"), by=ann)
    approve_edition(second, by=ed, release_at=NOON + DAY)
    said = []
    for at in (NOON + HOUR, NOON + DAY - MINUTE, NOON + DAY):
        frozen(at)
        said += [b"Tomorrow" in site.get("/statements/")[2] for _ in range(2)]

    assert said == [False, False, False, False, True, True]


def test_nothing_is_told_where_the_instant_must_be_asked_for(site, live, monkeypatch):
    site.get()
    monkeypatch.setattr(clock, "now_if_known", lambda: None)
    site.get()
    assert site.asked == 2
