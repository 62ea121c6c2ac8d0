"""Each compared column, changed behind the record's back, is reported; and each column is listed."""

import datetime as dt
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.contrib.auth.models import User
from django.db import connection, models, transaction

from statements import site_pages, workflow
from statements.audit import verification
from statements.audit.compared import ACCOUNT, COMPARED_TABLES, PAGE, ComparedTable
from statements.integrity import triggers
from statements.models import (
    Edition,
    Event,
    SitePage,
    Statement,
    Theme,
    ThemedStatement,
)
from statements.signoff.actions import record_phone_reply
from tests.cast import (
    HOUR,
    NOON,
    approve_edition,
    make_statement,
    make_user,
    rewrite_passage,
    submit_statement,
)
from tests.make_files import attach_file

pytestmark = pytest.mark.django_db

ROW_NUMBERS = {("statement", "id"), ("themedstatement", "id")}
"""Nothing states these two: every row that refers to a statement is compared, and themes are not."""


def list_columns(table: ComparedTable) -> set[str]:
    """The columns of the table that its lists name, as the database calls them."""
    names = {table.parent, *table.key, *table.stated, *table.frozen, *table.copied}
    own = {name.partition("__") for name in names if name}
    columns = {head if not rest else f"{head}_id" for head, _, rest in own}
    return columns | table.not_compared.keys()


@pytest.mark.parametrize("table", COMPARED_TABLES, ids=lambda table: table.name)
def test_every_column_is_compared_or_there_is_a_reason(table):
    columns = {field.attname for field in table.model._meta.concrete_fields}
    assert columns - list_columns(table) == set()
    assert {name for name in list_columns(table) if not name.startswith("carried")} == columns
    assert all(reason.endswith(".") for reason in table.not_compared.values())


# --- Each column in turn --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def record(django_db_setup, django_db_blocker) -> Iterator[Statement]:
    """A statement with a row in every compared table; what a test does to it is rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_record()
        transaction.set_rollback(True)


def make_record() -> Statement:
    ann, ed = make_user("ann", "Author"), make_user("ed", "Editor")
    manager = make_user("max", "Manager")
    statement = make_statement(ann, summary="In short.")
    attach_file(statement, ann)
    ThemedStatement.objects.create(tag=Theme.objects.create(name="Water"), content_object=statement)
    first = submit_statement(statement, by=ann)
    record_phone_reply(
        first, by=ann, at=NOON, seen_digest=first.digest, name="Dave", agrees=False, text="No."
    )
    approve_edition(first, by=ed)
    rewrite_passage(statement, "We regret it.", by=ann)
    second = submit_statement(
        statement, by=ann, at=NOON + HOUR, amendment="correction", public_note="A slip."
    )
    approve_edition(second, by=ed, at=NOON + HOUR, release_at=NOON + HOUR)
    workflow.withdraw(
        Edition.objects.get(pk=second.pk),
        by=ed,
        at=NOON + 2 * HOUR,
        kind="gone",
        notice="Wrong.",
        target="/statements/?kind=comment",
    )
    page = SitePage.objects.get(name="privacy")
    site_pages.update_page(page, "<p>None.</p>", by=manager, at=NOON, seen_at=None)
    return statement


COLUMNS = [
    (table, name.removesuffix("__uuid") + ("_id" if name.endswith("__uuid") else ""))
    for table in COMPARED_TABLES
    for name in dict.fromkeys((*table.key, *table.stated, *table.frozen, *table.copied))
    if (table.name, name) not in ROW_NUMBERS
]


def test_the_record_as_it_was_written_has_no_problems(record, django_db_blocker):
    with django_db_blocker.unblock():
        assert list(verification.verify()) == []
        assert verification.verify_statement(record) == []


@pytest.mark.parametrize(
    ("table", "column"), COLUMNS, ids=[f"{table.name}.{column}" for table, column in COLUMNS]
)
def test_a_change_of_any_compared_column_is_reported(record, django_db_blocker, table, column):
    with django_db_blocker.unblock(), undone():
        row = find_row(table, column)
        change(table, row, column, make_other_value(table, row, column))
        assert list(verification.verify()) != []
        assert table in (ACCOUNT, PAGE) or verification.verify_statement(record) != []


@pytest.mark.parametrize("table", COMPARED_TABLES, ids=lambda table: table.name)
def test_a_row_that_was_removed_is_reported(record, django_db_blocker, table):
    if table.name in ("statement", "themedstatement", "storedfile"):
        pytest.skip("Nothing states these rows: their columns are compared with those of others.")
    with django_db_blocker.unblock(), undone():
        row = find_row(table, table.key[0])
        run(f"DELETE FROM {table.model._meta.db_table} WHERE id = %s", row.pk)
        assert list(verification.verify()) != []


@pytest.mark.parametrize("name", ["Author", "Manager"])
def test_a_changed_membership_is_reported(record, django_db_blocker, name):
    with django_db_blocker.unblock(), undone():
        user = User.objects.get(username="ann")
        run(
            "DELETE FROM auth_user_groups WHERE user_id = %s"
            if name == "Author"
            else "INSERT INTO auth_user_groups (user_id, group_id)"
            " SELECT %s, id FROM auth_group WHERE name = 'Manager'",
            user.pk,
        )
        assert list(verification.verify()) == [
            f"Of the site, the account ann has another “group:{name}” than its events state."
        ]


def test_a_contributor_who_was_removed_is_reported(record, django_db_blocker):
    with django_db_blocker.unblock(), undone():
        run("DELETE FROM statements_contribution WHERE statement_id = %s", record.pk)
        assert verification.verify_statement(record) == [
            f"Somebody who had a hand in edition {number} of statement {record.pk} is not listed "
            "as a contributor any more."
            for number in (1, 2)
        ]


@pytest.mark.parametrize("column", ["text", "salt", "key", "event_id"])
def test_a_changed_text_of_an_event_is_reported(record, django_db_blocker, column):
    with django_db_blocker.unblock(), undone():
        event = Event.objects.filter(statement=record, texts__key="note").first()
        other = Event.objects.filter(statement=record).exclude(texts__key="note").first()
        value = other.pk if column == "event_id" else "forged"
        text = event.texts.get(key="note")
        run(f"UPDATE statements_eventtext SET {column} = %s WHERE id = %s", value, text.pk)
        assert verification.verify_statement(record) != []


def test_texts_that_were_emptied_without_an_erasure_are_reported(record, django_db_blocker):
    with django_db_blocker.unblock(), undone():
        event = Event.objects.filter(statement=record, texts__key="note").first()
        event.texts.filter(key="note").update(
            text="", salt=""
        )  # as an erasure may, with every trigger in place
        assert verification.verify_statement(record) == [
            f"A text of event {event.number} of statement {record.pk} was changed: note."
        ]


# --- With the triggers and constraints away -------------------------------------------------------


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def run(sql: str, *values: object) -> None:
    """Run a statement as only somebody with the database could."""
    remove_constraints()
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def remove_constraints() -> None:
    triggers.drop_triggers(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = ON")
            return
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "SELECT conrelid::regclass, conname FROM pg_constraint"
            " WHERE contype IN ('f', 'c', 'x') AND conrelid::regclass::text ~ '^(statements|auth)_'"
        )
        for table, name in cursor.fetchall():
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')


@pytest.fixture(autouse=True)
def check_constraints_again(record, django_db_blocker):
    yield
    if connection.vendor == "sqlite":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute("PRAGMA ignore_check_constraints = OFF")


KEY_RELATIONS = ("edition_id", "file_id")


def find_row(table: ComparedTable, column: str) -> models.Model:
    rows = table.model._default_manager.order_by("pk")
    if table is PAGE:
        return rows.get(name="privacy")
    if table is ACCOUNT:
        return rows.get(username="ann")
    return rows.exclude(**{column: None}).first() or rows.first()


def change(table: ComparedTable, row: models.Model, column: str, value: object) -> None:
    field = next(f for f in table.model._meta.concrete_fields if f.attname == column)
    sql = f'UPDATE {table.model._meta.db_table} SET "{field.column}" = %s WHERE id = %s'
    run(sql, field.get_db_prep_value(value, connection), row.pk)


def make_other_value(table: ComparedTable, row: models.Model, column: str) -> object:
    value = getattr(row, column)
    field = next(f for f in table.model._meta.concrete_fields if f.attname == column)
    if column == "contributors":
        return value + f"{User.objects.get(username='max').pk},"
    if field.related_model is User:
        return User.objects.exclude(pk=value).latest("pk").pk
    if column in KEY_RELATIONS:
        return value + 1000  # another one that exists has such a row already
    if field.is_relation:
        others = field.related_model._default_manager.exclude(pk=value)
        return others.values_list("pk", flat=True).first() or (value or 0) + 1000
    if isinstance(field, models.BooleanField):
        return not value
    if isinstance(field, models.DateTimeField):
        return value + HOUR if value and value.year < 9999 else NOON + 5 * HOUR
    if isinstance(field, models.DateField):
        return value + dt.timedelta(1) if value else NOON.date()
    if isinstance(field, models.UUIDField):
        return uuid.uuid4()
    if isinstance(field, models.IntegerField):
        return (value or 0) + 1000
    return "forged"
