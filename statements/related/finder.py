"""What is alike, found through the words that few editions say, and never by a walk through all."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from heapq import nlargest

from statements.models import Edition, Gist, GistWord
from statements.publicness import public_at
from statements.related.term_vectors import POSTED, live_editions, vectors, weighed
from statements.related.weighting import Vector, likeness

NEWEST = 60
"""Of a word that many say, the newest that say it are looked at."""
COMPARED = 80
"""Of those, as many as share the most telling words."""
LEAST_ALIKE = 40
"""Of 1000. Below this the words of two editions say nothing of each other."""
WAITING = 500
"""Approved editions that wait for their time and are looked at besides, the last ones first."""
REMEMBERED = 5_000


@dataclass(frozen=True)
class Found:
    """An edition that is alike."""

    edition_id: int
    alike: int
    is_public: bool


class Finder:
    """Finds what is alike as things stand at one instant; good for a batch of editions."""

    def __init__(self, *, at: dt.datetime) -> None:
        self.at = at
        self._newest = lru_cache(maxsize=20_000)(self._ask_newest)
        self._vectors: dict[int, Vector] = {}
        self._waiting = self._all_waiting()

    def alike(self, edition: Edition, vector: Vector) -> list[Found]:
        """The most alike first: of what is public, and of what waits, COMPARED each.

        What waits takes no place of what is public.
        """
        public, waiting = Counter[int](), Counter[int]()
        for key in list(vector)[:POSTED]:
            for points, rows in (
                (public, self._newest(key)),
                (waiting, self._waiting.get(key, ())),
            ):
                for other, statement, weight in rows:
                    if statement != edition.statement_id:
                        points[other] += vector[key] * weight  # type: ignore[assignment]
        found = [*self._compared(vector, public, True), *self._compared(vector, waiting, False)]
        return sorted(found, key=lambda one: (-one.alike, -one.edition_id))

    def _compared(self, vector: Vector, points: Counter[int], is_public: bool) -> Iterable[Found]:
        best = nlargest(COMPARED, points, key=lambda pk: (points[pk], pk))
        for pk, other in self.vectors(best).items():
            alike = likeness(vector, other)
            if alike >= LEAST_ALIKE:
                yield Found(pk, alike, is_public)

    def vectors(self, ids: Iterable[int]) -> dict[int, Vector]:
        ids = list(ids)
        if len(self._vectors) > REMEMBERED:
            self._vectors.clear()
        self._vectors |= dict(vectors(pk for pk in ids if pk not in self._vectors))
        return {pk: self._vectors[pk] for pk in ids if pk in self._vectors}

    def _ask_newest(self, key: int) -> list[tuple[int, int, float]]:
        # Joined, and not through public_editions(): a planner would begin with what is public.
        rows = (
            GistWord.objects.filter(public_at(self.at, "edition__"), key=key)
            .order_by("-edition_id")
            .values_list("edition_id", "edition__statement_id", "weight")
        )
        return list(rows[:NEWEST])

    def _all_waiting(self) -> dict[int, list[tuple[int, int, float]]]:
        rows = (
            Gist.objects.filter(edition__in=_waiting_ids(at=self.at))
            .order_by("-edition")
            .values_list("edition", "edition__statement", "keys", "weights")
        )
        by_word: dict[int, list[tuple[int, int, float]]] = defaultdict(list)
        for edition, statement, keys, weights in rows:
            for key, weight in list(weighed(keys, weights).items())[:POSTED]:
                by_word[key].append((edition, statement, weight))
        return by_word


def _waiting_ids(*, at: dt.datetime) -> list[int]:
    waiting = Edition.objects.not_yet_public(at) & live_editions(at=at)
    return list(waiting.order_by("-pk").values_list("pk", flat=True)[:WAITING])
