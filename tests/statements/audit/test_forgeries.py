"""What the database accepts with every trigger in place, and no event says, is reported."""

from collections.abc import Callable

import pytest

from organisations.models import Appointment
from statements import workflow
from statements.audit import verification
from statements.content.schema import ERASED, ERASED_HEADLINE
from statements.models import (
    ApprovalRule,
    Edition,
    EditionAttribution,
    SignOff,
    State,
    Statement,
    Withdrawal,
)
from statements.workflow.merging import merge_speakers
from tests.cast import (
    HOUR,
    NOON,
    PASSWORD,
    approve_edition,
    make_organisation,
    make_speaker,
    make_statement,
    make_user,
    submit_statement,
)

pytestmark = pytest.mark.django_db
Forge = Callable[[Edition, object], object]


def update(edition: Edition, **values) -> None:
    Edition.objects.filter(pk=edition.pk).update(**values)


def approve_forged(edition: Edition, by) -> None:
    update(
        edition, state=State.APPROVED, approved_by=by, approved_at=NOON, rule=ApprovalRule.ORDINARY
    )


def withdraw_forged(edition: Edition, by) -> None:
    Withdrawal.objects.create(
        edition=edition,
        statement=edition.statement,
        kind="notice",
        from_at=NOON,
        notice="Never said.",
        by=by,
    )


def erase_forged(edition: Edition, by) -> None:
    update(
        edition,
        content=ERASED,
        headline=ERASED_HEADLINE,
        summary="",
        byline="",
        erasure_asked_by=edition.submitted_by,
        erased_by=by,
        erased_at=NOON,
    )


def reply_forged(edition: Edition, by) -> None:
    SignOff.objects.create(
        statement=edition.statement,
        edition=edition,
        digest=edition.digest,
        name="Dave Hill",
        agrees=True,
        given_at=NOON,
        recorded_by=by,
        recorded_at=NOON,
    )


@pytest.fixture
def in_review(ann) -> Edition:
    return submit_statement(make_statement(ann), by=ann)


@pytest.fixture
def make_edition(in_review, ed):
    def make(state: str) -> Edition:
        if state == "in review":
            return in_review
        if state == "urgent":
            workflow.publish_urgently(
                in_review,
                by=ed,
                at=NOON,
                seen_digest=in_review.digest,
                reason="Flood.",
                password=PASSWORD,
            )
            return in_review
        return approve_edition(
            in_review,
            by=ed,
            release_at={"held": None, "scheduled": NOON + HOUR, "public": NOON}[state],
        )

    return make


FORGERIES: dict[str, tuple[str, Forge, list[str]]] = {
    "an approval": (
        "in review",
        approve_forged,
        ["approved at", "approved by", "rule", "state"],
    ),
    "a countersignature": (
        "in review",
        lambda edition, by: update(edition, countersigned_by=by, countersigned_at=NOON),
        ["countersigned at", "countersigned by"],
    ),
    "a refusal": (
        "in review",
        lambda edition, by: update(edition, state=State.SENT_BACK),
        ["state"],
    ),
    "another release": (
        "scheduled",
        lambda edition, by: update(edition, release_at=NOON, first_release_at=NOON),
        ["first release at", "release at"],
    ),
    "a release of what is on hold": (
        "held",
        lambda edition, by: update(edition, release_at=NOON, first_release_at=NOON),
        ["first release at", "release at"],
    ),
    "an end": (
        "public",
        lambda edition, by: update(edition, live_until=NOON + HOUR),
        ["live until"],
    ),
    "a suppression": (
        "public",
        lambda edition, by: update(edition, suppressed_at=NOON),
        ["suppressed at"],
    ),
    "a second look": (
        "urgent",
        lambda edition, by: update(edition, second_look_by=by, second_look_at=NOON),
        ["second look at", "second look by"],
    ),
    "a request to erase": (
        "public",
        lambda edition, by: update(edition, erasure_asked_by=by),
        ["erasure asked by"],
    ),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_decision_without_an_event_is_reported(make_edition, max, client, name):
    state, forge, columns = FORGERIES[name]
    edition = make_edition(state)
    assert verification.verify_statement(edition.statement) == []
    forge(edition, max)
    problems = [
        f"Of statement {edition.statement_id}, edition 1 has another “{column}” than its events "
        "state."
        for column in columns
    ]
    found = list(verification.verify())
    assert sorted(problem for problem in found if "edition 1 has another" in problem) == problems
    client.force_login(max)
    page = client.get(f"/admin/statements/statement/{edition.statement_id}/history/")
    assert "This record has been changed from outside" in page.content.decode()


@pytest.mark.parametrize(
    ("forge", "row"), [(withdraw_forged, "withdrawal"), (reply_forged, "sign-off")]
)
def test_a_row_without_an_event_is_reported(make_edition, max, forge, row):
    edition = make_edition("public")
    forge(edition, max)
    pk = (Withdrawal if row == "withdrawal" else SignOff).objects.get().pk
    problem = f"Of statement {edition.statement_id}, the {row} {pk} is there, and no event says so."
    assert verification.verify_statement(edition.statement) == [problem]
    assert list(verification.verify()) == [problem]


def test_an_erasure_without_an_event_is_reported(make_edition, max):
    edition = make_edition("public")
    erase_forged(edition, max)
    assert (
        f"Of statement {edition.statement_id}, edition 1 has another “erased at” than its events "
        "state."
    ) in verification.verify_statement(edition.statement)


def test_no_later_event_absorbs_a_forgery(make_edition, ed, max):
    edition = make_edition("held")
    update(edition, suppressed_at=NOON)
    workflow.publish_now(edition, by=ed, at=NOON, seen_digest=edition.digest)
    workflow.withdraw(
        Edition.objects.get(), by=ed, at=NOON + HOUR, kind="notice", notice="It was wrong."
    )
    assert verification.verify_statement(edition.statement) == [
        f"Of statement {edition.statement_id}, edition 1 has another “suppressed at” than its "
        "events state."
    ]


# --- Copies ---------------------------------------------------------------------------------------


def test_a_copy_of_a_time_that_differs_is_reported(make_edition):
    edition = make_edition("public")
    EditionAttribution.objects.filter(edition=edition, speaker__isnull=False).update(
        live_until=NOON + HOUR
    )
    Statement.objects.update(first_release_at=None)
    speaker = make_speaker()
    assert verification.verify_statement(edition.statement) == [
        f"The first release of statement {edition.statement_id} is not that of its editions.",
        f"Of statement {edition.statement_id}, the attribution {edition.uuid}:{speaker.pk} has a "
        "time that is not that of what it is copied from.",
    ]


# --- Merges and names -----------------------------------------------------------------------------


@pytest.fixture
def two_voices(ann) -> Statement:
    """A statement in which two people speak, in the same role."""
    statement = make_statement(ann)
    second = make_speaker("Dave Hil", role="")
    role = Appointment.objects.get()
    Appointment.objects.create(speaker=second, organisation=role.organisation, role=role.role)
    statement.passages.create(speaker=second, position=1, body="<p>We agree.</p>")
    return statement


def test_merged_speakers_are_followed(ann, ed, max, two_voices):
    both = approve_edition(submit_statement(two_voices, by=ann), by=ed)
    alone = make_statement(ann, headline="Alone")
    second = make_speaker("Dave Hil")
    alone.passages.update(speaker=second)
    one = approve_edition(submit_statement(alone, by=ann), by=ed)
    third = make_speaker("D. Hill", role="")
    merge_speakers(second, make_speaker(), by=max, at=NOON)
    assert list(verification.verify()) == []
    merge_speakers(make_speaker(), third, by=max, at=NOON)
    assert list(verification.verify()) == []
    assert [row.speaker_id for row in both.voices.exclude(speaker=None)] == [third.pk]
    for edition in (both, one):
        workflow.withdraw(edition, by=ed, at=NOON + HOUR, kind="gone", notice="Wrong.")
        workflow.request_erasure(edition, by=max, at=NOON + HOUR, reason="Order 3.")
        workflow.erase(
            edition,
            by=make_user(f"mo{edition.pk}", "Manager"),
            at=NOON + HOUR,
            seen_digest=edition.digest,
            password=PASSWORD,
        )
    assert list(verification.verify()) == []
    assert not EditionAttribution.objects.exists()


def test_an_attribution_to_somebody_else_is_reported_after_a_merge(ann, ed, max, two_voices):
    edition = approve_edition(submit_statement(two_voices, by=ann), by=ed)
    merge_speakers(make_speaker("Dave Hil"), make_speaker(), by=max, at=NOON)
    stranger = make_speaker("Somebody else")
    EditionAttribution.objects.exclude(speaker=None).update(speaker=stranger, appointment=None)
    assert verification.verify_statement(edition.statement) == [
        f"Of statement {edition.statement_id}, the attribution {edition.uuid}:{make_speaker().pk} "
        "is gone, and no event says so.",
        f"Of statement {edition.statement_id}, the attribution {edition.uuid}:{stranger.pk} is "
        "there, and no event says so.",
    ]


def test_people_are_known_under_every_name_that_they_had(ann, ed, in_review):
    for name in ("anna", "anne"):
        ann.username = name
        ann.save()
    approve_edition(in_review, by=ed)
    assert list(verification.verify()) == []
    assert verification.verify_statement(in_review.statement) == []


def test_a_name_that_was_changed_in_the_database_alone_is_reported(ann, in_review):
    type(ann).objects.filter(pk=ann.pk).update(username="anna")
    assert list(verification.verify())[:2] == [
        "Of the site, the account ann is gone, and no event says so.",
        "Of the site, the account anna is there, and no event says so.",
    ]
    problems = verification.verify_statement(in_review.statement)
    assert f"Event 1 of statement {in_review.statement_id} names another person than it did." in (
        problems
    )
    assert (
        f"Of statement {in_review.statement_id}, edition 1 has another “submitted by” than its "
        "events state."
    ) in problems


def test_an_account_and_its_groups_may_change_and_go(max, sam):
    from django.contrib.auth.models import Group

    sam.groups.add(Group.objects.create(name="Visitors"))
    sam.groups.set([Group.objects.get(name="Author")])
    Group.objects.get(name="Visitors").delete()
    sam.is_staff = True
    sam.save()
    assert list(verification.verify()) == []
    sam.groups.clear()
    sam.delete()
    assert list(verification.verify()) == []


def test_an_account_without_an_event_is_reported(max, sam):
    type(sam).objects.bulk_create([type(sam)(username="ghost", is_superuser=True)])
    type(sam).objects.filter(pk=sam.pk).update(is_superuser=True)
    assert list(verification.verify()) == [
        "Of the site, the account ghost is there, and no event says so.",
        "Of the site, the account sam has another “is superuser” than its events state.",
    ]


def test_organisations_stay_as_they_are_stated(make_edition):
    edition = make_edition("public")
    update_id = make_organisation("Another").pk
    EditionAttribution.objects.filter(edition=edition, speaker=None).update(
        organisation_id=update_id
    )
    assert len(verification.verify_statement(edition.statement)) == 2
