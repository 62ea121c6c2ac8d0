"""Write generated statements to the database in batches, with every trigger on."""

import contextlib
import datetime as dt
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import F, Max, Model

from bench.sample_data.entities import make_pool
from bench.sample_data.processes import run_on_all_cores
from bench.sample_data.rows import DAY, HOUR, MAX_ROWS_BY_MODEL, RowMaker, StatementRows
from statements.models import Edition, Statement
from statements.publicness import has_ended
from statements.quotations.fingerprint_index import store_fingerprints
from statements.search import index

BATCH_SIZE = 500
RELEASE_SPAN = dt.timedelta(days=15 * 365)
MIN_PARALLEL_STATEMENTS = 20 * BATCH_SIZE
"""From this number on, several processes and a late build of the large indexes save time."""


def make_statements(count: int, *, seed: int, at: dt.datetime) -> Iterator[int]:
    """Make statements released in the fifteen years before `at`; yield how many exist so far.

    One transaction a batch. The seed and the number of statements that existed before decide
    every word. On PostgreSQL each core makes its own batches. Memory stays flat.
    """
    before = Statement.objects.aggregate(last=Max("pk"))["last"] or 0
    rng = random.Random(f"{seed}:{before}")
    maker = RowMaker(make_pool(), rng, last_pks=find_last_pks(MAX_ROWS_BY_MODEL))
    job = BatchJob(maker, count=count, before=before, seed=seed, at=at)
    batches = (
        range(start, min(start + BATCH_SIZE, count)) for start in range(0, count, BATCH_SIZE)
    )
    in_one_process = count < MIN_PARALLEL_STATEMENTS or connection.vendor != "postgresql"
    keep_indexes = in_one_process or before
    with contextlib.nullcontext() if keep_indexes else rebuild_large_indexes_after():
        made = 0
        for batch_count in (
            map(job.write_batch, batches)
            if in_one_process
            else run_on_all_cores(job.write_batch, batches)
        ):
            made += batch_count
            yield made
    reset_sequences([*MAX_ROWS_BY_MODEL])


@dataclass
class BatchJob:
    """Everything a process needs to write a batch."""

    maker: RowMaker
    count: int
    before: int
    seed: int
    at: dt.datetime
    known_stems: set[str] = field(default_factory=set)

    def write_batch(self, numbers: range) -> int:
        """Write the statements with these numbers; return how many they are."""
        self.maker.rng.seed(f"{self.seed}:{self.before}:{numbers.start}")
        batch = [self._make_rows(number) for number in numbers]
        editions = [edition for rows in batch for edition in rows[Edition]]
        with transaction.atomic():
            for model in MAX_ROWS_BY_MODEL:
                model._default_manager.bulk_create(
                    [row for rows in batch for row in rows[model]], batch_size=BATCH_SIZE
                )
            _backdate([statement for rows in batch for statement in rows[Statement]])
            store_fingerprints(editions)
            public = [edition for edition in editions if not has_ended(edition, self.at)]
            index.index_editions(public, self.known_stems)
        return len(batch)

    def _make_rows(self, number: int) -> StatementRows:
        """Make older statements first, so that rows are stored in the order of real use."""
        age = RELEASE_SPAN * (1 - (number + 1) / (self.count + 1))
        release_at = (self.at - age).replace(second=0, microsecond=0)
        return self.maker.make_rows(number, release_at=release_at, at=self.at)


def _backdate(statements: Sequence[Statement]) -> None:
    """Date the drafts before their submission; an insert sets both columns to the present."""
    Statement.objects.filter(pk__in=[statement.pk for statement in statements]).update(
        created_at=F("first_release_at") - DAY, changed_at=F("first_release_at") - 20 * HOUR
    )


def find_last_pks(models: Iterable[type[Model]]) -> dict[type[Model], int]:
    return {
        model: model._default_manager.aggregate(last=Max("pk"))["last"] or 0 for model in models
    }


def reset_sequences(models: Sequence[type[Model]]) -> None:
    """Continue each table's numbers after its last row; SQLite does so by itself."""
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(sql)


@contextlib.contextmanager
def rebuild_large_indexes_after() -> Iterator[None]:
    """Drop the GIN indexes, which hold a row in hundreds of places, and build them at the end.

    Only while an empty database is first filled: searches are slow until the end.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema()"
            " AND tablename LIKE 'statements%%' AND indexdef LIKE '%% USING gin %%'"
        )
        indexes = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {name}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SET maintenance_work_mem = '1GB'")
            for _, definition in indexes:
                cursor.execute(definition)
            cursor.execute("RESET maintenance_work_mem")
            cursor.execute("ANALYZE")
