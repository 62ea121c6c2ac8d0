"""A page survives a restart of the database: its request gets a new connection."""

import io
from typing import Any

import psycopg2
import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.urls import clear_script_prefix

from statements.caching.page_cache import PageCache
from tests.cast import HOUR, NOON, approve_edition, make_statement, submit_statement

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]


@pytest.fixture(autouse=True)
def _lasting_connections(monkeypatch):
    """As in production; the settings of the tests close a connection after each request."""
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 60)
    connection.close()
    yield
    clear_script_prefix()
    connection.close()


def end_connection() -> None:
    """End the session of this thread, as a restart of the server does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (number,) = cursor.fetchone()
    with psycopg2.connect(**connection.get_connection_params()) as other, other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [number])


def get(path: str) -> tuple[str, bytes]:
    """Ask the whole WSGI application, with Django's own handling of connections."""
    answer: list[Any] = []
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
    }
    response = PageCache(WSGIHandler())(environ, lambda *line: answer.extend(line))
    body = b"".join(response)
    if hasattr(response, "close"):
        response.close()
    return answer[0], body


@pytest.mark.parametrize("cache_bytes", [0, 8_000_000])
def test_a_page_is_served_after_the_connection_was_lost(settings, frozen, ann, ed, cache_bytes):
    frozen(NOON + HOUR)
    settings.PAGE_CACHE_BYTES = cache_bytes
    edition = approve_edition(submit_statement(make_statement(ann, "Still here"), by=ann), by=ed)
    path = f"/statements/{edition.slug}/"
    before = get(path)
    end_connection()
    after = get(path)

    assert before[0] == "200 OK"
    assert after == before


def test_a_database_that_is_away_is_an_outage(settings, frozen, monkeypatch):
    frozen(NOON)
    settings.DEBUG_PROPAGATE_EXCEPTIONS = False
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "PORT", "1")

    assert get("/")[0] == "503 Service Unavailable"
