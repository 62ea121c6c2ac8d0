"""Run the work that needs no database in separate processes, a few batches ahead of the writer.

Nothing here imports Django, so that a process starts at once and holds no connection. Processes are
spawned and not forked: a fork would share the connection of the process that imports.
"""

import gc
import logging
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from typing import TypeVar

from archive.cleaning import CleanedBody, clean_body
from archive.language_guess import guess_language
from archive.readers.row import Row
from statements.search.precomputed import IndexData, compute_index_data

BatchT = TypeVar("BatchT")
InputT = TypeVar("InputT")
ResultT = TypeVar("ResultT")
MAX_BATCHES_AHEAD = 2
MAX_GUESSED_CHARS = 4000
MIN_BATCHES_FOR_PROCESSES = 4
"""Batches that are done in this process before starting others pays."""
BULK_GC_THRESHOLD = (50_000, 20, 20)
"""New objects before a look for garbage, of which rows make hardly any. Each look takes time."""
logger = logging.getLogger(__name__)


class WorkerPool:
    """Start processes once there is enough work for them; as a context manager, end them."""

    def __init__(self) -> None:
        self._executor: ProcessPoolExecutor | None = None
        self._batch_count = 0

    def __enter__(self) -> "WorkerPool":
        self._usual_gc_threshold = gc.get_threshold()
        gc.set_threshold(*BULK_GC_THRESHOLD)
        return self

    def __exit__(self, *exception: object) -> None:
        gc.set_threshold(*self._usual_gc_threshold)
        if self._executor is not None:
            self._executor.shutdown(cancel_futures=True)

    @property
    def has_processes(self) -> bool:
        return self._executor is not None

    def prefetch(
        self,
        batches: Iterable[BatchT],
        work: Callable[[list[InputT]], list[ResultT]],
        get_inputs: Callable[[BatchT], list[InputT]],
    ) -> Iterator[tuple[BatchT, list[ResultT]]]:
        """Yield each batch with the result of `work`, in order, while later ones are computed."""
        pending: deque[tuple[BatchT, Future[list[ResultT]]]] = deque()
        for batch in batches:
            pending.append((batch, self._submit(work, get_inputs(batch))))
            if len(pending) > MAX_BATCHES_AHEAD or self._executor is None:
                first, future = pending.popleft()
                yield first, future.result()
        for batch, future in pending:
            yield batch, future.result()

    def _submit(
        self, work: Callable[[list[InputT]], list[ResultT]], inputs: list[InputT]
    ) -> Future[list[ResultT]]:
        self._batch_count += 1
        if self._executor is None and self._batch_count >= MIN_BATCHES_FOR_PROCESSES:
            self._executor = ProcessPoolExecutor(
                os.cpu_count(), get_context("spawn"), _prepare_process
            )
        if self._executor is not None:
            return self._executor.submit(work, inputs)
        future: Future[list[ResultT]] = Future()
        future.set_result(work(inputs))
        return future


def _prepare_process() -> None:
    """Leave Ctrl-C to the process that imports, which ends the others."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.set_threshold(*BULK_GC_THRESHOLD)


def clean_rows(rows: list[Row]) -> list[CleanedBody | None]:
    """Clean the body of each row; None where that failed by an error of ours."""
    return [_clean_row(row) for row in rows]


def _clean_row(row: Row) -> CleanedBody | None:
    try:
        return _clean_and_guess(row)
    except Exception:  # one row that fails must not stop the others
        logger.exception("Cleaning row %s failed", row.location)
        return None


def _clean_and_guess(row: Row) -> CleanedBody:
    cleaned = clean_body(row)
    words = " ".join(block for passage in cleaned.passages[:5] for block in passage.blocks[:5])
    cleaned.language_guess = guess_language(f"{row.headline} {words[:MAX_GUESSED_CHARS]}")
    return cleaned


def index_texts(texts: list[str]) -> list[IndexData]:
    return [compute_index_data(text) for text in texts]
