"""Write events: each statement has a chain of them, and the site has one."""

import datetime as dt
import hashlib
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import User
from django.db import connection
from django.db.models import Max

from statements.audit.signatures import sign_event
from statements.content.schema import canonical
from statements.models import Action, Edition, Event, Statement


def write_event(
    statement: Statement | None,
    action: Action,
    *,
    by: User | None,
    at: dt.datetime,
    edition: Edition | None = None,
    note: str = "",
    detail: dict[str, Any] | None = None,
) -> Event:
    """Add an event to the chain of a statement or, with None, to the site chain.

    Call it in a transaction that has locked the statement. Without the lock, the unique constraint
    on the number refuses one of two events.
    """
    if statement is None:
        _lock_site_chain()
    event = _build_event(
        statement,
        action,
        last=Event.objects.filter(statement=statement).order_by("-number").first(),
        edition=edition,
        by=by,
        at=at,
        note=note,
        detail=detail,
    )
    event.save(force_insert=True)
    return event


def write_first_events(
    entries: Iterable[tuple[Edition, str, dict[str, Any]]],
    action: Action,
    *,
    by: User,
    at: dt.datetime,
) -> None:
    """Begin the chains of new statements, from edition, note and detail of each."""
    Event.objects.bulk_create(
        [
            _build_event(
                edition.statement,
                action,
                last=None,
                edition=edition,
                by=by,
                at=at,
                note=note,
                detail=detail,
            )
            for edition, note, detail in entries
        ],
        batch_size=500,
    )


def _build_event(
    statement: Statement | None,
    action: Action,
    *,
    last: Event | None,
    edition: Edition | None,
    by: User | None,
    at: dt.datetime,
    note: str,
    detail: dict[str, Any] | None,
) -> Event:
    event = Event(
        statement=statement,
        number=last.number + 1 if last else 1,
        edition=edition,
        digest=edition.digest if edition else "",
        action=action,
        by=by,
        by_name=by.get_username() if by else "",
        at=at.astimezone(dt.UTC),
        note=note.replace("\0", ""),
        detail=canonical(detail) if detail else "",
        previous_hash=last.hash if last else "",
    )
    event.hash = event.compute_hash()
    sign_event(event)
    return event


def _lock_site_chain() -> None:
    """Lock the site chain, which has no row to lock. SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('statements_event site chain'))")


# --- Seals ----------------------------------------------------------------------------------------


def write_seal(*, at: dt.datetime) -> Event:
    """Hash the head of every chain into one event, so that a shortened chain is noticed.

    Call it in a transaction, and mail the event's hash outside.
    """
    _lock_site_chain()  # before the table, as a change of an account does: otherwise a deadlock
    _wait_for_writers()
    upto = Event.objects.aggregate(last=Max("pk"))["last"] or 0
    return write_event(
        None, Action.SEALED, by=None, at=at, detail={"heads": hash_heads(upto), "upto": upto}
    )


def _wait_for_writers() -> None:
    """Wait for open transactions: one may still commit a row number below `upto`."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE statements_event IN SHARE ROW EXCLUSIVE MODE")


def hash_heads(upto: int) -> str:
    """Return SHA-256 of the last hash of every statement's chain, among events up to this row."""
    heads = (
        Event.objects.filter(pk__lte=upto, statement__isnull=False)
        .values("statement")
        .annotate(head=Max("pk"))
        .values("head")
    )
    hashes = Event.objects.filter(pk__in=heads).order_by("statement").values_list("hash", flat=True)
    sha256 = hashlib.sha256()
    for event_hash in hashes.iterator():
        sha256.update(event_hash.encode())
    return sha256.hexdigest()
