"""Test that verification finds and names what was changed behind the record's back."""

import smtplib

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from statements.audit import seals, verification
from statements.integrity import triggers
from statements.models import Event
from tests.cast import HOUR, NOON, approve_edition, make_statement, submit_statement

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition(ann, ed):
    return approve_edition(submit_statement(make_statement(ann), by=ann), by=ed)


@pytest.fixture
def behind_the_back():
    """behind_the_back(sql, …): with the triggers away, as only somebody with the server could."""

    def execute(sql: str, *values) -> None:
        triggers.drop_triggers(connection)
        try:
            with connection.cursor() as cursor:
                cursor.execute(sql, values)
        finally:
            triggers.create_triggers(connection)

    return execute


def anchored() -> Event:
    with transaction.atomic():
        return seals.write_seal(at=NOON + HOUR).event


def test_a_whole_record_has_no_problems(edition, capsys):
    anchored()
    calls = []
    assert list(verification.verify(progress=lambda: calls.append(1))) == []
    call_command("verify_record")
    assert capsys.readouterr().out == f"The record holds: {len(calls)} editions and events.\n"


@pytest.mark.sqlite  # PostgreSQL refuses even this: a check constraint hashes the content itself
def test_changed_words_are_named(edition, behind_the_back):
    behind_the_back(
        "UPDATE statements_edition SET content = replace(content, 'welcome', 'regret') WHERE id = %s",
        edition.pk,
    )
    assert list(verification.verify()) == [
        f"The words of edition 1 of statement {edition.statement_id} "
        "are not the words that were hashed."
    ]


@pytest.mark.sqlite
def test_one_statement_is_verified_by_itself(ann, edition, behind_the_back):
    other = submit_statement(make_statement(ann, "Another"), by=ann)
    behind_the_back("UPDATE statements_event SET action = 'x' WHERE edition_id = %s", other.pk)
    assert verification.verify_statement(edition.statement) == []
    assert verification.verify_statement(other.statement) == [
        f"Event 1 of statement {other.statement_id} was changed after it was written."
    ]
    behind_the_back("UPDATE statements_edition SET content = '{}' WHERE id = %s", edition.pk)
    assert verification.verify_statement(edition.statement) == [
        f"The words of edition 1 of statement {edition.statement_id} "
        "are not the words that were hashed."
    ]


@pytest.fixture
def remove(behind_the_back):
    """remove(event), with the triggers away and with its texts."""

    def execute(event: Event) -> None:
        behind_the_back("DELETE FROM statements_eventtext WHERE event_id = %s", event.pk)
        behind_the_back("DELETE FROM statements_event WHERE id = %s", event.pk)

    return execute


def test_a_removed_event_is_missed(edition, remove):
    remove(Event.objects.get(statement=edition.statement, number=1))
    assert list(verification.verify())[:2] == [
        f"Events of statement {edition.statement_id} are missing before number 2.",
        f"Event 2 of statement {edition.statement_id} was changed after it was written.",
    ]


def test_an_edition_without_any_event_is_named(edition, remove):
    for event in edition.events.all():
        remove(event)
    assert (
        f"Of statement {edition.statement_id}, edition 1 is there, and no event says so."
        in list(verification.verify())
    )


def test_an_event_that_was_rewritten_is_named(edition, behind_the_back):
    last = Event.objects.filter(statement=edition.statement).last()
    behind_the_back("UPDATE statements_event SET digest = '' WHERE id = %s", last.pk)
    assert list(verification.verify()) == [
        f"Event {last.number} of statement {edition.statement_id} was changed after it was written."
    ]


def test_a_chain_that_was_cut_short_is_found_by_its_anchor(edition, remove):
    anchored()
    remove(Event.objects.filter(statement=edition.statement).last())
    assert "The record before the seal of 1 March 2044 is not what it was that day." in set(
        verification.verify()
    )


def test_the_command_counts_what_it_found_and_fails(edition, behind_the_back, capsys):
    last = Event.objects.filter(statement=edition.statement).last()
    behind_the_back("UPDATE statements_event SET digest = '' WHERE id = %s", last.pk)
    with pytest.raises(CommandError, match="The record does not hold: 1 found"):
        call_command("verify_record")
    assert capsys.readouterr().out == (
        f"Event 2 of statement {edition.statement_id} was changed after it was written.\n"
    )


@pytest.mark.parametrize("more", [0, 2])
def test_proving_costs_the_same_queries_for_any_number(ann, ed, more, django_assert_num_queries):
    for number in range(1 + more):
        approve_edition(submit_statement(make_statement(ann, f"Comment {number}"), by=ann), by=ed)
    # The site chain in 10, statements in 14 for 500 of them, signatures, what was erased, and seals.
    with django_assert_num_queries(28):
        assert list(verification.verify()) == []


def test_the_anchor_is_mailed_outside(edition, settings, capsys):
    settings.ANCHOR_EMAIL = "notary@example.com"
    call_command("anchor_record")
    call_command("anchor_record")
    first, second = Event.objects.filter(action="anchored").order_by("number")
    assert [m.to for m in mail.outbox] == [["notary@example.com"]] * 2
    assert first.hash in mail.outbox[0].body
    assert second.hash in capsys.readouterr().out
    assert list(verification.verify()) == []


def test_without_an_address_the_anchor_says_that_it_stays_here(edition, capsys):
    call_command("anchor_record")
    assert capsys.readouterr().out.endswith("ANCHOR_EMAIL is empty, so the seal was not mailed.\n")
    assert mail.outbox == []


def test_a_mail_that_fails_is_said_and_the_seal_stands(edition, settings, monkeypatch):
    settings.ANCHOR_EMAIL = "notary@example.com"

    def refuse(*args, **kwargs):
        raise smtplib.SMTPServerDisconnected("closed")

    monkeypatch.setattr("statements.management.commands.anchor_record.send_email", refuse)
    with pytest.raises(CommandError, match="could not be mailed"):
        call_command("anchor_record")
    assert Event.objects.filter(action="anchored").count() == 1
