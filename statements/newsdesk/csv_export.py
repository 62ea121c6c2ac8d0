"""A list as a CSV file that opens well in a spreadsheet and can do no harm there."""

import csv
import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.utils import timezone

from statements import clock

BOM = "\ufeff"  # without it Excel reads UTF-8 as something else
CHUNK_ROWS = 500
FORMULA_PREFIXES = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class _Echo:
    """Where a writer writes, and the line is handed back."""

    def write(self, line: str) -> str:
        return line


def escape_cell(value: Any) -> str:
    """The value as a cell. What a spreadsheet would take for a formula begins with ' instead."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return timezone.localtime(value).isoformat(timespec="seconds")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, bool):
        return "yes" if value else "no"
    cell = str(value)
    dangerous = cell.startswith(FORMULA_PREFIXES) or cell.lstrip().startswith(FORMULA_PREFIXES)
    return f"'{cell}" if dangerous else cell


def stream_csv(
    name: str,
    columns: tuple[tuple[str, str], ...],
    rows: QuerySet,
    tell: Callable[[list], None],
) -> StreamingHttpResponse:
    """The rows as a file named after the list and the day, sent as it is read."""
    day = timezone.localdate(clock.now())
    return StreamingHttpResponse(
        _iterate_lines(columns, rows, tell),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}-{day.isoformat()}.csv"',
            "Cache-Control": "private, no-store",
        },
    )


def _iterate_lines(columns, rows: QuerySet, tell) -> Iterator[str]:
    writer = csv.writer(_Echo(), lineterminator="\r\n")
    yield BOM + writer.writerow([heading for heading, _ in columns])
    for row in _iterate_rows(rows, tell):
        yield writer.writerow([escape_cell(_get_value(row, name)) for _, name in columns])


def _iterate_rows(rows: QuerySet, tell) -> Iterator[Any]:
    """The newest made first, some hundreds at a time: each a query of its own that is soon over,
    so that no slow reader holds a million rows, a lock or SQLite's log."""
    rows = rows.order_by("-pk")
    chunk = list(rows[:CHUNK_ROWS])
    while chunk:
        tell(chunk)
        yield from chunk
        chunk = list(rows.filter(pk__lt=chunk[-1].pk)[:CHUNK_ROWS])


def _get_value(row: Any, name: str) -> Any:
    for part in name.split("."):
        row = getattr(row, part, None)
        if callable(row):
            row = row()
    return row
