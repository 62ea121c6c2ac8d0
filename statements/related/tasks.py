"""Suggestions written: for one edition on its approval, or for all of them anew."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from django.db import transaction
from django.db.models import QuerySet
from django_tasks import task

from statements import clock
from statements.models import DocumentFrequencies, Edition, Suggestion, TermVector
from statements.notifications import newsdesk
from statements.publicness import ended_by, public_at
from statements.related import term_vectors
from statements.related.finder import SimilarEdition, SimilarEditionFinder
from statements.related.terms import find_terms
from statements.related.weighting import Vector, find_shared_phrases

MAX_SUGGESTIONS = 20
"""Of each edition, so that enough remain when some are withdrawn, blocked or in another tongue."""
BATCH_EDITIONS = 100
BATCHES_PER_FINDER = 20
"""So many batches are found by what was known at the first of them."""
APPROVAL_GRACE_PERIOD = dt.timedelta(minutes=10)
"""What was approved since, by any clock, a batch may not have seen."""


def enqueue_find_related(edition: Edition) -> None:
    """Let the worker look for what is alike, once this transaction is committed.

    A queue that cannot be written to undoes nothing: `update_related` finds what was missed.
    """
    if not newsdesk.is_muted():
        transaction.on_commit(lambda: find_related.enqueue(edition.pk), robust=True)


@task()
def find_related(edition_id: int) -> None:
    at = clock.now()
    edition = term_vectors.live_editions(at=at).filter(pk=edition_id).first()
    if edition is not None:
        suggest_for_edition(edition, at=at)


def suggest_for_edition(edition: Edition, *, at: dt.datetime) -> None:
    """Find what is alike for one edition, and suggest it beneath the others too.

    Only rows from and to this edition are added: of what stands between two others nothing moves.
    """
    count = term_vectors.get_document_frequencies(at=at)
    term_vectors.save_vectors([edition], count, term_vectors.load_rarity(count))
    finder = SimilarEditionFinder(at=at)
    vector = finder.get_vectors([edition.pk])[edition.pk]
    found = finder.find_similar(edition, vector)
    rows = [*_make_suggestions(edition, vector, _select_best(found), finder)]
    rows += _make_reverse_suggestions(edition, vector, found, finder)
    _save_suggestions(rows, at=at)
    TermVector.objects.filter(edition=edition).update(suggested=count.pk)


def _select_best(
    found: Sequence[SimilarEdition], most: int = MAX_SUGGESTIONS
) -> list[SimilarEdition]:
    """As many of what is public and of what waits, so that neither takes the other's place."""
    return [
        one
        for is_public in (True, False)
        for one in [other for other in found if other.is_public == is_public][:most]
    ]


def _make_suggestions(
    edition: Edition, vector: Vector, found: Iterable[SimilarEdition], finder: SimilarEditionFinder
) -> Iterator[Suggestion]:
    words = find_terms(edition.content)
    others = finder.get_vectors(one.edition_id for one in found)
    for one in found:
        places = find_shared_phrases(words, edition.content, vector, others[one.edition_id])
        yield Suggestion(
            edition_id=edition.pk,
            to_id=one.edition_id,
            similarity=one.similarity,
            shared_spans=",".join(f"{start}-{end}" for start, end in places),
        )


def _make_reverse_suggestions(
    edition: Edition, vector: Vector, found: Sequence[SimilarEdition], finder: SimilarEditionFinder
) -> Iterator[Suggestion]:
    """Where it is among the KEPT best of what is public there."""
    alike = {one.edition_id: one for one in _select_best(found, 2 * MAX_SUGGESTIONS)}
    better = dict.fromkeys(alike, 0)
    public = Suggestion.objects.filter(public_at(finder.at, "to__"), edition__in=alike)
    for pk, theirs in public.values_list("edition", "similarity"):
        better[pk] += theirs > alike[pk].similarity
    wanted = [pk for pk in alike if better[pk] < MAX_SUGGESTIONS]
    for other in Edition.objects.filter(pk__in=wanted).only("content"):
        here = SimilarEdition(edition.pk, alike[other.pk].similarity, is_public=False)
        yield from _make_suggestions(
            other, finder.get_vectors([other.pk])[other.pk], [here], finder
        )


def _save_suggestions(rows: Sequence[Suggestion], *, at: dt.datetime) -> None:
    """Never about what was erased, suppressed or ended while it was being read."""
    involved = {pk for row in rows for pk in (row.edition_id, row.to_id)}
    with transaction.atomic():
        live = term_vectors.live_editions(at=at).filter(pk__in=involved)
        kept = set(live.values_list("pk", flat=True))
        Suggestion.objects.bulk_create(
            [row for row in rows if row.edition_id in kept and row.to_id in kept],
            update_conflicts=True,
            unique_fields=["edition", "to"],
            update_fields=["similarity", "shared_spans"],
        )


# --- All of them ----------------------------------------------------------------------------------


def rebuild_suggestions(
    *, at: dt.datetime, from_scratch: bool = False
) -> Iterator[tuple[str, int, int]]:
    """Bring every suggestion up to date; yields what is being done, how many are, and of how many.

    Where it was stopped it goes on: what is done stands in the rows. Memory does not grow with the
    record.
    """
    count = term_vectors.get_document_frequencies(at=at)
    if from_scratch or term_vectors.is_outdated(count, at=at):
        count = term_vectors.save_document_frequencies(at=at)
    _delete_ended(at=at)
    if count.finished_at is None:
        yield from _rebuild_vectors(count, at=at)
        yield from _compare_all(count, at=at)
        DocumentFrequencies.objects.filter(pk=count.pk).update(finished_at=at)
        DocumentFrequencies.objects.filter(pk__lt=count.pk).delete()
    missed = term_vectors.live_editions(at=at).exclude(gist__suggested__gt=0).order_by("pk")
    ids = list(missed.values_list("pk", flat=True))
    for number, pk in enumerate(ids, start=1):
        suggest_for_edition(Edition.objects.get(pk=pk), at=at)
        yield "new editions compared", number, len(ids)


def _rebuild_vectors(
    count: DocumentFrequencies, *, at: dt.datetime
) -> Iterator[tuple[str, int, int]]:
    rarity = term_vectors.load_rarity(count)
    unread = term_vectors.live_editions(at=at).exclude(gist__count=count.pk)
    total, done = unread.count(), 0
    for batch in _iter_batches(unread.only("content")):
        term_vectors.save_vectors(batch, count, rarity)
        done += len(batch)
        yield "editions read", done, total


def _compare_all(count: DocumentFrequencies, *, at: dt.datetime) -> Iterator[tuple[str, int, int]]:
    unfound = term_vectors.live_editions(at=at).exclude(gist__suggested=count.pk)
    total, done = unfound.count(), 0
    finder = SimilarEditionFinder(at=at)
    for number, batch in enumerate(_iter_batches(unfound.only("statement_id", "content"))):
        if number % BATCHES_PER_FINDER == 0:
            finder = SimilarEditionFinder(at=at)
        _compare_batch(batch, finder, count)
        done += len(batch)
        yield "editions compared", done, total


def _compare_batch(
    batch: Sequence[Edition], finder: SimilarEditionFinder, count: DocumentFrequencies
) -> None:
    vectors = finder.get_vectors(edition.pk for edition in batch)
    rows = [
        row
        for edition in batch
        if edition.pk in vectors
        for row in _make_suggestions(
            edition,
            vectors[edition.pk],
            _select_best(finder.find_similar(edition, vectors[edition.pk])),
            finder,
        )
    ]
    ids = [edition.pk for edition in batch]
    with transaction.atomic():
        seen = Suggestion.objects.filter(
            edition__in=ids, to__approved_at__lt=finder.at - APPROVAL_GRACE_PERIOD
        )
        seen.delete()
        _save_suggestions(rows, at=finder.at)
        TermVector.objects.filter(edition__in=ids).update(suggested=count.pk)


def _iter_batches(editions: QuerySet[Edition]) -> Iterator[list[Edition]]:
    """By their numbers, BATCH at a time, whatever is written meanwhile."""
    last = 0
    while batch := list(editions.filter(pk__gt=last).order_by("pk")[:BATCH_EDITIONS]):
        yield batch
        last = batch[-1].pk


def _delete_ended(*, at: dt.datetime) -> None:
    """What has ended never comes back: a restored edition is another one."""
    while ended := list(Edition.objects.filter(ended_by(at), gist__isnull=False)[:BATCH_EDITIONS]):
        term_vectors.delete_vectors(ended)
