"""Test the mails that the clock sends: once an edition and time, and to the right people."""

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from statements import workflow
from statements.models import Absence, Edition, SentReminder, Statement
from statements.notifications import newsdesk
from statements.notifications.reminders import send_reminders
from tests.cast import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    approve_edition,
    make_statement,
    make_user,
    refetch_edition,
    submit_statement,
)

pytestmark = pytest.mark.django_db

SOON = "a statement goes public within the hour"
PUBLISHED = "a statement was published"
UNDECIDED = "a statement is waiting, and its requested release is near"


@pytest.fixture
def remind(mailoutbox, frozen, django_capture_on_commit_callbacks):
    """remind(at): addressee and subject of each mail that a run of the command sends."""

    def run(at) -> list[tuple[str, str]]:
        mailoutbox.clear()
        frozen(at)
        with django_capture_on_commit_callbacks(execute=True):
            send_reminders(at=at)
        return [
            (mail.to[0].partition("@")[0], mail.subject.partition(": ")[2]) for mail in mailoutbox
        ]

    return run


@pytest.fixture
def edition(ann, ed) -> Edition:
    edition = submit_statement(make_statement(ann), by=ann, at=NOON - DAY)
    return approve_edition(edition, by=ed, at=NOON - DAY, release_at=NOON)


# --- Going public, and published ------------------------------------------------------------------


def test_within_the_hour_its_author_and_its_approver_hear_once_that_it_goes_public(
    edition, max, remind
):
    assert remind(NOON - HOUR - MINUTE) == []
    assert remind(NOON - HOUR) == [("ann", SOON), ("ed", SOON)]
    assert remind(NOON - HOUR + MINUTE) == []


def test_another_time_is_told_again_and_what_is_on_hold_is_not(edition, ed, max, remind):
    assert len(remind(NOON - HOUR)) == 2
    workflow.hold(edition, by=max, at=NOON - 30 * MINUTE)
    assert remind(NOON - 20 * MINUTE) == []
    workflow.reschedule(
        refetch_edition(edition), by=ed, at=NOON, seen_digest=edition.digest, release_at=NOON + DAY
    )
    assert remind(NOON + MINUTE) == []
    assert remind(NOON + DAY - MINUTE) == [("ann", SOON), ("ed", SOON)]


def test_a_mail_that_waited_is_not_sent_once_it_is_on_hold_or_moved(
    edition, ed, ann, mailoutbox, frozen
):
    frozen(NOON - MINUTE)
    workflow.reschedule(
        edition, by=ed, at=NOON - MINUTE, seen_digest=edition.digest, release_at=NOON + DAY
    )
    newsdesk.mail_user.func("going_out_soon", edition.pk, ann.pk)
    workflow.hold(refetch_edition(edition), by=ed, at=NOON - MINUTE)
    newsdesk.mail_user.func("going_out_soon", edition.pk, ann.pk)
    assert mailoutbox == []


def test_what_came_out_by_the_clock_is_reported_once(edition, remind):
    assert remind(NOON) == [("ann", PUBLISHED), ("ed", PUBLISHED)]
    assert remind(NOON + MINUTE) == []


def test_what_was_withdrawn_or_came_out_long_ago_is_not_reported(edition, max, ann, ed, remind):
    workflow.withdraw(edition, by=max, at=NOON + MINUTE, kind="notice", notice="Wrong.")
    old = submit_statement(make_statement(ann, "Older"), by=ann, at=NOON - 3 * DAY)
    approve_edition(old, by=ed, at=NOON - 3 * DAY, release_at=NOON - 2 * DAY)
    assert remind(NOON + 2 * MINUTE) == []


# --- Undecided ------------------------------------------------------------------------------------


@pytest.fixture
def submit(ann):
    """submit(editor, at): an edition of ann's, requested for NOON."""

    def submit_for_noon(editor=None, at=NOON - DAY) -> Edition:
        statement = make_statement(ann)
        Statement.objects.filter(pk=statement.pk).update(requested_release_at=NOON)
        return submit_statement(statement, by=ann, at=at, editor=editor)

    return submit_for_noon


def test_two_hours_before_the_request_the_editor_who_was_asked_hears_and_then_all(
    submit, ed, max, remind
):
    submit(ed)
    assert remind(NOON - 2 * HOUR - MINUTE) == []
    assert remind(NOON - 2 * HOUR) == [("ed", UNDECIDED)]
    assert remind(NOON - HOUR - MINUTE) == []
    assert remind(NOON - HOUR) == [("ed", UNDECIDED), ("max", UNDECIDED)]
    assert remind(NOON - MINUTE) == []


def test_where_nobody_was_asked_all_who_can_approve_hear_once(submit, ed, max, remind):
    submit()
    assert remind(NOON - 2 * HOUR) == [("ed", UNDECIDED), ("max", UNDECIDED)]
    assert remind(NOON - HOUR) == []


def test_somebody_away_counts_as_nobody(submit, ed, max, remind):
    submit(ed)
    Absence.objects.create(user=ed, until=(NOON + DAY).date())
    assert remind(NOON - 2 * HOUR) == [("ed", UNDECIDED), ("max", UNDECIDED)]
    assert remind(NOON - HOUR) == []


def test_somebody_who_is_back_counts_again(submit, ed, max, remind):
    submit(ed)
    Absence.objects.create(user=ed, until=NOON.date())
    assert remind(NOON - 2 * HOUR) == [("ed", UNDECIDED)]


def test_who_has_only_just_been_told_is_not_told_again(submit, ed, max, remind):
    submit(ed, at=NOON - 90 * MINUTE)
    assert remind(NOON - 89 * MINUTE) == []
    assert remind(NOON - 50 * MINUTE) == [("ed", UNDECIDED), ("max", UNDECIDED)]


def test_the_last_hour_begins_with_those_who_were_not_asked(submit, ed, max, remind):
    submit(ed, at=NOON - 50 * MINUTE)
    assert remind(NOON - 45 * MINUTE) == [("max", UNDECIDED)]
    submit(at=NOON - 40 * MINUTE)
    assert remind(NOON - 35 * MINUTE) == []


def test_what_is_decided_reminds_nobody(submit, ed, remind, mailoutbox):
    edition = submit(ed)
    workflow.send_back(edition, by=ed, at=NOON - DAY, seen_digest=edition.digest, note="Shorter.")
    assert remind(NOON - 2 * HOUR) == []
    newsdesk.mail_user.func("undecided", edition.pk, ed.pk)  # it waited in the queue
    assert mailoutbox == []


def test_an_author_of_it_is_not_reminded(submit, ann, ed, remind):
    make_user("eve", "Author")
    submit()
    assert remind(NOON - HOUR) == [("ed", UNDECIDED)]


# --- The command, and the database ----------------------------------------------------------------


def test_the_command_says_how_many(edition, frozen, capsys):
    frozen(NOON)
    call_command("send_reminders")
    call_command("send_reminders")
    assert capsys.readouterr().out == "Reminders: 1.\nReminders: 0.\n"


def test_the_database_keeps_one_row_for_an_edition_message_and_time(edition):
    row = {"edition": edition, "message": "published", "time": NOON}
    SentReminder.objects.create(**row)
    with pytest.raises(IntegrityError, match="sentreminder"), transaction.atomic():
        SentReminder.objects.create(**row)
    SentReminder.objects.create(**row | {"time": NOON + DAY})
