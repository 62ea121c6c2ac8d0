"""When an edition may go out, and the times that follow for every edition of its statement."""

import datetime as dt
from itertools import zip_longest

from django.contrib.auth.models import User
from django.utils import timezone

from statements.audit.events import write_event
from statements.clock import FOREVER
from statements.models import (
    Action,
    ApprovalRule,
    Edition,
    EditionAttribution,
    Fingerprints,
    State,
    Statement,
    ThemedStatement,
)
from statements.publicness import released_before, released_by
from statements.quotations.fingerprint_index import store_fingerprints
from statements.readiness import Problem
from statements.search import index
from statements.workflow import sensitive_periods

MAX_SCHEDULE_AHEAD = dt.timedelta(days=366 * 10)
"""A release further away than this is a slip of the pen: the year 20226."""


def time_problems(
    edition: Edition, release_at: dt.datetime | None, at: dt.datetime
) -> list[Problem]:
    """Why an edition cannot go out then; release_at equal to at means now.

    Asked by the verbs, and by the buttons: what is refused now is refused at any later time.
    """
    if release_at is None:
        return []
    assert timezone.is_aware(release_at), "A release time carries its time zone."
    if release_at < at:
        was = timezone.localtime(release_at)
        return [
            Problem(
                "release_at",
                f"{was:%-d %B %Y, %H:%M} has passed.",
                "Choose a later time, or release now.",
            )
        ]
    if release_at > at + MAX_SCHEDULE_AHEAD:
        return [Problem("release_at", "That is more than ten years away.", "Check the year.")]
    if release_at != at and (release_at.second or release_at.microsecond):
        return [
            Problem("release_at", "A release time is a whole minute.", "Leave out the seconds.")
        ]
    return _missing_amendment_problems(edition, release_at) + _newer_edition_problems(
        edition, release_at, at
    )


def release_problems(
    edition: Edition, release_at: dt.datetime | None, at: dt.datetime, sensitive_reason: str
) -> list[Problem]:
    return time_problems(edition, release_at, at) + sensitive_periods.reason_problems(
        edition, release_at, sensitive_reason
    )


def reason_if_required(reason: str, edition: Edition, release_at: dt.datetime | None) -> str:
    """The reason where one was needed: one that was typed for another time is not kept."""
    return reason if sensitive_periods.periods_at(edition, release_at) else ""


def _missing_amendment_problems(edition: Edition, release_at: dt.datetime | None) -> list[Problem]:
    """Words that replace public ones say so, also when those came out after the submission."""
    if edition.amendment:
        return []
    before = edition.statement.editions.approved().filter(
        released_before(release_at), sequence__lt=edition.sequence
    )
    if not before.exclude(digest=edition.digest).exists():
        return []
    return [
        Problem(
            "amendment",
            "An earlier edition is public by then, and this one does not say what it changes.",
            "Send it back, so that it is submitted again as a correction, clarification or typo.",
        )
    ]


def _newer_edition_problems(
    edition: Edition, release_at: dt.datetime | None, at: dt.datetime
) -> list[Problem]:
    newer = (
        edition.statement.editions.approved()
        .filter(released_by(release_at), sequence__gt=edition.sequence)
        .first()
    )
    if newer is None:
        return []
    return [
        Problem(
            "release_at",
            f"Edition {newer.sequence}, with newer words, goes out first: "
            "older words never replace newer ones.",
            "Cancel one of the two, or choose an earlier time.",
        )
    ]


def cancel_edition(edition: Edition, *, by: User, at: dt.datetime, note: str) -> None:
    Edition.objects.filter(pk=edition.pk).update(
        state=State.CANCELLED, release_at=None, live_until=FOREVER, first_release_at=None
    )
    write_event(edition.statement, Action.CANCELLED, by=by, at=at, edition=edition, note=note)


def reconcile(
    statement: Statement,
    *,
    by: User,
    at: dt.datetime,
    new_release_times: dict[int, dt.datetime | None] | None = None,
) -> None:
    """Derive every edition's times from the approved release times, the wanted ones among them.

    Afterwards each edition ends where the next begins or where it was withdrawn, all carry the
    first release of the statement, and an approved edition that a newer one overtakes before its
    time is cancelled. To stop is not to cancel: what this act takes off the clock waits, whatever
    is to follow it. Closing comes before opening, so that the database sees no overlap.
    """
    new_release_times = new_release_times or {}
    editions = list(statement.editions.approved().order_by("sequence"))
    release = {e.pk: new_release_times.get(e.pk, e.release_at) for e in editions}
    stops = any(e.release_at and release[e.pk] is None for e in editions)
    for edition in [] if stops else _find_overtaken(editions, release, at):
        cancel_edition(edition, by=by, at=at, note="Replaced by a newer edition before its time.")
        release.pop(edition.pk)
        editions.remove(edition)
    _write_times(editions, _derive_times(statement, editions, release))
    _copy_times(statement)
    index.update_statement(statement, at=at)
    store_fingerprints(Fingerprints.objects.unindexed_editions().filter(statement=statement))


def _find_overtaken(editions: list[Edition], release: dict, at: dt.datetime) -> list[Edition]:
    """Editions not yet public, held or later than a newer edition."""

    def overtakes(newer: Edition, older: Edition) -> bool:
        theirs, ours = release[newer.pk], release[older.pk]
        if ours is None:
            return True
        return theirs is not None and theirs <= ours

    def waits(edition: Edition) -> bool:
        return not edition.is_released(at) and edition.rule != ApprovalRule.IMPORT

    return [
        older
        for i, older in enumerate(editions)
        if waits(older) and any(overtakes(newer, older) for newer in editions[i + 1 :])
    ]


def _derive_times(statement: Statement, editions: list[Edition], release: dict) -> dict[int, tuple]:
    """Edition id → (release_at, live_until, first_release_at) as they should be."""
    timed = sorted((e for e in editions if release[e.pk]), key=lambda e: release[e.pk])
    first = release[timed[0].pk] if timed else None
    ends = {}
    for withdrawal in statement.withdrawals.order_by("-from_at"):
        ends[withdrawal.edition_id] = withdrawal.from_at  # the earliest one stays
    times = {e.pk: (None, FOREVER, None) for e in editions}
    for edition, following in zip_longest(timed, timed[1:]):
        next_at = release[following.pk] if following else FOREVER
        times[edition.pk] = (
            release[edition.pk],
            min(next_at, ends.get(edition.pk, FOREVER)),
            first,
        )
    return times


def _write_times(editions: list[Edition], times: dict[int, tuple]) -> None:
    names = ("release_at", "live_until", "first_release_at")
    changed = [
        e for e in editions if (e.release_at, e.live_until, e.first_release_at) != times[e.pk]
    ]
    moving = [e for e in changed if e.release_at != times[e.pk][0]]
    for edition in moving:  # out of the way first
        Edition.objects.filter(pk=edition.pk).update(
            release_at=None, live_until=FOREVER, first_release_at=None
        )
    # Then those that stay and end elsewhere, then those that come in anew.
    for edition in sorted(changed, key=lambda e: e in moving):
        values = dict(zip(names, times[edition.pk], strict=True))
        Edition.objects.filter(pk=edition.pk).update(**values)


def _copy_times(statement: Statement) -> None:
    """Let the rows that lists walk follow their editions."""
    first, slugs = None, {}
    for edition in statement.editions.filter(release_at__isnull=False).order_by("-release_at"):
        first, slugs[edition.slug] = edition.first_release_at, edition.release_at
    for edition in statement.editions.all():
        EditionAttribution.objects.filter(edition=edition).update(
            release_at=edition.release_at,
            live_until=edition.live_until,
            first_release_at=edition.first_release_at,
        )
    Statement.objects.filter(pk=statement.pk).update(first_release_at=first)
    ThemedStatement.objects.filter(content_object=statement).update(first_release_at=first)
    for address in statement.addresses.all():
        if address.public_from != slugs.get(address.slug):
            address.public_from = slugs.get(address.slug)
            address.save(update_fields=["public_from"])
