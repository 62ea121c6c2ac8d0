"""Test what readers and staff get while the database or the disk fails."""

import datetime as dt
import errno
import logging
from dataclasses import replace
from types import SimpleNamespace

import pytest
from django.contrib.sessions.models import Session
from django.db import DatabaseError, IntegrityError, InternalError, OperationalError, connection
from django.test import Client
from django.urls import reverse

from config.log_filters import ShortenOutages
from statements import outages
from statements.caching import version
from statements.models import Edition, PreviewVisit, Remark
from statements.signoff import actions
from tests.cast import (
    HOUR,
    MINUTE,
    NOON,
    PASSWORD,
    approve_edition,
    make_statement,
    submit_statement,
)

LOCKED = OperationalError("database is locked")
WORDS = "Please look at the second figure again."


def fail_with(error: Exception, *, only: tuple[str, ...] = ()):
    """Let the database answer every statement, or those of these kinds, with this error."""

    def fail(execute, sql, params, many, context):
        if not only or sql.lstrip("( ").upper().startswith(only):
            raise error
        return execute(sql, params, many, context)

    return connection.execute_wrapper(fail)


WRITES = ("INSERT", "UPDATE", "DELETE")


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (LOCKED, outages.BUSY),
        (OperationalError("deadlock detected"), outages.BUSY),
        (OperationalError("canceling statement due to lock timeout"), outages.BUSY),
        (OperationalError("attempt to write a readonly database"), outages.READ_ONLY),
        (InternalError("cannot execute UPDATE in a read-only transaction"), outages.READ_ONLY),
        (OperationalError("database or disk is full"), outages.FULL_DISK),
        (OperationalError("could not extend file: No space left on device"), outages.FULL_DISK),
        (OSError(errno.ENOSPC, "No space left on device"), outages.FULL_DISK),
        (OSError(errno.EROFS, "Read-only file system"), outages.READ_ONLY_DISK),
        (FileNotFoundError(errno.ENOENT, "No such file"), ""),
        (OperationalError("disk I/O error"), outages.DAMAGED),
        (DatabaseError("database disk image is malformed"), outages.DAMAGED),
        (OperationalError("unable to open database file"), outages.AWAY),
        (OperationalError("connection refused"), outages.AWAY),
        (DatabaseError("syntax error"), ""),
        (DatabaseError("the row is locked"), ""),
        (IntegrityError("readonly database"), ""),
        (InternalError("current transaction is aborted"), ""),
        (ValueError("locked"), ""),
        (None, ""),
    ],
)
def test_an_outage_is_told_from_a_fault_of_ours(error, sentence):
    assert outages.describe_outage(error) == sentence


def test_an_outage_is_one_line_in_the_log():
    """And a fault of ours comes with its stack."""
    logger = logging.getLogger("django.request")

    def make_record(error: Exception, name: str = "django.request") -> logging.LogRecord:
        info = (type(error), error, None)
        record = logger.makeRecord(name, logging.ERROR, "", 1, "Failed: %s", ("/",), info)
        assert ShortenOutages().filter(record)
        return record

    away = make_record(OperationalError("connection refused\nIs the server running?"))
    assert away.getMessage() == "Failed: /: The database does not answer. (connection refused)"
    assert away.exc_info is None
    assert make_record(ValueError("no")).exc_info is not None
    assert make_record(LOCKED, name="statements.workflow").exc_info is not None


# --- Readers --------------------------------------------------------------------------------------


@pytest.fixture
def public(frozen, ann, ed):
    frozen(NOON + HOUR)
    return approve_edition(submit_statement(make_statement(ann, "Still here"), by=ann), by=ed)


def test_a_reader_gets_a_sentence_and_not_a_fault(client, public):
    with fail_with(LOCKED):
        answers = [client.get(path) for path in ("/", "/statements/", "/feeds/statements.rss")]

    assert [answer.status_code for answer in answers] == [503, 503, 503]
    assert [answer["Retry-After"] for answer in answers] == ["10", "10", "10"]
    assert "X-Accel-Expires" not in answers[0]
    page = answers[0].text
    assert "<h1>The record cannot be read at the moment</h1>" in page
    assert "locked" not in page


def test_a_fault_of_ours_is_another_page(client, public):
    with fail_with(DatabaseError("syntax error")):
        answer = client.get("/")

    assert answer.status_code == 500
    assert "<h1>Something went wrong here</h1>" in answer.text


@pytest.mark.usefixtures("kept_pages")
class TestKeptPages:
    """A page that is kept is sent for three seconds after the database last answered."""

    @pytest.fixture
    def kept(self, client, public, clock):
        path = f"/statements/{public.slug}/"
        return path, client.get(path).content

    @pytest.fixture
    def clock(self, monkeypatch):
        """Let seconds pass on the monotonic clock."""
        passed = [100.0]
        monkeypatch.setattr(version, "time", SimpleNamespace(monotonic=lambda: passed[0]))
        return passed

    def test_for_a_moment_readers_notice_nothing(self, client, kept, clock):
        path, page = kept
        clock[0] += 2.9
        with fail_with(LOCKED):
            answer = client.get(path)

        assert (answer.status_code, answer.content) == (200, page)

    def test_after_three_seconds_the_words_may_have_been_withdrawn(self, client, kept, clock):
        path, _ = kept
        clock[0] += 3.0
        with fail_with(LOCKED):
            assert client.get(path).status_code == 503

    def test_a_page_that_is_not_kept_is_an_outage(self, client, kept):
        with fail_with(LOCKED):
            assert client.get("/corrections/").status_code == 503

    def test_no_page_outlives_the_next_release(self, client, ann, ed, kept, clock):
        """The list without the statement is wrong from its second on."""
        following = submit_statement(make_statement(ann, "Next"), by=ann)
        approve_edition(following, by=ed, at=NOON + HOUR, release_at=NOON + HOUR + MINUTE)
        before = client.get("/")
        version._cached_version = _move(version._cached_version, seconds=59)
        with fail_with(LOCKED):
            at_the_last_second = client.get("/")
            clock[0] += 1
            after = client.get("/")

        assert before.status_code == at_the_last_second.status_code == 200
        assert after.status_code == 503

    def test_the_database_is_asked_once_a_second(self, client, kept, clock):
        clock[0] += 10
        asked = []

        def fail(execute, sql, params, many, context):
            asked.append(sql)
            raise LOCKED

        with connection.execute_wrapper(fail):
            answers = [client.get("/").status_code for _ in range(3)]
            count_at_once = len(asked)
            clock[0] += 1
            client.get("/")

        assert answers == [503, 503, 503]
        assert (count_at_once, len(asked)) == (1, 2)

    def test_when_it_answers_again_so_do_all_pages(self, client, kept, clock):
        path, page = kept
        clock[0] += 10
        with fail_with(LOCKED):
            client.get(path)
        clock[0] += 1

        assert client.get(path).content == page
        assert client.get("/").status_code == 200


def _move(cached, *, seconds: float):
    return replace(cached, since=cached.since + dt.timedelta(seconds=seconds))


# --- Staff ----------------------------------------------------------------------------------------


@pytest.fixture
def desk(ann) -> Client:
    """A browser in which ann is signed in, and which checks her forms as production does."""
    client = Client(raise_request_exception=False, enforce_csrf_checks=True)
    client.force_login(ann)
    return client


@pytest.fixture
def remark_url(ann) -> str:
    edition = submit_statement(make_statement(ann), by=ann)
    return reverse("admin:statements_edition_remark", args=[edition.pk])


def get_token(desk: Client) -> str:
    return desk.get(reverse("admin:statements_autosave")).json()["token"]


@pytest.mark.django_db(transaction=True)
def test_a_newsdesk_page_comes_though_nothing_can_be_written(desk):
    url = reverse("admin:index")
    before = desk.get(url)
    with fail_with(LOCKED, only=WRITES):
        during = desk.get(url)

    assert (before.status_code, during.status_code) == (200, 200)
    assert desk.get(url).status_code == 200  # still signed in


def test_staff_get_a_sentence_and_their_words_again(desk, remark_url):
    data = {"text": WORDS, "seen_digest": "abc", "csrfmiddlewaretoken": get_token(desk)}
    with fail_with(LOCKED, only=WRITES):
        answer = desk.post(remark_url, data)

    page = answer.text
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert "The database is busy with other work. Try again in a minute." in page
    assert f"readonly>{WORDS}</textarea>" in page
    assert f'<form method="post" action="{remark_url}">' in page
    assert f'<input type="hidden" name="text" value="{WORDS}">' in page
    assert '<input type="hidden" name="seen_digest" value="abc">' in page
    assert "Traceback" not in page
    assert not Remark.objects.exists()


def test_staff_get_it_also_when_nothing_at_all_can_be_read(desk, remark_url):
    data = {"text": WORDS, "csrfmiddlewaretoken": get_token(desk)}
    with fail_with(OperationalError("connection refused")):
        page = desk.get(reverse("admin:index"))
        answer = desk.post(remark_url, data)

    assert (page.status_code, answer.status_code) == (503, 503)
    assert "The database does not answer. Try again in a minute." in page.text
    assert "<textarea" not in page.text
    assert f"readonly>{WORDS}</textarea>" in answer.text


def test_what_another_site_sends_is_not_repeated(desk, remark_url):
    get_token(desk)
    with fail_with(LOCKED):
        answer = desk.post(remark_url, {"text": WORDS, "csrfmiddlewaretoken": "guessed"})

    assert answer.status_code == 503
    assert WORDS not in answer.text


def test_a_fault_of_ours_gives_the_words_back_too(desk, remark_url):
    data = {"text": WORDS, "csrfmiddlewaretoken": get_token(desk)}
    with fail_with(DatabaseError("syntax error"), only=WRITES):
        answer = desk.post(remark_url, data)

    assert (answer.status_code, "Retry-After" in answer) == (500, False)
    assert "Something went wrong here. The fault is ours and has been noted." in answer.text
    assert f"readonly>{WORDS}</textarea>" in answer.text


def test_a_password_is_never_repeated(desk, ann):
    url = reverse("admin:password_change")
    data = {
        "old_password": PASSWORD,
        "new_password1": f"{PASSWORD} again",
        "new_password2": f"{PASSWORD} again",
        "csrfmiddlewaretoken": get_token(desk),
    }
    with fail_with(LOCKED, only=WRITES):
        answer = desk.post(url, data)

    assert answer.status_code == 503
    assert PASSWORD not in answer.text


def test_nobody_is_signed_in_without_a_session(client, ann):
    with fail_with(LOCKED, only=WRITES):
        answer = client.post(
            reverse("admin:login"), {"username": "ann", "password": PASSWORD, "next": "/admin/"}
        )

    assert answer.status_code == 503
    assert PASSWORD not in answer.text
    assert not Session.objects.exists()


# --- People outside who sign off ------------------------------------------------------------------


@pytest.fixture
def link_path(remark_url, ann, mailoutbox, django_capture_on_commit_callbacks) -> str:
    with django_capture_on_commit_callbacks(execute=True):
        actions.request_signoff(
            Edition.objects.get(), by=ann, at=NOON, name="Dave Hill", email="dave@example.org"
        )
    (mail,) = mailoutbox
    return mail.body.split("http://localhost:8000")[1].split()[0]


@pytest.mark.django_db(transaction=True)
def test_an_outsider_reads_the_words_though_the_visit_is_not_logged(client, frozen, link_path):
    frozen(NOON)
    with fail_with(LOCKED, only=WRITES):
        answer = client.post(link_path, {"step": "open"})

    assert answer.status_code == 200
    assert not PreviewVisit.objects.exists()
    client.post(link_path, {"step": "open"})
    assert PreviewVisit.objects.count() == 1


def test_an_outsider_gets_their_reply_back(client, frozen, link_path):
    frozen(NOON)
    with fail_with(LOCKED, only=WRITES):
        digest = Edition.objects.get().digest
        data = {"text": WORDS, "answer": "disagree", "seen_digest": digest}
        answer = client.post(link_path, data)
    with fail_with(LOCKED):
        from_elsewhere = client.post(link_path, data, headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 503
    assert f"<p>{WORDS}</p>" in answer.text
    assert from_elsewhere.status_code == 503
    assert WORDS not in from_elsewhere.text
