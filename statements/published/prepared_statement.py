"""Queries that PostgreSQL plans once for each connection, by PREPARE and EXECUTE.

To plan a query of a page took PostgreSQL some ten times as long as to answer it. A pooler that
hands one connection to several processes loses what was prepared: the first query that finds it
lost is asked again as it is, and so is every later one of this process.

One plan serves whatever is asked: left to itself, PostgreSQL goes on planning for each value what
looks dearer without one. And it takes what lies about a disk for four times as dear as what lies in
a row, so that it would rather read all that somebody ever said, and sort it, than walk an index for
the newest. What pages read lies in memory, where neither is dearer.
"""

import contextlib
import datetime as dt
import hashlib
from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

from django.db import DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg2 import errors
from psycopg2.extensions import AsIs

SESSION_SQL = "SET plan_cache_mode = force_generic_plan; SET random_page_cost = 1"
PARAMETER_TYPES = {str: "text", int: "bigint", dt.datetime: "timestamptz"}

_prepared_names: WeakKeyDictionary[Any, set[str]] = (
    WeakKeyDictionary()
)  # by each connection of the driver
_is_pooled = False


class PreparedStatement:
    """One query; of its parameters, those that stay are part of it."""

    def __init__(
        self, sql: str, parameters: Sequence[tuple[bool, Any]], connection: BaseDatabaseWrapper
    ) -> None:
        """`parameters`: in their order, whether each changes, and its value or one like it."""
        changing = [value for changes, value in parameters if changes]
        numbers = iter(range(1, len(changing) + 1))
        written = [AsIs(f"${next(numbers)}") if changes else one for changes, one in parameters]
        with connection.cursor() as cursor:
            query = cursor.mogrify(sql, written).decode()
        # The same name is the same query, whoever prepared it.
        self.name = f"page_{hashlib.sha256(query.encode()).hexdigest()[:32]}"
        types = (
            f" ({', '.join(PARAMETER_TYPES[type(one)] for one in changing)})" if changing else ""
        )
        places = f" ({', '.join(['%s'] * len(changing))})" if changing else ""
        self.prepare_sql = f"PREPARE {self.name}{types} AS {query}"
        self.execute_sql = f"EXECUTE {self.name}{places}"

    def prepare_on(self, connection: BaseDatabaseWrapper) -> bool:
        """Whether this connection may be asked for it; prepares it where it was not."""
        if _is_pooled:
            return False
        connection.close_if_health_check_failed()  # else it would be renewed after we asked
        connection.ensure_connection()
        driver = connection.connection  # what is said to it is no query of the page
        if driver not in _prepared_names:
            _prepared_names[driver] = set()
            with driver.cursor() as cursor:
                cursor.execute(SESSION_SQL)
        if self.name not in _prepared_names[driver]:
            with (
                contextlib.suppress(errors.DuplicatePreparedStatement),  # behind a pooler
                driver.cursor() as cursor,
            ):
                cursor.execute(self.prepare_sql)
            _prepared_names[driver].add(self.name)
        return True


def was_deallocated(error: DatabaseError) -> bool:
    """Whether it says that a connection does not hold what was prepared on it; notes that."""
    global _is_pooled
    if isinstance(error.__cause__, errors.InvalidSqlStatementName):
        _is_pooled = True
        return True
    return False
