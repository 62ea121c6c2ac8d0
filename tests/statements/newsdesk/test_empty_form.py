"""Test that opening New and adding nothing leaves nothing behind."""

import pytest

from statements.models import Autosave, Contribution, Statement
from tests.cast import make_organisation
from tests.statements.newsdesk.form_data import ADD, open_form, read_messages

pytestmark = pytest.mark.django_db
AUTOSAVE = "/admin/statements/autosave/"


@pytest.mark.parametrize("button", ["_continue", "_save", "_submit"])
def test_saving_an_empty_form_makes_no_statement(client, ann, button):
    make_organisation()
    data = open_form(client, ann, ADD)
    response = client.post(ADD, data | {button: "1"}, follow=True)

    assert read_messages(response) == ["Nothing was saved: you have not written anything yet."]
    assert not Statement.objects.exists()
    assert not Contribution.objects.exists()
    assert not Autosave.objects.exists()


def test_leaving_an_empty_form_keeps_no_autosave(client, ann):
    make_organisation()
    data = open_form(client, ann, ADD) | {"autosave_user": ann.pk, "kind": "speech"}
    client.post(AUTOSAVE, data | {"headline": "Begun"})
    assert Autosave.objects.get().data
    client.post(AUTOSAVE, data | {"passages-0-body": "<p></p>"})

    assert not Autosave.objects.exists()


@pytest.mark.parametrize(
    "typed",
    [
        {"headline": "A comment"},
        {"passages-0-body": "<p>Words.</p>"},
        {"notes_to_editors": "Note."},
    ],
)
def test_a_headline_alone_is_a_draft_and_so_are_words(client, ann, typed):
    make_organisation()
    client.post(ADD, open_form(client, ann, ADD) | typed | {"_continue": "1"})

    assert Statement.objects.get().contributions.get().user == ann
