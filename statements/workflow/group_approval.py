"""Approve a release group: one decision on the words of all its members."""

import datetime as dt
import logging
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from statements.audit.events import write_event
from statements.models import (
    Action,
    ApprovalRule,
    Edition,
    ReleaseGroup,
    StaleVersion,
)
from statements.notifications import newsdesk
from statements.publicness import is_released
from statements.readiness import Problem
from statements.workflow.decisions import (
    describe_obstacles,
    format_time,
    keep_reason,
    set_approved,
)
from statements.workflow.groups import (
    Member,
    SeenEdition,
    approval_problems,
    list_locked_members,
)
from statements.workflow.proposed_names import confirm_names
from statements.workflow.scheduling import cancel_edition, reconcile, release_problems
from statements.workflow.transitions import raise_if, require_role, transition
from statements.workflow.unread_objections import unread_problems

logger = logging.getLogger(__name__)


@transition
def approve_group(
    group: ReleaseGroup,
    *,
    by: User,
    at: dt.datetime,
    seen: Mapping[int, SeenEdition],
    release_at: dt.datetime | None,
    release_reason: str = "",
    objections_read: Sequence[int] = (),
) -> None:
    """Approve every member of a release group for one time; None puts all on hold.

    In order: lock the group and all members; compare members, digests and versions with the screen,
    which are in `seen` by edition; check the hands in each; cancel what newer words replace; set
    the decisions; set the time of the group, which its trigger copies; reconcile; write an event
    for each member. A member that is approved already keeps its approval and gets the new time.
    """
    require_role("approve", by)
    members = list_locked_members(group)
    raise_if(_released_problems(group, at))
    _require_seen(members, seen)
    raise_if(approval_problems(members, by=by, at=at))
    editions = [member.edition for member in members if member.edition]
    raise_if(
        problem
        for edition in editions
        for problem in (
            *release_problems(edition, release_at, at, release_reason),
            *unread_problems(edition.statement, objections_read),
        )
    )
    ReleaseGroup.objects.filter(pk=group.pk).update(release_at=None)
    confirmed = {
        edition.pk: _approve_member(edition, group, by=by, at=at)
        for edition in editions
        if edition.approved_at is None
    }
    ReleaseGroup.objects.filter(pk=group.pk).update(release_at=release_at)
    for edition in editions:
        reconcile(edition.statement, by=by, at=at)
        action, detail = _describe_decision(edition, group, release_at, confirmed)
        if action is None:
            continue
        write_event(
            edition.statement,
            action,
            by=by,
            at=at,
            edition=edition,
            note=keep_reason(release_reason, edition, release_at),
            detail=detail | describe_obstacles(edition, release_at),
        )
        if release_at == at:
            newsdesk.notify_published(Action.PUBLISHED_NOW, edition, by=by, at=at)
        elif action != Action.RESCHEDULED:
            newsdesk.notify(action, edition, by=by)
    logger.info("Release group %d approved by user %d", group.pk, by.pk)


def _describe_decision(
    edition: Edition,
    group: ReleaseGroup,
    release_at: dt.datetime | None,
    confirmed: Mapping[int, dict[str, Any]],
) -> tuple[Action | None, dict[str, Any]]:
    """Return what happened to a member, and its detail; None if it has the same time as before."""
    times = {"from": format_time(edition.release_at), "to": format_time(release_at)}
    if edition.pk in confirmed:
        about = {"release_at": times["to"], "release_group": group.pk}
        return Action.APPROVED, about | confirmed[edition.pk]
    if edition.release_at == release_at:
        return None, {}
    if release_at is None:
        return Action.PUT_ON_HOLD, {}
    return Action.RESCHEDULED, times


def _approve_member(
    edition: Edition, group: ReleaseGroup, *, by: User, at: dt.datetime
) -> dict[str, Any]:
    """Approve one member, without a time; return the names that it confirms."""
    for older in group.editions.approved().filter(statement=edition.statement_id):
        older.statement = edition.statement  # which is locked
        cancel_edition(older, by=by, at=at, note="Replaced by a newer edition before its time.")
    confirmed = confirm_names(edition)
    set_approved(edition, by=by, at=at, rule=ApprovalRule.ORDINARY, group=group)
    return confirmed


def _released_problems(group: ReleaseGroup, at: dt.datetime) -> list[Problem]:
    group.refresh_from_db()
    if not is_released(group, at):
        return []
    return [Problem("", _("They have gone out."), _("Each is corrected alone."))]


def _require_seen(members: Sequence[Member], seen: Mapping[int, SeenEdition]) -> None:
    """Refuse a screen that showed other members, other words or an older version."""
    now = {
        member.edition.pk: SeenEdition(member.edition.digest, member.statement.version)
        for member in members
        if member.edition
    }
    if now != dict(seen):
        raise StaleVersion(
            _(
                "The release group is not as you read it: someone changed its members or their "
                "words. Look again, then decide."
            )
        )
