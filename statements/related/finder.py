"""Find similar editions through the words that few have, never by reading all editions."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
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
"""Of the editions that have a word, the newest are considered."""
MAX_COMPARED_EDITIONS = 80
"""Of those, the ones with the most weight in common."""
MIN_SIMILARITY_SCORE = 40
"""Of 1000. Below this a similarity means nothing."""
MAX_WAITING_EDITIONS = 500
"""Approved editions that are not public yet and are considered as well, the newest first."""
MAX_CACHED_VECTORS = 5_000


@dataclass(frozen=True)
class SimilarEdition:
    """An edition that is similar to another one."""

    edition_id: int
    similarity: int
    is_public: bool


class SimilarEditionFinder:
    """Find what is similar at one instant, for a batch of editions."""

    def __init__(self, *, at: dt.datetime) -> None:
        self.at = at
        self._get_newest = lru_cache(maxsize=20_000)(self._load_newest)
        self._vectors: dict[int, Vector] = {}
        self._waiting_by_term = self._load_waiting()

    def find_similar(self, edition: Edition, vector: Vector) -> list[SimilarEdition]:
        """Return the most similar first.

        Public and scheduled editions are compared apart, so that neither takes the place of the
        other.
        """
        public: dict[int, float] = defaultdict(float)
        waiting: dict[int, float] = defaultdict(float)
        for key in list(vector)[:MAX_POSTED_TERMS]:
            for points, rows in (
                (public, self._get_newest(key)),
                (waiting, self._waiting_by_term.get(key, ())),
            ):
                for candidate, statement, weight in rows:
                    if statement != edition.statement_id:
                        points[candidate] += vector[key] * weight
        similar = [
            *self._compare_candidates(vector, public, is_public=True),
            *self._compare_candidates(vector, waiting, is_public=False),
        ]
        return sorted(similar, key=lambda edition: (-edition.similarity, -edition.edition_id))

    def _compare_candidates(
        self, vector: Vector, points: Mapping[int, float], *, is_public: bool
    ) -> Iterable[SimilarEdition]:
        best = nlargest(MAX_COMPARED_EDITIONS, points, key=lambda pk: (points[pk], pk))
        for pk, candidate in self.get_vectors(best).items():
            similarity = cosine_similarity(vector, candidate)
            if similarity >= MIN_SIMILARITY_SCORE:
                yield SimilarEdition(pk, similarity, is_public)

    def get_vectors(self, ids: Iterable[int]) -> dict[int, Vector]:
        """Return the vectors of these editions, as far as they have one."""
        ids = list(ids)
        if len(self._vectors) > MAX_CACHED_VECTORS:
            self._vectors.clear()
        self._vectors |= dict(load_vectors(pk for pk in ids if pk not in self._vectors))
        return {pk: self._vectors[pk] for pk in ids if pk in self._vectors}

    def _load_newest(self, key: int) -> list[tuple[int, int, float]]:
        # Not through public_editions(): the database would start from all that is public.
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
        by_term: dict[int, list[tuple[int, int, float]]] = defaultdict(list)
        for edition, statement, keys, weights in rows:
            for key, weight in list(unpack_weights(keys, weights).items())[:MAX_POSTED_TERMS]:
                by_term[key].append((edition, statement, weight))
        return by_term


def _list_waiting_ids(*, at: dt.datetime) -> list[int]:
    waiting = Edition.objects.not_yet_public(at) & live_editions(at=at)
    return list(waiting.order_by("-pk").values_list("pk", flat=True)[:MAX_WAITING_EDITIONS])
