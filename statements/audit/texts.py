"""Empty the texts of events, when the words that they may quote are erased."""

from statements.audit.state import State, read_state
from statements.models import NOTE_KEY, Action, EventText, Statement

TARGET_KEY = "target"
"""Where readers of a removed statement are sent: an address, which may repeat a headline."""


def erase_texts(statement: Statement) -> None:
    """Empty every note, and every text that the column it decided no longer holds.

    Call it after the event of the erasure: verification takes an empty text of an event only where
    an erasure came later.
    """
    state = read_state([statement.pk])[statement.pk]
    texts = EventText.objects.filter(event__statement=statement).exclude(text="")
    erased = [text.pk for text in texts.select_related("event") if not _is_kept(text, state)]
    EventText.objects.filter(pk__in=erased).update(text="", salt="")


def erase_equal_texts(statement: Statement, text: str) -> None:
    """Empty the texts of this statement's events that are exactly this one."""
    EventText.objects.filter(event__statement=statement, text=text).update(text="", salt="")


def _is_kept(text: EventText, state: State) -> bool:
    """Return whether the text names a person or an order, or a column still holds it."""
    row_key, _, column = text.key.rpartition(".")
    if row_key:
        return state.get(row_key, {}).get(column) == text.text
    is_quoting = text.key in (NOTE_KEY, TARGET_KEY)
    return not is_quoting or text.event.action == Action.ERASURE_REQUESTED
