"""Store the fingerprints of editions, and find the editions that may contain some words.

What is found is a guess that the text itself must confirm. The database leaves out editions that
were never released; the caller must leave out those that were withdrawn since.
"""

import datetime as dt
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import connection

from statements.models import Edition, Fingerprints
from statements.models.fingerprints import to_fts_tokens
from statements.publicness import released_sql
from statements.quotations.matching import fingerprint_content

MAX_EDITIONS = 120  # returned by one query
MAX_FINGERPRINTS = 32  # taken evenly from all fingerprints of a long text
MAX_SINGLE_LOOKUPS = 10  # fingerprints that are looked up one by one
MAX_RARE_EDITIONS = 300  # a fingerprint with at most this many editions is rare
MIN_COMMON_EDITIONS = 3_000  # a fingerprint with more is too common to look up by the index
MAX_FETCHED_EDITIONS = 600  # each is on a page of its own, and the index knows no dates
MIN_NEWEST_EDITIONS = 20  # enough among the newest ones, so that the rest is not searched
MAX_NEWEST_EDITIONS = 2_000
"""Common words are searched for in this many of the newest editions only."""
STATISTICS_SECONDS = 600

# OFFSET 0 and LIMIT keep the planner from walking all editions, newest first, and checking the
# fingerprints of each. Editions that are not released are left out before the limit: otherwise they
# would take the places of released ones.
_RELEASED = f"{released_sql('e')} AND e.suppressed_at IS NULL AND e.erased_at IS NULL"
_WITH_ALL = f"""
SELECT id FROM (
    SELECT e.id, e.first_release_at, e.statement_id, e.release_at FROM (
        SELECT edition_id FROM statements_fingerprints WHERE prints @> %s::integer[] OFFSET 0
    ) f JOIN statements_edition e ON e.id = f.edition_id
    WHERE {_RELEASED} LIMIT {MAX_FETCHED_EDITIONS}
) e ORDER BY first_release_at DESC, statement_id DESC, release_at DESC LIMIT %s
"""  # noqa: S608 - made of constants
_WITH_SOME = f"""
SELECT e.id FROM (
    SELECT edition_id FROM statements_fingerprints WHERE prints @> %s::integer[] LIMIT 200
) f JOIN statements_edition e ON e.id = f.edition_id WHERE {_RELEASED} LIMIT %s
"""  # noqa: S608 - made of constants
_AMONG_NEWEST = f"""
SELECT e.id FROM (
    SELECT e.id FROM statements_edition e WHERE {_RELEASED}
    ORDER BY e.first_release_at DESC, e.statement_id DESC, e.release_at DESC
    LIMIT {MAX_NEWEST_EDITIONS}
) e CROSS JOIN LATERAL (
    SELECT FROM statements_fingerprints f
    WHERE f.edition_id = e.id AND f.prints @> %s::integer[] OFFSET 0
) f LIMIT %s
"""  # noqa: S608 - made of constants
_STATISTICS = """
SELECT s.most_common_elems::text::integer[], s.most_common_elem_freqs, c.reltuples
FROM pg_stats s JOIN pg_class c ON c.oid = 'statements_fingerprints'::regclass
WHERE s.schemaname = current_schema() AND s.tablename = 'statements_fingerprints'
AND s.attname = 'prints'
"""
# CROSS JOIN, so that FTS5 reads from the newest row down, and stops when there are enough.
_FTS5_MATCH = f"""
SELECT id FROM (
    SELECT e.id, e.first_release_at, e.statement_id, e.release_at
    FROM statements_fingerprints_index i CROSS JOIN statements_edition e ON e.id = i.rowid
    WHERE statements_fingerprints_index MATCH %s AND {_RELEASED} ORDER BY i.rowid DESC LIMIT %s
) ORDER BY first_release_at DESC, statement_id DESC, release_at DESC
"""  # noqa: S608 - made of constants
_FTS5_COUNT = f"""
SELECT count(*) FROM (
    SELECT rowid FROM statements_fingerprints_index
    WHERE statements_fingerprints_index MATCH %s LIMIT {MIN_COMMON_EDITIONS}
)
"""  # noqa: S608 - made of constants


# --- Storing --------------------------------------------------------------------------------------


def store_fingerprints(editions: Iterable[Edition]) -> None:
    """Write the fingerprints of these editions, replacing any that exist."""
    Fingerprints.objects.bulk_create(
        [make_fingerprints(edition) for edition in editions],
        update_conflicts=True,
        unique_fields=["edition"],
        update_fields=["prints"],
    )


def make_fingerprints(edition: Edition) -> Fingerprints:
    """Return the fingerprints of this edition, not saved yet."""
    return Fingerprints(edition=edition, prints=sorted(fingerprint_content(edition.content_data)))


# --- Finding --------------------------------------------------------------------------------------


def editions_with_all(prints: Sequence[int], *, at: dt.datetime) -> tuple[list[int], bool]:
    """Return editions released by then with all of these fingerprints, newest first.

    There are at most MAX_EDITIONS; the second value tells whether these are all.
    """
    frequencies = _rarest_first(prints)
    if not frequencies:
        return [], True
    rarest = [*frequencies]
    if connection.vendor == "sqlite":
        ids = _find_ids(_FTS5_MATCH, rarest, at)
        return ids, len(ids) < MAX_EDITIONS
    if frequencies[rarest[0]] > MAX_RARE_EDITIONS:
        ids = _find_among_newest(rarest, at)
        if len(ids) >= MIN_NEWEST_EDITIONS:
            return ids, False
    ids = _find_ids(_WITH_ALL, rarest, at)
    return ids, len(ids) < MAX_EDITIONS


def editions_with_some(prints: Sequence[int], *, at: dt.datetime) -> Counter[int]:
    """Return editions released by then with some of these fingerprints, and how many at least.

    It looks up the halves and quarters of the text, because a changed word leaves most of them
    whole; then its rare fingerprints one by one. Common ones only find the newest editions.
    """
    frequencies = _rarest_first(prints)
    in_order = [number for number in prints if number in frequencies]
    groups = [tuple(group) for parts in (2, 4) for group in _split_evenly(in_order, parts)]
    rare = [number for number in frequencies if frequencies[number] < MAX_RARE_EDITIONS]
    groups += [(number,) for number in rare[:MAX_SINGLE_LOOKUPS]]
    counts: Counter[int] = Counter()
    for group in dict.fromkeys(groups):
        rarest = sorted(group, key=frequencies.__getitem__)
        if connection.vendor == "sqlite":
            ids = _find_ids(_FTS5_MATCH, rarest, at)
        elif frequencies[rarest[0]] < MIN_COMMON_EDITIONS:
            ids = _find_ids(_WITH_SOME, rarest, at)
        else:
            ids = _find_among_newest(rarest, at)
        for pk in ids:
            counts[pk] += len(group)
    return counts


def _split_evenly(prints: list[int], parts: int) -> Iterator[list[int]]:
    size = max(1, -(-len(prints) // parts))
    for start in range(0, len(prints), size):
        yield prints[start : start + size]


def _find_ids(sql: str, prints: Sequence[int], at: dt.datetime) -> list[int]:
    moment = connection.ops.adapt_datetimefield_value(at)
    needed = to_fts_tokens(prints, " AND ") if connection.vendor == "sqlite" else list(prints)
    return _fetch_column(sql, [needed, moment, MAX_EDITIONS])


def _find_among_newest(prints: Iterable[int], at: dt.datetime) -> list[int]:
    moment = connection.ops.adapt_datetimefield_value(at)
    return _fetch_column(_AMONG_NEWEST, [moment, list(prints), MAX_EDITIONS])


def _fetch_column(sql: str, parameters: list[Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [row[0] for row in cursor.fetchall()]


def _rarest_first(prints: Sequence[int]) -> dict[int, int]:
    """Return fingerprints from all over the text, rarest first, with their number of editions.

    These are at most MAX_FINGERPRINTS. The numbers are estimates or capped, to be cheap.
    """
    step = max(1, len(prints) / MAX_FINGERPRINTS)
    sample = [prints[int(i * step)] for i in range(min(len(prints), MAX_FINGERPRINTS))]
    if connection.vendor == "postgresql":
        known = _statistics.load()
        frequencies = {number: known.get(number, 0) for number in sample}
    else:  # FTS5 stops counting at the limit
        frequencies = {
            number: _fetch_column(_FTS5_COUNT, [to_fts_tokens([number])])[0] for number in sample
        }
    return dict(sorted(frequencies.items(), key=lambda item: item[1]))


class _Statistics:
    """PostgreSQL's own estimate of how many editions have each common fingerprint, cached.

    An exact count would be slow, because GIN cannot stop in the middle of a long list of rows.
    """

    def __init__(self) -> None:
        self._frequencies: dict[int, int] = {}
        self._expires_at = 0.0

    def load(self) -> dict[int, int]:
        if time.monotonic() >= self._expires_at:
            with connection.cursor() as cursor:
                cursor.execute(_STATISTICS)
                prints, shares, rows = cursor.fetchone() or ((), (), 0)
            pairs = zip(prints or (), shares or (), strict=False)  # three shares are about all rows
            self._frequencies = {number: int(share * rows) for number, share in pairs}
            self._expires_at = time.monotonic() + STATISTICS_SECONDS
        return self._frequencies


_statistics = _Statistics()
