"""Pages outlive a restart of the database, without asking each time whether it is still there.

Django would ask it before the first query of every request. A page only reads, so it may as well be
asked for, and asked for once more where the connection turns out to be lost.
"""

from collections.abc import Callable
from typing import TypeVar

from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections

ResultT = TypeVar("ResultT")


def retry_on_lost_connection(read: Callable[[], ResultT]) -> ResultT:
    """What `read` returns, asked again on a new connection where the one there was is lost.

    Raises what `read` raises, twice where the database itself is away.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.in_atomic_block:  # whose changes a new connection would not know
        return read()
    connection.health_check_done = True  # type: ignore[attr-defined]
    try:
        return read()
    except (InterfaceError, OperationalError):
        if connection.connection is None or connection.is_usable():
            raise
        connection.close()
        return read()
