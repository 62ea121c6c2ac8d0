"""Test that the password before a grave decision can be guessed five times, by nobody more often."""

import threading

import pytest
from axes.models import AccessAttempt
from django.db import connection

from statements import workflow
from statements.models import Edition
from statements.published.editions import public_editions
from statements.workflow import Refused
from statements.workflow.reauthentication import password_problems
from tests.assertions import assert_refused
from tests.cast import (
    DAY,
    MINUTE,
    NOON,
    PASSWORD,
    approve_edition,
    make_statement,
    make_user,
    submit_statement,
)

WRONG = "That is not your password. Type it again."
WAIT = "Your password was wrong 5 times. Wait, and try again at 12:15."


@pytest.fixture
def edition(ann) -> Edition:
    return submit_statement(make_statement(ann), by=ann)


def try_password(by, password: str, at=NOON) -> str:
    return " ".join(str(problem) for problem in password_problems(by, password, at=at))


def publish_urgently(edition: Edition, *, by, password: str, at=NOON) -> None:
    workflow.publish_urgently(
        edition, by=by, at=at, seen_digest=edition.digest, reason="The dam.", password=password
    )


def test_after_five_wrong_passwords_the_right_one_waits_too(edition, ed):
    for _ in range(4):
        with assert_refused(WRONG):
            publish_urgently(edition, by=ed, password="guess")
    for password in ("guess", PASSWORD, "guess"):
        with assert_refused(WAIT):
            publish_urgently(edition, by=ed, password=password)
    assert not public_editions(at=NOON).exists()
    publish_urgently(edition, by=ed, password=PASSWORD, at=NOON + 15 * MINUTE)
    assert public_editions(at=NOON + 15 * MINUTE).get() == edition


def test_a_guess_while_waiting_does_not_extend_the_wait(ed):
    for _ in range(5):
        try_password(ed, "guess")
    assert try_password(ed, "guess", at=NOON + 14 * MINUTE) == WAIT
    assert try_password(ed, PASSWORD, at=NOON + 15 * MINUTE) == ""


def test_after_the_wait_there_are_five_guesses_again(ed):
    for _ in range(5):
        try_password(ed, "guess")
    later = NOON + DAY
    assert [try_password(ed, "guess", at=later) for _ in range(5)] == [WRONG] * 4 + [WAIT]


def test_success_begins_the_count_again(ed):
    for _ in range(3):
        assert [try_password(ed, "guess") for _ in range(4)] == [WRONG] * 4
        assert try_password(ed, PASSWORD) == ""
    assert not AccessAttempt.objects.exists()


def test_nobody_waits_for_the_guesses_of_another_or_for_an_empty_field(ed, max):
    for _ in range(6):
        try_password(ed, "guess")
        assert try_password(max, "") == WRONG
    assert try_password(max, PASSWORD) == ""


def test_erasure_counts_in_the_same_place(edition, ann, ed, max):
    mia = make_user("mia", "Manager")
    approve_edition(edition, by=ed)
    later = NOON + DAY
    workflow.withdraw(edition, by=ed, at=later, kind="gone", notice="Gone.")
    edition.refresh_from_db()
    workflow.request_erasure(edition, by=max, at=later, reason="An order.")
    said = []
    for password in ["guess"] * 5 + [PASSWORD]:
        with pytest.raises(Refused) as refusal:
            workflow.erase(edition, by=mia, at=later, seen_digest=edition.digest, password=password)
        said.append(str(refusal.value))
    assert said == [WRONG] * 4 + [WAIT] * 2
    assert Edition.objects.get().erased_at is None


def test_a_wrong_password_is_logged_as_a_failed_sign_in(ed, caplog):
    try_password(ed, "secret guess")
    assert [record.getMessage() for record in caplog.records] == [
        f"Sign-in failed for user {ed.pk}"
    ]


def test_guesses_at_decisions_and_at_the_sign_in_page_are_counted_apart(client, ed):
    for _ in range(5):
        try_password(ed, "guess")
    answer = client.post("/admin/login/", {"username": "ed", "password": PASSWORD})
    assert answer.status_code == 302
    assert try_password(ed, PASSWORD) == WAIT


def test_the_newsdesk_shows_when_to_try_again(client, edition, ed, frozen):
    frozen(NOON)
    client.force_login(ed)
    address = f"/admin/statements/edition/{edition.pk}/decide/publish-urgently/"
    fields = {"reason": "The dam.", "seen_digest": edition.digest, "password": "guess"}
    pages = [client.post(address, fields | {"checked": "on"}) for _ in range(6)]
    assert {page.status_code for page in pages} == {422}
    assert [page.context["refused"].errors["password"] for page in pages] == [[WRONG]] * 4 + [
        [WAIT]
    ] * 2


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_many_guesses_at_once_are_counted_one_by_one(ed):
    checked: list[str] = []
    ed.check_password = lambda password: checked.append(password) or False

    def guess() -> None:
        try:
            try_password(ed, "guess")
        finally:
            connection.close()

    threads = [threading.Thread(target=guess) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(checked) == 5
