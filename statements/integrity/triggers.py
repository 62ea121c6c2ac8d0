"""Create and drop the triggers of this database.

They are dropped before migrations and created after them: on SQLite every AlterField rebuilds the
table and silently loses its triggers. `catalogue` compares what should be there with what is.
"""

from typing import Any

from django.db import IntegrityError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from statements.integrity import cache_triggers, group_rules, index_triggers
from statements.integrity.trigger_rules import (
    OVERLAP_RULES,
    SQLITE_RULES,
    TRIGGER_RULES,
    TriggerRule,
)

ALL_RULES = TRIGGER_RULES + group_rules.GROUP_RULES + group_rules.TRANSLATION_RULES

REFUSE_FUNCTION_BODY = """
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[0]
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME;
END """
# For a rule that reads other rows: the condition of a trigger may not.
REFUSE_IF_FUNCTION_BODY = """
BEGIN
    IF {condition} THEN
        RAISE EXCEPTION '%', TG_ARGV[0]
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME;
    END IF;
    RETURN NEW;
END """
REFUSED_SQLSTATE = "23000"  # integrity_constraint_violation; constraints have codes of their own
POSTGRESQL_FUNCTIONS = (
    {
        "onrecord_refuse": REFUSE_FUNCTION_BODY,
        "onrecord_bump_cache_version": cache_triggers.BUMP_FUNCTION_BODY,
    }
    | index_triggers.POSTGRESQL_FUNCTIONS
    | group_rules.POSTGRESQL_FUNCTIONS
    | {
        f"onrecord_{rule.name}": REFUSE_IF_FUNCTION_BODY.format(
            condition=rule.format_condition("postgresql")
        )
        for rule in ALL_RULES
        if rule.reads_rows
    }
)
"""Function name → body, for the triggers of PostgreSQL."""


def find_refusing_rule(error: IntegrityError) -> str:
    """Return the name of the trigger that refused a change; "" if no trigger did."""
    cause = error.__cause__
    if getattr(cause, "sqlite_errorname", "") == "SQLITE_CONSTRAINT_TRIGGER":
        return str(cause).partition(":")[0]
    if getattr(cause, "pgcode", "") == REFUSED_SQLSTATE:
        return cause.diag.constraint_name or ""  # type: ignore[union-attr]  # psycopg2's error
    return ""


# --- SQL ------------------------------------------------------------------------------------------


def build_trigger_sql(vendor: str) -> dict[str, str]:
    """Return trigger name → the SQL that creates it."""
    caches = cache_triggers.build_triggers(vendor)
    if vendor == "sqlite":
        rules = {rule.name: _build_sqlite_trigger(rule) for rule in ALL_RULES + SQLITE_RULES}
        return rules | index_triggers.SQLITE_TRIGGERS | group_rules.SQLITE_TRIGGERS | caches
    rules = {rule.name: _build_postgresql_trigger(rule) for rule in ALL_RULES}
    copies = index_triggers.POSTGRESQL_TRIGGERS | group_rules.POSTGRESQL_TRIGGERS
    return rules | copies | caches | _build_truncate_triggers()


def _build_sqlite_trigger(rule: TriggerRule) -> str:
    # AFTER, so that NEW.id is known on insert; the ABORT undoes the statement all the same.
    moment = "AFTER" if rule in OVERLAP_RULES else "BEFORE"
    condition = rule.format_condition("sqlite")
    when = f" WHEN {condition}" if condition else ""
    # RAISE carries text alone, so the text begins with the trigger's name.
    return (
        f"CREATE TRIGGER {rule.name} {moment} {rule.event} ON {rule.table} FOR EACH ROW{when} "
        f"BEGIN SELECT RAISE(ABORT, '{rule.name}: {rule.message}'); END"
    )


def _build_postgresql_trigger(rule: TriggerRule) -> str:
    condition = "" if rule.reads_rows else rule.format_condition("postgresql")
    when = f" WHEN ({condition})" if condition else ""
    function = f"onrecord_{rule.name}" if rule.reads_rows else "onrecord_refuse"
    return (
        f"CREATE TRIGGER {rule.name} BEFORE {rule.event} ON {rule.table} FOR EACH ROW{when} "
        f"EXECUTE FUNCTION {function}('{rule.message}')"
    )


def _build_truncate_triggers() -> dict[str, str]:
    """Return one for each table that keeps its rows: TRUNCATE fires no row trigger."""
    triggers = {}
    for table in sorted({rule.table for rule in ALL_RULES if rule.event == "DELETE"}):
        name = f"{table.removeprefix('statements_')}_never_truncated"
        triggers[name] = (
            f"CREATE TRIGGER {name} BEFORE TRUNCATE ON {table} FOR EACH STATEMENT "
            f"EXECUTE FUNCTION onrecord_refuse('The record is never emptied: {table}.')"
        )
    return triggers


# --- In the database ------------------------------------------------------------------------------


def create_triggers(connection: BaseDatabaseWrapper) -> None:
    """Create every trigger, replacing those that exist."""
    drop_triggers(connection)
    with connection.cursor() as cursor:
        cursor.execute(cache_triggers.INSERT_FIRST_ROW)
        if connection.vendor == "postgresql":
            for name, body in POSTGRESQL_FUNCTIONS.items():
                cursor.execute(
                    f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger "
                    f"LANGUAGE plpgsql AS $${body}$$"
                )
        for sql in build_trigger_sql(connection.vendor).values():
            cursor.execute(sql)


def drop_triggers(connection: BaseDatabaseWrapper) -> None:
    """Drop every trigger: only for migrations, and for test flushes."""
    with connection.cursor() as cursor:
        for name, table in list_present_triggers(connection, cursor):
            on = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


def list_present_triggers(
    connection: BaseDatabaseWrapper, cursor: CursorWrapper
) -> list[tuple[str, str]]:
    """Return name and table of each of our triggers that the database has."""
    if connection.vendor == "sqlite":
        cursor.execute("SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'")
    else:
        cursor.execute(
            "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
        )
    names = build_trigger_sql(connection.vendor)
    return [(name, table) for name, table in cursor.fetchall() if name in names]


# --- Called by Django -----------------------------------------------------------------------------


def before_migrations(using: str, **kwargs: Any) -> None:
    """Drop the triggers before a migration rebuilds their tables."""
    drop_triggers(connections[using])


def after_migrations(using: str, **kwargs: Any) -> None:
    """Create the triggers, unless a migration went back to before their tables."""
    connection = connections[using]
    required_tables = {
        index_triggers.FINGERPRINTS_TABLE,
        *(rule.table for rule in ALL_RULES),
        *cache_triggers.REQUIRED_TABLES,
    }
    if required_tables <= {*connection.introspection.table_names()}:
        create_triggers(connection)
