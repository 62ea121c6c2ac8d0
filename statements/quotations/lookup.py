"""Whether words stand in an edition that may be read, and whether it still stands.

The index of fingerprints says where to look; the words themselves decide.
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
MAX_EDITIONS_COMPARED = 8  # editions whose words are laid beside those that were asked for
BATCH_SIZE = 12


@dataclass(frozen=True)
class ReadableEdition:
    """An edition that may be read now; not the current one: an earlier one, or under a notice."""

    edition: Edition
    is_current: bool


@dataclass(frozen=True)
class QuoteHit:
    """Where the words stand, and what has happened since; `notice` where the statement stands under
    one now, the words in an earlier edition of it perhaps."""

    readable: ReadableEdition
    match: QuoteMatch
    releases: Sequence[Release] = ()
    notice: Notice | None = None


@dataclass(frozen=True)
class LookupResult:
    """`asked` is the way in which the words were meant; `said` is empty where they stand nowhere.

    `is_sure` False: they are made of words that stand in more editions than can be read at once.
    """

    candidate: QuoteCandidate
    hits: Sequence[QuoteHit] = ()
    has_more: bool = False
    nearest: tuple[QuoteHit, NearestPassage] | None = None
    is_sure: bool = True


def oldest_release(*, at: dt.datetime) -> dt.datetime | None:
    """When the oldest statement that is public now came out; None before the first. One query, one
    step along the index of newest releases from its other end."""
    return (
        public_editions(at=at)
        .filter(listed_before(at))
        .order_by("first_release_at", "statement_id")
        .values_list("first_release_at", flat=True)
        .first()
    )


def look_up(meanings: Sequence[QuoteCandidate], *, at: dt.datetime) -> LookupResult:
    """The first meaning whose words one voice said somewhere; else, one whose words stand there;
    else, what comes nearest.

    Queries: one to the index and four at the door for each meaning, as many again where words were
    left out, and one for all releases of what is shown.
    """
    is_sure, across = True, None
    for asked in meanings:
        for prints in asked.iter_fingerprints():
            ids, are_all = editions_with_all(prints, at=at)
            said = _find_hits(asked, ids, at)
            if any(one.match.is_one_quotation for one in said):
                return _build_result(asked, said, at)
            if said and across is None:
                across = asked, said
            is_sure = is_sure and are_all
    if across:
        return _build_result(*across, at)
    # The last meaning has the fewest words about it that belong to somebody else.
    asked = meanings[-1]
    if not is_sure:  # what is near would be told as a no
        return LookupResult(asked, is_sure=False)
    return LookupResult(asked, nearest=_find_nearest(asked, at))


def _build_result(asked: QuoteCandidate, said: list[QuoteHit], at: dt.datetime) -> LookupResult:
    shown = _with_history(said[:MAX_HITS_SHOWN], at)
    return LookupResult(asked, shown, has_more=len(said) > MAX_HITS_SHOWN)


def _find_hits(asked: QuoteCandidate, ids: Sequence[int], at: dt.datetime) -> list[QuoteHit]:
    """One edition of each statement, newest first; one more than are shown, at most."""
    found: list[QuoteHit] = []
    seen: set[int] = set()
    for standing in _iterate_readable(ids, at):
        statement = standing.edition.statement_id
        if statement not in seen and (
            where := find_quote(standing.edition.content_data, asked.keys)
        ):
            seen.add(statement)
            found.append(QuoteHit(standing, where))
        if len(found) > MAX_HITS_SHOWN:
            break
    return found


def _iterate_readable(ids: Sequence[int], at: dt.datetime) -> Iterator[ReadableEdition]:
    """Those that may be read now, in this order: most often the first ones are enough."""
    for start in range(0, len(ids), BATCH_SIZE):
        some = ids[start : start + BATCH_SIZE]
        readable = {one.edition.pk: one for one in _load_readable(some, at)}
        yield from (readable[pk] for pk in some if pk in readable)


def _load_readable(ids: Sequence[int], at: dt.datetime) -> list[ReadableEdition]:
    found = [ReadableEdition(e, True) for e in _filter_by_ids(public_editions(at=at), ids)]
    rest = set(ids) - {one.edition.pk for one in found}
    if rest:
        found += [ReadableEdition(e, False) for e in _filter_by_ids(past_editions(at=at), rest)]
        found += [
            ReadableEdition(e, False) for e in _filter_by_ids(withdrawn_editions(at=at), rest)
        ]
    return found


def _filter_by_ids(editions: QuerySet[Edition], ids: Iterable[int]) -> QuerySet[Edition]:
    return editions.filter(pk__in=list(ids)).only(*PUBLIC_FIELDS)


def _with_history(said: Sequence[QuoteHit], at: dt.datetime) -> list[QuoteHit]:
    """With every release of their statements so far, and the notices that these stand under."""
    releases = load_releases([one.readable.edition for one in said], at=at)
    return [
        replace(
            one,
            releases=releases[one.readable.edition.pk],
            notice=None if one.readable.is_current else _load_notice(one.readable.edition, at),
        )
        for one in said
    ]


def _load_notice(edition: Edition, at: dt.datetime) -> Notice | None:
    under = load_withdrawn_statement(edition.slug, at=at)
    return under.notice if under else None


def _find_nearest(asked: QuoteCandidate, at: dt.datetime) -> tuple[QuoteHit, NearestPassage] | None:
    """The passage that is most like these words, among the editions that share the most of them."""
    counted = editions_with_some(next(reversed([*asked.iter_fingerprints()])), at=at)
    likely = sorted(counted, key=lambda pk: (counted[pk], pk), reverse=True)
    compared: list[tuple[ReadableEdition, NearestPassage]] = []
    for standing in islice(_iterate_readable(likely, at), MAX_EDITIONS_COMPARED):
        if near := find_nearest(standing.edition.content_data, asked.text):
            compared.append((standing, near))  # noqa: PERF401 - it reads no more than it compares
    if not compared:
        return None
    standing, near = max(compared, key=lambda one: (one[1].similarity, one[0].is_current))
    (said,) = _with_history([QuoteHit(standing, QuoteMatch([]))], at)
    return said, near
