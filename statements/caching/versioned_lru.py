"""What was made once and is used until the record changes: pages, and what many pages share."""

import datetime as dt
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

from statements.caching.version import version_at

T = TypeVar("T")
_instances: list["VersionedLRU[Any]"] = []


class VersionedLRU(Generic[T]):
    """What was made under one key (of lease.py, or one that never changes), asked for last, up to a
    weight. For threads.

    Each weighs one unless it is said what it weighs.
    """

    def __init__(
        self, max_size: Callable[[], int], getsizeof: Callable[[T], int] = lambda what: 1
    ) -> None:
        self._max_size, self._getsizeof = max_size, getsizeof
        self._lock = threading.Lock()
        self._version: Hashable = None
        self._entries: OrderedDict[Hashable, T] = OrderedDict()
        self._size = 0
        _instances.append(self)

    def get_or_make(self, name: Hashable, make: Callable[[], T], *, at: dt.datetime) -> T:
        """What was made under the key of this instant, or is made now, by questions as at it.

        None is made anew each time: whoever asks for what is not there pushes nothing out.
        """
        key = version_at(at)
        found = self.get(key, name)
        if found is None:
            found = make()
            if found is not None:
                self.set(key, name, found)
        return found

    def get(self, key: Hashable, name: Hashable) -> T | None:
        with self._lock:
            if key is None or key != self._version or name not in self._entries:
                return None
            self._entries.move_to_end(name)
            return self._entries[name]

    def set(self, key: Hashable, name: Hashable, what: T) -> None:
        """Drops all that was kept under another key: what changed once will not come back."""
        if key is None:
            return
        with self._lock:
            if key != self._version:
                self._version, self._size = key, 0
                self._entries.clear()
            if name in self._entries:
                self._size -= self._getsizeof(self._entries.pop(name))
            self._entries[name] = what
            self._size += self._getsizeof(what)
            while self._size > self._max_size():
                self._size -= self._getsizeof(self._entries.popitem(last=False)[1])

    def clear(self) -> None:
        with self._lock:
            self._version, self._size = None, 0
            self._entries.clear()


def clear_all() -> None:
    """Keep nothing of what there is: for tests, whose changes are taken back unseen."""
    for one in _instances:
        one.clear()
