"""The rules that no Meta constraint can hold, told to the database as triggers.

They are dropped before migrations and made after them: on SQLite any AlterField rebuilds the
table and silently loses its triggers. A system check and /health/ready compare what should be
there with the catalogue.
"""

from dataclasses import dataclass, replace

from django.core import checks
from django.db import connections

from statements.integrity import cache_triggers, index_triggers
from statements.publicness import ended_sql, overlap_sql, released_sql, was_ever_public_sql

EDITION = "statements_edition"
FROZEN = (
    "id statement_id sequence uuid digest kind organisation_id language dated_on slug amendment "
    "public_note submitted_by_id submitted_at wanted_at contributors"
).split()
WORDS = "content headline summary byline".split()
STORED = "id path digest size content_type width height of_id by_id at".split()
DECISION = "approved_by_id approved_at rule countersigned_by_id countersigned_at".split()

NOW = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%f', 'now')",
    "postgresql": "clock_timestamp()",
}


def _any_changes(columns: list[str]) -> str:
    return "(" + " OR ".join(f"NEW.{c} {{differs}} OLD.{c}" for c in columns) + ")"


@dataclass(frozen=True)
class Rule:
    """One rule: what is refused on which table, in words that reach whoever tried."""

    name: str
    table: str
    event: str
    condition: str
    message: str

    def condition_for(self, vendor: str) -> str:
        return self.condition.format(now=NOW[vendor], differs=cache_triggers.DIFFERS[vendor])


def _append_only(table: str, noun: str) -> list[Rule]:
    return [
        Rule(f"{noun}_never_changed", table, "UPDATE", "", f"The record of {noun}s never changes."),
        Rule(f"{noun}_never_deleted", table, "DELETE", "", f"No {noun} is ever deleted."),
    ]


def _append_only_but_for_erasure(table: str, noun: str, columns: str) -> list[Rule]:
    """As _append_only, but the text may be emptied once, for it may quote words that are erased."""
    emptied = "(OLD.text_erased_at IS NULL AND NEW.text_erased_at IS NOT NULL AND NEW.text = '')"
    never_changed = (
        _any_changes(columns.split())
        + f" OR ({_any_changes(['text', 'text_erased_at'])} AND NOT {emptied})"
    )
    changed, deleted = _append_only(table, noun)
    return [replace(changed, condition=never_changed), deleted]


RULES = [
    Rule(
        "edition_words_never_change",
        EDITION,
        "UPDATE",
        _any_changes(FROZEN)
        + " OR ("
        + _any_changes(WORDS)
        + " AND NOT (OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL"
        " AND NEW.headline = '[Erased]' AND NEW.summary = '' AND NEW.byline = ''))",
        "The words of an edition never change: submit another edition.",
    ),
    Rule(
        "edition_never_deleted", EDITION, "DELETE", "", "An edition is never deleted: withdraw it."
    ),
    Rule(
        "edition_decision_is_final",
        EDITION,
        "UPDATE",
        "OLD.approved_at IS NOT NULL AND " + _any_changes(DECISION),
        "Who approved an edition, and how, never changes.",
    ),
    Rule(
        "edition_release_never_moves_once_passed",
        EDITION,
        "UPDATE",
        released_sql("OLD", "{now}")
        + " AND "
        + _any_changes(["release_at", "first_release_at", "state"]),
        "A release time that has passed never moves.",
    ),
    Rule(
        "edition_is_in_review_once",
        EDITION,
        "UPDATE",
        "NEW.state = 'in_review' AND " + _any_changes(["state"]),
        "An edition that was decided on is never in review again: submit another.",
    ),
    Rule(
        "edition_end_never_moves_once_passed",
        EDITION,
        "UPDATE",
        f"OLD.release_at IS NOT NULL AND {ended_sql('OLD', '{now}')} AND "
        + _any_changes(["live_until"]),
        "An edition that has ended never comes back: restore it as a new edition.",
    ),
    Rule(
        "edition_removal_is_final",
        EDITION,
        "UPDATE",
        "(OLD.suppressed_at IS NOT NULL AND " + _any_changes(["suppressed_at"]) + ")"
        " OR (OLD.erased_at IS NOT NULL AND "
        + _any_changes(["erased_at", "erased_by_id", "erasure_asked_by_id"])
        + ")",
        "What was suppressed or erased never comes back.",
    ),
    *_append_only("statements_event", "event"),
    *_append_only("statements_withdrawal", "withdrawal"),
    Rule(
        "stored_file_never_changes",
        "statements_storedfile",
        "UPDATE",
        _any_changes(STORED) + " OR OLD.erased_at IS NOT NULL OR NEW.erased_at IS NULL",
        "What was stored never changes: attach another file.",
    ),
    Rule(
        "stored_file_never_deleted",
        "statements_storedfile",
        "DELETE",
        "",
        "What was stored keeps its place in the record.",
    ),
    Rule(
        "edition_carries_its_files_for_ever",
        "statements_editionfile",
        "UPDATE",
        _any_changes(["id", "edition_id", "file_id"]) + " OR NEW.name <> ''",
        "The files of an edition never change: submit another edition.",
    ),
    Rule(
        "edition_file_never_deleted",
        "statements_editionfile",
        "DELETE",
        "",
        "The files of an edition never change: submit another edition.",
    ),
    Rule(
        "address_never_changes_hands",
        "statements_address",
        "UPDATE",
        _any_changes(["id", "slug", "statement_id"]),
        "An address belongs to its statement for ever.",
    ),
    Rule(
        "address_never_deleted", "statements_address", "DELETE", "", "No address is ever deleted."
    ),
    Rule(
        "contribution_never_changes_hands",
        "statements_contribution",
        "UPDATE",
        _any_changes(["id", "user_id", "statement_id"]),
        "Who had a hand in the words never changes.",
    ),
    Rule(
        "contribution_never_deleted",
        "statements_contribution",
        "DELETE",
        "",
        "Who had a hand in the words is never forgotten.",
    ),
    Rule(
        "preview_never_changes_hands",
        "statements_preview",
        "UPDATE",
        _any_changes(
            "id edition_id name on_behalf_of made_by_id made_at expires_at again_of_id".split()
        )
        + " OR (OLD.revoked_at IS NOT NULL AND "
        + _any_changes(["revoked_at", "revoked_by_id"])
        + ")",
        "Whom a preview is for never changes, and what was revoked stays so.",
    ),
    Rule(
        "preview_never_deleted",
        "statements_preview",
        "DELETE",
        "",
        "Who was asked is never forgotten: revoke the preview.",
    ),
    *_append_only("statements_previewkey", "previewkey"),
    *_append_only("statements_opening", "opening"),
    *_append_only_but_for_erasure(
        "statements_answer",
        "answer",
        "id edition_id digest preview_id name on_behalf_of agrees given_at recorded_by_id "
        "recorded_at",
    ),
    *_append_only_but_for_erasure("statements_remark", "remark", "id edition_id by_id by_name at"),
]

# PostgreSQL holds promise 6 by an exclusion constraint (migration 0002); SQLite has none.
OVERLAP = (
    f"{was_ever_public_sql('NEW')} AND EXISTS (SELECT 1 FROM statements_edition e"  # noqa: S608 - constants
    " WHERE e.statement_id = NEW.statement_id AND e.id <> NEW.id"
    f" AND {was_ever_public_sql('e')} AND {overlap_sql('NEW', 'e')})"
)
OVERLAP_RULES = [
    Rule(
        f"edition_one_at_a_time_on_{event.lower()}",
        EDITION,
        event,
        OVERLAP,
        "Two editions of one statement would be public at the same time.",
    )
    for event in ("INSERT", "UPDATE")
]

# SQLite's INSERT OR REPLACE takes the old row away past UPDATE and DELETE triggers.
REPLACE_RULES = [
    Rule(
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
        ("address", "r.slug = NEW.slug"),
        *((noun, "FALSE") for noun in ("preview", "opening", "answer", "remark")),
        ("previewkey", "r.token_hash = NEW.token_hash"),
        ("contribution", "(r.statement_id = NEW.statement_id AND r.user_id = NEW.user_id)"),
    )
]
ONLY_SQLITE = OVERLAP_RULES + REPLACE_RULES

REFUSE_BODY = """
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation';
END """
FUNCTIONS = {
    "onrecord_refuse": REFUSE_BODY,
    "onrecord_moved": cache_triggers.BODY,
} | index_triggers.POSTGRESQL_FUNCTIONS
"""On PostgreSQL: the functions that the triggers call, and what each does."""


def statements_for(vendor: str) -> dict[str, str]:
    """Trigger name → the SQL that makes it."""
    seen = cache_triggers.triggers_for(vendor)
    if vendor == "sqlite":
        rules = {rule.name: _sqlite(rule) for rule in RULES + ONLY_SQLITE}
        return rules | index_triggers.SQLITE | seen
    rows = {rule.name: _postgresql(rule) for rule in RULES} | index_triggers.POSTGRESQL | seen
    # TRUNCATE passes row triggers by, so each table that keeps its rows gets one of its own.
    for table in sorted({rule.table for rule in RULES if rule.event == "DELETE"}):
        name = f"{table.removeprefix('statements_')}_never_truncated"
        rows[name] = (
            f"CREATE TRIGGER {name} BEFORE TRUNCATE ON {table} FOR EACH STATEMENT "
            f"EXECUTE FUNCTION onrecord_refuse('The record is never emptied: {table}.')"
        )
    return rows


def _sqlite(rule: Rule) -> str:
    # AFTER, so that NEW.id is known on insert; the ABORT undoes the statement all the same.
    moment = "AFTER" if rule in OVERLAP_RULES else "BEFORE"
    condition = rule.condition_for("sqlite")
    when = f" WHEN {condition}" if condition else ""
    return (
        f"CREATE TRIGGER {rule.name} {moment} {rule.event} ON {rule.table} FOR EACH ROW{when} "
        f"BEGIN SELECT RAISE(ABORT, '{rule.message}'); END"
    )


def _postgresql(rule: Rule) -> str:
    condition = rule.condition_for("postgresql")
    when = f" WHEN ({condition})" if condition else ""
    return (
        f"CREATE TRIGGER {rule.name} BEFORE {rule.event} ON {rule.table} FOR EACH ROW{when} "
        f"EXECUTE FUNCTION onrecord_refuse('{rule.message}')"
    )


def create_triggers(connection) -> None:
    """Make every trigger anew, on whichever of the two databases this is."""
    drop_triggers(connection)
    with connection.cursor() as cursor:
        cursor.execute(cache_triggers.FIRST_ROW)
        if connection.vendor == "postgresql":
            for name, body in FUNCTIONS.items():
                cursor.execute(
                    f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger "
                    f"LANGUAGE plpgsql AS $${body}$$"
                )
        for name, sql in statements_for(connection.vendor).items():
            cursor.execute(sql)
            if connection.vendor == "postgresql":
                # It prints a trigger in words of its own: the comment is what a check can compare.
                table = sql.split(" ON ")[1].split()[0]
                cursor.execute(f"COMMENT ON TRIGGER {name} ON {table} IS %s", [sql])


def drop_triggers(connection) -> None:
    """Take every trigger away: only for migrations, and for test flushes."""
    with connection.cursor() as cursor:
        for name, table in _present(connection, cursor):
            on = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


def missing_triggers(connection) -> list[str]:
    """Names of triggers that should be in this database and are not, or not as they should be."""
    with connection.cursor() as cursor:
        present = _definitions(connection, cursor)
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT proname, prosrc FROM pg_proc WHERE proname = ANY(%s)", [[*FUNCTIONS]]
            )
            if sorted(cursor.fetchall()) != sorted(FUNCTIONS.items()):  # which the triggers call
                present = {}
    return [
        name for name, sql in statements_for(connection.vendor).items() if present.get(name) != sql
    ]


def _definitions(connection, cursor) -> dict[str, str]:
    """Trigger name → the SQL it was made with, as far as it is in force."""
    if connection.vendor == "sqlite":
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    else:
        cursor.execute(
            "SELECT tgname, obj_description(oid, 'pg_trigger') FROM pg_trigger "
            "WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')"
        )
    return dict(cursor.fetchall())


def _present(connection, cursor) -> list[tuple[str, str]]:
    if connection.vendor == "sqlite":
        cursor.execute("SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'")
    else:
        cursor.execute(
            "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
        )
    ours = statements_for(connection.vendor)
    return [(name, table) for name, table in cursor.fetchall() if name in ours]


def before_migrations(using, **kwargs) -> None:
    drop_triggers(connections[using])


def after_migrations(using, **kwargs) -> None:
    connection = connections[using]
    tables = connection.introspection.table_names()
    # Not after a migration back to zero, or to before a table was made.
    needed = {index_triggers.TABLE, *(rule.table for rule in RULES), *cache_triggers.TABLES}
    if needed <= {*tables}:
        create_triggers(connection)


def check_triggers(app_configs, databases, **kwargs) -> list[checks.CheckMessage]:
    """A warning, not an error: the cure is `migrate`, which an error would stop."""
    problems: list[checks.CheckMessage] = []
    for alias in databases or []:
        connection = connections[alias]
        if EDITION not in connection.introspection.table_names():
            continue
        if missing := missing_triggers(connection):
            problems.append(
                checks.Warning(
                    f"The database lacks rules that the record depends on: {', '.join(missing)}.",
                    hint="Run manage.py migrate, which makes them anew.",
                    id="statements.W001",
                )
            )
    return problems
