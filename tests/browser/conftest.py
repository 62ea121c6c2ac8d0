"""Fixtures of the browser tests: a server that rests between two tests, and signing in."""

import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.cast import PASSWORD

MAX_ANSWER_SECONDS = 30
expect.set_options(timeout=20_000)  # at most, on a machine with other work


class Gate:
    """Pass requests to the application while a test runs; answer 503 between two tests.

    A form sends requests by itself, even as its page closes. The database is emptied after each
    test, which must not happen in the middle of a request.
    """

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self.application = application
        self.is_open, self.running = False, 0
        self.changed = threading.Condition()

    def __call__(self, environ: dict[str, Any], start_response: Callable) -> Iterator[bytes]:
        with self.changed:
            accepted = self.is_open
            self.running += accepted
        if not accepted:
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
                self.running -= 1
                self.changed.notify_all()

    def close(self) -> None:
        with self.changed:
            self.is_open = False
            assert self.changed.wait_for(lambda: self.running == 0, MAX_ANSWER_SECONDS), (
                "A request is still running."
            )


@pytest.fixture(scope="session")
def gate(live_server: LiveServer) -> Gate:
    server = live_server.thread.httpd  # type: ignore[attr-defined]
    gate = Gate(server.application)
    server.set_app(gate)
    return gate


@pytest.fixture(autouse=True)
def server_at_rest(gate: Gate, transactional_db) -> Iterator[None]:
    """Finish every request before the database is emptied, and accept no other."""
    gate.is_open = True
    yield
    gate.close()


@pytest.fixture
def new_page(browser: Browser, base_url: str) -> Iterator[Callable[[], Page]]:
    """new_page(): a page in a browser of its own, without cookies."""
    contexts = []

    def open_page() -> Page:
        contexts.append(browser.new_context(base_url=base_url, locale="en-GB"))
        return contexts[-1].new_page()

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def signed_in(new_page: Callable[[], Page]) -> Callable[[User], Page]:
    """signed_in(user): a page in a browser of their own, on the dashboard."""

    def open_dashboard(user: User) -> Page:
        page = new_page()
        page.goto("/admin/")
        sign_in(page, user)
        page.wait_for_url("**/admin/")
        return page

    return open_dashboard


def sign_in(page: Page, user: User) -> None:
    page.get_by_label("User name").fill(user.username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
