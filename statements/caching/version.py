"""Read the cache version, which changes whenever anything public may have changed.

It is the sum of counters that triggers move, the last release and the last end that have passed,
and the day. Each process reads it at most every 250 ms, together with the next release and end:
when one of these passes, it reads again. So a page made under one version is right for as long as
that version holds.
"""

import datetime as dt
import threading
import time
from collections.abc import Hashable
from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.utils import timezone

from statements import clock
from statements.publicness import (
    ended_sql,
    has_end_sql,
    not_ended_sql,
    released_after_sql,
    released_sql,
)

# One step along an index each: edition_state_release_at_idx, edition_live_until_idx.
RELEASE_SQL = "SELECT release_at FROM statements_edition WHERE state = 'approved' AND "
END_SQL = f"SELECT live_until FROM statements_edition WHERE {has_end_sql()} AND "  # noqa: S608
VERSION_SQL = f"""
    SELECT (SELECT SUM(number) FROM statements_cacheversion),
        ({RELEASE_SQL}{released_sql()} ORDER BY release_at DESC LIMIT 1),
        ({END_SQL}{ended_sql()} ORDER BY live_until DESC LIMIT 1),
        ({RELEASE_SQL}{released_after_sql()} ORDER BY release_at LIMIT 1),
        ({END_SQL}{not_ended_sql()} ORDER BY live_until LIMIT 1)
"""  # noqa: S608 - constants and publicness.py alone


@dataclass(frozen=True)
class Snapshot:
    """The instant at which a request is answered, and the cache version then.

    Two snapshots of the same version see the same record. None: keep nothing.
    """

    at: dt.datetime
    version: Hashable = None


@dataclass(frozen=True)
class _CachedVersion:
    version: Hashable
    since: dt.datetime
    until: dt.datetime
    read_at: float  # on the monotonic clock, before the query

    def is_fresh(self, at: dt.datetime) -> bool:
        """Tell whether it was read lately, and no release or end came since."""
        return (
            self.since <= at < self.until
            and time.monotonic() - self.read_at < clock.MAX_AGE_SECONDS
        )

    def covers(self, at: dt.datetime) -> bool:
        age = dt.timedelta(seconds=clock.MAX_AGE_SECONDS)
        return self.since <= at < self.until and at - self.since <= age


_lock = threading.Lock()
_cached_version: _CachedVersion | None = None


def current_snapshot() -> Snapshot:
    """Return the present snapshot. Call it before reading any data."""
    global _cached_version  # noqa: PLW0603 - all threads of a process share one version
    at = clock.now()
    if not settings.PAGE_CACHE_BYTES:
        return Snapshot(at)
    cached = _cached_version
    if cached is None or not cached.is_fresh(at):
        with _lock:  # one thread reads for all
            at = clock.now()
            cached = _cached_version
            if cached is None or not cached.is_fresh(at):
                cached = _cached_version = _read_version(at)
    return Snapshot(at, cached.version)


def snapshot_if_fresh() -> Snapshot | None:
    """Return the present snapshot, or None where the database would have to be asked."""
    cached, at = _cached_version, clock.now_if_known()
    return Snapshot(at, cached.version) if at and cached and cached.is_fresh(at) else None


def version_at(at: dt.datetime) -> Hashable:
    """Return the cache version of the request of this instant, or None where it is not known.

    For queries deep inside a page, which have only `at`. A version that was read later than this
    instant belongs to another request.
    """
    cached = _cached_version
    return cached.version if settings.PAGE_CACHE_BYTES and cached and cached.covers(at) else None


def reset() -> None:
    """Read the version again at the next request: for tests, whose rollbacks do not move it."""
    global _cached_version  # noqa: PLW0603 - all threads of a process share one version
    _cached_version = None


def _read_version(at: dt.datetime) -> _CachedVersion:
    read_at = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute(VERSION_SQL, [connection.ops.adapt_datetimefield_value(at)] * 4)
        counter, released, ended, *coming = cursor.fetchone()
    today = timezone.localtime(at)
    midnight = timezone.make_aware(
        dt.datetime.combine(today.date() + dt.timedelta(days=1), dt.time.min)
    )
    return _CachedVersion(
        version=(counter, released, ended, today.date()),
        since=at,
        until=min([midnight, *(_assume_utc(time) for time in coming if time)]),
        read_at=read_at,
    )


def _assume_utc(time: dt.datetime) -> dt.datetime:
    # SQLite's driver returns times without a zone.
    return time if time.tzinfo else time.replace(tzinfo=dt.UTC)
