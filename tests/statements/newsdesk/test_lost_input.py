"""Sent too late, or from an old tab: nothing is saved, and no word is lost."""

import pytest
from django.test import Client
from django.urls import reverse

from statements.models import Remark
from tests.cast import make_statement, submit_statement

BY_HAND = {"Sec-Fetch-Mode": "navigate"}
SAID = "Please look at the second figure again."


@pytest.fixture
def page(ann) -> str:
    edition = submit_statement(make_statement(ann), by=ann)
    return reverse("admin:statements_edition_remark", args=[edition.pk])


def test_who_was_signed_out_meanwhile_is_shown_what_they_sent(client, page):
    review = page.replace("remark", "review")
    headers = BY_HAND | {"Referer": f"http://testserver{review}"}
    answer = client.post(page, {"text": SAID}, headers=headers)
    shown = answer.content.decode()
    assert answer.status_code == 403
    assert f"readonly>{SAID}</textarea>" in shown
    assert f"/admin/login/?next={review.replace('/', '%2F')}" in shown
    assert not Remark.objects.exists()


def test_what_a_page_asks_by_itself_and_what_is_kept_aside_goes_the_old_way(client, page):
    by_itself = client.post(page, {"text": SAID}, headers={"Sec-Fetch-Mode": "cors"})
    kept_aside = client.post(page, {"text": SAID, "autosave_key": "k" * 24}, headers=BY_HAND)
    assert [one.status_code for one in (by_itself, kept_aside)] == [302, 302]


def test_a_token_of_another_session_is_told_in_a_sentence(page, ann):
    client = Client(enforce_csrf_checks=True)
    client.force_login(ann)
    answer = client.post(page, {"text": SAID, "csrfmiddlewaretoken": "old"})
    shown = answer.content.decode()
    assert answer.status_code == 403
    assert "You signed in again in another tab" in shown
    assert f"readonly>{SAID}</textarea>" in shown
    assert "DEBUG" not in shown
    assert not Remark.objects.exists()


def test_what_another_site_sends_is_repeated_nowhere(db, page):
    answer = Client(enforce_csrf_checks=True).post(
        page, {"text": SAID}, headers={"Referer": "https://evil.example/admin/x/"}
    )
    shown = answer.content.decode()
    assert answer.status_code == 403
    assert SAID not in shown
    assert "evil" not in shown
