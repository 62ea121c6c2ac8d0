"""The corrections log: every note once, newest first, and nothing that was removed."""

import re

import pytest

from statements import workflow
from tests.cast import (
    HOUR,
    MINUTE,
    NOON,
    approve_edition,
    refetch_edition,
    rewrite_passage,
    submit_statement,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def an_hour_after_noon(frozen):
    frozen(NOON + HOUR)


@pytest.fixture
def amend(ann, ed):
    """amend(edition, "correction", "note", minutes after noon): the next edition of it."""

    def amend(edition, amendment, note="", after=1, **fields):
        at = NOON + after * MINUTE
        rewrite_passage(edition.statement, f"Words at {after}.", by=ann)
        coming = submit_statement(
            edition.statement, by=ann, at=at, amendment=amendment, public_note=note
        )
        return approve_edition(coming, by=ed, at=at, release_at=fields.get("release_at", at))

    return amend


def log(client, query="") -> list[tuple[str, str, str]]:
    """Return the label, statement and note of each row on the page."""
    answer = client.get(f"/corrections/{query}")
    assert answer.status_code == 200
    rows = re.findall(r'<article class="row">(.*?)</article>', answer.content.decode(), re.DOTALL)
    return [
        (
            ", ".join(re.findall(r'class="tag[^"]*">([^<]*)', row)),
            re.search(r"<h3[^>]*>(?:<a[^>]*>)?([^<]*)", row)[1],
            "".join(re.findall(r'class="summary"[^>]*>(?:<p>)?([^<]*)', row)),
        )
        for row in rows
    ]


def test_every_note_is_in_the_log_newest_first(
    client, publish, amend, ed, django_assert_num_queries
):
    first, second = publish("First"), publish("Second")
    amend(first, "typo", after=1)
    amend(first, "clarification", "It meant councils.", after=2)
    amend(second, "correction", "It said 1; 2 is right.", after=3)
    amend(second, "retraction", "None of it holds.", after=4)
    third = publish("Third")
    workflow.withdraw(third, by=ed, at=NOON + 5 * MINUTE, kind="notice", notice="Not ours to say.")
    with django_assert_num_queries(5):
        client.get("/corrections/")
    assert log(client) == [
        ("Withdrawn", "Third", "Not ours to say."),
        ("Retraction", "Second", "None of it holds."),
        ("Correction", "Second", "It said 1; 2 is right."),
        ("Clarification", "First", "It meant councils."),
    ]
    page = client.get("/corrections/").content.decode()
    assert page.count('href="/statements/second/"') == 2


def test_an_update_is_no_correction_and_readers_see_that_it_was_updated(client, publish, amend):
    first = publish("First")
    amend(first, "correction", "It said 1; 2 is right.", after=1)
    amend(first, "update", "Parliament has agreed.", after=2)
    assert log(client) == [("Correction", "First", "It said 1; 2 is right.")]

    page = client.get("/statements/first/").content.decode()
    notices = re.findall(r'notice-kind"><strong>([^<]*).*?<p>([^<]*)', page, re.DOTALL)
    assert notices == [
        ("Updated", "Parliament has agreed."),
        ("Correction", "It said 1; 2 is right."),
    ]
    assert re.findall(r'"CorrectionComment","name":"([^"]*)"', page) == ["Correction"]
    feed = client.get("/feeds/statements.json").json()
    assert "Updated" in feed["items"][0]["content_html"]
    assert 'class="tag">Updated' in client.get("/statements/").content.decode()


def test_no_change_is_listed_before_its_time(client, publish, amend, frozen):
    first = publish("First")
    before = client.get("/corrections/").content
    amend(first, "correction", "It said 1.", after=1, release_at=NOON + 2 * HOUR)
    assert client.get("/corrections/").content == before
    frozen(NOON + 2 * HOUR)
    assert log(client) == [("Correction", "First", "It said 1.")]


def test_words_that_were_taken_away_are_not_in_the_log(client, publish, amend, ed, max):
    kept, lost = publish("Kept"), publish("Lost")
    amended = amend(kept, "correction", "It named Jane.", after=1)
    amend(kept, "typo", after=2)
    workflow.suppress(
        refetch_edition(amended), by=max, at=NOON + 3 * MINUTE, reason="She is a child."
    )
    last = amend(lost, "correction", "It named John.", after=4)
    workflow.withdraw(last, by=ed, at=NOON + 5 * MINUTE, kind="gone", notice="A court order.")
    assert log(client) == [
        ("Withdrawn", "A statement that is no longer published", "A court order."),
        ("Earlier wording removed", "Kept", ""),
    ]
    page = client.get("/corrections/").content.decode()
    assert [said for said in ("Lost", "lost", "John", "Jane") if said in page] == []


def test_withdrawn_and_restored_statements_are_marked(client, publish, amend, ann, ed):
    first, second = publish("First"), publish("Second")
    first = amend(first, "correction", "It said 1.", after=1)
    workflow.withdraw(first, by=ed, at=NOON + 2 * MINUTE, kind="notice", notice="Wrong.")
    workflow.withdraw(second, by=ed, at=NOON + 3 * MINUTE, kind="notice", notice="Too soon.")
    workflow.withdraw(
        refetch_edition(second), by=ed, at=NOON + 4 * MINUTE, kind="gone", notice="A threat."
    )
    assert log(client) == [
        ("Withdrawn", "A statement that is no longer published", "A threat."),
        ("Withdrawn", "First", "Wrong."),
        ("Correction, Withdrawn since", "First", "It said 1."),
    ]
    amend(first, "correction", "Now it is right.", after=6)
    assert log(client)[0] == ("Correction", "First", "Now it is right.")
    page = client.get("/corrections/").content.decode()
    assert page.count("It stands again in a later edition.") == 1
    assert "Withdrawn since" not in page


def test_the_log_is_paged_though_many_changes_share_an_instant(
    client, publish, amend, monkeypatch, django_assert_num_queries
):
    from statements.public.views import corrections

    monkeypatch.setattr(corrections, "ENTRIES_PER_PAGE", 3)
    for number in range(8):
        amend(publish(f"Number {number}"), "correction", "Mended.", after=number // 5 + 1)
    shown, query, pages = [], "", 0
    while query is not None:
        with django_assert_num_queries(5):
            body = client.get(f"/corrections/{query}").content.decode()
        shown += [headline for _, headline, _ in log(client, query)]
        further = re.search(r'href="(\?older=[^"]+)" rel="next"', body)
        query, pages = (further[1] if further else None), pages + 1
    assert sorted(shown) == [f"Number {number}" for number in range(8)]
    assert shown[:3] == ["Number 7", "Number 6", "Number 5"]
    assert pages == 3


def test_no_place_breaks_the_log(client, db):
    nothing = client.get("/nothing/").content
    for asked in (
        *("%00", "1", "20440301T120000.000000Z", "20449901T120000.000000Z-1", "٢٠٤٤", "x" * 5000),
        *("20440301T120000.000000Z-1000", "20440301T120000.000000Z--1"),
    ):
        answer = client.get(f"/corrections/?older={asked}")
        assert (answer.status_code, answer.content) == (404, nothing), asked
    assert client.get("/corrections/?older=29990101T000000.000000Z-0").status_code == 200
