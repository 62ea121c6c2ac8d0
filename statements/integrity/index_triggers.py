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
_ADD_TO_INDEX = (
    "INSERT INTO statements_fingerprints_index (rowid, prints) VALUES (NEW.edition_id, NEW.prints);"
)
_REMOVE_FROM_INDEX = (
    "INSERT INTO statements_fingerprints_index (statements_fingerprints_index, rowid, prints) "
    "VALUES ('delete', OLD.edition_id, OLD.prints);"
)

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
    "fingerprints_insert_updates_index": (
        "CREATE TRIGGER fingerprints_insert_updates_index AFTER INSERT ON statements_fingerprints "
        f"FOR EACH ROW BEGIN {_ADD_TO_INDEX} END"
    ),
    "fingerprints_update_updates_index": (
        "CREATE TRIGGER fingerprints_update_updates_index AFTER UPDATE ON statements_fingerprints "
        f"FOR EACH ROW BEGIN {_REMOVE_FROM_INDEX} {_ADD_TO_INDEX} END"
    ),
    "fingerprints_delete_updates_index": (
        "CREATE TRIGGER fingerprints_delete_updates_index AFTER DELETE ON statements_fingerprints "
        f"FOR EACH ROW BEGIN {_REMOVE_FROM_INDEX} END"
    ),
}
