"""Everything that is here, as JSON Lines and files beside: to leave with, or to restore from."""

import csv
import datetime as dt
import hashlib
import json
import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.files.storage import default_storage
from django.db import models

from archive.report import escape_cell
from archive.serialisers import CHILDREN, FLAT_TABLES, dump_row
from statements.content import rendering
from statements.content.schema import FIELDS
from statements.models import Edition, Event, Statement, StoredFile

FORMAT = "On the Record 1"
MANIFEST = "manifest.json"
BATCH_ROWS = 200
IN_TABLE = [field for field in FIELDS if field.csv_column]
FIRST_COLUMNS = (
    "headline,kind,publisher,byline,language,dated,first_released,edition,state,address,themes,words"
).split(",")
COLUMNS = list(dict.fromkeys(FIRST_COLUMNS + [field.csv_column for field in IN_TABLE]))
"""Fields that are added later follow at the end, so that no column of a spreadsheet moves."""


class ExportError(Exception):
    """Why an export was not made, in a sentence."""


def write_export(folder: Path, *, at: dt.datetime) -> Iterator[int]:
    """Write everything into an empty folder; yields how many statements are done.

    In the order of row numbers and with nothing in it that tells when it was made, so that two
    exports of one record are the same bytes (but for statements.csv, which tells what is public).
    """
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise ExportError(
            f"{folder} is not empty: name a folder that is, or that is yet to be made."
        )
    users = dict(get_user_model().objects.values_list("pk", "username"))
    _write_lines(folder / "accounts.jsonl", _dump_accounts())
    for name, model in FLAT_TABLES.items():
        rows = model._default_manager.order_by("pk").iterator(chunk_size=BATCH_ROWS)
        _write_lines(folder / f"{name}.jsonl", (dump_row(row, users) for row in rows))
    _copy_files(folder / "files")
    house = Event.objects.filter(statement=None).order_by("pk").iterator(chunk_size=BATCH_ROWS)
    _write_lines(folder / "house_events.jsonl", (dump_row(row, users) for row in house))
    yield from _write_statements(folder, users, at)
    _write_manifest(folder)


def _dump_accounts() -> Iterator[dict[str, Any]]:
    """Names alone: no password, no address, and no power leaves with them."""
    for user in get_user_model().objects.order_by("username").iterator():
        yield {"name": user.username, "first": user.first_name, "last": user.last_name}


def _write_statements(folder: Path, users: dict[int, str], at: dt.datetime) -> Iterator[int]:
    done, last = 0, 0
    with (
        (folder / "statements.jsonl").open("w", encoding="utf-8") as lines,
        (folder / "statements.csv").open("w", encoding="utf-8-sig", newline="") as table,
    ):
        rows = csv.writer(table)
        rows.writerow(COLUMNS)
        while batch := list(Statement.objects.filter(pk__gt=last).order_by("pk")[:BATCH_ROWS]):
            last = batch[-1].pk
            for said in _dump_with_children(batch, users):
                lines.write(_format_line(said))
            for statement in _prefetch_for_table(batch):
                rows.writerow([escape_cell(value) for value in _build_cells(statement, at)])
            done += len(batch)
            yield done


def _dump_with_children(rows: list[Any], users: dict[int, str]) -> list[dict[str, Any]]:
    """Each row with what belongs to it, one query for each table."""
    said = [dump_row(row, users) for row in rows]
    by_number = {row.pk: one for row, one in zip(rows, said, strict=True)}
    for name, (model, parent) in CHILDREN.get(type(rows[0]), {}).items() if rows else ():
        children = list(
            model._default_manager.filter(**{f"{parent}__in": by_number}).order_by("pk")
        )
        of_parent: dict[int, list[dict[str, Any]]] = defaultdict(list)
        for child, one in zip(children, _dump_with_children(children, users), strict=True):
            of_parent[getattr(child, f"{parent}_id")].append(one)
        for number, one in by_number.items():
            one[name] = of_parent[number]
    return said


def _write_lines(path: Path, lines: Iterable[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8") as file:
        for one in lines:
            file.write(_format_line(one))


def _format_line(said: dict[str, Any]) -> str:
    return json.dumps(said, ensure_ascii=False, sort_keys=True) + "\n"


def _copy_files(folder: Path) -> None:
    """The bytes, each under its digest; those that were erased are nowhere."""
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
    """The edition that is public, else the last that was, else the working copy."""
    released = [one for one in statement.editions.all() if one.is_released(at)]
    newest = max(released, key=lambda one: (one.release_at, one.sequence), default=None)
    content = _content(newest) if newest else statement.content(passages=(), attachments=())
    cells: dict[str, object] = {
        field.csv_column: field.type.describe(field.value_in(content)) for field in IN_TABLE
    }
    cells["themes"] = ", ".join(sorted(theme.name for theme in statement.themes.all()))
    cells["state"] = "not public yet"
    if newest:
        cells |= {
            "byline": newest.byline,
            "first_released": newest.first_release_at or "",
            "edition": newest.sequence,
            "state": "public" if newest.is_public(at) else "withdrawn",
            "address": f"/statements/{newest.slug}/",
            "words": _render_text(newest),
        }
    return [cells.get(column, "") for column in COLUMNS]


def _content(edition: Edition) -> dict[str, Any]:
    """The frozen content; of one that was erased, what its row still says."""
    if edition.erased_at is None:
        return edition.content_data
    return {
        field.key: field.type.freeze(getattr(edition, field.key))
        for field in IN_TABLE
        if field.type.freeze and hasattr(edition, field.key)
    }


def _render_text(edition: Edition) -> str:
    return "" if edition.erased_at else rendering.render_plain_text(edition.content_data)
