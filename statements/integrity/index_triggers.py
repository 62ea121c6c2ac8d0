"""Triggers that let an index follow what it is made of. They refuse nothing.

Made, dropped and checked together with the rules of `triggers`.
"""

FINGERPRINTS_TABLE = "statements_fingerprints"
DELETE_FINGERPRINTS = """
BEGIN
    DELETE FROM statements_fingerprints WHERE edition_id = NEW.id;
    RETURN NULL;
END """
POSTGRESQL_FUNCTIONS = {"onrecord_forget": DELETE_FINGERPRINTS}

# The numbers of words that were taken away would still answer whoever guesses them.
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
    "fingerprints_go_with_the_words": (
        "CREATE TRIGGER fingerprints_go_with_the_words AFTER UPDATE ON statements_edition "
        f"FOR EACH ROW WHEN ({_WORDS_REMOVED}) EXECUTE FUNCTION onrecord_forget()"
    )
}
SQLITE_TRIGGERS = {
    "fingerprints_go_with_the_words": (
        "CREATE TRIGGER fingerprints_go_with_the_words AFTER UPDATE ON statements_edition "
        f"FOR EACH ROW WHEN {_WORDS_REMOVED} BEGIN {_DELETE_ROW} END"
    ),
    "fingerprints_are_indexed": (
        "CREATE TRIGGER fingerprints_are_indexed AFTER INSERT ON statements_fingerprints "
        f"FOR EACH ROW BEGIN {_ADD_TO_INDEX} END"
    ),
    "fingerprints_are_indexed_anew": (
        "CREATE TRIGGER fingerprints_are_indexed_anew AFTER UPDATE ON statements_fingerprints "
        f"FOR EACH ROW BEGIN {_REMOVE_FROM_INDEX} {_ADD_TO_INDEX} END"
    ),
    "fingerprints_are_taken_out": (
        "CREATE TRIGGER fingerprints_are_taken_out AFTER DELETE ON statements_fingerprints "
        f"FOR EACH ROW BEGIN {_REMOVE_FROM_INDEX} END"
    ),
}
