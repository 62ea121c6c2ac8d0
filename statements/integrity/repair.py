"""Create the rules of the database again where they are missing, changed or off."""

from collections.abc import Callable

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from statements.integrity.catalogue import RuleDifference, find_differences, read_expected
from statements.integrity.rule_entries import RuleEntry, RuleKey, list_guarded_models
from statements.integrity.triggers import create_triggers, drop_triggers

MAX_PASSES = 3
"""To drop a key drops the foreign keys that lead to it, so a second pass creates those."""


def repair_rules(connection: BaseDatabaseWrapper) -> list[RuleDifference]:
    """Create every rule as the code states it; return those that a person has to look at.

    Raises a DatabaseError where rows break a rule: nothing is changed then. Nor is anything changed
    while a table is missing: an empty one in its place would hide the loss.
    """
    differences = find_differences(connection)
    if any(difference.key.kind == "table" for difference in differences):
        return differences
    if connection.vendor == "sqlite":
        _rebuild_tables(connection)
    else:
        _create_rules(connection)
    return find_differences(connection)


def _rebuild_tables(connection: BaseDatabaseWrapper) -> None:
    """Rebuild tables, as a migration does: SQLite adds no constraint to a table that exists."""
    models = list_guarded_models()
    tables = {difference.key.table for difference in find_differences(connection)}
    drop_triggers(connection)
    try:
        with connection.schema_editor() as editor:
            for table in sorted(tables & models.keys()):
                editor._remake_table(models[table])  # type: ignore[attr-defined]  # noqa: SLF001 - what its public methods do, without their change
    finally:
        create_triggers(connection)


@transaction.atomic
def _create_rules(connection: BaseDatabaseWrapper) -> None:
    expected = read_expected(connection)
    for _ in range(MAX_PASSES):
        lost = [row.key for row in find_differences(connection) if row.key.kind in CREATORS]
        for key in sorted(lost, key=lambda key: [*CREATORS].index(key.kind)):
            with connection.cursor() as cursor:
                CREATORS[key.kind](cursor, key, expected[key])
    create_triggers(connection)


def _create_constraint(cursor: CursorWrapper, key: RuleKey, entry: RuleEntry) -> None:
    cursor.execute(f'ALTER TABLE "{key.table}" DROP CONSTRAINT IF EXISTS "{key.name}" CASCADE')
    cursor.execute(f'ALTER TABLE "{key.table}" ADD CONSTRAINT "{key.name}" {entry.definition}')


def _create_index(cursor: CursorWrapper, key: RuleKey, entry: RuleEntry) -> None:
    cursor.execute(f'DROP INDEX IF EXISTS "{key.name}"')
    cursor.execute(entry.definition)


def _set_column(cursor: CursorWrapper, key: RuleKey, entry: RuleEntry) -> None:
    verb = "SET" if entry.definition else "DROP"
    cursor.execute(f'ALTER TABLE "{key.table}" ALTER COLUMN "{key.name}" {verb} NOT NULL')


CREATORS: dict[str, Callable[[CursorWrapper, RuleKey, RuleEntry], None]] = {
    "column": _set_column,
    "primary key": _create_constraint,
    "unique constraint": _create_constraint,
    "unique index": _create_index,
    "check": _create_constraint,
    "exclusion constraint": _create_constraint,
    "foreign key": _create_constraint,
}
"""What PostgreSQL creates one by one, in this order."""
