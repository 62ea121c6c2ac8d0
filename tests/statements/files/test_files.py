"""Test that files are part of the content: frozen, verified and erased with it."""

import hashlib
import json

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection

from statements import readiness, workflow
from statements.audit import verification
from statements.content import diff
from statements.content.reading import same_words
from statements.content.schema import canonical
from statements.drafting import restore_edition
from statements.models import EditionFile, StoredFile
from tests.assertions import assert_database_refuses, assert_refused
from tests.cast import (
    HOUR,
    NOON,
    PASSWORD,
    approve_edition,
    make_statement,
    make_user,
    refetch_edition,
    rewrite_passage,
    submit_statement,
)
from tests.make_files import PDF, attach_file, make_picture

LATER = NOON + HOUR


def paths(edition) -> list[str]:
    return list(edition.files.order_by("file_id").values_list("file__path", flat=True))


def test_content_without_files_has_no_files_key(ann):
    assert "files" not in make_statement(ann).content()


def test_a_file_is_frozen_by_its_digest_and_description(ann):
    statement = make_statement(ann)
    photo = attach_file(statement, ann, title="The flag", credit="Ann", terms="Free to use")
    paper = attach_file(statement, ann, "Report.pdf", PDF, title="The report")
    edition = submit_statement(statement, by=ann)
    picture, document = edition.content_data["files"]
    assert (picture["digest"], picture["alt"], picture["title"]) == (
        photo.file.digest,
        "A flag",
        "The flag",
    )
    assert (picture["credit"], picture["terms"], picture["name"]) == (
        "Ann",
        "Free to use",
        "photo.jpg",
    )
    assert (picture["type"], picture["width"], picture["height"]) == ("image/jpeg", 1200, 800)
    assert [(image["width"], image["height"]) for image in picture["narrower"]] == [
        (480, 320),
        (960, 640),
    ]
    assert document == {
        "name": "report.pdf",
        "title": "The report",
        "alt": "",
        "credit": "",
        "terms": "",
        "digest": hashlib.sha256(PDF).hexdigest(),
        "size": len(PDF),
        "type": "application/pdf",
        "narrower": [],
    }
    assert edition.files.count() == 4
    assert (
        paper.file.digest
        == hashlib.sha256(default_storage.open(paper.file.path).read()).hexdigest()
    )


@pytest.mark.parametrize("field", ["title", "alt", "credit", "terms"])
def test_every_text_about_a_file_is_part_of_the_digest(ann, field):
    statement = make_statement(ann)
    photo = attach_file(statement, ann)
    before = canonical(statement.content())
    setattr(photo, field, "Other words")
    photo.save()
    assert canonical(statement.content()) != before


def test_names_in_storage_reveal_nothing(ann):
    attach_file(make_statement(ann), ann, "secret-merger.jpg")
    for path in StoredFile.objects.values_list("path", flat=True):
        assert len(path) == 35
        assert "secret" not in path


def test_a_picture_without_a_description_is_not_submitted(ann):
    statement = make_statement(ann)
    attach_file(statement, ann, alt=" ")
    with assert_refused("Describe the picture “photo.jpg” for people who cannot see it."):
        submit_statement(statement, by=ann)


def test_a_missing_credit_or_title_is_advice(ann):
    statement = make_statement(ann)
    attach_file(statement, ann)
    attach_file(statement, ann, "report.pdf", PDF, title="The report")
    messages = [
        (p.field, p.message)
        for p in readiness.submission_problems(statement)
        if "attach" in p.field
    ]
    assert messages == [
        ("attachments-0-credit", "Say who made the picture “photo.jpg”."),
        ("attachments-0-title", "Give the file “photo.jpg” a title."),
    ]


def test_the_files_of_an_edition_stay_when_the_draft_changes(ann, ed):
    statement = make_statement(ann)
    photo = attach_file(statement, ann)
    first = approve_edition(submit_statement(statement, by=ann), by=ed)
    before = (first.content, paths(first))
    photo.delete()
    attach_file(statement, ann, data=make_picture(500, 500))
    second = submit_statement(statement, by=ann, at=LATER, amendment="typo")
    assert (refetch_edition(first).content, paths(first)) == before
    assert not set(paths(first)) & set(paths(second))
    assert list(verification.verify()) == []


def test_a_change_of_files_alone_is_a_difference(ann):
    statement = make_statement(ann)
    photo = attach_file(statement, ann, title="A flag")
    before = statement.content()
    photo.title = "The flag"
    photo.save()
    attach_file(statement, ann, "report.pdf", PDF)
    changes = [
        (change.label, change.html) for change in diff.diff_content(before, statement.content())
    ]
    assert [label for label, _ in changes] == ["Caption", "File"]
    assert "<del>" in changes[0][1]
    assert "report" in changes[1][1]


def test_another_picture_of_the_same_name_is_a_change(ann):
    statement = make_statement(ann)
    attach_file(statement, ann).delete()
    attach_file(statement, ann)
    before = statement.content()
    statement.attachments.all().delete()
    attach_file(statement, ann, data=make_picture(1300, 800))
    assert [change.label for change in diff.diff_content(before, statement.content())] == [
        "Picture"
    ]


def test_a_restored_edition_has_its_files(ann, ed):
    statement = make_statement(ann)
    attach_file(statement, ann)
    edition = approve_edition(submit_statement(statement, by=ann), by=ed)
    workflow.withdraw(edition, by=ed, at=LATER, kind="gone", notice="Sorry.")
    again = workflow.restore(refetch_edition(edition), by=ed, at=LATER)
    assert same_words(again.content_data, edition.content_data)
    assert paths(again) == paths(edition)
    assert list(verification.verify()) == []


def test_restoring_to_the_draft_brings_the_files_back(ann):
    statement = make_statement(ann)
    attach_file(statement, ann, title="The flag", credit="Ann")
    edition = submit_statement(statement, by=ann)
    statement.attachments.all().delete()
    attach_file(statement, ann, "other.pdf", PDF)
    statement.refresh_from_db()
    result = restore_edition.restore_to_draft(
        edition, by=ann, at=NOON, seen_version=statement.version
    )
    assert same_words(statement.content(), edition.content_data)
    assert "The file “other.pdf” was taken out: attach it again if needed." in result.messages


# --- By SQL ---------------------------------------------------------------------------------------


@pytest.fixture
def edition(ann):
    statement = make_statement(ann)
    attach_file(statement, ann, "report.pdf", PDF)
    return submit_statement(statement, by=ann)


CARRIES = "The files of an edition never change: submit another edition."


def test_the_files_of_an_edition_are_neither_changed_nor_deleted(edition):
    rows = EditionFile.objects.filter(edition=edition)
    with assert_database_refuses(CARRIES):
        rows.update(name="other.pdf")
    with assert_database_refuses(CARRIES):
        rows.update(file_id=rows.get().file_id + 1, name="")
    with assert_database_refuses(CARRIES), connection.cursor() as cursor:
        cursor.execute("DELETE FROM statements_editionfile")


def test_a_stored_file_is_neither_changed_nor_deleted(edition):
    with assert_database_refuses("A stored file never changes: attach another file."):
        StoredFile.objects.update(digest="0" * 64)
    for changes in ({"size": 1, "digest": ""}, {"digest": "0" * 64}, {}):  # an erasure does less
        with assert_database_refuses("A stored file never changes: attach another file."):
            StoredFile.objects.update(erased_at=NOON, **changes)
    with (
        assert_database_refuses("No stored file is ever deleted."),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM statements_storedfile")
    StoredFile.objects.update(erased_at=NOON, digest="")
    with assert_database_refuses("A stored file never changes: attach another file."):
        StoredFile.objects.update(erased_at=None)


@pytest.mark.sqlite
def test_a_file_row_of_an_edition_is_not_replaced(edition):
    with (
        assert_database_refuses("No row of the record is ever replaced."),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "INSERT OR REPLACE INTO statements_editionfile (id, edition_id, file_id, name) "
            "SELECT id, edition_id, file_id, 'other.pdf' FROM statements_editionfile"
        )


# --- The record -----------------------------------------------------------------------------------


def test_the_check_of_the_record_compares_the_bytes(edition):
    assert list(verification.verify()) == []
    (path,) = paths(edition)
    default_storage.delete(path)
    where = f"edition 1 of statement {edition.statement_id}"
    assert list(verification.verify()) == [f"A file of {where} is missing from storage: {path}."]
    assert default_storage.save(path, ContentFile(b"other bytes")) == path
    assert list(verification.verify()) == [
        f"A file of {where} is not the file that was stored: {path}."
    ]


def test_the_check_of_the_record_finds_a_missing_file(ann, edition):
    from statements.integrity import triggers

    row = edition.files.get()
    triggers.drop_triggers(connection)
    EditionFile.objects.all().delete()
    triggers.create_triggers(connection)
    assert list(verification.verify()) == [
        f"Of statement {edition.statement_id}, the file {edition.uuid}:{row.file_id} is gone, "
        "and no event says so.",
        f"The files of edition 1 of statement {edition.statement_id} "
        "are not the files that its text names.",
    ]


# --- Erasure --------------------------------------------------------------------------------------


@pytest.fixture
def erase(max, django_capture_on_commit_callbacks):
    mia = make_user("mia", "Manager")

    def run(edition) -> None:
        workflow.request_erasure(refetch_edition(edition), by=max, at=LATER, reason="Order 12/44")
        with django_capture_on_commit_callbacks(execute=True):
            workflow.erase(
                refetch_edition(edition),
                by=mia,
                at=LATER,
                seen_digest=edition.digest,
                password=PASSWORD,
            )

    return run


def exist_in_storage(paths: list[str]) -> list[bool]:
    return [default_storage.exists(path) for path in paths]


def test_erasure_deletes_the_bytes_and_the_names(ann, edition, erase):
    workflow.cancel(edition, by=ann, at=NOON)
    where = paths(edition)
    assert exist_in_storage(where) == [True]
    erase(edition)
    assert exist_in_storage(where) == [False]
    assert [row.name for row in edition.files.all()] == [""]
    assert not edition.statement.attachments.exists()  # they had the same texts
    assert list(verification.verify()) == []


def test_erasure_leaves_files_of_another_edition(ann, ed, erase):
    statement = make_statement(ann)
    photo = attach_file(statement, ann)
    attach_file(statement, ann, "report.pdf", PDF)
    first = approve_edition(submit_statement(statement, by=ann), by=ed)
    statement.attachments.exclude(pk=photo.pk).delete()
    rewrite_passage(statement, "Better words.", by=ann)
    second = submit_statement(statement, by=ann, at=NOON, amendment="typo")
    approve_edition(second, by=ed, at=NOON, release_at=LATER)
    both = paths(second)
    (alone,) = set(paths(first)) - set(both)
    erase(first)
    assert exist_in_storage([*both, alone]) == [True, True, True, False]
    assert [row.name for row in second.files.all()] == ["photo.jpg"] * 3
    assert list(verification.verify()) == []


def test_erasure_deletes_the_same_bytes_that_were_uploaded_twice(ann, ed, erase, client):
    """Also from the draft of another statement, and no digest is left to confirm a guess."""
    statement, other = make_statement(ann), make_statement(ann, "Another")
    for draft in (statement, statement, other):
        attach_file(draft, ann)
        attach_file(draft, ann, "report.pdf", PDF)
    edition = submit_statement(statement, by=ann)
    workflow.cancel(edition, by=ann, at=NOON)
    digests = set(StoredFile.objects.values_list("digest", flat=True))
    client.force_login(ed)
    url = f"/admin/statements/file/{hashlib.sha256(PDF).hexdigest()}/report.pdf"
    assert client.get(url).status_code == 200
    erase(edition)
    assert client.get(url).status_code == 404
    assert exist_in_storage(StoredFile.objects.values_list("path", flat=True)) == [False] * 12
    assert (len(digests), set(StoredFile.objects.values_list("digest", flat=True))) == (4, {""})
    assert not other.attachments.exists()
    other.refresh_from_db()
    assert other.version == 6  # a form that was open does not bring the file back
    assert list(verification.verify()) == []


def test_erasure_leaves_bytes_that_another_statement_has_in_an_edition(ann, ed, erase):
    statement, other = make_statement(ann), make_statement(ann, "Another", slug="another")
    for draft in (statement, other):
        attach_file(draft, ann, "report.pdf", PDF)
    kept = submit_statement(other, by=ann)
    edition = submit_statement(statement, by=ann)
    workflow.cancel(edition, by=ann, at=NOON)
    erase(edition)
    assert exist_in_storage(paths(kept)) == [True]
    assert other.attachments.count() == 1
    assert list(verification.verify()) == []


def test_erased_files_that_are_still_in_storage_are_reported(ann, edition, erase):
    workflow.cancel(edition, by=ann, at=NOON)
    (path,) = paths(edition)
    erase(edition)
    default_storage.save(path, ContentFile(PDF))
    assert list(verification.verify()) == [
        f"An erased file is still in storage: {path}. Delete it there."
    ]


def test_an_erased_edition_names_no_file(ann, edition, erase):
    workflow.cancel(edition, by=ann, at=NOON)
    erase(edition)
    assert json.loads(refetch_edition(edition).content) == {"erased": True, "schema": 1}
