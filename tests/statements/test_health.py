"""Operators ask two addresses whether the product lives and whether it may publish."""

import datetime as dt

import pytest
from django.db import connection

from statements import clock, triggers


def test_a_process_that_answers_is_live(client):
    assert client.get("/health/live").content == b"live\n"


@pytest.mark.django_db
def test_a_whole_database_and_equal_clocks_are_ready(client):
    response = client.get("/health/ready")

    assert (response.status_code, response.content) == (200, b"ready\n")


@pytest.mark.django_db
def test_a_lost_rule_is_not_ready(client):
    with connection.cursor() as cursor:
        on = " ON statements_event" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER event_never_deleted{on}")

    response = client.get("/health/ready")
    triggers.create_triggers(connection)

    assert (response.status_code, response.content.decode()) == (
        503,
        "Rules are missing in the database (event_never_deleted): run manage.py migrate.\n",
    )


@pytest.mark.django_db
def test_clocks_more_than_a_second_apart_are_not_ready(client, monkeypatch):
    ahead = dt.timedelta(seconds=-5)
    monkeypatch.setattr(clock, "database_now", lambda: dt.datetime.now(dt.UTC) + ahead)

    response = client.get("/health/ready")

    assert (response.status_code, response.content.decode()) == (
        503,
        "The clocks of this process and the database are +5.0 s apart.\n",
    )
