"""Triggers that move the generation: what the public could see has changed, whoever changed it.

A cache keeps what it made under the generation that it read first; see public/lease.py. A change
that comes with the clock alone (a release, an end) moves nothing here: the lease knows its time.
"""

from dataclasses import dataclass

DIFFERS = {"sqlite": "IS NOT", "postgresql": "IS DISTINCT FROM"}


@dataclass(frozen=True)
class Seen:
    """A table that public pages read; which of its rows, and which changes of them, they show."""

    table: str
    events: str = "INSERT UPDATE DELETE"
    dated: str = ""  # the public sees a row only where this column holds a time
    columns: str = ""  # and only these of its columns

    def when(self, event: str, vendor: str) -> str:
        """The condition of the trigger on this event; empty where every row counts."""
        sides = {"INSERT": ["NEW"], "UPDATE": ["NEW", "OLD"], "DELETE": ["OLD"]}[event]
        dated = [f"{side}.{self.dated} IS NOT NULL" for side in sides if self.dated]
        changed = [
            f"NEW.{column} {DIFFERS[vendor]} OLD.{column}"
            for column in self.columns.split()
            if event == "UPDATE"
        ]
        return " AND ".join(f"({' OR '.join(said)})" for said in (dated, changed) if said)


# A row of the record is never deleted, and what is new here belongs to nothing public yet.
SEEN = [
    Seen("statements_edition", "INSERT UPDATE", dated="release_at"),
    Seen("statements_editionvoice", dated="release_at"),
    Seen("statements_address", "INSERT UPDATE", dated="public_from"),
    Seen("statements_withdrawal", "INSERT"),
    Seen("statements_storedfile", "UPDATE"),
    Seen("statements_editionfile", "INSERT UPDATE"),
    Seen(
        "statements_statement",
        "UPDATE",
        dated="first_release_at",
        columns="first_release_at translation_of_id contact_id",
    ),
    Seen("statements_themedstatement", dated="first_release_at"),
    Seen("statements_relatedstatement"),
    Seen("statements_suggestion"),
    Seen("statements_theme", "UPDATE DELETE"),
    Seen("statements_formerthemeslug"),
    Seen("statements_sitepage"),
    Seen("organisations_organisation", "UPDATE DELETE"),
    Seen("organisations_speaker", "UPDATE DELETE"),
    Seen("organisations_formerorganisationslug"),
    Seen("organisations_formerslug"),
    Seen("organisations_appointment"),
    Seen("organisations_contact"),  # a new one stands on the page of its body at once
]

TABLES = {"statements_generation", *(seen.table for seen in SEEN)}
MOVE = "UPDATE statements_generation SET number = number + 1"

# Any row that nobody else is moving, or a new one: no transaction waits here, so none can deadlock.
# Once for each command of a client, however many rows it touches.
BODY = f"""
DECLARE
    command text := pg_current_xact_id() || ' ' || statement_timestamp();
BEGIN
    IF current_setting('onrecord.moved_by', true) IS DISTINCT FROM command THEN
        {MOVE} WHERE id = (
            SELECT id FROM statements_generation ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
        );
        IF NOT FOUND THEN
            INSERT INTO statements_generation (number) VALUES (1);
        END IF;
        PERFORM set_config('onrecord.moved_by', command, true);
    END IF;
    RETURN NULL;
END """  # noqa: S608 - every word of it stands here


def triggers_for(vendor: str) -> dict[str, str]:
    """Trigger name → the SQL that makes it."""
    # SQLite has one writer at a time, and needs one row.
    action = f"BEGIN {MOVE}; END" if vendor == "sqlite" else "EXECUTE FUNCTION onrecord_moved()"
    made = {}
    for seen in SEEN:
        for event in seen.events.split():
            name = f"{seen.table.split('_')[1]}_{event.lower()}_is_seen"
            when = f" WHEN ({condition})" if (condition := seen.when(event, vendor)) else ""
            made[name] = (
                f"CREATE TRIGGER {name} AFTER {event} ON {seen.table} FOR EACH ROW{when} {action}"
            )
        if vendor == "postgresql" and "DELETE" in seen.events:
            name = f"{seen.table.split('_')[1]}_truncate_is_seen"
            made[name] = (
                f"CREATE TRIGGER {name} AFTER TRUNCATE ON {seen.table} FOR EACH STATEMENT {action}"
            )
    return made


FIRST_ROW = (
    "INSERT INTO statements_generation (number) "
    "SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM statements_generation)"
)
