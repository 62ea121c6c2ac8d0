"""Operators ask two addresses whether the product lives and whether it may publish."""

import datetime as dt
import json
import sqlite3
from contextlib import closing
from functools import partial
from types import SimpleNamespace

import pytest
from django.db import OperationalError, connection

from config import static_files
from statements import clock, health
from statements.integrity import catalogue, triggers


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

    monkeypatch.setattr(health, "DATABASE_CHECKS", [gone])
    response = client.get("/health/ready")

    assert (response.status_code, response.content) == (
        503,
        b"The database does not answer: start it, or look at DATABASE_URL.\n",
    )


# --- A database that cannot be written to ---------------------------------------------------------


def ask(client) -> tuple[int, str]:
    response = client.get("/health/ready")
    return response.status_code, response.content.decode()


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_a_database_that_another_program_holds_is_not_ready(client, monkeypatch):
    monkeypatch.setattr(health, "MAX_BUSY_SECONDS", 0.1)
    with closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as held:
        held.execute("BEGIN IMMEDIATE")
        during = ask(client)
        held.execute("ROLLBACK")

    assert during == (
        503,
        "The database is busy with other work: if that lasts, find the program that holds it.\n",
    )
    assert ask(client) == (200, "ready\n")


@pytest.mark.django_db
def test_a_database_that_can_only_be_read_is_not_ready(client):
    pragma = "query_only = ON" if connection.vendor == "sqlite" else ""
    catalogue._expected.clear()  # as in a process that has compared no rules yet
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {pragma}" if pragma else "SET LOCAL transaction_read_only = on")
    during = ask(client)
    if pragma:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA query_only = OFF")

    assert during == (
        503,
        "The database can only be read at the moment: let the site's own user write to it.\n",
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (
            "database or disk is full",
            "The disk of the server is full: delete what is not needed, or add space.\n",
        ),
        (
            "disk I/O error",
            "The database’s disk or file is damaged: look at the disk and the system log; restore a "
            "backup if necessary.\n",
        ),
    ],
)
def test_a_database_that_fails_is_not_ready(client, error, sentence):
    def fail(execute, sql, params, many, context):
        raise OperationalError(error)

    with connection.execute_wrapper(fail):
        assert ask(client) == (503, sentence)


@pytest.mark.sqlite
@pytest.mark.django_db
def test_a_database_file_that_is_gone_or_replaced_is_not_ready(client, monkeypatch, tmp_path):
    """Its open connection would go on as if nothing had happened."""
    path = tmp_path / "onrecord.sqlite3"
    path.touch()
    monkeypatch.setitem(connection.settings_dict, "NAME", str(path))
    before = ask(client)
    path.rename(tmp_path / "away")
    gone = ask(client)
    path.touch()
    replaced = ask(client)

    assert before == (200, "ready\n")
    assert gone == (
        503,
        f"The database file {path} is gone: stop the site, then restore a backup.\n",
    )
    assert replaced == (
        503,
        f"The database file {path} was replaced while the site ran: restart the site.\n",
    )


# --- The machine ----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_nearly_full_disk_is_not_ready(client, monkeypatch, settings):
    monkeypatch.setattr(health.shutil, "disk_usage", lambda path: SimpleNamespace(free=99_999_999))

    assert ask(client) == (
        503,
        f"The disk under {settings.VAR_DIR} has 99 MB left: delete what is not needed, or add "
        "space.\n",
    )


@pytest.mark.django_db
def test_a_folder_that_cannot_be_written_to_is_not_ready(client, monkeypatch, settings):
    monkeypatch.setattr(health.os, "access", lambda folder, mode: folder != settings.VAR_DIR)

    assert ask(client) == (
        503,
        f"This process cannot write to {settings.VAR_DIR}: let the site's own user write there.\n",
    )


@pytest.mark.django_db
def test_pages_come_without_their_style_sheets_and_the_product_says_so(
    client, ann, settings, tmp_path
):
    """As after an upgrade without collectstatic."""
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "config.static_files.ForgivingManifestStorage"}
    }
    page = client.get("/")
    client.force_login(ann)
    desk = client.get("/admin/")

    assert (page.status_code, desk.status_code) == (200, 200)
    assert '<link rel="stylesheet" href="/static/public.css">' in page.content.decode()
    assert "Style sheets and scripts are missing on the server" in desk.content.decode()
    assert ask(client) == (
        503,
        "Style sheets and scripts are missing (public.css, newsdesk/tokens.css, "
        "newsdesk/components.css, newsdesk/shell.css, newsdesk/autosave.js): run manage.py collectstatic, then restart the site.\n",
    )


@pytest.mark.django_db
def test_collected_style_sheets_are_ready_until_one_is_deleted(client, ann, settings, tmp_path):
    paths = {name: f"{name}.1234" for name in static_files.NEEDED_FILES}
    for path in paths.values():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
    manifest = {"version": "1.1", "paths": paths, "hash": "1"}
    (tmp_path / "staticfiles.json").write_text(json.dumps(manifest))
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "config.static_files.ForgivingManifestStorage"}
    }
    client.force_login(ann)

    assert "Style sheets" not in client.get("/admin/").content.decode()
    assert ask(client) == (200, "ready\n")
    (tmp_path / "public.css.1234").unlink()
    assert ask(client) == (
        503,
        "Style sheets and scripts are missing (public.css): run manage.py collectstatic, then "
        "restart the site.\n",
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
        monkeypatch.setattr(clock, "_reading", (clock.FOREVER, float("-inf")))
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
