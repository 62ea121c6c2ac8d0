"""Triggers that move the generation: what the public could see has changed, whoever changed it.

A cache keeps what it made under the generation that it read first; see public/lease.py. A change
that comes with the clock alone (a release, an end) moves nothing here: the lease knows its time.
"""

from dataclasses import dataclass

DIFFERS_OPERATOR = {"sqlite": "IS NOT", "postgresql": "IS DISTINCT FROM"}


@dataclass(frozen=True)
class PublicTable:
    """A table that public pages read; which of its rows, and which changes of them, they show."""

    table: str
    events: str = "INSERT UPDATE DELETE"
    time_column: str = ""  # the public sees a row only where this column holds a time
    columns: str = ""  # and only these of its columns

    def build_condition(self, event: str, vendor: str) -> str:
        """The condition of the trigger on this event; empty where every row counts."""
        sides = {"INSERT": ["NEW"], "UPDATE": ["NEW", "OLD"], "DELETE": ["OLD"]}[event]
        dated = [f"{side}.{self.time_column} IS NOT NULL" for side in sides if self.time_column]
        changed = [
            f"NEW.{column} {DIFFERS_OPERATOR[vendor]} OLD.{column}"
            for column in self.columns.split()
            if event == "UPDATE"
        ]
        return " AND ".join(f"({' OR '.join(said)})" for said in (dated, changed) if said)


# A row of the record is never deleted, and what is new here belongs to nothing public yet.
PUBLIC_TABLES = [
    PublicTable("statements_edition", "INSERT UPDATE", time_column="release_at"),
    PublicTable("statements_editionattribution", time_column="release_at"),
    PublicTable("statements_statementslug", "INSERT UPDATE", time_column="public_from"),
    PublicTable("statements_withdrawal", "INSERT"),
    PublicTable("statements_storedfile", "UPDATE"),
    PublicTable("statements_editionfile", "INSERT UPDATE"),
    PublicTable(
        "statements_statement",
        "UPDATE",
        time_column="first_release_at",
        columns="first_release_at translation_of_id contact_id",
    ),
    PublicTable("statements_themedstatement", time_column="first_release_at"),
    PublicTable("statements_relatedstatement"),
    PublicTable("statements_suggestion"),
    PublicTable("statements_theme", "UPDATE DELETE"),
    PublicTable("statements_formerthemeslug"),
    PublicTable("statements_sitepage"),
    PublicTable("organisations_organisation", "UPDATE DELETE"),
    PublicTable("organisations_speaker", "UPDATE DELETE"),
    PublicTable("organisations_formerorganisationslug"),
    PublicTable("organisations_formerspeakerslug"),
    PublicTable("organisations_appointment"),
    PublicTable("organisations_contact"),  # a new one stands on the page of its body at once
]

REQUIRED_TABLES = {"statements_cacheversion", *(seen.table for seen in PUBLIC_TABLES)}
BUMP = "UPDATE statements_cacheversion SET number = number + 1"

# Any row that nobody else is moving, or a new one: no transaction waits here, so none can deadlock.
# Once for each command of a client, however many rows it touches.
BUMP_FUNCTION_BODY = f"""
DECLARE
    command text := pg_current_xact_id() || ' ' || statement_timestamp();
BEGIN
    IF current_setting('onrecord.moved_by', true) IS DISTINCT FROM command THEN
        {BUMP} WHERE id = (
            SELECT id FROM statements_cacheversion ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
        );
        IF NOT FOUND THEN
            INSERT INTO statements_cacheversion (number) VALUES (1);
        END IF;
        PERFORM set_config('onrecord.moved_by', command, true);
    END IF;
    RETURN NULL;
END """  # noqa: S608 - every word of it stands here


def build_triggers(vendor: str) -> dict[str, str]:
    """Trigger name → the SQL that makes it."""
    # SQLite has one writer at a time, and needs one row.
    action = f"BEGIN {BUMP}; END" if vendor == "sqlite" else "EXECUTE FUNCTION onrecord_moved()"
    made = {}
    for seen in PUBLIC_TABLES:
        for event in seen.events.split():
            name = f"{seen.table.split('_')[1]}_{event.lower()}_is_seen"
            when = (
                f" WHEN ({condition})" if (condition := seen.build_condition(event, vendor)) else ""
            )
            made[name] = (
                f"CREATE TRIGGER {name} AFTER {event} ON {seen.table} FOR EACH ROW{when} {action}"
            )
        if vendor == "postgresql" and "DELETE" in seen.events:
            name = f"{seen.table.split('_')[1]}_truncate_is_seen"
            made[name] = (
                f"CREATE TRIGGER {name} AFTER TRUNCATE ON {seen.table} FOR EACH STATEMENT {action}"
            )
    return made


INSERT_FIRST_ROW = (
    "INSERT INTO statements_cacheversion (number) "
    "SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM statements_cacheversion)"
)
