"""An export of this product, put back into an empty database row by row, as it was.

Digests, events and their chains are those of the export; `verify_record` proves it.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management.color import no_style
from django.db import connection, models, transaction

from archive.exporter import FORMAT, MANIFEST
from archive.readers.row import UnreadableSource
from archive.serialisers import CHILDREN, FLAT_TABLES, load_row
from statements.models import (
    Edition,
    Event,
    Fingerprints,
    RelatedStatement,
    Statement,
    StoredFile,
    random_path,
)
from statements.quotations.fingerprint_index import store_fingerprints
from statements.search import index

BATCH_ROWS = 200


def is_export(folder: Path) -> bool:
    """Whether this folder is one of ours."""
    try:
        return bool(_read_manifest(folder)["format"] == FORMAT)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _read_manifest(folder: Path) -> dict[str, Any]:
    said = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    return said if isinstance(said, dict) else {}


@transaction.atomic
def restore_export(folder: Path, *, at: dt.datetime, messages: list[str]) -> Iterator[int]:
    """Yields how many statements are back; all or nothing. Raises NothingToRead with a sentence.

    The house's own chain (accounts, anchors) comes back only where this database has none yet.
    """
    if Statement.objects.exists():
        raise UnreadableSource(
            "There are statements here. An export is restored into an empty database: point "
            "DATABASE_URL at one, run migrate, and restore there."
        )
    _check_files(folder)
    yield from _Restorer(folder, at, messages).run()


def _check_files(folder: Path) -> None:
    for name, digest in _read_manifest(folder)["files"].items():
        path = folder / Path(name).name
        if not path.is_file():
            raise UnreadableSource(f"{name} is missing from the export: copy it whole.")
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != digest:
                raise UnreadableSource(f"{name} is not as it was exported: copy the export anew.")


class _Restorer:
    def __init__(self, folder: Path, at: dt.datetime, told: list[str]) -> None:
        self.folder, self.at, self.messages = folder, at, told
        self.restores_site_events = not Event.objects.exists()
        self.users: dict[str, int] = {}
        self.stems: set[str] = set()
        self.written_models: set[type[models.Model]] = set()

    def run(self) -> Iterator[int]:
        self._restore_accounts()
        for name, model in FLAT_TABLES.items():
            for batch in _split_batches(self._read_lines(name)):
                rows = [load_row(model, said, self.users) for said in batch]
                self._write_rows(model, rows)
        self._restore_site_events()
        done = 0
        for batch in _split_batches(self._read_lines("statements")):
            self._restore_statements(batch)
            done += len(batch)
            yield done
        self._restore_links()
        self._reset_sequences()

    def _read_lines(self, name: str) -> Iterator[dict[str, Any]]:
        with (self.folder / f"{name}.jsonl").open(encoding="utf-8") as file:
            for line in file:
                yield json.loads(line)

    def _restore_accounts(self) -> None:
        """Those who are not here become accounts that nobody can use."""
        user_model = get_user_model()
        here = dict(user_model.objects.values_list("username", "pk"))
        missing = [said for said in self._read_lines("accounts") if said["name"] not in here]
        user_model.objects.bulk_create(
            user_model(
                username=said["name"],
                first_name=said["first"],
                last_name=said["last"],
                is_active=False,
                password=make_password(None),
            )
            for said in missing
        )
        self.users = dict(user_model.objects.values_list("username", "pk"))
        if missing:
            names = ", ".join(said["name"] for said in missing[:20])
            self.messages.append(
                f"Accounts that nobody can use until a manager opens them: {names}."
            )

    def _restore_site_events(self) -> None:
        events = [load_row(Event, said, self.users) for said in self._read_lines("house_events")]
        if events and not self.restores_site_events:
            self.messages.append(
                "This database has begun a record of its own accounts, so that of the export, with "
                "its anchors, was left in house_events.jsonl."
            )
            return
        self._write_rows(Event, events)

    # --- Rows ---

    def _write_rows(self, model: type[models.Model], rows: list[models.Model]) -> None:
        self.written_models.add(model)
        for row in rows:
            if isinstance(row, StoredFile):
                row.path = self._store_bytes(row)
            if isinstance(row, Event) and not self.restores_site_events:
                row.pk = None
        model._default_manager.bulk_create(rows)

    def _store_bytes(self, file: StoredFile) -> str:
        path = random_path()
        if file.erased_at is None:
            data = (self.folder / "files" / file.digest).read_bytes()
            if hashlib.sha256(data).hexdigest() != file.digest:
                raise UnreadableSource(
                    f"files/{file.digest} is not as it was exported: copy it anew."
                )
            path = default_storage.save(path, ContentFile(data))
        return path

    def _restore_statements(self, batch: list[dict[str, Any]]) -> None:
        statements = [load_row(Statement, said, self.users) for said in batch]
        for one in statements:
            one.translation_of_id = None  # type: ignore[attr-defined]  # it may come later
        self._write_rows(Statement, statements)
        times = [load_row(Statement, said, self.users) for said in batch]
        Statement.objects.bulk_update(times, ["created_at", "changed_at"])  # type: ignore[arg-type]
        self._restore_children(Statement, batch)
        numbers = [one.pk for one in statements]
        found = index.indexable_editions(self.at).filter(statement__in=numbers)
        index.index_editions(list(found), self.stems)
        store_fingerprints(Fingerprints.objects.unindexed_editions().filter(statement__in=numbers))
        if connection.vendor == "postgresql":
            connection.check_constraints()  # now, so that what is to be checked does not pile up

    def _restore_children(self, model: type[models.Model], parents: list[dict[str, Any]]) -> None:
        for name, (child, _) in CHILDREN.get(model, {}).items():
            if child is RelatedStatement:
                continue
            said = sorted((one for of in parents for one in of[name]), key=lambda one: one["id"])
            if said:
                self._write_rows(child, [load_row(child, one, self.users) for one in said])
                self._restore_children(child, said)

    def _restore_links(self) -> None:
        """What leads from one statement to another, now that all are there."""
        for batch in _split_batches(self._read_lines("statements")):
            rows = [
                load_row(RelatedStatement, one, self.users) for of in batch for one in of["related"]
            ]
            self._write_rows(RelatedStatement, rows)
            for said in batch:
                if said["translation_of"]:
                    Statement.objects.filter(pk=said["id"]).update(
                        translation_of=said["translation_of"]
                    )

    def _reset_sequences(self) -> None:
        with connection.cursor() as cursor:
            for sql in connection.ops.sequence_reset_sql(no_style(), list(self.written_models)):
                cursor.execute(sql)


def _split_batches(lines: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    left = iter(lines)
    while batch := list(islice(left, BATCH_ROWS)):
        yield batch


def editions_and_events() -> int:
    return Edition.objects.count() + Event.objects.count()
