"""Test who gets mail, what it says, and what it never says."""

import json
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.core import mail as outbox
from django.core.mail.backends.locmem import EmailBackend
from django.db import IntegrityError

from statements import workflow
from statements.models import Action, Edition, MailKind, SwitchedOffMail
from statements.notifications import mail_kinds, newsdesk, reminders
from tests.assertions import assert_refused
from tests.cast import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    approve_edition,
    make_organisation,
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
        return [
            (mail.to[0], mail.subject.removeprefix("Association of Directors: "))
            for mail in mailoutbox
        ]

    return run


@pytest.fixture
def edition(ann):
    return submit_statement(make_statement(ann, "Secret headline", words="Secret words."), by=ann)


def test_those_who_can_approve_hear_of_a_submission(run_and_read_mail, ann, ed, max):
    gone = make_user("gone", "Editor")
    gone.__class__.objects.filter(pk=gone.pk).update(is_active=False)
    max.groups.add(Group.objects.get(name="Editor"))  # in two groups, one mail
    subject = "a statement is waiting for your approval"
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
        ("ann@example.org", "a statement needs someone to countersign")
    ]


def test_its_writers_hear_that_it_was_sent_back(run_and_read_mail, edition, ed):
    assert run_and_read_mail(
        *(workflow.send_back, edition), by=ed, at=NOON, seen_digest=edition.digest, note="Why?"
    ) == [("ann@example.org", "a statement was sent back to you")]


def test_its_writers_hear_of_an_approval_and_its_approver_too_of_a_hold(
    run_and_read_mail, edition, ann, ed
):
    assert run_and_read_mail(
        *(workflow.approve, edition),
        by=ed,
        at=NOON,
        seen_digest=edition.digest,
        release_at=NOON + DAY,
    ) == [("ann@example.org", "your statement was approved")]
    eve = make_user("eve", "Manager")
    assert run_and_read_mail(workflow.hold, refetch_edition(edition), by=eve, at=NOON + HOUR) == [
        ("ann@example.org", "a statement was put on hold"),
        ("ed@example.org", "a statement was put on hold"),
    ]
    workflow.reschedule(
        refetch_edition(edition), by=ed, at=NOON, seen_digest=edition.digest, release_at=NOON + DAY
    )
    assert run_and_read_mail(workflow.hold, refetch_edition(edition), by=ann, at=NOON) == [
        ("ed@example.org", "a statement was put on hold")
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
    ) == [("max@example.org", "you are asked to countersign a statement")]
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


def test_who_wrote_hears_that_it_was_published_now_and_nobody_hears_it_twice(
    run_and_read_mail, edition, ed, max, frozen
):
    frozen(NOON + HOUR)
    max.groups.add(Group.objects.get(name="Editor"))
    published = [("ann@example.org", "a statement was published")]
    arguments = {"by": ed, "at": NOON + HOUR, "seen_digest": edition.digest}
    assert (
        run_and_read_mail(workflow.approve, edition, release_at=NOON + HOUR, **arguments)
        == published
    )
    assert run_and_read_mail(reminders.send_reminders, at=NOON + HOUR) == []


def test_editors_and_writers_hear_of_a_withdrawal(run_and_read_mail, edition, ed, max):
    approve_edition(edition, by=ed)
    assert run_and_read_mail(
        *(workflow.withdraw, refetch_edition(edition)),
        by=max,
        at=NOON + HOUR,
        kind="notice",
        notice="Secret notice.",
    ) == [
        ("ann@example.org", "a statement was withdrawn"),
        ("ed@example.org", "a statement was withdrawn"),
    ]


# --- What a mail says -----------------------------------------------------------------------------

COMMITTEE = "Council & “County”"
MESSAGES = {
    "submitted": (
        "a statement is waiting for your approval",
        "A statement of {} was submitted for review. Read it, then approve it or send it back.",
    ),
    "approval_requested": (
        "you are asked to approve a statement",
        "The person who submitted a statement of {} asks you to decide on it. Read it, then "
        "approve it or send it back.",
    ),
    "countersignature_needed": (
        "a statement needs someone to countersign",
        "A statement of {} was submitted for review, and every editor helped write it. Read it, "
        "then countersign it if you agree.",
    ),
    "countersignature_requested": (
        "you are asked to countersign a statement",
        "You are asked to read a statement of {} and to countersign it if you agree.",
    ),
    "undecided": (
        "a statement is waiting, and its requested release is near",
        "A statement of {} is still in review. It was requested to go public soon. Nothing is "
        "published until someone decides.",
    ),
    "sent_back": (
        "a statement was sent back to you",
        "An editor sent your statement back, with a note on what needs to change.",
    ),
    "approved": (
        "your statement was approved",
        "A statement of {} that you helped write was approved. Its page says when it goes public.",
    ),
    "put_on_hold": (
        "a statement was put on hold",
        "An approved statement of {} was put on hold. Nothing is published until someone sets a "
        "new time.",
    ),
    "going_out_soon": (
        "a statement goes public within the hour",
        "An approved statement of {} goes public within the hour. You do not need to do anything. "
        "If it must not, put it on hold:",
    ),
    "withdrawn": (
        "a statement was withdrawn",
        "A published statement of {} was withdrawn. Its page says who withdrew it and why.",
    ),
    "published_urgently": (
        "an urgent publication needs a second look",
        "One person published a statement of {} without a second person. Read it and confirm it "
        "is right, or withdraw it.",
    ),
    "remark_added": (
        "a new remark on a statement",
        "Someone remarked on a statement of {} that you work on.",
    ),
}
PUBLISHED = """Edition 1 of this statement of {} is public:

Secret headline
{}/statements/secret-headline/

On the newsdesk, you can withdraw it or start a correction:"""


def make_committee_edition(ann) -> Edition:
    organisation = make_organisation(COMMITTEE, slug="council")
    return submit_statement(
        make_statement(ann, "Secret headline", words="Secret words.", organisation=organisation),
        by=ann,
    )


def test_every_message_about_an_edition_is_tested():
    about_replies = {"reply_agreed", "reply_objected", "reply_objected_after_approval"}
    assert {*newsdesk.ACTION_MESSAGES.values(), *mail_kinds.KINDS_BY_MESSAGE} == {
        *MESSAGES,
        "published",
        *about_replies,
    }


@pytest.mark.parametrize("message", MESSAGES)
def test_a_mail_says_whose_statement_it_is_and_no_word_of_it(
    ann, ed, mailoutbox, message, settings, frozen
):
    edition = make_committee_edition(ann)
    if message == "going_out_soon":
        approve_edition(edition, by=ed, release_at=NOON + HOUR)
        frozen(NOON + MINUTE)
    newsdesk.mail_user.func(message, edition.pk, ann.pk)
    (mail,) = mailoutbox
    subject, sentence = MESSAGES[message]
    page = "edition/{}/review/" if message in newsdesk.REVIEW_MESSAGES else "statement/{}/"
    pk = edition.pk if message in newsdesk.REVIEW_MESSAGES else edition.statement_id
    assert mail.subject == f"{COMMITTEE}: {subject}"  # plain text: nothing is escaped
    link = f"{settings.SITE_URL}/admin/statements/{page.format(pk)}"
    assert mail.body == f"{sentence.format(COMMITTEE)}\n\n{link}\n"
    assert (mail.content_subtype, mail.attachments) == ("plain", [])
    assert mail.message()["Auto-Submitted"] == "auto-generated"


def test_the_headline_is_mailed_only_while_it_is_public(ann, ed, max, mailoutbox, settings, frozen):
    edition = make_committee_edition(ann)
    approve_edition(edition, by=ed, release_at=NOON + HOUR)
    frozen(NOON + HOUR - MINUTE)
    newsdesk.mail_user.func("published", edition.pk, ann.pk)
    assert mailoutbox == []
    frozen(NOON + HOUR)
    newsdesk.mail_user.func("published", edition.pk, ann.pk)
    (mail,) = mailoutbox
    assert mail.subject == f"{COMMITTEE}: a statement was published"
    hub = f"{settings.SITE_URL}/admin/statements/statement/{edition.statement_id}/"
    assert mail.body == f"{PUBLISHED.format(COMMITTEE, settings.SITE_URL)}\n\n{hub}\n"
    assert mail.message()["Auto-Submitted"] == "auto-generated"
    workflow.withdraw(
        refetch_edition(edition), by=max, at=NOON + HOUR, kind="notice", notice="Wrong."
    )
    newsdesk.mail_user.func("published", edition.pk, ann.pk)
    assert len(mailoutbox) == 1


def test_a_short_name_is_enough(ann, mailoutbox):
    edition = make_committee_edition(ann)
    edition.organisation.short_name = "ADCS"
    edition.organisation.save()
    newsdesk.mail_user.func("submitted", edition.pk, ann.pk)
    assert mailoutbox[0].subject == "ADCS: a statement is waiting for your approval"


def test_every_mail_goes_through_the_one_function_that_marks_it_as_automatic():
    sources = [path for folder in ("statements", "archive") for path in Path(folder).rglob("*.py")]
    senders = ("EmailMessage(", "EmailMultiAlternatives(", "send_mail(", "send_mass_mail(")
    found = {path.name for path in sources if any(name in path.read_text() for name in senders)}
    assert found == {"messages.py"}


# --- Preferences ----------------------------------------------------------------------------------


@pytest.mark.parametrize("message", mail_kinds.KINDS_BY_MESSAGE)
def test_a_kind_that_is_switched_off_is_not_sent_to_that_person(ann, ed, message):
    kind = mail_kinds.KINDS_BY_MESSAGE[message]
    assert newsdesk.can_be_mailed(message, ann.pk)
    SwitchedOffMail.objects.create(user=ann, kind=kind)
    assert not newsdesk.can_be_mailed(message, ann.pk)
    assert newsdesk.can_be_mailed(message, ed.pk)


def test_an_editor_always_hears_of_an_objection_after_approval_and_all_of_an_urgent_one(ann, ed):
    for kind in MailKind.values:
        SwitchedOffMail.objects.create(user=ed, kind=kind)
        SwitchedOffMail.objects.create(user=ann, kind=kind)
    assert newsdesk.can_be_mailed("reply_objected_after_approval", ed.pk)
    assert not newsdesk.can_be_mailed("reply_objected", ed.pk)
    assert newsdesk.can_be_mailed("published_urgently", ann.pk)


@pytest.mark.parametrize("kind", ["published_urgently", "password_link", ""])
def test_the_database_switches_off_no_other_kind(ann, kind):
    with pytest.raises(IntegrityError, match="switchedoffmail_kind_check"):
        SwitchedOffMail.objects.bulk_create([SwitchedOffMail(user=ann, kind=kind)])


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
