"""Where a statement stands, in the fewest words: for lists and the head of its form."""

import datetime as dt
from collections.abc import Iterable

from django.utils import timezone

from statements.models import Edition, State


def describe_status(editions: Iterable[Edition], at: dt.datetime) -> str:
    """Such as “Public; edition 2 in review”. `editions` are all of one statement's, in order."""
    kept = [edition for edition in editions if edition.state != State.CANCELLED]
    if not kept:
        return "Draft"
    public = next((edition for edition in kept if edition.is_public(at)), None)
    newest = kept[-1]
    if public is newest:
        return "Public"
    if public is None:
        return _describe_state(newest, at)
    state = _describe_state(newest, at)
    return f"Public; edition {newest.sequence} {state[0].lower()}{state[1:]}"


def _describe_state(edition: Edition, at: dt.datetime) -> str:
    if edition.is_on_hold:
        return "Held"
    if edition.is_scheduled(at):
        return f"Scheduled for {timezone.localtime(edition.release_at):%-d %B %Y, %H:%M}"
    if edition.state == State.APPROVED:
        return "Withdrawn"
    return edition.get_state_display()
