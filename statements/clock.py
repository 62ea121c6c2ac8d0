"""Tell the time: the only clock that decides what is public."""

import datetime as dt
import threading
import time

from django.db import connection

FOREVER = dt.datetime(9999, 12, 31, tzinfo=dt.UTC)
"""`live_until` of an edition without an end. PostgreSQL's infinity breaks zone conversion."""

MAX_AGE_SECONDS = 0.25
_lock = threading.Lock()
_known_skew = dt.timedelta(0)
_measured_at = float("-inf")


def now() -> dt.datetime:
    """Return the time now, UTC: the earlier of this process's clock and the database's.

    The earlier, so that a process whose clock is fast publishes nothing too soon. The difference is
    measured at most every 250 ms. Call this once at the edge, and pass the result down as `at`.
    """
    if known := now_if_known():
        return known
    here = dt.datetime.now(dt.UTC)
    return here - max(_clock_skew(), dt.timedelta(0))


def now_if_known() -> dt.datetime | None:
    """Return the same as `now`, or None if that needs a database query."""
    here = dt.datetime.now(dt.UTC)
    if connection.vendor == "sqlite":
        return here  # in process: it is the same clock
    if time.monotonic() - _measured_at >= MAX_AGE_SECONDS:
        return None
    return here - max(_known_skew, dt.timedelta(0))


def read_database_clock() -> dt.datetime:
    """Return the time of the database server, UTC, not the start of the transaction."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT clock_timestamp()")
            database_time: dt.datetime = cursor.fetchone()[0]
            return database_time.astimezone(dt.UTC)
        cursor.execute("SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now')")
        return dt.datetime.fromisoformat(cursor.fetchone()[0]).replace(tzinfo=dt.UTC)


def _clock_skew() -> dt.timedelta:
    """Return how far this process's clock is ahead of the database's; negative if behind."""
    global _known_skew, _measured_at  # noqa: PLW0603 - guarded by _lock
    with _lock:
        if time.monotonic() - _measured_at >= MAX_AGE_SECONDS:
            # Compare with the time before the query: with the time after it, a slow network would
            # look like a fast clock.
            before = dt.datetime.now(dt.UTC)
            _known_skew = before - read_database_clock()
            _measured_at = time.monotonic()
        return _known_skew
