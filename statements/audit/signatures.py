"""Sign each event, and check the signatures of the record.

A signature is over the hash of its event, which covers every event before it in its chain.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet

from statements.integrity import keys
from statements.integrity.public_keys import PublicKeyEntry
from statements.models import Event

BATCH_ROWS = 2000
PublicKeys = Mapping[str, PublicKeyEntry]
MAX_ROTATION_TIME = dt.timedelta(days=1)
"""How long after a rotation another machine may still sign with the former key."""


def sign_event(event: Event) -> None:
    """Sign the hash of an event that is not saved yet."""
    event.signature, event.key_id = keys.sign(event.hash.encode())


class SignedEvent(NamedTuple):
    """What the check of a signature reads of an event."""

    statement_id: int | None
    number: int
    at: dt.datetime
    hash: str
    signature: str
    key_id: str

    @property
    def name(self) -> str:
        chain = f"statement {self.statement_id}" if self.statement_id else "the site"
        return f"Event {self.number} of {chain}"


def find_signature_problems(events: QuerySet[Event], *, every: bool) -> Iterator[str]:
    """Yield a sentence for each newest event of a chain that is not validly signed.

    With `every`, check all these events. Then only those before the first signed one of their
    chain may be unsigned: an earlier version wrote them.
    """
    trusted = keys.get_public_keys()  # read once: reading them looks at three files
    if every:
        yield from _check_every(_read_events(events.order_by("statement_id", "number")), trusted)
    else:
        for event in _read_events(_select_newest(events)):
            yield from _check_signature(event, trusted)


def _select_newest(events: QuerySet[Event]) -> QuerySet[Event]:
    """Select the event with the highest number in each chain."""
    newer = Event.objects.filter(number__gt=OuterRef("number"))
    of_statement = ~Exists(newer.filter(statement=OuterRef("statement")))
    of_site = ~Exists(newer.filter(statement=None))
    return events.filter(
        Q(of_statement, statement__isnull=False) | Q(of_site, statement=None)
    ).order_by("statement_id")


def _read_events(events: QuerySet[Event]) -> Iterator[SignedEvent]:
    rows: QuerySet[Event, Any] = events.values_list(*SignedEvent._fields)
    return map(SignedEvent._make, rows.iterator(chunk_size=BATCH_ROWS))


def _check_every(events: Iterable[SignedEvent], trusted: PublicKeys) -> Iterator[str]:
    """Check all events of each chain; they come in the order of their chains."""
    chain: object = object()  # differs from every statement id and from None
    is_signed, last = False, None
    for event in events:
        if event.statement_id != chain:
            yield from _require_signature(last, trusted, is_signed=is_signed)
            chain, is_signed = event.statement_id, False
        is_signed |= bool(event.signature)
        if is_signed:
            yield from _check_signature(event, trusted)
        last = event
    yield from _require_signature(last, trusted, is_signed=is_signed)


def _require_signature(
    last: SignedEvent | None, trusted: PublicKeys, *, is_signed: bool
) -> Iterator[str]:
    """Report a chain that ends without any signature."""
    if last and not is_signed:
        yield from _check_signature(last, trusted)


def _check_signature(event: SignedEvent, trusted: PublicKeys) -> Iterator[str]:
    key = trusted.get(event.key_id)
    name = event.name
    if not event.signature:
        yield f"{name} is not signed."
    elif key is None:
        yield f"{name} is signed with key {event.key_id}, which was never trusted here."
    elif not key.has_signed(event.hash.encode(), event.signature):
        yield f"{name} does not match its signature."
    elif (
        key.retired_at and event.at > dt.datetime.fromisoformat(key.retired_at) + MAX_ROTATION_TIME
    ):
        yield f"{name} is signed with key {key.key_id}, which had been retired by then."
