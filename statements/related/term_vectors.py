"""The most telling words of each edition, kept as numbers; the count that they are weighed by."""

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
"""So many of the newest public editions tell well enough how rare a word is."""
MAX_GROWTH_RATIO = 1.1
"""Words are counted anew once there is a tenth more, or a tenth less, to count."""
MAX_POSTED_TERMS = 16
"""By so many of its most telling words an edition is found; the others only compare."""
MAX_TERM_WEIGHT = 255

PackedNumbers = bytes | memoryview
"""Numbers in a column; PostgreSQL gives a view of them."""


def live_editions(*, at: dt.datetime) -> QuerySet[Edition]:
    """Approved and not ended: what is public, and what may become so."""
    return Edition.objects.filter(
        not_ended_by(at), state=State.APPROVED, erased_at=None, suppressed_at=None
    )


# --- How rare each word is ------------------------------------------------------------------------


def get_document_frequencies(*, at: dt.datetime) -> DocumentFrequencies:
    return DocumentFrequencies.objects.order_by("-pk").first() or save_document_frequencies(at=at)


def save_document_frequencies(*, at: dt.datetime) -> DocumentFrequencies:
    """Count them in what is public now, and in nothing else."""
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


def is_outdated(count: DocumentFrequencies, *, at: dt.datetime) -> bool:
    """Whether there is much more or less to count, or something that was counted was taken away."""
    public = public_editions(at=at).count()
    if not count.public / MAX_GROWTH_RATIO <= public <= count.public * MAX_GROWTH_RATIO:
        return True
    since = Q(erased_at__gte=count.made_at) | Q(suppressed_at__gte=count.made_at)
    return Edition.objects.filter(since).exists()


def load_rarity(count: DocumentFrequencies) -> TermRarity:
    with_word = zip(unpack_numbers(count.keys), unpack_numbers(count.counts), strict=True)
    return TermRarity(count.editions, dict(with_word))


# --- Gists ----------------------------------------------------------------------------------------


def save_vectors(
    editions: Iterable[Edition], count: DocumentFrequencies, rarity: TermRarity
) -> None:
    """Write the gist of each, in place of the one it had."""
    gists, posted = [], []
    for edition in editions:
        weighed = weigh_terms(find_terms(edition.content), rarity)
        numbers = {key: round(weight * MAX_TERM_WEIGHT) for key, weight in weighed.items()}
        gists.append(
            TermVector(
                edition=edition,
                keys=pack_numbers(numbers),
                weights=bytes(numbers.values()),
                count=count.pk,
            )
        )
        posted += [
            TermPosting(edition=edition, key=key, weight=numbers[key])
            for key in list(numbers)[:MAX_POSTED_TERMS]
        ]
    with transaction.atomic():
        _delete_terms([gist.edition_id for gist in gists])
        TermVector.objects.bulk_create(gists)
        TermPosting.objects.bulk_create(posted)


def delete_vectors(editions: Iterable[Edition]) -> None:
    """Keep nothing of what these say, nor of what others have in common with them."""
    ids = [edition.pk for edition in editions]
    _delete_terms(ids)
    Suggestion.objects.filter(edition__in=ids).delete()
    Suggestion.objects.filter(to__in=ids).delete()


def _delete_terms(ids: list[int]) -> None:
    """By the words that each was posted under: there is no index by the edition alone."""
    gists = dict(TermVector.objects.filter(edition__in=ids).values_list("edition", "keys"))
    keys = {key for blob in gists.values() for key in unpack_numbers(blob)[:MAX_POSTED_TERMS]}
    TermPosting.objects.filter(key__in=keys, edition__in=gists).delete()
    TermVector.objects.filter(edition__in=gists).delete()


def load_vectors(ids: Iterable[int]) -> Iterator[tuple[int, dict[int, float]]]:
    """Edition → its most telling words with their weights, the heaviest first."""
    rows = TermVector.objects.filter(edition__in=list(ids)).values_list(
        "edition", "keys", "weights"
    )
    for edition, keys, weights in rows:
        yield edition, unpack_weights(keys, weights)


def unpack_weights(keys: PackedNumbers, weights: PackedNumbers) -> dict[int, float]:
    numbers = zip(unpack_numbers(keys), bytes(weights), strict=True)
    return {key: weight / MAX_TERM_WEIGHT for key, weight in numbers}


def pack_numbers(numbers: Iterable[int]) -> bytes:
    numbers = list(numbers)
    return struct.pack(f"<{len(numbers)}i", *numbers)


def unpack_numbers(packed_numbers: PackedNumbers) -> tuple[int, ...]:
    data = bytes(packed_numbers)
    return struct.unpack(f"<{len(data) // 4}i", data)
