"""Test who gets mail, and how little the mail says."""

import json

import pytest
from django.contrib.auth.models import Group
from django.core import mail as outbox
from django.core.mail.backends.locmem import EmailBackend

from statements import workflow
from statements.models import Action, Edition
from statements.notifications import newsdesk
from tests.assertions import assert_refused
from tests.cast import (
    DAY,
    HOUR,
    NOON,
    make_statement,
    make_user,
    refetch_edition,
    rewrite_passage,
    submit_statement,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def run_and_read_mail(mailoutbox, django_capture_on_commit_callbacks):
    """run_and_read_mail(transition, …): address and subject of each mail that it sends."""

    def run(transition, *args, **kwargs) -> list[tuple[str, str]]:
        mailoutbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            transition(*args, **kwargs)
            assert mailoutbox == []  # none before the commit
        assert all(len(mail.recipients()) == 1 for mail in mailoutbox)
        return [(mail.to[0], mail.subject.removeprefix("On the Record: ")) for mail in mailoutbox]

    return run


@pytest.fixture
def edition(ann):
    return submit_statement(make_statement(ann, "Secret headline", words="Secret words."), by=ann)


def test_those_who_can_approve_hear_of_a_submission(run_and_read_mail, ann, ed, max):
    gone = make_user("gone", "Editor")
    gone.__class__.objects.filter(pk=gone.pk).update(is_active=False)
    max.groups.add(Group.objects.get(name="Editor"))  # in two groups, one mail
    subject = "something waits for your review"
    statement = make_statement(ann)
    assert run_and_read_mail(submit_statement, statement, by=ann) == [
        ("ed@example.org", subject),
        ("max@example.org", subject),
    ]
    rewrite_passage(statement, "With ed's comma.", by=ed)
    assert run_and_read_mail(submit_statement, statement, by=ann) == [("max@example.org", subject)]


def test_where_nobody_else_approves_the_others_hear_of_it(run_and_read_mail, ann, ed):
    statement = make_statement(ed)
    assert run_and_read_mail(submit_statement, statement, by=ed) == [
        ("ann@example.org", "something waits for your review")
    ]


def test_its_writers_hear_that_it_was_sent_back(run_and_read_mail, edition, ed):
    assert run_and_read_mail(
        *(workflow.send_back, edition), by=ed, at=NOON, seen_digest=edition.digest, note="Why?"
    ) == [("ann@example.org", "something was sent back to you")]


def test_its_writers_hear_of_an_approval_and_its_approver_too_of_a_hold(
    run_and_read_mail, edition, ann, ed
):
    assert run_and_read_mail(
        *(workflow.approve, edition),
        by=ed,
        at=NOON,
        seen_digest=edition.digest,
        release_at=NOON + DAY,
    ) == [("ann@example.org", "something of yours was approved")]
    eve = make_user("eve", "Manager")
    assert run_and_read_mail(workflow.hold, refetch_edition(edition), by=eve, at=NOON + HOUR) == [
        ("ann@example.org", "something was put on hold"),
        ("ed@example.org", "something was put on hold"),
    ]
    workflow.reschedule(
        refetch_edition(edition), by=ed, at=NOON, seen_digest=edition.digest, release_at=NOON + DAY
    )
    assert run_and_read_mail(workflow.hold, refetch_edition(edition), by=ann, at=NOON) == [
        ("ed@example.org", "something was put on hold")
    ]


def test_the_one_who_is_asked_to_countersign_hears_of_it_alone(
    run_and_read_mail, edition, ann, ed, max
):
    assert run_and_read_mail(
        *(workflow.request_countersignature, edition),
        by=ann,
        at=NOON,
        seen_digest=edition.digest,
        person=max,
    ) == [("max@example.org", "you are asked to countersign")]
    event = edition.events.last()
    assert (event.action, json.loads(event.detail)) == (
        Action.COUNTERSIGNATURE_REQUESTED,
        {"person": "max", "person_id": max.pk},
    )


def test_only_somebody_else_on_the_newsdesk_is_asked(edition, ann, sam):
    for person in (ann, sam, None):
        with assert_refused("Choose somebody else on the newsdesk."):
            workflow.request_countersignature(
                edition, by=ann, at=NOON, seen_digest=edition.digest, person=person
            )


MESSAGES = {
    "submitted": ("something waits for your review", "A statement was submitted for review."),
    "countersignature_requested": (
        "you are asked to countersign",
        "You are asked to read a statement and to countersign it.",
    ),
    "sent_back": (
        "something was sent back to you",
        "An editor has sent a statement of yours back, with a note.",
    ),
    "approved": (
        "something of yours was approved",
        "A statement that you had a hand in was approved. When it goes out stands on its page.",
    ),
    "put_on_hold": (
        "something was put on hold",
        "A statement was put on hold: it does not go out until somebody names a new time.",
    ),
    "published_urgently": (
        "an urgent publication needs a second look",
        "Somebody published a statement without a second person. Read it and take the second look.",
    ),
    "reply_received": (
        "a reply has come",
        "Somebody outside who was asked to agree has replied.",
    ),
    "remark_added": ("a new remark", "Somebody remarked on a statement that you have a hand in."),
}


def test_every_message_of_an_action_is_tested():
    assert {*newsdesk.ACTION_MESSAGES.values()} | {"reply_received", "remark_added"} == {*MESSAGES}


@pytest.mark.parametrize("message", MESSAGES)
def test_a_mail_says_no_word_of_the_statement(edition, ann, mailoutbox, message, settings):
    settings.SITE_NAME = "Council & “County”"  # plain text: nothing is escaped
    newsdesk.mail_user.func(message, edition.pk, ann.pk)
    (mail,) = mailoutbox
    subject, sentence = MESSAGES[message]
    link = f"{settings.SITE_URL}/admin/statements/edition/{edition.pk}/review/"
    assert mail.subject == f"Council & “County”: {subject}"
    assert mail.body == f"{sentence}\n\n{link}\n"
    assert mail.alternatives == mail.attachments == []


def test_who_left_before_the_worker_came_gets_no_mail(edition, ann, mailoutbox):
    ann.groups.clear()
    newsdesk.mail_user.func("sent_back", edition.pk, ann.pk)
    assert mailoutbox == []


def test_one_mail_that_fails_takes_no_other_with_it(
    run_and_read_mail, ann, ed, max, monkeypatch, caplog
):
    send = EmailBackend.send_messages

    def fail_for_ed(self, messages):
        if messages[0].to == ["ed@example.org"]:
            raise OSError("The mail server hung up.")
        return send(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", fail_for_ed)
    assert [to for to, _ in run_and_read_mail(submit_statement, make_statement(ann), by=ann)] == [
        "max@example.org"
    ]
    assert [mail.to for mail in outbox.outbox] == [["max@example.org"]]
    edition = Edition.objects.get()
    assert f"Mail submitted on edition {edition.pk} to user {ed.pk} failed: OSError" in caplog.text
    assert "hung up" not in [
        record.message for record in caplog.records if "newsdesk" in record.name
    ]


def test_a_queue_that_is_down_undoes_nothing(ann, ed, monkeypatch, caplog, run_and_read_mail):
    def broken(*args):
        raise OSError("No queue.")

    statement = make_statement(ann)
    monkeypatch.setattr(newsdesk, "_enqueue_mails", lambda *args, **kwargs: broken())
    assert run_and_read_mail(submit_statement, statement, by=ann) == []
    assert statement.editions.get().state == "in_review"
