"""State the rules that no Meta constraint can hold, as data for triggers.

`triggers` turns each rule into SQL. A rule names the table, the event and the condition under which
the database refuses the change. Conditions are SQL for both databases: `{now}` is the database's
own clock, `{differs}` its comparison that treats NULL as a value.
"""

from dataclasses import dataclass, replace

from statements.publicness import ended_sql, overlap_sql, released_sql, was_ever_public_sql

EDITION_TABLE = "statements_edition"
FROZEN_COLUMNS = (
    "id statement_id sequence uuid digest kind organisation_id language dated_on amendment "
    "submitted_by_id submitted_at requested_release_at embargo_until contributors "
    "first_released_on"
).split()
CONTENT_COLUMNS = "content headline summary byline public_note embargo_line".split()
FILE_COLUMNS = "id path size content_type width height of_id by_id at".split()
DECISION_COLUMNS = "approved_by_id approved_at rule countersigned_by_id countersigned_at".split()

DIFFERS_OPERATOR = {"sqlite": "IS NOT", "postgresql": "IS DISTINCT FROM"}
NOW_SQL = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%f', 'now')",
    "postgresql": "clock_timestamp()",
}


def _any_differs(columns: list[str]) -> str:
    return "(" + " OR ".join(f"NEW.{c} {{differs}} OLD.{c}" for c in columns) + ")"


@dataclass(frozen=True)
class TriggerRule:
    """A change that the database refuses: on which table, under which condition.

    An empty condition refuses every change of the event.
    """

    name: str
    table: str
    event: str
    condition: str
    message: str

    def format_condition(self, vendor: str) -> str:
        return self.condition.format(now=NOW_SQL[vendor], differs=DIFFERS_OPERATOR[vendor])


def _forbid_changes(table: str, noun: str) -> list[TriggerRule]:
    name = table.removeprefix("statements_")
    return [
        TriggerRule(
            f"{name}_never_changed", table, "UPDATE", "", f"The record of {noun}s never changes."
        ),
        TriggerRule(f"{name}_never_deleted", table, "DELETE", "", f"No {noun} is ever deleted."),
    ]


def _forbid_changes_except_erasure(
    table: str, noun: str, columns: str, texts: str = "text"
) -> list[TriggerRule]:
    """Forbid changes, but let texts be emptied once: they may quote words that are erased."""
    empty = "".join(f" AND NEW.{text} IN ('', OLD.{text})" for text in texts.split())
    emptied = f"(OLD.text_erased_at IS NULL AND NEW.text_erased_at IS NOT NULL{empty})"
    condition = (
        _any_differs(columns.split())
        + f" OR ({_any_differs([*texts.split(), 'text_erased_at'])} AND NOT {emptied})"
    )
    changed, deleted = _forbid_changes(table, noun)
    return [replace(changed, condition=condition), deleted]


TRIGGER_RULES = [
    TriggerRule(
        "edition_content_never_changes",
        EDITION_TABLE,
        "UPDATE",
        _any_differs(FROZEN_COLUMNS)
        + " OR ("
        + _any_differs(CONTENT_COLUMNS)
        + " AND NOT (OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL"
        " AND NEW.headline = '[Erased]' AND NEW.summary = '' AND NEW.byline = ''"
        " AND NEW.public_note = ''))"
        # The address of an erased edition may go later, when no other edition has it any more.
        " OR ("
        + _any_differs(["slug"])
        + " AND NOT (NEW.erased_at IS NOT NULL AND NEW.slug = ''))",
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
        "OLD.approved_at IS NOT NULL AND " + _any_differs(DECISION_COLUMNS),
        "Who approved an edition, and how, never changes.",
    ),
    TriggerRule(
        "edition_release_never_moves_once_passed",
        EDITION_TABLE,
        "UPDATE",
        released_sql("OLD", "{now}")
        + " AND "
        + _any_differs(["release_at", "first_release_at", "state"]),
        "A release time that has passed never moves.",
    ),
    TriggerRule(
        "edition_never_in_review_again",
        EDITION_TABLE,
        "UPDATE",
        "NEW.state = 'in_review' AND " + _any_differs(["state"]),
        "An edition that was decided on is never in review again: submit another.",
    ),
    TriggerRule(
        "edition_end_never_moves_once_passed",
        EDITION_TABLE,
        "UPDATE",
        f"OLD.release_at IS NOT NULL AND {ended_sql('OLD', '{now}')} AND "
        + _any_differs(["live_until"]),
        "An edition that has ended never comes back: restore it as a new edition.",
    ),
    TriggerRule(
        "edition_removal_is_final",
        EDITION_TABLE,
        "UPDATE",
        "(OLD.suppressed_at IS NOT NULL AND " + _any_differs(["suppressed_at"]) + ")"
        " OR (OLD.erased_at IS NOT NULL AND "
        + _any_differs(["erased_at", "erased_by_id", "erasure_asked_by_id"])
        + ")",
        "Suppressed or erased words never come back.",
    ),
    *_forbid_changes("statements_event", "event"),
    TriggerRule(
        "eventtext_never_changed",
        "statements_eventtext",
        "UPDATE",
        _any_differs(["id", "event_id", "key"]) + " OR NEW.salt <> '' OR NEW.text <> ''",
        "The text of an event never changes.",
    ),
    TriggerRule(
        "eventtext_never_deleted",
        "statements_eventtext",
        "DELETE",
        "",
        "No text of an event is ever deleted.",
    ),
    *_forbid_changes_except_erasure(
        "statements_withdrawal",
        "withdrawal",
        "id edition_id statement_id kind from_at by_id",
        texts="notice target",
    ),
    TriggerRule(
        "seal_never_changed",
        "statements_seal",
        "UPDATE",
        _any_differs("id number sealed_at document signature key_id".split())
        + " OR length(OLD.timestamp) > 0",
        "A seal never changes: only the timestamp that it lacks is added.",
    ),
    TriggerRule("seal_never_deleted", "statements_seal", "DELETE", "", "No seal is ever deleted."),
    *_forbid_changes("statements_sealededition", "sealed edition"),
    TriggerRule(
        "storedfile_never_changed",
        "statements_storedfile",
        "UPDATE",
        # The digest of erased bytes would still confirm a guess.
        _any_differs(FILE_COLUMNS)
        + " OR OLD.erased_at IS NOT NULL OR NEW.erased_at IS NULL OR NEW.digest <> ''",
        "A stored file never changes: attach another file.",
    ),
    TriggerRule(
        "storedfile_never_deleted",
        "statements_storedfile",
        "DELETE",
        "",
        "No stored file is ever deleted.",
    ),
    TriggerRule(
        "editionfile_never_changed",
        "statements_editionfile",
        "UPDATE",
        _any_differs(["id", "edition_id", "file_id"]) + " OR NEW.name <> ''",
        "The files of an edition never change: submit another edition.",
    ),
    TriggerRule(
        "editionfile_never_deleted",
        "statements_editionfile",
        "DELETE",
        "",
        "The files of an edition never change: submit another edition.",
    ),
    TriggerRule(
        "statementslug_never_changed",
        "statements_statementslug",
        "UPDATE",
        _any_differs(["id", "statement_id"])
        + f" OR ({_any_differs(['slug', 'erased_at'])} AND NOT (OLD.erased_at IS NULL"
        " AND NEW.erased_at IS NOT NULL AND LENGTH(NEW.slug) = 64))",
        "An address belongs to its statement for ever.",
    ),
    TriggerRule(
        "statementslug_never_deleted",
        "statements_statementslug",
        "DELETE",
        "",
        "No address is ever deleted.",
    ),
    TriggerRule(
        "contribution_never_changed",
        "statements_contribution",
        "UPDATE",
        _any_differs(["id", "user_id", "statement_id"]),
        "A contribution keeps its person and its statement.",
    ),
    TriggerRule(
        "contribution_never_deleted",
        "statements_contribution",
        "DELETE",
        "",
        "No contribution is ever deleted.",
    ),
    TriggerRule(
        "previewlink_never_changed",
        "statements_previewlink",
        "UPDATE",
        _any_differs(
            "id edition_id name on_behalf_of made_by_id made_at expires_at again_of_id".split()
        )
        + " OR (OLD.revoked_at IS NOT NULL AND "
        + _any_differs(["revoked_at", "revoked_by_id"])
        + ")",
        "The reader of a preview link never changes, and a revoked link stays revoked.",
    ),
    TriggerRule(
        "previewlink_never_deleted",
        "statements_previewlink",
        "DELETE",
        "",
        "No preview link is ever deleted: revoke it.",
    ),
    *_forbid_changes("statements_previewtoken", "preview token"),
    *_forbid_changes("statements_previewvisit", "preview visit"),
    *_forbid_changes_except_erasure(
        "statements_signoff",
        "sign-off",
        "id edition_id digest preview_id name on_behalf_of agrees given_at recorded_by_id "
        "recorded_at",
    ),
    *_forbid_changes_except_erasure(
        "statements_draftversion", "draft version", "id statement_id version by_id at"
    ),
    *_forbid_changes_except_erasure(
        "statements_remark", "remark", "id edition_id by_id by_name at"
    ),
]

# One edition at a time. PostgreSQL has an exclusion constraint (migration 0002); SQLite has none.
OVERLAP_CONDITION = (
    f"{was_ever_public_sql('NEW')} AND EXISTS (SELECT 1 FROM statements_edition e"  # noqa: S608 - built from constants
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

# SQLite's INSERT OR REPLACE deletes the old row without firing UPDATE and DELETE triggers.
REPLACE_RULES = [
    TriggerRule(
        f"{noun}_never_replaced",
        f"statements_{noun}",
        "INSERT",
        f"EXISTS (SELECT 1 FROM statements_{noun} r"  # noqa: S608 - built from constants
        f" WHERE r.id = NEW.id OR {same})",
        "No row of the record is ever replaced.",
    )
    for noun, same in (
        (
            "edition",
            "r.uuid = NEW.uuid OR (r.statement_id = NEW.statement_id AND (r.sequence = NEW.sequence"
            " OR (r.state = 'in_review' AND NEW.state = 'in_review')))",
        ),
        ("event", "(r.statement_id IS NEW.statement_id AND r.number = NEW.number)"),
        ("eventtext", "(r.event_id = NEW.event_id AND r.key = NEW.key)"),
        ("withdrawal", "FALSE"),
        ("seal", "r.number = NEW.number"),
        ("sealededition", "r.edition_id = NEW.edition_id"),
        ("storedfile", "r.path = NEW.path"),
        ("editionfile", "(r.edition_id = NEW.edition_id AND r.file_id = NEW.file_id)"),
        ("statementslug", "r.slug = NEW.slug"),
        *((noun, "FALSE") for noun in ("previewlink", "previewvisit", "signoff", "remark")),
        ("previewtoken", "r.token_hash = NEW.token_hash"),
        ("contribution", "(r.statement_id = NEW.statement_id AND r.user_id = NEW.user_id)"),
        ("draftversion", "(r.statement_id = NEW.statement_id AND r.version = NEW.version)"),
    )
]
SQLITE_RULES = OVERLAP_RULES + REPLACE_RULES
