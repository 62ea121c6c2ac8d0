"""What a public answer may depend on besides its address: the instant, and the record then.

Each process asks the primary for both, at most every 250 ms, and steps by itself at the next
change of which it knows: so what was made under one key is right for as long as that key is.
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
"""  # noqa: S608 - every word of it stands here


@dataclass(frozen=True)
class Snapshot:
    """When a request is answered. Two of the same key see the same record; None: keep nothing."""

    at: dt.datetime
    version: Hashable = None


@dataclass(frozen=True)
class _CachedVersion:
    version: Hashable
    since: dt.datetime
    until: dt.datetime
    read_at: float  # on the monotonic clock, before the question was asked

    def is_fresh(self, at: dt.datetime) -> bool:
        """Not once it is old, not from the next change on, and not if the clock was put back."""
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
    """The present one. Ask for it before any data, and answer as at it."""
    global _cached_version
    at = clock.now()
    if not settings.PAGE_CACHE_BYTES:
        return Snapshot(at)
    lease = _cached_version
    if lease is None or not lease.is_fresh(at):
        with _lock:  # one asks for all
            at = clock.now()
            lease = _cached_version
            if lease is None or not lease.is_fresh(at):
                lease = _cached_version = _read_version(at)
    return Snapshot(at, lease.version)


def snapshot_if_fresh() -> Snapshot | None:
    """The present one, where nothing need be asked to know it."""
    lease, at = _cached_version, clock.now_if_known()
    return Snapshot(at, lease.version) if at and lease and lease.is_fresh(at) else None


def version_at(at: dt.datetime) -> Hashable:
    """The key that the request of this instant has; None where no lease covers it.

    For what is asked deep inside of a page. A lease that was taken since is none of its own.
    """
    lease = _cached_version
    return lease.version if settings.PAGE_CACHE_BYTES and lease and lease.covers(at) else None


def reset() -> None:
    """Ask again at the next request: for tests, whose changes are taken back unseen."""
    global _cached_version
    _cached_version = None


def _read_version(at: dt.datetime) -> _CachedVersion:
    taken = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute(VERSION_SQL, [connection.ops.adapt_datetimefield_value(at)] * 4)
        generation, released, ended, *coming = cursor.fetchone()
    today = timezone.localtime(at)
    midnight = timezone.make_aware(
        dt.datetime.combine(today.date() + dt.timedelta(days=1), dt.time.min)
    )
    return _CachedVersion(
        version=(generation, released, ended, today.date()),
        since=at,
        until=min([midnight, *(_assume_utc(time) for time in coming if time)]),
        read_at=taken,
    )


def _assume_utc(time: dt.datetime) -> dt.datetime:
    """As the driver gives it: SQLite’s leaves out that it is UTC."""
    return time if time.tzinfo else time.replace(tzinfo=dt.UTC)
