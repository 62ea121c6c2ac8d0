"""Write events: each statement has a chain of them, and the site has one.

An event states the resulting value of every compared column that changed since the statement was
locked, under "rows" in its detail. Texts are in `EventText`; the event has their salted hashes.
"""

import datetime as dt
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.db import connection

from statements.audit.compared import get_column_type
from statements.audit.signatures import sign_event
from statements.audit.state import StatedRows, find_changes, read_state
from statements.content.schema import canonical
from statements.models import NOTE_KEY, Action, Edition, Event, EventText, Statement, hash_text

SALT_BYTES = 16
INSERT_ROWS = 500


def write_event(
    statement: Statement | None,
    action: Action,
    *,
    by: User | None,
    at: dt.datetime,
    edition: Edition | None = None,
    note: str = "",
    detail: dict[str, Any] | None = None,
    texts: Mapping[str, str] | None = None,
    rows: StatedRows | None = None,
) -> Event:
    """Add an event to the chain of a statement or, with None, to the site chain.

    Call it in a transaction that has locked the statement by `lock_and_read`, after every change:
    what changed since then is stated here. Events of the site chain state the `rows` they are
    given. `texts` are words that belong to the event and that an erasure can empty.
    """
    if statement is None:
        lock_site_chain()
        last = Event.objects.filter(statement=None).order_by("-number").first()
    else:
        last = Event.objects.filter(statement=statement).order_by("-number").first()
        rows = _find_changes(statement)
    draft = EventDraft(
        edition=edition,
        detail=detail or {},
        texts={NOTE_KEY: note} | dict(texts or {}),
        rows=rows or {},
    )
    event, event_texts = build_event(statement, action, draft, last=last, by=by, at=at)
    event.save(force_insert=True)
    EventText.objects.bulk_create(event_texts)
    return event


def _find_changes(statement: Statement) -> StatedRows:
    before = statement.state_before
    assert before is not None, "Lock the statement by lock_and_read before what its event states."
    statement.state_before = read_state([statement.pk])[statement.pk]
    return find_changes(before, statement.state_before)


def write_first_events(
    entries: Iterable[tuple[Edition, str, dict[str, Any]]],
    action: Action,
    *,
    by: User,
    at: dt.datetime,
) -> None:
    """Begin the chains of new statements, from edition, note and detail of each.

    Each event states every row of its statement.
    """
    entries = list(entries)
    states = read_state([edition.statement_id for edition, _, _ in entries])
    drafts = [
        EventDraft(edition, detail, {NOTE_KEY: note}, dict(states[edition.statement_id]))
        for edition, note, detail in entries
    ]
    insert_events(
        build_event(edition.statement, action, draft, last=None, by=by, at=at)
        for (edition, _, _), draft in zip(entries, drafts, strict=True)
    )


def write_baselines(statements: Sequence[Statement], *, at: dt.datetime) -> None:
    """Let one more event of each chain state every row of its statement.

    For statements of an export by a version whose events stated no values: from here on, they do.
    """
    last_events = {
        event.statement_id: event
        for event in Event.objects.filter(statement__in=statements).order_by("number")
    }
    states = read_state([statement.pk for statement in statements])
    insert_events(
        build_event(
            statement,
            Action.BASELINE,
            EventDraft(rows=dict(states[statement.pk])),
            last=last_events.get(statement.pk),
            by=None,
            at=at,
        )
        for statement in statements
    )


def insert_events(built: Iterable[tuple[Event, list[EventText]]]) -> None:
    """Insert events with their texts, many at once."""
    pairs = list(built)
    Event.objects.bulk_create([event for event, _ in pairs], batch_size=INSERT_ROWS)
    texts = [text for _, event_texts in pairs for text in event_texts]
    for text in texts:
        text.event_id = text.event.pk
    EventText.objects.bulk_create(texts, batch_size=INSERT_ROWS)


@dataclass(frozen=True)
class EventDraft:
    """What an event says, before its place in the chain is known."""

    edition: Edition | None = None
    detail: dict[str, Any] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    rows: StatedRows = field(default_factory=dict)


def build_event(
    statement: Statement | None,
    action: Action,
    draft: EventDraft,
    *,
    last: Event | None,
    by: User | None,
    at: dt.datetime,
) -> tuple[Event, list[EventText]]:
    """Return an unsaved event that follows `last`, and its unsaved texts."""
    event = Event(
        statement=statement,
        number=last.number + 1 if last else 1,
        edition=draft.edition,
        digest=draft.edition.digest if draft.edition else "",
        action=action,
        by=by,
        by_name=by.get_username() if by else "",
        at=at.astimezone(dt.UTC),
        previous_hash=last.hash if last else "",
    )
    texts: list[EventText] = []
    detail = dict(draft.detail)
    if hashes := dict(_hash_texts(event, draft.texts, texts)):
        detail["texts"] = hashes
    if draft.rows:
        detail["rows"] = {
            key: row and _hash_row_texts(event, key, row, texts) for key, row in draft.rows.items()
        }
    event.detail = canonical(detail) if detail else ""
    event.hash = event.compute_hash()
    sign_event(event)
    return event, texts


def _hash_texts(
    event: Event, words: Mapping[str, str], texts: list[EventText]
) -> Iterator[tuple[str, str]]:
    for key, text in words.items():
        if text := text.replace("\0", ""):
            yield key, _add_text(event, key, text, texts)


def _hash_row_texts(
    event: Event, row_key: str, row: Mapping[str, Any], texts: list[EventText]
) -> dict[str, Any]:
    """Return the row as the event states it. An empty text needs no hash."""
    return {
        name: _add_text(event, f"{row_key}.{name}", value, texts)
        if value and get_column_type(row_key, name).is_text
        else value
        for name, value in row.items()
    }


def _add_text(event: Event, key: str, text: str, texts: list[EventText]) -> str:
    salt = secrets.token_hex(SALT_BYTES)
    texts.append(EventText(event=event, key=key, salt=salt, text=text))
    return hash_text(salt, text)


def lock_site_chain() -> None:
    """Lock the site chain, which has no row to lock. SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('statements_event site chain'))")
