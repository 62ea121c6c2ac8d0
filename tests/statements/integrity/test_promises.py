"""Test that the database refuses to break a promise: by queryset, in bulk and by SQL."""

import datetime as dt
import uuid

import pytest
from django.db import connection

from statements.models import (
    Contribution,
    Edition,
    Event,
    EventText,
    State,
    StatementSlug,
    Withdrawal,
)
from statements.published.editions import public_editions
from tests.assertions import assert_database_refuses
from tests.cast import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    approve_edition,
    make_organisation,
    make_statement,
    refetch_edition,
    rewrite_passage,
    submit_statement,
)

pytestmark = pytest.mark.django_db

PAST = dt.datetime(2024, 5, 1, 8, 0, tzinfo=dt.UTC)  # the database's own clock has passed it
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def in_review(ann) -> Edition:
    return submit_statement(make_statement(ann), by=ann)


@pytest.fixture
def public(ann, ed) -> Edition:
    """Out since PAST, by the database's clock too."""
    edition = submit_statement(make_statement(ann), by=ann, at=PAST)
    return approve_edition(edition, by=ed, at=PAST, release_at=PAST)


def change(edition: Edition, **columns) -> None:
    Edition.objects.filter(pk=edition.pk).update(**columns)


def sql(sentence: str, *values) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sentence, values)


# --- 1 Only released editions are public, 5 Time needs no machinery -------------------------------


def test_an_edition_is_public_from_its_second_to_the_one_of_the_next(ann, ed):
    statement = make_statement(ann)
    first = approve_edition(submit_statement(statement, by=ann), by=ed, release_at=NOON + HOUR)
    rewrite_passage(statement, "Other words.", by=ann)
    second = submit_statement(statement, by=ann, amendment="typo")
    approve_edition(second, by=ed, release_at=NOON + DAY)

    def shown(at):
        return list(public_editions(at=at).values_list("pk", flat=True))

    assert shown(NOON + HOUR - dt.timedelta(microseconds=1)) == []
    assert shown(NOON + HOUR) == [first.pk]
    assert shown(NOON + DAY - dt.timedelta(microseconds=1)) == [first.pk]
    assert shown(NOON + DAY) == [second.pk]


def test_what_is_not_approved_has_no_release_time(in_review):
    with assert_database_refuses("edition_state_release_at_check"):
        change(in_review, release_at=NOON + HOUR)


def test_no_release_comes_before_its_approval(ann, ed, in_review):
    edition = approve_edition(in_review, by=ed, release_at=NOON + HOUR)
    with assert_database_refuses("edition_release_approved_check"):
        change(edition, release_at=NOON - MINUTE, first_release_at=NOON - MINUTE)


def test_only_an_import_comes_out_on_a_day_without_a_time(in_review):
    row = refetch_edition(in_review)
    row.pk, row.uuid, row.statement = None, uuid.uuid4(), make_statement(row.submitted_by, "Other")
    row.first_released_on = NOON.date()
    with assert_database_refuses("edition_first_released_on_check"):
        Edition.objects.bulk_create([row])


@pytest.mark.parametrize(
    "columns",
    [
        {"release_at": NOON, "first_release_at": NOON},
        {"release_at": None, "first_release_at": None},
        {"first_release_at": PAST - DAY},
        {"state": State.CANCELLED, "release_at": None},
    ],
)
def test_a_release_that_has_passed_never_moves(public, columns):
    with assert_database_refuses("A release time that has passed never moves."):
        change(public, **columns)


# --- 2 Words never change -------------------------------------------------------------------------


def other_words(edition: Edition) -> dict:
    """For each frozen column something else that would be well-formed."""
    other = make_statement(edition.submitted_by, "Another")
    return {
        "id": edition.pk + 1000,
        "statement_id": other.pk,
        "sequence": 9,
        "uuid": uuid.uuid4(),
        "content": edition.content.replace("welcome", "regret"),
        "digest": "0" * 64,
        "headline": "Another",
        "summary": "Another",
        "byline": "Another",
        "kind": "letter",
        "organisation_id": make_organisation("Another body").pk,
        "language": "cy",
        "dated_on": NOON.date(),
        "slug": "another",
        "amendment": "typo",
        "public_note": "Another",
        "submitted_by_id": edition.approved_by_id,
        "submitted_at": NOON,
        "requested_release_at": NOON,
        "embargo_until": NOON,
        "embargo_line": "None.",
        "contributors": ",999,",
        "first_released_on": NOON.date(),
    }


FROZEN = (
    "id statement_id sequence uuid content digest headline summary byline kind organisation_id "
    "language dated_on slug amendment public_note submitted_by_id submitted_at requested_release_at "
    "embargo_until embargo_line contributors first_released_on"
).split()


@pytest.mark.parametrize("column", FROZEN)
def test_no_frozen_column_changes(public, column):
    values = other_words(public)
    assert list(values) == FROZEN
    with assert_database_refuses("The words of an edition never change: submit another edition."):
        change(public, **{column: values[column]})


def test_bulk_update_changes_no_word(public):
    public.headline = "Another"
    with assert_database_refuses("The words of an edition never change: submit another edition."):
        Edition.objects.bulk_update([public], ["headline"])


def test_renaming_a_person_a_role_and_a_body_changes_no_byte(public):
    before = Edition.objects.filter(pk=public.pk).values().get()
    speaker = public.voices.get(speaker__isnull=False).speaker
    speaker.appointments.update(role="Chair")
    type(speaker).objects.filter(pk=speaker.pk).update(name="Somebody else")
    type(public.organisation).objects.update(name="Renamed", name_in_text="the Renamed")
    assert Edition.objects.filter(pk=public.pk).values().get() == before


@pytest.mark.parametrize(
    ("table", "refusal"),
    [
        ("statements_edition", "An edition is never deleted: withdraw it."),
        ("statements_event", "No event is ever deleted."),
        ("statements_withdrawal", "No withdrawal is ever deleted."),
        ("statements_statementslug", "No address is ever deleted."),
        ("statements_contribution", "No contribution is ever deleted."),
    ],
)
def test_what_is_on_the_record_is_never_deleted(public, ed, table, refusal):
    Withdrawal.objects.create(
        statement=public.statement, edition=public, from_at=NOON, kind="gone", notice="!", by=ed
    )
    with assert_database_refuses(refusal):
        sql(f"DELETE FROM {table}")


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "table",
    [
        "statements_edition",
        "statements_event",
        "statements_statementslug",
        "statements_contribution",
    ],
)
def test_replacing_a_row_is_refused_as_well(public, table):
    with assert_database_refuses("No row of the record is ever replaced."):
        sql(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")


@pytest.mark.postgresql
@pytest.mark.parametrize(
    "table",
    [
        "statements_edition",
        "statements_event",
        "statements_withdrawal",
        "statements_statementslug",
        "statements_contribution",
    ],
)
def test_emptying_a_table_is_refused_as_well(public, table):
    sql("SET CONSTRAINTS ALL IMMEDIATE")  # what waits for the commit would refuse it first
    with assert_database_refuses(f"The record is never emptied: {table}."):
        sql(f"TRUNCATE {table} CASCADE")


# --- 3 To go takes two people ---------------------------------------------------------------------


def decision(by, **more) -> dict:
    return {
        "state": State.APPROVED,
        "approved_by": by,
        "approved_at": NOON,
        "rule": "ordinary",
    } | more


def test_nobody_approves_words_they_had_a_hand_in_even_by_update(in_review, ann):
    with assert_database_refuses("edition_approved_by_check"):
        change(in_review, **decision(ann))
    with assert_database_refuses("edition_approved_by_check"):
        change(in_review, **decision(ann, countersigned_by=ann, countersigned_at=NOON))


def test_a_countersignature_by_another_lets_a_contributor_approve(in_review, ann, ed):
    change(in_review, **decision(ann, countersigned_by=ed, countersigned_at=NOON))
    assert refetch_edition(in_review).approved_by == ann


def test_nobody_inserts_an_approval_of_their_own_words(in_review, ann):
    row = refetch_edition(in_review)
    row.pk, row.sequence, row.uuid = None, 2, uuid.uuid4()
    for name, value in decision(ann).items():
        setattr(row, name, value)
    with assert_database_refuses("edition_approved_by_check"):
        Edition.objects.bulk_create([row])


def test_an_approval_names_person_time_and_rule(in_review, ed):
    for missing in ({"approved_by": None}, {"approved_at": None}, {"rule": ""}, {"rule": "other"}):
        with assert_database_refuses("edition_approval_check", "edition_state_release_at_check"):
            change(in_review, **(decision(ed) | missing))


def test_who_approved_and_how_never_changes(public, max):
    for columns in (
        {"approved_by": max},
        {"approved_at": NOON},
        {"rule": "import"},
        {"countersigned_by": max, "countersigned_at": NOON},
    ):
        with assert_database_refuses("Who approved an edition, and how, never changes."):
            change(public, **columns)


def test_nobody_hands_their_part_in_the_words_to_another(public, ed):
    with assert_database_refuses("A contribution keeps its person and its statement."):
        Contribution.objects.filter(statement=public.statement).update(user=ed)


def test_an_edition_without_contributors_is_refused(in_review):
    row = refetch_edition(in_review)
    row.pk, row.sequence, row.uuid, row.contributors = None, 2, uuid.uuid4(), ","
    row.state = State.SENT_BACK
    with assert_database_refuses("edition_contributors_check"):
        Edition.objects.bulk_create([row])


# --- 4 Approval binds to a digest -----------------------------------------------------------------


@pytest.mark.postgresql
def test_an_edition_whose_digest_is_not_of_its_content_is_refused(in_review):
    row = refetch_edition(in_review)
    row.pk, row.sequence, row.uuid, row.state = None, 2, uuid.uuid4(), State.SENT_BACK
    row.digest = "0" * 64
    with assert_database_refuses("edition_digest_check"):
        Edition.objects.bulk_create([row])


def test_what_was_decided_is_never_in_review_again(public, in_review):
    change(in_review, state=State.SENT_BACK)
    with assert_database_refuses("never in review again"):
        change(in_review, state=State.IN_REVIEW)


# --- 6 One at a time ------------------------------------------------------------------------------


def test_two_editions_of_one_statement_are_never_public_at_once(public, ann, ed):
    rewrite_passage(public.statement, "Other words.", by=ann)
    second = submit_statement(public.statement, by=ann, amendment="typo")
    held = approve_edition(second, by=ed, release_at=None)
    with assert_database_refuses(
        "Two editions of one statement would be public at the same time.",
        "edition_statement_release_excl",
    ):
        change(held, release_at=NOON + DAY, first_release_at=PAST)


def test_an_edition_that_has_ended_never_comes_back(public):
    change(public, live_until=PAST + DAY)
    with assert_database_refuses("An edition that has ended never comes back"):
        change(public, live_until=NOON)


# --- 7 On the record ------------------------------------------------------------------------------


@pytest.mark.parametrize("column", ["by_name", "action", "hash", "previous_hash", "detail"])
def test_no_event_changes(public, column):
    with assert_database_refuses("The record of events never changes."):
        Event.objects.filter(edition=public).update(**{column: "x"})


def test_the_text_of_an_event_never_changes_and_is_emptied_with_its_salt(public):
    text = EventText.objects.filter(event__edition=public).first()
    rows = EventText.objects.filter(pk=text.pk)
    for values in ({"text": "x"}, {"text": ""}, {"salt": ""}, {"key": "x", "text": "", "salt": ""}):
        with assert_database_refuses("The text of an event never changes."):
            rows.update(**values)
    with assert_database_refuses("No text of an event is ever deleted."):
        rows.delete()
    with assert_database_refuses("UNIQUE", "unique", "is ever replaced"):
        EventText.objects.bulk_create([EventText(event=text.event, key=text.key)])
    rows.update(text="", salt="")
    assert rows.values_list("text", "salt").get() == ("", "")


def test_no_number_of_a_chain_is_used_twice(public):
    event = Event.objects.filter(statement=public.statement).last()
    event.pk = None
    with assert_database_refuses("UNIQUE", "unique", "is ever replaced"):
        Event.objects.bulk_create([event])


# --- 10 Withdrawn means withdrawn, and addresses for ever -----------------------------------------


def test_no_withdrawal_is_softened(public, ed):
    withdrawal = Withdrawal.objects.create(
        statement=public.statement, edition=public, from_at=NOON, kind="gone", notice="!", by=ed
    )
    with assert_database_refuses("The record of withdrawals never changes."):
        Withdrawal.objects.filter(pk=withdrawal.pk).update(kind="notice")


def test_an_address_never_changes_hands(public, ann):
    other = make_statement(ann, "Another")
    with assert_database_refuses("An address belongs to its statement for ever."):
        StatementSlug.objects.filter(slug=public.slug).update(statement=other)


def test_what_was_suppressed_never_comes_back(public):
    change(public, live_until=PAST + DAY)
    change(public, suppressed_at=NOON)
    with assert_database_refuses("Suppressed or erased words never come back."):
        change(public, suppressed_at=None)


def test_erasure_takes_two_managers(public, max, ed):
    erased = {
        "content": '{"erased":true,"schema":1}',
        "headline": "[Erased]",
        "summary": "",
        "byline": "",
        "erased_at": NOON,
        "erased_by": max,
    }
    with assert_database_refuses("edition_erased_by_check"):
        change(public, **erased)
    with assert_database_refuses("edition_erased_by_check"):
        change(public, **erased, erasure_asked_by=max)
    change(public, **erased, erasure_asked_by=ed)
    assert refetch_edition(public).headline == "[Erased]"
