"""Rows straight into their tables: COPY on PostgreSQL, one prepared statement on SQLite."""

import contextlib
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.core.management.color import no_style
from django.db import connection
from django.db.models import (
    BooleanField,
    CharField,
    DateField,
    Field,
    ForeignKey,
    IntegerField,
    Max,
    Model,
    TextField,
    UUIDField,
)

COPY_ESCAPES = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}

UNCONVERTED_FIELDS = (BooleanField, CharField, ForeignKey, IntegerField, TextField)
"""Fields whose values both databases take as Python has them."""


def insert_numbered(rows: Sequence[Model]) -> None:
    """Insert new rows of one model under the next numbers of its table; no `save` and no signal.

    Inside a transaction, so that on SQLite nobody else takes the same numbers.
    """
    if not rows:
        return
    for row, number in zip(rows, _reserve_pks(type(rows[0]), len(rows)), strict=True):
        row.pk = number
    insert_rows(rows)


def _reserve_pks(model: type[Model], count: int) -> Iterable[int]:
    table, column = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
                [table, column, count],
            )
            return [number for (number,) in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = cursor.fetchone() or (0,)
        return range(last[0] + 1, last[0] + 1 + count)


def insert_rows(rows: Sequence[Model]) -> None:
    """Insert rows of one model that have their numbers already; no `save` and no signal."""
    if not rows:
        return
    fields = rows[0]._meta.concrete_fields
    columns_of_values = [_column_values(field, rows) for field in fields]
    table, columns = rows[0]._meta.db_table, ", ".join(f'"{field.column}"' for field in fields)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            copied = [_format_column(values) for values in columns_of_values]
            lines = "\n".join(map("\t".join, zip(*copied, strict=True)))
            cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", io.StringIO(lines))
        else:
            places = ", ".join(["%s"] * len(fields))
            cursor.executemany(
                f"INSERT INTO {table} ({columns}) VALUES ({places})",
                list(zip(*columns_of_values, strict=True)),
            )
    alias = connection.alias
    for row in rows:
        row._state.adding, row._state.db = False, alias


def _column_values(field: Field, rows: Sequence[Model]) -> list[Any]:
    """What this field says in each row, as the database takes it."""
    if isinstance(field, ForeignKey):
        _fill_related_pks(field, rows)
    values = [vars(row)[field.attname] for row in rows]
    if isinstance(field, UNCONVERTED_FIELDS):
        return values
    if isinstance(field, (DateField, UUIDField)) and connection.vendor == "postgresql":
        return values  # as it reads what Python writes
    if not isinstance(field, DateField):
        return [field.get_db_prep_save(value, connection) for value in values]
    # Each once: most rows of a batch share their times.
    prepared = {value: field.get_db_prep_save(value, connection) for value in set(values)}
    return [prepared[value] for value in values]


def _fill_related_pks(field: ForeignKey, rows: Sequence[Model]) -> None:
    """What a row was given before it had a number may have one by now."""
    for row in rows:
        if vars(row)[field.attname] is None and (
            related := row._state.fields_cache.get(field.name)
        ):
            setattr(row, field.attname, related.pk)


def _format_column(values: list[Any]) -> list[str]:
    first = values[0]
    if all(value is first for value in values):
        return [_format_value(first)] * len(values)
    return list(map(_format_value, values))


def _format_value(value: Any) -> str:
    """In the text format of COPY."""
    if isinstance(value, str):
        for character, written in COPY_ESCAPES.items():  # str.translate takes ten times as long
            value = value.replace(character, written)
        return value
    if isinstance(value, list):
        return f"{{{','.join(map(str, value))}}}"
    return "\\N" if value is None else str(value)


def find_last_pks(models: Iterable[type[Model]]) -> dict[type[Model], int]:
    return {
        model: model._default_manager.aggregate(last=Max("pk"))["last"] or 0 for model in models
    }


def reset_sequences(models: Sequence[type[Model]]) -> None:
    """Let the next row get the number after the last one; SQLite does so by itself."""
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(sql)


@contextlib.contextmanager
def rebuild_large_indexes_after() -> Iterator[None]:
    """Without the indexes that hold a row in hundreds of places, which are made anew afterwards.

    Only while a record is first filled: whoever searches it meanwhile waits.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema()"
            " AND tablename LIKE 'statements%%' AND indexdef LIKE '%% USING gin %%'"
        )
        indexes = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {name}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SET maintenance_work_mem = '1GB'")
            for _, definition in indexes:
                cursor.execute(definition)
            cursor.execute("RESET maintenance_work_mem")
            cursor.execute("ANALYZE")
