"""The chain of events: written here, and proved unbroken here."""

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator

from django.contrib.auth.models import User
from django.db import connection
from django.db.models import Exists, Max, OuterRef

from bench.sample_data import tables
from statements.content.schema import canonical, digest_of
from statements.files import storage
from statements.models import Action, Edition, Event, Statement


def write_event(
    statement: Statement | None,
    action: Action,
    *,
    by: User,
    at: dt.datetime,
    edition: Edition | None = None,
    note: str = "",
    detail: dict | None = None,
) -> Event:
    """Add one line to the statement's chain, or with None to the house's own.

    Inside the caller's transaction, who holds the statement's lock; without the lock the unique
    constraint on the number refuses one of two.
    """
    if statement is None:
        _lock_site_chain()
    last = Event.objects.filter(statement=statement).order_by("-number").first()
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
    event.save(force_insert=True)
    return event


def write_first_events(
    entries: Iterable[tuple[Edition, str, dict]], action: Action, *, by: User, at: dt.datetime
) -> None:
    """Begin the chains of statements that are new: edition, note and detail of each."""
    events = []
    for edition, note, detail in entries:
        event = Event(
            statement=edition.statement,
            number=1,
            edition=edition,
            digest=edition.digest,
            action=action,
            by=by,
            by_name=by.get_username(),
            at=at.astimezone(dt.UTC),
            note=note.replace("\0", ""),
            detail=canonical(detail) if detail else "",
        )
        event.hash = event.compute_hash()
        events.append(event)
    tables.insert_numbered(events)


def _lock_site_chain() -> None:
    """Two accounts may change at once, with no row to lock. SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('statements_event house chain'))")


def write_seal(*, at: dt.datetime) -> Event:
    """Hash the head of every chain into one event, so that no chain can be cut short unseen.

    Run it inside a transaction and mail the event's hash outside.
    """
    _lock_site_chain()  # first, as a change to an account does: the other way round is a deadlock
    _wait_for_writers()
    upto = Event.objects.aggregate(last=Max("pk"))["last"] or 0
    return write_event(
        None, Action.SEALED, by=None, at=at, detail={"heads": hash_heads(upto), "upto": upto}
    )


def _wait_for_writers() -> None:
    """Row numbers are drawn before a commit: wait, so that nothing below `upto` comes later."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE statements_event IN SHARE ROW EXCLUSIVE MODE")


def hash_heads(upto: int) -> str:
    """SHA-256 over the newest hash of every statement's chain among the events up to this row."""
    heads = (
        Event.objects.filter(pk__lte=upto, statement__isnull=False)
        .values("statement")
        .annotate(head=Max("pk"))
        .values("head")
    )
    rows = Event.objects.filter(pk__in=heads).order_by("statement").values_list("hash", flat=True)
    total = hashlib.sha256()
    for row in rows.iterator():
        total.update(row.encode())
    return total.hexdigest()


def verify(progress: Callable[[], None] = lambda: None) -> Iterator[str]:
    """Every place where the record does not hold, as sentences; nothing when all is as it was.

    Calls `tell` once for each edition and each event that it looked at.
    """
    yield from _verify_editions(progress)
    yield from _verify_chains(progress)


def verify_statement(statement: Statement) -> list[str]:
    """Where the record of this one statement does not hold, as sentences."""
    editions = statement.editions.filter(erased_at=None).order_by("sequence")
    words = [
        f"The words of edition {edition.sequence} are not the words that were hashed."
        for edition in editions
        if digest_of(edition.content) != edition.digest
    ]
    events = statement.events.select_related("statement", "edition").order_by("number")
    return [*words, *_verify_links(events.iterator(chunk_size=500), lambda: None)]


def _verify_editions(progress: Callable[[], None]) -> Iterator[str]:
    spoken_of = Exists(Event.objects.filter(edition=OuterRef("pk"), digest=OuterRef("digest")))
    editions = Edition.objects.annotate(spoken_of=spoken_of).order_by("pk")
    editions = editions.prefetch_related("files__file")
    for edition in editions.iterator(chunk_size=500):
        progress()
        if edition.erased_at is None and digest_of(edition.content) != edition.digest:
            yield (
                f"The words of edition {edition.sequence} of statement {edition.statement_id} "
                "are not the words that were hashed."
            )
        if edition.approved_at and not edition.spoken_of:
            yield (
                f"Edition {edition.sequence} of statement {edition.statement_id} was approved, "
                "and no event says so."
            )
        yield from storage.find_file_problems(edition)
    yield from storage.find_undeleted_files()


def _verify_chains(progress: Callable[[], None]) -> Iterator[str]:
    events = Event.objects.select_related("statement", "edition").order_by("statement", "number")
    yield from _verify_links(events.iterator(chunk_size=500), progress)


def _verify_links(events: Iterable[Event], progress: Callable[[], None]) -> Iterator[str]:
    chain, previous, number = object(), "", 0
    for event in events:
        progress()
        if event.statement_id != chain:
            chain, previous, number = event.statement_id, "", 0
        where = f"statement {event.statement_id}" if event.statement_id else "the house"
        if event.number != number + 1:
            yield f"Events of {where} are missing before number {event.number}."
        if event.previous_hash != previous or event.hash != event.compute_hash():
            yield f"Event {event.number} of {where} was changed after it was written."
        if event.action == Action.SEALED:
            yield from _verify_seal(event)
        previous, number = event.hash, event.number


def _verify_seal(event: Event) -> Iterator[str]:
    said = json.loads(event.detail)
    if hash_heads(said["upto"]) != said["heads"]:
        yield f"The record before the anchor of {event.at:%-d %B %Y} is not what it was that day."
