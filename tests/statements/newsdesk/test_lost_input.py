"""Test what is sent too late or from an old tab: nothing is saved, and no text is lost."""

import pytest
from django.test import Client
from django.urls import reverse

from statements.models import Remark
from tests.cast import PASSWORD, make_statement, submit_statement

BY_HAND = {"Sec-Fetch-Mode": "navigate"}
TEXT = "Please look at the second figure again."


@pytest.fixture
def page(ann) -> str:
    edition = submit_statement(make_statement(ann), by=ann)
    return reverse("admin:statements_edition_remark", args=[edition.pk])


def test_somebody_who_was_signed_out_sees_what_they_sent(client, page):
    review = page.replace("remark", "review")
    headers = BY_HAND | {"Referer": f"http://testserver{review}"}
    answer = client.post(page, {"text": TEXT}, headers=headers)
    page_text = answer.content.decode()
    assert answer.status_code == 403
    assert f"readonly>{TEXT}</textarea>" in page_text
    assert f"/admin/login/?next={review.replace('/', '%2F')}" in page_text
    assert not Remark.objects.exists()


def test_a_request_by_script_and_an_autosaved_form_are_redirected_to_sign_in(client, page):
    by_script = client.post(page, {"text": TEXT}, headers={"Sec-Fetch-Mode": "cors"})
    autosaved = client.post(page, {"text": TEXT, "autosave_key": "k" * 24}, headers=BY_HAND)
    assert [answer.status_code for answer in (by_script, autosaved)] == [302, 302]


def test_a_token_of_another_session_gets_a_sentence(page, ann):
    client = Client(enforce_csrf_checks=True)
    client.force_login(ann)
    answer = client.post(page, {"text": TEXT, "csrfmiddlewaretoken": "old"})
    page_text = answer.content.decode()
    assert answer.status_code == 403
    assert "You signed in again in another tab" in page_text
    assert f"readonly>{TEXT}</textarea>" in page_text
    assert "DEBUG" not in page_text
    assert not Remark.objects.exists()


def test_what_another_site_sends_is_not_repeated(db, page):
    answer = Client(enforce_csrf_checks=True).post(
        page, {"text": TEXT}, headers={"Referer": "https://evil.example/admin/x/"}
    )
    page_text = answer.content.decode()
    assert answer.status_code == 403
    assert TEXT not in page_text
    assert "evil" not in page_text


def test_a_password_is_not_repeated(ann):
    client = Client(enforce_csrf_checks=True)
    client.force_login(ann)
    data = {"old_password": PASSWORD, "New_Password1": PASSWORD, "csrfmiddlewaretoken": "old"}
    answer = client.post(reverse("admin:password_change"), data)
    assert answer.status_code == 403
    assert PASSWORD not in answer.content.decode()
