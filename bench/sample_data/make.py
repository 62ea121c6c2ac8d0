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
from bench.sample_data.processes import on_every_core
from bench.sample_data.rows import MODELS, RowMaker, Rows
from statements.models import Edition, Fingerprints, Statement
from statements.publicness import has_ended
from statements.search import index

BATCH = 500
SPREAD = dt.timedelta(days=15 * 365)
MANY = 20 * BATCH
"""From here on it pays to make a record in several processes, and its large indexes at the end."""


def make_statements(count: int, *, seed: int, at: dt.datetime) -> Iterator[int]:
    """Make statements released in the fifteen years before `at`; yields how many there are now.

    One transaction a batch. The seed and the number of statements that were there before decide
    every word. On PostgreSQL each core makes batches of its own; the memory stays as it is.
    """
    before = Statement.objects.aggregate(last=Max("pk"))["last"] or 0
    dice = random.Random(f"{seed}:{before}")
    maker = RowMaker(make_pool(), dice, last=tables.last_numbers(MODELS))
    job = Job(maker, count=count, before=before, seed=seed, at=at)
    batches = (range(at, min(at + BATCH, count)) for at in range(0, count, BATCH))
    alone = count < MANY or connection.vendor != "postgresql"
    with contextlib.nullcontext() if alone or before else tables.large_indexes_at_the_end():
        made = 0
        for batch in map(job.write, batches) if alone else on_every_core(job.write, batches):
            made += batch
            yield made
    tables.go_on_after([*MODELS])


@dataclass
class Job:
    """What a batch needs to know, in whichever process it is made."""

    maker: RowMaker
    count: int
    before: int
    seed: int
    at: dt.datetime
    known: set[str] = field(default_factory=set)

    def write(self, numbers: range) -> int:
        """Make these statements; returns how many they are."""
        self.maker.rng.seed(f"{self.seed}:{self.before}:{numbers.start}")
        batch = [self._rows(number) for number in numbers]
        editions = [edition for rows in batch for edition in rows[Edition]]
        with transaction.atomic():
            for model in MODELS:
                tables.insert([row for rows in batch for row in rows[model]])
            Fingerprints.objects.keep(editions)
            public = [edition for edition in editions if not has_ended(edition, self.at)]
            index.write(public, self.known)
        return len(batch)

    def _rows(self, number: int) -> Rows:
        """The older the lower the number, so that rows lie in the table as they would in life."""
        age = SPREAD * (1 - (number + 1) / (self.count + 1))
        release_at = (self.at - age).replace(second=0, microsecond=0)
        return self.maker.make(number, release_at=release_at, at=self.at)
