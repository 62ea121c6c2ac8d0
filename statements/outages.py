"""Tell what failed under the product: the database, the disk or the files that it needs.

Such a failure is no fault of the code. Who asks for a page gets a sentence and may ask again, and
the worker waits.
"""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import (
    DatabaseError,
    Error,
    InterfaceError,
    InternalError,
    OperationalError,
    connection,
)

RETRY_AFTER_SECONDS = 10
BRIEF_WAIT_SECONDS = 0.5

FULL_DISK = "The disk of the server is full."
READ_ONLY_DISK = "The server cannot write its files."
READ_ONLY = "The database can only be read at the moment."
BUSY = "The database is busy with other work."
DAMAGED = "The database’s disk or file is damaged."
AWAY = "The database does not answer."

DISK_ERRORS = {
    errno.ENOSPC: FULL_DISK,
    errno.EDQUOT: FULL_DISK,
    errno.EROFS: READ_ONLY_DISK,
    errno.EACCES: READ_ONLY_DISK,
    errno.EPERM: READ_ONLY_DISK,
}
DATABASE_ERRORS = {
    "disk i/o error": DAMAGED,
    "malformed": DAMAGED,
    "not a database": DAMAGED,
    "readonly database": READ_ONLY,
    "read-only": READ_ONLY,
    "disk is full": FULL_DISK,
    "no space left": FULL_DISK,
    "locked": BUSY,
    "deadlock": BUSY,
    "timeout": BUSY,
}
"""Words in the messages of SQLite and PostgreSQL → what they mean."""


def describe_outage(error: BaseException | None) -> str:
    """Return a sentence that says what failed, or "" if this is no outage."""
    if isinstance(error, OSError):
        return DISK_ERRORS.get(error.errno or 0, "")
    if not isinstance(error, Error):
        return ""
    text = str(error).lower()
    known = next((outage for words, outage in DATABASE_ERRORS.items() if words in text), "")
    # PostgreSQL refuses to write as an InternalError, and SQLite says of a damaged file that it is
    # no database. Everything else that is an outage is operational.
    if isinstance(error, OperationalError | InterfaceError):
        return known or AWAY
    is_plain = type(error) is DatabaseError
    return known if isinstance(error, InternalError) or (is_plain and known == DAMAGED) else ""


@contextmanager
def wait_briefly(seconds: float = BRIEF_WAIT_SECONDS) -> Iterator[None]:
    """Wait not as long as usual for another writer: for what a page can do without.

    SQLite alone has one writer at a time. Past Django's cursor, since this is no query.
    """
    connection.ensure_connection()
    if connection.vendor != "sqlite":
        yield
        return
    timeout = connection.settings_dict["OPTIONS"].get("timeout", 5)
    connection.connection.execute(f"PRAGMA busy_timeout = {int(seconds * 1000)}")
    try:
        yield
    finally:
        if connection.connection is not None:
            connection.connection.execute(f"PRAGMA busy_timeout = {int(timeout * 1000)}")
