"""Rewriting the database, as the worker does after an erasure."""

import sqlite3
import threading
from pathlib import Path

import pytest
from django.db import connection

from statements.erasure import lapse, remnants
from statements.erasure.tasks import rewrite_database
from statements.models import Remark, Statement
from tests.cast import NOON, make_statement, submit_statement
from tests.database_files import read_bytes


def read_setting(pragma: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {pragma}")
        return cursor.fetchone()[0]


@pytest.mark.sqlite
@pytest.mark.django_db
def test_sqlite_overwrites_what_is_deleted():
    assert read_setting("secure_delete") == 1


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_sqlite_loses_what_was_deleted_before_it_overwrote():
    """As by a version, or a program, that left free pages as they were."""
    word = b"zebrafinkzq " * 400
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA secure_delete = OFF")
    statement = Statement.objects.create(headline="A comment", summary=word.decode())
    Statement.objects.filter(pk=statement.pk).update(summary="")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database = Path(connection.settings_dict["NAME"])
    assert word[:100] in read_bytes(database)
    remnants.rewrite()
    assert word[:100] not in read_bytes(database)


@pytest.mark.django_db
def test_no_database_is_rewritten_within_a_transaction():
    with pytest.raises(remnants.RewriteIncomplete) as raised:
        remnants.rewrite()
    assert str(raised.value) == ("A transaction is open, and no database is rewritten within one.")


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_a_reader_of_the_write_ahead_log_is_waited_for(ann, monkeypatch):
    """And where it never lets go, the task fails, and is tried again later."""
    submit_statement(make_statement(ann), by=ann)
    reader = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM statements_edition").fetchone()
    pauses = []
    monkeypatch.setattr(remnants.time, "sleep", pauses.append)
    monkeypatch.setattr(remnants, "MAX_CHECKPOINT_TRIES", 2)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 10")
    with pytest.raises(remnants.RewriteIncomplete) as raised:
        remnants.rewrite()
    assert str(raised.value) == (
        "The write-ahead log is in use all the time; it is tried again later."
    )
    assert pauses == [1, 1]
    reader.close()
    remnants.rewrite()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_table_that_is_in_use_is_left_for_the_next_try(ann, monkeypatch):
    """So that no reader queues behind a rewriting that waits."""
    submit_statement(make_statement(ann), by=ann)
    monkeypatch.setattr(remnants, "LOCK_TIMEOUT_SECONDS", 1)
    is_reading, is_done = threading.Event(), threading.Event()

    def read() -> None:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN; SELECT count(*) FROM statements_remark")
            is_reading.set()
            is_done.wait(30)
            cursor.execute("COMMIT")
        connection.close()

    reader = threading.Thread(target=read)
    reader.start()
    is_reading.wait(30)
    try:
        with pytest.raises(remnants.RewriteIncomplete) as raised:
            remnants.rewrite()
    finally:
        is_done.set()
        reader.join()
    assert str(raised.value) == "These tables could not be rewritten: statements_remark."
    rewrite_database.func()
    assert not Remark.objects.exists()


def test_backups_lapse_after_as_many_days_as_the_setting_says(settings):
    settings.BACKUP_DAYS = 7
    assert f"{lapse.find_lapse_date(NOON):%-d %B %Y}" == "8 March 2044"
    assert (
        "Backups, archives of the write-ahead log and files of replicas from before the erasure "
        "have the words until 8 March 2044: they are kept for 7 days. Have them deleted earlier "
        "if the order says so."
    ) in lapse.describe_remaining_copies(NOON)
