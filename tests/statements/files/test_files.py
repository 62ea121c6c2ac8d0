"""Files are part of the words: frozen with them, proved with them, erased with them."""

import hashlib
import json

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection

from statements import readiness, workflow
from statements.audit import events
from statements.content import diff
from statements.content.schema import canonical
from statements.drafting import restore_edition
from statements.models import EditionFile, StoredFile
from tests.assertions import refused, refused_by_the_database
from tests.cast import (
    HOUR,
    NOON,
    PASSWORD,
    approved,
    fresh,
    make_statement,
    make_user,
    rewrite,
    submitted,
)
from tests.make_files import PDF, attach, picture

LATER = NOON + HOUR


def paths(edition) -> list[str]:
    return list(edition.files.order_by("file_id").values_list("file__path", flat=True))


def test_words_without_files_are_the_bytes_they_always_were(ann):
    assert "files" not in make_statement(ann).content()


def test_a_file_is_frozen_by_its_digest_and_what_is_said_of_it(ann):
    statement = make_statement(ann)
    photo = attach(statement, ann, title="The flag", credit="Ann", terms="Free to use")
    paper = attach(statement, ann, "Report.pdf", PDF, title="The report")
    edition = submitted(statement, by=ann)
    one, other = edition.words["files"]
    assert (one["digest"], one["alt"], one["title"]) == (photo.file.digest, "A flag", "The flag")
    assert (one["credit"], one["terms"], one["name"]) == ("Ann", "Free to use", "photo.jpg")
    assert (one["type"], one["width"], one["height"]) == ("image/jpeg", 1200, 800)
    assert [(n["width"], n["height"]) for n in one["narrower"]] == [(480, 320), (960, 640)]
    assert other == {
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
def test_every_word_beside_a_file_is_part_of_the_digest(ann, field):
    statement = make_statement(ann)
    photo = attach(statement, ann)
    before = canonical(statement.content())
    setattr(photo, field, "Other words")
    photo.save()
    assert canonical(statement.content()) != before


def test_names_in_storage_tell_nothing(ann):
    attach(make_statement(ann), ann, "secret-merger.jpg")
    for path in StoredFile.objects.values_list("path", flat=True):
        assert len(path) == 35
        assert "secret" not in path


def test_a_picture_without_a_description_is_not_submitted(ann):
    statement = make_statement(ann)
    attach(statement, ann, alt=" ")
    with refused(
        "The picture “photo.jpg” has no description. "
        "Write what it shows, for those who cannot see it."
    ):
        submitted(statement, by=ann)


def test_a_missing_credit_or_title_is_advice(ann):
    statement = make_statement(ann)
    attach(statement, ann)
    attach(statement, ann, "report.pdf", PDF, title="The report")
    said = [
        (p.field, p.sentence) for p in readiness.before_submit(statement) if "attach" in p.field
    ]
    assert said == [
        ("attachments-0-credit", "The picture “photo.jpg” has no credit."),
        ("attachments-0-title", "The file “photo.jpg” has no title."),
    ]


def test_what_an_edition_carries_stays_when_the_working_copy_changes(ann, ed):
    statement = make_statement(ann)
    photo = attach(statement, ann)
    first = approved(submitted(statement, by=ann), by=ed)
    before = (first.content, paths(first))
    photo.delete()
    attach(statement, ann, data=picture(500, 500))
    second = submitted(statement, by=ann, at=LATER, amendment="typo")
    assert (fresh(first).content, paths(first)) == before
    assert not set(paths(first)) & set(paths(second))
    assert list(events.problems()) == []


def test_a_change_of_files_alone_is_told_word_by_word(ann):
    statement = make_statement(ann)
    photo = attach(statement, ann, title="A flag")
    before = statement.content()
    photo.title = "The flag"
    photo.save()
    attach(statement, ann, "report.pdf", PDF)
    said = [(one.label, one.html) for one in diff.changes(before, statement.content())]
    assert [label for label, _ in said] == ["Caption", "File"]
    assert "<del>" in said[0][1]
    assert "report" in said[1][1]


def test_another_picture_of_the_same_name_is_a_change(ann):
    statement = make_statement(ann)
    attach(statement, ann).delete()
    attach(statement, ann)
    before = statement.content()
    statement.attachments.all().delete()
    attach(statement, ann, data=picture(1300, 800))
    assert [one.label for one in diff.changes(before, statement.content())] == ["Picture"]


def test_words_that_are_restored_carry_their_files_again(ann, ed):
    statement = make_statement(ann)
    attach(statement, ann)
    edition = approved(submitted(statement, by=ann), by=ed)
    workflow.withdraw(edition, by=ed, at=LATER, kind="gone", notice="Sorry.")
    again = workflow.restore(fresh(edition), by=ed, at=LATER)
    assert (again.digest, paths(again)) == (edition.digest, paths(edition))
    assert list(events.problems()) == []


def test_words_that_are_taken_up_bring_their_files_back(ann):
    statement = make_statement(ann)
    attach(statement, ann, title="The flag", credit="Ann")
    edition = submitted(statement, by=ann)
    statement.attachments.all().delete()
    attach(statement, ann, "other.pdf", PDF)
    statement.refresh_from_db()
    taken = restore_edition.take_up(edition, by=ann, at=NOON, seen_version=statement.version)
    assert canonical(statement.content()) == edition.content
    assert "The file “other.pdf” was taken out: attach it again if needed." in taken.told


# --- By SQL ---------------------------------------------------------------------------------------


@pytest.fixture
def edition(ann):
    statement = make_statement(ann)
    attach(statement, ann, "report.pdf", PDF)
    return submitted(statement, by=ann)


CARRIES = "The files of an edition never change: submit another edition."


def test_the_files_of_an_edition_are_neither_changed_nor_deleted(edition):
    rows = EditionFile.objects.filter(edition=edition)
    with refused_by_the_database(CARRIES):
        rows.update(name="other.pdf")
    with refused_by_the_database(CARRIES):
        rows.update(file_id=rows.get().file_id + 1, name="")
    with refused_by_the_database(CARRIES), connection.cursor() as cursor:
        cursor.execute("DELETE FROM statements_editionfile")


def test_a_stored_file_is_neither_changed_nor_deleted(edition):
    with refused_by_the_database("What was stored never changes: attach another file."):
        StoredFile.objects.update(digest="0" * 64)
    with refused_by_the_database("What was stored never changes: attach another file."):
        StoredFile.objects.update(size=1, erased_at=NOON)
    with (
        refused_by_the_database("What was stored keeps its place in the record."),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM statements_storedfile")
    StoredFile.objects.update(erased_at=NOON)
    with refused_by_the_database("What was stored never changes: attach another file."):
        StoredFile.objects.update(erased_at=None)


@pytest.mark.sqlite
def test_nor_replaced(edition):
    with (
        refused_by_the_database("What stands on the record is never replaced."),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "INSERT OR REPLACE INTO statements_editionfile (id, edition_id, file_id, name) "
            "SELECT id, edition_id, file_id, 'other.pdf' FROM statements_editionfile"
        )


# --- The record -----------------------------------------------------------------------------------


def test_the_record_proves_the_bytes(edition):
    assert list(events.problems()) == []
    (path,) = paths(edition)
    default_storage.delete(path)
    where = f"edition 1 of statement {edition.statement_id}"
    assert list(events.problems()) == [f"A file of {where} is missing from storage: {path}."]
    assert default_storage.save(path, ContentFile(b"other bytes")) == path
    assert list(events.problems()) == [
        f"A file of {where} is not the file that was stored: {path}."
    ]


def test_the_record_misses_a_file_that_the_words_name(ann, edition):
    from statements.integrity import triggers

    triggers.drop_triggers(connection)
    EditionFile.objects.all().delete()
    triggers.create_triggers(connection)
    assert list(events.problems()) == [
        f"The files of edition 1 of statement {edition.statement_id} "
        "are not the files that its text names."
    ]


# --- Erasure --------------------------------------------------------------------------------------


@pytest.fixture
def erase(max, django_capture_on_commit_callbacks):
    mia = make_user("mia", "Manager")

    def run(edition) -> None:
        workflow.ask_erasure(fresh(edition), by=max, at=LATER, reason="Order 12/44")
        with django_capture_on_commit_callbacks(execute=True):
            workflow.erase(
                fresh(edition), by=mia, at=LATER, seen_digest=edition.digest, password=PASSWORD
            )

    return run


def lie_there(paths: list[str]) -> list[bool]:
    return [default_storage.exists(path) for path in paths]


def test_erasure_takes_the_bytes_and_the_names(ann, edition, erase):
    workflow.cancel(edition, by=ann, at=NOON)
    where = paths(edition)
    assert lie_there(where) == [True]
    erase(edition)
    assert lie_there(where) == [False]
    assert [row.name for row in edition.files.all()] == [""]
    assert not edition.statement.attachments.exists()  # which said the same words
    assert list(events.problems()) == []


def test_erasure_leaves_what_another_edition_carries(ann, ed, erase):
    statement = make_statement(ann)
    photo = attach(statement, ann)
    attach(statement, ann, "report.pdf", PDF)
    first = approved(submitted(statement, by=ann), by=ed)
    statement.attachments.exclude(pk=photo.pk).delete()
    rewrite(statement, "Better words.", by=ann)
    second = submitted(statement, by=ann, at=NOON, amendment="typo")
    approved(second, by=ed, at=NOON, release_at=LATER)
    both = paths(second)
    (alone,) = set(paths(first)) - set(both)
    erase(first)
    assert lie_there([*both, alone]) == [True, True, True, False]
    assert [row.name for row in second.files.all()] == ["photo.jpg"] * 3
    assert list(events.problems()) == []


def test_bytes_that_were_erased_and_lie_there_still_are_told(ann, edition, erase):
    workflow.cancel(edition, by=ann, at=NOON)
    (path,) = paths(edition)
    erase(edition)
    default_storage.save(path, ContentFile(PDF))
    assert list(events.problems()) == [
        f"An erased file lies in storage still: {path}. Delete it there."
    ]


def test_an_erased_edition_names_no_file(ann, edition, erase):
    workflow.cancel(edition, by=ann, at=NOON)
    erase(edition)
    assert json.loads(fresh(edition).content) == {"erased": True, "schema": 1}
