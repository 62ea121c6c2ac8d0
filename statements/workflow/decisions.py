"""What editors decide on an edition, and when it goes out."""

import datetime as dt

from django.contrib.auth.models import User
from django.db.models import F

from statements.audit.events import write_event
from statements.models import Action, ApprovalRule, Edition, StaleVersion, State, Statement
from statements.notifications import newsdesk
from statements.readiness import Problem
from statements.related import tasks
from statements.roles import NEWSDESK, is_in_group
from statements.workflow import sensitive_periods
from statements.workflow.scheduling import (
    cancel_edition,
    reason_if_required,
    reconcile,
    release_problems,
    time_problems,
)
from statements.workflow.transitions import (
    lock_for,
    password_problems,
    raise_if,
    require_text,
    transition,
)


@transition
def send_back(edition: Edition, *, by: User, at: dt.datetime, seen_digest: str, note: str) -> None:
    """Return the words to their writers with a note that says why."""
    edition = lock_for("send_back", edition, by=by, at=at, seen_digest=seen_digest)
    raise_if(require_text("note", note, "Say what should change."))
    Edition.objects.filter(pk=edition.pk).update(state=State.SENT_BACK)
    write_event(edition.statement, Action.SENT_BACK, by=by, at=at, edition=edition, note=note)
    newsdesk.notify(Action.SENT_BACK, edition, by=by)


@transition
def request_countersignature(
    edition: Edition, *, by: User, at: dt.datetime, seen_digest: str, person
) -> None:
    """Ask somebody else on the newsdesk to countersign: it then waits on their front page."""
    edition = lock_for("request_countersignature", edition, by=by, at=at, seen_digest=seen_digest)
    if person is None or person.pk == by.pk or not is_in_group(person, NEWSDESK):
        raise_if([Problem("person", "Choose somebody else on the newsdesk.")])
    detail = {"person": person.get_username()}
    write_event(
        edition.statement,
        Action.COUNTERSIGNATURE_REQUESTED,
        by=by,
        at=at,
        edition=edition,
        detail=detail,
    )
    newsdesk.notify(Action.COUNTERSIGNATURE_REQUESTED, edition, by=by, person=person)


@transition
def countersign(edition: Edition, *, by: User, at: dt.datetime, seen_digest: str) -> None:
    """Agree to exactly these words as a second person, so that one of their writers may approve."""
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
    sensitive_reason: str = "",
) -> None:
    """Agree to exactly these words. release_at None means hold: nothing becomes public by itself.

    In order: lock the statement, compare the digest that was on screen (and, where the screen
    showed the working copy too, its version), see that two people stand behind it, set the
    decision, let reconcile set the time and close the edition before it, write the event.
    A release in a sensitive period needs its reason, which stays on the record.
    """
    edition = lock_for("approve", edition, by=by, at=at, seen_digest=seen_digest)
    if seen_version is not None and edition.statement.version != seen_version:
        raise StaleVersion(
            "The words have moved: somebody saved newer ones while you were reading."
        )
    raise_if(release_problems(edition, release_at, at, sensitive_reason))
    _record_approval(edition, by=by, at=at, rule=ApprovalRule.ORDINARY, release_at=release_at)
    time = release_at.astimezone(dt.UTC).isoformat() if release_at else None
    write_event(
        edition.statement,
        Action.APPROVED,
        by=by,
        at=at,
        edition=edition,
        note=reason_if_required(sensitive_reason, edition, release_at),
        detail={"release_at": time} | sensitive_periods.event_detail(edition, release_at),
    )
    newsdesk.notify(Action.APPROVED, edition, by=by)


@transition
def publish_urgently(
    edition: Edition, *, by: User, at: dt.datetime, seen_digest: str, reason: str, password: str
) -> None:
    """One person puts the words out now. Everybody is told by mail, and a second look is owed."""
    edition = lock_for("publish_urgently", edition, by=by, at=at, seen_digest=seen_digest)
    raise_if(
        require_text("reason", reason, "Say why it cannot wait.") + password_problems(by, password)
    )
    raise_if(time_problems(edition, at, at))
    if edition.state == State.APPROVED:  # two people agreed already: nothing is owed
        reconcile(edition.statement, by=by, at=at, new_release_times={edition.pk: at})
    else:
        _record_approval(edition, by=by, at=at, rule=ApprovalRule.URGENT, release_at=at)
    write_event(
        edition.statement,
        Action.PUBLISHED_URGENTLY,
        by=by,
        at=at,
        edition=edition,
        note=reason,
        detail=sensitive_periods.event_detail(edition, at),
    )
    newsdesk.notify(Action.PUBLISHED_URGENTLY, edition, by=by)


@transition
def take_second_look(
    edition: Edition, *, by: User, at: dt.datetime, seen_digest: str, note: str = ""
) -> None:
    """Pay the debt of an urgent release: a second person has read what went out."""
    edition = lock_for("take_second_look", edition, by=by, at=at, seen_digest=seen_digest)
    Edition.objects.filter(pk=edition.pk).update(second_look_by=by, second_look_at=at)
    write_event(
        edition.statement, Action.SECOND_LOOK_TAKEN, by=by, at=at, edition=edition, note=note
    )


def _record_approval(
    edition: Edition,
    *,
    by: User,
    at: dt.datetime,
    rule: ApprovalRule,
    release_at: dt.datetime | None,
) -> None:
    Edition.objects.filter(pk=edition.pk).update(
        state=State.APPROVED, approved_by=by, approved_at=at, rule=rule
    )
    Statement.objects.filter(pk=edition.statement_id).update(version=F("version") + 1)
    reconcile(edition.statement, by=by, at=at, new_release_times={edition.pk: release_at})
    tasks.enqueue_find_related(edition)


@transition
def publish_now(
    edition: Edition,
    *,
    by: User,
    at: dt.datetime,
    seen_digest: str,
    seen_version: int | None = None,
    sensitive_reason: str = "",
) -> None:
    """Put approved words out at this instant. For words in review, approve with release_at=at."""
    edition = lock_for("publish_now", edition, by=by, at=at, seen_digest=seen_digest)
    _require_current_version(edition, seen_version)
    raise_if(release_problems(edition, at, at, sensitive_reason))
    reconcile(edition.statement, by=by, at=at, new_release_times={edition.pk: at})
    write_event(
        edition.statement,
        Action.PUBLISHED_NOW,
        by=by,
        at=at,
        edition=edition,
        note=reason_if_required(sensitive_reason, edition, at),
        detail=sensitive_periods.event_detail(edition, at),
    )


@transition
def reschedule(
    edition: Edition,
    *,
    by: User,
    at: dt.datetime,
    seen_digest: str,
    release_at: dt.datetime,
    seen_version: int | None = None,
    sensitive_reason: str = "",
) -> None:
    """Give an approved edition that is not out yet another release time."""
    edition = lock_for("reschedule", edition, by=by, at=at, seen_digest=seen_digest)
    _require_current_version(edition, seen_version)
    raise_if(release_problems(edition, release_at, at, sensitive_reason))
    reconcile(edition.statement, by=by, at=at, new_release_times={edition.pk: release_at})
    write_event(
        edition.statement,
        Action.RESCHEDULED,
        by=by,
        at=at,
        edition=edition,
        note=reason_if_required(sensitive_reason, edition, release_at),
        detail={
            "from": edition.release_at.isoformat() if edition.release_at else None,
            "to": release_at.astimezone(dt.UTC).isoformat(),
        }
        | sensitive_periods.event_detail(edition, release_at),
    )


def _require_current_version(edition: Edition, seen_version: int | None) -> None:
    """A hold counts a version, so that a screen from before it releases nothing."""
    if seen_version is not None and edition.statement.version != seen_version:
        raise StaleVersion(
            f"Something happened while you were deciding: edition {edition.sequence} is "
            f"{'held' if edition.is_on_hold else 'scheduled'} now. Look again, then decide."
        )


@transition
def hold(edition: Edition, *, by: User, at: dt.datetime, note: str = "") -> None:
    """Stop a scheduled edition: it stays approved and waits for a new time. Any one person may."""
    edition = lock_for("hold", edition, by=by, at=at)
    Statement.objects.filter(pk=edition.statement_id).update(version=F("version") + 1)
    reconcile(edition.statement, by=by, at=at, new_release_times={edition.pk: None})
    write_event(edition.statement, Action.PUT_ON_HOLD, by=by, at=at, edition=edition, note=note)
    newsdesk.notify(Action.PUT_ON_HOLD, edition, by=by)


@transition
def cancel(edition: Edition, *, by: User, at: dt.datetime, note: str = "") -> None:
    """Drop an edition that is in review, held or scheduled. Any one person may."""
    edition = lock_for("cancel", edition, by=by, at=at)
    cancel_edition(edition, by=by, at=at, note=note)
    reconcile(edition.statement, by=by, at=at)
