"""Test that a submission may ask one editor by name, and what the newsdesk then shows."""

import json
import re

import pytest
from django.contrib.auth.models import User

from statements import workflow
from statements.models import Absence, Action, Edition
from tests.assertions import assert_refused
from tests.cast import (
    DAY,
    HOUR,
    NOON,
    make_organisation,
    make_statement,
    make_user,
    submit_statement,
)
from tests.statements.newsdesk.form_data import change_url, open_form, read_messages

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_noon(frozen):
    frozen(NOON)


@pytest.fixture
def draft(ann):
    return make_statement(ann)


@pytest.fixture
def ed(ed) -> User:
    User.objects.filter(pk=ed.pk).update(first_name="Edwin", last_name="Clarke")
    ed.refresh_from_db()
    return ed


def leave(user, days: int = 3) -> None:
    Absence.objects.create(user=user, until=(NOON + days * DAY).date())


def list_options(page: str) -> list[str]:
    select = page.split('name="ask_editor"', 1)[1].split("</select>", 1)[0]
    return re.findall(r"<option [^>]*>[^<]*", select)


# --- The transition -------------------------------------------------------------------------------


def test_the_event_says_who_was_asked(draft, ann, ed):
    edition = submit_statement(draft, by=ann, editor=ed)
    event = edition.events.get(action=Action.SUBMITTED)
    detail = json.loads(event.detail)
    assert (detail["person"], detail["person_id"]) == ("ed", ed.pk)
    assert event.asked_person_id == ed.pk


def test_without_a_name_it_says_nobody(draft, ann, ed):
    event = submit_statement(draft, by=ann).events.get(action=Action.SUBMITTED)
    assert "person" not in json.loads(event.detail)
    assert event.asked_person_id is None


def test_only_another_editor_who_did_not_write_it_is_asked(draft, ann, ed):
    zoe = make_user("zoe", "Author")
    for person in (ann, zoe):
        with assert_refused("Only another editor can be asked to decide. Choose one."):
            submit_statement(draft, by=ann, editor=person)
    draft.record_save(by=ed, seen_version=draft.version)
    with assert_refused("Edwin Clarke helped write this. Ask another editor."):
        submit_statement(draft, by=ann, editor=ed)
    assert not Edition.objects.exists()


def test_somebody_away_counts_as_nobody(draft, ann, ed):
    leave(ed)
    event = submit_statement(draft, by=ann, editor=ed).events.get(action=Action.SUBMITTED)
    assert event.asked_person_id is None


def test_only_who_was_asked_gets_the_mail_unless_they_get_none(
    draft, ann, ed, max, mailoutbox, django_capture_on_commit_callbacks
):
    def submit(organisation: str) -> list[str]:
        mailoutbox.clear()
        statement = make_statement(ann, organisation=make_organisation(organisation))
        with django_capture_on_commit_callbacks(execute=True):
            submit_statement(statement, by=ann, editor=ed)
        return [mail.to[0] for mail in mailoutbox]

    assert submit("One") == ["ed@example.org"]
    assert mailoutbox[0].subject == "One: you are asked to approve a statement"
    ed.switched_off_mails.create(kind="asked")
    assert submit("Two") == ["ed@example.org", "max@example.org"]
    ed.switched_off_mails.all().delete()
    leave(ed)
    assert submit("Three") == ["ed@example.org", "max@example.org"]


def test_nobody_who_is_away_is_asked_to_countersign(draft, ann, ed):
    edition = submit_statement(draft, by=ann)
    leave(ed)
    with assert_refused("Edwin Clarke is away until 4 March. Ask somebody else."):
        workflow.request_countersignature(
            edition, by=ann, at=NOON, seen_digest=edition.digest, person=ed
        )


# --- The choice -----------------------------------------------------------------------------------


def test_the_form_offers_editors_who_did_not_write_it_and_says_who_is_away(
    client, draft, ann, ed, max
):
    make_user("zoe", "Author")
    eve = make_user("eve", "Editor")
    draft.record_save(by=eve, seen_version=draft.version)
    leave(max)
    client.force_login(ann)
    assert list_options(client.get(change_url(draft)).text) == [
        '<option value="">Every editor',
        f'<option value="{ed.pk}">Edwin Clarke',
        f'<option value="{max.pk}" disabled>Max, away until 4 March',
    ]


def test_where_nobody_else_approves_there_is_no_choice(client, draft, ann):
    client.force_login(ann)
    assert "ask_editor" not in client.get(change_url(draft)).text


def test_submitting_the_form_asks_the_editor_and_says_so(client, draft, ann, ed):
    data = open_form(client, ann, change_url(draft))
    page = client.post(change_url(draft), data | {"_submit": "1", "ask_editor": ed.pk}, follow=True)
    assert read_messages(page)[-1] == "Edwin Clarke was asked to decide."
    assert Edition.objects.get().events.get(action=Action.SUBMITTED).asked_person_id == ed.pk


def test_an_editor_who_has_just_left_is_not_asked_and_that_is_said(client, draft, ann, ed):
    data = open_form(client, ann, change_url(draft))
    leave(ed)
    page = client.post(change_url(draft), data | {"_submit": "1", "ask_editor": ed.pk}, follow=True)
    assert read_messages(page)[-1] == (
        "Edwin Clarke is away until 4 March, so every editor was asked."
    )
    assert Edition.objects.get().events.get(action=Action.SUBMITTED).asked_person_id is None


@pytest.mark.parametrize("value", ["999999", "x", "\x00", "9" * 40, "-1"])
def test_a_value_that_is_nobody_asks_every_editor(client, draft, ann, ed, value):
    data = open_form(client, ann, change_url(draft))
    client.post(change_url(draft), data | {"_submit": "1", "ask_editor": value})
    assert Edition.objects.get().events.get(action=Action.SUBMITTED).asked_person_id is None


def test_the_choice_is_kept_where_a_change_has_to_be_confirmed(client, draft, ann, ed):
    data = open_form(client, ann, change_url(draft))
    type(draft.organisation).objects.update(boilerplate="Changed since.")
    response = client.post(change_url(draft), data | {"_submit": "1", "ask_editor": ed.pk})
    page = client.get(response.url)
    assert f'<option value="{ed.pk}" selected>Edwin Clarke' in list_options(page.text)
    confirmed = {"confirmed": page.context["token"], "seen_version": draft.version}
    client.post(response.url, confirmed | {"ask_editor": ed.pk})
    assert Edition.objects.get().events.get(action=Action.SUBMITTED).asked_person_id == ed.pk


# --- What it shows --------------------------------------------------------------------------------


def test_the_dashboard_of_who_was_asked_shows_it_first_and_others_see_it_too(client, ann, ed, max):
    make_statement(ann, "Sooner")
    sooner = make_statement(ann, "Sooner and not asked", requested_release_at=NOON + HOUR)
    submit_statement(sooner, by=ann, at=NOON - DAY)
    asked = submit_statement(make_statement(ann, "Asked"), by=ann, editor=ed)
    for person, expected in (
        (ed, ["Asked", "Sooner and not asked"]),
        (max, ["Sooner and not asked", "Asked"]),
    ):
        client.force_login(person)
        needs = client.get("/admin/").context["needs"]
        assert [row.headline for row in needs.visible_rows] == expected
    client.force_login(ed)
    page = client.get("/admin/").text
    assert "Edwin, you were asked to decide" in page
    history = client.get(f"/admin/statements/statement/{asked.statement_id}/history/").text
    assert "ed was asked to decide." in history
