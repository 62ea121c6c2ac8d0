"""Define triggers that keep an index in step with its table. They refuse nothing.

`triggers` creates, drops and checks them together with the rules.
"""

FINGERPRINTS_TABLE = "statements_fingerprints"
DELETE_FINGERPRINTS_BODY = """
BEGIN
    DELETE FROM statements_fingerprints WHERE edition_id = NEW.id;
    RETURN NULL;
END """
POSTGRESQL_FUNCTIONS = {"onrecord_delete_fingerprints": DELETE_FINGERPRINTS_BODY}

# The fingerprints of removed words would still confirm a guess.
_WORDS_REMOVED = "NEW.erased_at IS NOT NULL OR NEW.suppressed_at IS NOT NULL"
_DELETE_ROW = "DELETE FROM statements_fingerprints WHERE edition_id = NEW.id;"


def _build_index_triggers(table: str, index: str, key: str, column: str) -> dict[str, str]:
    """Return the triggers that tell an FTS5 table without a copy of its own of every row."""
    name = table.removeprefix("statements_")
    add = f"INSERT INTO {index} (rowid, {column}) VALUES (NEW.{key}, NEW.{column});"  # noqa: S608 - names of ours
    remove = (
        f"INSERT INTO {index} ({index}, rowid, {column}) "  # noqa: S608 - names of ours
        f"VALUES ('delete', OLD.{key}, OLD.{column});"
    )
    bodies = {"insert": add, "update": f"{remove} {add}", "delete": remove}
    return {
        f"{name}_{event}_updates_index": (
            f"CREATE TRIGGER {name}_{event}_updates_index AFTER {event.upper()} ON {table} "
            f"FOR EACH ROW BEGIN {body} END"
        )
        for event, body in bodies.items()
    }


POSTGRESQL_TRIGGERS = {
    "edition_removal_deletes_fingerprints": (
        "CREATE TRIGGER edition_removal_deletes_fingerprints AFTER UPDATE ON statements_edition "
        f"FOR EACH ROW WHEN ({_WORDS_REMOVED}) EXECUTE FUNCTION onrecord_delete_fingerprints()"
    )
}
SQLITE_TRIGGERS = {
    "edition_removal_deletes_fingerprints": (
        "CREATE TRIGGER edition_removal_deletes_fingerprints AFTER UPDATE ON statements_edition "
        f"FOR EACH ROW WHEN {_WORDS_REMOVED} BEGIN {_DELETE_ROW} END"
    ),
    **_build_index_triggers(
        FINGERPRINTS_TABLE, "statements_fingerprints_index", "edition_id", "prints"
    ),
    **_build_index_triggers(
        "statements_draftsearchrow", "statements_search_drafts", "statement_id", "words"
    ),
}
