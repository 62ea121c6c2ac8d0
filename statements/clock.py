"""The one clock: which instant it is, as the database and this process agree."""

import datetime as dt
import threading
import time

from django.db import connection

FOREVER = dt.datetime(9999, 12, 31, tzinfo=dt.UTC)
"""`live_until` of what nothing has ended; PostgreSQL's own infinity breaks zone conversion."""

MAX_AGE_SECONDS = 0.25
_lock = threading.Lock()
_known_skew = dt.timedelta(0)
_measured_at = float("-inf")


def now() -> dt.datetime:
    """The present instant, UTC: the earlier of the process's clock and the database's.

    The earlier, so that a process whose clock runs fast publishes nothing too soon. The difference
    between the two is measured at most every 250 ms. Read once at the edge, passed down as `at`.
    """
    if known := now_if_known():
        return known
    here = dt.datetime.now(dt.UTC)
    return here - max(_clock_skew(), dt.timedelta(0))


def now_if_known() -> dt.datetime | None:
    """The present instant as `now` tells it; None where `now` would have to ask the database."""
    here = dt.datetime.now(dt.UTC)
    if connection.vendor == "sqlite":
        return here  # in process: it is the same clock
    if time.monotonic() - _measured_at >= MAX_AGE_SECONDS:
        return None
    return here - max(_known_skew, dt.timedelta(0))


def read_database_clock() -> dt.datetime:
    """The database server's clock, UTC, whatever transaction this is asked in."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT clock_timestamp()")
            return cursor.fetchone()[0].astimezone(dt.UTC)
        cursor.execute("SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now')")
        return dt.datetime.fromisoformat(cursor.fetchone()[0]).replace(tzinfo=dt.UTC)


def _clock_skew() -> dt.timedelta:
    """How far this process's clock runs ahead of the database's; negative when it is behind."""
    global _known_skew, _measured_at
    with _lock:
        if time.monotonic() - _measured_at >= MAX_AGE_SECONDS:
            # The answer is at least as old as the round trip: comparing with the time *before* the
            # question keeps a slow network from looking like a fast clock.
            before = dt.datetime.now(dt.UTC)
            _known_skew = before - read_database_clock()
            _measured_at = time.monotonic()
        return _known_skew
