"""Triggers that let an index follow what it is made of. They refuse nothing.

Made, dropped and checked together with the rules of `triggers`.
"""

TABLE = "statements_fingerprints"
FORGET = """
BEGIN
    DELETE FROM statements_fingerprints WHERE edition_id = NEW.id;
    RETURN NULL;
END """
POSTGRESQL_FUNCTIONS = {"onrecord_forget": FORGET}

# The numbers of words that were taken away would still answer whoever guesses them.
_TAKEN_AWAY = "NEW.erased_at IS NOT NULL OR NEW.suppressed_at IS NOT NULL"
_FORGET = "DELETE FROM statements_fingerprints WHERE edition_id = NEW.id;"
_ADD = (
    "INSERT INTO statements_fingerprints_index (rowid, prints) VALUES (NEW.edition_id, NEW.prints);"
)
_REMOVE = (
    "INSERT INTO statements_fingerprints_index (statements_fingerprints_index, rowid, prints) "
    "VALUES ('delete', OLD.edition_id, OLD.prints);"
)

POSTGRESQL = {
    "fingerprints_go_with_the_words": (
        "CREATE TRIGGER fingerprints_go_with_the_words AFTER UPDATE ON statements_edition "
        f"FOR EACH ROW WHEN ({_TAKEN_AWAY}) EXECUTE FUNCTION onrecord_forget()"
    )
}
SQLITE = {
    "fingerprints_go_with_the_words": (
        "CREATE TRIGGER fingerprints_go_with_the_words AFTER UPDATE ON statements_edition "
        f"FOR EACH ROW WHEN {_TAKEN_AWAY} BEGIN {_FORGET} END"
    ),
    "fingerprints_are_indexed": (
        "CREATE TRIGGER fingerprints_are_indexed AFTER INSERT ON statements_fingerprints "
        f"FOR EACH ROW BEGIN {_ADD} END"
    ),
    "fingerprints_are_indexed_anew": (
        "CREATE TRIGGER fingerprints_are_indexed_anew AFTER UPDATE ON statements_fingerprints "
        f"FOR EACH ROW BEGIN {_REMOVE} {_ADD} END"
    ),
    "fingerprints_are_taken_out": (
        "CREATE TRIGGER fingerprints_are_taken_out AFTER DELETE ON statements_fingerprints "
        f"FOR EACH ROW BEGIN {_REMOVE} END"
    ),
}
