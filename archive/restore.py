"""Restore an export of this product into an empty database, row by row.

Digests, events and their chains are those of the export; `verify_record` proves it.
"""

import datetime as dt
import hashlib
import json
import logging
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, cast

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management.color import no_style
from django.db import connection, models, transaction

from archive.exporter import FORMAT, MANIFEST
from archive.readers.row import UnreadableSource
from archive.serialisers import (
    CHILDREN,
    FLAT_TABLES,
    OPTIONAL_FILES,
    load_row,
    upgrade_event,
    upgrade_statement,
)
from organisations.models import Speaker
from statements.audit.compared import ACCOUNT
from statements.audit.events import write_baselines, write_event
from statements.audit.site_chain import read_site
from statements.audit.state import make_key
from statements.integrity.keys import get_public_keys
from statements.integrity.public_keys import read_exported_keys
from statements.models import (
    Action,
    Event,
    EventText,
    Fingerprints,
    RelatedStatement,
    Seal,
    SealedEdition,
    Statement,
    StoredFile,
    random_path,
)
from statements.quotations.fingerprint_index import store_fingerprints
from statements.search import drafts, index

BATCH_ROWS = 200
KEYS_FILE = "public_keys.jsonl"
logger = logging.getLogger(__name__)


def is_export(folder: Path) -> bool:
    """Return whether the folder holds an export of this product."""
    try:
        return bool(_read_manifest(folder)["format"] == FORMAT)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _read_manifest(folder: Path) -> dict[str, Any]:
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    return manifest if isinstance(manifest, dict) else {}


@transaction.atomic
def restore_export(folder: Path, *, at: dt.datetime, messages: list[str]) -> Iterator[int]:
    """Restore everything or nothing; yield how many statements are restored so far.

    The site's own chain of events (accounts, seals) is restored only where this database has none
    yet. Raises UnreadableSource with a sentence.
    """
    if Statement.objects.exists():
        raise UnreadableSource(
            "There are statements here. An export is restored into an empty database: point "
            "DATABASE_URL at one, run migrate, and restore there."
        )
    _check_files(folder)
    _check_keys(folder / KEYS_FILE)
    logger.info("Restore of an export started")
    count = 0
    for count in _Restorer(folder, at, messages).run():
        yield count
    logger.info("Restore of an export ended: %d statements", count)


def _check_files(folder: Path) -> None:
    for name, digest in _read_manifest(folder)["files"].items():
        path = folder / Path(name).name
        if not path.is_file():
            raise UnreadableSource(f"{name} is missing from the export: copy it whole.")
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != digest:
                raise UnreadableSource(
                    f"{name} is not as it was exported: copy the export once more."
                )


def _check_keys(path: Path) -> None:
    """Refuse events that are signed with keys of a site that nobody here has trusted yet."""
    entries = read_exported_keys(path) if path.exists() else []
    known = get_public_keys()
    if unknown := [entry.key_id for entry in entries if entry.key_id not in known]:
        raise UnreadableSource(
            f"Its events are signed with keys that this site does not trust: {', '.join(unknown)}. "
            "Compare them with /.well-known/on-the-record-keys.json of the former site. If they "
            f"are the same, run: manage.py trust_signing_keys {path}; then run this again."
        )


class _Restorer:
    def __init__(self, folder: Path, at: dt.datetime, messages: list[str]) -> None:
        self.folder, self.at, self.messages = folder, at, messages
        self.restores_site_events = not Event.objects.exists()
        self.users: dict[str, int] = {}
        self.stems: set[str] = set()
        self.written_models: set[type[models.Model]] = set()
        self.created_accounts: list[str] = []
        self.event_pks: dict[int, int] = {}
        """Number of an event in the export → its number here."""

    def run(self) -> Iterator[int]:
        self._restore_accounts()
        for name, model in filter(lambda table: self._restores(table[1]), FLAT_TABLES.items()):
            for batch in _split_batches(self._read_lines(name)):
                self._write_rows(model, self._load_rows(model, batch))
        self._restore_site_events()
        count = 0
        for batch in _split_batches(map(upgrade_statement, self._read_lines("statements"))):
            self._restore_statements(batch)
            count += len(batch)
            yield count
        self._restore_links()
        self._reset_sequences()
        self._write_baselines()

    def _restores(self, model: type[models.Model]) -> bool:
        """Return whether to restore these rows: seals belong to the site chain of events."""
        return self.restores_site_events or model not in (Seal, SealedEdition)

    def _read_lines(self, name: str) -> Iterator[dict[str, Any]]:
        path = self.folder / f"{name}.jsonl"
        if name in OPTIONAL_FILES and not path.exists():
            return
        with path.open(encoding="utf-8") as file:
            for line in file:
                yield json.loads(line)

    def _load_rows(
        self, model: type[models.Model], batch: Iterable[dict[str, Any]]
    ) -> list[models.Model]:
        return [load_row(model, data, self.users) for data in batch]

    def _restore_accounts(self) -> None:
        """Create the accounts that are missing here, closed and without a password."""
        user_model = get_user_model()
        usernames = set(user_model.objects.values_list("username", flat=True))
        missing = [row for row in self._read_lines("accounts") if row["name"] not in usernames]
        user_model.objects.bulk_create(
            user_model(
                username=row["name"],
                first_name=row["first"],
                last_name=row["last"],
                is_active=False,
                password=make_password(None),
            )
            for row in missing
        )
        self.users = dict(user_model.objects.values_list("username", "pk"))
        self.created_accounts = [row["name"] for row in missing]
        if missing:
            names = ", ".join(row["name"] for row in missing[:20])
            self.messages.append(
                f"Accounts that nobody can use until a manager opens them: {names}."
            )

    def _restore_site_events(self) -> None:
        lines = list(map(upgrade_event, self._read_lines("house_events")))
        events = self._load_rows(Event, lines)
        if events and not self.restores_site_events:
            self.messages.append(
                "This database has a record of its own accounts already, so that of the export, "
                "with its seals, was left in house_events.jsonl."
            )
            return
        self._write_rows(Event, events)
        self._restore_children(Event, lines)

    # --- Rows ---

    def _write_rows(self, model: type[models.Model], rows: Sequence[models.Model]) -> None:
        self.written_models.add(model)
        for row in rows:
            if isinstance(row, Speaker):
                row.set_keys()
            if isinstance(row, StoredFile):
                row.path = self._store_bytes(row)
            if isinstance(row, EventText):
                row.pk, row.event_id = None, self.event_pks[row.event_id]
        numbers = [row.pk for row in rows]
        if model is Event and not self.restores_site_events:
            for row in rows:
                row.pk = None  # the number may be that of one of the site's own events
        model._default_manager.bulk_create(rows)  # noqa: SLF001 - public in Django, despite its name
        if model is Event:
            self.event_pks = {old: row.pk for old, row in zip(numbers, rows, strict=True)}

    def _store_bytes(self, file: StoredFile) -> str:
        path = random_path()
        if file.erased_at is None:
            data = (self.folder / "files" / file.digest).read_bytes()
            if hashlib.sha256(data).hexdigest() != file.digest:
                raise UnreadableSource(
                    f"files/{file.digest} is not as it was exported: copy it once more."
                )
            path = default_storage.save(path, ContentFile(data))
        return path

    def _restore_statements(self, batch: list[dict[str, Any]]) -> None:
        statements = cast("list[Statement]", self._load_rows(Statement, batch))
        for statement in statements:
            statement.translation_of_id = None  # the original may be in a later batch
        self._write_rows(Statement, statements)
        # An insert sets these two to the present, so they are written once more.
        dated = cast("list[Statement]", self._load_rows(Statement, batch))
        Statement.objects.bulk_update(dated, ["created_at", "changed_at"])
        self._restore_children(Statement, batch)
        pks = [statement.pk for statement in statements]
        editions = index.indexable_editions(self.at).filter(statement__in=pks)
        index.index_editions(list(editions), self.stems)
        drafts.update_statements(Statement.objects.filter(pk__in=pks))
        store_fingerprints(Fingerprints.objects.unindexed_editions().filter(statement__in=pks))
        if connection.vendor == "postgresql":
            connection.check_constraints()  # a long queue of deferred checks takes memory

    def _restore_children(self, model: type[models.Model], parents: list[dict[str, Any]]) -> None:
        for name, (child_model, _) in CHILDREN.get(model, {}).items():
            if child_model is RelatedStatement or not self._restores(child_model):
                continue
            children = [child for parent in parents for child in parent.get(name, ())]
            if child_model is Event:
                children = list(map(upgrade_event, children))
            if child_model is not EventText:  # they follow their events, and get numbers here
                children.sort(key=lambda child: child["id"])
            if children:
                self._write_rows(child_model, self._load_rows(child_model, children))
                self._restore_children(child_model, children)

    def _restore_links(self) -> None:
        """Restore references between statements, once all statements are there."""
        for batch in _split_batches(self._read_lines("statements")):
            links = [link for statement in batch for link in statement["related"]]
            self._write_rows(RelatedStatement, self._load_rows(RelatedStatement, links))
            for data in batch:
                if data["translation_of"]:
                    Statement.objects.filter(pk=data["id"]).update(
                        translation_of=data["translation_of"]
                    )

    def _write_baselines(self) -> None:
        """Let events state what no event of the export states, so that verification proves it.

        Without the site's own chain of the export, nothing tells of former user names and merges:
        then every statement gets one.
        """
        if self.restores_site_events:
            write_event(None, Action.BASELINE, by=None, at=self.at, rows=dict(read_site()))
        elif self.created_accounts:
            keys = [make_key(ACCOUNT, [name]) for name in self.created_accounts]
            rows = {key: row for key, row in read_site().items() if key in keys}
            write_event(None, Action.ACCOUNT_CHANGED, by=None, at=self.at, rows=dict(rows))
        statements = Statement.objects.filter(events__isnull=False)
        if self.restores_site_events:
            statements = statements.filter(events__format=Event.Format.NOTE_IN_HASH)
        pks = list(statements.order_by("pk").distinct().values_list("pk", flat=True))
        for start in range(0, len(pks), BATCH_ROWS):
            batch = Statement.objects.filter(pk__in=pks[start : start + BATCH_ROWS])
            write_baselines(list(batch), at=self.at)

    def _reset_sequences(self) -> None:
        with connection.cursor() as cursor:
            for sql in connection.ops.sequence_reset_sql(no_style(), list(self.written_models)):
                cursor.execute(sql)


def _split_batches(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    iterator = iter(rows)
    while batch := list(islice(iterator, BATCH_ROWS)):
        yield batch
