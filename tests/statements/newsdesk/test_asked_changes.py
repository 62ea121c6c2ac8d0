"""An author finds what has to change where they write, and on their dashboard."""

import html
import re

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from statements import workflow
from statements.signoff.actions import record_phone_reply
from tests.cast import NOON, make_statement, submit_statement
from tests.statements.newsdesk.form_data import change_url

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_noon(frozen):
    frozen(NOON)


@pytest.fixture
def sent_back(ann, ed):
    edition = submit_statement(make_statement(ann, "A comment"), by=ann)
    workflow.send_back(edition, by=ed, at=NOON, seen_digest=edition.digest, note="Who says this?")
    return edition


def read(client, url: str) -> str:
    page = html.unescape(client.get(url).content.decode())
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_the_note_stands_above_the_words_with_who_and_when(client, ann, sent_back):
    client.force_login(ann)
    page = read(client, change_url(sent_back.statement))
    note = "Ed sent edition 1 back Who says this? Tuesday 1 March 2044, 12:00 GMT"
    assert note in page
    assert page.index(note) < page.index("Dated on release")


def test_the_note_is_gone_once_the_words_are_submitted_again(client, ann, sent_back):
    sent_back.statement.passages.update(body="<p>The President says this.</p>")
    submit_statement(sent_back.statement, by=ann)
    client.force_login(ann)
    assert "Ed sent edition 1 back" not in read(client, change_url(sent_back.statement))


def test_an_objection_stands_above_the_words_until_it_is_answered(client, ann):
    edition = submit_statement(make_statement(ann), by=ann)
    reply = {"by": ann, "at": NOON, "seen_digest": edition.digest, "name": "Hannah Sorley"}
    record_phone_reply(edition, agrees=False, text="Not before 9.", **reply)
    client.force_login(ann)
    page = client.get(change_url(edition.statement)).content.decode()
    signoff = reverse("admin:statements_statement_signoff", args=[edition.statement_id])
    alert = page[page.index('class="alert stop objection"') : page.index("meta-line")]
    assert "Hannah Sorley objected to edition 1 and has not answered again" in alert
    assert "Not before 9." in alert
    assert f'href="{signoff}"' in alert
    record_phone_reply(edition, agrees=True, text="", **reply)
    assert "has not answered again" not in read(client, change_url(edition.statement))


def test_a_colleague_who_may_only_read_gets_no_note(client, sam, sent_back):
    sam.is_staff = True
    sam.save()
    may_read = ("view_statement", "view_passage", "view_attachment")
    sam.user_permissions.set(Permission.objects.filter(codename__in=may_read))
    client.force_login(sam)
    assert client.get(change_url(sent_back.statement)).status_code == 200
    assert "Who says this? Tuesday" not in read(client, change_url(sent_back.statement))


def test_who_may_see_neither_passages_nor_files_sees_no_draft(client, sam, sent_back):
    sam.is_staff = True
    sam.save()
    sam.user_permissions.set(Permission.objects.filter(codename="view_statement"))
    client.force_login(sam)
    assert client.get(change_url(sent_back.statement)).status_code == 403


def test_what_was_sent_back_needs_its_author(client, ann, ed, sent_back):
    client.force_login(ann)
    page = read(client, reverse("admin:index"))
    assert "1 statement needs you." in page
    assert "See what was sent back to you" in page
    assert "Nothing needs you right now." not in page
    client.force_login(ed)
    assert "Nothing needs you right now." in read(client, reverse("admin:index"))
