"""The editor approves exactly the page that the public will read."""

import re

import pytest
from django.urls import reverse

from statements import workflow
from statements.newsdesk import comparisons, presence, review
from statements.roles import AUTHOR
from statements.signoff import actions, remarks
from tests.cast import (
    HOUR,
    MINUTE,
    NOON,
    approve_edition,
    make_statement,
    make_user,
    rewrite_passage,
    submit_statement,
)

pytestmark = pytest.mark.django_db


def find_quotations(answer) -> list[str]:
    # The buttons that copy a quotation have its public URL, which does not exist yet.
    page = re.sub(r'<p class="tools".*?</p>', "", answer.content.decode())
    return re.findall(r"<blockquote.*?</blockquote>|<h1.*?</h1>", page, re.DOTALL)


@pytest.fixture
def edition(ann):
    return submit_statement(make_statement(ann, "We welcome it"), by=ann)


def test_the_reviewed_page_is_the_public_page(client, frozen, edition, ed):
    frozen(NOON)
    client.force_login(ed)
    reviewed = client.get(reverse("admin:statements_edition_page", args=[edition.pk]))
    approve_edition(edition, by=ed)
    frozen(NOON + HOUR)
    public = client.get(f"/statements/{edition.slug}/")
    assert find_quotations(reviewed) == find_quotations(public) != []


def test_the_review_says_what_changed_since_the_public_saw_it(client, frozen, edition, ann, ed):
    approve_edition(edition, by=ed)
    rewrite_passage(edition.statement, "We regret the report.", by=ann)
    newer = submit_statement(edition.statement, by=ann, at=NOON + MINUTE, amendment="typo")
    frozen(NOON + HOUR)
    client.force_login(ed)
    page = client.get(reverse("admin:statements_edition_review", args=[newer.pk])).content.decode()
    assert "What changed since edition 1 was public" in page
    assert re.search(r"<del[^>]*>.*?welcome.*?</del>", page, re.DOTALL)
    assert re.search(r"<ins[^>]*>.*?regret.*?</ins>", page, re.DOTALL)


def test_reading_a_decision_decides_nothing(client, frozen, edition, ed):
    frozen(NOON)
    client.force_login(ed)
    for key, status in (("approve-now", 200), ("send-back", 200), ("hold", 302)):
        answer = client.get(reverse("admin:statements_edition_decide", args=[edition.pk, key]))
        assert answer.status_code == status
    edition.refresh_from_db()
    assert edition.state == "in_review"


@pytest.mark.parametrize("digest", ["", "0" * 64, "\0", "x" * 9999])
def test_a_screen_with_another_digest_approves_nothing(client, frozen, edition, ed, digest):
    frozen(NOON)
    client.force_login(ed)
    answer = client.post(
        reverse("admin:statements_edition_decide", args=[edition.pk, "approve-now"]),
        {"seen_digest": digest, "seen_version": "x"},
    )
    assert answer.status_code == 409
    edition.refresh_from_db()
    assert edition.approved_by is None


@pytest.mark.parametrize(
    ("resubmitted", "status", "where", "onward"),
    [
        (True, 422, "edition 2", "Go to edition 2"),
        (False, 409, "the draft", "Read the draft"),
    ],
)
def test_approving_an_outdated_text_shows_the_differences(
    client, frozen, edition, ann, ed, resubmitted, status, where, onward
):
    client.force_login(ed)
    seen = {"seen_digest": edition.digest, "seen_version": edition.statement.version}
    rewrite_passage(edition.statement, "We regret the report.", by=ann)
    if resubmitted:
        submit_statement(edition.statement, by=ann, at=NOON + MINUTE)
    frozen(NOON + HOUR)
    answer = client.post(
        reverse("admin:statements_edition_decide", args=[edition.pk, "approve-now"]), seen
    )
    assert answer.status_code == status
    newer_wording = answer.context["newer_wording"]
    assert (newer_wording.title, newer_wording.summary) == (
        f"What {where} says instead",
        "1 change: words",
    )
    page = answer.content.decode()
    assert newer_wording.changes[0].html in page
    assert onward in page


@pytest.mark.parametrize("name", ["review", "page"])
def test_only_the_newsdesk_reads_what_is_in_review(client, edition, sam, name):
    address = reverse(f"admin:statements_edition_{name}", args=[edition.pk])
    assert client.get(address).status_code == 302
    client.force_login(sam)
    assert client.get(address).status_code in (302, 403)


def test_the_review_says_what_changed_since_it_was_sent_back(client, frozen, edition, ann, ed):
    workflow.send_back(edition, by=ed, at=NOON, seen_digest=edition.digest, note="Regret it.")
    rewrite_passage(edition.statement, "We regret the report.", by=ann)
    newer = submit_statement(edition.statement, by=ann, at=NOON + MINUTE)
    frozen(NOON + HOUR)
    (since,) = comparisons.build_comparisons(None, newer)
    assert (since.title, since.summary) == (
        "What changed since edition 1, which was sent back",
        "1 change: words",
    )
    client.force_login(ed)
    page = client.get(reverse("admin:statements_edition_review", args=[newer.pk])).content.decode()
    assert since.title in page
    assert comparisons.build_comparisons(None, edition) == []


def test_an_editor_who_cannot_approve_can_request_a_countersignature(client, frozen, max, ed):
    frozen(NOON)
    edition = submit_statement(make_statement(ed, "Mine"), by=ed)
    client.force_login(ed)
    url = reverse("admin:statements_edition_decide", args=[edition.pk, "request-countersignature"])
    page = client.get(reverse("admin:statements_edition_review", args=[edition.pk]))
    assert "You had a hand in these words" in page.content.decode()
    assert f'action="{url}"' in page.content.decode()
    answer = client.post(url, {"seen_digest": edition.digest, "person": "max"}, follow=True)
    assert "You asked Max to countersign." in answer.content.decode()


# --- Requested release and presence ---------------------------------------------------------------


def test_a_requested_release_is_shown_until_somebody_decides(client, frozen, ann, ed):
    edition = submit_statement(
        make_statement(ann, "Soon", requested_release_at=NOON + HOUR), by=ann
    )
    soon = "Ann requested Tuesday 1 March 2044 at 13:00."
    assert review.describe_requested_release(edition, at=NOON) == soon
    assert review.describe_requested_release(edition, at=NOON + HOUR) == (
        "Ann requested Tuesday 1 March 2044 at 13:00. That has passed."
    )
    frozen(NOON)
    client.force_login(ed)
    page = client.get(
        reverse("admin:statements_edition_review", args=[edition.pk])
    ).content.decode()
    assert soon in page
    edition = approve_edition(edition, by=ed)
    assert review.describe_requested_release(edition, at=NOON) == ""


def test_without_a_requested_release_nothing_is_shown(edition):
    assert review.describe_requested_release(edition, at=NOON) == ""


def test_the_review_shows_who_has_the_form_open(client, frozen, edition, ann, ed):
    frozen(NOON)
    presence.touch(edition.statement, by=ann, at=NOON, typed=True)
    presence.touch(
        edition.statement, by=ed, at=NOON, typed=True
    )  # a person does not see themselves
    address = reverse("admin:statements_edition_review", args=[edition.pk])
    client.force_login(ed)
    page = client.get(address)
    assert list(map(str, page.context["present"])) == ["Ann is writing"]
    assert "Ann is writing" in page.content.decode()
    frozen(NOON + HOUR)
    assert client.get(address).context["present"] == []


def test_the_changes_stand_beside_the_page_with_a_summary(client, frozen, edition, ann, ed):
    workflow.send_back(edition, by=ed, at=NOON, seen_digest=edition.digest, note="Regret it.")
    rewrite_passage(edition.statement, "We regret the report.", by=ann)
    newer = submit_statement(edition.statement, by=ann, at=NOON + MINUTE)
    frozen(NOON + HOUR)
    client.force_login(ed)
    page = client.get(reverse("admin:statements_edition_review", args=[newer.pk])).content.decode()
    places = [page.index(what) for what in ('class="page"', "1 change: words", "<del", "decide")]
    assert places == sorted(places[:3]) + places[3:]
    assert 'href="#changes">Changes <span class="count">1</span>' in page


@pytest.mark.parametrize("rows", [1, 3])
def test_the_review_costs_the_same_for_any_number(
    client, frozen, edition, ann, ed, max, rows, django_assert_num_queries
):
    statement = edition.statement
    for number in range(rows):
        workflow.send_back(edition, by=ed, at=NOON, seen_digest=edition.digest, note="Why?")
        rewrite_passage(statement, f"We welcome report {number}.", by=ann)
        edition = submit_statement(statement, by=ann)
        reader = make_user(f"reader-{number}", AUTHOR)
        presence.touch(statement, by=reader, at=NOON, typed=True)
        remarks.add_remark(edition, by=reader, at=NOON, text="Good.")
        actions.request_signoff(edition, by=ann, at=NOON, name=f"Outsider {number}", days=7)
    frozen(NOON)
    client.force_login(ed)
    address = reverse("admin:statements_edition_review", args=[edition.pk])
    client.get(address)
    with django_assert_num_queries(76):
        client.get(address)
