"""The decisions of the review page: each a small form with one button, which calls one verb.

Nothing is required by the forms: the verbs say what is missing, in sentences with a cure. What a
decision's `obstacles` lists would be refused, so its button is not shown.
"""

import datetime as dt

from statements.models import Edition, State
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
    ApproveFor,
    ApproveNow,
    Countersign,
    PublishUrgently,
    RequestCountersignature,
    SendBack,
)
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
    "ScreenState",
    "find_blocking_problems",
    "open_decisions",
]

DECISIONS: dict[str, type[Decision]] = {
    decision.key: decision
    for decision in (
        *(SecondLook, ApproveFor, ApproveNow, ApproveAndHold, PublishNow, Reschedule, Hold),
        *(RequestCountersignature, SendBack, Countersign, Cancel, PublishUrgently),
        *(Withdraw, Restore, Suppress, RequestErasure, Erase),
    )
}


def open_decisions(
    edition: Edition, *, by, at: dt.datetime, bound: Decision | None = None
) -> list[Decision]:
    """The decisions that this person can take now; `bound` stands in for the one just refused."""
    return [
        bound if bound and bound.key == key else decision(edition=edition, by=by, at=at)
        for key, decision in DECISIONS.items()
        if not decision.problems_for(edition, by=by, at=at)
    ]


def find_blocking_problems(edition: Edition, *, by, at: dt.datetime) -> list[Problem]:
    """What stands in the way of the decision that this edition waits for, with the way on."""
    waits_for: list[type[Decision]] = []
    if edition.state == State.IN_REVIEW:
        waits_for.append(ApproveNow)
    if edition.state == State.APPROVED and not edition.is_released(at):
        waits_for.append(PublishNow)
    if edition.rule == "urgent" and not edition.second_look_by_id:
        waits_for.append(SecondLook)
    if edition.erasure_asked_by_id and not edition.erased_at and is_in_group(by, MANAGERS):
        waits_for.append(Erase)
    return [
        problem
        for decision in waits_for
        for problem in decision.problems_for(edition, by=by, at=at)
    ]
