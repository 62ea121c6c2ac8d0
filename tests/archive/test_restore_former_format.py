"""An export by an earlier version is restored: its former field names and its missing file."""

import datetime as dt
import hashlib
import json

import pytest
from django.core.management import call_command

from archive.exporter import write_export
from archive.restore import restore_export
from archive.serialisers import FORMER_FIELD_NAMES
from statements import workflow
from statements.audit import verification
from statements.content.schema import canonical
from statements.models import Statement, hash_event
from tests.cast import DAY, NOON, make_statement, submit_statement

pytestmark = pytest.mark.django_db(transaction=True)


def rename_fields(row: dict, former_names: dict[str, str]) -> None:
    for name, former_name in former_names.items():
        row[former_name] = row.pop(name)


def rewrite_event(event: dict, statement: dict, previous_hash: str) -> str:
    """Put the note back into the event and its hash; it states nothing and has no signature."""
    for name in ("format", "signature", "key_id"):
        del event[name]
    texts = {text["key"]: text["text"] for text in event.pop("texts")}
    detail = json.loads(event["detail"])
    stated = {key: detail.pop(key, {}) for key in ("rows", "texts")}
    assert stated["rows"], "The event states what it changed, and the former one does not."
    uuids = {edition["id"]: edition["uuid"] for edition in statement["editions"]}
    event |= {"note": texts.get("note", ""), "detail": canonical(detail)}
    event |= {"previous_hash": previous_hash}
    event["hash"] = hash_event(
        statement_uuid=statement["uuid"],
        edition_uuid=uuids[event["edition"]],
        at=dt.datetime.fromisoformat(event["at"]),
        **{name: event[name] for name in ("previous_hash", "number", "digest", "action")},
        **{name: event[name] for name in ("by_name", "note", "detail")},
    )
    return event["hash"]


def to_former_format(folder) -> None:
    """Rewrite an export by hand as the earlier version wrote it."""
    path = folder / "statements.jsonl"
    statements = [json.loads(line) for line in path.read_text().splitlines()]
    for statement in statements:
        rename_fields(statement, {"leftover_text": "unplaced", "requested_release_at": "wanted_at"})
        previous_hash = ""
        for event in statement["events"]:
            previous_hash = rewrite_event(event, statement, previous_hash)
        for edition in statement["editions"]:
            rename_fields(edition, {"requested_release_at": "wanted_at"})
    path.write_text("".join(json.dumps(statement) + "\n" for statement in statements))
    (folder / "former_organisation_addresses.jsonl").unlink()
    manifest = json.loads((folder / "manifest.json").read_text())
    del manifest["files"]["former_organisation_addresses.jsonl"]
    manifest["files"]["statements.jsonl"] = hashlib.sha256(path.read_bytes()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest))


def test_an_export_by_an_earlier_version_is_restored(tmp_path, frozen, ann, ed, capsys):
    frozen(NOON)
    statement = make_statement(ann, headline="From before")
    Statement.objects.filter(pk=statement.pk).update(
        leftover_text="A line of the document.", requested_release_at=NOON + DAY
    )
    edition = submit_statement(Statement.objects.get(pk=statement.pk), by=ann)
    workflow.send_back(edition, by=ed, at=NOON, seen_digest=edition.digest, note="Shorter.")
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
    assert [event.action for event in restored.events.all()] == [
        "submitted",
        "sent_back",
        "baseline",
    ]
    assert restored.events.get(number=2).note == "Shorter."
    assert verification.describe_baselines() == (
        "1 of the statements were restored from an export. The record proves the values since "
        "1 March 2044, and not what they were before."
    )
    assert verification.describe_baselines(restored) == (
        "This statement was restored from an export. The record proves the values since "
        "1 March 2044, and not what they were before."
    )
    call_command("verify_record")
    assert "The record proves the values since 1 March 2044" in capsys.readouterr().out
    restored.editions.update(state="cancelled")  # by nobody, and with every trigger in place
    assert verification.verify_statement(restored) == [
        f"Of statement {restored.pk}, edition 1 has another “state” than its events state."
    ]


def test_former_names_are_of_fields_that_exist():
    for model, names in FORMER_FIELD_NAMES.items():
        assert {field.name for field in model._meta.concrete_fields} >= names.keys()
        assert not names.keys() & set(names.values())
