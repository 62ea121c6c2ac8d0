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
    everybody = {"scheduled": ["Tomorrow"], "held": ["Held"], "recent": ["Public"]}
    own = {"sent-back": ["Sent back"], "drafts": ["A draft"]}
    assert shown(ann) == everybody | own | {"waiting": ["Waiting"]}
    assert shown(ed) == everybody | {"yours": ["Waiting"]}
    assert fresh(waiting).approved_by is None


def what_now(user) -> str:
    yours, others = front_page.waiting(user, NOON, editor=True)
    (row,) = [*yours.shown, *others.shown]
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
    with django_assert_num_queries(23):
        client.get(reverse("admin:index"))


def test_a_stranger_gets_no_further_than_the_door(client, sam):
    client.force_login(sam)
    assert client.get(reverse("admin:index")).status_code == 302


# --- Waiting for you ------------------------------------------------------------------------------


def test_the_soonest_release_comes_first_and_then_the_longest_waiting(ann, ed):
    submitted(make_statement(ann, "Long ago"), by=ann, at=NOON - DAY)
    submitted(make_statement(ann, "Since noon"), by=ann)
    submitted(make_statement(ann, "Wanted in two days", wanted_at=NOON + 2 * DAY), by=ann)
    agreed = approved(submitted(make_statement(ann, "First"), by=ann), by=ed, release_at=NOON + DAY)
    rewrite(agreed.statement, "Newer words.", by=ann)
    submitted(agreed.statement, by=ann)
    assert shown(ed)["yours"] == ["First", "Wanted in two days", "Long ago", "Since noon"]


def test_who_is_asked_to_countersign_finds_it_until_they_have(ann, ed, max):
    edition = submitted(make_statement(ed, "Agreed?"), by=ed)
    assert "yours" not in shown(ann)
    workflow.ask(edition, by=ed, at=NOON, seen_digest=edition.digest, person=ann)
    assert shown(ann)["yours"] == ["Agreed?"]
    workflow.countersign(fresh(edition), by=ann, at=NOON, seen_digest=edition.digest)
    assert "yours" not in shown(ann)
    assert shown(ed)["yours"] == ["Agreed?"]


# --- Counts ---------------------------------------------------------------------------------------


def test_a_number_is_right_beyond_what_is_shown_and_says_when_it_stops(ann, ed, monkeypatch):
    for number in range(front_page.SHOWN + 2):
        submitted(make_statement(ann, f"Waiting {number}"), by=ann)
    yours, others = front_page.waiting(ed, NOON, editor=True)
    assert (yours.count, len(yours.shown), others.count) == ("14", 12, "0")
    monkeypatch.setattr(front_page, "MOST_COUNTED", 13)
    assert front_page.waiting(ed, NOON, editor=True)[0].count == "more than 13"


# --- Public, with a change under way --------------------------------------------------------------


def test_a_change_to_what_is_public_is_pending_until_it_is_out(ann, ed):
    def pending() -> list[tuple[str, str]]:
        return [(s.headline, s.last_state) for s in front_page.pending(NOON + HOUR).shown]

    edition = approved(submitted(make_statement(ann, "Public"), by=ann), by=ed)
    edition.statement.__class__.objects.update(changed_at=NOON)
    submitted(make_statement(ann, "Never public"), by=ann)
    assert pending() == []
    rewrite(edition.statement, "Corrected.", by=ann)
    edition.statement.__class__.objects.filter(headline="Public").update(changed_at=NOON + HOUR)
    assert pending() == [("Public", "approved")]
    second = submitted(edition.statement, by=ann, amendment="typo", at=NOON + HOUR)
    assert pending() == [("Public", "in_review")]
    workflow.send_back(second, by=ed, at=NOON + HOUR, seen_digest=second.digest, note="Shorter.")
    assert pending() == [("Public", "sent_back")]
    rewrite(edition.statement, "Short.", by=ann)
    third = submitted(edition.statement, by=ann, amendment="typo", at=NOON + HOUR)
    edition.statement.__class__.objects.update(changed_at=NOON)
    approved(third, by=ed, at=NOON + HOUR, release_at=NOON + 2 * HOUR)
    assert pending() == [("Public", "approved")]
    assert front_page.pending(NOON + 2 * HOUR).shown == []


# --- Hold, right there ----------------------------------------------------------------------------


def test_anybody_holds_from_the_front_page_and_is_back_there(client, ann, ed):
    edition = approved(
        submitted(make_statement(ann, "Tomorrow"), by=ann), by=ed, release_at=NOON + DAY
    )
    rewrite(edition.statement, "Newer.", by=ann)
    submitted(edition.statement, by=ann)
    client.force_login(ann)
    page = client.get(reverse("admin:index")).content.decode()
    assert "The EARLIER wording goes out at 12:00 unless held: newer words are in review." in page
    hold = reverse("admin:statements_edition_decide", args=[edition.pk, "hold"])
    assert f'action="{hold}"' in page
    answer = client.post(hold, {"seen_digest": edition.digest, "back": "front"}, follow=True)
    assert answer.redirect_chain == [(reverse("admin:index"), 302)]
    assert "Edition 1 is held: nothing is public until somebody releases it." in (
        answer.content.decode()
    )
    assert fresh(edition).is_held
