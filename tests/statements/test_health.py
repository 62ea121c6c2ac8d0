"""Operators ask two addresses whether the product lives and whether it may publish."""

import datetime as dt
from functools import partial
from types import SimpleNamespace

import pytest
from django.db import OperationalError, connection

from statements import clock, health
from statements.integrity import triggers


def seconds_ago(seconds: float) -> dt.datetime:
    return dt.datetime.now(dt.UTC) - dt.timedelta(seconds=seconds)


def test_a_process_that_answers_is_live(client):
    assert client.get("/health/live").content == b"live\n"


@pytest.mark.django_db
def test_a_whole_database_and_equal_clocks_are_ready(client):
    response = client.get("/health/ready")

    assert (response.status_code, response.content) == (200, b"ready\n")


def test_a_database_that_does_not_answer_is_not_ready(client, monkeypatch):
    def gone():
        raise OperationalError("connection refused")

    monkeypatch.setattr(health, "_migration_problems", gone)
    response = client.get("/health/ready")

    assert (response.status_code, response.content) == (
        503,
        b"The database does not answer: start it, or look at DATABASE_URL.\n",
    )


@pytest.mark.django_db
def test_a_lost_rule_is_not_ready(client):
    with connection.cursor() as cursor:
        on = " ON statements_event" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER event_never_deleted{on}")

    response = client.get("/health/ready")
    triggers.create_triggers(connection)

    assert (response.status_code, response.content.decode()) == (
        503,
        "The trigger event_never_deleted of statements_event is missing.\n"
        "Run manage.py repair_rules, then manage.py verify_record: rows may have changed while a "
        "rule was off.\n",
    )


@pytest.mark.django_db
def test_clocks_a_second_apart_are_not_ready(client, monkeypatch):
    results = {}
    for apart in (-1, -0.25, 0.25, 1):
        monkeypatch.setattr(clock, "read_database_clock", partial(seconds_ago, apart))
        response = client.get("/health/ready")
        results[apart] = (response.status_code, response.content.decode())

    advice = (
        "let both machines keep time by NTP. Until then nothing comes out early, but it may come "
        "late.\n"
    )
    assert results == {
        -1: (503, f"The clock of this process is 1.0 s behind the database’s: {advice}"),
        -0.25: (200, "ready\n"),
        0.25: (200, "ready\n"),
        1: (503, f"The clock of this process is 1.0 s ahead of the database’s: {advice}"),
    }


@pytest.mark.postgresql  # SQLite has no clock of its own
@pytest.mark.django_db
def test_a_process_goes_by_the_earlier_of_two_clocks(monkeypatch):
    results = {}
    for apart in (-1, 1):
        monkeypatch.setattr(clock, "_measured_at", float("-inf"))
        monkeypatch.setattr(clock, "_known_skew", dt.timedelta(0))
        monkeypatch.setattr(clock, "read_database_clock", partial(seconds_ago, apart))
        results[apart] = round((dt.datetime.now(dt.UTC) - clock.now()).total_seconds(), 1)

    assert results == {-1: 0, 1: 1}


@pytest.mark.django_db
def test_a_slow_answer_of_the_database_is_no_clock_apart(client, monkeypatch):
    """Seconds pass in the question, and say nothing of the clocks."""
    at = dt.datetime(2044, 3, 1, 12, 0, tzinfo=dt.UTC)
    times = iter([at, at + dt.timedelta(seconds=9)])
    datetime = SimpleNamespace(now=lambda zone: next(times))
    monkeypatch.setattr(health, "dt", SimpleNamespace(datetime=datetime, UTC=dt.UTC))
    monkeypatch.setattr(clock, "read_database_clock", lambda: at + dt.timedelta(seconds=4))

    assert health._clock_problems() == []
