"""Erasure reaches what an import read: its item, its old addresses, its reports and its file."""

import csv

import pytest
from django.core.management import call_command

from archive import uploads
from archive.models import ImportedStatement, ImportRun, LegacyRedirect, Upload
from statements import workflow
from statements.models import Edition
from tests.archive.samples import make_record, write_json_lines
from tests.cast import DAY, HOUR, NOON, PASSWORD, make_user
from tests.make_files import make_upload

pytestmark = pytest.mark.django_db

WORD = "zebrafinkzq"
OLD = f"/news/{WORD}-sang"


@pytest.fixture
def mia(db):
    return make_user("mia", "Manager")


@pytest.fixture(autouse=True)
def imports_dir(settings, tmp_path, frozen):
    settings.IMPORTS_DIR = tmp_path / "imports"
    frozen(NOON)
    return settings.IMPORTS_DIR


@pytest.fixture
def record() -> dict:
    return make_record(
        1,
        id=f"{WORD}-1",
        title=f"The {WORD} sang",
        url=f"https://old.example.org{OLD}",
        body=f"<p>The {WORD} sang to all of us.</p>",
    )


@pytest.fixture
def imported(record, tmp_path, max) -> Edition:
    """Imported from a file of its own into an empty site."""
    source = write_json_lines(tmp_path, record, name=f"{WORD}.jsonl")
    call_command("import_statements", source, by="max", publisher="Association of Directors")
    return Edition.objects.get()


def erase(edition: Edition, *, max, mia, capture) -> None:
    edition.refresh_from_db()
    if edition.is_public(NOON + HOUR):
        workflow.withdraw(edition, by=max, at=NOON + HOUR, kind="gone", notice="Gone.")
    workflow.request_erasure(edition, by=max, at=NOON + DAY, reason="Order 12/44")
    with capture(execute=True):
        workflow.erase(
            edition, by=mia, at=NOON + DAY, seen_digest=edition.digest, password=PASSWORD
        )


def dump(*models) -> str:
    return repr([list(model.objects.values_list()) for model in models]).lower()


def test_item_file_and_old_address_are_unreadable(
    imported, client, frozen, max, mia, django_capture_on_commit_callbacks
):
    tables = (ImportedStatement, ImportRun, LegacyRedirect)
    frozen(NOON + HOUR)
    assert [WORD in dump(table) for table in tables] == [True, True, True]
    assert client.get(OLD).status_code == 301
    erase(imported, max=max, mia=mia, capture=django_capture_on_commit_callbacks)
    assert [WORD in dump(table) for table in tables] == [False, False, False]
    frozen(NOON + 2 * DAY)
    for address in (OLD, f"{OLD}/", f"{OLD}?utm_source=x"):
        answer = client.get(address)
        assert (answer.status_code, WORD in answer.content.decode()) == (410, False)
    assert client.get(LegacyRedirect.objects.get().path).status_code == 404


def test_the_same_item_is_not_imported_again(
    imported, record, tmp_path, max, mia, django_capture_on_commit_callbacks
):
    erase(imported, max=max, mia=mia, capture=django_capture_on_commit_callbacks)
    record["body"] = f"<p>The {WORD} sang once more.</p>"
    report = tmp_path / "report.csv"
    source = write_json_lines(tmp_path, record, name=f"{WORD}.jsonl")
    options = {"by": "max", "publisher": "Association of Directors", "report": report}
    call_command("import_statements", source, dry_run=True, **options)
    with report.open(encoding="utf-8-sig", newline="") as file:
        outcomes = [(line["outcome"], line["why"]) for line in csv.DictReader(file)]
    assert outcomes == [("left alone", "It was edited here since.")]


def receive(name: str, source, *, by, capture) -> Upload:
    with capture(execute=True):  # the worker makes the dry run
        upload = uploads.receive(make_upload(name, source.read_bytes()), by=by, at=NOON)
    upload.refresh_from_db()
    return upload


def test_reports_lose_its_line_and_a_waiting_file_is_deleted(
    record, tmp_path, imports_dir, max, mia, django_capture_on_commit_callbacks
):
    capture = django_capture_on_commit_callbacks
    source = write_json_lines(tmp_path, record, make_record(2))
    upload = receive("old.jsonl", source, by=max, capture=capture)
    uploads.approve(upload, seen_digest=upload.digest, by=mia, at=NOON)
    with capture(execute=True):
        uploads.start(upload, seen_digest=upload.digest, by=max, at=NOON)
    waiting = receive("again.jsonl", source, by=max, capture=capture)
    other = receive(
        "other.jsonl", write_json_lines(tmp_path, make_record(3)), by=max, capture=capture
    )
    assert WORD in read_folder(imports_dir)
    edition = Edition.objects.get(headline__contains=WORD)
    erase(edition, max=max, mia=mia, capture=capture)
    assert WORD not in read_folder(imports_dir) + dump(Upload, ImportRun)
    assert "statement 2" in read_folder(imports_dir / upload.folder)  # the other line stays
    stands = Upload.objects.order_by("pk").values_list("pk", "stands")
    assert list(stands) == [
        (upload.pk, "imported"),
        (waiting.pk, "forgotten"),
        (other.pk, "checked"),
    ]


def read_folder(folder) -> str:
    paths = [path for path in folder.rglob("*") if path.is_file()]
    return "".join(f"{path.name} {path.read_text()}" for path in paths).lower()
