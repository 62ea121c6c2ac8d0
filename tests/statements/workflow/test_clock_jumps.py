"""Test that a clock that jumps makes no transition fail, and nothing public too early."""

import datetime as dt

import pytest

from statements.audit import verification
from statements.models import StaleVersion
from statements.published.editions import public_editions
from statements.workflow import Refused
from tests.assertions import assert_refused
from tests.cast import DAY, HOUR, NOON
from tests.statements.workflow.transition_cases import CASES, LATER, make_people

pytestmark = pytest.mark.django_db

SECOND = dt.timedelta(seconds=1)
JUMPS = {
    "a second back": NOON - SECOND,
    "hours back": LATER - 2 * HOUR,
    "ten years on": LATER + 3650 * DAY,
}


@pytest.mark.parametrize("jump", JUMPS)
@pytest.mark.parametrize("name", CASES)
def test_after_a_jump_a_transition_is_done_or_refused(
    name, jump, django_capture_on_commit_callbacks
):
    at = JUMPS[jump]
    act = CASES[name](make_people())
    with django_capture_on_commit_callbacks(execute=True):
        try:
            act(at)
        except (Refused, StaleVersion) as refusal:
            assert str(refusal).endswith(".")  # noqa: PT017 - a sentence, whichever it is

    assert list(verification.verify()) == []
    assert [e for e in public_editions(at=at) if not e.release_at <= at < e.live_until] == []


@pytest.mark.parametrize("name", ["publish_now", "reschedule", "publish_approved_urgently"])
def test_nothing_is_released_before_it_was_approved(name):
    """The clock was set back by an hour after the approval."""
    act = CASES[name](make_people())
    sentence = (
        "Edition 1 was approved at 12:00 on 1 March 2044, which has not come yet by the server’s "
        "clock: the clock was set back. Ask whoever runs the server to look at its clock, or wait "
        "until then."
    )

    with assert_refused(sentence):
        act(NOON - HOUR)


def test_what_was_withdrawn_is_not_taken_for_something_that_follows():
    """It would be put on hold, and one editor could publish it again."""
    act = CASES["withdraw_again"](make_people())

    with assert_refused("Only what is public can be withdrawn."):
        act(NOON - HOUR)
