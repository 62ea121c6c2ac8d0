"""Store the terms that count most for each edition, and the frequencies that weigh them."""

import datetime as dt
import struct
from collections.abc import Iterable, Iterator

from django.db import transaction
from django.db.models import Q, QuerySet

from statements.models import (
    DocumentFrequencies,
    Edition,
    State,
    Suggestion,
    TermPosting,
    TermVector,
)
from statements.publicness import not_ended_by
from statements.published.editions import public_editions
from statements.related.terms import find_terms
from statements.related.weighting import TermRarity, count_document_frequencies, weigh_terms

MAX_COUNTED_EDITIONS = 10_000
"""The newest public editions are enough to know how rare a word is."""
MAX_GROWTH_RATIO = 1.1
"""Words are counted again when there are a tenth more or fewer public editions."""
MAX_POSTED_TERMS = 16
"""The terms by which an edition is found; the others only serve to compare it."""
MAX_TERM_WEIGHT = 255

PackedNumbers = bytes | memoryview
"""Numbers in a column; PostgreSQL returns a view."""


def live_editions(*, at: dt.datetime) -> QuerySet[Edition]:
    """Return the approved editions that have not ended: public ones and scheduled ones."""
    return Edition.objects.filter(
        not_ended_by(at), state=State.APPROVED, erased_at=None, suppressed_at=None
    )


# --- Document frequencies -------------------------------------------------------------------------


def get_document_frequencies(*, at: dt.datetime) -> DocumentFrequencies:
    """Return the last frequencies, or count them if there are none."""
    return DocumentFrequencies.objects.order_by("-pk").first() or save_document_frequencies(at=at)


def save_document_frequencies(*, at: dt.datetime) -> DocumentFrequencies:
    """Count the terms of what is public now, and of nothing else."""
    public = public_editions(at=at)
    newest = public.order_by("-first_release_at", "-statement_id")[:MAX_COUNTED_EDITIONS]
    contents = newest.values_list("content", flat=True).iterator(chunk_size=200)
    rarity = count_document_frequencies(find_terms(content) for content in contents)
    keys = sorted(rarity.editions_with_term)
    return DocumentFrequencies.objects.create(
        made_at=at,
        public=public.count(),
        editions=rarity.editions,
        keys=pack_numbers(keys),
        counts=pack_numbers([rarity.editions_with_term[key] for key in keys]),
    )


def delete_frequencies() -> None:
    """Delete every count: with the words of an erased edition in it, it would confirm a guess.

    The next edition that is compared, and the nightly command, count again.
    """
    DocumentFrequencies.objects.all().delete()


def is_outdated(frequencies: DocumentFrequencies, *, at: dt.datetime) -> bool:
    """Tell whether there is much more or less to count, or something counted was removed."""
    public = public_editions(at=at).count()
    if not frequencies.public / MAX_GROWTH_RATIO <= public <= frequencies.public * MAX_GROWTH_RATIO:
        return True
    since = Q(erased_at__gte=frequencies.made_at) | Q(suppressed_at__gte=frequencies.made_at)
    return Edition.objects.filter(since).exists()


def load_rarity(frequencies: DocumentFrequencies) -> TermRarity:
    """Return how rare each term is by these frequencies."""
    keys, counts = unpack_numbers(frequencies.keys), unpack_numbers(frequencies.counts)
    return TermRarity(frequencies.editions, dict(zip(keys, counts, strict=True)))


# --- Vectors --------------------------------------------------------------------------------------


def save_vectors(
    editions: Iterable[Edition], frequencies: DocumentFrequencies, rarity: TermRarity
) -> None:
    """Store the vector of each edition in place of the one it had."""
    vectors, postings = [], []
    for edition in editions:
        weighed = weigh_terms(find_terms(edition.content), rarity)
        weights = {key: round(weight * MAX_TERM_WEIGHT) for key, weight in weighed.items()}
        vectors.append(
            TermVector(
                edition=edition,
                keys=pack_numbers(weights),
                weights=bytes(weights.values()),
                count=frequencies.pk,
            )
        )
        postings += [
            TermPosting(edition=edition, key=key, weight=weights[key])
            for key in list(weights)[:MAX_POSTED_TERMS]
        ]
    with transaction.atomic():
        _delete_terms([vector.edition_id for vector in vectors])
        TermVector.objects.bulk_create(vectors)
        TermPosting.objects.bulk_create(postings)


def delete_vectors(editions: Iterable[Edition]) -> None:
    """Delete what is stored about these editions, and the suggestions from and to them."""
    ids = [edition.pk for edition in editions]
    _delete_terms(ids)
    Suggestion.objects.filter(edition__in=ids).delete()
    Suggestion.objects.filter(to__in=ids).delete()


def _delete_terms(ids: list[int]) -> None:
    """Delete by the terms of each edition: no index has the edition alone."""
    keys_by_edition = dict(
        TermVector.objects.filter(edition__in=ids).values_list("edition", "keys")
    )
    keys = {
        key
        for packed in keys_by_edition.values()
        for key in unpack_numbers(packed)[:MAX_POSTED_TERMS]
    }
    TermPosting.objects.filter(key__in=keys, edition__in=keys_by_edition).delete()
    TermVector.objects.filter(edition__in=keys_by_edition).delete()


def load_vectors(ids: Iterable[int]) -> Iterator[tuple[int, dict[int, float]]]:
    """Yield each edition id with its terms and their weights, the heaviest first."""
    rows = TermVector.objects.filter(edition__in=list(ids)).values_list(
        "edition", "keys", "weights"
    )
    for edition, keys, weights in rows:
        yield edition, unpack_weights(keys, weights)


def unpack_weights(keys: PackedNumbers, weights: PackedNumbers) -> dict[int, float]:
    """Return the weight of each term, from 0 to 1."""
    numbers = zip(unpack_numbers(keys), bytes(weights), strict=True)
    return {key: weight / MAX_TERM_WEIGHT for key, weight in numbers}


def pack_numbers(numbers: Iterable[int]) -> bytes:
    """Pack numbers for a column."""
    numbers = list(numbers)
    return struct.pack(f"<{len(numbers)}i", *numbers)


def unpack_numbers(packed_numbers: PackedNumbers) -> tuple[int, ...]:
    """Unpack the numbers of a column."""
    data = bytes(packed_numbers)
    return struct.unpack(f"<{len(data) // 4}i", data)
