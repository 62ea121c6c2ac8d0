"""What is alike, found through the words that few editions say, and never by a walk through all."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from heapq import nlargest

from statements.models import Edition, TermPosting, TermVector
from statements.publicness import public_at
from statements.related.term_vectors import (
    MAX_POSTED_TERMS,
    live_editions,
    load_vectors,
    unpack_weights,
)
from statements.related.weighting import Vector, cosine_similarity

MAX_EDITIONS_PER_TERM = 60
"""Of a word that many say, the newest that say it are looked at."""
MAX_COMPARED_EDITIONS = 80
"""Of those, as many as share the most telling words."""
MIN_SIMILARITY_SCORE = 40
"""Of 1000. Below this the words of two editions say nothing of each other."""
MAX_WAITING_EDITIONS = 500
"""Approved editions that wait for their time and are looked at besides, the last ones first."""
MAX_CACHED_VECTORS = 5_000


@dataclass(frozen=True)
class SimilarEdition:
    """An edition that is alike."""

    edition_id: int
    similarity: int
    is_public: bool


class SimilarEditionFinder:
    """Finds what is alike as things stand at one instant; good for a batch of editions."""

    def __init__(self, *, at: dt.datetime) -> None:
        self.at = at
        self._get_newest = lru_cache(maxsize=20_000)(self._load_newest)
        self._vectors: dict[int, Vector] = {}
        self._waiting_by_term = self._load_waiting()

    def find_similar(self, edition: Edition, vector: Vector) -> list[SimilarEdition]:
        """The most alike first: of what is public, and of what waits, COMPARED each.

        What waits takes no place of what is public.
        """
        public, waiting = Counter[int](), Counter[int]()
        for key in list(vector)[:MAX_POSTED_TERMS]:
            for points, rows in (
                (public, self._get_newest(key)),
                (waiting, self._waiting_by_term.get(key, ())),
            ):
                for other, statement, weight in rows:
                    if statement != edition.statement_id:
                        points[other] += vector[key] * weight  # type: ignore[assignment]
        found = [
            *self._compare_candidates(vector, public, True),
            *self._compare_candidates(vector, waiting, False),
        ]
        return sorted(found, key=lambda one: (-one.similarity, -one.edition_id))

    def _compare_candidates(
        self, vector: Vector, points: Counter[int], is_public: bool
    ) -> Iterable[SimilarEdition]:
        best = nlargest(MAX_COMPARED_EDITIONS, points, key=lambda pk: (points[pk], pk))
        for pk, other in self.get_vectors(best).items():
            alike = cosine_similarity(vector, other)
            if alike >= MIN_SIMILARITY_SCORE:
                yield SimilarEdition(pk, alike, is_public)

    def get_vectors(self, ids: Iterable[int]) -> dict[int, Vector]:
        ids = list(ids)
        if len(self._vectors) > MAX_CACHED_VECTORS:
            self._vectors.clear()
        self._vectors |= dict(load_vectors(pk for pk in ids if pk not in self._vectors))
        return {pk: self._vectors[pk] for pk in ids if pk in self._vectors}

    def _load_newest(self, key: int) -> list[tuple[int, int, float]]:
        # Joined, and not through public_editions(): a planner would begin with what is public.
        rows = (
            TermPosting.objects.filter(public_at(self.at, "edition__"), key=key)
            .order_by("-edition_id")
            .values_list("edition_id", "edition__statement_id", "weight")
        )
        return list(rows[:MAX_EDITIONS_PER_TERM])

    def _load_waiting(self) -> dict[int, list[tuple[int, int, float]]]:
        rows = (
            TermVector.objects.filter(edition__in=_list_waiting_ids(at=self.at))
            .order_by("-edition")
            .values_list("edition", "edition__statement", "keys", "weights")
        )
        by_word: dict[int, list[tuple[int, int, float]]] = defaultdict(list)
        for edition, statement, keys, weights in rows:
            for key, weight in list(unpack_weights(keys, weights).items())[:MAX_POSTED_TERMS]:
                by_word[key].append((edition, statement, weight))
        return by_word


def _list_waiting_ids(*, at: dt.datetime) -> list[int]:
    waiting = Edition.objects.not_yet_public(at) & live_editions(at=at)
    return list(waiting.order_by("-pk").values_list("pk", flat=True)[:MAX_WAITING_EDITIONS])
