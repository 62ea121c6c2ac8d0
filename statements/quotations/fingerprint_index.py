"""Which released editions may hold a run of words: two questions to the index of fingerprints.

What comes back is a guess that the words themselves must prove. Rows that were never released are
left out by the database, and what is gone by whoever asks next, at the door.
"""

import datetime as dt
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from django.db import connection

from statements.models.fingerprints import to_fts_tokens
from statements.publicness import released_sql

MAX_EDITIONS = 120  # editions of one question
MAX_FINGERPRINTS = 32  # prints, taken evenly from all that a long text has
MAX_SINGLE_LOOKUPS = 10  # prints that are asked for one by one
MAX_RARE_EDITIONS = 300  # editions: a print that so many have is rare
MIN_COMMON_EDITIONS = 3_000  # editions, from which on it says nothing by itself
MAX_FETCHED_EDITIONS = 600  # editions: each lies on a page of its own, and an index knows no dates
MIN_NEWEST_EDITIONS = 20  # editions, of which the newest are shown
MAX_NEWEST_EDITIONS = 2_000
"""Words that stand in many editions are looked for among so many newest first, and in no more."""

# Every word of these sentences stands here; what differs is given to the database apart.
_RELEASED = f"{released_sql('e')} AND e.suppressed_at IS NULL AND e.erased_at IS NULL"
# OFFSET 0 and LIMIT keep the planner from walking every edition there is, newest first, and asking
# each for its prints. What waits for its time is left out before anything is counted off: it would
# else take the place of what was released.
_WITH_ALL = f"""
SELECT id FROM (
    SELECT e.id, e.first_release_at, e.statement_id, e.release_at FROM (
        SELECT edition_id FROM statements_fingerprints WHERE prints @> %s::integer[] OFFSET 0
    ) f JOIN statements_edition e ON e.id = f.edition_id WHERE {_RELEASED} LIMIT {MAX_FETCHED_EDITIONS}
) e ORDER BY first_release_at DESC, statement_id DESC, release_at DESC LIMIT %s
"""  # noqa: S608
_WITH_SOME = f"""
SELECT e.id FROM (
    SELECT edition_id FROM statements_fingerprints WHERE prints @> %s::integer[] LIMIT 200
) f JOIN statements_edition e ON e.id = f.edition_id WHERE {_RELEASED} LIMIT %s
"""  # noqa: S608
_AMONG_NEWEST = f"""
SELECT e.id FROM (
    SELECT e.id FROM statements_edition e WHERE {_RELEASED}
    ORDER BY e.first_release_at DESC, e.statement_id DESC, e.release_at DESC LIMIT {MAX_NEWEST_EDITIONS}
) e CROSS JOIN LATERAL (
    SELECT FROM statements_fingerprints f
    WHERE f.edition_id = e.id AND f.prints @> %s::integer[] OFFSET 0
) f LIMIT %s
"""  # noqa: S608
_STATISTICS = """
SELECT s.most_common_elems::text::integer[], s.most_common_elem_freqs, c.reltuples
FROM pg_stats s JOIN pg_class c ON c.oid = 'statements_fingerprints'::regclass
WHERE s.schemaname = current_schema() AND s.tablename = 'statements_fingerprints'
AND s.attname = 'prints'
"""
# CROSS JOIN: FTS5 walks from the newest row down, and stops when there are enough.
_FTS5_MATCH = f"""
SELECT id FROM (
    SELECT e.id, e.first_release_at, e.statement_id, e.release_at
    FROM statements_fingerprints_index i CROSS JOIN statements_edition e ON e.id = i.rowid
    WHERE statements_fingerprints_index MATCH %s AND {_RELEASED} ORDER BY i.rowid DESC LIMIT %s
) ORDER BY first_release_at DESC, statement_id DESC, release_at DESC
"""  # noqa: S608
_FTS5_COUNT = f"""
SELECT count(*) FROM (
    SELECT rowid FROM statements_fingerprints_index
    WHERE statements_fingerprints_index MATCH %s LIMIT {MIN_COMMON_EDITIONS}
)
"""  # noqa: S608


def editions_with_all(prints: Sequence[int], *, at: dt.datetime) -> tuple[list[int], bool]:
    """Editions released by then that have every one of these prints, newest first, bounded; and
    whether these are all of them."""
    weighed = _rarest_first(prints)
    if not weighed:
        return [], True
    if connection.vendor == "postgresql" and min(weighed.values()) > MAX_RARE_EDITIONS:
        found = _find_among_newest(weighed, at)
        if len(found) >= MIN_NEWEST_EDITIONS:
            return found, False
    found = _find_ids(_FTS5_MATCH if connection.vendor == "sqlite" else _WITH_ALL, [*weighed], at)
    return found, len(found) < MAX_EDITIONS


def editions_with_some(prints: Sequence[int], *, at: dt.datetime) -> Counter[int]:
    """Editions released by then that have some of these prints, with how many at least.

    Asked are the halves and the quarters of the text, which a changed word elsewhere leaves whole,
    and then its rare prints one by one. Of what very many have, the newest do.
    """
    weighed = _rarest_first(prints)
    wanted = [one for one in prints if one in weighed]
    asked = [tuple(group) for pieces in (2, 4) for group in _split_evenly(wanted, pieces)]
    asked += [(one,) for one in weighed if weighed[one] < MAX_RARE_EDITIONS][:MAX_SINGLE_LOOKUPS]
    found: Counter[int] = Counter()
    for group in dict.fromkeys(asked):
        rarest = sorted(group, key=weighed.__getitem__)
        if connection.vendor == "sqlite":
            ids = _find_ids(_FTS5_MATCH, rarest, at)
        elif weighed[rarest[0]] < MIN_COMMON_EDITIONS:
            ids = _find_ids(_WITH_SOME, rarest, at)
        else:
            ids = _find_among_newest(rarest, at)
        for pk in ids:
            found[pk] += len(group)
    return found


def _split_evenly(prints: list[int], pieces: int) -> Iterator[list[int]]:
    size = max(1, -(-len(prints) // max(1, pieces)))
    for start in range(0, len(prints), size):
        yield prints[start : start + size]


def _find_ids(sql: str, prints: Sequence[int], at: dt.datetime) -> list[int]:
    when = connection.ops.adapt_datetimefield_value(at)
    wanted = to_fts_tokens(prints, " AND ") if connection.vendor == "sqlite" else list(prints)
    return _fetch_column(sql, [wanted, when, MAX_EDITIONS])


def _find_among_newest(prints: Iterable[int], at: dt.datetime) -> list[int]:
    when = connection.ops.adapt_datetimefield_value(at)
    return _fetch_column(_AMONG_NEWEST, [when, list(prints), MAX_EDITIONS])


def _fetch_column(sql: str, values: list) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [row[0] for row in cursor.fetchall()]


def _rarest_first(prints: Sequence[int]) -> dict[int, int]:
    """At most MOST_WEIGHED of them, from all over the text, the rarest first, each with the number
    of editions that have it, as far as that costs little to know."""
    step = max(1, len(prints) / MAX_FINGERPRINTS)
    wanted = [prints[int(i * step)] for i in range(min(len(prints), MAX_FINGERPRINTS))]
    if connection.vendor == "postgresql":
        known = _load_statistics()
        weighed = {one: known.get(one, 0) for one in wanted}
    else:  # FTS5 stops counting where it is told to
        weighed = {one: _fetch_column(_FTS5_COUNT, [to_fts_tokens([one])])[0] for one in wanted}
    return dict(sorted(weighed.items(), key=lambda item: item[1]))


_cached_statistics: tuple[float, dict[int, int]] = (0.0, {})


def _load_statistics() -> dict[int, int]:
    """How many editions have a print that many have, by PostgreSQL's own statistics: GIN cannot
    stop half-way through the rows of such a one."""
    global _cached_statistics
    until, known = _cached_statistics
    if time.monotonic() >= until:
        with connection.cursor() as cursor:
            cursor.execute(_STATISTICS)
            prints, shares, rows = cursor.fetchone() or ((), (), 0)
        known = {
            one: int(share * rows) for one, share in zip(prints or (), shares or (), strict=False)
        }
        _cached_statistics = (time.monotonic() + 600, known)
    return known
