"""Who is told by mail, and how little the mail says."""

import pytest
from django.contrib.auth.models import Group
from django.core import mail as outbox
from django.core.mail.backends.locmem import EmailBackend

from statements import workflow
from statements.models import Action
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
def told(mailoutbox, django_capture_on_commit_callbacks):
    """told(verb, …): the address and subject of each mail that the verb sends."""

    def run(verb, *args, **kwargs) -> list[tuple[str, str]]:
        mailoutbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            verb(*args, **kwargs)
            assert mailoutbox == []  # not before it is true
        assert all(len(one.recipients()) == 1 for one in mailoutbox)
        return [(one.to[0], one.subject.removeprefix("On the Record: ")) for one in mailoutbox]

    return run


@pytest.fixture
def edition(ann):
    return submit_statement(make_statement(ann, "Secret headline", words="Secret words."), by=ann)


def test_those_who_can_approve_hear_of_a_submission(told, ann, ed, max):
    gone = make_user("gone", "Editor")
    gone.__class__.objects.filter(pk=gone.pk).update(is_active=False)
    max.groups.add(Group.objects.get(name="Editor"))  # in two groups, told once
    what = "something waits for your review"
    statement = make_statement(ann)
    assert told(submit_statement, statement, by=ann) == [
        ("ed@example.org", what),
        ("max@example.org", what),
    ]
    rewrite_passage(statement, "With ed's comma.", by=ed)
    assert told(submit_statement, statement, by=ann) == [("max@example.org", what)]


def test_where_nobody_else_approves_the_others_hear_of_it(told, ann, ed):
    statement = make_statement(ed)
    assert told(submit_statement, statement, by=ed) == [
        ("ann@example.org", "something waits for your review")
    ]


def test_its_writers_hear_that_it_was_sent_back(told, edition, ed):
    assert told(
        *(workflow.send_back, edition), by=ed, at=NOON, seen_digest=edition.digest, note="Why?"
    ) == [("ann@example.org", "something was sent back to you")]


def test_its_writers_hear_of_an_approval_and_its_approver_too_of_a_hold(told, edition, ann, ed):
    assert told(
        *(workflow.approve, edition),
        by=ed,
        at=NOON,
        seen_digest=edition.digest,
        release_at=NOON + DAY,
    ) == [("ann@example.org", "something of yours was approved")]
    eve = make_user("eve", "Manager")
    assert told(workflow.hold, refetch_edition(edition), by=eve, at=NOON + HOUR) == [
        ("ann@example.org", "something was held"),
        ("ed@example.org", "something was held"),
    ]
    workflow.reschedule(
        refetch_edition(edition), by=ed, at=NOON, seen_digest=edition.digest, release_at=NOON + DAY
    )
    assert told(workflow.hold, refetch_edition(edition), by=ann, at=NOON) == [
        ("ed@example.org", "something was held")
    ]


def test_the_one_who_is_asked_to_countersign_hears_of_it_alone(told, edition, ann, ed, max):
    assert told(
        *(workflow.request_countersignature, edition),
        by=ann,
        at=NOON,
        seen_digest=edition.digest,
        person=max,
    ) == [("max@example.org", "you are asked to countersign")]
    event = edition.events.last()
    assert (event.action, event.detail) == (Action.COUNTERSIGNATURE_REQUESTED, '{"person":"max"}')


def test_only_somebody_else_on_the_newsdesk_is_asked(edition, ann, sam):
    for person in (ann, sam, None):
        with assert_refused("Choose somebody else on the newsdesk."):
            workflow.request_countersignature(
                edition, by=ann, at=NOON, seen_digest=edition.digest, person=person
            )


@pytest.mark.parametrize("action", newsdesk.MESSAGES)
def test_a_mail_says_no_word_of_the_statement(edition, ann, mailoutbox, action):
    newsdesk.mail_user.func(action, edition.pk, ann.pk)
    (mail,) = mailoutbox
    said = (mail.subject + mail.body).lower()
    for word in ("secret", edition.slug, "dave hill", "president", "association", edition.digest):
        assert word not in said
    assert f"/admin/statements/edition/{edition.pk}/review/" in said
    assert mail.alternatives == mail.attachments == []


def test_who_left_before_the_worker_came_is_not_told(edition, ann, mailoutbox):
    ann.groups.clear()
    newsdesk.mail_user.func(Action.SENT_BACK, edition.pk, ann.pk)
    assert mailoutbox == []


def test_one_mail_that_fails_takes_no_other_with_it(told, ann, ed, max, monkeypatch):
    send = EmailBackend.send_messages

    def fail_for_ed(self, messages):
        if messages[0].to == ["ed@example.org"]:
            raise OSError("The mail server hung up.")
        return send(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", fail_for_ed)
    assert [to for to, _ in told(submit_statement, make_statement(ann), by=ann)] == [
        "max@example.org"
    ]
    assert [one.to for one in outbox.outbox] == [["max@example.org"]]


def test_a_queue_that_is_down_undoes_nothing(ann, ed, monkeypatch, caplog, told):
    def broken(*args):
        raise OSError("No queue.")

    statement = make_statement(ann)
    monkeypatch.setattr(newsdesk, "_enqueue_mails", lambda *args, **kwargs: broken())
    assert told(submit_statement, statement, by=ann) == []
    assert statement.editions.get().state == "in_review"
