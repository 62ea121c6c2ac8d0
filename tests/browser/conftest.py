"""What every browser test stands on: a server that is at rest between two tests, and signing in."""

import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.cast import PASSWORD

PATIENCE = 30
"""Seconds that an answer may take until the test is over."""
expect.set_options(timeout=20_000)  # at most, on a machine with other work


class Gate:
    """The application, as the live server calls it, while a test runs; 503 between two.

    A form speaks to the server by itself, even as its page closes. The database is emptied after
    each test, which no answer may meet half-way.
    """

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self.application = application
        self.is_open, self.inside = False, 0
        self.changed = threading.Condition()

    def __call__(self, environ: dict[str, Any], start_response: Callable) -> Iterator[bytes]:
        with self.changed:
            refused = not self.is_open
            self.inside += not refused
        if refused:
            start_response("503 Service Unavailable", [("Content-Length", "0")])
            return
        try:
            answer = self.application(environ, start_response)
            try:
                yield from answer
            finally:
                if close := getattr(answer, "close", None):
                    close()
        finally:
            with self.changed:
                self.inside -= 1
                self.changed.notify_all()

    def shut(self) -> None:
        with self.changed:
            self.is_open = False
            assert self.changed.wait_for(lambda: self.inside == 0, PATIENCE), "It still answers."


@pytest.fixture(scope="session")
def gate(live_server: LiveServer) -> Gate:
    server = live_server.thread.httpd  # type: ignore[attr-defined]
    gate = Gate(server.application)
    server.set_app(gate)
    return gate


@pytest.fixture(autouse=True)
def server_at_rest(gate: Gate, transactional_db) -> Iterator[None]:
    """Every answer is given before the database is emptied, and none is begun."""
    gate.is_open = True
    yield
    gate.shut()


@pytest.fixture
def new_page(browser: Browser, base_url: str) -> Iterator[Callable[[], Page]]:
    """new_page(): the page of a browser of its own, with nobody's cookies."""
    contexts = []

    def open_page() -> Page:
        contexts.append(browser.new_context(base_url=base_url, locale="en-GB"))
        return contexts[-1].new_page()

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def signed_in(new_page: Callable[[], Page]) -> Callable[[User], Page]:
    """signed_in(user): their page of a browser of their own, on the newsdesk's front page."""

    def sign_in(user: User) -> Page:
        page = new_page()
        page.goto("/admin/")
        sign(page, user)
        page.wait_for_url("**/admin/")
        return page

    return sign_in


def sign(page: Page, user: User) -> None:
    page.get_by_label("Username").fill(user.username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
