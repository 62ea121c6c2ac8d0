"""Look up which readable editions contain a quotation, and whether they are still current.

The fingerprint index says where to look; the text itself decides.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from django.db.models.query import QuerySet

from statements.models import Edition
from statements.publicness import listed_before
from statements.published.editions import (
    PUBLIC_FIELDS,
    Notice,
    load_withdrawn_statement,
    past_editions,
    public_editions,
    withdrawn_editions,
)
from statements.published.statement_context import Release, load_releases
from statements.quotations.fingerprint_index import editions_with_all, editions_with_some
from statements.quotations.input import QuoteCandidate
from statements.quotations.matching import QuoteMatch, find_quote
from statements.quotations.nearest import NearestPassage, find_nearest

MAX_HITS_SHOWN = 5
MAX_EDITIONS_COMPARED = 8  # editions that are searched for the nearest passage
BATCH_SIZE = 12


@dataclass(frozen=True)
class ReadableEdition:
    """An edition that may be read now: current, earlier, or withdrawn with a notice."""

    edition: Edition
    is_current: bool


@dataclass(frozen=True)
class QuoteHit:
    """Where the words were found, and the later history of the statement.

    `notice` is set if the statement is withdrawn now, even if the words are in an earlier edition.
    """

    readable: ReadableEdition
    match: QuoteMatch
    releases: Sequence[Release] = ()
    notice: Notice | None = None


@dataclass(frozen=True)
class LookupResult:
    """The interpretation that was looked up, and its hits.

    `is_sure` is False if nothing was found, and more editions share its phrases than can be read.
    """

    candidate: QuoteCandidate
    hits: Sequence[QuoteHit] = ()
    has_more: bool = False
    nearest: tuple[QuoteHit, NearestPassage] | None = None
    is_sure: bool = True


def oldest_release(*, at: dt.datetime) -> dt.datetime | None:
    """Return the release time of the oldest public statement, in one step along an index."""
    return (
        public_editions(at=at)
        .filter(listed_before(at))
        .order_by("first_release_at", "statement_id")
        .values_list("first_release_at", flat=True)
        .first()
    )


def look_up(candidates: Sequence[QuoteCandidate], *, at: dt.datetime) -> LookupResult:
    """Return the first interpretation that is one quotation; else scattered or nearest words.

    Queries for each interpretation: one to the fingerprint index and four for the editions, twice
    as many with omissions. One more loads all releases of the hits.
    """
    is_sure, scattered = True, None
    for candidate in candidates:
        for prints in candidate.iter_fingerprints():
            ids, are_all = editions_with_all(prints, at=at)
            hits = _find_hits(candidate, ids, at)
            if any(hit.match.is_one_quotation for hit in hits):
                return _build_result(candidate, hits, at)
            if hits and scattered is None:
                scattered = candidate, hits
            is_sure = is_sure and are_all
    if scattered:
        return _build_result(*scattered, at)
    # The last interpretation has least text of other people in it.
    candidate = candidates[-1]
    if not is_sure:  # the nearest passage would be shown as a "no"
        return LookupResult(candidate, is_sure=False)
    return LookupResult(candidate, nearest=_find_nearest(candidate, at))


def _build_result(candidate: QuoteCandidate, hits: list[QuoteHit], at: dt.datetime) -> LookupResult:
    shown = _with_history(hits[:MAX_HITS_SHOWN], at)
    return LookupResult(candidate, shown, has_more=len(hits) > MAX_HITS_SHOWN)


def _find_hits(candidate: QuoteCandidate, ids: Sequence[int], at: dt.datetime) -> list[QuoteHit]:
    hits: list[QuoteHit] = []
    statement_ids: set[int] = set()
    for readable in _iterate_readable(ids, at):
        edition = readable.edition
        if edition.statement_id not in statement_ids and (
            match := find_quote(edition.content_data, candidate.keys)
        ):
            statement_ids.add(edition.statement_id)
            hits.append(QuoteHit(readable, match))
        if len(hits) > MAX_HITS_SHOWN:
            break
    return hits


def _iterate_readable(ids: Sequence[int], at: dt.datetime) -> Iterator[ReadableEdition]:
    """Yield those that may be read now, in this order. In batches: the first are often enough."""
    for start in range(0, len(ids), BATCH_SIZE):
        batch = ids[start : start + BATCH_SIZE]
        editions = {readable.edition.pk: readable for readable in _load_readable(batch, at)}
        yield from (editions[pk] for pk in batch if pk in editions)


def _load_readable(ids: Sequence[int], at: dt.datetime) -> list[ReadableEdition]:
    current = _filter_by_ids(public_editions(at=at), ids)
    editions = [ReadableEdition(edition, is_current=True) for edition in current]
    rest = set(ids) - {readable.edition.pk for readable in editions}
    if rest:
        for queryset in (past_editions(at=at), withdrawn_editions(at=at)):
            editions += [
                ReadableEdition(edition, is_current=False)
                for edition in _filter_by_ids(queryset, rest)
            ]
    return editions


def _filter_by_ids(editions: QuerySet[Edition], ids: Iterable[int]) -> QuerySet[Edition]:
    return editions.filter(pk__in=list(ids)).only(*PUBLIC_FIELDS)


def _with_history(hits: Sequence[QuoteHit], at: dt.datetime) -> list[QuoteHit]:
    releases = load_releases([hit.readable.edition for hit in hits], at=at)
    return [
        replace(
            hit,
            releases=releases[hit.readable.edition.pk],
            notice=None if hit.readable.is_current else _load_notice(hit.readable.edition, at),
        )
        for hit in hits
    ]


def _load_notice(edition: Edition, at: dt.datetime) -> Notice | None:
    withdrawn = load_withdrawn_statement(edition.slug, at=at)
    return withdrawn.notice if withdrawn else None


def _find_nearest(
    candidate: QuoteCandidate, at: dt.datetime
) -> tuple[QuoteHit, NearestPassage] | None:
    [*_, prints] = candidate.iter_fingerprints()
    counts = editions_with_some(prints, at=at)
    likely = sorted(counts, key=lambda pk: (counts[pk], pk), reverse=True)
    compared = [
        (readable, passage)
        for readable in islice(_iterate_readable(likely, at), MAX_EDITIONS_COMPARED)
        if (passage := find_nearest(readable.edition.content_data, candidate.text))
    ]
    if not compared:
        return None
    readable, passage = max(compared, key=lambda pair: (pair[1].similarity, pair[0].is_current))
    [hit] = _with_history([QuoteHit(readable, QuoteMatch([]))], at)
    return hit, passage
