"""Test that a draft lies in the bin for 30 days, comes back whole, and is then gone for good."""

import datetime as dt
import json

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import IntegrityError

from statements import workflow
from statements.audit import verification
from statements.files.storage import store_file
from statements.integrity.triggers import find_refusing_rule
from statements.models import (
    Attachment,
    Autosave,
    DraftSearchRow,
    DraftVersion,
    Event,
    PreviewLink,
    Remark,
    StaleVersion,
    Statement,
    StoredFile,
)
from statements.signoff import actions
from statements.signoff.subjects import Subject
from statements.workflow import discarding
from statements.workflow.discarding import DAYS_IN_BIN
from tests.cast import (
    DAY,
    MINUTE,
    NOON,
    PASSWORD,
    make_statement,
    make_user,
    rewrite_passage,
    submit_statement,
)
from tests.database_dump import dump_product

pytestmark = pytest.mark.django_db

THIRTY_DAYS = dt.timedelta(days=DAYS_IN_BIN)
CANARY = "Xylophonist"


def discard(statement: Statement, *, by) -> Statement:
    workflow.discard(statement, by=by, at=NOON, seen_version=statement.version)
    statement.refresh_from_db()
    return statement


def attach(statement: Statement, data: bytes = b"%PDF-1", *, by) -> StoredFile:
    file = store_file(data, content_type="application/pdf", by=by, at=NOON)
    Attachment.objects.create(statement=statement, file=file, name=f"{CANARY}.pdf", title=CANARY)
    return file


def test_a_writer_discards_a_draft_and_takes_it_back_as_it_was(ann):
    statement = make_statement(ann)
    before = statement.content()
    discard(statement, by=ann)
    assert (statement.discarded_at, statement.discarded_by) == (NOON, ann)

    workflow.take_back(statement, by=ann)
    statement.refresh_from_db()
    assert (statement.discarded_at, statement.discarded_by) == (None, None)
    assert statement.content() == before
    assert not Event.objects.filter(statement=statement).exists()


@pytest.mark.parametrize("act", ["discard", "take back"])
def test_its_writers_and_editors_may_and_nobody_else(ann, ed, sam, act):
    statement = make_statement(ann)
    bob = make_user("bob", "Author")

    def run(by):
        if act == "discard":
            workflow.discard(statement, by=by, at=NOON, seen_version=statement.version)
        else:
            workflow.take_back(statement, by=by)

    if act == "take back":
        discard(statement, by=ann)
    for person, message in (
        (bob, "Only its authors and the editors can discard this draft or take it back."),
        (
            sam,
            "To discard a draft or take it back you need to be an Author or an Editor or "
            "a Manager. Ask a manager.",
        ),
    ):
        with pytest.raises(PermissionDenied) as denied:
            run(person)
        assert str(denied.value) == message
    run(ed)
    statement.refresh_from_db()
    assert bool(statement.discarded_at) == (act == "discard")


def test_what_was_submitted_is_cancelled_and_not_discarded(ann):
    statement = make_statement(ann)
    submit_statement(statement, by=ann)
    statement.refresh_from_db()
    with pytest.raises(workflow.Refused) as refused:
        discard(statement, by=ann)

    assert str(refused.value) == (
        "This statement was submitted, so it cannot be discarded. Cancel it, or withdraw it."
    )


@pytest.mark.parametrize("way", ["link", "telephone"])
def test_what_was_sent_for_sign_off_is_not_discarded(ann, way):
    statement = make_statement(ann)
    version = statement.draft_versions.get()
    if way == "link":
        actions.request_signoff(version, by=ann, at=NOON, name="Dave Hill")
    else:
        digest = Subject.of(version).digest
        actions.record_phone_reply(
            version, by=ann, at=NOON, seen_digest=digest, name="Dave Hill", agrees=True
        )
    with pytest.raises(workflow.Refused) as refused:
        discard(statement, by=ann)

    assert str(refused.value) == ("This draft was sent for sign-off, so it cannot be discarded.")
    with pytest.raises(IntegrityError) as raised:
        Statement.objects.filter(pk=statement.pk).update(discarded_at=NOON, discarded_by=ann)
    assert find_refusing_rule(raised.value) == "statement_discarded_before_submission"


def test_what_is_in_the_bin_is_not_sent_for_sign_off(ann):
    statement = make_statement(ann)
    version = statement.draft_versions.get()
    discard(statement, by=ann)
    with pytest.raises(IntegrityError) as raised:
        PreviewLink.objects.create(
            statement=statement,
            draft_version=version,
            name="Dave Hill",
            made_by=ann,
            made_at=NOON,
            expires_at=NOON + DAY,
        )
    assert find_refusing_rule(raised.value) == "previewlink_never_of_discarded_draft"


def test_the_file_of_an_erased_draft_is_not_downloaded(ann, ed):
    statement = discard(make_statement(ann), by=ann)
    workflow.erase_old_drafts(at=NOON + THIRTY_DAYS)
    with pytest.raises(workflow.Refused) as refused:
        workflow.download_file(statement, by=ed, at=NOON + THIRTY_DAYS, password=PASSWORD)

    assert str(refused.value) == "The words of this draft are gone."


def test_what_somebody_saved_in_the_meantime_is_not_discarded(ann, ed):
    statement = make_statement(ann)
    rewrite_passage(statement, "Better words.", by=ed)
    with pytest.raises(StaleVersion):
        workflow.discard(statement, by=ann, at=NOON, seen_version=statement.version - 1)

    assert Statement.objects.get().discarded_at is None


def test_nobody_saves_or_submits_what_is_in_the_bin(ann):
    statement = discard(make_statement(ann), by=ann)
    with pytest.raises(StaleVersion):
        statement.record_save(by=ann, seen_version=statement.version)
    with pytest.raises(workflow.Refused) as refused:
        submit_statement(statement, by=ann)
    assert str(refused.value) == "This draft is in the bin. Take it back first."


def test_the_search_of_the_newsdesk_forgets_it_until_it_is_taken_back(ann):
    statement = discard(make_statement(ann), by=ann)
    assert not DraftSearchRow.objects.exists()
    workflow.take_back(statement, by=ann)

    assert DraftSearchRow.objects.get().statement == statement


def test_it_lies_there_for_thirty_days_to_the_minute(ann):
    discard(make_statement(ann), by=ann)

    assert workflow.erase_old_drafts(at=NOON + THIRTY_DAYS - MINUTE) == 0
    assert workflow.erase_old_drafts(at=NOON + THIRTY_DAYS) == 1
    assert workflow.erase_old_drafts(at=NOON + THIRTY_DAYS + DAY) == 0


def make_full_draft(by) -> Statement:
    """Return a draft with the canary in everything that holds words."""
    statement = make_statement(by, f"{CANARY} headline", words=f"{CANARY} was here.")
    attach(statement, by=by)
    rewrite_passage(statement, f"{CANARY} again.", by=by)
    Statement.objects.filter(pk=statement.pk).update(
        leftover_text=CANARY, notes_to_editors=CANARY, summary=CANARY, embargo_line=CANARY
    )
    Remark.objects.create(
        statement=statement, version=2, by=by, by_name="ann", at=NOON, text=f"{CANARY}?"
    )
    Autosave.objects.create(
        user=by,
        key="a" * 16,
        statement=statement,
        data=json.dumps({"headline": [CANARY]}),
        saved_at=NOON,
    )
    return statement


@pytest.mark.django_db(transaction=True)
def test_then_words_versions_remarks_and_files_go_and_one_event_remains(ann):
    statement = make_full_draft(ann)
    file = StoredFile.objects.get()
    assert CANARY in str(dump_product())
    discard(statement, by=ann)
    workflow.erase_old_drafts(at=NOON + THIRTY_DAYS)

    assert CANARY not in str(dump_product())
    assert not default_storage.exists(file.path)
    assert set(DraftVersion.objects.values_list("text", flat=True)) == {""}
    event = Event.objects.get(statement=statement)
    assert (event.action, event.by, event.at) == ("discarded", None, NOON + THIRTY_DAYS)
    assert json.loads(event.detail) == {
        "discarded_at": "2044-03-01T12:00:00+00:00",
        "discarded_by": "ann",
        "files": [file.pk],
        "versions": 2,
    }
    assert list(verification.verify()) == []


def test_files_that_another_draft_or_an_edition_has_stay(ann):
    kept = make_statement(ann, "Another")
    shared = attach(kept, b"%PDF-2", by=ann)
    statement = make_statement(ann)
    Attachment.objects.create(statement=statement, file=shared, name="shared.pdf")
    statement.record_save(by=ann, seen_version=statement.version)
    discard(statement, by=ann)
    workflow.erase_old_drafts(at=NOON + THIRTY_DAYS)

    assert StoredFile.objects.get().erased_at is None
    assert kept.attachments.get().file == shared


def test_erased_words_are_not_taken_back(ann):
    statement = discard(make_statement(ann), by=ann)
    workflow.erase_old_drafts(at=NOON + THIRTY_DAYS)
    with pytest.raises(workflow.Refused) as refused:
        workflow.take_back(statement, by=ann)

    assert str(refused.value) == (
        "The words of this draft are gone: it was in the bin for 30 days."
    )


def test_what_was_taken_back_at_the_last_moment_stays(ann):
    """The list of what to erase is read before each draft is locked."""
    statement = discard(make_statement(ann), by=ann)
    workflow.take_back(statement, by=ann)

    assert not discarding._erase(statement.pk, at=NOON + THIRTY_DAYS)
    assert Statement.objects.get().headline == "A comment"


def test_discarding_twice_keeps_the_first_time(ann, ed):
    statement = discard(make_statement(ann), by=ann)
    workflow.discard(statement, by=ed, at=NOON + DAY, seen_version=statement.version)

    assert Statement.objects.get().discarded_by == ann


def test_the_worker_and_the_command_empty_the_bin(ann, frozen, capsys):
    discard(make_statement(ann), by=ann)
    frozen(NOON + THIRTY_DAYS)
    call_command("empty_bin")

    assert capsys.readouterr().out == "1 draft erased.\n"


def test_what_was_taken_back_in_time_stays(ann):
    statement = discard(make_statement(ann), by=ann)
    workflow.take_back(statement, by=ann)

    assert workflow.erase_old_drafts(at=NOON + THIRTY_DAYS) == 0
    assert Statement.objects.get().headline == "A comment"
