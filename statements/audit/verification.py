"""Verify that editions, files, events and seals are as they were written."""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from statements.audit.events import hash_heads
from statements.audit.signatures import find_signature_problems
from statements.content.schema import digest_of
from statements.files import storage
from statements.models import Action, Edition, Event, Statement

BATCH_SIZE = 500


def verify(
    progress: Callable[[], None] = lambda: None, *, every_signature: bool = False
) -> Iterator[str]:
    """Yield a sentence for each place where the record does not verify.

    Calls `progress` once for each edition and each event.
    """
    yield from _verify_editions(progress)
    events = Event.objects.select_related("statement", "edition").order_by("statement", "number")
    yield from _verify_links(events.iterator(chunk_size=BATCH_SIZE), progress)
    yield from find_signature_problems(Event.objects.all(), every=every_signature)


def verify_statement(statement: Statement) -> list[str]:
    """Return a sentence for each place where the record of one statement does not hold."""
    editions = statement.editions.filter(erased_at=None).order_by("sequence")
    problems = [
        f"The words of edition {edition.sequence} are not the words that were hashed."
        for edition in editions
        if digest_of(edition.content) != edition.digest
    ]
    events = statement.events.select_related("statement", "edition").order_by("number")
    links = _verify_links(events.iterator(chunk_size=BATCH_SIZE), lambda: None)
    signatures = find_signature_problems(Event.objects.filter(statement=statement), every=False)
    return [*problems, *links, *signatures]


def _verify_editions(progress: Callable[[], None]) -> Iterator[str]:
    has_event = Exists(Event.objects.filter(edition=OuterRef("pk"), digest=OuterRef("digest")))
    editions: QuerySet[Any] = (
        Edition.objects.annotate(has_event=has_event).order_by("pk").prefetch_related("files__file")
    )
    for edition in editions.iterator(chunk_size=BATCH_SIZE):
        progress()
        if edition.erased_at is None and digest_of(edition.content) != edition.digest:
            yield (
                f"The words of edition {edition.sequence} of statement {edition.statement_id} "
                "are not the words that were hashed."
            )
        if edition.approved_at and not edition.has_event:
            yield (
                f"Edition {edition.sequence} of statement {edition.statement_id} was approved, "
                "and no event says so."
            )
        yield from storage.find_file_problems(edition)
    yield from storage.find_undeleted_files()


def _verify_links(events: Iterable[Event], progress: Callable[[], None]) -> Iterator[str]:
    """Check each chain: its numbers have no gap, and each event contains the hash before it."""
    chain: object = object()  # differs from every statement id and from None
    previous_hash, number = "", 0
    for event in events:
        progress()
        if event.statement_id != chain:
            chain, previous_hash, number = event.statement_id, "", 0
        name = f"statement {event.statement_id}" if event.statement_id else "the site"
        if event.number != number + 1:
            yield f"Events of {name} are missing before number {event.number}."
        if event.previous_hash != previous_hash or event.hash != event.compute_hash():
            yield f"Event {event.number} of {name} was changed after it was written."
        if event.action == Action.SEALED:
            yield from _verify_seal(event)
        previous_hash, number = event.hash, event.number


def _verify_seal(event: Event) -> Iterator[str]:
    detail = json.loads(event.detail)
    if hash_heads(detail["upto"]) != detail["heads"]:
        yield f"The record before the seal of {event.at:%-d %B %Y} is not what it was that day."
