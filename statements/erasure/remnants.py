"""Remove what a database keeps of deleted words: free space, logs, statistics.

A row that was emptied or deleted leaves its old bytes in the file until something else is written
there. SQLite zeroes them (`secure_delete`) and is then rewritten (VACUUM), and its write-ahead
log is emptied. PostgreSQL rewrites each table of the register. Write-ahead log archives,
replicas and backups are out of reach: see `lapse`.
"""

import logging
import time

from django.apps import apps
from django.db import DatabaseError, connection
from django.db.backends.utils import CursorWrapper

from statements.erasure.register import REGISTER
from statements.integrity.trigger_rules import TRIGGER_RULES

MAX_CHECKPOINT_TRIES = 30
SECONDS_BETWEEN_TRIES = 1
LOCK_TIMEOUT_SECONDS = 10
"""A table whose readers do not let go is left for the next try, so that nobody queues behind."""

STATISTICS_TABLE = "pg_statistic"
COLUMNS_WITH_STATISTICS = """
SELECT a.attname, format_type(a.atttypid, a.atttypmod)
FROM pg_stats s JOIN pg_attribute a ON a.attname = s.attname
WHERE s.schemaname = current_schema() AND s.tablename = %s AND a.attrelid = s.tablename::regclass
AND a.attnum NOT IN (
    SELECT unnest(conkey) FROM pg_constraint WHERE conrelid = a.attrelid AND contype IN ('p', 'f')
)
"""
"""Columns that can hold words: all but the keys."""

logger = logging.getLogger(__name__)


class RewriteIncomplete(Exception):
    """Some of the database could not be rewritten. The task fails, and is tried again."""


def rewrite() -> None:
    """Rewrite the database so that it holds no deleted words. Not within a transaction."""
    if connection.in_atomic_block:
        raise RewriteIncomplete("A transaction is open, and no database is rewritten within one.")
    if connection.vendor == "sqlite":
        _rewrite_sqlite()
    else:
        _rewrite_postgresql()
    logger.info("The database was rewritten after an erasure")


# --- SQLite ---------------------------------------------------------------------------------------


def _rewrite_sqlite() -> None:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
        for _ in range(MAX_CHECKPOINT_TRIES):
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            is_busy, *_ = cursor.fetchone()
            if not is_busy:
                return
            time.sleep(SECONDS_BETWEEN_TRIES)  # a reader still uses the log
    raise RewriteIncomplete("The write-ahead log is in use all the time; it is tried again later.")


# --- PostgreSQL -----------------------------------------------------------------------------------


def list_tables() -> list[str]:
    """Return the tables of the register, as the database knows them."""
    existing = {*connection.introspection.table_names()}
    tables = {_find_table(name) for name in REGISTER.list_columns()}
    return sorted(tables & existing)


def _find_table(name: str) -> str:
    """Return the table of a model; a name without a dot is a table already, or a folder."""
    return apps.get_model(name)._meta.db_table if "." in name else name  # noqa: SLF001 - public in Django, despite its name


def _rewrite_postgresql() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = '{LOCK_TIMEOUT_SECONDS}s'")
        try:
            # The planner's statistics hold values of columns, such as whole headlines. ANALYZE
            # replaces them, and then their own table is rewritten.
            tables = [*list_tables(), STATISTICS_TABLE]
            left = [table for table in tables if not _rewrite_table(table)]
        finally:
            cursor.execute("RESET lock_timeout")
    if left:
        raise RewriteIncomplete(f"These tables could not be rewritten: {', '.join(left)}.")


def _rewrite_table(table: str) -> bool:
    """Rewrite a table; return False if it is in use, or belongs to somebody else."""
    options = "FULL" if table == STATISTICS_TABLE else "FULL, ANALYZE"
    notices = connection.connection.notices
    notices.clear()
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"VACUUM ({options}) {connection.ops.quote_name(table)}")
            _drop_old_statistics(cursor, table)
    except DatabaseError as error:
        logger.warning("Table %s was not rewritten: %s", table, type(error).__name__)
        return False
    if notices:  # the right to it is missing, which is a warning and no error
        logger.warning("Table %s was not rewritten: %s", table, " ".join(notices).strip())
    return not notices


def _drop_old_statistics(cursor: CursorWrapper, table: str) -> None:
    """Drop the statistics of an empty table, which ANALYZE leaves as they were.

    Nobody but a superuser may delete them. A column that is given the type that it has loses them.
    A table whose rows are never deleted is empty from the beginning, and has none.
    """
    if table in {rule.table for rule in TRIGGER_RULES if rule.event == "DELETE"}:
        return
    name = connection.ops.quote_name(table)
    cursor.execute(f"SELECT EXISTS (SELECT FROM {name})")  # noqa: S608 - a table of ours
    if cursor.fetchone() == (True,):
        return
    cursor.execute(COLUMNS_WITH_STATISTICS, [table])
    for column, type_name in cursor.fetchall():
        quoted = connection.ops.quote_name(column)
        cursor.execute(f"ALTER TABLE {name} ALTER COLUMN {quoted} TYPE {type_name}")
