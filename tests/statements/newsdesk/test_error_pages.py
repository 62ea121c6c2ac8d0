"""What is refused or not there, in the frame of the newsdesk for those who belong to it alone."""

import pytest

pytestmark = pytest.mark.django_db
BAR = '<header class="bar">'


def test_a_colleague_stays_on_the_newsdesk_where_nothing_is(client, ann):
    client.force_login(ann)
    answer = client.get("/admin/import/7/nonsense/")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (404, "no-store")
    assert BAR in answer.text
    assert "<h1>There is nothing at this address</h1>" in answer.text
    assert "Go to the dashboard" in answer.text


def test_a_refusal_says_who_may(client, ann):
    client.force_login(ann)
    answer = client.get("/admin/statements/stylerule/paste/")
    assert (answer.status_code, BAR in answer.text) == (403, True)
    assert "To change the style list you need to be a manager." in answer.text


def test_somebody_else_sees_the_page_that_everybody_sees(client, ann):
    nowhere = client.get("/nonsense/")
    assert (nowhere.status_code, BAR in nowhere.text) == (404, False)
    client.force_login(ann)
    assert client.get("/nonsense/").text == nowhere.text
