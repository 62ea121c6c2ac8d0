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
FILE_COLUMNS = "id path size content_type width height is_tagged of_id by_id at".split()
DECISION_COLUMNS = "approved_by_id approved_at rule countersigned_by_id countersigned_at".split()

DRAFT_TEXT_COLUMNS = (
    "headline summary responds_to_title responds_to_url notes_to_editors slug leftover_text "
    "public_note embargo_line"
).split()
"""What people typed into a draft, beside its passages and files."""

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

    An empty condition refuses every change of the event. `reads_rows` says that the condition asks
    other tables, which PostgreSQL allows in a function alone.
    """

    name: str
    table: str
    event: str
    condition: str
    message: str
    reads_rows: bool = False

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
            (
                "id statement_id edition_id draft_version_id name on_behalf_of "
                "requested_release_at reply_by made_by_id made_at expires_at again_of_id"
            ).split()
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
        "id statement_id edition_id draft_version_id digest preview_id name on_behalf_of agrees "
        "given_at recorded_by_id recorded_at",
        texts="text salt",
    ),
    *_forbid_changes_except_erasure(
        "statements_draftversion",
        "draft version",
        "id statement_id version by_id at restored_from",
    ),
    *_forbid_changes_except_erasure(
        "statements_remark",
        "remark",
        "id statement_id edition_id version block_id by_id by_name at",
    ),
]

# A draft in the bin was never submitted and never sent for sign-off, and is neither from there.
IS_DISCARDED = (
    "EXISTS (SELECT 1 FROM statements_statement s"
    " WHERE s.id = {statement} AND s.discarded_at IS NOT NULL)"
)
BIN_RULES = [
    TriggerRule(
        "statement_discarded_before_submission",
        "statements_statement",
        "UPDATE",
        "NEW.discarded_at IS NOT NULL AND OLD.discarded_at IS NULL AND "
        "(EXISTS (SELECT 1 FROM statements_edition e WHERE e.statement_id = NEW.id)"
        " OR EXISTS (SELECT 1 FROM statements_previewlink p WHERE p.statement_id = NEW.id)"
        " OR EXISTS (SELECT 1 FROM statements_signoff o WHERE o.statement_id = NEW.id))",
        "What was submitted or sent for sign-off is not discarded: cancel or withdraw it.",
        reads_rows=True,
    ),
    TriggerRule(
        "edition_never_of_discarded_draft",
        EDITION_TABLE,
        "INSERT",
        IS_DISCARDED.format(statement="NEW.statement_id"),
        "A discarded draft is not submitted: take it back first.",
        reads_rows=True,
    ),
    TriggerRule(
        "previewlink_never_of_discarded_draft",
        "statements_previewlink",
        "INSERT",
        IS_DISCARDED.format(statement="NEW.statement_id"),
        "A discarded draft is not sent for sign-off: take it back first.",
        reads_rows=True,
    ),
    TriggerRule(
        "signoff_never_of_discarded_draft",
        "statements_signoff",
        "INSERT",
        IS_DISCARDED.format(statement="NEW.statement_id"),
        "A discarded draft is not signed off: take it back first.",
        reads_rows=True,
    ),
    TriggerRule(
        "statement_erasure_is_final",
        "statements_statement",
        "UPDATE",
        "OLD.erased_at IS NOT NULL AND "
        + _any_differs([*DRAFT_TEXT_COLUMNS, "discarded_at", "discarded_by_id", "erased_at"]),
        "A discarded draft whose words were erased never comes back.",
    ),
]
TRIGGER_RULES += BIN_RULES

# A name that a draft only proposes is on no public page: nothing with a release time refers to it.
_PROPOSED_VOICE = " OR ".join(
    f"p.{column}_id = {{row}}.{column}_id" for column in ("speaker", "appointment", "organisation")
)
# One lookup for each column, so that each has its index.
_RELEASED_NAME = " OR ".join(
    f"EXISTS (SELECT 1 FROM {table} r"  # noqa: S608 - built from constants
    f" WHERE r.{column} = NEW.{name} AND r.{time} IS NOT NULL)"
    for table, column, name, time in (
        ("statements_editionattribution", "speaker_id", "speaker_id", "release_at"),
        ("statements_editionattribution", "appointment_id", "appointment_id", "release_at"),
        ("statements_editionattribution", "organisation_id", "organisation_id", "release_at"),
        ("statements_themedstatement", "tag_id", "theme_id", "first_release_at"),
    )
)
PROPOSAL_RULES = [
    *(
        TriggerRule(
            f"{table}_names_no_proposal_on_{event.lower()}",
            f"statements_{table}",
            event,
            f"NEW.{time} IS NOT NULL AND EXISTS "  # noqa: S608 - built from constants
            f"(SELECT 1 FROM statements_proposedname p WHERE {match})",
            "A proposed name is confirmed before anything that names it is released.",
            reads_rows=True,
        )
        for table, time, match in (
            ("editionattribution", "release_at", _PROPOSED_VOICE.format(row="NEW")),
            ("themedstatement", "first_release_at", "p.theme_id = NEW.tag_id"),
        )
        for event in ("INSERT", "UPDATE")
    ),
    TriggerRule(
        "proposedname_is_not_released",
        "statements_proposedname",
        "INSERT",
        _RELEASED_NAME,
        "What a released statement names is not proposed any more.",
        reads_rows=True,
    ),
    TriggerRule(
        "proposedname_never_changed",
        "statements_proposedname",
        "UPDATE",
        _any_differs(
            "id statement_id speaker_id appointment_id organisation_id theme_id by_id at".split()
        ),
        "A proposal never changes.",
    ),
]
TRIGGER_RULES += PROPOSAL_RULES

_SUBJECT_OF_ANOTHER = (
    "(NEW.edition_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM statements_edition e"
    " WHERE e.id = NEW.edition_id AND e.statement_id = NEW.statement_id))"
    " OR (NEW.draft_version_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM statements_draftversion d"
    " WHERE d.id = NEW.draft_version_id AND d.statement_id = NEW.statement_id))"
)

SIGNOFF_RULES = [
    TriggerRule(
        "previewlink_of_its_statement",
        "statements_previewlink",
        "INSERT",
        _SUBJECT_OF_ANOTHER,
        "A preview link shows an edition or a draft of its own statement.",
        reads_rows=True,
    ),
    TriggerRule(
        "signoff_of_its_statement",
        "statements_signoff",
        "INSERT",
        _SUBJECT_OF_ANOTHER,
        "A reply is about an edition or a draft of its own statement.",
        reads_rows=True,
    ),
    TriggerRule(
        "signoff_of_this_digest",
        "statements_signoff",
        "INSERT",
        "NEW.edition_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM statements_edition e"
        " WHERE e.id = NEW.edition_id AND e.digest = NEW.digest)",
        "A reply to an edition has its digest.",
        reads_rows=True,
    ),
    TriggerRule(
        "signoff_of_what_was_shown",
        "statements_signoff",
        "INSERT",
        "EXISTS (SELECT 1 FROM statements_previewlink p WHERE p.id = NEW.preview_id AND"
        " (p.edition_id {differs} NEW.edition_id"
        " OR p.draft_version_id {differs} NEW.draft_version_id))",
        "A reply is about what its link showed: one to a draft is none to an edition.",
        reads_rows=True,
    ),
]
TRIGGER_RULES += SIGNOFF_RULES

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
        ("releasegroup", "FALSE"),
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
