"""Test send_back, approve and countersign: publishing takes two people and one exact content."""

import datetime as dt

import pytest
from django.contrib.auth.models import Group, User

from statements import workflow
from statements.models import ApprovalRule, Edition, Event, State, Statement
from statements.newsdesk.dashboard_needs import build_review_sections
from statements.published.editions import public_editions
from statements.workflow import MAX_SCHEDULE_AHEAD, Refused
from statements.workflow.rules import problems_for
from tests.assertions import assert_denied, assert_refused, assert_stale, read_detail
from tests.cast import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    approve_edition,
    make_statement,
    refetch_edition,
    rewrite_passage,
    submit_statement,
)

HAD_A_HAND = (
    "You had a hand in these words, so somebody else has to agree to them as well. "
    "Ask another person to countersign, or another editor to approve."
)
OTHER_WORDS = "The words on your screen are not these words. Look again, then decide."


@pytest.fixture
def edition(ann) -> Edition:
    return submit_statement(make_statement(ann), by=ann)


@pytest.fixture
def mended(ann, ed) -> Edition:
    """Ann wrote it, Ed mended a comma."""
    return submit_statement(
        rewrite_passage(make_statement(ann), "We, too, welcome it.", by=ed), by=ann
    )


# --- Sent back ------------------------------------------------------------------------------------


def test_words_go_back_to_their_writers_with_a_note(edition, ed):
    workflow.send_back(edition, by=ed, at=NOON, seen_digest=edition.digest, note="Who said that?")
    assert refetch_edition(edition).state == State.SENT_BACK
    event = edition.events.last()
    assert (str(event), event.note, event.digest) == (
        "ed sent back",
        "Who said that?",
        edition.digest,
    )


@pytest.mark.parametrize("note", ["", " \n", "\0"])
def test_nothing_goes_back_without_a_note(edition, ed, note):
    with assert_refused("This needs a reason in words. Say what should change."):
        workflow.send_back(edition, by=ed, at=NOON, seen_digest=edition.digest, note=note)


def test_what_was_sent_back_is_not_approved(edition, ed, max):
    workflow.send_back(edition, by=ed, at=NOON, seen_digest=edition.digest, note="No.")
    with assert_refused("Edition 1 is no longer in review: it was sent back by ed."):
        approve_edition(edition, by=max)


# --- Approved -------------------------------------------------------------------------------------


def test_approved_for_a_time_it_is_public_from_that_second_on(edition, ed):
    when = NOON + HOUR
    approve_edition(edition, by=ed, release_at=when)
    second = dt.timedelta(seconds=1)
    assert not public_editions(at=when - second).exists()
    assert public_editions(at=when).get() == edition
    decided = Edition.objects.values(
        "state", "rule", "approved_by__username", "approved_at", "release_at", "first_release_at"
    ).get()
    assert decided == {
        "state": "approved",
        "rule": "ordinary",
        "approved_by__username": "ed",
        "approved_at": NOON,
        "release_at": when,
        "first_release_at": when,
    }
    event = edition.events.last()
    assert (event.action, event.by, event.digest, event.at) == (
        "approved",
        ed,
        edition.digest,
        NOON,
    )
    assert read_detail(event) == {"release_at": "2044-03-01T13:00:00+00:00"}


def test_approved_on_hold_nothing_becomes_public_by_itself(edition, ed):
    held = approve_edition(edition, by=ed, release_at=None)
    assert held.is_on_hold
    assert not public_editions(at=NOON + 1000 * DAY).exists()
    assert read_detail(edition.events.last()) == {"release_at": None}


def test_approved_for_this_instant_seconds_and_all(edition, ed):
    instant = NOON + dt.timedelta(seconds=7, microseconds=3)
    approve_edition(edition, by=ed, at=instant, release_at=instant)
    assert public_editions(at=instant).get() == edition


def test_approving_moves_the_version_so_that_an_open_form_is_told(edition, ann, ed):
    """Approve against edit: the second person is refused, and loses nothing."""
    form = Statement.objects.get()
    approve_edition(edition, by=ed)
    with assert_stale(
        "Somebody else saved this statement while you had it open. Your words are still in the "
        "form: compare them with the saved ones, then save again."
    ):
        form.record_save(by=ann, seen_version=form.version)


def test_an_approver_who_saw_the_draft_is_refused_when_it_changed(edition, ann, ed):
    seen = Statement.objects.get().version
    rewrite_passage(edition.statement, "We regret it.", by=ann)
    with assert_stale("The words have moved: somebody saved newer ones while you were reading."):
        workflow.approve(
            edition, by=ed, at=NOON, seen_digest=edition.digest, release_at=None, seen_version=seen
        )
    workflow.approve(
        edition, by=ed, at=NOON, seen_digest=edition.digest, release_at=None, seen_version=seen + 1
    )


@pytest.mark.parametrize("transition", ["approve", "send_back", "countersign", "publish_urgently"])
def test_other_words_on_the_screen_are_not_these_words(edition, ed, transition):
    more = {
        "approve": {"release_at": None},
        "send_back": {"note": "Why?"},
        "countersign": {},
        "publish_urgently": {"reason": "Flood", "password": "x"},
    }[transition]
    with assert_stale(OTHER_WORDS):
        getattr(workflow, transition)(edition, by=ed, at=NOON, seen_digest="0" * 64, **more)


def test_nothing_is_approved_twice(edition, ed, max):
    approve_edition(edition, by=ed)
    with assert_refused("Edition 1 is no longer in review: it was approved by ed."):
        approve_edition(edition, by=max)


def test_the_name_in_the_refusal_is_the_one_who_decided(edition, ann, ed, max):
    approve_edition(edition, by=ed, release_at=NOON + HOUR)
    workflow.hold(edition, by=ann, at=NOON)
    with assert_refused("Edition 1 is no longer in review: it was approved by ed."):
        approve_edition(edition, by=max)
    workflow.cancel(edition, by=max, at=NOON)
    with assert_refused("Edition 1 is no longer in review: it was cancelled by max."):
        approve_edition(edition, by=ed)


# --- Times ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("release_at", "sentence"),
    [
        (
            NOON - MINUTE,
            "1 March 2044, 11:59 has passed. Choose a later time, or publish now.",
        ),
        (
            dt.datetime(2044, 7, 1, 12, 0, tzinfo=dt.UTC) - 365 * DAY,
            "2 July 2043, 13:00 has passed. Choose a later time, or publish now.",  # British Summer
        ),
        (
            NOON + MINUTE + dt.timedelta(seconds=1),
            "A release time is a whole minute. Leave out the seconds.",
        ),
        (
            NOON + dt.timedelta(microseconds=1),
            "A release time is a whole minute. Leave out the seconds.",
        ),
        (NOON + MAX_SCHEDULE_AHEAD + MINUTE, "That is more than ten years away. Check the year."),
    ],
)
def test_a_release_time_that_cannot_be_is_refused(edition, ed, release_at, sentence):
    with assert_refused(sentence):
        approve_edition(edition, by=ed, release_at=release_at)


def test_the_last_minute_of_the_horizon_is_within_it(edition, ed):
    assert (
        approve_edition(edition, by=ed, release_at=NOON + MAX_SCHEDULE_AHEAD).release_at
        == NOON + MAX_SCHEDULE_AHEAD
    )


def test_a_time_without_a_zone_is_a_mistake_of_ours(edition, ed):
    with pytest.raises(AssertionError, match=r"^A release time carries its time zone\.$"):
        approve_edition(edition, by=ed, release_at=NOON.replace(tzinfo=None))


def test_words_that_came_out_since_the_submission_have_to_be_answered(edition, ann, ed):
    """Submitted before the first edition was public, so nobody asked for the kind of change."""
    approve_edition(edition, by=ed, release_at=NOON + HOUR)
    second = submit_statement(rewrite_passage(edition.statement, "We regret it.", by=ann), by=ann)
    sentence = (
        "An earlier edition is public by then, and this one does not say what it changes. "
        "Send it back, so that it is submitted again as a correction, an update or a typo."
    )
    with assert_refused(sentence):
        approve_edition(second, by=ed, release_at=NOON + 2 * HOUR)
    with assert_refused(
        "Edition 1 went out after this edition was submitted. "
        "Send this one back, compare it with what is public now, and submit it again."
    ):
        approve_edition(second, by=ed, at=NOON + 2 * HOUR, release_at=NOON + 2 * HOUR)
    held = approve_edition(second, by=ed, release_at=None)
    with assert_refused(sentence):
        workflow.publish_now(held, by=ed, at=NOON + DAY, seen_digest=held.digest)
    with assert_refused(sentence):
        workflow.reschedule(
            held, by=ed, at=NOON, seen_digest=held.digest, release_at=NOON + 2 * HOUR
        )


def test_older_words_never_replace_newer_ones(edition, ann, ed):
    older = approve_edition(edition, by=ed, release_at=NOON + HOUR)
    statement = rewrite_passage(edition.statement, "We regret it.", by=ann)
    newer = approve_edition(
        submit_statement(statement, by=ann, amendment="typo"), by=ed, release_at=NOON + 2 * HOUR
    )
    for late in (NOON + 2 * HOUR, NOON + 3 * HOUR):
        with assert_refused(
            "Edition 2, with newer words, goes out first: older words never replace newer ones. "
            "Cancel one of the two, or choose an earlier time."
        ):
            workflow.reschedule(older, by=ed, at=NOON, seen_digest=older.digest, release_at=late)
    between = NOON + 2 * HOUR - MINUTE
    workflow.reschedule(older, by=ed, at=NOON, seen_digest=older.digest, release_at=between)
    assert (refetch_edition(older).release_at, refetch_edition(newer).release_at) == (
        between,
        NOON + 2 * HOUR,
    )


# --- Two people -----------------------------------------------------------------------------------


def test_nobody_approves_words_they_had_a_hand_in(mended, ed, max):
    with assert_refused(HAD_A_HAND):
        approve_edition(mended, by=ed)
    assert approve_edition(mended, by=max).approved_by == max


def test_an_editor_who_submitted_for_somebody_else_may_approve(ann, ed):
    assert approve_edition(submit_statement(make_statement(ann), by=ed), by=ed).approved_by == ed


def test_an_editor_who_mended_a_comma_approves_once_the_author_has_countersigned(mended, ann, ed):
    workflow.countersign(mended, by=ann, at=NOON, seen_digest=mended.digest)
    out = approve_edition(mended, by=ed)
    assert (out.approved_by, out.countersigned_by, out.countersigned_at) == (ed, ann, NOON)
    assert [str(event) for event in mended.events.all()] == [
        "ann submitted",
        "ann countersigned",
        "ed approved",
    ]


def test_ones_own_countersignature_is_not_a_second_person(mended, ed):
    workflow.countersign(mended, by=ed, at=NOON, seen_digest=mended.digest)
    with assert_refused(HAD_A_HAND):
        approve_edition(mended, by=ed)


def test_who_wrote_the_words_alone_is_no_second_person(edition, ann, max):
    with assert_refused(
        "You wrote these words alone, so you cannot be the second person. "
        "Ask a colleague to countersign."
    ):
        workflow.countersign(edition, by=ann, at=NOON, seen_digest=edition.digest)
    workflow.countersign(edition, by=max, at=NOON, seen_digest=edition.digest)


def test_a_countersignature_is_for_one_edition_not_for_the_next(mended, ann, ed):
    workflow.countersign(mended, by=ann, at=NOON, seen_digest=mended.digest)
    second = submit_statement(
        rewrite_passage(mended.statement, "We, too, regret it.", by=ed), by=ann
    )
    with assert_refused(HAD_A_HAND):
        approve_edition(second, by=ed)


def test_nobody_countersigns_twice_or_too_late(mended, ann, ed, max):
    workflow.countersign(mended, by=ann, at=NOON, seen_digest=mended.digest)
    with assert_refused("You have countersigned these words already."):
        workflow.countersign(mended, by=ann, at=NOON, seen_digest=mended.digest)
    approve_edition(mended, by=max)
    with assert_refused("Edition 1 is no longer in review: it was approved by max."):
        workflow.countersign(mended, by=ed, at=NOON, seen_digest=mended.digest)


def test_promotion_lets_nobody_approve_their_own_words(edition, ann, ed):
    ann.groups.set([Group.objects.get(name="Manager")])
    with assert_refused(HAD_A_HAND):
        approve_edition(edition, by=ann)


def test_demotion_afterwards_takes_nothing_back(edition, ed):
    approve_edition(edition, by=ed, release_at=NOON + HOUR)
    ed.groups.set([Group.objects.get(name="Author")])
    assert public_editions(at=NOON + HOUR).get() == edition
    with assert_denied(
        "To set a release time you need to be an Editor or a Manager. Ask a manager."
    ):
        workflow.reschedule(
            edition, by=ed, at=NOON, seen_digest=edition.digest, release_at=NOON + 2 * HOUR
        )


def test_a_hand_in_later_words_is_no_hand_in_these(edition, ed):
    """A contributor slips in during the approval: what was submitted is still Ann's alone."""
    rewrite_passage(edition.statement, "We regret it.", by=ed)
    assert approve_edition(edition, by=ed).rule == ApprovalRule.ORDINARY


def test_words_once_written_count_however_often_they_are_rewritten(ann, ed, max):
    statement = rewrite_passage(make_statement(ed), "We regret it.", by=ann)
    edition = submit_statement(statement, by=ann)
    assert edition.contributor_ids == {ann.pk, ed.pk}
    with assert_refused(HAD_A_HAND):
        approve_edition(edition, by=ed)
    approve_edition(edition, by=max)


# --- The buttons ask the same question ------------------------------------------------------------


def test_a_refused_transition_and_its_button_give_the_same_reasons(mended, ann, ed):
    for who in (ann, ed):
        found = problems_for("approve", mended, by=who, at=NOON)
        with pytest.raises(Exception) as said:  # noqa: PT011 - whichever it is, by its words
            approve_edition(mended, by=who)
        assert " ".join(str(problem) for problem in found) == str(said.value)
    assert [problem.field for problem in problems_for("approve", mended, by=ann, at=NOON)] == [
        "role"
    ]


def test_a_refusal_carries_its_problems_for_the_form(edition, ed):
    with pytest.raises(Refused) as said:
        approve_edition(edition, by=ed, release_at=NOON - MINUTE)
    (problem,) = said.value.problems
    assert (problem.field, problem.blocks) == ("release_at", True)


# --- Requests to countersign ----------------------------------------------------------------------


def test_only_another_person_of_the_newsdesk_is_asked_to_countersign(edition, ed, sam):
    for person in (None, ed, sam):
        with assert_refused("Choose somebody else on the newsdesk."):
            workflow.request_countersignature(
                edition, by=ed, at=NOON, seen_digest=edition.digest, person=person
            )


def test_nobody_is_asked_to_countersign_what_is_countersigned(mended, ann, ed, max):
    workflow.countersign(mended, by=ann, at=NOON, seen_digest=mended.digest)
    with assert_refused("ann has countersigned already."):
        workflow.request_countersignature(
            mended, by=ed, at=NOON, seen_digest=mended.digest, person=max
        )


def test_a_request_to_countersign_outlives_a_new_user_name(ann, max, sam):
    edition = submit_statement(make_statement(max), by=max)
    workflow.request_countersignature(
        edition, by=max, at=NOON, seen_digest=edition.digest, person=ann
    )
    User.objects.filter(pk=ann.pk).update(username="ann.archer")
    ann.refresh_from_db()
    User.objects.filter(pk=sam.pk).update(username="ann")  # takes the old name over
    sam.groups.add(Group.objects.get(name="Author"))
    sam.refresh_from_db()

    (yours, _) = build_review_sections(ann, NOON, is_editor=False)
    assert [row.next_step for row in yours.rows] == ["You are asked to countersign"]
    (yours, others) = build_review_sections(sam, NOON, is_editor=False)
    assert (yours.rows, [row.pk for row in others.rows]) == ([], [edition.pk])


def test_no_user_name_looks_like_the_id_of_another_person(ann, ed, max):
    User.objects.filter(pk=ed.pk).update(username=f'x","person_id":{ann.pk}}}')
    ed.refresh_from_db()
    edition = submit_statement(make_statement(max), by=max)
    workflow.request_countersignature(
        edition, by=max, at=NOON, seen_digest=edition.digest, person=ed
    )
    assert not Event.objects.requests_to_countersign(ann).exists()
    assert Event.objects.requests_to_countersign(ed).get().edition == edition


# --- The log --------------------------------------------------------------------------------------


def test_the_log_says_who_published_what_by_ids(edition, ed, caplog):
    caplog.set_level("INFO", logger="statements.workflow")
    approve_edition(edition, by=ed, release_at=None)
    workflow.publish_now(refetch_edition(edition), by=ed, at=NOON, seen_digest=edition.digest)
    workflow.withdraw(
        refetch_edition(edition), by=ed, at=NOON + HOUR, kind="gone", notice="A secret reason."
    )
    assert [record.getMessage() for record in caplog.records] == [
        f"Edition {edition.pk} approved by user {ed.pk}, release: on hold",
        f"Edition {edition.pk} published by user {ed.pk}",
        f"Edition {edition.pk} withdrawn by user {ed.pk} (gone)",
    ]


def test_publishing_from_a_screen_older_than_a_hold_is_refused(edition, ed):
    scheduled = approve_edition(edition, by=ed, release_at=NOON + HOUR)
    seen = scheduled.statement.version
    workflow.hold(scheduled, by=ed, at=NOON)
    with assert_stale(
        "Something happened while you were deciding: edition 1 is on hold now. "
        "Look again, then decide."
    ):
        workflow.publish_now(
            refetch_edition(scheduled),
            by=ed,
            at=NOON,
            seen_digest=scheduled.digest,
            seen_version=seen,
        )
