"""Test release groups: one approval, one time, and nothing of a member alone before it."""

import json

import pytest
from django.core.exceptions import PermissionDenied

from statements import workflow
from statements.audit import verification
from statements.models import (
    Edition,
    EditionAttribution,
    Event,
    ProposedName,
    ReleaseGroup,
    State,
    Statement,
)
from statements.published.editions import public_editions
from statements.signoff import actions
from statements.workflow import SeenEdition, groups
from tests.assertions import assert_denied, assert_refused, assert_stale
from tests.cast import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    PASSWORD,
    approve_edition,
    make_organisation,
    make_speaker,
    make_statement,
    make_user,
    refetch_edition,
    rewrite_passage,
    submit_statement,
)

pytestmark = pytest.mark.django_db

TONIGHT = NOON + 6 * HOUR


@pytest.fixture
def pair(ann) -> list[Statement]:
    """An English draft and its Welsh translation, to be published together."""
    english = make_statement(ann, "Bridge")
    welsh = make_statement(ann, "Pont", language="cy", translation_of=english)
    workflow.publish_together(welsh, english, by=ann, at=NOON)
    return [english, welsh]


@pytest.fixture
def group(pair) -> ReleaseGroup:
    return ReleaseGroup.objects.get()


@pytest.fixture
def editions(pair, ann) -> list[Edition]:
    return [submit_statement(statement, by=ann) for statement in pair]


@pytest.fixture
def scheduled(editions, group, ed) -> list[Edition]:
    approve(group, by=ed)
    return [refetch_edition(edition) for edition in editions]


def look(group: ReleaseGroup) -> dict[int, SeenEdition]:
    """What the screen shows now."""
    return {
        member.edition.pk: SeenEdition(member.edition.digest, member.statement.version)
        for member in groups.list_members(group)
        if member.edition
    }


def approve(group: ReleaseGroup, *, by, at=NOON, release_at=TONIGHT, **more) -> None:
    seen = more.pop("seen", None) or look(group)
    workflow.approve_group(group, by=by, at=at, seen=seen, release_at=release_at, **more)


def read_times() -> list:
    return list(Edition.objects.order_by("pk").values_list("state", "release_at"))


def read_public(at) -> list[str]:
    return list(public_editions(at=at).order_by("pk").values_list("headline", flat=True))


def read_events(edition: Edition) -> list[str]:
    return list(edition.events.order_by("pk").values_list("action", flat=True))


# --- Approval -------------------------------------------------------------------------------------


def test_one_approval_publishes_all_members_at_one_second(scheduled, group):
    assert read_times() == [("approved", TONIGHT)] * 2
    assert read_public(TONIGHT - MINUTE) == []
    assert read_public(TONIGHT) == ["Bridge", "Pont"]
    assert list(EditionAttribution.objects.values_list("release_at", flat=True)) == [TONIGHT] * 4
    for edition in scheduled:
        assert read_events(edition) == ["submitted", "approved"]
        detail = json.loads(edition.events.last().detail)
        assert (detail["release_at"], detail["release_group"]) == (TONIGHT.isoformat(), group.pk)
        assert detail["rows"][f"edition:{edition.uuid}"]["release_group_id"] == group.pk
    assert list(verification.verify()) == []


def test_no_member_is_approved_alone(editions, ed):
    for edition, other in ((editions[0], "“Pont”"), (editions[1], "“Bridge”")):
        with assert_refused(
            f"It goes public together with {other}. Decide on them together, or take it out of the "
            "group before it is approved."
        ):
            approve_edition(edition, by=ed)


def test_a_hand_in_one_member_is_a_hand_in_the_decision(pair, group, ann, ed):
    rewrite_passage(pair[1], "Y bont.", by=ed)
    for statement in pair:
        submit_statement(statement, by=ann)
    with assert_refused(
        "“Pont”: You had a hand in these words, so somebody else has to agree to them as well. Ask "
        "another person to countersign, or another editor to approve."
    ):
        approve(group, by=ed)

    welsh = pair[1].editions.get()
    workflow.countersign(welsh, by=make_user("eve", "Author"), at=NOON, seen_digest=welsh.digest)
    approve(group, by=ed)
    assert read_times() == [("approved", TONIGHT)] * 2


def test_what_is_not_in_review_holds_the_whole_group_back(pair, group, ann, ed):
    submit_statement(pair[0], by=ann)
    with assert_refused("“Pont” is not in review. Have it submitted, or take it out of the group."):
        approve(group, by=ed)


def test_authors_approve_no_group(editions, group, ann):
    with assert_denied(
        "To approve a statement you need to be an Editor or a Manager. Ask a manager."
    ):
        approve(group, by=ann)


STALE = (
    "The release group is not as you read it: someone changed its members or their words. Look "
    "again, then decide."
)


def test_the_approval_takes_the_digest_and_version_of_each_member(editions, group, pair, ann, ed):
    before = look(group)
    rewrite_passage(pair[1], "Y bont.", by=ann)
    with assert_stale(STALE):
        approve(group, by=ed, seen=before)
    submit_statement(pair[1], by=ann)
    with assert_stale(STALE):
        approve(group, by=ed, seen=before)
    seen = look(group)
    with assert_stale(STALE):
        approve(group, by=ed, seen=dict(list(seen.items())[:1]))

    approve(group, by=ed, seen=seen)
    assert Edition.objects.approved().count() == 2


def test_a_member_that_was_taken_out_is_not_approved_unseen(ann, ed, editions, group, pair):
    third = make_statement(ann, "Le pont", language="fr", translation_of=pair[0])
    workflow.publish_together(third, pair[0], by=ann, at=NOON)
    submit_statement(third, by=ann)
    seen = look(group)
    workflow.take_out(third, by=ann, at=NOON)
    with assert_stale(STALE):
        approve(group, by=ed, seen=seen)


def test_the_objections_to_every_member_are_read_before(editions, group, ann, ed):
    actions.record_phone_reply(
        editions[1],
        by=ann,
        at=NOON,
        seen_digest=editions[1].digest,
        name="Gwilym",
        agrees=False,
        text="Not in these words.",
    )
    with assert_refused("Read the objection of Gwilym, then tick it."):
        approve(group, by=ed)

    objection = editions[1].statement.answers.get()
    approve(group, by=ed, objections_read=[objection.pk])
    assert read_times() == [("approved", TONIGHT)] * 2


def test_an_embargo_of_one_member_needs_a_reason_which_its_event_keeps(pair, group, ann, ed):
    Statement.objects.filter(pk=pair[1].pk).update(
        embargo_line="Embargoed", embargo_until=NOON + DAY
    )
    editions = [submit_statement(statement, by=ann) for statement in pair]
    with pytest.raises(workflow.Refused):
        approve(group, by=ed)
    approve(group, by=ed, release_reason="They agreed.")

    assert [edition.events.last().note for edition in editions] == ["", "They agreed."]


def test_the_approval_confirms_the_names_that_a_member_proposes(pair, group, ann, ed):
    speaker = make_speaker("New Name", role="")
    ProposedName.objects.create(statement=pair[1], speaker=speaker, by=ann, at=NOON)
    pair[1].passages.update(speaker=speaker, appointment=None)
    pair[1].refresh_from_db()
    pair[1].record_save(by=ann, seen_version=pair[1].version)
    for statement in pair:
        submit_statement(statement, by=ann)
    approve(group, by=ed)

    assert not ProposedName.objects.exists()


def test_a_group_is_approved_once(scheduled, group, ed):
    with assert_refused("These were approved together already."):
        approve(group, by=ed)


# --- One time -------------------------------------------------------------------------------------


@pytest.mark.parametrize("which", [0, 1])
def test_one_press_puts_all_on_hold_and_one_time_resumes_all(scheduled, which, ann, ed):
    pressed = scheduled[which]
    versions = [edition.statement.version for edition in scheduled]
    workflow.hold(pressed, by=ann, at=NOON, note="Wait.")
    assert read_times() == [("approved", None)] * 2
    assert read_public(TONIGHT) == []
    now = list(Statement.objects.order_by("pk").values_list("version", flat=True))
    assert now == [version + 1 for version in versions]

    workflow.reschedule(
        pressed, by=ed, at=NOON, seen_digest=pressed.digest, release_at=TONIGHT + HOUR
    )
    assert read_times() == [("approved", TONIGHT + HOUR)] * 2
    for edition in scheduled:
        assert read_events(edition) == ["submitted", "approved", "held", "retimed"]
        assert edition.events.filter(action="held").get().note == "Wait."
    assert list(verification.verify()) == []


def test_publish_now_publishes_all(scheduled, ed):
    workflow.publish_now(scheduled[1], by=ed, at=NOON + MINUTE, seen_digest=scheduled[1].digest)

    assert read_public(NOON + MINUTE) == ["Bridge", "Pont"]
    assert read_public(NOON) == []
    assert [read_events(edition)[-1] for edition in scheduled] == ["released"] * 2


@pytest.mark.parametrize("state", ["in review", "approved"])
def test_no_member_is_published_urgently_alone(state, editions, group, ed):
    if state == "approved":
        approve(group, by=ed)
    with pytest.raises(workflow.Refused) as refused:
        workflow.publish_urgently(
            editions[0],
            by=ed,
            at=NOON,
            seen_digest=editions[0].digest,
            reason="Flood",
            password=PASSWORD,
        )
    assert str(refused.value).startswith("It goes public together with “Pont”.")


def test_approved_and_put_on_hold_all_wait(editions, group, ed):
    approve(group, by=ed, release_at=None)

    assert read_times() == [("approved", None)] * 2


# --- Newer words ----------------------------------------------------------------------------------


def test_newer_words_of_a_member_need_another_approval_and_the_agreed_ones_stay(
    scheduled, group, pair, ann, ed
):
    rewrite_passage(pair[0], "Better words.", by=ann)
    newer = submit_statement(pair[0], by=ann)
    assert read_public(TONIGHT) == ["Bridge", "Pont"]
    with pytest.raises(workflow.Refused):
        approve_edition(newer, by=ed)

    approve(group, by=ed, release_at=TONIGHT + HOUR)
    assert read_times() == [
        ("cancelled", None),
        ("approved", TONIGHT + HOUR),
        ("approved", TONIGHT + HOUR),
    ]
    assert read_events(scheduled[1]) == ["submitted", "approved", "retimed"]
    assert read_public(TONIGHT + HOUR) == ["Pont", "Bridge"]
    assert list(verification.verify()) == []


def test_a_member_approved_anew_for_the_same_time_leaves_the_others_as_they_are(
    scheduled, group, pair, ann, ed
):
    rewrite_passage(pair[0], "Better words.", by=ann)
    submit_statement(pair[0], by=ann)
    approve(group, by=ed)

    assert read_events(scheduled[1]) == ["submitted", "approved"]
    assert read_times()[1:] == [("approved", TONIGHT)] * 2


def test_after_the_release_each_is_corrected_alone(scheduled, pair, ann, ed):
    rewrite_passage(pair[0], "Better words.", by=ann)
    correction = submit_statement(pair[0], by=ann, at=TONIGHT + HOUR, amendment="typo")
    approve_edition(correction, by=ed, at=TONIGHT + HOUR, release_at=TONIGHT + HOUR)

    assert refetch_edition(correction).release_group is None
    assert read_public(TONIGHT + HOUR) == ["Pont", "Bridge"]
    workflow.cancel(
        submit_statement(
            rewrite_passage(pair[0], "Best.", by=ann), by=ann, at=TONIGHT + HOUR, amendment="typo"
        ),
        by=ann,
        at=TONIGHT + HOUR,
    )
    assert Statement.objects.filter(release_group=None).count() == 0


def test_two_corrections_after_the_release_are_no_group(scheduled, group, pair, ann, ed):
    for statement in pair:
        rewrite_passage(statement, "Better words.", by=ann)
        submit_statement(statement, by=ann, at=TONIGHT + HOUR, amendment="typo")
    with assert_refused("They have gone out. Each is corrected alone."):
        approve(group, by=ed, at=TONIGHT + HOUR, release_at=TONIGHT + DAY)


# --- Join and leave -------------------------------------------------------------------------------


def test_putting_together_and_taking_out_are_on_the_record_of_both(pair, ann):
    workflow.take_out(pair[0], by=ann, at=NOON)

    assert Statement.objects.filter(release_group=None).count() == 2
    for statement, other in (pair, reversed(pair)):
        grouped, ungrouped = Event.objects.filter(statement=statement).order_by("number")
        assert (grouped.action, ungrouped.action) == ("grouped", "ungrouped")
        assert json.loads(grouped.detail)["with"] == [other.pk]
        assert json.loads(ungrouped.detail)["with"] == [other.pk]
    assert list(verification.verify()) == []


def test_a_third_joins_and_leaves_two(pair, group, ann):
    third = make_statement(ann, "Third")
    workflow.publish_together(third, pair[1], by=ann, at=NOON)
    assert group.members.count() == 3

    workflow.take_out(pair[0], by=ann, at=NOON)
    assert [row.headline for row in group.members.order_by("pk")] == ["Pont", "Third"]


def test_who_is_not_on_the_newsdesk_forms_no_group(pair, sam):
    for act in (
        lambda: workflow.take_out(pair[0], by=sam, at=NOON),
        lambda: workflow.publish_together(pair[0], pair[1], by=sam, at=NOON),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_what_cannot_go_together_is_refused_with_a_sentence(pair, ann, ed):
    other = make_statement(ann, "Other", organisation=make_organisation("Another body"))
    first, second = make_statement(ann, "First"), make_statement(ann, "Second")
    workflow.publish_together(first, second, by=ann, at=NOON)
    public = approve_edition(submit_statement(make_statement(ann, "Out"), by=ann), by=ed)

    def join(statement, partner):
        workflow.publish_together(statement, partner, by=ann, at=NOON)

    with assert_refused("Choose another statement."):
        join(pair[0], pair[0])
    with assert_refused("They go public together already."):
        join(pair[0], pair[1])
    with assert_refused(
        "“Other” is published by another organisation. Statements of the same publisher go public "
        "together."
    ):
        join(pair[0], other)
    with assert_refused(
        "Both are in a release group already. Take one of them out of its group first."
    ):
        join(pair[0], first)
    with assert_refused(
        "“Out” is approved already, or goes public with what is. Only statements that nobody has "
        "approved yet are put into a group."
    ):
        join(pair[0], public.statement)


def test_what_is_approved_is_not_taken_out(scheduled, pair, ann):
    with assert_refused(
        "“Bridge” is approved already, or goes public with what is. Only statements that nobody "
        "has approved yet are put into a group."
    ):
        workflow.take_out(pair[0], by=ann, at=NOON)


def test_a_cancelled_member_leaves_and_the_others_keep_their_time(scheduled, pair, ann, ed):
    workflow.cancel(scheduled[1], by=ann, at=NOON)
    assert read_times() == [("approved", TONIGHT), ("cancelled", None)]
    assert Statement.objects.get(headline="Pont").release_group is None

    workflow.reschedule(
        scheduled[0], by=ed, at=NOON, seen_digest=scheduled[0].digest, release_at=TONIGHT + HOUR
    )
    again = submit_statement(rewrite_passage(pair[1], "Eto.", by=ann), by=ann)
    approve_edition(again, by=ed, release_at=TONIGHT)
    assert read_times() == [
        ("approved", TONIGHT + HOUR),
        ("cancelled", None),
        ("approved", TONIGHT),
    ]
    assert list(verification.verify()) == []


def test_cancelling_newer_words_keeps_the_agreed_ones_in_the_group(scheduled, pair, group, ann):
    rewrite_passage(pair[0], "Better words.", by=ann)
    workflow.cancel(submit_statement(pair[0], by=ann), by=ann, at=NOON)

    assert group.members.count() == 2
    assert read_public(TONIGHT) == ["Bridge", "Pont"]


def test_a_member_cancelled_in_review_ends_a_group_of_two(editions, ann):
    workflow.cancel(editions[0], by=ann, at=NOON)

    assert Statement.objects.filter(release_group=None).count() == 2


def test_a_discarded_draft_leaves(pair, ann):
    statement = Statement.objects.get(pk=pair[1].pk)
    workflow.discard(statement, by=ann, at=NOON, seen_version=statement.version)

    assert Statement.objects.filter(release_group=None).count() == 2


def test_what_was_sent_back_stays_in_its_group(editions, group, ann, ed):
    workflow.send_back(
        editions[0], by=ed, at=NOON, seen_digest=editions[0].digest, note="Who says so?"
    )
    assert group.members.count() == 2
    assert refetch_edition(editions[0]).state == State.SENT_BACK


# --- Withdrawal -----------------------------------------------------------------------------------


def test_one_is_withdrawn_alone_or_with_others(scheduled, ed):
    at = TONIGHT + HOUR
    workflow.withdraw(scheduled[0], by=ed, at=at, kind="notice", notice="Wrong.")
    assert read_public(at) == ["Pont"]

    workflow.withdraw(scheduled[1], by=ed, at=at, kind="notice", notice="Wrong.")
    assert read_public(at) == []


def test_withdrawn_together_all_go_or_none(scheduled, ed):
    at = TONIGHT + HOUR
    workflow.withdraw(
        scheduled[0], by=ed, at=at, kind="gone", notice="Wrong.", together=[scheduled[1]]
    )
    assert read_public(at) == []
    assert [read_events(edition)[-1] for edition in scheduled] == ["withdrawn"] * 2
    with assert_refused("Only what is public can be withdrawn."):
        workflow.withdraw(
            scheduled[0], by=ed, at=at, kind="gone", notice="Wrong.", together=[scheduled[1]]
        )
