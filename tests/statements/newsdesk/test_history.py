"""The history lists all events, compares two editions, and verifies the record."""

import html
import re

import pytest
from django.db import connection
from django.urls import reverse

from statements import workflow
from statements.integrity import triggers
from statements.models import Action, Event
from statements.newsdesk import timeline
from tests.cast import (
    HOUR,
    MINUTE,
    NOON,
    PASSWORD,
    approve_edition,
    make_statement,
    rewrite_passage,
    submit_statement,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def three(ann, ed, frozen):
    """A statement of three editions."""
    frozen(NOON + HOUR)
    statement = make_statement(ann, "We welcome it", words="One two three")
    approve_edition(submit_statement(statement, by=ann), by=ed)
    for number, words in enumerate(["One four three", "One four five"], start=1):
        edition = submit_statement(
            rewrite_passage(statement, words, by=ann), by=ann, amendment="typo"
        )
        approve_edition(edition, by=ed, release_at=NOON + number * MINUTE)
    return statement


def load_page(client, statement, **asked) -> str:
    address = reverse("admin:statements_statement_history", args=[statement.pk])
    answer = client.get(address, asked)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def list_marked(text: str) -> list[tuple[str, str]]:
    text = re.sub(r"<span[^>]*>.*?</span>", "", text)
    return re.findall(r"<(ins|del)>(.*?)</", text)


def test_every_action_has_a_sentence():
    assert set(timeline.SENTENCES) == set(Action)


@pytest.mark.parametrize(
    ("first", "second", "changed"),
    [
        (1, 2, [("del", "two"), ("ins", "four")]),
        (1, 3, [("del", "two three"), ("ins", "four five")]),
        (3, 1, [("del", "two three"), ("ins", "four five")]),
        (2, 2, []),
    ],
)
def test_any_two_editions_can_be_compared(client, three, ed, first, second, changed):
    client.force_login(ed)
    assert list_marked(load_page(client, three, **{"from": first, "to": second})) == changed


@pytest.mark.parametrize("asked", [{"from": "9", "to": "1"}, {"from": "x"}, {"before": "²"}])
def test_editions_that_do_not_exist_are_not_compared(client, three, ed, asked):
    client.force_login(ed)
    assert list_marked(load_page(client, three, **asked)) == []


def test_the_history_names_people_and_continues_on_the_next_page(client, three, ed, monkeypatch):
    monkeypatch.setattr(timeline, "MAX_EVENTS", 4)
    client.force_login(ed)
    first = load_page(client, three)
    assert "Ann (ann) submitted edition 2 as: typo." in first
    assert "Ann (ann) submitted edition 1." not in first
    assert 'href="?before=3"' in first
    rest = load_page(client, three, before=3)
    assert "Ann (ann) submitted edition 1." in rest
    assert 'href="?before' not in rest


def test_the_history_verifies_the_record(client, three, ed):
    client.force_login(ed)
    assert "Record complete. 6 entries, checked" in load_page(client, three)
    triggers.drop_triggers(connection)
    try:
        Event.objects.filter(statement=three, number=2).update(digest="0" * 64)
        text = load_page(client, three)
    finally:
        triggers.create_triggers(connection)
    assert "This record has been changed from outside" in text
    assert f"Event 2 of statement {three.pk} was changed after it was written." in text


def test_erased_words_are_not_compared_and_it_says_so(client, three, ed, max):
    first = three.editions.get(sequence=1)
    workflow.request_erasure(first, by=max, at=NOON + HOUR, reason="Order 12.")
    ed.groups.set(max.groups.all())
    workflow.erase(first, by=ed, at=NOON + HOUR, seen_digest=first.digest, password=PASSWORD)
    client.force_login(ed)
    text = load_page(client, three, **{"from": 1, "to": 2})
    assert "The words of edition 1 were erased, so there is nothing to compare." in text
    assert list_marked(text) == []
