"""The work that needs no database, in processes of its own, a few batches ahead of what does.

Nothing here knows of Django, so that such a process begins at once and holds no connection. It is
`python -m archive.worker_processes`, and neither a fork, which would take the connection along,
nor spawned,
which would run whatever script began the import once more.
"""

import logging
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from archive.cleaning import CleanedBody, clean_body
from archive.readers.row import Row
from statements.search.precomputed import IndexData, compute_index_data

BatchT = TypeVar("BatchT")
InputT = TypeVar("InputT")
ResultT = TypeVar("ResultT")
MAX_BATCHES_AHEAD = 2
MIN_BATCHES_FOR_PROCESSES = 4
"""Batches that are done on the spot, before it pays to begin processes."""
log = logging.getLogger(__name__)


class WorkerPool:
    """Begins processes once there is enough for them. As a context: it ends them."""

    def __init__(self) -> None:
        self._pool: ThreadPoolExecutor | None = None  # a thread waits for each process
        self._processes: list[subprocess.Popen[bytes]] = []
        self._thread_local = threading.local()
        self._batch_count = 0

    def __enter__(self) -> "WorkerPool":
        return self

    def __exit__(self, *failure: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
        for process in self._processes:
            process.communicate()

    @property
    def has_enough_batches(self) -> bool:
        return self._batch_count >= MIN_BATCHES_FOR_PROCESSES

    def prefetch(
        self,
        batches: Iterable[BatchT],
        work: Callable[[list[InputT]], list[ResultT]],
        of: Callable[[BatchT], list[InputT]],
    ) -> Iterator[tuple[BatchT, list[ResultT]]]:
        """Each batch with what `work` makes of its part, in their order; some are under way."""
        under_way: deque[tuple[BatchT, Future[list[ResultT]]]] = deque()
        for batch in batches:
            under_way.append((batch, self._submit(work, of(batch))))
            if len(under_way) > MAX_BATCHES_AHEAD or self._pool is None:
                first, made = under_way.popleft()
                yield first, made.result()
        for last, made in under_way:
            yield last, made.result()

    def _submit(self, work: Callable[[list[InputT]], list[ResultT]], given: list[InputT]):
        self._batch_count += 1
        if self._pool is None and self.has_enough_batches:
            self._pool = ThreadPoolExecutor(os.cpu_count(), initializer=self._start_process)
        if self._pool is not None:
            return self._pool.submit(self._run_in_process, work, given)
        done: Future[list[ResultT]] = Future()
        done.set_result(work(given))
        return done

    def _start_process(self) -> None:
        self._thread_local.process = process = subprocess.Popen(  # noqa: S603 - ourselves
            [sys.executable, "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
        self._processes.append(process)

    def _run_in_process(
        self, work: Callable[[list[InputT]], list[ResultT]], given: list[InputT]
    ) -> list[ResultT]:
        process = self._thread_local.process
        pickle.dump((work, given), process.stdin, pickle.HIGHEST_PROTOCOL)
        process.stdin.flush()
        made: list[ResultT] = pickle.load(process.stdout)  # noqa: S301 - of our own process
        return made


def run_worker() -> None:
    """What a process of its own does: work after work, until nobody is there any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever began it ends it
    asked, told = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr
    while True:
        try:
            work, given = pickle.load(asked)  # noqa: S301 - of whoever began us
        except EOFError:
            return
        pickle.dump(work(given), told, pickle.HIGHEST_PROTOCOL)
        told.flush()


def clean_rows(rows: list[Row]) -> list[CleanedBody | None]:
    """None where cleaning failed by a fault of ours, which stops no other row."""
    return [_clean_row(row) for row in rows]


def _clean_row(row: Row) -> CleanedBody | None:
    try:
        return clean_body(row)
    except Exception:
        log.exception("Cleaning %s failed.", row.location)
        return None


def index_texts(texts: list[str]) -> list[IndexData]:
    return [compute_index_data(text) for text in texts]


if __name__ == "__main__":
    run_worker()
