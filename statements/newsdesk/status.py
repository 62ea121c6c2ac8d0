"""The status of a statement and of an edition, in a few words."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from statements.models import Edition, State, Withdrawal
from statements.newsdesk.time_format import format_long, format_time_until


def describe_status(editions: Iterable[Edition], at: dt.datetime) -> str:
    """Return a status such as “Published; edition 2 in review”.

    `editions` are all editions of one statement, in order.
    """
    current = [edition for edition in editions if edition.state != State.CANCELLED]
    if not current:
        return _("Draft")
    public = next((edition for edition in current if edition.is_public(at)), None)
    newest = current[-1]
    if public is newest:
        return _("Published")
    state = _describe_state(newest, at)
    if public is None:
        return state
    return _("Published; edition %(number)s %(state)s") % {
        "number": newest.sequence,
        "state": f"{state[0].lower()}{state[1:]}",
    }


def _describe_state(edition: Edition, at: dt.datetime) -> str:
    if edition.is_on_hold:
        return _("On hold")
    if edition.release_at and edition.is_scheduled(at):
        time = f"{timezone.localtime(edition.release_at):%-d %B %Y, %H:%M}"
        return _("Scheduled for %(time)s") % {"time": time}
    if edition.state == State.APPROVED:
        return _("Withdrawn")
    return _get_unapproved_status(edition).label


@dataclass(frozen=True)
class EditionStatus:
    """The status of an edition: a label with its colour, and a sentence.

    The tone is the class of the tag in components.css.
    """

    label: str
    tone: str
    sentence: str


def get_edition_status(edition: Edition, *, at: dt.datetime) -> EditionStatus:
    if edition.erased_at:
        sentence = _("Its words were erased on %(time)s.") % {
            "time": format_long(edition.erased_at)
        }
        return EditionStatus(_("Erased"), "bare", sentence)
    if edition.state != State.APPROVED:
        return _get_unapproved_status(edition)
    if edition.release_at is None:
        return EditionStatus(_("On hold"), "hold", _("Approved. No release time set."))
    if edition.is_scheduled(at):
        sentence = _("Goes public on %(time)s, %(time_until)s.") % {
            "time": format_long(edition.release_at),
            "time_until": format_time_until(edition.release_at, at),
        }
        return EditionStatus(_("Scheduled"), "scheduled", sentence)
    released = format_long(edition.released or edition.release_at)
    return _get_released_status(edition, _("Published on %(time)s") % {"time": released}, at)


def _get_unapproved_status(edition: Edition) -> EditionStatus:
    if edition.state == State.IN_REVIEW:
        sentence = _("Waiting for an editor to approve it.")
        return EditionStatus(_("In review"), "review", sentence)
    if edition.state == State.SENT_BACK:
        return EditionStatus(_("Sent back"), "back", _("Sent back to its authors."))
    return EditionStatus(_("Cancelled"), "bare", _("Cancelled. It will not be published."))


def _get_released_status(edition: Edition, start: str, at: dt.datetime) -> EditionStatus:
    if edition.is_public(at):
        return EditionStatus(_("Published"), "public", f"{start}.")
    if edition.suppressed_at:
        sentence = _("%(start)s. Readers can no longer see these words.") % {"start": start}
        return EditionStatus(_("Removed from the site"), "bare", sentence)
    if withdrawals := list(edition.withdrawals.all()):  # prefetched by the history
        return _get_withdrawn_status(start, withdrawals[-1])
    until = format_long(edition.live_until)
    sentence = _("%(start)s, until %(time)s.") % {"start": start, "time": until}
    return EditionStatus(_("Earlier edition"), "bare", sentence)


def _get_withdrawn_status(start: str, withdrawal: Withdrawal) -> EditionStatus:
    if withdrawal.kind == Withdrawal.Kind.GONE:
        sentence = _("%(start)s and removed from the site on %(time)s.")
    else:
        sentence = _("%(start)s and withdrawn on %(time)s: the words stand under a notice.")
    values = {"start": start, "time": format_long(withdrawal.from_at)}
    return EditionStatus(_("Withdrawn"), "withdrawn", sentence % values)
