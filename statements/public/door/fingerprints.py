"""Which released editions may hold a run of words: two questions to the index of fingerprints.

What comes back is a guess that the words themselves must prove. Rows that were never released are
left out by the database, and what is gone by whoever asks next, at the door.
"""

import datetime as dt
import time
from collections.abc import Iterable, Sequence

from django.db import connection

from statements.models.fingerprints import as_tokens

MOST_HOLDING = 120
MOST_SHARING = 120  # of one fingerprint
MOST_ASKED = 12  # fingerprints of one question, the rarest ones
MOST_WEIGHED = 36  # from which those are chosen
NEWEST = 3_000
"""Words that stand in very many editions are looked for among so many newest ones first."""

# Every word of these sentences stands here; what differs is given to the database apart.
_RELEASED = "e.release_at <= %s AND e.suppressed_at IS NULL AND e.erased_at IS NULL"
# OFFSET 0 keeps the planner from walking every edition there is and asking each for its prints.
_HOLDING = f"""
SELECT e.id FROM (
    SELECT edition_id FROM statements_fingerprints WHERE prints @> %s::integer[] OFFSET 0
) f JOIN statements_edition e ON e.id = f.edition_id WHERE {_RELEASED}
ORDER BY e.first_release_at DESC, e.statement_id DESC LIMIT %s
"""  # noqa: S608
_NEWEST_HOLDING = f"""
SELECT e.id FROM (
    SELECT e.id FROM statements_edition e WHERE {_RELEASED}
    ORDER BY e.first_release_at DESC, e.statement_id DESC LIMIT %s
) e JOIN statements_fingerprints f ON f.edition_id = e.id
WHERE f.prints @> %s::integer[] LIMIT %s
"""  # noqa: S608
_SHARING = f"""(
SELECT e.id FROM (
    SELECT edition_id FROM statements_fingerprints WHERE prints @> %s::integer[] OFFSET 0
) f JOIN statements_edition e ON e.id = f.edition_id WHERE {_RELEASED} LIMIT %s)
"""  # noqa: S608
_COMMON = """
SELECT most_common_elems::text::integer[] FROM pg_stats
WHERE schemaname = current_schema() AND tablename = 'statements_fingerprints' AND attname = 'prints'
"""
# CROSS JOIN: FTS5 walks from the newest row down, and stops when there are enough.
_MATCHING = f"""
SELECT e.id FROM statements_fingerprints_index i CROSS JOIN statements_edition e ON e.id = i.rowid
WHERE statements_fingerprints_index MATCH %s AND {_RELEASED} ORDER BY i.rowid DESC LIMIT %s
"""  # noqa: S608
_COUNTED = """
SELECT count(*) FROM (
    SELECT rowid FROM statements_fingerprints_index
    WHERE statements_fingerprints_index MATCH %s LIMIT %s
)
"""


def holding(prints: Iterable[int], *, at: dt.datetime) -> list[int]:
    """Editions released by then that have every one of these prints, newest first, bounded."""
    wanted = sorted(prints)
    if not wanted:
        return []
    when = connection.ops.adapt_datetimefield_value(at)
    if connection.vendor == "sqlite":
        rarest = _rarest_on_sqlite(_some(wanted, MOST_WEIGHED))
        return _ids(_MATCHING, [as_tokens(rarest, " AND "), when, MOST_HOLDING])
    rare = [one for one in wanted if one not in _common()]
    if not rare:
        found = _ids(_NEWEST_HOLDING, [when, NEWEST, wanted, MOST_HOLDING])
        if found:
            return found
    return _ids(_HOLDING, [_some(rare or wanted, MOST_ASKED), when, MOST_HOLDING])


def sharing(prints: Iterable[int], *, at: dt.datetime) -> list[int]:
    """Editions released by then, each as often as it has one of the rarest of these prints."""
    wanted = _some(sorted(prints), MOST_WEIGHED)
    if not wanted:
        return []
    when = connection.ops.adapt_datetimefield_value(at)
    if connection.vendor == "sqlite":
        rarest = _rarest_on_sqlite(wanted)
        question = f"SELECT * FROM ({_MATCHING})"  # noqa: S608
        values: list[list] = [[as_tokens([one]), when, MOST_SHARING] for one in rarest]
    else:
        rarest = [one for one in wanted if one not in _common()][:MOST_ASKED]
        question, values = _SHARING, [[[one], when, MOST_SHARING] for one in rarest]
    if not rarest:
        return []
    return _ids(" UNION ALL ".join([question] * len(values)), [v for row in values for v in row])


def _ids(sql: str, values: list) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [row[0] for row in cursor.fetchall()]


def _some(prints: Sequence[int], most: int) -> list[int]:
    """So many of them, from all over; they are numbers of chance, so that any order will do."""
    return (
        [prints[i * len(prints) // most] for i in range(most)] if len(prints) > most else [*prints]
    )


def _rarest_on_sqlite(prints: list[int]) -> list[int]:
    """FTS5 stops counting where it is told to, so that a common print costs no more than a rare
    one."""
    counted = [(_ids(_COUNTED, [as_tokens([one]), 4 * MOST_SHARING])[0], one) for one in prints]
    return [one for _, one in sorted(counted)[:MOST_ASKED]]


_known_common: tuple[float, frozenset[int]] = (0.0, frozenset())


def _common() -> frozenset[int]:
    """Prints that stand in about a hundredth of all editions or more, by PostgreSQL's own
    statistics: GIN cannot stop half-way through their rows."""
    global _known_common
    until, known = _known_common
    if time.monotonic() >= until:
        with connection.cursor() as cursor:
            cursor.execute(_COMMON)
            row = cursor.fetchone()
        known = frozenset(row[0] if row and row[0] else ())
        _known_common = (time.monotonic() + 600, known)
    return known
