"""release_now, retime, hold, cancel, and the times that follow from them."""

import datetime as dt

import pytest
from django.utils import timezone

from statements import workflow
from statements.clock import FOREVER
from statements.models import Edition, EditionAttribution, State, Statement, StatementSlug, Theme
from statements.published.editions import past_editions, public_editions
from statements.workflow import decisions
from tests.assertions import assert_refused, read_detail
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

LATER = NOON + HOUR


@pytest.fixture
def edition(ann) -> Edition:
    return submit_statement(make_statement(ann), by=ann)


@pytest.fixture
def on_hold(edition, ed) -> Edition:
    return approve_edition(edition, by=ed, release_at=None)


@pytest.fixture
def scheduled(edition, ed) -> Edition:
    return approve_edition(edition, by=ed, release_at=LATER)


def amended(edition: Edition, words: str, *, ann, at: dt.datetime = NOON) -> Edition:
    return submit_statement(
        rewrite_passage(edition.statement, words, by=ann), by=ann, at=at, amendment="typo"
    )


def times(*editions: Edition) -> list[tuple]:
    return [(e.state, e.release_at, e.live_until) for e in map(refetch_edition, editions)]


def go(transition: str, edition: Edition, *, by, at: dt.datetime = NOON, **more) -> None:
    getattr(workflow, transition)(edition, by=by, at=at, seen_digest=edition.digest, **more)


# --- Now, later, not yet --------------------------------------------------------------------------


def test_what_is_on_hold_is_published_at_this_instant(on_hold, ed):
    instant = NOON + dt.timedelta(seconds=5)
    go("publish_now", on_hold, by=ed, at=instant)
    assert times(on_hold) == [("approved", instant, FOREVER)]
    assert str(on_hold.events.last()) == "ed published"


def test_scheduled_words_can_go_out_before_their_time(scheduled, max):
    go("publish_now", scheduled, by=max)
    assert times(scheduled) == [("approved", NOON, FOREVER)]


def test_words_in_review_are_not_released_but_approved(edition, ed):
    with assert_refused("Edition 1 is not approved: it is in review."):
        go("publish_now", edition, by=ed)


def test_another_time_and_both_stand_on_the_record(scheduled, ed):
    go("reschedule", scheduled, by=ed, release_at=LATER + HOUR)
    assert times(scheduled) == [("approved", LATER + HOUR, FOREVER)]
    event = scheduled.events.last()
    assert (event.action, read_detail(event)) == (
        "retimed",
        {"from": "2044-03-01T13:00:00+00:00", "to": "2044-03-01T14:00:00+00:00"},
    )


def test_an_edition_on_hold_gets_its_time(on_hold, ed):
    go("reschedule", on_hold, by=ed, release_at=LATER)
    assert times(on_hold) == [("approved", LATER, FOREVER)]
    assert read_detail(on_hold.events.last()) == {"from": None, "to": "2044-03-01T13:00:00+00:00"}


@pytest.mark.parametrize("release_at", [NOON - MINUTE, NOON + dt.timedelta(seconds=90)])
def test_retiming_asks_the_same_of_a_time_as_approving(scheduled, ed, release_at):
    with pytest.raises(workflow.Refused):
        go("reschedule", scheduled, by=ed, release_at=release_at)


def test_anybody_on_the_newsdesk_can_hold(scheduled, ann):
    workflow.hold(scheduled, by=ann, at=LATER - dt.timedelta(microseconds=1), note="A call came.")
    assert times(scheduled) == [("approved", None, FOREVER)]
    assert not public_editions(at=LATER + DAY).exists()
    event = scheduled.events.last()
    assert (str(event), event.note) == ("ann put on hold", "A call came.")


def test_what_is_on_hold_is_not_put_on_hold_again(on_hold, ann):
    with assert_refused("Edition 1 is on hold already."):
        workflow.hold(on_hold, by=ann, at=NOON)


def test_what_is_in_review_cannot_be_put_on_hold_or_rescheduled(edition, ed):
    with assert_refused("Edition 1 is not approved: it is in review."):
        workflow.hold(edition, by=ed, at=NOON)
    with assert_refused("Edition 1 is not approved: it is in review."):
        go("reschedule", edition, by=ed, release_at=LATER)


@pytest.mark.parametrize("transition", ["hold", "cancel", "publish_now", "reschedule"])
def test_once_out_it_is_out(scheduled, ed, transition):
    more = {
        "publish_now": {"seen_digest": scheduled.digest},
        "reschedule": {"seen_digest": scheduled.digest, "release_at": LATER + HOUR},
    }.get(transition, {})
    with assert_refused(
        "Edition 1 went out on 1 March 2044 at 13:00. Withdraw it, or publish a correction."
    ):
        getattr(workflow, transition)(scheduled, by=ed, at=LATER, **more)


@pytest.mark.parametrize("state", ["edition", "on_hold", "scheduled"])
def test_anybody_can_cancel_what_is_not_out(request, ann, state):
    edition = request.getfixturevalue(state)
    workflow.cancel(edition, by=ann, at=NOON, note="Overtaken by events.")
    assert times(edition) == [("cancelled", None, FOREVER)]
    event = edition.events.last()
    assert (str(event), event.note) == ("ann cancelled", "Overtaken by events.")
    with assert_refused("Edition 1 is not approved: it is cancelled."):
        workflow.cancel(edition, by=ann, at=NOON)


# --- One after the other --------------------------------------------------------------------------


def test_each_edition_ends_where_the_next_begins(scheduled, ann, ed):
    second = approve_edition(amended(scheduled, "Two", ann=ann), by=ed, release_at=LATER + HOUR)
    third = approve_edition(
        amended(scheduled, "Three", ann=ann), by=ed, release_at=LATER + 2 * HOUR
    )
    assert times(scheduled, second, third) == [
        ("approved", LATER, LATER + HOUR),
        ("approved", LATER + HOUR, LATER + 2 * HOUR),
        ("approved", LATER + 2 * HOUR, FOREVER),
    ]
    assert {e.first_release_at for e in Edition.objects.all()} == {LATER}
    assert list(past_editions(at=LATER + 2 * HOUR)) == [scheduled, second]


def test_a_cancelled_follower_gives_its_time_back(scheduled, ann, ed):
    second = approve_edition(amended(scheduled, "Two", ann=ann), by=ed, release_at=LATER + HOUR)
    workflow.cancel(second, by=ann, at=NOON)
    assert times(scheduled) == [("approved", LATER, FOREVER)]


def test_moving_the_first_moves_where_all_of_them_began(scheduled, ann, ed):
    second = approve_edition(amended(scheduled, "Two", ann=ann), by=ed, release_at=LATER + HOUR)
    go("reschedule", scheduled, by=ed, release_at=LATER + MINUTE)
    assert [e.first_release_at for e in map(refetch_edition, (scheduled, second))] == [
        LATER + MINUTE
    ] * 2


def test_what_a_newer_edition_overtakes_is_cancelled_and_never_silently(scheduled, ann, ed):
    newer = approve_edition(amended(scheduled, "Two", ann=ann), by=ed, release_at=LATER)
    assert times(scheduled, newer) == [("cancelled", None, FOREVER), ("approved", LATER, FOREVER)]
    event = scheduled.events.last()
    assert (str(event), event.note) == (
        "ed cancelled",
        "Replaced by a newer edition before its time.",
    )


@pytest.mark.parametrize("release_at", [None, LATER])
def test_an_older_edition_on_hold_gives_way_to_a_newly_approved_one(on_hold, ann, ed, release_at):
    newer = approve_edition(amended(on_hold, "Two", ann=ann), by=ed, release_at=release_at)
    assert [e.state for e in map(refetch_edition, (on_hold, newer))] == [
        State.CANCELLED,
        State.APPROVED,
    ]


def test_to_hold_is_not_to_cancel_though_another_is_to_follow(scheduled, ann, ed):
    second = approve_edition(amended(scheduled, "Two", ann=ann), by=ed, release_at=LATER + HOUR)
    workflow.hold(scheduled, by=ann, at=NOON)
    assert times(scheduled, second) == [
        ("approved", None, FOREVER),
        ("approved", LATER + HOUR, FOREVER),
    ]
    workflow.hold(second, by=ann, at=NOON)
    assert times(scheduled, second) == [("approved", None, FOREVER)] * 2
    go("publish_now", scheduled, by=ed)
    assert times(scheduled, second) == [("approved", NOON, FOREVER), ("approved", None, FOREVER)]


def test_the_public_edition_ends_when_a_newer_one_goes_out(edition, ann, ed):
    public = approve_edition(edition, by=ed)
    newer = amended(public, "Two", ann=ann, at=LATER)
    approve_edition(newer, by=ed, at=LATER, release_at=LATER)
    assert times(public, newer) == [("approved", NOON, LATER), ("approved", LATER, FOREVER)]


def test_two_editions_at_one_instant_leave_the_newer(edition, ann, ed):
    public = approve_edition(edition, by=ed)
    newer = approve_edition(amended(public, "Two", ann=ann), by=ed)
    assert times(public, newer) == [("approved", NOON, NOON), ("approved", NOON, FOREVER)]
    assert public_editions(at=NOON).get() == newer
    assert not past_editions(at=LATER).exists()  # it was never public at any instant


# --- What lists walk ------------------------------------------------------------------------------


def test_rows_that_lists_walk_follow_their_edition(edition, ann, ed):
    statement = edition.statement
    statement.themes.add(Theme.objects.create(name="Schools", slug="schools"))

    def copied() -> list:
        voices = EditionAttribution.objects.filter(edition=edition)
        return [
            *set(voices.values_list("release_at", "first_release_at")),
            Statement.objects.get().first_release_at,
            statement.themed.get().first_release_at,
            StatementSlug.objects.get().public_from,
        ]

    assert copied() == [(None, None), None, None, None]
    approve_edition(edition, by=ed, release_at=LATER)
    assert copied() == [(LATER, LATER), LATER, LATER, LATER]
    workflow.hold(edition, by=ann, at=NOON)
    assert copied() == [(None, None), None, None, None]
    go("publish_now", edition, by=ed)
    assert copied() == [(NOON, NOON), NOON, NOON, NOON]
    newer = approve_edition(
        amended(edition, "Two", ann=ann, at=LATER), by=ed, at=LATER, release_at=LATER
    )
    ends = EditionAttribution.objects.filter(speaker__isnull=False).values_list(
        "edition", "release_at", "live_until", "first_release_at"
    )
    assert sorted(ends) == [
        (edition.pk, NOON, LATER, NOON),
        (newer.pk, LATER, FOREVER, NOON),
    ]


@pytest.mark.parametrize("was_read", ["before its release", "after"])
def test_a_theme_added_after_release_walks_the_same_index(edition, ed, was_read):
    statement = Statement.objects.get()
    approve_edition(edition, by=ed)
    if was_read == "after":
        statement = Statement.objects.get()
    statement.themes.add(Theme.objects.create(name="Schools", slug="schools"))
    assert statement.themed.get().first_release_at == NOON


# --- The clock overtakes --------------------------------------------------------------------------


@pytest.mark.parametrize("transition", ["hold", "cancel", "reschedule", "publish_now"])
def test_a_transition_that_the_clock_overtook_is_refused_by_the_database(edition, ed, transition):
    """The page was opened in time; while the transition waited for a lock, the words came out."""
    opened = timezone.now().replace(second=0, microsecond=0) - 2 * HOUR
    scheduled = approve_edition(edition, by=ed, at=opened, release_at=opened + HOUR)
    more = {
        "publish_now": {"seen_digest": edition.digest},
        "reschedule": {"seen_digest": edition.digest, "release_at": opened + 3 * HOUR},
    }.get(transition, {})
    with assert_refused("Its time came while you were deciding."):
        getattr(workflow, transition)(scheduled, by=ed, at=opened + MINUTE, **more)
    assert public_editions(at=timezone.now()).get() == edition


def test_an_edition_that_has_ended_is_not_moved_by_a_late_transition(edition, ann, ed):
    opened = timezone.now().replace(second=0, microsecond=0) - 5 * HOUR
    approve_edition(edition, by=ed, at=opened, release_at=opened)
    second = amended(edition, "Two", ann=ann, at=opened + MINUTE)
    third_at = opened + 2 * HOUR
    approve_edition(second, by=ed, at=opened + MINUTE, release_at=third_at)
    with assert_refused("Its time came while you were deciding."):
        workflow.hold(second, by=ann, at=opened + HOUR)
    with assert_refused("Its time came while you were deciding."):
        workflow.withdraw(
            refetch_edition(edition), by=ed, at=opened + HOUR, kind="gone", notice="Sorry."
        )


def test_another_broken_constraint_is_not_dressed_up_as_a_matter_of_time(edition, ed, monkeypatch):
    from django.db import IntegrityError

    def broken(*args, **kwargs):
        raise IntegrityError("some other rule")

    monkeypatch.setattr(decisions, "reconcile", broken)
    with pytest.raises(IntegrityError, match=r"^some other rule$"):
        approve_edition(edition, by=ed)
