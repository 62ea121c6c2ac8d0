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

# One step along an index each: newsdesk_queue, edition_ends.
RELEASE = "SELECT release_at FROM statements_edition WHERE state = 'approved' AND "
END = f"SELECT live_until FROM statements_edition WHERE {has_end_sql()} AND "  # noqa: S608
ASK = f"""
    SELECT (SELECT SUM(number) FROM statements_generation),
        ({RELEASE}{released_sql()} ORDER BY release_at DESC LIMIT 1),
        ({END}{ended_sql()} ORDER BY live_until DESC LIMIT 1),
        ({RELEASE}{released_after_sql()} ORDER BY release_at LIMIT 1),
        ({END}{not_ended_sql()} ORDER BY live_until LIMIT 1)
"""  # noqa: S608 - every word of it stands here


@dataclass(frozen=True)
class Instant:
    """When a request is answered. Two of the same key see the same record; None: keep nothing."""

    at: dt.datetime
    key: Hashable = None


@dataclass(frozen=True)
class _Lease:
    key: Hashable
    since: dt.datetime
    until: dt.datetime
    taken: float  # on the monotonic clock, before the question was asked

    def holds(self, at: dt.datetime) -> bool:
        """Not once it is old, not from the next change on, and not if the clock was put back."""
        return self.since <= at < self.until and time.monotonic() - self.taken < clock.LEASE_SECONDS

    def covers(self, at: dt.datetime) -> bool:
        age = dt.timedelta(seconds=clock.LEASE_SECONDS)
        return self.since <= at < self.until and at - self.since <= age


_lock = threading.Lock()
_lease: _Lease | None = None


def instant() -> Instant:
    """The present one. Ask for it before any data, and answer as at it."""
    global _lease
    at = clock.now()
    if not settings.KEPT_PAGES:
        return Instant(at)
    lease = _lease
    if lease is None or not lease.holds(at):
        with _lock:  # one asks for all
            at = clock.now()
            lease = _lease
            if lease is None or not lease.holds(at):
                lease = _lease = _ask(at)
    return Instant(at, lease.key)


def at_hand() -> Instant | None:
    """The present one, where nothing need be asked to know it."""
    lease, at = _lease, clock.at_hand()
    return Instant(at, lease.key) if at and lease and lease.holds(at) else None


def key_at(at: dt.datetime) -> Hashable:
    """The key that the request of this instant has; None where no lease covers it.

    For what is asked deep inside of a page. A lease that was taken since is none of its own.
    """
    lease = _lease
    return lease.key if settings.KEPT_PAGES and lease and lease.covers(at) else None


def forget() -> None:
    """Ask again at the next request: for tests, whose changes are taken back unseen."""
    global _lease
    _lease = None


def _ask(at: dt.datetime) -> _Lease:
    taken = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute(ASK, [connection.ops.adapt_datetimefield_value(at)] * 4)
        generation, released, ended, *coming = cursor.fetchone()
    today = timezone.localtime(at)
    midnight = timezone.make_aware(
        dt.datetime.combine(today.date() + dt.timedelta(days=1), dt.time.min)
    )
    return _Lease(
        key=(generation, released, ended, today.date()),
        since=at,
        until=min([midnight, *(_read(time) for time in coming if time)]),
        taken=taken,
    )


def _read(time: dt.datetime) -> dt.datetime:
    """As the driver gives it: SQLite’s leaves out that it is UTC."""
    return time if time.tzinfo else time.replace(tzinfo=dt.UTC)
