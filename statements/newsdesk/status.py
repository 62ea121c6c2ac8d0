"""Where a statement stands, in the fewest words: for lists and the head of its form."""

import datetime as dt
from collections.abc import Iterable

from django.utils import timezone

from statements.models import Edition, State


def standing(editions: Iterable[Edition], at: dt.datetime) -> str:
    """Such as “Public; edition 2 in review”. `editions` are all of one statement's, in order."""
    kept = [edition for edition in editions if edition.state != State.CANCELLED]
    if not kept:
        return "Draft"
    public = next((edition for edition in kept if edition.is_public(at)), None)
    newest = kept[-1]
    if public is newest:
        return "Public"
    if public is None:
        return _state(newest, at)
    state = _state(newest, at)
    return f"Public; edition {newest.sequence} {state[0].lower()}{state[1:]}"


def _state(edition: Edition, at: dt.datetime) -> str:
    if edition.is_held:
        return "Held"
    if edition.is_scheduled(at):
        return f"Scheduled for {timezone.localtime(edition.release_at):%-d %B %Y, %H:%M}"
    if edition.state == State.APPROVED:
        return "Withdrawn"
    return edition.get_state_display()
