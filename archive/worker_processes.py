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

from archive.cleaning import Cleaned, clean
from archive.readers.row import Row
from statements.search.precomputed import FoundBy, found_by

Batch = TypeVar("Batch")
Given = TypeVar("Given")
Made = TypeVar("Made")
AHEAD = 2
FEW = 4
"""Batches that are done on the spot, before it pays to begin processes."""
log = logging.getLogger(__name__)


class Apart:
    """Begins processes once there is enough for them. As a context: it ends them."""

    def __init__(self) -> None:
        self._pool: ThreadPoolExecutor | None = None  # a thread waits for each process
        self._processes: list[subprocess.Popen[bytes]] = []
        self._of_thread = threading.local()
        self._done = 0

    def __enter__(self) -> "Apart":
        return self

    def __exit__(self, *failure: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
        for process in self._processes:
            process.communicate()

    @property
    def has_many(self) -> bool:
        return self._done >= FEW

    def ahead(
        self,
        batches: Iterable[Batch],
        work: Callable[[list[Given]], list[Made]],
        of: Callable[[Batch], list[Given]],
    ) -> Iterator[tuple[Batch, list[Made]]]:
        """Each batch with what `work` makes of its part, in their order; some are under way."""
        under_way: deque[tuple[Batch, Future[list[Made]]]] = deque()
        for batch in batches:
            under_way.append((batch, self._begun(work, of(batch))))
            if len(under_way) > AHEAD or self._pool is None:
                first, made = under_way.popleft()
                yield first, made.result()
        for last, made in under_way:
            yield last, made.result()

    def _begun(self, work: Callable[[list[Given]], list[Made]], given: list[Given]):
        self._done += 1
        if self._pool is None and self.has_many:
            self._pool = ThreadPoolExecutor(os.cpu_count(), initializer=self._begin)
        if self._pool is not None:
            return self._pool.submit(self._asked, work, given)
        done: Future[list[Made]] = Future()
        done.set_result(work(given))
        return done

    def _begin(self) -> None:
        self._of_thread.process = process = subprocess.Popen(  # noqa: S603 - ourselves
            [sys.executable, "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
        self._processes.append(process)

    def _asked(self, work: Callable[[list[Given]], list[Made]], given: list[Given]) -> list[Made]:
        process = self._of_thread.process
        pickle.dump((work, given), process.stdin, pickle.HIGHEST_PROTOCOL)
        process.stdin.flush()
        made: list[Made] = pickle.load(process.stdout)  # noqa: S301 - of our own process
        return made


def answer() -> None:
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


def cleaned(rows: list[Row]) -> list[Cleaned | None]:
    """None where cleaning failed by a fault of ours, which stops no other row."""
    return [_cleaned(row) for row in rows]


def _cleaned(row: Row) -> Cleaned | None:
    try:
        return clean(row)
    except Exception:
        log.exception("Cleaning %s failed.", row.where)
        return None


def indexed(texts: list[str]) -> list[FoundBy]:
    return [found_by(text) for text in texts]


if __name__ == "__main__":
    answer()
