"""Batches in processes of their own, one for each core, of which each has its own connection.

Begun anew and not forked: a fork takes along whatever lock another thread holds at that moment, and
waits for it for ever. So nothing here may import a model before `_begin` has set Django up.
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
from django.db import connections

_write: Callable[[range], int] = len  # in a process of its own: what writes a batch


def run_on_all_cores(write: Callable[[range], int], batches: Iterator[range]) -> Iterator[int]:
    """What `write` returns of each batch, in their order; a few at a time are under way.

    `write` and all that it holds is pickled, once for each process.
    """
    cores = os.cpu_count() or 1
    told = (connections["default"].settings_dict, pickle.dumps(write))
    with ProcessPoolExecutor(cores, get_context("spawn"), _initialise_process, told) as pool:
        under_way: deque[Future[int]] = deque()
        under_way.extend(pool.submit(_write_batch, one) for one in islice(batches, 2 * cores))
        while under_way:
            yield under_way.popleft().result()
            under_way.extend(pool.submit(_write_batch, one) for one in islice(batches, 1))


def _initialise_process(database: dict[str, Any], write: bytes) -> None:
    global _write  # how a process is told what no task can carry
    django.setup()
    connections["default"].settings_dict.update(database)  # that of a test, where one runs
    _write = pickle.loads(write)


def _write_batch(numbers: range) -> int:
    return _write(numbers)
