"""Suggestions written: for one edition on its approval, or for all of them anew."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from django.db import transaction
from django.db.models import QuerySet
from django_tasks import task

from statements import clock
from statements.models import Edition, Gist, Suggestion, WordCount
from statements.notifications import newsdesk
from statements.publicness import ended_by, public_at
from statements.related import term_vectors
from statements.related.finder import Finder, Found
from statements.related.terms import words_of
from statements.related.weighting import Vector, phrases

KEPT = 20
"""Of each edition, so that enough remain when some are withdrawn, blocked or in another tongue."""
BATCH = 100
FRESH = 20
"""So many batches are found by what was known at the first of them."""
MEANWHILE = dt.timedelta(minutes=10)
"""What was approved since, by any clock, a batch may not have seen."""


def ask(edition: Edition) -> None:
    """Let the worker look for what is alike, once this transaction is committed.

    A queue that cannot be written to undoes nothing: `update_related` finds what was missed.
    """
    if not newsdesk.are_silent():
        transaction.on_commit(lambda: look.enqueue(edition.pk), robust=True)


@task()
def look(edition_id: int) -> None:
    at = clock.now()
    edition = term_vectors.live_editions(at=at).filter(pk=edition_id).first()
    if edition is not None:
        suggest(edition, at=at)


def suggest(edition: Edition, *, at: dt.datetime) -> None:
    """Find what is alike for one edition, and suggest it beneath the others too.

    Only rows from and to this edition are added: of what stands between two others nothing moves.
    """
    count = term_vectors.count_in_force(at=at)
    term_vectors.keep_gists([edition], count, term_vectors.rarity_of(count))
    finder = Finder(at=at)
    vector = finder.vectors([edition.pk])[edition.pk]
    found = finder.alike(edition, vector)
    rows = [*_beneath(edition, vector, _best(found), finder)]
    rows += _beneath_others(edition, vector, found, finder)
    _write(rows, at=at)
    Gist.objects.filter(edition=edition).update(suggested=count.pk)


def _best(found: Sequence[Found], most: int = KEPT) -> list[Found]:
    """As many of what is public and of what waits, so that neither takes the other's place."""
    return [
        one
        for is_public in (True, False)
        for one in [other for other in found if other.is_public == is_public][:most]
    ]


def _beneath(
    edition: Edition, vector: Vector, found: Iterable[Found], finder: Finder
) -> Iterator[Suggestion]:
    words = words_of(edition.content)
    others = finder.vectors(one.edition_id for one in found)
    for one in found:
        places = phrases(words, edition.content, vector, others[one.edition_id])
        yield Suggestion(
            edition_id=edition.pk,
            to_id=one.edition_id,
            alike=one.alike,
            places=",".join(f"{start}-{end}" for start, end in places),
        )


def _beneath_others(
    edition: Edition, vector: Vector, found: Sequence[Found], finder: Finder
) -> Iterator[Suggestion]:
    """Where it is among the KEPT best of what is public there."""
    alike = {one.edition_id: one for one in _best(found, 2 * KEPT)}
    better = dict.fromkeys(alike, 0)
    public = Suggestion.objects.filter(public_at(finder.at, "to__"), edition__in=alike)
    for pk, theirs in public.values_list("edition", "alike"):
        better[pk] += theirs > alike[pk].alike
    wanted = [pk for pk in alike if better[pk] < KEPT]
    for other in Edition.objects.filter(pk__in=wanted).only("content"):
        here = Found(edition.pk, alike[other.pk].alike, is_public=False)
        yield from _beneath(other, finder.vectors([other.pk])[other.pk], [here], finder)


def _write(rows: Sequence[Suggestion], *, at: dt.datetime) -> None:
    """Never about what was erased, suppressed or ended while it was being read."""
    involved = {pk for row in rows for pk in (row.edition_id, row.to_id)}
    with transaction.atomic():
        live = term_vectors.live_editions(at=at).filter(pk__in=involved)
        kept = set(live.values_list("pk", flat=True))
        Suggestion.objects.bulk_create(
            [row for row in rows if row.edition_id in kept and row.to_id in kept],
            update_conflicts=True,
            unique_fields=["edition", "to"],
            update_fields=["alike", "places"],
        )


# --- All of them ----------------------------------------------------------------------------------


def suggest_all(*, at: dt.datetime, anew: bool = False) -> Iterator[tuple[str, int, int]]:
    """Bring every suggestion up to date; yields what is being done, how many are, and of how many.

    Where it was stopped it goes on: what is done stands in the rows. Memory does not grow with the
    record.
    """
    count = term_vectors.count_in_force(at=at)
    if anew or term_vectors.is_outdated(count, at=at):
        count = term_vectors.count_words(at=at)
    _forget_what_ended(at=at)
    if count.finished_at is None:
        yield from _read_all(count, at=at)
        yield from _find_all(count, at=at)
        WordCount.objects.filter(pk=count.pk).update(finished_at=at)
        WordCount.objects.filter(pk__lt=count.pk).delete()
    missed = term_vectors.live_editions(at=at).exclude(gist__suggested__gt=0).order_by("pk")
    ids = list(missed.values_list("pk", flat=True))
    for number, pk in enumerate(ids, start=1):
        suggest(Edition.objects.get(pk=pk), at=at)
        yield "new editions compared", number, len(ids)


def _read_all(count: WordCount, *, at: dt.datetime) -> Iterator[tuple[str, int, int]]:
    rarity = term_vectors.rarity_of(count)
    unread = term_vectors.live_editions(at=at).exclude(gist__count=count.pk)
    total, done = unread.count(), 0
    for batch in _batches(unread.only("content")):
        term_vectors.keep_gists(batch, count, rarity)
        done += len(batch)
        yield "editions read", done, total


def _find_all(count: WordCount, *, at: dt.datetime) -> Iterator[tuple[str, int, int]]:
    unfound = term_vectors.live_editions(at=at).exclude(gist__suggested=count.pk)
    total, done = unfound.count(), 0
    finder = Finder(at=at)
    for number, batch in enumerate(_batches(unfound.only("statement_id", "content"))):
        if number % FRESH == 0:
            finder = Finder(at=at)
        _find_anew(batch, finder, count)
        done += len(batch)
        yield "editions compared", done, total


def _find_anew(batch: Sequence[Edition], finder: Finder, count: WordCount) -> None:
    vectors = finder.vectors(edition.pk for edition in batch)
    rows = [
        row
        for edition in batch
        if edition.pk in vectors
        for row in _beneath(
            edition,
            vectors[edition.pk],
            _best(finder.alike(edition, vectors[edition.pk])),
            finder,
        )
    ]
    ids = [edition.pk for edition in batch]
    with transaction.atomic():
        seen = Suggestion.objects.filter(edition__in=ids, to__approved_at__lt=finder.at - MEANWHILE)
        seen.delete()
        _write(rows, at=finder.at)
        Gist.objects.filter(edition__in=ids).update(suggested=count.pk)


def _batches(editions: QuerySet[Edition]) -> Iterator[list[Edition]]:
    """By their numbers, BATCH at a time, whatever is written meanwhile."""
    last = 0
    while batch := list(editions.filter(pk__gt=last).order_by("pk")[:BATCH]):
        yield batch
        last = batch[-1].pk


def _forget_what_ended(*, at: dt.datetime) -> None:
    """What has ended never comes back: a restored edition is another one."""
    while ended := list(Edition.objects.filter(ended_by(at), gist__isnull=False)[:BATCH]):
        term_vectors.forget(ended)
