"""The decisions of the review page: each is a form with one button that calls one transition.

The forms require nothing: the transitions say what is missing and how to fix it. A button is shown
only if the decision's `problems_for` is empty.
"""

import datetime as dt

from django.contrib.auth.models import User

from statements.models import ApprovalRule, Edition, State
from statements.newsdesk.decisions.after_approval import (
    Cancel,
    Hold,
    PublishNow,
    Reschedule,
    SecondLook,
)
from statements.newsdesk.decisions.base import Decision, ScreenState
from statements.newsdesk.decisions.in_review import (
    ApproveAndHold,
    ApproveAndSchedule,
    ApproveNow,
    Countersign,
    RequestCountersignature,
    SendBack,
)
from statements.newsdesk.decisions.release_time import ReleaseTimeDecision
from statements.newsdesk.decisions.urgent import PublishUrgently
from statements.newsdesk.decisions.withdrawal import (
    Erase,
    RequestErasure,
    Restore,
    Suppress,
    Withdraw,
)
from statements.readiness import Problem
from statements.roles import MANAGERS, is_in_group

__all__ = [
    "DECISIONS",
    "Decision",
    "Hold",
    "ReleaseTimeDecision",
    "ScreenState",
    "find_blocking_problems",
    "open_decisions",
]

DECISIONS: dict[str, type[Decision]] = {
    decision.key: decision
    for decision in (
        *(SecondLook, ApproveAndSchedule, SendBack, Countersign, Hold, Reschedule, PublishNow),
        *(RequestCountersignature, ApproveAndHold, ApproveNow, Cancel, PublishUrgently),
        *(Withdraw, Restore, Suppress, RequestErasure, Erase),
    )
}


def open_decisions(
    edition: Edition, *, by: User, at: dt.datetime, bound: Decision | None = None
) -> list[Decision]:
    """Return the decisions this person can take; `bound` is the one just refused."""
    return [
        bound if bound and bound.key == key else decision(edition=edition, by=by, at=at)
        for key, decision in DECISIONS.items()
        if not decision.problems_for(edition, by=by, at=at)
    ]


def find_blocking_problems(edition: Edition, *, by: User, at: dt.datetime) -> list[Problem]:
    """Return why this person cannot take the decision that the edition waits for."""
    expected: list[type[Decision]] = []
    if edition.state == State.IN_REVIEW:
        expected.append(ApproveNow)
    if edition.state == State.APPROVED and not edition.is_released(at):
        expected.append(PublishNow)
    if edition.rule == ApprovalRule.URGENT and not edition.second_look_by_id:
        expected.append(SecondLook)
    if edition.erasure_asked_by_id and not edition.erased_at and is_in_group(by, MANAGERS):
        expected.append(Erase)
    return [
        problem for decision in expected for problem in decision.problems_for(edition, by=by, at=at)
    ]
