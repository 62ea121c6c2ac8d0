"""Batches of made statements, into the database by its own rules: every trigger stays on."""

import datetime as dt
import random
from collections.abc import Iterator

from django.db import transaction
from django.db.models import F, Max

from statements import search_index
from statements.bulk.pool import make_pool
from statements.bulk.rows import RowMaker, Rows
from statements.models import (
    Address,
    Contribution,
    Edition,
    EditionVoice,
    Event,
    Fingerprints,
    Passage,
    Statement,
    ThemedStatement,
    Withdrawal,
)

BATCH = 500
SPREAD = dt.timedelta(days=15 * 365)


def make_statements(count: int, *, seed: int, at: dt.datetime) -> Iterator[int]:
    """Make statements released in the fifteen years before `at`; yields how many there are now.

    One transaction a batch. The seed and the number of statements that were there before decide
    every word.
    """
    before = Statement.objects.aggregate(last=Max("pk"))["last"] or 0
    maker = RowMaker(make_pool(), random.Random(f"{seed}:{before}"))  # noqa: S311 - no secrets
    made, known = 0, set[tuple[str, str]]()
    for numbers in _batches(count):
        _write([_rows(maker, n, count=count, before=before, at=at) for n in numbers], known, at)
        made += len(numbers)
        yield made


def _batches(count: int) -> Iterator[range]:
    for start in range(0, count, BATCH):
        yield range(start, min(start + BATCH, count))


def _rows(maker: RowMaker, number: int, *, count: int, before: int, at: dt.datetime) -> Rows:
    """The older the lower the number, so that rows lie in the table as they would in life."""
    release_at = (at - SPREAD * (1 - (number + 1) / (count + 1))).replace(second=0, microsecond=0)
    return maker.make(before + number + 1, release_at=release_at, at=at)


@transaction.atomic
def _write(batch: list[Rows], known: set[tuple[str, str]], at: dt.datetime) -> None:
    statements = Statement.objects.bulk_create([rows.statement for rows in batch])
    # They were worked on in their own time, and no later than they were submitted.
    Statement.objects.filter(pk__in=[s.pk for s in statements]).update(
        created_at=F("first_release_at"), changed_at=F("first_release_at") - dt.timedelta(hours=20)
    )
    editions = Edition.objects.bulk_create([edition for rows in batch for edition in rows.editions])
    Fingerprints.objects.keep(editions)
    Passage.objects.bulk_create([rows.passage for rows in batch])
    Contribution.objects.bulk_create([rows.contribution for rows in batch])
    Address.objects.bulk_create([rows.address for rows in batch])
    ThemedStatement.objects.bulk_create([themed for rows in batch for themed in rows.themed])
    EditionVoice.objects.bulk_create([voice for rows in batch for voice in rows.voices])
    Withdrawal.objects.bulk_create([w for rows in batch for w in rows.withdrawals])
    Event.objects.bulk_create([event for rows in batch for event in rows.events])
    editions = [edition for rows in batch for edition in rows.editions]
    search_index.write([edition for edition in editions if edition.live_until > at], known)
