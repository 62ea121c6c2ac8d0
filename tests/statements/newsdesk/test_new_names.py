"""Somebody new is typed into a passage; saving proposes them, and nothing is left if nobody saves."""

import json

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from organisations.models import Appointment, Contact, Organisation, Speaker
from statements import readiness
from statements.drafting.proposals import Proposer, find_proposed_names
from statements.models import ProposedName, Statement, Theme
from statements.newsdesk.new_names_list import list_new_names
from tests.cast import (
    HOUR,
    NOON,
    approve_edition,
    make_organisation,
    make_speaker,
    make_statement,
    submit_statement,
)
from tests.statements.newsdesk.form_data import ADD, change_url, open_form

pytestmark = pytest.mark.django_db
SPEAKERS = "/admin/statements/statement/speakers/"
GARETH = {
    "passages-0-new_speaker": "Gareth  Pugh",
    "passages-0-new_role": "Head of Roads",
    "passages-0-new_organisation": "Aberwen Council",
}


@pytest.fixture(autouse=True)
def at_noon(frozen):
    frozen(NOON)


def write(client, person, **typed) -> Statement:
    data = open_form(client, person, ADD)
    data |= {"headline": "The bridge opens", "organisation": make_organisation().pk}
    response = client.post(ADD, data | {"passages-0-body": "<p>It is safe.</p>"} | typed)
    assert response.status_code == 302, response.context["errors"]
    return Statement.objects.latest("pk")


def test_a_new_speaker_with_a_role_from_today_is_usable_in_the_draft_at_once(client, ann):
    statement = write(client, ann, **GARETH)
    passage = statement.passages.get()
    assert (
        passage.content()["attribution"] == "Gareth Pugh, Head of Roads of Aberwen Council, said:"
    )
    role = passage.appointment
    assert (role.starts_on, role.ends_on) == (NOON.date(), None)
    assert [(row.kind, str(row.name), row.by) for row in find_proposed_names(statement)] == [
        ("speaker", "Gareth Pugh", ann),
        ("organisation", "Aberwen Council", ann),
        ("appointment", "Gareth Pugh, Head of Roads, Aberwen Council (2044–)", ann),
    ]
    again = open_form(client, ann, change_url(statement))
    client.post(change_url(statement), again)
    assert ProposedName.objects.count() == 3


def test_the_words_of_somebody_new_lose_the_marks_round_them(client, ann):
    statement = write(client, ann, **GARETH, **{"passages-0-body": "<p>“It is safe.”</p>"})
    assert statement.passages.get().body == "<p>It is safe.</p>"


def test_a_known_speaker_gets_a_new_role(client, ann):
    dave = make_speaker()
    new_role = {name: GARETH[name] for name in GARETH if not name.endswith("speaker")}
    statement = write(client, ann, **new_role, **{"passages-0-speaker": dave.pk})
    assert Speaker.objects.count() == 1
    assert statement.passages.get().appointment.role == "Head of Roads"


def test_a_name_is_enough(client, ann):
    statement = write(client, ann, **{"passages-0-new_speaker": "Gareth Pugh"})
    assert str(statement.passages.get().speaker) == "Gareth Pugh"


def test_somebody_known_in_this_very_role_is_not_added_again(client, ann):
    dave = make_speaker()
    statement = write(
        client,
        ann,
        **{
            "passages-0-new_speaker": "Dave Hill",
            "passages-0-new_role": "president",
            "passages-0-new_organisation": "The Association of Directors",
        },
    )
    assert statement.passages.get().speaker == dave
    assert not ProposedName.objects.exists()


@pytest.mark.parametrize(
    ("left_out", "message"),
    [
        ("new_organisation", "Add the organisation, or leave the role out."),
        ("new_role", "Add the role, or leave the organisation out."),
        ("new_speaker", "Add the name, or choose the speaker."),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_added(client, ann, left_out, message):
    data = open_form(client, ann, ADD) | GARETH | {"headline": "x", "passages-0-body": "<p>x</p>"}
    response = client.post(ADD, data | {f"passages-0-{left_out}": ""})
    (formset, *_) = response.context["inline_admin_formsets"]
    assert formset.formset.forms[0].errors == {left_out: [message]}
    assert (Speaker.objects.count(), Organisation.objects.count()) == (0, 0)


def test_nobody_else_may_name_what_a_draft_proposes(client, ann, ed):
    write(client, ann, **GARETH)
    gareth = Speaker.objects.get()
    data = open_form(client, ed, ADD) | {"headline": "Another", "passages-0-speaker": gareth.pk}
    response = client.post(ADD, data)
    (formset, *_) = response.context["inline_admin_formsets"]
    assert list(formset.formset.forms[0].errors) == ["speaker"]
    for field, model in (("speaker", "passage"), ("appointment", "passage")):
        query = {"app_label": "statements", "model_name": model, "field_name": field, "term": ""}
        assert client.get("/admin/autocomplete/", query).json()["results"] == []


# --- Themes ---------------------------------------------------------------------------------------


def test_two_drafts_that_propose_the_same_person_are_both_saved(client, ann):
    first = write(client, ann, **GARETH)
    second = write(client, ann, **{"passages-0-body": "<p>It is safe, too.</p>"})
    passage = first.passages.get()
    for kind in ("speaker", "appointment"):  # as two documents do that name him
        ProposedName.objects.create(
            statement=second, by=ann, at=NOON, **{kind: getattr(passage, kind)}
        )
    second.passages.update(
        speaker=passage.speaker, appointment=passage.appointment, awaits_speaker=False
    )
    for statement in (first, second):
        data = open_form(client, ann, change_url(statement))
        response = client.post(change_url(statement), data | {"headline": "The bridge is open"})
        assert response.status_code == 302, response.context["errors"]
        statement.refresh_from_db()
        assert statement.headline == "The bridge is open"


def test_a_new_theme_is_typed_into_the_form(client, ann):
    Theme.objects.create(name="Water", slug="water")
    statement = write(client, ann, new_themes="water, Bridges,  Bridges")
    assert sorted(theme.name for theme in statement.themes.all()) == ["Bridges", "Water"]
    assert [str(row) for row in find_proposed_names(statement)] == ["Bridges, proposed"]
    query = {"app_label": "statements", "model_name": "themedstatement", "field_name": "tag"}
    results = client.get("/admin/autocomplete/", query | {"term": ""}).json()["results"]
    assert [row["text"] for row in results] == ["Water"]


def test_once_there_is_a_release_time_only_a_manager_adds_a_theme(client, ann, ed, max):
    statement = make_statement(ann)
    approve_edition(submit_statement(statement, by=ann), by=ed, release_at=NOON + HOUR)
    data = open_form(client, ann, change_url(statement)) | {"new_themes": "Bridges"}
    response = client.post(change_url(statement), data)
    assert response.context["adminform"].form.errors["new_themes"] == [
        "This statement has a release time, so a new theme would be public with it. Ask a manager "
        "to add the theme, then choose it."
    ]
    data = open_form(client, max, change_url(statement)) | {"new_themes": "Bridges"}
    assert client.post(change_url(statement), data).status_code == 302
    assert [theme.name for theme in statement.themes.all()] == ["Bridges"]
    assert not ProposedName.objects.exists()


# --- The list of speakers -------------------------------------------------------------------------


def offer(client, **posted) -> dict:
    response = client.post(SPEAKERS, posted)
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]  # as everything in the newsdesk
    return {
        group["label"]: [(row["speaker"]["text"], row["role"]) for row in group["rows"]]
        for group in response.json()["groups"]
    }


def test_the_list_offers_those_of_the_statement_and_of_the_publisher_first(client, ann):
    client.force_login(ann)
    statement = make_statement(ann)
    publisher = statement.organisation
    make_speaker("Alison O’Sullivan", role="Vice-President")
    elsewhere = make_organisation("Council of Bodies")
    other = make_speaker("Sara Tough", role="Chair", organisation=elsewhere)
    make_statement(ann, "Another").passages.update(speaker=other)
    assert offer(client, statement=statement.pk, organisation=publisher.pk) == {
        "In this statement": [("Dave Hill", "President, Association of Directors")],
        "Association of Directors": [
            ("Alison O’Sullivan", "Vice-President, Association of Directors")
        ],
        "Quoted lately": [("Sara Tough", "Chair, Council of Bodies")],
    }


def test_the_role_is_that_of_the_day(client, ann):
    client.force_login(ann)
    dave = make_speaker()
    dave.appointments.update(ends_on="2017-03-31")
    Appointment.objects.create(
        speaker=dave, organisation=make_organisation(), role="Director", starts_on="2017-01-01"
    )
    assert offer(client, q="hill", day="2017-04-01") == {
        "Speakers": [("Dave Hill", "Director, Association of Directors")]
    }
    rows = client.post(SPEAKERS, {"q": "hill", "day": "2017-02-01"}).json()["groups"][0]["rows"]
    assert [row["appointment"]["text"] for row in rows] == [
        "Dave Hill, Director, Association of Directors (2017–)",
        "Dave Hill, President, Association of Directors (–2017)",
    ]
    dave.appointments.filter(role="Director").delete()
    assert offer(client, q="hill", day="2018-01-01") == {
        "Speakers": [
            (
                "Dave Hill",
                "No role on 1 January 2018. President, Association of Directors at another time",
            )
        ]
    }


@pytest.mark.parametrize("query", ["sian", "Pember", "cllr siân", "pemberton siân", "Siân  Pem"])
def test_the_search_finds_the_beginnings_of_names(client, ann, query):
    client.force_login(ann)
    make_speaker("Cllr Siân Pemberton OBE", role="")
    make_speaker("Dave Hill", role="")
    expected = {"Speakers": [("Cllr Siân Pemberton OBE", "No role entered")]}
    assert offer(client, q=query.replace("cllr ", "")) == expected


def test_a_proposed_speaker_is_offered_in_the_draft_alone(client, ann):
    client.force_login(ann)
    statement, other = make_statement(ann), make_statement(ann, "Another")
    Proposer(statement, by=ann, at=NOON).propose_speaker("Gareth Pugh")
    assert offer(client, q="gareth") == {}
    assert offer(client, q="gareth", statement=other.pk) == {}
    assert offer(client, q="gareth", statement=statement.pk) == {
        "Speakers": [("Gareth Pugh", "No role entered")]
    }


def test_only_the_newsdesk_sees_the_list_and_no_address_holds_a_name(client, ann, sam):
    client.force_login(ann)
    assert client.get(SPEAKERS, {"q": "gareth"}).status_code == 405
    client.force_login(sam)
    assert client.post(SPEAKERS, {"q": "gareth"}).status_code in (302, 403)


@pytest.mark.parametrize("posted", [{"day": "x"}, {"statement": "x"}, {"q": "\0"}, {"q": "’"}])
def test_hostile_values_are_no_error(client, ann, posted):
    client.force_login(ann)
    assert json.loads(client.post(SPEAKERS, posted).content)["groups"] == []


def test_a_search_reads_the_index_of_the_keys(client, ann):
    client.force_login(ann)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        offer(client, q="gareth pugh")
    reads = [query["sql"] for query in queries if 'FROM "organisations_speaker"' in query["sql"]]
    assert len(reads) == 4
    with connection.cursor() as cursor:
        for sql in reads if connection.vendor == "sqlite" else []:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
            plan = " ".join(row[-1] for row in cursor.fetchall())
            assert "SCAN organisations_speaker" not in plan
            assert "family_key" in plan


# --- The usual press contact, the review and the speaker's page -----------------------------------


def test_a_new_statement_gets_the_usual_contact_of_its_publisher(client, ann):
    office = make_organisation()
    Contact.objects.create(organisation=office, name="Desk", phone="1")
    usual = Contact.objects.create(organisation=office, name="Office", phone="2", is_default=True)
    assert open_form(client, ann, ADD)["contact"] == usual.pk
    statement = write(client, ann, contact="")
    assert statement.contact == usual
    data = open_form(client, ann, change_url(statement)) | {"contact": ""}
    client.post(change_url(statement), data)
    statement.refresh_from_db()
    assert statement.contact is None  # somebody took it out


def test_an_organisation_has_one_usual_contact(client, max):
    office = make_organisation()
    first = Contact.objects.create(organisation=office, name="A", phone="1", is_default=True)
    second = Contact.objects.create(organisation=office, name="B", phone="2")
    url = f"/admin/organisations/contact/{second.pk}/change/"
    data = open_form(client, max, url) | {"is_default": "on"}
    assert client.post(url, data).status_code == 302
    first.refresh_from_db()
    assert (first.is_default, office.default_contact) == (False, second)
    with pytest.raises(IntegrityError), transaction.atomic():
        Contact.objects.filter(pk=first.pk).update(is_default=True)


def test_the_review_lists_new_names_and_who_they_might_be(client, ann, ed, max):
    known = make_speaker("Gareth Pugh", role="Councillor")
    statement = write(client, ann, **GARETH, new_themes="Bridges")
    edition = submit_statement(statement, by=ann)
    client.force_login(max)
    page = client.get(f"/admin/statements/edition/{edition.pk}/review/")
    if page.status_code == 404:
        page = client.get(reverse("admin:review", args=[edition.pk]))
    names = page.context["new_names"]
    assert [(name.text, name.kind, name.about) for name in names] == [
        ("Gareth Pugh", "Speaker", "Head of Roads, Aberwen Council, from 1 March 2044"),
        ("Aberwen Council", "Organisation", ""),
        ("Bridges", "Theme", ""),
    ]
    assert names[0].namesakes == [known]
    assert "Use the record that is there" in page.content.decode()
    assert list_new_names(statement, viewer=ed)[0].merge_url == ""


def test_the_page_of_a_proposed_speaker_says_so_and_shows_the_roles(client, ann, max):
    write(client, ann, **GARETH)
    client.force_login(max)
    page = client.get(f"/admin/organisations/speaker/{Speaker.objects.get().pk}/change/")
    text = " ".join(page.content.decode().split())
    assert "Proposed by Ann in a draft. There is no public page." in text
    assert "<span>From 1 March 2044</span>" in text


def test_a_chosen_role_that_is_not_held_on_the_day_is_advice(ann):
    statement = make_statement(ann)
    role = make_speaker().appointments.get()
    statement.passages.update(appointment=role)
    Appointment.objects.update(ends_on="2017-03-31")
    (advice,) = readiness.submission_problems(statement)
    assert (advice.field, advice.blocks) == ("passages-0-appointment", False)
    assert str(advice) == (
        "Dave Hill does not hold the role “President” on 1 March 2044. Check the date of the words "
        "and the role."
    )
