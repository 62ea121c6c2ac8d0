"""Stream a list as a CSV file that is safe to open in a spreadsheet."""

import csv
import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import Model, QuerySet
from django.http import StreamingHttpResponse
from django.utils import timezone

from statements import clock
from statements.files.csv_cells import escape_formula

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

BOM = "\ufeff"  # without it, Excel does not read the file as UTF-8
CHUNK_ROWS = 500

Columns = Sequence[tuple["StrOrPromise", str]]
"""Heading and attribute path of each column, such as ("Organisation", "organisation.name")."""


class _Echo:
    """A file whose write() returns the line, so that csv.writer returns it too."""

    def write(self, line: str) -> str:
        return line


def format_cell(value: Any) -> str:
    """Return the text of a cell, with an apostrophe before what looks like a formula."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return timezone.localtime(value).isoformat(timespec="seconds")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, bool):
        return "yes" if value else "no"
    return escape_formula(str(value))


def stream_csv(
    name: str,
    columns: Columns,
    rows: QuerySet[Model],
    annotate_rows: Callable[[list[Any]], None],
) -> StreamingHttpResponse:
    """Stream the rows as a file named after the list and the day."""
    day = timezone.localdate(clock.now())
    return StreamingHttpResponse(
        _iterate_lines(columns, rows, annotate_rows),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}-{day.isoformat()}.csv"',
            "Cache-Control": "private, no-store",
        },
    )


def _iterate_lines(
    columns: Columns, rows: QuerySet[Model], annotate_rows: Callable[[list[Any]], None]
) -> Iterator[str]:
    writer = csv.writer(_Echo(), lineterminator="\r\n")
    yield BOM + writer.writerow([heading for heading, _ in columns])
    for row in _iterate_rows(rows, annotate_rows):
        yield writer.writerow([format_cell(_get_value(row, name)) for _, name in columns])


def _iterate_rows(
    rows: QuerySet[Model], annotate_rows: Callable[[list[Any]], None]
) -> Iterator[Any]:
    """Return the rows, newest first, in chunks of one short query each.

    A slow reader must not keep one query open: it would hold a lock and SQLite's log.
    """
    rows = rows.order_by("-pk")
    chunk = list(rows[:CHUNK_ROWS])
    while chunk:
        annotate_rows(chunk)
        yield from chunk
        chunk = list(rows.filter(pk__lt=chunk[-1].pk)[:CHUNK_ROWS])


def _get_value(row: Any, name: str) -> Any:
    for part in name.split("."):
        row = getattr(row, part, None)
        if callable(row):
            row = row()
    return row
