"""Seal the record: one event over all chains, and a public list of released editions.

The event lets the operator notice a shortened or rewritten record. The public seal holds nothing
but what is public: it must not tell of what goes on in the newsdesk.
"""

import datetime as dt
import hashlib
import json
import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from django.conf import settings
from django.db import connection
from django.db.models import Exists, F, Max, OuterRef, QuerySet

from statements.audit.events import lock_site_chain, write_event
from statements.integrity import keys
from statements.integrity.keys import Signature
from statements.models import Action, Edition, Event, Seal, SealedEdition, Withdrawal
from statements.publicness import released_by, was_ever_public

MAX_SEALED_EDITIONS = 20_000
"""In one list, which is a page of 65 bytes for each."""
APPROVING_ACTIONS = (Action.APPROVED, Action.PUBLISHED_URGENTLY, Action.IMPORTED)
LEAF_COLUMNS = ("uuid", "digest", "sequence", "statement_id", "erased_at")
EVENT_COLUMNS = [field.name for field in Event._meta.concrete_fields]  # noqa: SLF001 - public in Django, despite its name
NO_SEAL = "none"

logger = logging.getLogger(__name__)


class WrittenSeal(NamedTuple):
    """A seal, the event over it, and the editions that no signed event approves."""

    seal: Seal
    event: Event
    left_out: list[Edition]


# --- Writing --------------------------------------------------------------------------------------


def write_seal(*, at: dt.datetime) -> WrittenSeal:
    """Seal the released editions that no seal lists yet, and the head of every chain.

    Call it in a transaction, and mail the seal outside.
    """
    lock_site_chain()  # before the table, as a change of an account does: otherwise a deadlock
    _wait_for_writers()
    seal, left_out = _create_seal(at)
    upto = Event.objects.aggregate(last=Max("pk"))["last"] or 0
    detail = {
        "heads": hash_heads(upto),
        "upto": upto,
        "seal": seal.number,
        "seal_hash": hash_text(seal.document),
    }
    event = write_event(None, Action.SEALED, by=None, at=at, detail=detail)
    return WrittenSeal(seal, event, left_out)


def _wait_for_writers() -> None:
    """Wait for open transactions: one may still commit a row number below `upto`."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE statements_event IN SHARE ROW EXCLUSIVE MODE")


def _create_seal(at: dt.datetime) -> tuple[Seal, list[Edition]]:
    editions = list(_select_unsealed(at)[:MAX_SEALED_EDITIONS])
    approved_ids = _find_approved(editions)
    left_out = [edition for edition in editions if edition.pk not in approved_ids]
    for edition in left_out:
        logger.error("Edition %d was left out of the seal: no signed event approves it", edition.pk)
    entries = _build_entries([e for e in editions if e.pk in approved_ids], at)
    last = Seal.objects.order_by("number").last()
    number = last.number + 1 if last else 1
    current_keys = keys.load_keys()
    leaves = [entry.leaf for entry in entries]
    document = _format_document(number, at, leaves, last, current_keys.key_id)
    signature = current_keys.sign(document.encode())
    seal = Seal.objects.create(
        number=number,
        sealed_at=at,
        document=document,
        signature=signature.value,
        key_id=signature.key_id,
    )
    for entry in entries:
        entry.seal = seal
    SealedEdition.objects.bulk_create(entries, batch_size=500)
    return seal, left_out


def _select_unsealed(at: dt.datetime) -> QuerySet[Edition]:
    """Select released editions that no list has, and whose words were not taken away.

    Without a salt in the content, its hash would confirm a guess after an erasure.
    """
    removed = Withdrawal.objects.filter(edition=OuterRef("pk"), kind=Withdrawal.Kind.GONE)
    return (
        Edition.objects.defer("content")
        .filter(
            released_by(at),
            was_ever_public(),
            ~Exists(removed.filter(from_at__lte=at)),
            ~Exists(SealedEdition.objects.filter(edition=OuterRef("pk"))),
            suppressed_at=None,
            erased_at=None,
            content__contains='"salt":"',
        )
        .order_by("pk")
    )


def _find_approved(editions: Sequence[Edition]) -> set[int]:
    """Return the ids of those that an event with a valid signature approved.

    Whoever can write to the database could add an edition, and the site would vouch for it here.
    """
    events = Event.objects.filter(
        edition__in=[edition.pk for edition in editions],
        action__in=APPROVING_ACTIONS,
        digest=F("edition__digest"),
    ).select_related("statement", "edition")
    events = events.only(*EVENT_COLUMNS, "statement__uuid", "edition__uuid")
    return {
        event.edition_id
        for event in events.iterator(chunk_size=500)
        if event.edition_id
        and event.hash == event.compute_hash()
        and keys.verify_signature(event.hash.encode(), Signature(event.signature, event.key_id))
    }


def _build_entries(editions: Sequence[Edition], at: dt.datetime) -> list[SealedEdition]:
    numbers = _number_releases({edition.statement_id for edition in editions}, at)
    return [
        SealedEdition(
            edition=edition,
            number=numbers[edition.pk],
            leaf=hash_text(format_leaf(edition, numbers[edition.pk])),
        )
        for edition in editions
    ]


def _number_releases(statement_ids: Iterable[int], at: dt.datetime) -> dict[int, int]:
    """Return edition id → its place among the releases of its statement."""
    rows = (
        Edition.objects.filter(released_by(at), statement__in=statement_ids)
        .order_by("release_at", "sequence")
        .values_list("statement_id", "pk")
    )
    counts: dict[int, int] = defaultdict(int)
    numbers = {}
    for statement_id, pk in rows.iterator(chunk_size=2000):
        counts[statement_id] += 1
        numbers[pk] = counts[statement_id]
    return numbers


# --- Texts that a stranger hashes -----------------------------------------------------------------


def format_leaf(edition: Edition, number: int) -> str:
    """Return the text whose hash stands in the list."""
    return f"{edition.uuid} {number} {edition.digest}"


def format_list(leaves: Iterable[str]) -> str:
    """Return the list of a seal: one hash on each line, sorted."""
    return "".join(f"{leaf}\n" for leaf in sorted(leaves))


def hash_text(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def format_time(at: dt.datetime) -> str:
    return f"{at.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"


def _format_document(
    number: int, at: dt.datetime, leaves: Sequence[str], last: Seal | None, key_id: str
) -> str:
    lines = [
        "On the Record: seal, format 1",
        f"site: {settings.SITE_URL}",
        f"number: {number}",
        f"sealed: {format_time(at)}",
        f"editions: {len(leaves)}",
        f"list: {hash_text(format_list(leaves))}",
        f"previous: {hash_text(last.document) if last else NO_SEAL}",
        f"key: {key_id}",
    ]
    return "\n".join(lines) + "\n"


# --- Verification ---------------------------------------------------------------------------------


def find_seal_problems() -> Iterator[str]:
    """Yield a sentence for each seal that does not hold, or that the record does not agree with."""
    events = list(Event.objects.filter(statement=None, action=Action.SEALED).order_by("number"))
    yield from _check_heads(events)
    yield from _check_seals(events)


def _check_heads(events: Sequence[Event]) -> Iterator[str]:
    """Check the newest seal; only if it fails, find out on which days the record still held."""
    if events and describe_changed_heads(events[-1]):
        for event in events:
            if problem := describe_changed_heads(event):
                yield problem


def describe_changed_heads(event: Event) -> str:
    """Return a sentence if the chains are not those that this seal saw; "" if they are."""
    detail = json.loads(event.detail)
    if hash_heads(detail["upto"]) == detail["heads"]:
        return ""
    return f"The record before the seal of {event.at:%-d %B %Y} is not what it was that day."


def hash_heads(upto: int) -> str:
    """Return SHA-256 of the last hash of every statement's chain, among events up to this row."""
    heads = (
        Event.objects.filter(pk__lte=upto, statement__isnull=False)
        .values("statement")
        .annotate(head=Max("pk"))
        .values("head")
    )
    # By the column: ordering by the relation would use that of the model, which changes.
    hashes = (
        Event.objects.filter(pk__in=heads).order_by("statement_id").values_list("hash", flat=True)
    )
    sha256 = hashlib.sha256()
    for event_hash in hashes.iterator():
        sha256.update(event_hash.encode())
    return sha256.hexdigest()


def _check_seals(events: Iterable[Event]) -> Iterator[str]:
    details = [json.loads(event.detail) for event in events]
    stated = {detail["seal"]: detail["seal_hash"] for detail in details if "seal" in detail}
    seals = {seal.number: seal for seal in Seal.objects.defer("timestamp")}
    for number in sorted(stated.keys() | seals.keys()):
        seal = seals.get(number)
        if seal is None:
            yield f"Seal {number} is missing."
        elif stated.get(number) != hash_text(seal.document):
            yield f"Seal {number} is not the one that was written: its event says otherwise."
        elif not keys.verify_signature(
            seal.document.encode(), Signature(seal.signature, seal.key_id)
        ):
            yield f"Seal {number} does not match its signature."
    yield from _check_lists(seals)


def _check_lists(seals: dict[int, Seal]) -> Iterator[str]:
    """Check that each list is the one that was sealed, and that its hashes are of its editions."""
    entries = (
        SealedEdition.objects.select_related("seal", "edition")
        .only("leaf", "number", "seal__number", *(f"edition__{name}" for name in LEAF_COLUMNS))
        .order_by("seal__number")
    )
    remaining = dict(seals)
    for number, group in groupby(entries.iterator(chunk_size=2000), lambda e: e.seal.number):
        listed = list(group)
        yield from _check_entries(listed)
        yield from _check_list(remaining.pop(number), [entry.leaf for entry in listed])
    for seal in remaining.values():
        yield from _check_list(seal, [])


def _check_entries(entries: Iterable[SealedEdition]) -> Iterator[str]:
    for entry in entries:
        edition = entry.edition
        is_right = entry.leaf == hash_text(format_leaf(edition, entry.number))
        if edition.erased_at is None and not is_right:
            yield (
                f"Edition {edition.sequence} of statement {edition.statement_id} is not the one "
                f"in the list of seal {entry.seal.number}."
            )


def _check_list(seal: Seal, leaves: Iterable[str]) -> Iterator[str]:
    if f"\nlist: {hash_text(format_list(leaves))}\n" not in seal.document:
        yield f"The list of seal {seal.number} is not the one that was sealed."
