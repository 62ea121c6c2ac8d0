"""Publishing takes two people, whatever way the words came in."""

import json

import pytest
from django.db import IntegrityError, connection
from django.test import Client
from django.urls import reverse

from organisations.models import Appointment
from statements import workflow
from statements.models import DraftVersion, Edition, State, Statement
from statements.workflow import merging
from tests.assertions import assert_refused
from tests.cast import (
    HOUR,
    NOON,
    approve_edition,
    make_organisation,
    make_speaker,
    make_statement,
    refetch_edition,
    rewrite_passage,
    submit_statement,
)
from tests.statements.newsdesk.form_data import change_url, open_form

HAND = (
    "You had a hand in these words, so somebody else has to agree to them as well. "
    "Ask another person to countersign, or another editor to approve."
)


@pytest.fixture
def public(ann, ed) -> Edition:
    return approve_edition(submit_statement(make_statement(ann), by=ann), by=ed)


def submit(statement: Statement, **fields) -> Edition:
    statement.refresh_from_db()
    return workflow.submit(statement, seen_version=statement.version, **fields)


def assert_needs_another(edition: Edition, *, by, at=NOON) -> None:
    with assert_refused(HAND):
        workflow.approve(edition, by=by, at=at, seen_digest=edition.digest, release_at=at)


# --- What one editor could publish alone ----------------------------------------------------------


def test_whoever_types_the_correction_note_has_a_hand_in_the_correction(client, public, ed, frozen):
    """One more word of the author waits; the editor adds nothing but the note."""
    at = NOON + HOUR
    rewrite_passage(public.statement, "We welcome the whole report.", by=ed_author(public))
    frozen(at)
    client.force_login(ed)
    statement = refetch_edition(public).statement
    form = open_form(client, ed, change_url(statement))
    typed = {"amendment": "correction", "public_note": "We were wrong.", "_continue": "1"}
    answer = client.post(change_url(statement), form | typed)
    assert answer.status_code == 302
    edition = submit(statement, by=ed, at=at)
    assert edition.public_note == "We were wrong."
    assert ed.pk in edition.contributor_ids
    assert_needs_another(edition, by=ed, at=at)


def ed_author(edition: Edition):
    return edition.submitted_by


def test_whoever_records_a_role_has_a_hand_in_the_words_that_carry_it(client, ann, max):
    speaker = make_speaker("Jane Roe", role="")
    statement = make_statement(ann)
    statement.passages.update(speaker=speaker)
    statement.record_save(by=ann, seen_version=2)
    client.force_login(max)
    Appointment.objects.all().delete()
    assert add_appointment(client, speaker.pk).status_code == 302
    with pytest.raises(workflow.UnconfirmedChanges) as unconfirmed:
        submit(statement, by=ann, at=NOON)
    changes = unconfirmed.value.changes
    assert [user.username for user in changes.changed_by] == ["max"]
    assert {change.label for change in changes.differences} == {"Speaker", "Attribution"}
    edition = submit(statement, by=ann, at=NOON, confirmed_changes=changes.token)
    assert edition.contributor_ids == {ann.pk, max.pk}
    assert_needs_another(edition, by=max)


def add_appointment(client: Client, speaker: int):
    return client.post(
        reverse("admin:organisations_appointment_add"),
        {"speaker": speaker, "organisation": make_organisation().pk, "role": "Liar"},
    )


def test_a_submitter_who_confirms_a_difference_has_a_hand_in_it(ann, ed):
    """Nobody is known to have changed the record: it was changed in a shell."""
    statement = make_statement(ann)
    organisation = statement.organisation
    organisation.boilerplate = "We are many."
    organisation.save()
    with pytest.raises(workflow.UnconfirmedChanges) as unconfirmed:
        submit(statement, by=ed, at=NOON)
    changes = unconfirmed.value.changes
    assert [change.label for change in changes.differences] == ["About the publisher"]
    assert changes.changed_by == []
    edition = submit(statement, by=ed, at=NOON, confirmed_changes=changes.token)
    assert edition.contributor_ids == {ann.pk, ed.pk}
    assert_needs_another(edition, by=ed)


def test_confirming_covers_only_what_was_shown(ann):
    statement = make_statement(ann)
    organisation = statement.organisation
    organisation.boilerplate = "We are many."
    organisation.save()
    with pytest.raises(workflow.UnconfirmedChanges) as unconfirmed:
        submit(statement, by=ann, at=NOON)
    organisation.boilerplate = "We are few."
    organisation.save()
    with pytest.raises(workflow.UnconfirmedChanges):
        submit(statement, by=ann, at=NOON, confirmed_changes=unconfirmed.value.changes.token)
    assert not Edition.objects.exists()


def test_a_merge_of_speakers_that_changes_the_words_is_a_hand(ann, max):
    statement = make_statement(ann)
    merging.merge_speakers(
        statement.passages.get().speaker, make_speaker("David Hill"), by=max, at=NOON
    )
    with pytest.raises(workflow.UnconfirmedChanges) as unconfirmed:
        submit(statement, by=ann, at=NOON)
    assert [user.username for user in unconfirmed.value.changes.changed_by] == ["max"]


def test_a_role_that_was_deleted_is_a_hand(ann, max):
    from statements.audit.accounts import acting_user

    statement = make_statement(ann)
    with acting_user(max):
        Appointment.objects.get().delete()
    with pytest.raises(workflow.UnconfirmedChanges) as unconfirmed:
        submit(statement, by=ann, at=NOON)
    assert [user.username for user in unconfirmed.value.changes.changed_by] == ["max"]


def test_an_editor_who_submits_what_others_saved_may_approve_it(ann, ed):
    edition = submit(make_statement(ann), by=ed, at=NOON)
    assert edition.contributor_ids == {ann.pk}
    assert approve_edition(edition, by=ed).state == State.APPROVED


def test_what_submission_clears_is_nobodys_change(public, ann):
    statement = public.statement
    last = statement.draft_versions.last()
    assert (last.by, json.loads(last.text)["slug"]) == (None, "a-comment")
    rewrite_amendment(statement, "typo", by=ann)
    with assert_refused("Nothing has changed since edition 1. Change the words."):
        submit(statement, by=ann, at=NOON - HOUR)


def rewrite_amendment(statement: Statement, kind: str, *, by) -> None:
    statement.refresh_from_db()
    Statement.objects.filter(pk=statement.pk).update(amendment=kind)
    statement.record_save(by=by, seen_version=statement.version)


def test_a_taken_address_is_a_difference_that_the_submitter_confirms(ann, ed):
    submit(make_statement(ann), by=ann, at=NOON)
    second = make_statement(ann)
    with pytest.raises(workflow.UnconfirmedChanges) as unconfirmed:
        submit(second, by=ed, at=NOON)
    [change] = unconfirmed.value.changes.differences
    assert change.label == "Address"
    edition = submit(second, by=ed, at=NOON, confirmed_changes=unconfirmed.value.changes.token)
    assert edition.slug == "a-comment-association-of-directors"
    assert edition.contributor_ids == {ann.pk, ed.pk}


# --- The page -------------------------------------------------------------------------------------


def test_the_submitter_reads_the_differences_and_confirms_them(client, ann, frozen):
    frozen(NOON)
    statement = make_statement(ann)
    organisation = statement.organisation
    organisation.boilerplate = "We are many."
    organisation.save()
    client.force_login(ann)
    page = reverse("admin:statements_statement_submit", args=[statement.pk])
    shown = client.get(page)
    assert "Something changed since this draft was saved" in shown.content.decode()
    assert "We are many." in shown.content.decode()
    stale = client.post(page, {"seen_version": statement.version, "confirmed": "something else"})
    assert stale.status_code == 409
    typed = {"seen_version": statement.version, "confirmed": shown.context["token"]}
    assert client.post(page, typed | {"seen_version": 1}).url == change_page(statement)
    assert client.post(page, typed).url == reverse("admin:index")
    edition = Edition.objects.get()
    review = client.get(reverse("admin:statements_edition_review", args=[edition.pk]))
    assert (
        "Changed since the last save and confirmed: about the publisher." in review.content.decode()
    )
    assert client.get(page).url == change_page(statement)
    refused = client.post(page, {"seen_version": edition.statement.version})
    assert refused.url == change_page(statement)


def change_page(statement: Statement) -> str:
    return reverse("admin:statements_statement_change", args=[statement.pk])


# --- The versions ---------------------------------------------------------------------------------


def test_each_save_is_kept_with_its_person(ann, ed):
    statement = rewrite_passage(make_statement(ann), "We regret it.", by=ed)
    versions = DraftVersion.objects.values_list("version", "by__username")
    assert list(versions) == [(2, "ann"), (3, "ed")]
    texts = [json.loads(version.text) for version in statement.draft_versions.all()]
    assert [text["blocks"][0]["paragraphs"] for text in texts] == [
        ["<p>We welcome the report.</p>"],
        ["<p>We regret it.</p>"],
    ]


@pytest.mark.parametrize(
    "change", ["SET version = 9", "SET text = 'Other'", "SET by_id = NULL", None]
)
@pytest.mark.django_db(transaction=True)
def test_the_database_refuses_to_change_a_version(change, django_user_model):
    author = django_user_model.objects.create_user("ann", is_staff=True)
    make_statement(author)
    sql = (
        f"UPDATE statements_draftversion {change}"
        if change
        else "DELETE FROM statements_draftversion"
    )
    with pytest.raises(IntegrityError), connection.cursor() as cursor:
        cursor.execute(sql)
