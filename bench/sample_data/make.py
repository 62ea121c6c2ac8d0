"""Batches of made statements, into the database by its own rules: every trigger stays on."""

import contextlib
import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db import connection, transaction
from django.db.models import Max

from bench.sample_data import tables
from bench.sample_data.entities import make_pool
from bench.sample_data.processes import run_on_all_cores
from bench.sample_data.rows import MAX_ROWS_BY_MODEL, RowMaker, StatementRows
from statements.models import Edition, Statement
from statements.publicness import has_ended
from statements.quotations.fingerprint_index import store_fingerprints
from statements.search import index

BATCH_SIZE = 500
RELEASE_SPAN = dt.timedelta(days=15 * 365)
MIN_PARALLEL_STATEMENTS = 20 * BATCH_SIZE
"""From here on it pays to make a record in several processes, and its large indexes at the end."""


def make_statements(count: int, *, seed: int, at: dt.datetime) -> Iterator[int]:
    """Make statements released in the fifteen years before `at`; yields how many there are now.

    One transaction a batch. The seed and the number of statements that were there before decide
    every word. On PostgreSQL each core makes batches of its own; the memory stays as it is.
    """
    before = Statement.objects.aggregate(last=Max("pk"))["last"] or 0
    dice = random.Random(f"{seed}:{before}")
    maker = RowMaker(make_pool(), dice, last_pks=tables.find_last_pks(MAX_ROWS_BY_MODEL))
    job = BatchJob(maker, count=count, before=before, seed=seed, at=at)
    batches = (range(at, min(at + BATCH_SIZE, count)) for at in range(0, count, BATCH_SIZE))
    alone = count < MIN_PARALLEL_STATEMENTS or connection.vendor != "postgresql"
    with contextlib.nullcontext() if alone or before else tables.rebuild_large_indexes_after():
        made = 0
        for batch in (
            map(job.write_batch, batches) if alone else run_on_all_cores(job.write_batch, batches)
        ):
            made += batch
            yield made
    tables.reset_sequences([*MAX_ROWS_BY_MODEL])


@dataclass
class BatchJob:
    """What a batch needs to know, in whichever process it is made."""

    maker: RowMaker
    count: int
    before: int
    seed: int
    at: dt.datetime
    known_stems: set[str] = field(default_factory=set)

    def write_batch(self, numbers: range) -> int:
        """Make these statements; returns how many they are."""
        self.maker.rng.seed(f"{self.seed}:{self.before}:{numbers.start}")
        batch = [self._make_rows(number) for number in numbers]
        editions = [edition for rows in batch for edition in rows[Edition]]
        with transaction.atomic():
            for model in MAX_ROWS_BY_MODEL:
                tables.insert_rows([row for rows in batch for row in rows[model]])
            store_fingerprints(editions)
            public = [edition for edition in editions if not has_ended(edition, self.at)]
            index.index_editions(public, self.known_stems)
        return len(batch)

    def _make_rows(self, number: int) -> StatementRows:
        """The older the lower the number, so that rows lie in the table as they would in life."""
        age = RELEASE_SPAN * (1 - (number + 1) / (self.count + 1))
        release_at = (self.at - age).replace(second=0, microsecond=0)
        return self.maker.make_rows(number, release_at=release_at, at=self.at)
