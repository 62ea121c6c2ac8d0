"""Test signing in: an hour idle, twelve at most, five tries, and cookies under /admin/ only."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db

INDEX = "/admin/"
LOGIN = "/admin/login/"


def sign_in(client, name="ann", password=PASSWORD):
    return client.post(LOGIN, {"username": name, "password": password, "next": INDEX})


def test_a_session_lasts_an_hour_from_the_last_request(client, ann, settings):
    answer = sign_in(client)
    cookie = answer.cookies["sessionid"]
    assert (cookie["max-age"], cookie["path"], bool(cookie["httponly"])) == (3600, "/admin/", True)
    assert client.get(INDEX).cookies["sessionid"]["max-age"] == 3600


@pytest.mark.parametrize(("hours", "status"), [(11.9, 200), (12, 302)])
def test_a_session_ends_after_twelve_hours_however_busy(client, ann, hours, status):
    sign_in(client)
    assert client.get(INDEX).status_code == 200
    session = client.session
    session["started_at"] = (timezone.now() - dt.timedelta(hours=hours)).isoformat()
    session.save()
    assert client.get(INDEX).status_code == status


def test_after_five_wrong_tries_the_right_password_waits_too(client, ann):
    for _ in range(5):
        answer = sign_in(client, password="wrong")
    assert answer.status_code == 429
    assert sign_in(client).status_code == 429
    assert "Too many attempts to sign in" in sign_in(client).content.decode()


def test_nobody_locks_out_another_from_elsewhere(client, ann):
    for _ in range(6):
        client.post(LOGIN, {"username": "ann", "password": "wrong"}, REMOTE_ADDR="203.0.113.9")
    assert sign_in(client).status_code == 302


def test_public_pages_set_no_cookie_even_for_staff(client, ann):
    sign_in(client)
    for address in ("/", "/statements/nothing/", reverse("statements:list")):
        assert not client.get(address).cookies
