"""Everything that the product holds: each row of each table, and each file in storage."""

import hashlib

from django.core.files.storage import default_storage
from django.db import connection


def dump_product() -> dict[str, list[str]]:
    """Return table → its rows, and "files" → path and digest, in an order of their own.

    Without the throttle of passwords: it counts a try before it looks, so that a killed guess counts.
    """
    with connection.cursor() as cursor:
        names = [
            name
            for name in connection.introspection.table_names(cursor)
            if not name.startswith("axes_")
        ]
        dump = {name: _read_rows(cursor, name) for name in names}
    return dump | {"files": [f"{path} {_digest(path)}" for path in sorted(_list_files(""))]}


def _read_rows(cursor, table: str) -> list[str]:
    cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
    return sorted(map(repr, cursor.fetchall()))


def _list_files(folder: str) -> list[str]:
    if folder and not default_storage.exists(folder):
        return []
    try:
        folders, files = default_storage.listdir(folder or ".")
    except FileNotFoundError:
        return []
    inside = [path for name in folders for path in _list_files(f"{folder}{name}/")]
    return inside + [f"{folder}{name}" for name in files]


def _digest(path: str) -> str:
    with default_storage.open(path) as file:
        return hashlib.sha256(file.read()).hexdigest()
