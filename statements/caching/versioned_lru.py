"""Hold values until the public record changes: pages, and data that many pages share."""

import datetime as dt
import threading
from collections.abc import Callable, Hashable
from contextlib import suppress
from typing import Any, Generic, TypeVar

from cachetools import LRUCache

from statements.caching.version import version_at

ValueT = TypeVar("ValueT")
_instances: list["VersionedLRU[Any]"] = []


class VersionedLRU(Generic[ValueT]):
    """Keep the values of one cache version, dropping the least recently used. Thread-safe.

    A value of another version empties the cache, since an old version never comes back.
    `max_size` is read at that moment, so that settings can change in tests.
    """

    def __init__(
        self, max_size: Callable[[], int], getsizeof: Callable[[ValueT], int] | None = None
    ) -> None:
        self._max_size, self._getsizeof = max_size, getsizeof
        self._lock = threading.Lock()
        self._start(None)
        _instances.append(self)

    def _start(self, version: Hashable) -> None:
        self._version = version
        self._values: LRUCache[Hashable, ValueT] = LRUCache(self._max_size(), self._getsizeof)

    def get(self, version: Hashable, key: Hashable) -> ValueT | None:
        with self._lock:
            return None if version is None or version != self._version else self._values.get(key)

    def set(self, version: Hashable, key: Hashable, value: ValueT) -> None:
        """Store a value; nothing happens where the version is None."""
        if version is None:
            return
        with self._lock:
            if version != self._version:
                self._start(version)
            with suppress(ValueError):  # it is larger than the whole cache
                self._values[key] = value

    def get_or_make(self, key: Hashable, make: Callable[[], ValueT], *, at: dt.datetime) -> ValueT:
        """Return the value of the version at this instant, making and storing it if needed.

        None is never stored, so that requests for things that do not exist push nothing out.
        """
        version = version_at(at)
        value = self.get(version, key)
        if value is None:
            value = make()
            if value is not None:
                self.set(version, key, value)
        return value

    def keys(self) -> list[Hashable]:
        """Return the keys of the values held, the least recently stored first."""
        with self._lock:
            return list(self._values)

    def clear(self) -> None:
        with self._lock:
            self._start(None)


def clear_all() -> None:
    """Empty every cache of this process: for tests, whose rollbacks no cache version shows."""
    for cache in _instances:
        cache.clear()
