"""Test that the triggers exist after migrations, are missed when gone, and are created again."""

import pytest
from django.db import IntegrityError, connection, transaction

from statements.integrity import catalogue, triggers
from tests.cast import make_statement, submit_statement

pytestmark = pytest.mark.django_db

NAMES = sorted(triggers.build_trigger_sql(connection.vendor))


def drop(name: str) -> None:
    (table,) = [
        t for n, t in triggers.list_present_triggers(connection, connection.cursor()) if n == name
    ]
    on = f" ON {table}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}{on}")


def list_lost_triggers() -> list[str]:
    return [difference.key.name for difference in catalogue.find_differences(connection)]


def test_every_rule_is_there_after_the_migrations():
    assert list_lost_triggers() == []


@pytest.mark.parametrize("name", NAMES)
def test_a_rule_that_is_gone_is_named_and_created_by_migrate(name, client):
    drop(name)
    (difference,) = catalogue.find_differences(connection)
    assert (difference.key.kind, difference.key.name, difference.fault) == (
        "trigger",
        name,
        "is missing",
    )
    assert client.get("/health/ready").status_code == 503
    triggers.after_migrations("default")
    assert list_lost_triggers() == []
    assert client.get("/health/ready").status_code == 200


def test_a_rule_that_says_something_else_counts_as_gone():
    name = "event_never_deleted"
    drop(name)
    with connection.cursor() as cursor:
        cursor.execute(
            triggers.build_trigger_sql(connection.vendor)[name].replace("No event", "Some events")
        )
    assert list_lost_triggers() == [name]


def test_they_step_aside_for_migrations():
    triggers.before_migrations("default")
    assert sorted(list_lost_triggers()) == NAMES
    triggers.after_migrations("default")
    assert list_lost_triggers() == []


def refuse(sql: str) -> str:
    """Run SQL that is refused, and return the rule that refused it."""
    with (
        pytest.raises(IntegrityError) as refusal,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
    return triggers.find_refusing_rule(refusal.value)


def test_a_refusal_names_its_rule(ann):
    submit_statement(make_statement(ann), by=ann)
    assert refuse("DELETE FROM statements_event") == "event_never_deleted"
    assert refuse("UPDATE statements_edition SET slug = 'x'") == "edition_content_never_changes"


def test_a_constraint_is_no_rule(ann):
    submit_statement(make_statement(ann), by=ann)
    assert refuse("UPDATE statements_edition SET rule = 'other'") == ""


@pytest.mark.postgresql
def test_an_integrity_error_of_another_function_is_no_rule():
    assert refuse("DO $$ BEGIN RAISE 'x' USING ERRCODE = '23000'; END $$") == ""
