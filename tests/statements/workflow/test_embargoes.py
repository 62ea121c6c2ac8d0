"""Embargoes: a release before one needs a reason, and an unknown end counts as one not reached."""

import datetime as dt

import pytest
from django.db import connection

from statements import workflow
from statements.drafting.embargo import adopt_embargo
from statements.models import Action, Edition, Event, Statement
from statements.newsdesk.timeline import describe_event
from statements.workflow import embargoes
from tests.assertions import assert_database_refuses, assert_refused, read_detail
from tests.cast import (
    DAY,
    HOUR,
    NOON,
    PASSWORD,
    approve_edition,
    make_statement,
    refetch_edition,
    rewrite_passage,
    set_amendment,
    submit_statement,
)

pytestmark = pytest.mark.django_db

LINE = "Embargoed until 12:00 on 2 March 2044"
UNTIL = NOON + DAY
ASKED = (
    "That is before the embargo ends, on 2 March 2044 at 12:00. "
    "Choose a later time, or say why it may go out before."
)
ASKED_WITHOUT_TIME = (
    "The document says “Embargoed”, and nobody has said when that ends. "
    "Send it back for the time of the embargo, or say why it may go out."
)
REASON = "The minister has said it already."


@pytest.fixture
def edition(ann) -> Edition:
    return submit_embargoed(ann, embargo_line=LINE, embargo_until=UNTIL)


def submit_embargoed(ann, **fields) -> Edition:
    return submit_statement(make_statement(ann, **fields), by=ann)


def approve(edition, ed, release_at, reason=""):
    workflow.approve(
        edition,
        by=ed,
        at=NOON,
        seen_digest=edition.digest,
        release_at=release_at,
        release_reason=reason,
    )


def last_event() -> Event:
    return Event.objects.exclude(statement=None).order_by("-pk")[0]


@pytest.mark.parametrize("early", [NOON, UNTIL - dt.timedelta(minutes=1)])
def test_a_release_before_the_embargo_needs_a_reason(edition, ed, early):
    with assert_refused(ASKED):
        approve(edition, ed, early)
    approve(edition, ed, early, REASON)

    event = last_event()
    assert (event.action, event.note) == (Action.APPROVED, REASON)
    assert read_detail(event)["embargo_until"] == UNTIL.isoformat()
    assert describe_event(event).endswith(
        "That is before the embargo ended, on Wednesday 2 March 2044, 12:00 GMT."
    )


def test_at_its_end_and_on_hold_it_needs_none(edition, ed):
    approve(edition, ed, None)
    workflow.reschedule(
        refetch_edition(edition), by=ed, at=NOON, seen_digest=edition.digest, release_at=UNTIL
    )
    assert (last_event().note, "embargo_until" in read_detail(last_event())) == ("", False)


def test_to_publish_and_to_reschedule_ask_too(edition, ed):
    approve(edition, ed, None)
    held = refetch_edition(edition)

    with assert_refused(ASKED):
        workflow.publish_now(held, by=ed, at=NOON, seen_digest=held.digest)
    with assert_refused(ASKED):
        workflow.reschedule(held, by=ed, at=NOON, seen_digest=held.digest, release_at=NOON + HOUR)
    workflow.publish_now(held, by=ed, at=NOON, seen_digest=held.digest, release_reason=REASON)
    assert (last_event().action, last_event().note) == (Action.PUBLISHED_NOW, REASON)


def test_an_urgent_publication_says_that_it_broke_the_embargo(ann, ed):
    edition = submit_statement(make_statement(ed, embargo_until=UNTIL), by=ed)
    workflow.publish_urgently(
        edition, by=ed, at=NOON, seen_digest=edition.digest, reason="Flood.", password=PASSWORD
    )
    assert read_detail(last_event()) == {"embargo_until": UNTIL.isoformat()}


def test_an_embargo_without_a_known_end_holds_until_the_first_release(ann, ed):
    edition = submit_embargoed(ann, embargo_line="Embargoed")
    with assert_refused(ASKED_WITHOUT_TIME):
        approve(edition, ed, NOON + 300 * DAY)
    approve(edition, ed, NOON, REASON)
    assert describe_event(last_event()).endswith(
        "That is in spite of an embargo without a known end."
    )

    statement = rewrite_passage(edition.statement, "Other words.", by=ann)
    set_amendment(statement, "typo", by=ann)
    correction = submit_statement(statement, by=ann)
    assert not embargoes.breaks_embargo(correction, NOON + HOUR)


def test_the_embargo_is_frozen_with_the_edition(edition):
    Statement.objects.update(embargo_line="", embargo_until=None)
    frozen = refetch_edition(edition)
    assert (frozen.embargo_line, frozen.embargo_until) == (LINE, UNTIL)
    for column, value in (("embargo_until", UNTIL - DAY), ("embargo_line", "None")):
        with assert_database_refuses(""), connection.cursor() as cursor:
            cursor.execute(f"UPDATE statements_edition SET {column} = %s", [value])


def test_a_draft_that_has_an_embargo_keeps_it(ann):
    statement = make_statement(ann, embargo_until=UNTIL)
    assert adopt_embargo(statement, ["Embargoed until 1 June 2044"], at=NOON) == []
    assert (statement.embargo_line, statement.embargo_until) == ("", UNTIL)


def test_an_edition_without_an_embargo_needs_no_reason(ann, ed):
    edition = submit_embargoed(ann)
    approve_edition(edition, by=ed, release_at=NOON)
    assert "embargo_until" not in read_detail(last_event())
