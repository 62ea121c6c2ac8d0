"""The press contact follows the publisher, unless somebody chose another."""

import pytest

from organisations.models import Contact
from statements.models import Statement
from tests.cast import NOON, approve_edition, make_organisation, make_statement, submit_statement
from tests.statements.newsdesk.form_data import ADD, change_url, open_form, read_messages

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_noon(frozen):
    frozen(NOON)


def make_contact(organisation, name: str, *, usual: bool = True) -> Contact:
    return Contact.objects.create(organisation=organisation, name=name, phone="1", is_default=usual)


@pytest.fixture
def directors():
    return make_contact(make_organisation(), "Directors’ desk")


@pytest.fixture
def libraries():
    return make_contact(make_organisation("Institute of Libraries"), "Libraries’ desk")


def save(client, person, statement, **changed):
    data = open_form(client, person, change_url(statement)) | changed | {"_continue": "1"}
    response = client.post(change_url(statement), data, follow=True)
    statement.refresh_from_db()
    return read_messages(response)


def test_it_follows_when_the_publisher_is_changed(client, ann, directors, libraries):
    statement = make_statement(ann, contact=directors)
    said = save(client, ann, statement, organisation=libraries.organisation_id)
    assert statement.contact == libraries
    assert f"Press contact set for you: {libraries}." in said


def test_one_that_somebody_chose_stays(client, ann, directors, libraries):
    chosen = make_contact(directors.organisation, "Night desk", usual=False)
    statement = make_statement(ann, contact=chosen)
    save(client, ann, statement, organisation=libraries.organisation_id)
    assert statement.contact == chosen
    save(
        client,
        ann,
        statement,
        organisation=directors.organisation_id,
        contact=libraries.pk,
    )
    assert statement.contact == libraries


def test_what_the_script_followed_stays_as_it_was_sent(client, ann, directors, libraries):
    statement = make_statement(ann, contact=directors)
    changed = {"organisation": libraries.organisation_id, "_contact_followed": "1"}
    save(client, ann, statement, **changed)
    assert statement.contact == directors


def test_it_stays_where_the_new_publisher_has_none(client, ann, directors):
    statement = make_statement(ann, contact=directors)
    save(client, ann, statement, organisation=make_organisation("Nobody to ring").pk)
    assert statement.contact == directors


def test_it_follows_on_a_new_statement_too(client, ann, directors, libraries):
    make_statement(ann)  # so that the directors are ann’s usual publisher
    data = open_form(client, ann, ADD)
    assert data["contact"] == directors.pk
    client.post(ADD, data | {"headline": "New", "organisation": libraries.organisation_id})
    assert Statement.objects.get(headline="New").contact == libraries


def test_a_public_contact_changes_only_by_hand(client, ann, ed, directors, libraries):
    statement = make_statement(ann, contact=directors)
    approve_edition(submit_statement(statement, by=ann), by=ed)
    changed = {"organisation": libraries.organisation_id, "amendment": "typo"}
    save(client, ed, statement, **changed)
    assert statement.organisation == libraries.organisation
    assert statement.contact == directors


def test_each_usual_contact_says_whose_it_is(client, ann, directors, libraries):
    make_contact(directors.organisation, "Night desk", usual=False)
    client.force_login(ann)
    page = client.get(ADD).content.decode()
    for contact in (directors, libraries):
        assert f'<option value="{contact.pk}" data-usual-of="{contact.organisation_id}"' in page
    assert page.count("data-usual-of") == 2
