"""Compile a query to SQL once, and run it again with other values.

Building a queryset and compiling it takes three quarters of the time of a page that no cache has.
Between two pages only the values differ, and they travel as parameters.

This relies on three parts of Django that its documentation does not promise: `get_compiler` of a
query, and `as_sql` and `get_converters` of a compiler. Its test names the version of Django for
which they were checked.
"""

import copy
import datetime as dt
import functools
import threading
from collections.abc import Callable, Hashable, Iterable
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.query import QuerySet


def compiled_query(build: Callable[..., QuerySet[Any]]) -> Callable[..., list[Any]]:
    """Turn a function that builds a queryset into one that returns the rows.

    Every argument is passed by name. A text, a number, a time and a tuple of numbers are values
    of the query: the function must put each into it, and may decide nothing by it. Anything else
    (None, a class, a boolean) makes another query. A tuple is for `__in`: its last number is
    repeated up to a power of two, so that few lengths are compiled.
    """
    queries: dict[Hashable, _CompiledQuery] = {}

    @functools.wraps(build)
    def fetch_rows(**arguments: Any) -> list[Any]:
        connection = connections[DEFAULT_DB_ALIAS]
        arguments = {name: _pad_to_power_of_two(value) for name, value in arguments.items()}
        shape = (
            connection.vendor,
            *((name, _parameter_shape(value)) for name, value in arguments.items()),
        )
        if shape not in queries:
            queries[shape] = _CompiledQuery(build, arguments, connection)
        return queries[shape].fetch_rows(arguments, connection)

    return fetch_rows


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
    assert isinstance(value, Hashable), "An argument of a compiled query is hashable."
    return value


class _CompiledQuery:
    """One query, compiled with a placeholder for each value."""

    def __init__(
        self,
        build: Callable[..., QuerySet[Any]],
        arguments: dict[str, Any],
        connection: BaseDatabaseWrapper,
    ) -> None:
        placeholders = {
            name: _placeholder(number, value)
            for number, (name, value) in enumerate(arguments.items(), 1)
        }
        self.queryset = build(**placeholders)
        self.compiler = self.queryset.query.get_compiler(connection=connection)
        self.sql, parameters = self.compiler.as_sql()
        placeholder_values = _database_values(placeholders.values(), connection)
        positions = {value: position for position, value in enumerate(placeholder_values)}
        # For each parameter its position among the values, or None and a constant of the query.
        self.parameters = [(positions.get(value), value) for value in parameters]
        unused = positions.keys() - {*parameters}
        assert not unused, f"The query of {build.__qualname__} does not use all of its arguments."
        self.thread = threading.local()

    def fetch_rows(self, arguments: dict[str, Any], connection: BaseDatabaseWrapper) -> list[Any]:
        values = _database_values(arguments.values(), connection)
        parameters = tuple(
            constant if position is None else values[position]
            for position, constant in self.parameters
        )
        bound: _BoundQuery | None = getattr(self.thread, "bound", None)
        if bound is None or bound.compiler.connection is not connection:
            bound = self.thread.bound = _BoundQuery(self, connection)
        return bound.fetch_rows(self.sql, parameters)


class _BoundQuery:
    """The queryset of one thread and its connection, evaluated again and again."""

    def __init__(self, query: _CompiledQuery, connection: BaseDatabaseWrapper) -> None:
        self.queryset = query.queryset.all()
        compiler = self.compiler = copy.copy(query.compiler)
        compiler.connection = connection
        # Each evaluation returns the same columns: look up their converters once.
        columns = [column for column, *_ in compiler.select[: compiler.col_count]]
        converters = compiler.get_converters(columns)
        compiler.get_converters = lambda columns: converters
        self.queryset.query.get_compiler = lambda *args, **options: compiler  # type: ignore[method-assign] # this queryset is ours alone

    def fetch_rows(self, sql: str, parameters: tuple[Any, ...]) -> list[Any]:
        self.compiler.as_sql = lambda *args, **options: (sql, parameters)
        try:
            return list(self.queryset)
        finally:  # or the next evaluation would return these rows
            vars(self.queryset).update(_result_cache=None, _prefetch_done=False)


def _database_values(arguments: Iterable[Any], connection: BaseDatabaseWrapper) -> list[Any]:
    values: list[Any] = []
    for argument in arguments:
        if isinstance(argument, dt.datetime):
            values.append(connection.ops.adapt_datetimefield_value(argument))
        elif isinstance(argument, tuple):
            values += argument
        elif _is_parameter(argument):
            values.append(argument)
    return values


def _placeholder(number: int, value: Any) -> Any:
    """Return a value of the same type that no query has as a constant."""
    if isinstance(value, tuple):
        return tuple(
            _placeholder(number * 1000 + position, member)
            for position, member in enumerate(value, 1)
        )
    if isinstance(value, dt.datetime):
        return dt.datetime(9000 + number, 1, 1, tzinfo=dt.UTC)
    if not _is_parameter(value):
        return value
    return f"placeholder {number}" if isinstance(value, str) else 1_000_000_000 + number
