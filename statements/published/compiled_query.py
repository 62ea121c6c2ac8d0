"""Queries whose SQL is made once: what stays of a question when what it asks for changes.

To build a query and to turn it into SQL was three quarters of what a page cost that nobody had
asked for before. Only the values differ from one page to the next, and they travel apart; so
PostgreSQL may plan it once as well (planned.py).
"""

import copy
import datetime as dt
import functools
import threading
from collections.abc import Callable, Hashable, Iterable
from typing import Any

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.query import QuerySet

from statements.published.prepared_statement import PreparedStatement, was_deallocated


def compiled_query(make: Callable[..., QuerySet]) -> Callable[..., list[Any]]:
    """Let a function that makes a query answer with its rows, by SQL that is planned once.

    Everything is passed by name. A text, a number, a time and a tuple of numbers are what the
    query asks for, and may decide nothing else about it. Anything else (None, a class, yes or no)
    makes it another query. A tuple is what something is looked up in; only whether it has twice
    as many numbers makes it another query, for the last is repeated up to a power of two.
    """
    return _compile_once(make, plan_once=True)


def replanned_query(make: Callable[..., QuerySet]) -> Callable[..., list[Any]]:
    """As `prepared`, but the database plans it for the values of each question.

    Where no plan serves them all: of one speaker there is a statement, of another a hundred
    thousand.
    """
    return _compile_once(make, plan_once=False)


def _compile_once(make: Callable[..., QuerySet], *, plan_once: bool) -> Callable[..., list[Any]]:
    made: dict[Hashable, _CompiledQuery] = {}

    @functools.wraps(make)
    def rows(**asked: Any) -> list[Any]:
        connection = connections[DEFAULT_DB_ALIAS]  # of this thread, and looked up but once
        asked = {name: _pad_to_power_of_two(value) for name, value in asked.items()}
        shape = (
            connection.vendor,
            *((name, _parameter_shape(value)) for name, value in asked.items()),
        )
        if shape not in made:
            made[shape] = _CompiledQuery(make, asked, connection, plan_once=plan_once)
        return made[shape].fetch_rows(asked, connection)

    return rows


def _pad_to_power_of_two(value: Any) -> Any:
    if not isinstance(value, tuple) or not value:
        return value
    return value + value[-1:] * ((1 << (len(value) - 1).bit_length()) - len(value))


def _is_parameter(value: Any) -> bool:
    return isinstance(value, (str, int, dt.datetime)) and not isinstance(value, bool)


def _parameter_shape(value: Any) -> Hashable:
    if isinstance(value, tuple):
        return tuple, len(value)
    if _is_parameter(value):
        return type(value).__name__
    assert isinstance(value, Hashable), "A query is told by name what it asks for."
    return value


class _CompiledQuery:
    """One query, compiled with stand-ins for what it asks for."""

    def __init__(
        self,
        make: Callable[..., QuerySet],
        asked: dict[str, Any],
        connection: BaseDatabaseWrapper,
        *,
        plan_once: bool,
    ) -> None:
        stand_ins = {
            name: _placeholder(number, value)
            for number, (name, value) in enumerate(asked.items(), 1)
        }
        self.query_set = make(**stand_ins)
        self.thread = threading.local()
        self.compiler = self.query_set.query.get_compiler(connection=connection)
        self.sql, parameters = self.compiler.as_sql()
        stand_for = _database_values(stand_ins.values(), connection)
        places = {value: place for place, value in enumerate(stand_for)}
        # Where in the row of values each parameter stands, or a constant of the query.
        self.parameter_positions = [(places.get(one), one) for one in parameters]
        unused = places.keys() - {*parameters}
        assert not unused, f"The query of {make.__qualname__} does not ask for all it is told."
        self.prepared_statement: PreparedStatement | None = None
        if plan_once and connection.vendor == "postgresql":
            changes = [(at is not None, one) for at, one in self.parameter_positions]
            self.prepared_statement = PreparedStatement(self.sql, changes, connection)

    def fetch_rows(self, asked: dict[str, Any], connection: BaseDatabaseWrapper) -> list[Any]:
        values = _database_values(asked.values(), connection)
        if self.prepared_statement and self.prepared_statement.prepare_on(connection):
            changing = tuple(values[at] for at, _ in self.parameter_positions if at is not None)
            try:
                return self._fetch_rows(self.prepared_statement.execute_sql, changing, connection)
            except DatabaseError as error:
                if not was_deallocated(error):
                    raise
        everything = tuple(
            one if at is None else values[at] for at, one in self.parameter_positions
        )
        return self._fetch_rows(self.sql, everything, connection)

    def _fetch_rows(
        self, sql: str, parameters: tuple[Any, ...], connection: BaseDatabaseWrapper
    ) -> list[Any]:
        asking: _BoundQuery | None = getattr(self.thread, "asking", None)
        if asking is None or asking.compiler.connection is not connection:
            asking = self.thread.asking = _BoundQuery(self, connection)
        return asking.fetch_rows(sql, parameters)


class _BoundQuery:
    """A query set of one thread and its connection, asked again and again."""

    def __init__(self, query: _CompiledQuery, connection: BaseDatabaseWrapper) -> None:
        self.query_set = query.query_set.all()
        compiler = self.compiler = copy.copy(query.compiler)
        compiler.connection = connection
        # The same columns come back each time: how the driver's values are read is known.
        columns = [one[0] for one in compiler.select[: compiler.col_count]]
        converters = compiler.get_converters(columns)
        compiler.get_converters = lambda columns: converters
        self.query_set.query.get_compiler = lambda *args, **options: compiler  # type: ignore[method-assign]

    def fetch_rows(self, sql: str, parameters: tuple[Any, ...]) -> list[Any]:
        self.compiler.as_sql = lambda *args, **options: (sql, parameters)
        try:
            return list(self.query_set)
        finally:  # else it would answer the next with the same
            vars(self.query_set).update(_result_cache=None, _prefetch_done=False)


def _database_values(asked: Iterable[Any], connection: BaseDatabaseWrapper) -> list[Any]:
    """Every value that a query asks for, as the database is told it."""
    values: list[Any] = []
    for one in asked:
        if isinstance(one, dt.datetime):
            values.append(connection.ops.adapt_datetimefield_value(one))
        elif isinstance(one, tuple):
            values += one
        elif _is_parameter(one):
            values.append(one)
    return values


def _placeholder(number: int, value: Any) -> Any:
    """What no query has of itself, of the same type."""
    if isinstance(value, tuple):
        return tuple(_placeholder(number * 1000 + place, one) for place, one in enumerate(value, 1))
    if isinstance(value, dt.datetime):
        return dt.datetime(9000 + number, 1, 1, tzinfo=dt.UTC)
    if not _is_parameter(value):
        return value
    return f"stand-in {number}" if isinstance(value, str) else 1_000_000_000 + number
