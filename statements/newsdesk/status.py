"""The status of a statement and of an edition, in a few words."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from statements.models import Edition, State
from statements.newsdesk.time_format import format_long, format_time_until


def describe_status(editions: Iterable[Edition], at: dt.datetime) -> str:
    """Return a status such as “Public; edition 2 in review”.

    `editions` are all editions of one statement, in order.
    """
    current = [edition for edition in editions if edition.state != State.CANCELLED]
    if not current:
        return "Draft"
    public = next((edition for edition in current if edition.is_public(at)), None)
    newest = current[-1]
    if public is newest:
        return "Public"
    state = _describe_state(newest, at)
    if public is None:
        return state
    return f"Public; edition {newest.sequence} {state[0].lower()}{state[1:]}"


def _describe_state(edition: Edition, at: dt.datetime) -> str:
    if edition.is_on_hold:
        return "On hold"
    if edition.release_at and edition.is_scheduled(at):
        return f"Scheduled for {timezone.localtime(edition.release_at):%-d %B %Y, %H:%M}"
    if edition.state == State.APPROVED:
        return "Withdrawn"
    return edition.get_state_display()


@dataclass(frozen=True)
class EditionStatus:
    """The status of an edition: a label with its colour, and a sentence."""

    label: str
    tone: str
    sentence: str


UNAPPROVED_STATUSES = {
    State.IN_REVIEW: EditionStatus("In review", "review", "It waits for an editor’s decision."),
    State.SENT_BACK: EditionStatus("Sent back", "stopped", "Its writers were asked to change it."),
    State.CANCELLED: EditionStatus("Cancelled", "past", "It never becomes public."),
}


def get_edition_status(edition: Edition, *, at: dt.datetime) -> EditionStatus:
    if edition.erased_at:
        sentence = f"Its words were erased on {format_long(edition.erased_at)}."
        return EditionStatus("Erased", "past", sentence)
    if edition.state != State.APPROVED:
        return UNAPPROVED_STATUSES[State(edition.state)]
    if edition.release_at is None:
        return EditionStatus("On hold", "held", "It is approved and has no release time yet.")
    if edition.is_scheduled(at):
        time_until = format_time_until(edition.release_at, at)
        sentence = f"It goes out on {format_long(edition.release_at)}, {time_until}."
        return EditionStatus("Scheduled", "scheduled", sentence)
    released = edition.released or edition.release_at
    return _get_released_status(edition, f"It came out on {format_long(released)}", at)


def _get_released_status(edition: Edition, start: str, at: dt.datetime) -> EditionStatus:
    if edition.is_public(at):
        return EditionStatus("Public", "public", f"{start}.")
    if edition.suppressed_at:
        sentence = f"{start}. The public can no longer read this wording."
        return EditionStatus("Removed", "past", sentence)
    if withdrawals := list(edition.withdrawals.all()):  # prefetched by the history
        last = withdrawals[-1]
        how = "its words are gone" if last.kind == last.Kind.GONE else "it has a notice"
        sentence = f"{start} and was withdrawn on {format_long(last.from_at)}: {how}."
        return EditionStatus("Withdrawn", "stopped", sentence)
    return EditionStatus("Earlier", "past", f"{start}, until {format_long(edition.live_until)}.")
