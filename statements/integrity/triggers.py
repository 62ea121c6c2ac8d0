"""The rules that no Meta constraint can hold, told to the database as triggers.

They are dropped before migrations and made after them: on SQLite any AlterField rebuilds the
table and silently loses its triggers. A system check and /health/ready compare what should be
there with the catalogue.
"""

from dataclasses import dataclass, replace
from typing import Any

from django.core import checks
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from statements.integrity import cache_triggers, index_triggers
from statements.publicness import ended_sql, overlap_sql, released_sql, was_ever_public_sql

EDITION_TABLE = "statements_edition"
FROZEN_COLUMNS = (
    "id statement_id sequence uuid digest kind organisation_id language dated_on slug amendment "
    "public_note submitted_by_id submitted_at requested_release_at contributors"
).split()
CONTENT_COLUMNS = "content headline summary byline".split()
FILE_COLUMNS = "id path digest size content_type width height of_id by_id at".split()
DECISION_COLUMNS = "approved_by_id approved_at rule countersigned_by_id countersigned_at".split()

NOW_SQL = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%f', 'now')",
    "postgresql": "clock_timestamp()",
}


def _build_change_condition(columns: list[str]) -> str:
    return "(" + " OR ".join(f"NEW.{c} {{differs}} OLD.{c}" for c in columns) + ")"


@dataclass(frozen=True)
class TriggerRule:
    """One rule: what is refused on which table, in words that reach whoever tried."""

    name: str
    table: str
    event: str
    condition: str
    message: str

    def format_condition(self, vendor: str) -> str:
        return self.condition.format(
            now=NOW_SQL[vendor], differs=cache_triggers.DIFFERS_OPERATOR[vendor]
        )


def _forbid_changes(table: str, noun: str) -> list[TriggerRule]:
    return [
        TriggerRule(
            f"{noun}_never_changed", table, "UPDATE", "", f"The record of {noun}s never changes."
        ),
        TriggerRule(f"{noun}_never_deleted", table, "DELETE", "", f"No {noun} is ever deleted."),
    ]


def _forbid_changes_except_erasure(table: str, noun: str, columns: str) -> list[TriggerRule]:
    """As _append_only, but the text may be emptied once, for it may quote words that are erased."""
    emptied = "(OLD.text_erased_at IS NULL AND NEW.text_erased_at IS NOT NULL AND NEW.text = '')"
    never_changed = (
        _build_change_condition(columns.split())
        + f" OR ({_build_change_condition(['text', 'text_erased_at'])} AND NOT {emptied})"
    )
    changed, deleted = _forbid_changes(table, noun)
    return [replace(changed, condition=never_changed), deleted]


RULES = [
    TriggerRule(
        "edition_words_never_change",
        EDITION_TABLE,
        "UPDATE",
        _build_change_condition(FROZEN_COLUMNS)
        + " OR ("
        + _build_change_condition(CONTENT_COLUMNS)
        + " AND NOT (OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL"
        " AND NEW.headline = '[Erased]' AND NEW.summary = '' AND NEW.byline = ''))",
        "The words of an edition never change: submit another edition.",
    ),
    TriggerRule(
        "edition_never_deleted",
        EDITION_TABLE,
        "DELETE",
        "",
        "An edition is never deleted: withdraw it.",
    ),
    TriggerRule(
        "edition_decision_is_final",
        EDITION_TABLE,
        "UPDATE",
        "OLD.approved_at IS NOT NULL AND " + _build_change_condition(DECISION_COLUMNS),
        "Who approved an edition, and how, never changes.",
    ),
    TriggerRule(
        "edition_release_never_moves_once_passed",
        EDITION_TABLE,
        "UPDATE",
        released_sql("OLD", "{now}")
        + " AND "
        + _build_change_condition(["release_at", "first_release_at", "state"]),
        "A release time that has passed never moves.",
    ),
    TriggerRule(
        "edition_is_in_review_once",
        EDITION_TABLE,
        "UPDATE",
        "NEW.state = 'in_review' AND " + _build_change_condition(["state"]),
        "An edition that was decided on is never in review again: submit another.",
    ),
    TriggerRule(
        "edition_end_never_moves_once_passed",
        EDITION_TABLE,
        "UPDATE",
        f"OLD.release_at IS NOT NULL AND {ended_sql('OLD', '{now}')} AND "
        + _build_change_condition(["live_until"]),
        "An edition that has ended never comes back: restore it as a new edition.",
    ),
    TriggerRule(
        "edition_removal_is_final",
        EDITION_TABLE,
        "UPDATE",
        "(OLD.suppressed_at IS NOT NULL AND " + _build_change_condition(["suppressed_at"]) + ")"
        " OR (OLD.erased_at IS NOT NULL AND "
        + _build_change_condition(["erased_at", "erased_by_id", "erasure_asked_by_id"])
        + ")",
        "What was suppressed or erased never comes back.",
    ),
    *_forbid_changes("statements_event", "event"),
    *_forbid_changes("statements_withdrawal", "withdrawal"),
    TriggerRule(
        "stored_file_never_changes",
        "statements_storedfile",
        "UPDATE",
        _build_change_condition(FILE_COLUMNS)
        + " OR OLD.erased_at IS NOT NULL OR NEW.erased_at IS NULL",
        "What was stored never changes: attach another file.",
    ),
    TriggerRule(
        "stored_file_never_deleted",
        "statements_storedfile",
        "DELETE",
        "",
        "What was stored keeps its place in the record.",
    ),
    TriggerRule(
        "edition_carries_its_files_for_ever",
        "statements_editionfile",
        "UPDATE",
        _build_change_condition(["id", "edition_id", "file_id"]) + " OR NEW.name <> ''",
        "The files of an edition never change: submit another edition.",
    ),
    TriggerRule(
        "edition_file_never_deleted",
        "statements_editionfile",
        "DELETE",
        "",
        "The files of an edition never change: submit another edition.",
    ),
    TriggerRule(
        "address_never_changes_hands",
        "statements_statementslug",
        "UPDATE",
        _build_change_condition(["id", "slug", "statement_id"]),
        "An address belongs to its statement for ever.",
    ),
    TriggerRule(
        "address_never_deleted",
        "statements_statementslug",
        "DELETE",
        "",
        "No address is ever deleted.",
    ),
    TriggerRule(
        "contribution_never_changes_hands",
        "statements_contribution",
        "UPDATE",
        _build_change_condition(["id", "user_id", "statement_id"]),
        "Who had a hand in the words never changes.",
    ),
    TriggerRule(
        "contribution_never_deleted",
        "statements_contribution",
        "DELETE",
        "",
        "Who had a hand in the words is never forgotten.",
    ),
    TriggerRule(
        "preview_never_changes_hands",
        "statements_previewlink",
        "UPDATE",
        _build_change_condition(
            "id edition_id name on_behalf_of made_by_id made_at expires_at again_of_id".split()
        )
        + " OR (OLD.revoked_at IS NOT NULL AND "
        + _build_change_condition(["revoked_at", "revoked_by_id"])
        + ")",
        "Whom a preview is for never changes, and what was revoked stays so.",
    ),
    TriggerRule(
        "preview_never_deleted",
        "statements_previewlink",
        "DELETE",
        "",
        "Who was asked is never forgotten: revoke the preview.",
    ),
    *_forbid_changes("statements_previewtoken", "previewtoken"),
    *_forbid_changes("statements_previewvisit", "previewvisit"),
    *_forbid_changes_except_erasure(
        "statements_signoff",
        "answer",
        "id edition_id digest preview_id name on_behalf_of agrees given_at recorded_by_id "
        "recorded_at",
    ),
    *_forbid_changes_except_erasure(
        "statements_remark", "remark", "id edition_id by_id by_name at"
    ),
]

# PostgreSQL holds promise 6 by an exclusion constraint (migration 0002); SQLite has none.
OVERLAP_CONDITION = (
    f"{was_ever_public_sql('NEW')} AND EXISTS (SELECT 1 FROM statements_edition e"  # noqa: S608 - constants
    " WHERE e.statement_id = NEW.statement_id AND e.id <> NEW.id"
    f" AND {was_ever_public_sql('e')} AND {overlap_sql('NEW', 'e')})"
)
OVERLAP_RULES = [
    TriggerRule(
        f"edition_one_at_a_time_on_{event.lower()}",
        EDITION_TABLE,
        event,
        OVERLAP_CONDITION,
        "Two editions of one statement would be public at the same time.",
    )
    for event in ("INSERT", "UPDATE")
]

# SQLite's INSERT OR REPLACE takes the old row away past UPDATE and DELETE triggers.
REPLACE_RULES = [
    TriggerRule(
        f"{noun}_never_replaced",
        f"statements_{noun}",
        "INSERT",
        f"EXISTS (SELECT 1 FROM statements_{noun} r"  # noqa: S608 - every word of it stands here
        f" WHERE r.id = NEW.id OR {same})",
        "What stands on the record is never replaced.",
    )
    for noun, same in (
        (
            "edition",
            "r.uuid = NEW.uuid OR (r.statement_id = NEW.statement_id AND (r.sequence = NEW.sequence"
            " OR (r.state = 'in_review' AND NEW.state = 'in_review')))",
        ),
        ("event", "(r.statement_id IS NEW.statement_id AND r.number = NEW.number)"),
        ("withdrawal", "FALSE"),
        ("storedfile", "r.path = NEW.path"),
        ("editionfile", "(r.edition_id = NEW.edition_id AND r.file_id = NEW.file_id)"),
        ("statementslug", "r.slug = NEW.slug"),
        *((noun, "FALSE") for noun in ("previewlink", "previewvisit", "signoff", "remark")),
        ("previewtoken", "r.token_hash = NEW.token_hash"),
        ("contribution", "(r.statement_id = NEW.statement_id AND r.user_id = NEW.user_id)"),
    )
]
SQLITE_RULES = OVERLAP_RULES + REPLACE_RULES

REFUSE_FUNCTION_BODY = """
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation';
END """
POSTGRESQL_FUNCTIONS = {
    "onrecord_refuse": REFUSE_FUNCTION_BODY,
    "onrecord_moved": cache_triggers.BUMP_FUNCTION_BODY,
} | index_triggers.POSTGRESQL_FUNCTIONS
"""On PostgreSQL: the functions that the triggers call, and what each does."""


def build_trigger_sql(vendor: str) -> dict[str, str]:
    """Trigger name → the SQL that makes it."""
    seen = cache_triggers.build_triggers(vendor)
    if vendor == "sqlite":
        rules = {rule.name: _build_sqlite_trigger(rule) for rule in RULES + SQLITE_RULES}
        return rules | index_triggers.SQLITE_TRIGGERS | seen
    rows = (
        {rule.name: _build_postgresql_trigger(rule) for rule in RULES}
        | index_triggers.POSTGRESQL_TRIGGERS
        | seen
    )
    # TRUNCATE passes row triggers by, so each table that keeps its rows gets one of its own.
    for table in sorted({rule.table for rule in RULES if rule.event == "DELETE"}):
        name = f"{table.removeprefix('statements_')}_never_truncated"
        rows[name] = (
            f"CREATE TRIGGER {name} BEFORE TRUNCATE ON {table} FOR EACH STATEMENT "
            f"EXECUTE FUNCTION onrecord_refuse('The record is never emptied: {table}.')"
        )
    return rows


def _build_sqlite_trigger(rule: TriggerRule) -> str:
    # AFTER, so that NEW.id is known on insert; the ABORT undoes the statement all the same.
    moment = "AFTER" if rule in OVERLAP_RULES else "BEFORE"
    condition = rule.format_condition("sqlite")
    when = f" WHEN {condition}" if condition else ""
    return (
        f"CREATE TRIGGER {rule.name} {moment} {rule.event} ON {rule.table} FOR EACH ROW{when} "
        f"BEGIN SELECT RAISE(ABORT, '{rule.message}'); END"
    )


def _build_postgresql_trigger(rule: TriggerRule) -> str:
    condition = rule.format_condition("postgresql")
    when = f" WHEN ({condition})" if condition else ""
    return (
        f"CREATE TRIGGER {rule.name} BEFORE {rule.event} ON {rule.table} FOR EACH ROW{when} "
        f"EXECUTE FUNCTION onrecord_refuse('{rule.message}')"
    )


def create_triggers(connection: BaseDatabaseWrapper) -> None:
    """Make every trigger anew, on whichever of the two databases this is."""
    drop_triggers(connection)
    with connection.cursor() as cursor:
        cursor.execute(cache_triggers.INSERT_FIRST_ROW)
        if connection.vendor == "postgresql":
            for name, body in POSTGRESQL_FUNCTIONS.items():
                cursor.execute(
                    f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger "
                    f"LANGUAGE plpgsql AS $${body}$$"
                )
        for name, sql in build_trigger_sql(connection.vendor).items():
            cursor.execute(sql)
            if connection.vendor == "postgresql":
                # It prints a trigger in words of its own: the comment is what a check can compare.
                table = sql.split(" ON ")[1].split()[0]
                cursor.execute(f"COMMENT ON TRIGGER {name} ON {table} IS %s", [sql])


def drop_triggers(connection: BaseDatabaseWrapper) -> None:
    """Take every trigger away: only for migrations, and for test flushes."""
    with connection.cursor() as cursor:
        for name, table in _list_present_triggers(connection, cursor):
            on = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


def find_missing_triggers(connection: BaseDatabaseWrapper) -> list[str]:
    """Names of triggers that should be in this database and are not, or not as they should be."""
    with connection.cursor() as cursor:
        present = _read_definitions(connection, cursor)
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT proname, prosrc FROM pg_proc WHERE proname = ANY(%s)",
                [[*POSTGRESQL_FUNCTIONS]],
            )
            if sorted(cursor.fetchall()) != sorted(
                POSTGRESQL_FUNCTIONS.items()
            ):  # which the triggers call
                present = {}
    return [
        name
        for name, sql in build_trigger_sql(connection.vendor).items()
        if present.get(name) != sql
    ]


def _read_definitions(connection: BaseDatabaseWrapper, cursor: CursorWrapper) -> dict[str, str]:
    """Trigger name → the SQL it was made with, as far as it is in force."""
    if connection.vendor == "sqlite":
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    else:
        cursor.execute(
            "SELECT tgname, obj_description(oid, 'pg_trigger') FROM pg_trigger "
            "WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')"
        )
    return dict(cursor.fetchall())


def _list_present_triggers(
    connection: BaseDatabaseWrapper, cursor: CursorWrapper
) -> list[tuple[str, str]]:
    if connection.vendor == "sqlite":
        cursor.execute("SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'")
    else:
        cursor.execute(
            "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
        )
    ours = build_trigger_sql(connection.vendor)
    return [(name, table) for name, table in cursor.fetchall() if name in ours]


def before_migrations(using: str, **kwargs: Any) -> None:
    drop_triggers(connections[using])


def after_migrations(using: str, **kwargs: Any) -> None:
    connection = connections[using]
    tables = connection.introspection.table_names()
    # Not after a migration back to zero, or to before a table was made.
    needed = {
        index_triggers.FINGERPRINTS_TABLE,
        *(rule.table for rule in RULES),
        *cache_triggers.REQUIRED_TABLES,
    }
    if needed <= {*tables}:
        create_triggers(connection)


def check_triggers(app_configs: Any, databases, **kwargs: Any) -> list[checks.CheckMessage]:
    """A warning, not an error: the cure is `migrate`, which an error would stop."""
    problems: list[checks.CheckMessage] = []
    for alias in databases or []:
        connection = connections[alias]
        if EDITION_TABLE not in connection.introspection.table_names():
            continue
        if missing := find_missing_triggers(connection):
            problems.append(
                checks.Warning(
                    f"The database lacks rules that the record depends on: {', '.join(missing)}.",
                    hint="Run manage.py migrate, which makes them anew.",
                    id="statements.W001",
                )
            )
    return problems
