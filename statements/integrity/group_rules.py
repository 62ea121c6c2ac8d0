"""State the rules of release groups and translations, and copy the time of a group to its members.

A group has one time, and what was approved in it has that time, at every moment. Rules ask no
clock: an edition that was approved after the release is in no group.
"""

from statements.integrity.trigger_rules import EDITION_TABLE, TriggerRule

STATEMENT_TABLE = "statements_statement"
GROUP_TABLE = "statements_releasegroup"

_APPROVED_IN_GROUP = (
    "EXISTS (SELECT 1 FROM statements_edition e WHERE e.statement_id = {statement}"
    " AND e.release_group_id = {group} AND e.state = 'approved'{more})"
)

_HAS_ANOTHER_TIME = (
    "NEW.release_group_id IS NOT NULL AND NEW.state = 'approved' AND EXISTS"
    " (SELECT 1 FROM statements_releasegroup g WHERE g.id = NEW.release_group_id"
    " AND g.release_at {differs} NEW.release_at)"
)
_JOINS_LATE = (
    "NEW.release_group_id IS NOT NULL AND NEW.release_group_id {differs} OLD.release_group_id"
    " AND (EXISTS (SELECT 1 FROM statements_releasegroup g"
    " WHERE g.id = NEW.release_group_id AND g.release_at IS NOT NULL)"
    " OR EXISTS (SELECT 1 FROM statements_edition e WHERE e.state = 'approved'"
    " AND (e.statement_id = NEW.id OR e.release_group_id = NEW.release_group_id)))"
)
_LEAVES_LATE = (
    "OLD.release_group_id IS NOT NULL AND NEW.release_group_id {differs} OLD.release_group_id AND "
    + _APPROVED_IN_GROUP.format(statement="OLD.id", group="OLD.release_group_id", more="")
)
_APPROVED_ALONE = (
    "NEW.state = 'approved' AND OLD.state <> 'approved' AND NEW.release_group_id IS NULL"  # noqa: S608 - built from constants
    " AND EXISTS (SELECT 1 FROM statements_statement s WHERE s.id = NEW.statement_id"
    " AND s.release_group_id IS NOT NULL AND NOT "
    + _APPROVED_IN_GROUP.format(
        statement="s.id", group="s.release_group_id", more=" AND e.release_at IS NOT NULL"
    )
    + ")"
)
_GROUPED_BY_NO_APPROVAL = (
    "NEW.release_group_id {differs} OLD.release_group_id AND (OLD.state <> 'in_review'"
    " OR NEW.state <> 'approved' OR NOT EXISTS (SELECT 1 FROM statements_statement s"
    " WHERE s.id = NEW.statement_id AND s.release_group_id = NEW.release_group_id))"
)
_LACKS_APPROVALS = (
    "NEW.release_at IS NOT NULL AND NEW.release_at {differs} OLD.release_at AND EXISTS"  # noqa: S608 - built from constants
    " (SELECT 1 FROM statements_statement s WHERE s.release_group_id = NEW.id AND NOT "
    + _APPROVED_IN_GROUP.format(statement="s.id", group="NEW.id", more="")
    + ")"
)

GROUP_RULES = [
    *(
        TriggerRule(
            f"edition_has_the_time_of_its_group_on_{event.lower()}",
            EDITION_TABLE,
            event,
            _HAS_ANOTHER_TIME,
            "A member of a release group has the time of its group.",
            reads_rows=True,
        )
        for event in ("INSERT", "UPDATE")
    ),
    TriggerRule(
        "edition_joins_its_group_when_approved",
        EDITION_TABLE,
        "UPDATE",
        _GROUPED_BY_NO_APPROVAL,
        "An edition is in the release group of its statement from its approval on, for ever.",
        reads_rows=True,
    ),
    TriggerRule(
        "edition_never_approved_without_its_group",
        EDITION_TABLE,
        "UPDATE",
        _APPROVED_ALONE,
        "A member of a release group is approved with all the others.",
        reads_rows=True,
    ),
    TriggerRule(
        "statement_joins_a_group_before_approval",
        STATEMENT_TABLE,
        "UPDATE",
        _JOINS_LATE,
        "A statement joins a release group before either is approved.",
        reads_rows=True,
    ),
    TriggerRule(
        "statement_leaves_a_group_before_approval",
        STATEMENT_TABLE,
        "UPDATE",
        _LEAVES_LATE,
        "What was approved in a release group leaves it only when it is cancelled.",
        reads_rows=True,
    ),
    TriggerRule(
        "releasegroup_time_takes_all_approvals",
        GROUP_TABLE,
        "UPDATE",
        _LACKS_APPROVALS,
        "A release group has a time once all its members are approved.",
        reads_rows=True,
    ),
]

_SAME_LANGUAGE_AS_ORIGINAL = (
    "NEW.translation_of_id IS NOT NULL AND NEW.discarded_at IS NULL AND EXISTS"
    " (SELECT 1 FROM statements_statement o"
    " WHERE o.id = NEW.translation_of_id AND o.language = NEW.language)"
)
_SAME_LANGUAGE_AS_TRANSLATION = (
    "NEW.language <> OLD.language AND EXISTS (SELECT 1 FROM statements_statement t"
    " WHERE t.translation_of_id = NEW.id AND t.discarded_at IS NULL AND t.language = NEW.language)"
)
TRANSLATION_RULES = [
    *(
        TriggerRule(
            f"statement_translation_in_another_language_on_{event.lower()}",
            STATEMENT_TABLE,
            event,
            _SAME_LANGUAGE_AS_ORIGINAL,
            "A translation is in another language than its original.",
            reads_rows=True,
        )
        for event in ("INSERT", "UPDATE")
    ),
    TriggerRule(
        "statement_original_in_another_language",
        STATEMENT_TABLE,
        "UPDATE",
        _SAME_LANGUAGE_AS_TRANSLATION,
        "An original is in another language than its translations.",
        reads_rows=True,
    ),
]

# --- The copy -------------------------------------------------------------------------------------

# No member was released before, so this release is its first.
_COPY = (
    "UPDATE statements_edition SET release_at = NEW.release_at, first_release_at = NEW.release_at"
    " WHERE release_group_id = NEW.id AND state = 'approved';"
)
_TRIGGER = (
    "CREATE TRIGGER releasegroup_time_moves_members AFTER UPDATE ON statements_releasegroup "
    "FOR EACH ROW WHEN (NEW.release_at {differs} OLD.release_at) {action}"
)
POSTGRESQL_FUNCTIONS = {"onrecord_move_members": f"\nBEGIN\n    {_COPY}\n    RETURN NULL;\nEND "}
POSTGRESQL_TRIGGERS = {
    "releasegroup_time_moves_members": _TRIGGER.format(
        differs="IS DISTINCT FROM", action="EXECUTE FUNCTION onrecord_move_members()"
    )
}
SQLITE_TRIGGERS = {
    "releasegroup_time_moves_members": _TRIGGER.format(
        differs="IS NOT", action=f"BEGIN {_COPY} END"
    )
}
