"""Test the one file of a statement: complete, by an editor who gives the password, and recorded."""

import io
import json
import zipfile

import pytest
from django.urls import reverse

from statements import workflow
from statements.audit import verification
from statements.files.storage import store_file
from statements.models import Attachment, Autosave, Event, Remark
from statements.newsdesk.information_file import make_safe_name
from statements.signoff import actions, remarks
from tests.cast import NOON, PASSWORD, make_statement, rewrite_passage, submit_statement

pytestmark = pytest.mark.django_db


def url(statement) -> str:
    return reverse("admin:statements_statement_information_file", args=[statement.pk])


def download(client, person, statement, password: str = PASSWORD):
    client.force_login(person)
    return client.post(url(statement), {"password": password})


def read_zip(response) -> dict[str, bytes]:
    archive = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))
    assert archive.testzip() is None
    return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture
def statement(ann, ed, frozen):
    frozen(NOON)
    statement = make_statement(ann, words="First words.")
    file = store_file(b"%PDF-1", content_type="application/pdf", by=ann, at=NOON)
    Attachment.objects.create(statement=statement, file=file, name="../Our report (final).pdf")
    rewrite_passage(statement, "Second words.", by=ann)
    edition = submit_statement(statement, by=ann)
    remarks.add_remark(edition, by=ed, at=NOON, text="Is the number right?")
    actions.request_signoff(
        edition, by=ed, at=NOON, name="Dave Hill", on_behalf_of="", email="dave@example.org", days=3
    )
    Autosave.objects.create(
        user=ann, statement=statement, key="k" * 16, data='{"headline": ["Typed"]}', saved_at=NOON
    )
    return statement


def test_it_holds_versions_editions_remarks_signoff_history_and_files(client, ed, statement):
    response = download(client, ed, statement)
    assert response.headers["Content-Disposition"] == (
        f'attachment; filename="statement-{statement.pk}-2044-03-01.zip"'
    )
    assert response.headers["Cache-Control"].startswith("private, no-store")
    members = read_zip(response)

    assert sorted(members) == [
        "README.txt",
        "editions/edition-001.json",
        "editions/edition-001.txt",
        "files/001-Our-report-final-.pdf",
        "history.json",
        "history.txt",
        "remarks.json",
        "remarks.txt",
        "sign-off.json",
        "statement.json",
        *(f"versions/version-{n:04d}.{end}" for n in (2, 3, 4) for end in ("json", "txt")),
    ]
    assert b"First words." in members["versions/version-0002.txt"]
    assert json.loads(members["editions/edition-001.json"])["submitted_by"] == "ann"
    assert members["files/001-Our-report-final-.pdf"] == b"%PDF-1"
    assert members["remarks.txt"].decode() == (
        "1 March 2044, 12:00, ed, on edition 1. Open.\nIs the number right?"
    )
    assert json.loads(members["sign-off.json"])["links"][0]["name"] == "Dave Hill"
    assert b"submitted edition 1" in members["history.txt"]


def test_what_reaches_people_and_what_nobody_saved_is_not_in_it(client, ed, statement):
    everything = b"".join(read_zip(download(client, ed, statement)).values())

    assert b"Dave Hill" in everything
    assert b"dave@example.org" not in everything
    assert b"Typed" not in everything


def test_it_is_an_event_and_the_record_stays_whole(client, ed, statement):
    download(client, ed, statement)
    event = Event.objects.filter(statement=statement).latest("number")

    assert (event.action, event.by, event.detail) == ("file_downloaded", ed, "")
    assert verification.verify_statement(statement) == []


def test_it_takes_the_password_again(client, ed, statement):
    response = download(client, ed, statement, "wrong")

    assert response.status_code == 422
    assert response.context["problem"] == "That is not your password. Type it again."
    assert not Event.objects.filter(action="file_downloaded").exists()


def test_only_editors_and_managers_download_it(client, ann, max, sam, statement):
    assert download(client, ann, statement).status_code == 403
    assert download(client, max, statement).status_code == 200
    assert download(client, sam, statement).status_code == 302


def test_a_draft_without_an_edition_has_a_file_and_one_in_the_bin_has_none(client, ann, ed):
    statement = make_statement(ann)
    assert "versions/version-0002.txt" in read_zip(download(client, ed, statement))
    workflow.discard(statement, by=ann, at=NOON, seen_version=2)

    assert download(client, ed, statement).status_code == 404


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("report.pdf", "report.pdf"),
        ("../../etc/passwd", "etc-passwd"),
        ("C:\\CON", "C-CON"),
        ("…", "file"),
        (".hidden", "hidden"),
        ("a" * 200 + ".png", "a" * 76 + ".png"),
        ("Ymateb Cymru – tŷ.docx", "Ymateb-Cymru-t-.docx"),
    ],
)
def test_names_of_files_are_safe_on_every_system(name, safe):
    assert make_safe_name(name) == safe


def test_remarks_of_both_kinds_say_where_they_are(client, ann, ed):
    statement = make_statement(ann)
    Remark.objects.create(
        statement=statement,
        version=2,
        by=ann,
        by_name="ann",
        at=NOON,
        text="Hm.",
        resolved_by=ed,
        resolved_at=NOON,
    )
    members = read_zip(download(client, ed, statement))

    assert members["remarks.txt"].decode().endswith("ann, on version 2. Resolved.\nHm.")
