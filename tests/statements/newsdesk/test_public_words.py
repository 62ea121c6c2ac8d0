"""A correction shows beside each changed passage what the public reads, and restores it."""

import re

import pytest

from organisations.models import Appointment
from statements.models import Statement
from tests.cast import NOON, approve_edition, make_speaker, make_statement, submit_statement
from tests.statements.newsdesk.form_data import change_url, open_form, read_form

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_noon(frozen):
    frozen(NOON)


@pytest.fixture
def published(ann, ed) -> Statement:
    """A quotation and narration, both public."""
    statement = make_statement(ann, words="We helped <strong>480</strong> people.")
    statement.passages.create(position=1, heading="Background", body="<p>It rained.</p>")
    statement.record_save(by=ann, seen_version=statement.version)
    approve_edition(submit_statement(statement, by=ann), by=ed)
    statement.refresh_from_db()
    return statement


def list_changed(response) -> dict[str, str]:
    """Return what stands beside each changed passage, without its tags."""
    page = re.sub(r"<template.*?</template>", "", response.content.decode(), flags=re.DOTALL)
    found = re.findall(r'data-changed-passage="(.*?)">(.*?)</button>', page, re.DOTALL)
    return {prefix: " ".join(re.sub(r"<[^>]*>", " ", html).split()) for prefix, html in found}


def put_back(client, statement, prefix: str, **typed):
    data = read_form(client.get(change_url(statement)))
    return client.post(change_url(statement), data | typed | {"_put_back": prefix})


def test_a_passage_that_nobody_changed_says_nothing(client, published, ann):
    client.force_login(ann)
    assert list_changed(client.get(change_url(published))) == {}


def test_a_changed_passage_shows_the_words_on_the_site(client, published, ann):
    published.passages.filter(position=0).update(body="<p>We helped 418 people.</p>")
    client.force_login(ann)
    assert list_changed(client.get(change_url(published))) == {
        "passages-0": "Changed since the words on the site: Removed Added We helped [removed: "
        "480 ] [added: 418 ] people. Restore this quotation"
    }


def test_the_checklist_sends_it_while_somebody_types(client, published, ann):
    data = open_form(client, ann, change_url(published))
    typed = data | {"passages-1-body": "It snowed.", "passages-1-heading": "Snow"}
    response = client.post(change_url(published).replace("/change/", "/checklist/"), typed)
    assert list_changed(response) == {
        "passages-1": "Changed since the words on the site: Removed Added Sub-heading: [removed: "
        "Background ] [added: Snow ] It [removed: rained ] [added: snowed ] . Restore this passage"
    }


def test_the_words_on_the_site_come_back_and_nothing_is_saved_or_lost(client, published, ann):
    client.force_login(ann)
    jane = make_speaker("Jane")
    response = put_back(
        client,
        published,
        "passages-0",
        **{
            "headline": "Typed",
            "passages-0-body": "Something else",
            "passages-0-speaker": jane.pk,
            "passages-0-heading": "New",
            "passages-1-body": "Typed too",
        },
    )
    form = read_form(response)
    assert form["passages-0-body"] == "<p>We helped <strong>480</strong> people.</p>"
    assert (form["passages-0-heading"], form["passages-0-attribution"]) == ("", "")
    assert form["passages-0-speaker"] == str(make_speaker().pk)
    assert (form["headline"], form["passages-1-body"]) == ("Typed", "Typed too")
    assert list(list_changed(response)) == ["passages-1"]
    assert Statement.objects.get().version == published.version
    assert "There is a problem" not in response.content.decode()


def test_a_role_that_was_chosen_comes_back(client, ann, ed):
    statement = make_statement(ann)
    role = Appointment.objects.create(
        speaker=make_speaker(), organisation=statement.organisation, role="Chair"
    )
    statement.passages.update(appointment=role, attribution="Dave Hill told us:")
    statement.record_save(by=ann, seen_version=statement.version)
    approve_edition(submit_statement(statement, by=ann), by=ed)
    client.force_login(ann)
    form = read_form(
        put_back(
            client,
            statement,
            "passages-0",
            **{"passages-0-appointment": "", "passages-0-attribution": "", "passages-0-body": "x"},
        )
    )
    assert form["passages-0-appointment"] == str(role.pk)
    assert form["passages-0-attribution"] == "Dave Hill told us:"


@pytest.mark.parametrize("prefix", ["", "passages-9", "attachments-0", "passages-x", "…"])
def test_a_passage_that_is_not_there_changes_nothing(client, published, ann, prefix):
    client.force_login(ann)
    response = put_back(client, published, prefix, **{"passages-0-body": "Typed"})
    assert response.status_code == 200
    assert read_form(response)["passages-0-body"] == "Typed"


def test_no_passage_of_another_statement_is_read(client, published, ann, ed):
    other = make_statement(ann, "Other", words="Not here.")
    approve_edition(submit_statement(other, by=ann), by=ed)
    client.force_login(ann)
    stolen = other.passages.get().pk
    response = put_back(client, published, "passages-0", **{"passages-0-id": stolen})
    assert "Not here." not in response.content.decode()


def test_a_draft_that_was_never_public_compares_with_nothing(client, ann):
    statement = make_statement(ann)
    client.force_login(ann)
    page = client.get(change_url(statement)).content.decode()
    assert "data-public-words" not in page
    assert put_back(client, statement, "passages-0").status_code == 200
