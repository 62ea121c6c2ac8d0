"""The most telling words of each edition, kept as numbers; the count that they are weighed by."""

import datetime as dt
import struct
from collections.abc import Iterable, Iterator

from django.db import transaction
from django.db.models import Q, QuerySet

from statements.models import Edition, Gist, GistWord, State, Suggestion, WordCount
from statements.publicness import not_ended_by
from statements.published.editions import public_editions
from statements.related.terms import words_of
from statements.related.weighting import Rarity, counted, vector

COUNTED = 10_000
"""So many of the newest public editions tell well enough how rare a word is."""
GROWN = 1.1
"""Words are counted anew once there is a tenth more, or a tenth less, to count."""
POSTED = 16
"""By so many of its most telling words an edition is found; the others only compare."""
HEAVIEST = 255

Packed = bytes | memoryview
"""Numbers in a column; PostgreSQL gives a view of them."""


def live_editions(*, at: dt.datetime) -> QuerySet[Edition]:
    """Approved and not ended: what is public, and what may become so."""
    return Edition.objects.filter(
        not_ended_by(at), state=State.APPROVED, erased_at=None, suppressed_at=None
    )


# --- How rare each word is ------------------------------------------------------------------------


def count_in_force(*, at: dt.datetime) -> WordCount:
    return WordCount.objects.order_by("-pk").first() or count_words(at=at)


def count_words(*, at: dt.datetime) -> WordCount:
    """Count them in what is public now, and in nothing else."""
    public = public_editions(at=at)
    newest = public.order_by("-first_release_at", "-statement_id")[:COUNTED]
    contents = newest.values_list("content", flat=True).iterator(chunk_size=200)
    rarity = counted(words_of(content) for content in contents)
    keys = sorted(rarity.with_word)
    return WordCount.objects.create(
        made_at=at,
        public=public.count(),
        editions=rarity.editions,
        keys=packed(keys),
        counts=packed([rarity.with_word[key] for key in keys]),
    )


def is_outdated(count: WordCount, *, at: dt.datetime) -> bool:
    """Whether there is much more or less to count, or something that was counted was taken away."""
    public = public_editions(at=at).count()
    if not count.public / GROWN <= public <= count.public * GROWN:
        return True
    since = Q(erased_at__gte=count.made_at) | Q(suppressed_at__gte=count.made_at)
    return Edition.objects.filter(since).exists()


def rarity_of(count: WordCount) -> Rarity:
    with_word = zip(unpacked(count.keys), unpacked(count.counts), strict=True)
    return Rarity(count.editions, dict(with_word))


# --- Gists ----------------------------------------------------------------------------------------


def keep_gists(editions: Iterable[Edition], count: WordCount, rarity: Rarity) -> None:
    """Write the gist of each, in place of the one it had."""
    gists, posted = [], []
    for edition in editions:
        weighed = vector(words_of(edition.content), rarity)
        numbers = {key: round(weight * HEAVIEST) for key, weight in weighed.items()}
        gists.append(
            Gist(
                edition=edition,
                keys=packed(numbers),
                weights=bytes(numbers.values()),
                count=count.pk,
            )
        )
        posted += [
            GistWord(edition=edition, key=key, weight=numbers[key])
            for key in list(numbers)[:POSTED]
        ]
    with transaction.atomic():
        _take_away([gist.edition_id for gist in gists])
        Gist.objects.bulk_create(gists)
        GistWord.objects.bulk_create(posted)


def forget(editions: Iterable[Edition]) -> None:
    """Keep nothing of what these say, nor of what others have in common with them."""
    ids = [edition.pk for edition in editions]
    _take_away(ids)
    Suggestion.objects.filter(edition__in=ids).delete()
    Suggestion.objects.filter(to__in=ids).delete()


def _take_away(ids: list[int]) -> None:
    """By the words that each was posted under: there is no index by the edition alone."""
    gists = dict(Gist.objects.filter(edition__in=ids).values_list("edition", "keys"))
    keys = {key for blob in gists.values() for key in unpacked(blob)[:POSTED]}
    GistWord.objects.filter(key__in=keys, edition__in=gists).delete()
    Gist.objects.filter(edition__in=gists).delete()


def vectors(ids: Iterable[int]) -> Iterator[tuple[int, dict[int, float]]]:
    """Edition → its most telling words with their weights, the heaviest first."""
    rows = Gist.objects.filter(edition__in=list(ids)).values_list("edition", "keys", "weights")
    for edition, keys, weights in rows:
        yield edition, weighed(keys, weights)


def weighed(keys: Packed, weights: Packed) -> dict[int, float]:
    numbers = zip(unpacked(keys), bytes(weights), strict=True)
    return {key: weight / HEAVIEST for key, weight in numbers}


def packed(numbers: Iterable[int]) -> bytes:
    numbers = list(numbers)
    return struct.pack(f"<{len(numbers)}i", *numbers)


def unpacked(packed_numbers: Packed) -> tuple[int, ...]:
    data = bytes(packed_numbers)
    return struct.unpack(f"<{len(data) // 4}i", data)
