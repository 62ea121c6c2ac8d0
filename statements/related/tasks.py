"""Store suggestions: for one edition at its approval, or for all editions."""

import datetime as dt
from collections.abc import Iterator, Sequence

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
"""Enough that some remain when others are withdrawn, blocked or in another language."""
BATCH_EDITIONS = 100
BATCHES_PER_FINDER = 20
"""A finder does not see what was approved after its first batch."""
APPROVAL_GRACE_PERIOD = dt.timedelta(minutes=10)
"""A batch may miss editions that were approved since, or just before by another clock."""


def enqueue_find_related(edition: Edition) -> None:
    """Enqueue the search for similar editions, once this transaction is committed.

    A queue that fails does not undo the approval: `update_related` finds what was missed.
    """
    if not newsdesk.is_muted():
        transaction.on_commit(lambda: find_related.enqueue(edition.pk), robust=True)


@task()
def find_related(edition_id: int) -> None:
    """Find and store what is similar to an edition, if it still may be shown."""
    at = clock.now()
    edition = term_vectors.live_editions(at=at).filter(pk=edition_id).first()
    if edition is not None:
        suggest_for_edition(edition, at=at)


def suggest_for_edition(edition: Edition, *, at: dt.datetime) -> None:
    """Find what is similar to one edition, and suggest the edition for those as well.

    Only rows from and to this edition are added; none between two others changes.
    """
    frequencies = term_vectors.get_document_frequencies(at=at)
    rarity = term_vectors.load_rarity(frequencies)
    term_vectors.save_vectors([edition], frequencies, rarity)
    finder = SimilarEditionFinder(at=at)
    vector = finder.get_vectors([edition.pk])[edition.pk]
    similar = finder.find_similar(edition, vector)
    rows = [*_make_suggestions(edition, vector, _select_best(similar), finder)]
    rows += _make_reverse_suggestions(edition, similar, finder)
    _save_suggestions(rows, at=at)
    TermVector.objects.filter(edition=edition).update(suggested=frequencies.pk)


def _select_best(
    similar: Sequence[SimilarEdition], limit: int = MAX_SUGGESTIONS
) -> list[SimilarEdition]:
    """Return the best public ones and as many scheduled ones: neither takes the other's place."""
    public = [edition for edition in similar if edition.is_public]
    scheduled = [edition for edition in similar if not edition.is_public]
    return public[:limit] + scheduled[:limit]


def _make_suggestions(
    edition: Edition,
    vector: Vector,
    targets: Sequence[SimilarEdition],
    finder: SimilarEditionFinder,
) -> Iterator[Suggestion]:
    terms = find_terms(edition.content)
    vectors = finder.get_vectors(target.edition_id for target in targets)
    for target in targets:
        spans = find_shared_phrases(terms, edition.content, vector, vectors[target.edition_id])
        yield Suggestion(
            edition_id=edition.pk,
            to_id=target.edition_id,
            similarity=target.similarity,
            shared_spans=",".join(f"{start}-{end}" for start, end in spans),
        )


def _make_reverse_suggestions(
    edition: Edition, similar: Sequence[SimilarEdition], finder: SimilarEditionFinder
) -> Iterator[Suggestion]:
    """Suggest the edition where it is among the best of what is public there."""
    best = _select_best(similar, 2 * MAX_SUGGESTIONS)
    similarity = {source.edition_id: source.similarity for source in best}
    better = dict.fromkeys(similarity, 0)
    public = Suggestion.objects.filter(public_at(finder.at, "to__"), edition__in=similarity)
    for pk, existing in public.values_list("edition", "similarity"):
        better[pk] += existing > similarity[pk]
    sources = [pk for pk in similarity if better[pk] < MAX_SUGGESTIONS]
    for source in Edition.objects.filter(pk__in=sources).only("content"):
        target = SimilarEdition(edition.pk, similarity[source.pk], is_public=False)
        vector = finder.get_vectors([source.pk])[source.pk]
        yield from _make_suggestions(source, vector, [target], finder)


def _save_suggestions(rows: Sequence[Suggestion], *, at: dt.datetime) -> None:
    """Save none about an edition that was erased, suppressed or ended while it was compared."""
    involved = {pk for row in rows for pk in (row.edition_id, row.to_id)}
    with transaction.atomic():
        live = term_vectors.live_editions(at=at).filter(pk__in=involved)
        live_ids = set(live.values_list("pk", flat=True))
        Suggestion.objects.bulk_create(
            [row for row in rows if row.edition_id in live_ids and row.to_id in live_ids],
            update_conflicts=True,
            unique_fields=["edition", "to"],
            update_fields=["similarity", "shared_spans"],
        )


# --- All editions ---------------------------------------------------------------------------------


def rebuild_suggestions(
    *, at: dt.datetime, from_scratch: bool = False
) -> Iterator[tuple[str, int, int]]:
    """Bring every suggestion up to date; yield the step, how many are done, and of how many.

    It goes on where it was stopped: the rows say what is done. Memory does not grow with the
    archive.
    """
    frequencies = term_vectors.get_document_frequencies(at=at)
    if from_scratch or term_vectors.is_outdated(frequencies, at=at):
        frequencies = term_vectors.save_document_frequencies(at=at)
    _delete_ended(at=at)
    if frequencies.finished_at is None:
        yield from _rebuild_vectors(frequencies, at=at)
        yield from _compare_all(frequencies, at=at)
        DocumentFrequencies.objects.filter(pk=frequencies.pk).update(finished_at=at)
        DocumentFrequencies.objects.filter(pk__lt=frequencies.pk).delete()
    missed = term_vectors.live_editions(at=at).exclude(gist__suggested__gt=0).order_by("pk")
    ids = list(missed.values_list("pk", flat=True))
    for number, pk in enumerate(ids, start=1):
        suggest_for_edition(Edition.objects.get(pk=pk), at=at)
        yield "new editions compared", number, len(ids)


def _rebuild_vectors(
    frequencies: DocumentFrequencies, *, at: dt.datetime
) -> Iterator[tuple[str, int, int]]:
    rarity = term_vectors.load_rarity(frequencies)
    unprocessed = term_vectors.live_editions(at=at).exclude(gist__count=frequencies.pk)
    total, done = unprocessed.count(), 0
    for batch in _iter_batches(unprocessed.only("content")):
        term_vectors.save_vectors(batch, frequencies, rarity)
        done += len(batch)
        yield "editions read", done, total


def _compare_all(
    frequencies: DocumentFrequencies, *, at: dt.datetime
) -> Iterator[tuple[str, int, int]]:
    uncompared = term_vectors.live_editions(at=at).exclude(gist__suggested=frequencies.pk)
    total, done = uncompared.count(), 0
    finder = SimilarEditionFinder(at=at)
    for number, batch in enumerate(_iter_batches(uncompared.only("statement_id", "content"))):
        if number % BATCHES_PER_FINDER == 0:
            finder = SimilarEditionFinder(at=at)
        _compare_batch(batch, finder, frequencies)
        done += len(batch)
        yield "editions compared", done, total


def _compare_batch(
    batch: Sequence[Edition], finder: SimilarEditionFinder, frequencies: DocumentFrequencies
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
        compared = Suggestion.objects.filter(
            edition__in=ids, to__approved_at__lt=finder.at - APPROVAL_GRACE_PERIOD
        )
        compared.delete()
        _save_suggestions(rows, at=finder.at)
        TermVector.objects.filter(edition__in=ids).update(suggested=frequencies.pk)


def _iter_batches(editions: QuerySet[Edition]) -> Iterator[list[Edition]]:
    """Yield batches by id, which stays correct while other rows are written."""
    last = 0
    while batch := list(editions.filter(pk__gt=last).order_by("pk")[:BATCH_EDITIONS]):
        yield batch
        last = batch[-1].pk


def _delete_ended(*, at: dt.datetime) -> None:
    """Delete what has ended, which never comes back: a restored statement has a new edition."""
    while ended := list(Edition.objects.filter(ended_by(at), gist__isnull=False)[:BATCH_EDITIONS]):
        term_vectors.delete_vectors(ended)
