"""Run batches in one process for each core, each with its own database connection.

Processes are spawned and not forked: a fork copies locks that other threads hold, and waits for
them for ever. So nothing here imports a model before `_initialise_process` has set up Django.
"""

import os
import pickle
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from typing import Any

import django
from django.conf import settings
from django.db import connections

_write: Callable[[range], int] = len  # set in each process


def run_on_all_cores(write: Callable[[range], int], batches: Iterator[range]) -> Iterator[int]:
    """Yield what `write` returns for each batch, in order, while a few later ones run.

    `write` and everything it refers to is pickled once for each process.
    """
    cores = os.cpu_count() or 1
    database, key_file = connections["default"].settings_dict, settings.SIGNING_KEY_FILE
    arguments = (database, key_file, pickle.dumps(write))
    with ProcessPoolExecutor(cores, get_context("spawn"), _initialise_process, arguments) as pool:
        pending: deque[Future[int]] = deque()
        pending.extend(pool.submit(_write_batch, batch) for batch in islice(batches, 2 * cores))
        while pending:
            yield pending.popleft().result()
            pending.extend(pool.submit(_write_batch, batch) for batch in islice(batches, 1))


def _initialise_process(database: dict[str, Any], key_file: str, write: bytes) -> None:
    global _write  # pickling it with every batch would be slow
    django.setup()
    connections["default"].settings_dict.update(database)  # a test has another database
    settings.SIGNING_KEY_FILE = key_file  # and another key
    _write = pickle.loads(write)


def _write_batch(numbers: range) -> int:
    return _write(numbers)
