"""Define the triggers that raise the cache version when something public may have changed.

A cache keeps each page under the version that it read first; see caching/version.py. A release or
an end changes no row, so no trigger fires: caching/version.py compares those times with the clock.
"""

from dataclasses import dataclass

from statements.integrity.trigger_rules import DIFFERS_OPERATOR


@dataclass(frozen=True)
class PublicTable:
    """A table that public pages read, and which of its changes they show."""

    table: str
    events: str = "INSERT UPDATE DELETE"
    time_column: str = ""  # pages show a row only where this column holds a time
    columns: str = ""  # pages show only these columns

    def build_condition(self, event: str, vendor: str) -> str:
        """Return the condition of the trigger on this event; empty where every row counts."""
        sides = {"INSERT": ["NEW"], "UPDATE": ["NEW", "OLD"], "DELETE": ["OLD"]}[event]
        dated = [f"{side}.{self.time_column} IS NOT NULL" for side in sides if self.time_column]
        changed = [
            f"NEW.{column} {DIFFERS_OPERATOR[vendor]} OLD.{column}"
            for column in self.columns.split()
            if event == "UPDATE"
        ]
        return " AND ".join(f"({' OR '.join(terms)})" for terms in (dated, changed) if terms)


# No INSERT where a new row belongs to nothing public yet, no DELETE where rows are never deleted.
PUBLIC_TABLES = [
    PublicTable("statements_edition", "INSERT UPDATE", time_column="release_at"),
    PublicTable("statements_editionattribution", time_column="release_at"),
    PublicTable("statements_statementslug", "INSERT UPDATE", time_column="public_from"),
    PublicTable("statements_withdrawal", "INSERT"),
    PublicTable("statements_seal", "INSERT UPDATE"),
    PublicTable("statements_storedfile", "UPDATE"),
    PublicTable("statements_sealededition", "INSERT"),  # a proof names the seal of its day
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
    PublicTable("organisations_contact"),  # the organisation's page shows a new one at once
]

REQUIRED_TABLES = {"statements_cacheversion", *(public.table for public in PUBLIC_TABLES)}
BUMP = "UPDATE statements_cacheversion SET number = number + 1"

# Takes a row that no other transaction has locked, or adds one: no transaction waits here, so none
# can deadlock. Once for each command of a client, however many rows it touches.
BUMP_FUNCTION_BODY = f"""
DECLARE
    command text := pg_current_xact_id() || ' ' || statement_timestamp();
BEGIN
    IF current_setting('onrecord.bumped_by', true) IS DISTINCT FROM command THEN
        {BUMP} WHERE id = (
            SELECT id FROM statements_cacheversion ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
        );
        IF NOT FOUND THEN
            INSERT INTO statements_cacheversion (number) VALUES (1);
        END IF;
        PERFORM set_config('onrecord.bumped_by', command, true);
    END IF;
    RETURN NULL;
END """  # noqa: S608 - built from constants


def build_triggers(vendor: str) -> dict[str, str]:
    """Return trigger name → the SQL that creates it."""
    # SQLite has one writer at a time, so one row is enough.
    action = (
        f"BEGIN {BUMP}; END"
        if vendor == "sqlite"
        else "EXECUTE FUNCTION onrecord_bump_cache_version()"
    )
    triggers = {}
    for public in PUBLIC_TABLES:
        prefix = public.table.split("_")[1]
        for event in public.events.split():
            name = f"{prefix}_{event.lower()}_bumps_cache_version"
            condition = public.build_condition(event, vendor)
            when = f" WHEN ({condition})" if condition else ""
            triggers[name] = (
                f"CREATE TRIGGER {name} AFTER {event} ON {public.table} FOR EACH ROW{when} {action}"
            )
        if vendor == "postgresql" and "DELETE" in public.events:
            name = f"{prefix}_truncate_bumps_cache_version"
            triggers[name] = (
                f"CREATE TRIGGER {name} AFTER TRUNCATE ON {public.table} FOR EACH STATEMENT "
                f"{action}"
            )
    return triggers


INSERT_FIRST_ROW = (
    "INSERT INTO statements_cacheversion (number) "
    "SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM statements_cacheversion)"
)
