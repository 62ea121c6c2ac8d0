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
from django.db import Error, OperationalError, connection
from django.utils import timezone

from statements import clock
from statements.publicness import (
    ended_sql,
    has_end_sql,
    not_ended_sql,
    released_after_sql,
    released_sql,
)

MAX_UNCHECKED_SECONDS = 3.0
"""How long kept pages may be sent after the database last answered. With nginx's second, a
withdrawal that another process commits meanwhile is still on every surface within five."""

RETRY_SECONDS = 1.0
"""After a failure the database is asked once in this time; nobody else waits for it."""

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
_failed_at = float("-inf")


def current_snapshot() -> Snapshot:
    """Return the present snapshot. Call it before reading any data."""
    if not settings.PAGE_CACHE_BYTES:
        return Snapshot(clock.now())
    if snapshot := snapshot_if_fresh():
        return snapshot
    with _lock:  # one thread reads for all
        return snapshot_if_fresh() or _read_snapshot()


def _read_snapshot() -> Snapshot:
    global _cached_version, _failed_at  # noqa: PLW0603 - all threads of a process share them
    if time.monotonic() - _failed_at < RETRY_SECONDS:
        raise OperationalError("The database did not answer a moment ago.")
    try:
        _cached_version = _read_version()
    except Error:
        _failed_at = time.monotonic()
        raise
    return Snapshot(_cached_version.since, _cached_version.version)


def snapshot_if_fresh() -> Snapshot | None:
    """Return the present snapshot, or None where the database would have to be asked."""
    cached, at = _cached_version, clock.now_if_known()
    return Snapshot(at, cached.version) if at and cached and cached.is_fresh(at) else None


def last_known_snapshot() -> Snapshot | None:
    """Return the present snapshot for as long as the last known version can be trusted, or None.

    For the moments in which the database does not answer. The time goes on with the monotonic
    clock: this process's own may be fast.
    """
    cached = _cached_version
    if cached is None:
        return None
    age = time.monotonic() - cached.read_at
    at = cached.since + dt.timedelta(seconds=age)
    is_trusted = age < MAX_UNCHECKED_SECONDS and at < cached.until
    return Snapshot(at, cached.version) if is_trusted else None


def version_at(at: dt.datetime) -> Hashable:
    """Return the cache version of the request of this instant, or None where it is not known.

    For queries deep inside a page, which have only `at`. A version that was read later than this
    instant belongs to another request.
    """
    cached = _cached_version
    return cached.version if settings.PAGE_CACHE_BYTES and cached and cached.covers(at) else None


def reset() -> None:
    """Read the version again at the next request: for tests, whose rollbacks do not move it."""
    global _cached_version, _failed_at
    _cached_version, _failed_at = None, float("-inf")


def _read_version() -> _CachedVersion:
    read_at = time.monotonic()  # first, so that no release is missed between the two clocks
    at = clock.now()
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
