"""Say which transitions are allowed now, and why not: for the transitions and their buttons."""

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from statements.content.reading import same_words
from statements.models import Action, ApprovalRule, Edition, State, Statement, Withdrawal
from statements.publicness import has_ended, released_after, released_by
from statements.readiness import Problem
from statements.roles import EDITORS, MANAGERS, NEWSDESK, require_group

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

DECIDING_ACTIONS = {
    State.SENT_BACK: [Action.SENT_BACK],
    State.APPROVED: [Action.APPROVED, Action.PUBLISHED_URGENTLY, Action.IMPORTED],
    State.CANCELLED: [Action.CANCELLED],
}
"""The events that take an edition out of review, by the state it has afterwards."""


class TransitionRule(NamedTuple):
    """Who may run a transition, and the check of the edition's state."""

    groups: tuple[str, ...]
    action: "StrOrPromise"  # completes "To … you need to be an Editor"
    check: Callable[[Edition, User, dt.datetime], list[Problem]]


def problems_for(
    transition_name: str, edition: Edition, *, by: User, at: dt.datetime
) -> list[Problem]:
    """Return why this transition would be refused now; empty if it is allowed.

    Buttons and transitions ask the same question, so a button that is shown works. A problem with
    the field `role` means that the person is in none of the groups.
    """
    rule = RULES[transition_name]
    try:
        require_group(by, rule.groups, rule.action)
    except PermissionDenied as error:
        return [Problem("role", str(error))]
    return rule.check(edition, by, at)


# --- In review ------------------------------------------------------------------------------------


def _review_problems(edition: Edition, _by: User, _at: dt.datetime) -> list[Problem]:
    if edition.state == State.IN_REVIEW:
        return []
    event = edition.events.filter(action__in=DECIDING_ACTIONS[State(edition.state)]).last()
    said = (
        _("Edition %(number)s is no longer in review: it was %(state)s by %(name)s.")
        if event
        else _("Edition %(number)s is no longer in review: it was %(state)s.")
    )
    values = {
        "number": edition.sequence,
        "state": _format_state(edition),
        "name": event.by_name if event else "",
    }
    return [Problem("", said % values)]


def _outdated_problems(edition: Edition, at: dt.datetime) -> list[Problem]:
    """Refuse an edition if another was released after its submission: it amends older words."""
    based_on = edition.content_data.get("based_on")
    current = find_current_edition(edition.statement, at)
    if based_on is None or current is None or str(current.uuid) == based_on:
        return []
    return [
        Problem(
            "",
            _("Edition %(number)s went out after this edition was submitted.")
            % {"number": current.sequence},
            _("Send this one back, compare it with what is public now, and submit it again."),
        )
    ]


def find_current_edition(statement: Statement, at: dt.datetime) -> Edition | None:
    """Return the edition that was released last, withdrawn or not."""
    released = statement.editions.filter(released_by(at)).order_by("-release_at", "-sequence")
    return released.first()


def _format_state(edition: Edition) -> str:
    return edition.get_state_display().lower()


def _approval_problems(edition: Edition, by: User, at: dt.datetime) -> list[Problem]:
    if problems := _review_problems(edition, by, at) or _outdated_problems(edition, at):
        return problems
    countersigned = edition.countersigned_by_id not in (None, by.pk)
    if by.pk not in edition.contributor_ids or countersigned:
        return []
    return [
        Problem(
            "",
            _("You had a hand in these words, so somebody else has to agree to them as well."),
            _("Ask another person to countersign, or another editor to approve."),
        )
    ]


def _countersigning_problems(edition: Edition, by: User, at: dt.datetime) -> list[Problem]:
    if edition.countersigned_by_id == by.pk:
        return [Problem("", _("You have countersigned these words already."))]
    if edition.contributor_ids == {by.pk}:
        return [
            Problem(
                "",
                _("You wrote these words alone, so you cannot be the second person."),
                _("Ask a colleague to countersign."),
            )
        ]
    return _review_problems(edition, by, at)


def _countersignature_request_problems(
    edition: Edition, by: User, at: dt.datetime
) -> list[Problem]:
    if edition.state == State.IN_REVIEW and edition.countersigned_by_id:
        return [
            Problem(
                "",
                _("%(countersigned_by)s has countersigned already.")
                % {"countersigned_by": edition.countersigned_by},
            )
        ]
    return _review_problems(edition, by, at)


# --- Release --------------------------------------------------------------------------------------


def _urgent_publication_problems(edition: Edition, by: User, at: dt.datetime) -> list[Problem]:
    if edition.state == State.IN_REVIEW:
        return _outdated_problems(edition, at)
    return _pending_release_problems(edition, by, at)


def _pending_release_problems(edition: Edition, _by: User, at: dt.datetime) -> list[Problem]:
    if edition.state != State.APPROVED:
        message = _("Edition %(number)s is not approved: it is %(state)s.") % {
            "number": edition.sequence,
            "state": _format_state(edition),
        }
        return [Problem("", message)]
    if edition.is_released(at):
        released = timezone.localtime(edition.release_at)
        return [
            Problem(
                "",
                _("Edition %(number)s went out on %(released)s.")
                % {"number": edition.sequence, "released": f"{released:%-d %B %Y at %H:%M}"},
                _("Withdraw it, or publish a correction."),
            )
        ]
    return []


def _hold_problems(edition: Edition, by: User, at: dt.datetime) -> list[Problem]:
    if edition.is_on_hold:
        return [
            Problem("", _("Edition %(number)s is on hold already.") % {"number": edition.sequence})
        ]
    return _pending_release_problems(edition, by, at)


def _cancellation_problems(edition: Edition, by: User, at: dt.datetime) -> list[Problem]:
    return [] if edition.state == State.IN_REVIEW else _pending_release_problems(edition, by, at)


def _second_look_problems(edition: Edition, by: User, _at: dt.datetime) -> list[Problem]:
    if edition.rule != ApprovalRule.URGENT:
        return [Problem("", _("Only an urgent publication needs a second look."))]
    if edition.second_look_by_id:
        return [
            Problem(
                "",
                _("%(second_look_by)s has taken the second look already.")
                % {"second_look_by": edition.second_look_by},
            )
        ]
    if edition.approved_by_id == by.pk:
        return [Problem("", _("You published it yourself: another person takes the second look."))]
    return []


# --- Withdrawal -----------------------------------------------------------------------------------


def _withdrawal_problems(edition: Edition, _by: User, at: dt.datetime) -> list[Problem]:
    last = edition.withdrawals.last()
    # Released, unless the clock was set back: it would be put on hold, as if it were to follow.
    under_notice = (
        last is not None and last.kind == Withdrawal.Kind.NOTICE and edition.is_released(at)
    )
    if edition.is_public(at) or (under_notice and not _was_replaced(edition, at)):
        return []
    return [Problem("", _("Only what is public can be withdrawn."))]


def _was_replaced(edition: Edition, at: dt.datetime) -> bool:
    later = edition.statement.editions.filter(released_by(at), released_after(edition.release_at))
    return later.exists()


def _restoration_problems(edition: Edition, _by: User, at: dt.datetime) -> list[Problem]:
    if edition.erased_at or edition.suppressed_at:
        return [Problem("", _("These words were taken away for good."))]
    if not edition.withdrawals.exists():
        return [Problem("", _("Only what was withdrawn can be restored."))]
    if _was_replaced(edition, at):
        return [Problem("", _("A later edition is out: there is nothing to restore."))]
    content = edition.content_data
    waiting = edition.statement.editions.in_review()
    if any(same_words(content, other.content_data) for other in waiting):
        return [Problem("", _("These words are in review already."))]
    return []


def _suppression_problems(edition: Edition, _by: User, at: dt.datetime) -> list[Problem]:
    if edition.suppressed_at or edition.erased_at:
        return [Problem("", _("These words were taken away already."))]
    if edition.release_at is None or not has_ended(edition, at):
        return [
            Problem(
                "",
                _("Only an earlier edition can be suppressed."),
                _("Correct or withdraw this one."),
            )
        ]
    return []


def in_use_problems(edition: Edition, at: dt.datetime) -> list[Problem]:
    """Return why an edition cannot be erased: it is, or may become, public."""
    if edition.state == State.IN_REVIEW or edition.is_public(at) or edition.is_on_hold:
        return [
            Problem(
                "",
                _("Edition %(number)s is in use.") % {"number": edition.sequence},
                _("Withdraw or cancel it first."),
            )
        ]
    if edition.is_scheduled(at):
        return [
            Problem(
                "",
                _("Edition %(number)s is scheduled.") % {"number": edition.sequence},
                _("Cancel it first."),
            )
        ]
    return []


def _erasure_request_problems(edition: Edition, _by: User, at: dt.datetime) -> list[Problem]:
    if edition.erased_at:
        return [Problem("", _("These words were erased already."))]
    if edition.erasure_asked_by_id:
        return [Problem("", _("Erasure was asked for already: a second manager decides."))]
    return in_use_problems(edition, at)


def _erasure_problems(edition: Edition, by: User, at: dt.datetime) -> list[Problem]:
    if edition.erased_at:
        return [Problem("", _("These words were erased already."))]
    if edition.erasure_asked_by_id is None:
        return [
            Problem(
                "", _("Nobody has asked for this erasure."), _("It takes two managers: ask first.")
            )
        ]
    if edition.erasure_asked_by_id == by.pk:
        return [Problem("", _("You asked for this erasure: another manager decides."))]
    return in_use_problems(edition, at)


RULES = {
    "send_back": TransitionRule(EDITORS, _lazy("send words back"), _review_problems),
    "countersign": TransitionRule(NEWSDESK, _lazy("countersign"), _countersigning_problems),
    "request_countersignature": TransitionRule(
        NEWSDESK, _lazy("ask for a countersignature"), _countersignature_request_problems
    ),
    "approve": TransitionRule(EDITORS, _lazy("approve a statement"), _approval_problems),
    "publish_urgently": TransitionRule(
        EDITORS, _lazy("publish urgently"), _urgent_publication_problems
    ),
    "take_second_look": TransitionRule(
        EDITORS, _lazy("take the second look"), _second_look_problems
    ),
    "publish_now": TransitionRule(EDITORS, _lazy("publish a statement"), _pending_release_problems),
    "reschedule": TransitionRule(EDITORS, _lazy("set a release time"), _pending_release_problems),
    "hold": TransitionRule(NEWSDESK, _lazy("put a release on hold"), _hold_problems),
    "cancel": TransitionRule(NEWSDESK, _lazy("cancel an edition"), _cancellation_problems),
    "withdraw": TransitionRule(EDITORS, _lazy("withdraw a statement"), _withdrawal_problems),
    "restore": TransitionRule(EDITORS, _lazy("restore a statement"), _restoration_problems),
    "suppress": TransitionRule(
        MANAGERS, _lazy("suppress an earlier wording"), _suppression_problems
    ),
    "request_erasure": TransitionRule(
        MANAGERS, _lazy("ask for an erasure"), _erasure_request_problems
    ),
    "erase": TransitionRule(MANAGERS, _lazy("erase words"), _erasure_problems),
}
