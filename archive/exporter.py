"""Export everything as JSON Lines with the attached files, to restore from or to leave with."""

import csv
import datetime as dt
import hashlib
import json
import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.files.storage import default_storage
from django.db import models

from archive.report import escape_cell
from archive.serialisers import CHILDREN, FLAT_TABLES, dump_row
from statements.content import rendering
from statements.content.schema import FIELDS
from statements.integrity.keys import get_public_keys
from statements.models import Edition, Event, Statement, StoredFile

FORMAT = "On the Record 1"
MANIFEST = "manifest.json"
BATCH_ROWS = 200
TABLE_FIELDS = [field for field in FIELDS if field.csv_column]
FIRST_COLUMNS = (
    "headline,kind,publisher,byline,language,dated,first_released,edition,state,address,themes,words"
).split(",")
COLUMNS = list(dict.fromkeys(FIRST_COLUMNS + [field.csv_column for field in TABLE_FIELDS]))
"""New fields follow at the end, so that no column of an existing spreadsheet moves."""


class ExportError(Exception):
    """Say in a sentence why an export was not made."""


def write_export(folder: Path, *, at: dt.datetime) -> Iterator[int]:
    """Write everything into an empty folder; yield how many statements are written so far.

    Rows are in the order of their primary keys and nothing says when the export was made, so two
    exports of the same data are the same bytes (except statements.csv, which says what is public).
    """
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise ExportError(
            f"{folder} is not empty: name a folder that is, or that does not exist yet."
        )
    users = dict(get_user_model().objects.values_list("pk", "username"))
    _write_lines(folder / "accounts.jsonl", _dump_accounts())
    for name, model in FLAT_TABLES.items():
        rows = model._default_manager.order_by("pk").iterator(chunk_size=BATCH_ROWS)  # noqa: SLF001 - public in Django, despite its name
        _write_lines(folder / f"{name}.jsonl", (dump_row(row, users) for row in rows))
    _write_lines(folder / "public_keys.jsonl", map(asdict, get_public_keys().values()))
    _copy_files(folder / "files")
    _write_lines(folder / "house_events.jsonl", _dump_site_events(users))
    yield from _write_statements(folder, users, at)
    _write_manifest(folder)


def _dump_accounts() -> Iterator[dict[str, Any]]:
    """Export names only: no password, e-mail address or permission."""
    for user in get_user_model().objects.order_by("username").iterator():
        yield {"name": user.username, "first": user.first_name, "last": user.last_name}


def _dump_site_events(users: dict[int, str]) -> Iterator[dict[str, Any]]:
    last_pk, events = 0, Event.objects.filter(statement=None).order_by("pk")
    while batch := list(events.filter(pk__gt=last_pk)[:BATCH_ROWS]):
        last_pk = batch[-1].pk
        yield from _dump_with_children(batch, users)


def _write_statements(folder: Path, users: dict[int, str], at: dt.datetime) -> Iterator[int]:
    count, last_pk = 0, 0
    with (
        (folder / "statements.jsonl").open("w", encoding="utf-8") as lines,
        (folder / "statements.csv").open("w", encoding="utf-8-sig", newline="") as table,
    ):
        writer = csv.writer(table)
        writer.writerow(COLUMNS)
        while batch := list(Statement.objects.filter(pk__gt=last_pk).order_by("pk")[:BATCH_ROWS]):
            last_pk = batch[-1].pk
            for row in _dump_with_children(batch, users):
                lines.write(_format_line(row))
            for statement in _prefetch_for_table(batch):
                writer.writerow([escape_cell(value) for value in _build_cells(statement, at)])
            count += len(batch)
            yield count


def _dump_with_children(rows: list[Any], users: dict[int, str]) -> list[dict[str, Any]]:
    dumped = [dump_row(row, users) for row in rows]
    dumped_by_pk = {row.pk: data for row, data in zip(rows, dumped, strict=True)}
    for name, (model, parent) in CHILDREN.get(type(rows[0]), {}).items() if rows else ():
        children = list(
            model._default_manager.filter(**{f"{parent}__in": dumped_by_pk}).order_by("pk")  # noqa: SLF001 - public in Django, despite its name
        )
        children_by_parent: dict[int, list[dict[str, Any]]] = defaultdict(list)
        for child, data in zip(children, _dump_with_children(children, users), strict=True):
            children_by_parent[getattr(child, f"{parent}_id")].append(data)
        for pk, data in dumped_by_pk.items():
            data[name] = children_by_parent[pk]
    return dumped


def _write_lines(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(_format_line(row))


def _format_line(row: dict[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n"


def _copy_files(folder: Path) -> None:
    """Copy the bytes of each file under its digest; those of erased files no longer exist."""
    folder.mkdir()
    for file in StoredFile.objects.filter(erased_at=None).order_by("pk").iterator():
        target = folder / file.digest
        if not target.exists():
            with default_storage.open(file.path) as source, target.open("wb") as copy:
                shutil.copyfileobj(source, copy)


def _write_manifest(folder: Path) -> None:
    names = sorted(path.name for path in folder.glob("*.jsonl"))
    files = {name: _compute_digest(folder / name) for name in names}
    text = json.dumps({"format": FORMAT, "files": files}, indent=1)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def _compute_digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# --- The table ------------------------------------------------------------------------------------


def _prefetch_for_table(batch: list[Statement]) -> Iterable[Statement]:
    models.prefetch_related_objects(batch, "editions", "themes", "organisation")
    return batch


def _build_cells(statement: Statement, at: dt.datetime) -> list[object]:
    """Describe the public edition, else the last one that was public, else the draft."""
    released = [edition for edition in statement.editions.all() if edition.is_released(at)]
    newest = max(released, key=lambda edition: (edition.release_at, edition.sequence), default=None)
    content = _get_content(newest) if newest else statement.content(passages=(), attachments=())
    cells: dict[str, object] = {
        field.csv_column: field.type.describe(field.value_in(content)) for field in TABLE_FIELDS
    }
    cells["themes"] = ", ".join(sorted(theme.name for theme in statement.themes.all()))
    cells["state"] = "not public yet"
    if newest:
        cells |= {
            "byline": newest.byline,
            "first_released": newest.first_released or "",
            "edition": newest.sequence,
            "state": "public" if newest.is_public(at) else "withdrawn",
            "address": f"/statements/{newest.slug}/" if newest.slug else "",
            "words": _render_text(newest),
        }
    return [cells.get(column, "") for column in COLUMNS]


def _get_content(edition: Edition) -> dict[str, Any]:
    """Return the frozen content; of an erased edition, the columns that are left."""
    if edition.erased_at is None:
        return edition.content_data
    return {
        field.key: field.type.freeze(getattr(edition, field.key))
        for field in TABLE_FIELDS
        if field.type.freeze and hasattr(edition, field.key)
    }


def _render_text(edition: Edition) -> str:
    return "" if edition.erased_at else rendering.render_plain_text(edition.content_data)
