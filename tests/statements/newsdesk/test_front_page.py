"""What is waiting, for whom."""

import pytest
from django.urls import reverse

from statements import workflow
from statements.newsdesk import front_page
from tests.cast import (
    DAY,
    HOUR,
    NOON,
    PASSWORD,
    approved,
    fresh,
    make_statement,
    rewrite,
    submitted,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_noon(frozen):
    frozen(NOON + HOUR)


def shown(user) -> dict[str, list[str]]:
    """Section → headlines, as this person finds them; what is empty is left out."""
    context = front_page.context(user)
    sections = [*context["columns"][0], *context["columns"][1], context["urgent"]]
    return {s.key: [row.headline for row in s.shown] for s in sections if s.rows}


def test_each_finds_what_waits_for_them(ann, ed, max):
    make_statement(ann, "A draft")
    waiting = submitted(make_statement(ann, "Waiting"), by=ann)
    back = submitted(make_statement(ann, "Sent back"), by=ann)
    workflow.send_back(back, by=ed, at=NOON, seen_digest=back.digest, note="Who?")
    approved(submitted(make_statement(ann, "Held"), by=ann), by=ed, release_at=None)
    approved(submitted(make_statement(ann, "Tomorrow"), by=ann), by=ed, release_at=NOON + DAY)
    approved(submitted(make_statement(ann, "Public"), by=ann), by=ed)
    everybody = {
        "waiting": ["Waiting"],
        "scheduled": ["Tomorrow"],
        "held": ["Held"],
        "recent": ["Public"],
    }
    assert shown(ann) == everybody | {"sent-back": ["Sent back"], "drafts": ["A draft"]}
    assert shown(ed) == everybody
    assert fresh(waiting).approved_by is None


def what_now(user) -> str:
    (row,) = front_page.waiting(user, editor=True).shown
    return row.what_now


def test_an_editor_is_told_which_words_are_theirs_to_approve(ann, ed, max):
    statement = make_statement(ann)
    rewrite(statement, "With ed's comma.", by=ed)
    edition = submitted(statement, by=ann)
    assert what_now(max) == "Yours to approve"
    assert what_now(ed).startswith("You had a hand in it")
    workflow.countersign(edition, by=ann, at=NOON, seen_digest=edition.digest)
    assert what_now(ed) == "Countersigned: yours to approve"


def test_an_urgent_release_stays_until_a_second_person_has_looked(ann, ed, max):
    edition = submitted(make_statement(ed, "Flood"), by=ed)
    workflow.release_urgently(
        edition, by=ed, at=NOON, seen_digest=edition.digest, reason="Flood", password=PASSWORD
    )
    for user in (ann, ed, max):
        assert shown(user)["urgent"] == ["Flood"]
    workflow.second_look(fresh(edition), by=max, at=NOON, seen_digest=edition.digest)
    assert "urgent" not in shown(ann)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_front_page_costs_the_same_for_any_number(
    client, ann, ed, rows, django_assert_num_queries
):
    for number in range(rows):
        submitted(make_statement(ann, f"Waiting {number}"), by=ann)
        approved(submitted(make_statement(ann, f"Held {number}"), by=ann), by=ed, release_at=None)
        make_statement(ed, f"Draft {number}")
    client.force_login(ed)
    client.get(reverse("admin:index"))
    with django_assert_num_queries(19):
        client.get(reverse("admin:index"))


def test_a_stranger_gets_no_further_than_the_door(client, sam):
    client.force_login(sam)
    assert client.get(reverse("admin:index")).status_code == 302
