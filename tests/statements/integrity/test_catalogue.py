"""Test that a rule which somebody drops, alters or turns off in the database is noticed."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction

from organisations.models import Contact, Organisation
from statements.integrity import catalogue, triggers
from statements.integrity.rule_entries import list_guarded_models

pytestmark = pytest.mark.django_db

CURE = (
    "Run manage.py repair_rules, then manage.py verify_record: rows may have changed while a rule "
    "was off."
)
ON_POSTGRESQL = connection.vendor == "postgresql"


def execute(*statements: str) -> None:
    with connection.cursor() as cursor:
        for sql in statements:
            cursor.execute(sql)


def expect_sentence(client, sentence: str) -> None:
    """The check and /health/ready both say exactly this."""
    (warning,) = catalogue.check_rules(None, ["default"])
    assert (warning.id, warning.msg) == ("statements.W001", f"{sentence} {CURE}")
    response = client.get("/health/ready")
    assert (response.status_code, response.content.decode()) == (503, f"{sentence}\n{CURE}\n")


def test_every_rule_holds_after_the_migrations(client):
    assert catalogue.find_differences(connection) == []
    assert catalogue.check_rules(None, ["default"]) == []
    assert client.get("/health/ready").status_code == 200


def test_every_table_of_the_product_and_of_the_accounts_is_compared():
    prefixes = ("statements_", "organisations_", "archive_", "auth_")
    present = {name for name in connection.introspection.table_names() if name.startswith(prefixes)}
    search = {name for name in present if name.startswith("statements_search")} | {
        name for name in present if name.startswith("statements_fingerprints_index")
    }
    assert present - search == list_guarded_models().keys() - search
    columns = {key.table for key in catalogue.read_actual(connection) if key.kind == "column"}
    assert columns == {*list_guarded_models()}


# --- SQLite ---------------------------------------------------------------------------------------


def alter_table(table: str, before: str, after: str) -> None:
    """Change the stored SQL of a table, as an owner of the file can."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE name = %s", [table])
        sql = cursor.fetchone()[0]
        assert sql.count(before) == 1
        cursor.execute("PRAGMA writable_schema = ON")
        cursor.execute(
            "UPDATE sqlite_master SET sql = %s WHERE name = %s", [sql.replace(before, after), table]
        )
        cursor.execute("PRAGMA writable_schema = OFF")


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("table", "before", "after", "sentence"),
    [
        (
            "organisations_contact",
            'CONSTRAINT "contact_email_phone_check" CHECK (NOT',
            'CONSTRAINT "contact_email_phone_check" CHECK (1 OR NOT',
            "The constraint contact_email_phone_check of organisations_contact was changed.",
        ),
        (
            "statements_edition",
            '"digest" varchar(64) NOT NULL',
            '"digest" varchar(64)',
            "The column digest of statements_edition was changed.",
        ),
        (
            "organisations_appointment",
            'REFERENCES "organisations_speaker" ("id") DEFERRABLE INITIALLY DEFERRED',
            "",
            "The column speaker_id of organisations_appointment was changed.",
        ),
    ],
)
def test_a_table_of_sqlite_that_was_altered_is_named(client, table, before, after, sentence):
    alter_table(table, before, after)
    expect_sentence(client, sentence)


@pytest.mark.sqlite
def test_a_unique_index_of_sqlite_that_is_gone_is_named(client):
    execute("DROP INDEX edition_statement_review_uniq")
    expect_sentence(
        client, "The unique index edition_statement_review_uniq of statements_edition is missing."
    )


# --- PostgreSQL -----------------------------------------------------------------------------------

CHECK = "organisations_contact DROP CONSTRAINT contact_email_phone_check"


@pytest.mark.postgresql
@pytest.mark.parametrize(
    ("statements", "sentence"),
    [
        (
            [f"ALTER TABLE {CHECK}"],
            "The check contact_email_phone_check of organisations_contact is missing.",
        ),
        (
            [
                f"ALTER TABLE {CHECK}",
                "ALTER TABLE organisations_contact ADD CONSTRAINT contact_email_phone_check "
                "CHECK (name <> '') ",
            ],
            "The check contact_email_phone_check of organisations_contact was changed.",
        ),
        (
            [
                f"ALTER TABLE {CHECK}",
                "ALTER TABLE organisations_contact ADD CONSTRAINT contact_email_phone_check CHECK "
                "(NOT (email = '' AND phone = '' AND out_of_hours_phone = '')) NOT VALID",
            ],
            "The check contact_email_phone_check of organisations_contact was never validated.",
        ),
        (
            ["ALTER TABLE statements_edition DROP CONSTRAINT edition_statement_release_excl"],
            "The exclusion constraint edition_statement_release_excl of statements_edition is "
            "missing.",
        ),
        (
            ["ALTER TABLE statements_edition DROP CONSTRAINT edition_digest_check"],
            "The check edition_digest_check of statements_edition is missing.",
        ),
        (
            ["ALTER TABLE statements_event DROP CONSTRAINT event_statement_number_uniq"],
            "The unique constraint event_statement_number_uniq of statements_event is missing.",
        ),
        (
            ["DROP INDEX edition_statement_review_uniq"],
            "The unique index edition_statement_review_uniq of statements_edition is missing.",
        ),
        (
            ["ALTER TABLE statements_edition ALTER COLUMN digest DROP NOT NULL"],
            "The column digest of statements_edition was changed.",
        ),
        (
            ["ALTER TABLE statements_event DISABLE TRIGGER event_never_deleted"],
            "The trigger event_never_deleted of statements_event is disabled.",
        ),
        (
            [
                "CREATE RULE silence AS ON DELETE TO statements_event DO INSTEAD NOTHING",
            ],
            "The rewrite rule silence of statements_event is not ours: find out who added it, and "
            "drop it.",
        ),
        (
            ["SET LOCAL session_replication_role = replica"],
            "The setting session_replication_role was changed.",
        ),
    ],
)
def test_a_rule_of_postgresql_that_was_altered_is_named(client, statements, sentence):
    execute(*statements)
    expect_sentence(client, sentence)


@pytest.mark.postgresql
def test_a_foreign_key_whose_own_triggers_are_off_is_named(client):
    execute("ALTER TABLE organisations_contact DISABLE TRIGGER ALL")
    names = {
        key.name
        for key in catalogue.read_actual(connection)
        if key.table == "organisations_contact" and key.kind in ("foreign key", "trigger")
    }
    found = catalogue.find_differences(connection)
    of_contact = {row.key.name for row in found if row.key.table == "organisations_contact"}
    assert of_contact == names
    assert {row.fault for row in found} == {"is disabled"}


@pytest.mark.postgresql
def test_a_function_that_does_nothing_is_named_whatever_its_comment_says(client):
    execute(
        "CREATE OR REPLACE FUNCTION onrecord_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RETURN COALESCE(NEW, OLD); END $$"
    )
    expect_sentence(client, "The function onrecord_refuse was changed.")


@pytest.mark.postgresql
def test_a_function_with_the_same_words_in_another_schema_does_not_count(client):
    body = triggers.POSTGRESQL_FUNCTIONS["onrecord_refuse"]
    execute(
        "CREATE SCHEMA elsewhere",
        "CREATE FUNCTION elsewhere.onrecord_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$${body}$$",
        "DROP TRIGGER event_never_deleted ON statements_event",
        triggers.build_trigger_sql("postgresql")["event_never_deleted"].replace(
            "onrecord_refuse", "elsewhere.onrecord_refuse"
        ),
    )
    expect_sentence(client, "The trigger event_never_deleted of statements_event was changed.")


@pytest.mark.postgresql
def test_a_copied_comment_proves_nothing(client):
    sql = triggers.build_trigger_sql("postgresql")["event_never_deleted"]
    execute(
        "DROP TRIGGER event_never_deleted ON statements_event",
        sql.replace("FOR EACH ROW", "FOR EACH ROW WHEN (OLD.id < 0)"),
        "COMMENT ON TRIGGER event_never_deleted ON statements_event IS '"
        + sql.replace("'", "''")
        + "'",
    )
    expect_sentence(client, "The trigger event_never_deleted of statements_event was changed.")


@pytest.mark.postgresql
def test_the_comparison_leaves_nothing_in_the_database():
    catalogue._expected.clear()
    catalogue.read_expected(connection)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_class WHERE relnamespace = pg_my_temp_schema()")
        assert cursor.fetchone() == (0,)


# --- Both -----------------------------------------------------------------------------------------


def test_a_trigger_that_somebody_added_is_named(client):
    execute(
        "CREATE TRIGGER stranger AFTER UPDATE ON statements_edition "
        + (
            "FOR EACH ROW EXECUTE FUNCTION onrecord_delete_fingerprints()"
            if ON_POSTGRESQL
            else "BEGIN SELECT 1; END"
        )
    )
    expect_sentence(
        client,
        "The trigger stranger of statements_edition is not ours: find out who added it, and drop "
        "it.",
    )


def test_many_differences_are_counted():
    triggers.drop_triggers(connection)
    problems = catalogue.describe_problems(connection)
    rules = len(triggers.build_trigger_sql(connection.vendor))
    assert problems[-2:] == [f"{rules - 10} more rules do not hold.", CURE]
    assert len(problems) == 12


def test_a_process_that_may_not_compare_says_so(client, monkeypatch):
    def refuse(database):
        raise ProgrammingError("permission denied to create temporary tables\nLINE 1")

    monkeypatch.setattr(catalogue, "read_expected", refuse)
    response = client.get("/health/ready")
    assert (response.status_code, response.content.decode()) == (
        503,
        "The rules in the database cannot be compared (permission denied to create temporary "
        "tables): let its user make temporary tables.\n",
    )


def test_the_check_waits_for_pending_migrations():
    triggers.drop_triggers(connection)
    execute("DELETE FROM django_migrations WHERE app = 'statements'")
    assert catalogue.check_rules(None, ["default"]) == []


def test_a_table_that_is_gone_is_one_sentence_and_no_empty_one_takes_its_place(client):
    triggers.drop_triggers(connection)  # those of SQLite would find no table
    execute("DROP TABLE statements_linkcheck")
    triggers.create_triggers(connection)
    sentence = "The table statements_linkcheck is missing: restore it from a backup."
    expect_sentence(client, sentence)
    with pytest.raises(CommandError) as refusal:
        repair()
    assert str(refusal.value) == sentence
    assert "statements_linkcheck" not in connection.introspection.table_names()


# --- The cure -------------------------------------------------------------------------------------


def repair() -> str:
    output = StringIO()
    call_command("repair_rules", stdout=output)
    return output.getvalue()


@pytest.mark.postgresql
def test_repair_creates_every_kind_of_rule_again():
    with transaction.atomic():
        execute(
            f"ALTER TABLE {CHECK}",
            "ALTER TABLE statements_edition DROP CONSTRAINT edition_statement_release_excl",
            "ALTER TABLE organisations_speaker DROP CONSTRAINT organisations_speaker_pkey CASCADE",
            "ALTER TABLE statements_event DROP CONSTRAINT event_statement_number_uniq",
            "DROP INDEX edition_statement_review_uniq",
            "ALTER TABLE statements_edition ALTER COLUMN digest DROP NOT NULL",
            "ALTER TABLE statements_event DISABLE TRIGGER event_never_deleted",
            "DROP FUNCTION onrecord_refuse CASCADE",
        )
        assert len(catalogue.find_differences(connection)) > 8
        assert repair() == "The database holds every rule. Now run verify_record.\n"
        assert catalogue.find_differences(connection) == []


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_repair_rebuilds_a_table_and_keeps_its_rows():
    organisation = Organisation.objects.create(name="The Institute", slug="institute")
    Contact.objects.create(organisation=organisation, name="Press", phone="1")
    alter_table(
        "organisations_contact",
        'CONSTRAINT "contact_email_phone_check" CHECK (NOT',
        'CONSTRAINT "contact_email_phone_check" CHECK (1 OR NOT',
    )
    execute("DROP INDEX edition_statement_review_uniq", "DROP TRIGGER event_never_deleted")
    assert len(catalogue.find_differences(connection)) == 3
    assert repair() == "The database holds every rule. Now run verify_record.\n"
    assert list(Contact.objects.values_list("name", "phone")) == [("Press", "1")]


@pytest.mark.postgresql
def test_repair_changes_nothing_while_rows_break_a_rule():
    organisation = Organisation.objects.create(name="The Institute", slug="institute")
    execute("SET CONSTRAINTS ALL IMMEDIATE", f"ALTER TABLE {CHECK}")
    Contact.objects.create(organisation=organisation, name="Unreachable")
    execute("SET CONSTRAINTS ALL IMMEDIATE", "DROP INDEX edition_statement_review_uniq")
    with pytest.raises(CommandError, match="Nothing was changed, because the database refused it"):
        repair()
    assert [row.key.name for row in catalogue.find_differences(connection)] == [
        "contact_email_phone_check",
        "edition_statement_review_uniq",
    ]


@pytest.mark.postgresql
def test_repair_names_what_a_person_has_to_look_at():
    execute(
        "CREATE TRIGGER stranger AFTER UPDATE ON statements_edition FOR EACH ROW "
        "EXECUTE FUNCTION onrecord_delete_fingerprints()"
    )
    with pytest.raises(CommandError) as refusal:
        repair()
    assert str(refusal.value) == (
        "The trigger stranger of statements_edition is not ours: find out who added it, and drop "
        "it."
    )
