"""release_urgently and second_look: the one way round two people, and its debt."""

import pytest
from django.contrib.auth.models import Group

from statements import workflow
from statements.models import Action, ApprovalRule, Edition, Event
from statements.published.editions import public_editions
from tests.assertions import assert_denied, assert_refused
from tests.cast import (
    HOUR,
    NOON,
    PASSWORD,
    approve_edition,
    make_statement,
    make_user,
    refetch_edition,
    rewrite_passage,
    submit_statement,
)


@pytest.fixture
def edition(ann) -> Edition:
    return submit_statement(
        make_statement(ann, "Dam about to burst", words="Leave the valley."), by=ann
    )


def urgently(edition: Edition, *, by, at=NOON, reason="The dam.", password=PASSWORD) -> None:
    workflow.publish_urgently(
        edition, by=by, at=at, seen_digest=edition.digest, reason=reason, password=password
    )


def looked_at(edition: Edition, *, by, note="") -> None:
    workflow.take_second_look(edition, by=by, at=NOON, seen_digest=edition.digest, note=note)


def test_one_editor_alone_puts_their_own_words_out(ed):
    edition = submit_statement(make_statement(ed), by=ed)
    urgently(edition, by=ed)
    out = refetch_edition(edition)
    assert public_editions(at=NOON).get() == edition
    assert (out.rule, out.approved_by, out.second_look_by) == (ApprovalRule.URGENT, ed, None)
    event = edition.events.last()
    assert (str(event), event.note, event.digest) == (
        "ed published urgently",
        "The dam.",
        edition.digest,
    )


@pytest.mark.parametrize("password", ["", "guess", PASSWORD.upper()])
def test_the_password_is_asked_again(edition, ed, password):
    with assert_refused("That is not your password. Type it again."):
        urgently(edition, by=ed, password=password)


def test_reason_and_password_are_missed_at_once(edition, ed):
    with assert_refused(
        "This needs a reason in words. Say why it cannot wait. "
        "That is not your password. Type it again."
    ):
        urgently(edition, by=ed, reason=" ", password="")


def test_an_author_has_no_way_round(edition, ann):
    with assert_denied("To publish urgently you need to be an Editor or a Manager. Ask a manager."):
        urgently(edition, by=ann)


def test_what_is_out_or_cancelled_is_not_published_urgently(edition, ed, max):
    urgently(edition, by=ed)
    with assert_refused(
        "Edition 1 went out on 1 March 2044 at 12:00. Withdraw it, or publish a correction."
    ):
        urgently(edition, by=max)


def test_an_urgent_correction_follows_what_is_public(edition, ann, ed):
    approve_edition(edition, by=ed)
    second = submit_statement(
        rewrite_passage(edition.statement, "Stay!", by=ann), by=ann, amendment="typo"
    )
    urgently(second, by=ed, at=NOON + HOUR)
    assert public_editions(at=NOON + HOUR).get() == second


def test_words_submitted_before_others_came_out_are_not_slipped_over_them(edition, ann, ed):
    approve_edition(edition, by=ed, release_at=NOON + HOUR)
    second = submit_statement(rewrite_passage(edition.statement, "Stay.", by=ann), by=ann)
    with assert_refused(
        "Edition 1 went out after this edition was submitted. "
        "Send this one back, compare it with what is public now, and submit it again."
    ):
        urgently(second, by=ed, at=NOON + 2 * HOUR)


def test_where_two_people_agreed_already_nothing_is_owed(edition, ed):
    approve_edition(edition, by=ed, release_at=None)
    urgently(edition, by=ed)
    assert (refetch_edition(edition).rule, refetch_edition(edition).release_at) == (
        ApprovalRule.ORDINARY,
        NOON,
    )
    with assert_refused("Only an urgent publication needs a second look."):
        looked_at(edition, by=ed)


# --- Everybody gets mail --------------------------------------------------------------------------


def test_everybody_on_the_newsdesk_gets_mail_without_a_word_of_it(
    edition, ann, ed, max, sam, mailoutbox, django_capture_on_commit_callbacks
):
    make_user("gone", "Editor").__class__.objects.filter(username="gone").update(is_active=False)
    max.groups.add(Group.objects.get(name="Editor"))  # in two groups, one mail
    with django_capture_on_commit_callbacks(execute=True):
        urgently(edition, by=ed)
        assert mailoutbox == []  # not before it is true
    assert [mail.to for mail in mailoutbox] == [
        ["ann@example.org"],
        ["ed@example.org"],
        ["max@example.org"],
    ]
    mail = mailoutbox[0]
    assert mail.subject == "Association of Directors: an urgent publication needs a second look"
    assert mail.body == (
        "One person published a statement of Association of Directors without a second person. "
        "Read it and confirm it is right, or withdraw it.\n\n"
        f"http://localhost:8000/admin/statements/edition/{edition.pk}/review/\n"
    )


def test_a_refused_urgent_publication_mails_nobody(
    edition, ed, mailoutbox, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(workflow.Refused):
        urgently(edition, by=ed, password="guess")
    assert mailoutbox == []


# --- The debt -------------------------------------------------------------------------------------


def test_a_second_person_pays_the_debt_once(edition, ed, max):
    urgently(edition, by=ed)
    with assert_refused("You published it yourself: another person takes the second look."):
        looked_at(edition, by=ed)
    looked_at(edition, by=max, note="Checked with the engineer.")
    paid = refetch_edition(edition)
    assert (paid.second_look_by, paid.second_look_at) == (max, NOON)
    event = Event.objects.get(action=Action.SECOND_LOOK_TAKEN)
    assert (event.by, event.note) == (max, "Checked with the engineer.")
    eve = make_user("eve", "Editor")
    with assert_refused("max has taken the second look already."):
        looked_at(edition, by=eve)


def test_an_ordinary_release_needs_no_second_look(edition, ed, max):
    approve_edition(edition, by=ed)
    with assert_refused("Only an urgent publication needs a second look."):
        looked_at(edition, by=max)
