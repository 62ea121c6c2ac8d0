"""A page that finds its connection to the database lost is asked for once more, on another."""

import psycopg2
import pytest
from django.db import OperationalError, connection

from statements.public.reconnecting import retry_on_lost_connection
from tests.cast import HOUR, NOON, approve_edition, make_statement, submit_statement

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has no connections."),
]


def end_connection() -> None:
    """As a restart of the server does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (number,) = cursor.fetchone()
    with psycopg2.connect(**connection.get_connection_params()) as other, other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [number])


def test_a_page_asked_for_on_a_lost_connection_is_made_on_a_new_one(client, frozen, ann, ed):
    frozen(NOON + HOUR)
    edition = approve_edition(submit_statement(make_statement(ann, "Still here"), by=ann), by=ed)
    address = f"/statements/{edition.slug}/"
    before = client.get(address)
    end_connection()
    after = client.get(address)
    assert (before.status_code, after.status_code) == (200, 200)
    assert before.content == after.content


def test_what_the_database_refuses_is_asked_once():
    asked = []

    def read() -> None:
        asked.append(1)
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = '1ms'")
            try:
                cursor.execute("SELECT pg_sleep(60)")
            finally:
                cursor.execute("SET statement_timeout = 0")

    with pytest.raises(OperationalError):
        retry_on_lost_connection(read)
    assert asked == [1]


def test_a_database_that_is_away_is_an_error_all_the_same(monkeypatch):
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "PORT", "1")
    with pytest.raises(OperationalError):
        retry_on_lost_connection(connection.cursor)
