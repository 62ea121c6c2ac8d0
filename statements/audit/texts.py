"""Empty the texts of events, when the words that they may quote are erased."""

from statements.audit.state import State, read_state
from statements.models import NOTE_KEY, Action, EventText, Statement

KEPT_NOTES = {Action.ERASURE_REQUESTED, Action.SUPPRESSED}
"""Their notes name the order or the request, and stay."""


def erase_texts(statement: Statement) -> None:
    """Empty every note, and every text that the column it decided no longer holds.

    Call it after the event of the erasure: verification takes an empty text of an event only where
    an erasure came later.
    """
    state = read_state([statement.pk])[statement.pk]
    texts = EventText.objects.filter(event__statement=statement).exclude(text="")
    erased = [text.pk for text in texts.select_related("event") if not _is_kept(text, state)]
    EventText.objects.filter(pk__in=erased).update(text="", salt="")


def _is_kept(text: EventText, state: State) -> bool:
    if text.key == NOTE_KEY:
        return text.event.action in KEPT_NOTES
    row_key, _, column = text.key.rpartition(".")
    return not row_key or state.get(row_key, {}).get(column) == text.text
