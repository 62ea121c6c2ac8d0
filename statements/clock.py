"""Tell the time: the only clock that decides what is public."""

import datetime as dt
import threading
import time

from django.db import connection

FOREVER = dt.datetime(9999, 12, 31, tzinfo=dt.UTC)
"""`live_until` of an edition without an end. PostgreSQL's infinity breaks zone conversion."""

MAX_AGE_SECONDS = 0.25
_lock = threading.Lock()
_reading = (FOREVER, float("-inf"))
"""The database's time, and when it was read on the monotonic clock, which never jumps."""


def now() -> dt.datetime:
    """Return the time now, UTC: the earlier of this process's clock and the database's.

    The earlier, so that a process whose clock is fast publishes nothing too soon. The database is
    asked at most every 250 ms; in between its time goes on with the monotonic clock, so that a jump
    of this process's clock publishes nothing either. Call this once at the edge, and pass the
    result down as `at`.
    """
    if known := now_if_known():
        return known
    with _lock:  # one thread asks for all
        return now_if_known() or _ask_database()


def now_if_known() -> dt.datetime | None:
    """Return the same as `now`, or None if that needs a database query."""
    here = dt.datetime.now(dt.UTC)
    if connection.vendor == "sqlite":
        return here  # in process: it is the same clock
    database_time, read_at = _reading
    age = time.monotonic() - read_at
    if age >= MAX_AGE_SECONDS:
        return None
    return min(here, database_time + dt.timedelta(seconds=age))


def read_database_clock() -> dt.datetime:
    """Return the time of the database server, UTC, not the start of the transaction."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT clock_timestamp()")
            database_time: dt.datetime = cursor.fetchone()[0]
            return database_time.astimezone(dt.UTC)
        cursor.execute("SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now')")
        return dt.datetime.fromisoformat(cursor.fetchone()[0]).replace(tzinfo=dt.UTC)


def _ask_database() -> dt.datetime:
    global _reading  # noqa: PLW0603 - guarded by _lock
    # From the instant before the query: from the one after it, a slow network would make the
    # database's time look earlier than it is, and a page would come late.
    read_at = time.monotonic()
    database_time = read_database_clock()
    _reading = (database_time, read_at)
    age = dt.timedelta(seconds=time.monotonic() - read_at)
    return min(dt.datetime.now(dt.UTC), database_time + age)
