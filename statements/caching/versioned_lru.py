"""What was made once and is used until the record changes: pages, and what many pages share."""

import datetime as dt
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

from statements.caching.version import key_at

What = TypeVar("What")
_every: list["Kept[Any]"] = []


class Kept(Generic[What]):
    """What was made under one key (of lease.py, or one that never changes), asked for last, up to a
    weight. For threads.

    Each weighs one unless it is said what it weighs.
    """

    def __init__(
        self, most: Callable[[], int], weight: Callable[[What], int] = lambda what: 1
    ) -> None:
        self._most, self._weigh = most, weight
        self._lock = threading.Lock()
        self._key: Hashable = None
        self._found: OrderedDict[Hashable, What] = OrderedDict()
        self._weight = 0
        _every.append(self)

    def once(self, name: Hashable, make: Callable[[], What], *, at: dt.datetime) -> What:
        """What was made under the key of this instant, or is made now, by questions as at it.

        None is made anew each time: whoever asks for what is not there pushes nothing out.
        """
        key = key_at(at)
        found = self.find(key, name)
        if found is None:
            found = make()
            if found is not None:
                self.put(key, name, found)
        return found

    def find(self, key: Hashable, name: Hashable) -> What | None:
        with self._lock:
            if key is None or key != self._key or name not in self._found:
                return None
            self._found.move_to_end(name)
            return self._found[name]

    def put(self, key: Hashable, name: Hashable, what: What) -> None:
        """Drops all that was kept under another key: what changed once will not come back."""
        if key is None:
            return
        with self._lock:
            if key != self._key:
                self._key, self._weight = key, 0
                self._found.clear()
            if name in self._found:
                self._weight -= self._weigh(self._found.pop(name))
            self._found[name] = what
            self._weight += self._weigh(what)
            while self._weight > self._most():
                self._weight -= self._weigh(self._found.popitem(last=False)[1])

    def clear(self) -> None:
        with self._lock:
            self._key, self._weight = None, 0
            self._found.clear()


def forget() -> None:
    """Keep nothing of what there is: for tests, whose changes are taken back unseen."""
    for one in _every:
        one.clear()
