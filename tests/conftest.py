"""Set up what every test needs: the database, its triggers and the browser."""

import gc
import logging
import os
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.core.management.commands import flush
from django.db import connection, connections
from django.http import HttpResponse
from django.test.client import ClientHandler
from pytest_django.live_server_helper import LiveServer

import tests.hypothesis_profiles  # noqa: F401 - registers the profiles
from statements import clock
from statements.caching import page_cache, version, versioned_lru
from tests import template_database
from tests.cast import ann, ed, frozen, max, sam  # noqa: A004, F401 - fixtures for every test

# Pytest's own handler fails a test whose message is wrong. The stream of Django's may be closed by
# then, which is the fault of no test.
logging.raiseExceptions = False

# Every test leaves thousands of objects, and looking for garbage took a tenth of the time.
gc.set_threshold(100_000, 50, 50)

# Playwright keeps an event loop running in this thread, and Django then refuses the database to
# every later test, though none of them is asynchronous.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

REQUIRED_BY = {"browser": "REQUIRE_BROWSER", "html_checker": "REQUIRE_HTML_CHECKER"}
"""Marker → the variable that makes a skipped test of it a failure."""
CHROMIUM = Path("/usr/bin/chromium")
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",  # which Chromium cannot set up for root, as whom CI runs
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",  # it would talk to its makers
    "--disable-component-update",
    "--disable-sync",
]


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Documents by the name of their argument: a zip file carries the second in which it was
    made, and pytest-xdist asks that every process collect the same tests."""
    return argname if isinstance(val, bytes) else None


# --- Database -------------------------------------------------------------------------------------


def pytest_runtest_setup(item: pytest.Item) -> None:
    if vendor := _needs_other_database(item):
        pytest.skip(f"asks for {vendor}; make test-postgres runs the suite on PostgreSQL")


def _needs_other_database(item: pytest.Item) -> str:
    vendors = {"postgresql", "sqlite"} - {connection.vendor}
    return next((vendor for vendor in vendors if item.get_closest_marker(vendor)), "")


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings: None) -> bool:
    """Migrate no database where a copy of one is at hand."""
    if connection.vendor != "sqlite":
        return False
    return template_database.copy_template(Path(connection.settings_dict["TEST"]["NAME"]))


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_blocker: Any, *, django_db_keepdb: bool
) -> Iterator[None]:
    """The database of the tests, which nobody else uses by the time that it is dropped.

    A process that a test began may take its time to end, and PostgreSQL drops no database that
    somebody is connected to.
    """
    if connection.vendor == "sqlite" and not django_db_keepdb:
        with django_db_blocker.unblock():
            template_database.save_template()
    yield
    if django_db_keepdb:
        connection.close()
        template_database.delete_database(Path(connection.settings_dict["TEST"]["NAME"]))
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture(scope="session", autouse=True)
def flush_past_triggers() -> Iterator[None]:
    """Let a transactional test empty the tables that refuse to be emptied.

    Its flush deletes rows, or truncates tables, that the triggers keep for ever; so they step aside
    for it, and are back before anything else runs.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flush.Command, "handle", _without_triggers(flush.Command.handle))
        yield


def _without_triggers(handle: Callable[..., Any]) -> Callable[..., Any]:
    def flush_handle(command: flush.Command, **options: Any) -> None:
        from statements.integrity import triggers

        database = connections[options["database"]]
        triggers.drop_triggers(database)
        try:
            handle(command, **options)
            if database.vendor == "sqlite":
                _empty_indexes(database)
        finally:
            triggers.drop_triggers(database)  # post_migrate, which flush sends, has made them again
            triggers.create_triggers(database)

    return flush_handle


def _empty_indexes(database: Any) -> None:
    """Virtual tables are no models, and a flush passes them by."""
    with database.cursor() as cursor:
        cursor.execute("DELETE FROM statements_search")
        for index in ("statements_fingerprints_index", "statements_search_drafts"):
            cursor.execute(f"INSERT INTO {index} ({index}) VALUES ('rebuild')")  # from empty tables


@pytest.fixture
def kept_pages(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Put the page cache in front of the test client, with the cache version read every time.

    Production reads it every 250 ms; a test moves its clock and its record faster than that.
    """
    settings.PAGE_CACHE_BYTES = 8_000_000
    monkeypatch.setattr(clock, "MAX_AGE_SECONDS", 0)
    monkeypatch.setattr(page_cache, "close_old_connections", lambda: None)  # they hold the test
    monkeypatch.setattr(ClientHandler, "__call__", _behind_page_cache(ClientHandler.__call__))
    _reset_caches()
    yield
    _reset_caches()  # the rollback also takes the cache version back to an earlier number


def _behind_page_cache(call_django: Callable[..., Any]) -> Callable[..., Any]:
    """Let PageCache answer the test client; a response of Django's keeps its test attributes."""

    def handle(handler: ClientHandler, environ: dict[str, Any]) -> Any:
        responses: list[Any] = []

        def django(environ: dict[str, Any], start_response: Any) -> list[bytes]:
            responses.append(call_django(handler, environ))
            return []

        def start_response(status: str, headers: list[tuple[str, str]]) -> None:
            responses.append(HttpResponse(status=int(status.split()[0]), headers=dict(headers)))

        chunks = page_cache.PageCache(django)(environ, start_response)
        if chunks:
            responses[0].content = b"".join(chunks)
        if not hasattr(responses[0], "wsgi_request"):
            responses[0].wsgi_request = WSGIRequest(environ)
        return responses[0]

    return handle


def _reset_caches() -> None:
    versioned_lru.clear_all()
    version.reset()


# --- Browser --------------------------------------------------------------------------------------


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in item.path.parts:
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, Any]:
    """Where a browser or a checker is required, a test of it that was skipped has failed."""
    report = yield
    for marker, variable in REQUIRED_BY.items():
        required = item.get_closest_marker(marker) and os.environ.get(variable) == "1"
        if report.skipped and required and not _needs_other_database(item):
            report.outcome = "failed"
            report.longrepr = f"skipped, though {variable}=1: {report.longrepr[2]}"
    return report


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    if not CHROMIUM.exists():
        pytest.skip(f"no Chromium at {CHROMIUM}; on Debian: apt-get install chromium")
    return {"executable_path": str(CHROMIUM), "args": CHROMIUM_ARGUMENTS}


@pytest.fixture(scope="session")
def base_url(live_server: LiveServer) -> str:
    """So that a browser test says page.goto("/admin/")."""
    return str(live_server.url)
