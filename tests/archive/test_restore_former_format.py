"""An export by an earlier version is restored: its former field names and its missing file."""

import hashlib
import json

import pytest
from django.core.management import call_command

from archive.exporter import write_export
from archive.restore import restore_export
from archive.serialisers import FORMER_FIELD_NAMES
from statements.audit import verification
from statements.models import Statement
from tests.cast import DAY, NOON, make_statement, submit_statement

pytestmark = pytest.mark.django_db(transaction=True)


def rename_fields(row: dict, former_names: dict[str, str]) -> None:
    for name, former_name in former_names.items():
        row[former_name] = row.pop(name)


def to_former_format(folder) -> None:
    """Rewrite an export by hand as the earlier version wrote it."""
    path = folder / "statements.jsonl"
    statements = [json.loads(line) for line in path.read_text().splitlines()]
    for statement in statements:
        rename_fields(statement, {"leftover_text": "unplaced", "requested_release_at": "wanted_at"})
        for edition in statement["editions"]:
            rename_fields(edition, {"requested_release_at": "wanted_at"})
    path.write_text("".join(json.dumps(statement) + "\n" for statement in statements))
    (folder / "former_organisation_addresses.jsonl").unlink()
    manifest = json.loads((folder / "manifest.json").read_text())
    del manifest["files"]["former_organisation_addresses.jsonl"]
    manifest["files"]["statements.jsonl"] = hashlib.sha256(path.read_bytes()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest))


def test_an_export_by_an_earlier_version_is_restored(tmp_path, frozen, ann):
    frozen(NOON)
    statement = make_statement(ann, headline="From before")
    Statement.objects.filter(pk=statement.pk).update(
        leftover_text="A line of the document.", requested_release_at=NOON + DAY
    )
    edition = submit_statement(Statement.objects.get(pk=statement.pk), by=ann)
    folder = tmp_path / "out"
    assert list(write_export(folder, at=NOON)) == [1]
    to_former_format(folder)
    call_command("flush", interactive=False, verbosity=0)
    assert list(restore_export(folder, at=NOON, messages=[])) == [1]
    restored = Statement.objects.get()
    assert restored.leftover_text == "A line of the document."
    assert restored.requested_release_at == NOON + DAY
    restored_edition = restored.editions.get()
    assert restored_edition.requested_release_at == edition.requested_release_at == NOON + DAY
    assert list(verification.verify()) == []


def test_former_names_are_of_fields_that_exist():
    for model, names in FORMER_FIELD_NAMES.items():
        assert {field.name for field in model._meta.concrete_fields} >= names.keys()
        assert not names.keys() & set(names.values())
