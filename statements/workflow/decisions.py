"""Decide on an edition in review, and set when it is released."""

import datetime as dt
import logging
from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import User
from django.db.models import F
from django.utils.translation import gettext as _

from statements.audit.events import write_event
from statements.models import (
    Action,
    ApprovalRule,
    Edition,
    ReleaseGroup,
    StaleVersion,
    State,
    Statement,
)
from statements.notifications import newsdesk
from statements.readiness import Problem
from statements.related import tasks
from statements.roles import NEWSDESK, is_in_group
from statements.workflow import asking, release_reasons, unread_objections
from statements.workflow.groups import (
    alone_problems,
    leave_when_cancelled,
    lock_members,
    lock_together,
    set_release_time,
)
from statements.workflow.proposed_names import confirm_names
from statements.workflow.reauthentication import password_problems
from statements.workflow.scheduling import (
    reconcile,
    release_problems,
    set_cancelled,
    time_problems,
)
from statements.workflow.transitions import (
    Refused,
    lock_for,
    missing_text_problems,
    raise_if,
    require_role,
    transition,
)
from statements.workflow.unread_objections import unread_problems

logger = logging.getLogger(__name__)


@transition
def send_back(edition: Edition, *, by: User, at: dt.datetime, seen_digest: str, note: str) -> None:
    """Return an edition to its writers with a note that says why."""
    edition = lock_for("send_back", edition, by=by, at=at, seen_digest=seen_digest)
    raise_if(missing_text_problems("note", note, _("Say what should change.")))
    Edition.objects.filter(pk=edition.pk).update(state=State.SENT_BACK)
    write_event(edition.statement, Action.SENT_BACK, by=by, at=at, edition=edition, note=note)
    newsdesk.notify(Action.SENT_BACK, edition, by=by)


@transition
def request_countersignature(
    edition: Edition, *, by: User, at: dt.datetime, seen_digest: str, person: User | None
) -> None:
    """Ask another person to countersign: the edition then waits on their dashboard."""
    edition = lock_for("request_countersignature", edition, by=by, at=at, seen_digest=seen_digest)
    if person is None or person.pk == by.pk or not is_in_group(person, NEWSDESK):
        raise Refused([Problem("person", _("Choose somebody else on the newsdesk."))])
    raise_if(asking.away_problems(person, at=at))
    write_event(
        edition.statement,
        Action.COUNTERSIGNATURE_REQUESTED,
        by=by,
        at=at,
        edition=edition,
        # The name as it is today is for the record; the dashboard goes by the id.
        detail={"person": person.get_username(), "person_id": person.pk},
    )
    newsdesk.notify(Action.COUNTERSIGNATURE_REQUESTED, edition, by=by, person=person)


@transition
def countersign(edition: Edition, *, by: User, at: dt.datetime, seen_digest: str) -> None:
    """Agree to this exact content as a second person, so that one of its writers may approve."""
    edition = lock_for("countersign", edition, by=by, at=at, seen_digest=seen_digest)
    Edition.objects.filter(pk=edition.pk).update(countersigned_by=by, countersigned_at=at)
    write_event(edition.statement, Action.COUNTERSIGNED, by=by, at=at, edition=edition)


@transition
def approve(
    edition: Edition,
    *,
    by: User,
    at: dt.datetime,
    seen_digest: str,
    release_at: dt.datetime | None,
    seen_version: int | None = None,
    release_reason: str = "",
    objections_read: Sequence[int] = (),
) -> None:
    """Approve this exact content. With release_at None it is on hold until somebody sets a time.

    In order: lock the statement; compare the digest on the screen and, if the screen also showed
    the draft, its version; check that two people agree; confirm the names that the draft proposed;
    set the decision; reconcile the times of all editions; write the event. A release before the end
    of an embargo or in a sensitive period needs a reason, and every objection that stands has to be
    in `objections_read`: the event keeps both.
    """
    edition = lock_for("approve", edition, by=by, at=at, seen_digest=seen_digest)
    if seen_version is not None and edition.statement.version != seen_version:
        raise StaleVersion(
            _("The words have moved: somebody saved newer ones while you were reading.")
        )
    raise_if(alone_problems(edition, at))
    raise_if(
        release_problems(edition, release_at, at, release_reason)
        + unread_problems(edition.statement, objections_read)
    )
    confirmed = confirm_names(edition)
    record_approval(edition, by=by, at=at, rule=ApprovalRule.ORDINARY, release_at=release_at)
    write_event(
        edition.statement,
        Action.APPROVED,
        by=by,
        at=at,
        edition=edition,
        note=keep_reason(release_reason, edition, release_at),
        detail={"release_at": format_time(release_at)}
        | describe_obstacles(edition, release_at)
        | confirmed,
    )
    logger.info(
        "Edition %d approved by user %d, release: %s",
        edition.pk,
        by.pk,
        format_time(release_at) or "on hold",
    )
    if release_at == at:
        newsdesk.notify_published(Action.PUBLISHED_NOW, edition, by=by, at=at)
    else:
        newsdesk.notify(Action.APPROVED, edition, by=by)


def publish_urgently(
    edition: Edition,
    *,
    by: User,
    at: dt.datetime,
    seen_digest: str,
    reason: str,
    password: str,
    objections_read: Sequence[int] = (),
) -> None:
    """Publish now on one person's word. Everybody gets mail, and a second look must follow."""
    require_role("publish_urgently", by)
    problems = missing_text_problems("reason", reason, _("Say why it cannot wait."))
    problems += password_problems(by, password, at=at)  # before the transaction
    _publish_urgently(
        edition,
        by=by,
        at=at,
        seen_digest=seen_digest,
        reason=reason,
        objections_read=objections_read,
        problems=problems,
    )


@transition
def _publish_urgently(
    edition: Edition,
    *,
    by: User,
    at: dt.datetime,
    seen_digest: str,
    reason: str,
    objections_read: Sequence[int],
    problems: list[Problem],
) -> None:
    edition = lock_for("publish_urgently", edition, by=by, at=at, seen_digest=seen_digest)
    raise_if(alone_problems(edition, at))
    raise_if(problems + unread_problems(edition.statement, objections_read))
    raise_if(time_problems(edition, at, at))
    confirmed = confirm_names(edition)
    if edition.state == State.APPROVED:  # two people agreed already: no second look
        reconcile(edition.statement, by=by, at=at, new_release_times={edition.pk: at})
    else:
        record_approval(edition, by=by, at=at, rule=ApprovalRule.URGENT, release_at=at)
    write_event(
        edition.statement,
        Action.PUBLISHED_URGENTLY,
        by=by,
        at=at,
        edition=edition,
        note=reason,
        detail=describe_obstacles(edition, at) | confirmed,
    )
    logger.info("Edition %d published urgently by user %d", edition.pk, by.pk)
    newsdesk.notify_published(Action.PUBLISHED_URGENTLY, edition, by=by, at=at)


@transition
def take_second_look(
    edition: Edition, *, by: User, at: dt.datetime, seen_digest: str, note: str = ""
) -> None:
    """Record that a second person has read an urgent publication."""
    edition = lock_for("take_second_look", edition, by=by, at=at, seen_digest=seen_digest)
    Edition.objects.filter(pk=edition.pk).update(second_look_by=by, second_look_at=at)
    write_event(
        edition.statement, Action.SECOND_LOOK_TAKEN, by=by, at=at, edition=edition, note=note
    )


def record_approval(
    edition: Edition,
    *,
    by: User,
    at: dt.datetime,
    rule: ApprovalRule,
    release_at: dt.datetime | None,
) -> None:
    set_approved(edition, by=by, at=at, rule=rule)
    reconcile(edition.statement, by=by, at=at, new_release_times={edition.pk: release_at})


def set_approved(
    edition: Edition,
    *,
    by: User,
    at: dt.datetime,
    rule: ApprovalRule,
    group: ReleaseGroup | None = None,
) -> None:
    """Set an edition to approved, without a time. The caller sets the time and writes the event."""
    Edition.objects.filter(pk=edition.pk).update(
        state=State.APPROVED, approved_by=by, approved_at=at, rule=rule, release_group=group
    )
    Statement.objects.filter(pk=edition.statement_id).update(version=F("version") + 1)
    tasks.enqueue_find_related(edition)


@transition
def publish_now(
    edition: Edition,
    *,
    by: User,
    at: dt.datetime,
    seen_digest: str,
    seen_version: int | None = None,
    release_reason: str = "",
    objections_read: Sequence[int] = (),
) -> None:
    """Publish an approved edition now, with all that were approved in a group with it.

    For one in review, approve with release_at=at.
    """
    editions = lock_together("publish_now", edition, by=by, at=at, seen_digest=seen_digest)
    confirmed = _prepare_release(
        editions,
        at,
        at=at,
        seen_version=seen_version,
        release_reason=release_reason,
        objections_read=objections_read,
    )
    set_release_time(editions, at, by=by, at=at)
    for member in editions:
        write_event(
            member.statement,
            Action.PUBLISHED_NOW,
            by=by,
            at=at,
            edition=member,
            note=keep_reason(release_reason, member, at),
            detail=describe_obstacles(member, at) | confirmed[member.pk],
        )
        logger.info("Edition %d published by user %d", member.pk, by.pk)
        newsdesk.notify_published(Action.PUBLISHED_NOW, member, by=by, at=at)


@transition
def reschedule(
    edition: Edition,
    *,
    by: User,
    at: dt.datetime,
    seen_digest: str,
    release_at: dt.datetime,
    seen_version: int | None = None,
    release_reason: str = "",
    objections_read: Sequence[int] = (),
) -> None:
    """Give an approved edition that is not public yet another release time.

    All that were approved in a group with it get the same.
    """
    editions = lock_together("reschedule", edition, by=by, at=at, seen_digest=seen_digest)
    confirmed = _prepare_release(
        editions,
        release_at,
        at=at,
        seen_version=seen_version,
        release_reason=release_reason,
        objections_read=objections_read,
    )
    set_release_time(editions, release_at, by=by, at=at)
    for member in editions:
        write_event(
            member.statement,
            Action.RESCHEDULED,
            by=by,
            at=at,
            edition=member,
            note=keep_reason(release_reason, member, release_at),
            detail={"from": format_time(member.release_at), "to": format_time(release_at)}
            | describe_obstacles(member, release_at)
            | confirmed[member.pk],
        )


def _prepare_release(
    editions: Sequence[Edition],
    release_at: dt.datetime,
    *,
    at: dt.datetime,
    seen_version: int | None,
    release_reason: str,
    objections_read: Sequence[int],
) -> dict[int, dict[str, Any]]:
    """Check what a release of approved editions needs; return edition → the names confirmed."""
    _require_current_version(editions[0], seen_version)
    problems: list[Problem] = []
    for edition in editions:
        problems += release_problems(edition, release_at, at, release_reason)
        problems += unread_problems(edition.statement, objections_read)
    raise_if(problems)
    return {edition.pk: confirm_names(edition) for edition in editions}


def keep_reason(reason: str, edition: Edition, release_at: dt.datetime | None) -> str:
    """Return the reason if something needed one, else "": it was typed for another time."""
    return reason if describe_obstacles(edition, release_at) else ""


def describe_obstacles(edition: Edition, release_at: dt.datetime | None) -> dict[str, Any]:
    """Return what the release goes against, for the detail of its event; it holds no words."""
    return {
        **release_reasons.event_detail(edition, release_at),
        **unread_objections.event_detail(edition.statement),
    }


def format_time(time: dt.datetime | None) -> str | None:
    return time.astimezone(dt.UTC).isoformat() if time else None


def _require_current_version(edition: Edition, seen_version: int | None) -> None:
    """Refuse a screen from before the edition was put on hold: a hold counts a version."""
    if seen_version is not None and edition.statement.version != seen_version:
        said = (
            _(
                "Something happened while you were deciding: edition %(number)s is on hold now. "
                "Look again, then decide."
            )
            if edition.is_on_hold
            else _(
                "Something happened while you were deciding: edition %(number)s is scheduled now. "
                "Look again, then decide."
            )
        )
        raise StaleVersion(said % {"number": edition.sequence})


@transition
def hold(edition: Edition, *, by: User, at: dt.datetime, note: str = "") -> None:
    """Stop a scheduled edition: it stays approved and waits for a new time. Anybody may.

    All that were approved in a group with it wait as well.
    """
    editions = lock_together("hold", edition, by=by, at=at)
    pks = [member.statement_id for member in editions]
    Statement.objects.filter(pk__in=pks).update(version=F("version") + 1)
    set_release_time(editions, None, by=by, at=at)
    for member in editions:
        write_event(member.statement, Action.PUT_ON_HOLD, by=by, at=at, edition=member, note=note)
        newsdesk.notify(Action.PUT_ON_HOLD, member, by=by)


@transition
def cancel(edition: Edition, *, by: User, at: dt.datetime, note: str = "") -> None:
    """Cancel an edition that is in review, on hold or scheduled. Anybody on the newsdesk may.

    Its statement leaves its release group; the others keep their time.
    """
    require_role("cancel", by)
    locked = lock_members(edition.statement_id)
    edition = lock_for("cancel", edition, by=by, at=at)
    set_cancelled(edition)
    reconcile(edition.statement, by=by, at=at)
    write_event(edition.statement, Action.CANCELLED, by=by, at=at, edition=edition, note=note)
    leave_when_cancelled(edition, locked, by=by, at=at)
