"""The note with which an editor sent the newest edition back."""

import datetime as dt
from dataclasses import dataclass

from statements.models import Action, Edition, State
from statements.newsdesk.user_names import get_display_name


@dataclass(frozen=True)
class SentBackNote:
    """What an editor asks for; `text` is "" if it was erased."""

    edition: Edition
    text: str
    name: str
    at: dt.datetime


def find_sent_back_note(newest: Edition | None) -> SentBackNote | None:
    """Return the note of the newest edition of a statement if it was sent back."""
    if newest is None or newest.state != State.SENT_BACK:
        return None
    event = newest.events.filter(action=Action.SENT_BACK).select_related("by").last()
    if event is None:
        return None
    name = get_display_name(event.by) if event.by else event.by_name
    return SentBackNote(newest, event.note, name, event.at)
