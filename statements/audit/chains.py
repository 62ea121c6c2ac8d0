"""Read chains of events, check their hashes and texts, and replay what they state."""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from statements.audit.compared import TEXT_COLUMNS
from statements.audit.replay import ExpectedState, SiteFacts
from statements.models import NOTE_KEY, Action, Event, EventText, hash_event, hash_text

Texts = dict[str, tuple[str, str]]
"""The texts of one event: key → salt and text."""


class LoggedEvent(NamedTuple):
    """An event as plain values: a model instance for each would take most of the time."""

    pk: int
    statement_id: int | None
    statement_uuid: Any
    number: int
    edition_uuid: Any
    digest: str
    action: str
    by_id: int | None
    by_name: str
    at: dt.datetime
    format: int
    detail: str
    previous_hash: str
    hash: str

    @property
    def is_of_former_format(self) -> bool:
        """Whether an earlier version wrote it, which hashed the note and stated no values."""
        return self.format == Event.Format.NOTE_IN_HASH

    def compute_hash(self, texts: Texts) -> str:
        """Return the hash that this event should have."""
        note = texts.get(NOTE_KEY, ("", ""))[1] if self.is_of_former_format else None
        return hash_event(
            previous_hash=self.previous_hash,
            statement_uuid=str(self.statement_uuid or ""),
            number=self.number,
            edition_uuid=str(self.edition_uuid or ""),
            digest=self.digest,
            action=self.action,
            by_name=self.by_name,
            at=self.at,
            note=note,
            detail=self.detail,
        )


EVENT_PATHS = (
    *("pk", "statement_id", "statement__uuid", "number", "edition__uuid", "digest", "action"),
    *("by_id", "by_name", "at", "format", "detail", "previous_hash", "hash"),
)


def read_events(events: QuerySet[Event]) -> list[LoggedEvent]:
    """Return these events as plain values, in the order of the query."""
    rows = events.values_list(*EVENT_PATHS)
    return [LoggedEvent._make(row) for row in rows]


def read_texts(events: Q) -> dict[int, Texts]:
    """Return event id → its texts, for the texts whose event this selects."""
    texts: dict[int, Texts] = defaultdict(dict)
    rows = EventText.objects.filter(events).values_list("event_id", "key", "salt", "text")
    for event_id, key, salt, text in rows:
        texts[event_id][key] = (salt, text)
    return texts


@dataclass
class Chain:
    """One chain of events: what it states by now, and what is wrong with it so far."""

    name: str
    facts: SiteFacts
    erased_until: int = 0
    """The number of the last event that erased: texts of events up to it may be empty."""
    expected: ExpectedState = field(init=False)
    submitted: set[str] = field(default_factory=set)
    """The UUIDs of editions that were submitted here, by the people who had a hand in them."""
    number: int = 0
    last_hash: str = ""

    def __post_init__(self) -> None:
        self.expected = ExpectedState(self.facts.merges)

    def add(self, event: LoggedEvent, texts: Texts) -> Iterator[str]:
        """Check the next event, and apply what it states; yield a sentence for each problem."""
        yield from self._check_link(event, texts)
        self.number, self.last_hash = event.number, event.hash
        detail = json.loads(event.detail) if event.detail else {}
        if event.is_of_former_format:
            return
        yield from self._check_texts(event, detail, texts)
        rows = detail.get("rows", {})
        _put_texts(rows, texts)
        self.expected.apply(rows, is_baseline=event.action == Action.BASELINE)
        if event.action == Action.SUBMITTED:
            self.submitted.add(str(event.edition_uuid))

    def _check_link(self, event: LoggedEvent, texts: Texts) -> Iterator[str]:
        if event.number != self.number + 1:
            yield f"Events of {self.name} are missing before number {event.number}."
        hash_is_right = event.hash == event.compute_hash(texts) or (
            # The note is part of the former hash: without it, only the next event speaks for this.
            event.is_of_former_format
            and event.number <= self.erased_until
            and not texts[NOTE_KEY][1]
        )
        if event.previous_hash != self.last_hash or not hash_is_right:
            yield f"Event {event.number} of {self.name} was changed after it was written."
        elif not self._is_by(event):
            yield f"Event {event.number} of {self.name} names another person than it did."

    def _is_by(self, event: LoggedEvent) -> bool:
        """Return whether the account is the one whose user name the hash covers."""
        return self.facts.is_same_person(event.by_name, self.facts.name_user(event.by_id))

    def _check_texts(
        self, event: LoggedEvent, detail: Mapping[str, Any], texts: Texts
    ) -> Iterator[str]:
        hashes = list_text_hashes(detail)
        if hashes.keys() != texts.keys():
            yield f"A text of event {event.number} of {self.name} is missing, or one was added."
        for key in hashes.keys() & texts.keys():
            salt, text = texts[key]
            is_erased = not salt and not text and event.number <= self.erased_until
            if not is_erased and hash_text(salt, text) != hashes[key]:
                yield f"A text of event {event.number} of {self.name} was changed: {key}."


def list_text_hashes(detail: Mapping[str, Any]) -> dict[str, str]:
    """Return key → hash of every text that an event states."""
    hashes: dict[str, str] = dict(detail.get("texts", {}))
    for row_key, row in detail.get("rows", {}).items():
        for name in _list_text_columns(row_key):
            if row and row.get(name):
                hashes[f"{row_key}.{name}"] = row[name]
    return hashes


def _list_text_columns(row_key: str) -> tuple[str, ...]:
    return TEXT_COLUMNS.get(row_key.partition(":")[0], ())


def _put_texts(rows: Mapping[str, dict[str, Any] | None], texts: Texts) -> None:
    """Put each text in the place of its hash, so that a column can be compared with it."""
    for row_key, row in rows.items():
        for name in _list_text_columns(row_key):
            if row and row.get(name):
                _, text = texts.get(f"{row_key}.{name}", ("", ""))
                # It has this hash, or _check_texts reports it. Where an erasure emptied it, the
                # hash stays, and is no text: a column that is not empty as well is reported.
                row[name] = text or row[name]


def find_last_erasure(events: Iterable[LoggedEvent]) -> int:
    """Return the number of the last event of this chain that erased something."""
    return max((event.number for event in events if event.action == Action.ERASED), default=0)
