"""What editors decide on an edition, and when it goes out."""

import datetime as dt

from django.db.models import F

from statements.audit.events import write_event
from statements.models import Action, Edition, Rule, Stale, State, Statement
from statements.notifications import newsdesk
from statements.readiness import Problem
from statements.related import tasks
from statements.roles import NEWSDESK, holds
from statements.workflow import sensitive_periods
from statements.workflow.scheduling import (
    drop,
    kept,
    reconcile,
    release_problems,
    time_problems,
)
from statements.workflow.transitions import needs, opened, password_problems, refuse, verb


@verb
def send_back(edition: Edition, *, by, at: dt.datetime, seen_digest: str, note: str) -> None:
    """Return the words to their writers with a note that says why."""
    edition = opened("send_back", edition, by=by, at=at, seen_digest=seen_digest)
    refuse(needs("note", note, "Say what should change."))
    Edition.objects.filter(pk=edition.pk).update(state=State.SENT_BACK)
    write_event(edition.statement, Action.SENT_BACK, by=by, at=at, edition=edition, note=note)
    newsdesk.tell(Action.SENT_BACK, edition, by=by)


@verb
def ask(edition: Edition, *, by, at: dt.datetime, seen_digest: str, person) -> None:
    """Ask somebody else on the newsdesk to countersign: it then waits on their front page."""
    edition = opened("ask", edition, by=by, at=at, seen_digest=seen_digest)
    if person is None or person.pk == by.pk or not holds(person, NEWSDESK):
        refuse([Problem("person", "Choose somebody else on the newsdesk.")])
    detail = {"person": person.get_username()}
    write_event(edition.statement, Action.ASKED, by=by, at=at, edition=edition, detail=detail)
    newsdesk.tell(Action.ASKED, edition, by=by, person=person)


@verb
def countersign(edition: Edition, *, by, at: dt.datetime, seen_digest: str) -> None:
    """Agree to exactly these words as a second person, so that one of their writers may approve."""
    edition = opened("countersign", edition, by=by, at=at, seen_digest=seen_digest)
    Edition.objects.filter(pk=edition.pk).update(countersigned_by=by, countersigned_at=at)
    write_event(edition.statement, Action.COUNTERSIGNED, by=by, at=at, edition=edition)


@verb
def approve(
    edition: Edition,
    *,
    by,
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
    edition = opened("approve", edition, by=by, at=at, seen_digest=seen_digest)
    if seen_version is not None and edition.statement.version != seen_version:
        raise Stale("The words have moved: somebody saved newer ones while you were reading.")
    refuse(release_problems(edition, release_at, at, sensitive_reason))
    _decide(edition, by=by, at=at, rule=Rule.ORDINARY, release_at=release_at)
    time = release_at.astimezone(dt.UTC).isoformat() if release_at else None
    write_event(
        edition.statement,
        Action.APPROVED,
        by=by,
        at=at,
        edition=edition,
        note=kept(sensitive_reason, edition, release_at),
        detail={"release_at": time} | sensitive_periods.on_the_record(edition, release_at),
    )
    newsdesk.tell(Action.APPROVED, edition, by=by)


@verb
def release_urgently(
    edition: Edition, *, by, at: dt.datetime, seen_digest: str, reason: str, password: str
) -> None:
    """One person puts the words out now. Everybody is told by mail, and a second look is owed."""
    edition = opened("release_urgently", edition, by=by, at=at, seen_digest=seen_digest)
    refuse(needs("reason", reason, "Say why it cannot wait.") + password_problems(by, password))
    refuse(time_problems(edition, at, at))
    if edition.state == State.APPROVED:  # two people agreed already: nothing is owed
        reconcile(edition.statement, by=by, at=at, wanted={edition.pk: at})
    else:
        _decide(edition, by=by, at=at, rule=Rule.URGENT, release_at=at)
    write_event(
        edition.statement,
        Action.RELEASED_URGENTLY,
        by=by,
        at=at,
        edition=edition,
        note=reason,
        detail=sensitive_periods.on_the_record(edition, at),
    )
    newsdesk.tell(Action.RELEASED_URGENTLY, edition, by=by)


@verb
def second_look(edition: Edition, *, by, at: dt.datetime, seen_digest: str, note: str = "") -> None:
    """Pay the debt of an urgent release: a second person has read what went out."""
    edition = opened("second_look", edition, by=by, at=at, seen_digest=seen_digest)
    Edition.objects.filter(pk=edition.pk).update(second_look_by=by, second_look_at=at)
    write_event(edition.statement, Action.LOOKED_AT, by=by, at=at, edition=edition, note=note)


def _decide(edition: Edition, *, by, at, rule: Rule, release_at: dt.datetime | None) -> None:
    Edition.objects.filter(pk=edition.pk).update(
        state=State.APPROVED, approved_by=by, approved_at=at, rule=rule
    )
    Statement.objects.filter(pk=edition.statement_id).update(version=F("version") + 1)
    reconcile(edition.statement, by=by, at=at, wanted={edition.pk: release_at})
    tasks.ask(edition)


@verb
def release_now(
    edition: Edition,
    *,
    by,
    at: dt.datetime,
    seen_digest: str,
    seen_version: int | None = None,
    sensitive_reason: str = "",
) -> None:
    """Put approved words out at this instant. For words in review, approve with release_at=at."""
    edition = opened("release_now", edition, by=by, at=at, seen_digest=seen_digest)
    _refuse_after_a_stop(edition, seen_version)
    refuse(release_problems(edition, at, at, sensitive_reason))
    reconcile(edition.statement, by=by, at=at, wanted={edition.pk: at})
    write_event(
        edition.statement,
        Action.RELEASED,
        by=by,
        at=at,
        edition=edition,
        note=kept(sensitive_reason, edition, at),
        detail=sensitive_periods.on_the_record(edition, at),
    )


@verb
def retime(
    edition: Edition,
    *,
    by,
    at: dt.datetime,
    seen_digest: str,
    release_at: dt.datetime,
    seen_version: int | None = None,
    sensitive_reason: str = "",
) -> None:
    """Give an approved edition that is not out yet another release time."""
    edition = opened("retime", edition, by=by, at=at, seen_digest=seen_digest)
    _refuse_after_a_stop(edition, seen_version)
    refuse(release_problems(edition, release_at, at, sensitive_reason))
    reconcile(edition.statement, by=by, at=at, wanted={edition.pk: release_at})
    write_event(
        edition.statement,
        Action.RETIMED,
        by=by,
        at=at,
        edition=edition,
        note=kept(sensitive_reason, edition, release_at),
        detail={
            "from": edition.release_at.isoformat() if edition.release_at else None,
            "to": release_at.astimezone(dt.UTC).isoformat(),
        }
        | sensitive_periods.on_the_record(edition, release_at),
    )


def _refuse_after_a_stop(edition: Edition, seen_version: int | None) -> None:
    """A hold counts a version, so that a screen from before it releases nothing."""
    if seen_version is not None and edition.statement.version != seen_version:
        raise Stale(
            f"Something happened while you were deciding: edition {edition.sequence} is "
            f"{'held' if edition.is_held else 'scheduled'} now. Look again, then decide."
        )


@verb
def hold(edition: Edition, *, by, at: dt.datetime, note: str = "") -> None:
    """Stop a scheduled edition: it stays approved and waits for a new time. Any one person may."""
    edition = opened("hold", edition, by=by, at=at)
    Statement.objects.filter(pk=edition.statement_id).update(version=F("version") + 1)
    reconcile(edition.statement, by=by, at=at, wanted={edition.pk: None})
    write_event(edition.statement, Action.HELD, by=by, at=at, edition=edition, note=note)
    newsdesk.tell(Action.HELD, edition, by=by)


@verb
def cancel(edition: Edition, *, by, at: dt.datetime, note: str = "") -> None:
    """Drop an edition that is in review, held or scheduled. Any one person may."""
    edition = opened("cancel", edition, by=by, at=at)
    drop(edition, by=by, at=at, note=note)
    reconcile(edition.statement, by=by, at=at)
