"""Check release times, and derive the times of every edition of a statement."""

import datetime as dt

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.translation import gettext as _

from statements.audit.events import write_event
from statements.clock import FOREVER
from statements.content.reading import same_words
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
from statements.publicness import released_after, released_before, released_by
from statements.quotations.fingerprint_index import store_fingerprints
from statements.readiness import Problem
from statements.search import index
from statements.workflow import release_reasons

MAX_SCHEDULE_AHEAD = dt.timedelta(days=366 * 10)
"""A release further ahead than this is a typing error: the year 20226."""


ReleaseTimes = dict[int, dt.datetime | None]
EditionTimes = tuple[dt.datetime | None, dt.datetime, dt.datetime | None]


def time_problems(
    edition: Edition, release_at: dt.datetime | None, at: dt.datetime
) -> list[Problem]:
    """Return why an edition cannot be released then; release_at equal to `at` means now.

    Transitions and buttons both ask: a button refused now would be refused at any later time.
    """
    if release_at is None:
        return []
    assert timezone.is_aware(release_at), "A release time carries its time zone."
    if release_at < at:
        local = timezone.localtime(release_at)
        return [
            Problem(
                "release_at",
                _("%(local)s has passed.") % {"local": f"{local:%-d %B %Y, %H:%M}"},
                _("Choose a later time, or publish now."),
            )
        ]
    if edition.approved_at and release_at < edition.approved_at:
        approved = timezone.localtime(edition.approved_at)
        return [
            Problem(
                "release_at",
                _(
                    "Edition %(number)s was approved at %(approved)s, which has not come yet by "
                    "the server’s clock: the clock was set back."
                )
                % {"number": edition.sequence, "approved": f"{approved:%H:%M on %-d %B %Y}"},
                _("Ask whoever runs the server to look at its clock, or wait until then."),
            )
        ]
    if release_at > at + MAX_SCHEDULE_AHEAD:
        return [Problem("release_at", _("That is more than ten years away."), _("Check the year."))]
    if release_at != at and (release_at.second or release_at.microsecond):
        return [
            Problem(
                "release_at", _("A release time is a whole minute."), _("Leave out the seconds.")
            )
        ]
    return _missing_amendment_problems(edition, release_at, at) + _newer_edition_problems(
        edition, release_at, at
    )


def release_problems(
    edition: Edition, release_at: dt.datetime | None, at: dt.datetime, release_reason: str
) -> list[Problem]:
    """Return what is wrong with a release time, and what it lacks a reason for."""
    return time_problems(edition, release_at, at) + release_reasons.reason_problems(
        edition, release_at, release_reason
    )


def _missing_amendment_problems(
    edition: Edition, release_at: dt.datetime | None, at: dt.datetime
) -> list[Problem]:
    """Refuse content that replaces public content without saying how it amends it."""
    if edition.amendment:
        return []
    before = edition.statement.editions.approved().filter(
        released_before(release_at), sequence__lt=edition.sequence
    )
    # A group that is approved again replaces what waits in it: that never becomes public.
    before = before.exclude(released_after(at), release_group__isnull=False)
    content = edition.content_data
    if all(earlier.erased_at or same_words(earlier.content_data, content) for earlier in before):
        return []
    return [
        Problem(
            "amendment",
            _("An earlier edition is public by then, and this one does not say what it changes."),
            _("Send it back, so that it is submitted again as a correction, an update or a typo."),
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
            _(
                "Edition %(number)s, with newer words, goes out first: older words never replace "
                "newer ones."
            )
            % {"number": newer.sequence},
            _("Cancel one of the two, or choose an earlier time."),
        )
    ]


def cancel_edition(edition: Edition, *, by: User, at: dt.datetime, note: str) -> None:
    """Set an edition to cancelled, without times, and write the event."""
    set_cancelled(edition)
    write_event(edition.statement, Action.CANCELLED, by=by, at=at, edition=edition, note=note)


def set_cancelled(edition: Edition) -> None:
    """Set an edition to cancelled, without times. The caller writes the event."""
    Edition.objects.filter(pk=edition.pk).update(
        state=State.CANCELLED, release_at=None, live_until=FOREVER, first_release_at=None
    )


def reconcile(
    statement: Statement,
    *,
    by: User,
    at: dt.datetime,
    new_release_times: ReleaseTimes | None = None,
) -> None:
    """Derive the times of every edition from the approved and the new release times.

    Afterwards each edition ends when the next is released or when it was withdrawn. All have the
    first release of the statement. An approved edition is cancelled if a newer one is released
    before it, but not when this call puts an edition on hold: that one waits for a new time.
    Editions end before others begin, so that the database never sees an overlap.
    """
    new_release_times = new_release_times or {}
    editions = list(statement.editions.approved().order_by("sequence"))
    release_times = {e.pk: new_release_times.get(e.pk, e.release_at) for e in editions}
    puts_on_hold = any(e.release_at and release_times[e.pk] is None for e in editions)
    for edition in [] if puts_on_hold else _find_overtaken(editions, release_times, at):
        cancel_edition(edition, by=by, at=at, note="Replaced by a newer edition before its time.")
        release_times.pop(edition.pk)
        editions.remove(edition)
    _write_times(editions, _derive_times(statement, editions, release_times))
    _copy_times(statement)
    index.update_statement(statement, at=at)
    store_fingerprints(Fingerprints.objects.unindexed_editions().filter(statement=statement))


def _find_overtaken(
    editions: list[Edition], release_times: ReleaseTimes, at: dt.datetime
) -> list[Edition]:
    """Return editions that are not public yet and would follow, or never pass, a newer one."""

    def overtakes(newer: Edition, older: Edition) -> bool:
        newer_at, older_at = release_times[newer.pk], release_times[older.pk]
        if older_at is None:
            return True
        return newer_at is not None and newer_at <= older_at

    def waits(edition: Edition) -> bool:
        return not edition.is_released(at) and edition.rule != ApprovalRule.IMPORT

    return [
        older
        for i, older in enumerate(editions)
        if waits(older) and any(overtakes(newer, older) for newer in editions[i + 1 :])
    ]


def _derive_times(
    statement: Statement, editions: list[Edition], release_times: ReleaseTimes
) -> dict[int, EditionTimes]:
    """Return edition id → (release_at, live_until, first_release_at) as they should be."""
    timed = sorted((time, e.pk) for e in editions if (time := release_times[e.pk]))
    first = timed[0][0] if timed else None
    ends = {}
    for withdrawal in statement.withdrawals.order_by("-from_at"):
        ends[withdrawal.edition_id] = withdrawal.from_at  # the earliest remains
    times: dict[int, EditionTimes] = {e.pk: (None, FOREVER, None) for e in editions}
    next_times = [*(time for time, _ in timed[1:]), FOREVER]
    for (release_at, pk), next_at in zip(timed, next_times, strict=False):
        times[pk] = (release_at, min(next_at, ends.get(pk, FOREVER)), first)
    return times


def _write_times(editions: list[Edition], times: dict[int, EditionTimes]) -> None:
    names = ("release_at", "live_until", "first_release_at")
    changed = [
        e for e in editions if (e.release_at, e.live_until, e.first_release_at) != times[e.pk]
    ]
    moving = [e for e in changed if e.release_at != times[e.pk][0]]
    for edition in moving:
        Edition.objects.filter(pk=edition.pk).update(
            release_at=None, live_until=FOREVER, first_release_at=None
        )
    # First those that keep their release time: they end before the moved ones begin.
    for edition in sorted(changed, key=lambda e: e in moving):
        values = dict(zip(names, times[edition.pk], strict=True))
        Edition.objects.filter(pk=edition.pk).update(**values)


def _copy_times(statement: Statement) -> None:
    first_release_at, public_from = None, {}
    for edition in statement.editions.filter(release_at__isnull=False).order_by("-release_at"):
        first_release_at = edition.first_release_at
        public_from[edition.slug] = edition.release_at
    for edition in statement.editions.all():
        EditionAttribution.objects.filter(edition=edition).update(
            release_at=edition.release_at,
            live_until=edition.live_until,
            first_release_at=edition.first_release_at,
        )
    Statement.objects.filter(pk=statement.pk).update(first_release_at=first_release_at)
    ThemedStatement.objects.filter(content_object=statement).update(
        first_release_at=first_release_at
    )
    for row in statement.addresses.filter(erased_at=None):
        if row.public_from != public_from.get(row.slug):
            row.public_from = public_from.get(row.slug)
            row.save(update_fields=["public_from"])
