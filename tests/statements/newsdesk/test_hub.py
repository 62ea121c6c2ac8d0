"""A title leads to the statement's own page, which shows what can be done now and by whom."""

import html
import re

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from organisations.models import Contact
from statements import workflow
from statements.models import Statement, Theme, Withdrawal
from statements.newsdesk.statement_links import annotate_newest_edition, get_statement_url
from tests.cast import (
    DAY,
    HOUR,
    NOON,
    approve_edition,
    make_statement,
    rewrite_passage,
    submit_statement,
)
from tests.statements.newsdesk.form_data import change_url

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_noon(frozen):
    frozen(NOON + HOUR)


def hub_url(statement: Statement) -> str:
    return reverse("admin:statements_statement_hub", args=[statement.pk])


def review_url(edition) -> str:
    return reverse("admin:statements_edition_review", args=[edition.pk])


def load_page(client, person: User, statement: Statement) -> str:
    client.force_login(person)
    answer = client.get(hub_url(statement))
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def list_actions(page: str) -> list[str]:
    """Return the visible actions, in order."""
    (block,) = re.findall(r'<div class="actions">(.*?)</div>', page, re.DOTALL)
    block = re.sub(r"<svg.*?</svg>", "", block, flags=re.DOTALL)
    texts = re.findall(r'<(?:a|button|summary)[^>]*class="button[^>]*>(.*?)</', block, re.DOTALL)
    return [re.sub(r"\s+", " ", text).strip() for text in texts]


# --- Where a title leads --------------------------------------------------------------------------


def test_the_title_of_a_draft_leads_to_its_form(ann, ed):
    draft = make_statement(ann)
    assert get_statement_url(draft, ann) == get_statement_url(draft, ed) == change_url(draft)


def test_while_in_review_the_title_leads_an_editor_to_the_review(ann, ed, max):
    edition = submit_statement(make_statement(ann), by=ann)
    assert get_statement_url(edition.statement, ann) == hub_url(edition.statement)
    assert get_statement_url(edition.statement, ed) == review_url(edition)
    assert get_statement_url(edition.statement, max) == review_url(edition)


def test_after_the_decision_the_title_leads_to_the_statement(ann, ed):
    edition = approve_edition(submit_statement(make_statement(ann), by=ann), by=ed)
    assert get_statement_url(edition.statement, ed) == hub_url(edition.statement)


def test_a_list_asks_nothing_more_for_each_title(ann, ed, django_assert_num_queries):
    for _ in range(3):
        submit_statement(make_statement(ann), by=ann)
    statements = list(annotate_newest_edition(Statement.objects.all()))
    with django_assert_num_queries(1):  # the groups of the user
        urls = [get_statement_url(statement, ed) for statement in statements]
    assert len(set(urls)) == 3


def test_the_titles_of_the_list_and_the_dashboard_lead_there(client, ann, ed):
    edition = approve_edition(submit_statement(make_statement(ann), by=ann), by=ed)
    client.force_login(ed)
    for page in ("/admin/statements/statement/", "/admin/"):
        assert f'href="{hub_url(edition.statement)}"' in client.get(page).content.decode()


def test_a_draft_has_no_page_of_its_own_yet(client, ann):
    draft = make_statement(ann)
    client.force_login(ann)
    assert client.get(hub_url(draft)).url == change_url(draft)


# --- What the page offers -------------------------------------------------------------------------


def test_a_published_statement_is_corrected_seen_and_withdrawn_from_its_page(client, ann, ed):
    edition = approve_edition(submit_statement(make_statement(ann), by=ann), by=ed)
    page = load_page(client, ed, edition.statement)
    assert list_actions(page) == ["Start a correction", "View on site", "Withdraw…", "More"]
    assert f'href="/statements/{edition.slug}/"' in page
    assert "Record complete." in page


def test_an_author_is_offered_only_what_an_author_can_do(client, ann, ed):
    edition = approve_edition(submit_statement(make_statement(ann), by=ann), by=ed)
    page = load_page(client, ann, edition.statement)
    assert list_actions(page) == ["Start a correction", "View on site", "More"]


def test_a_scheduled_statement_says_when_and_is_stopped_in_one_press(client, ann, ed):
    edition = submit_statement(make_statement(ann), by=ann)
    approve_edition(edition, by=ed, release_at=NOON + DAY)
    page = load_page(client, ann, edition.statement)
    assert "Wednesday 2 March 2044 at 12:00" in page
    assert list_actions(page)[0] == "Put on hold"
    url = reverse("admin:statements_edition_decide", args=[edition.pk, "hold"])
    client.post(url, {"seen_digest": edition.digest, "back": "statement"})
    assert list_actions(load_page(client, ed, edition.statement))[0] == "Set a time…"


def test_the_earlier_words_that_still_go_out_stand_at_the_top(client, ann, ed):
    statement = make_statement(ann)
    approve_edition(submit_statement(statement, by=ann), by=ed, release_at=NOON + DAY)
    submit_statement(rewrite_passage(statement, "Newer words.", by=ann), by=ann)
    page = load_page(client, ann, statement)
    assert "The earlier words (edition 1) still go out on Wednesday 2 March 2044, 12:00" in page
    assert "Put edition 1 on hold" in page


def test_the_author_reads_why_it_was_sent_back(client, ann, ed):
    edition = submit_statement(make_statement(ann), by=ann)
    workflow.send_back(edition, by=ed, at=NOON, seen_digest=edition.digest, note="Who says this?")
    page = load_page(client, ann, edition.statement)
    assert "Who says this?" in page
    assert list_actions(page)[0] == "Change the words"


def test_a_withdrawn_statement_can_be_restored_or_removed(client, ann, ed):
    edition = approve_edition(submit_statement(make_statement(ann), by=ann), by=ed)
    kind = Withdrawal.Kind.NOTICE
    workflow.withdraw(edition, by=ed, at=NOON + HOUR, kind=kind, notice="It was wrong.")
    page = load_page(client, ed, edition.statement)
    assert list_actions(page)[:2] == ["Restore these words…", "Remove from the site…"]


@pytest.mark.parametrize("kind", Withdrawal.Kind.values)
def test_the_page_of_a_withdrawn_edition_shows_its_notice(client, ann, ed, kind):
    edition = approve_edition(submit_statement(make_statement(ann), by=ann), by=ed)
    workflow.withdraw(edition, by=ed, at=NOON + HOUR, kind=kind, notice="It was wrong.")
    client.force_login(ed)
    page = client.get(reverse("admin:statements_edition_page", args=[edition.pk]))
    assert "It was wrong." in page.content.decode()
    assert "We welcome the report." in page.content.decode()


def test_words_that_were_saved_and_not_submitted_are_pointed_out(client, ann, ed):
    edition = approve_edition(submit_statement(make_statement(ann), by=ann), by=ed)
    assert "saved but not submitted" not in load_page(client, ed, edition.statement)
    rewrite_passage(edition.statement, "Other words.", by=ann)
    assert "saved but not submitted" in load_page(client, ed, edition.statement)


def test_a_stranger_sees_no_page(client, sam, ann):
    edition = submit_statement(make_statement(ann), by=ann)
    client.force_login(sam)
    assert client.get(hub_url(edition.statement)).status_code in (302, 403)


# --- Details --------------------------------------------------------------------------------------


def details_url(statement: Statement) -> str:
    return reverse("admin:statements_statement_details", args=[statement.pk])


def test_contact_and_themes_of_a_published_statement_change_without_an_edition(client, ann, ed):
    edition = approve_edition(submit_statement(make_statement(ann), by=ann), by=ed)
    statement = edition.statement
    desk = Contact.objects.create(organisation=edition.organisation, name="Desk", phone="0207")
    theme = Theme.objects.create(name="Schools", slug="schools")
    assert "Edit details" in load_page(client, ed, statement)
    client.post(details_url(statement), {"contact": desk.pk, "themes": [theme.pk]})
    page = load_page(client, ed, statement)
    assert "Desk" in page
    assert "Schools" in page
    assert "changed the details" in page
    assert statement.editions.count() == 1


def test_once_it_is_published_an_author_leaves_its_details_to_an_editor(client, ann, ed):
    edition = approve_edition(submit_statement(make_statement(ann), by=ann), by=ed)
    page = load_page(client, ann, edition.statement)
    assert "Edit details" not in page
    assert "only editors change its details" in page
    assert client.post(details_url(edition.statement), {}).status_code == 403
