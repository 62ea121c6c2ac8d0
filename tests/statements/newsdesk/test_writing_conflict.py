"""Two people at one statement: nobody overwrites anybody in silence, and no text is lost."""

import pytest

from statements.models import Contribution, Passage, Statement, Theme
from tests.cast import NOON, approved, make_statement, submitted
from tests.statements.newsdesk.filled import change_url, opened

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(ann) -> Statement:
    return make_statement(ann)


@pytest.fixture
def eds_form(client, draft, ed) -> dict:
    """What Ed sends back, after ann saved something else."""
    return opened(client, ed, change_url(draft)) | {
        "headline": "Ed’s headline",
        "passages-0-body": "<p>Ed’s words.</p>",
    }


def save_as(client, person, statement, **changes):
    return client.post(
        change_url(statement), opened(client, person, change_url(statement)) | changes
    )


def conflict(response):
    return response.context["adminform"].form.conflict


def test_a_stale_form_saves_nothing_keeps_the_text_and_says_who_was_quicker(
    client, draft, ann, ed, eds_form
):
    save_as(client, ann, draft, headline="Ann’s headline")
    client.force_login(ed)
    response = client.post(change_url(draft), eds_form)
    found = Statement.objects.get()
    assert (found.headline, found.version) == ("Ann’s headline", 3)
    assert not Contribution.objects.filter(user=ed).exists()
    form = response.context["adminform"].form
    passages = response.context["inline_admin_formsets"][0].formset
    assert form["headline"].value() == "Ed’s headline"
    assert passages.forms[0]["body"].value() == "<p>Ed’s words.</p>"
    assert conflict(response).sentence.startswith("Ann saved this statement on ")
    assert conflict(response).saved == (
        "Ann’s headline\n\nDave Hill, President of the Association of Directors, said:\n\n"
        "“We welcome the report.”"
    )


def test_ticking_the_box_saves_mine_over_it(client, draft, ann, ed, eds_form):
    save_as(client, ann, draft, headline="Ann’s headline")
    client.force_login(ed)
    token = conflict(client.post(change_url(draft), eds_form)).token
    assert client.post(change_url(draft), eds_form | {"save_over": token}).status_code == 302
    draft.refresh_from_db()
    assert (draft.headline, draft.passages.get().body) == ("Ed’s headline", "<p>Ed’s words.</p>")
    assert draft.contributions.get(user=ed).version == draft.version == 4


def test_the_box_stands_for_the_version_that_was_shown_and_no_later_one(
    client, draft, ann, ed, eds_form
):
    save_as(client, ann, draft, headline="Ann’s headline")
    client.force_login(ed)
    token = conflict(client.post(change_url(draft), eds_form)).token
    save_as(client, ann, draft, headline="Ann’s second headline")
    client.force_login(ed)
    response = client.post(change_url(draft), eds_form | {"save_over": token})
    assert "Ann’s second headline" in conflict(response).saved
    assert Statement.objects.get().headline == "Ann’s second headline"


def test_a_passage_that_somebody_deleted_meanwhile_is_saved_again(client, draft, ann, ed, eds_form):
    Passage.objects.create(statement=draft, position=1, body="<p>Ann’s own.</p>")
    draft.passages.filter(position=0).delete()
    draft.next_version(by=ann, seen_version=draft.version)
    client.force_login(ed)
    token = conflict(client.post(change_url(draft), eds_form)).token
    client.post(change_url(draft), eds_form | {"save_over": token})
    assert {passage.body for passage in draft.passages.in_order()} == {
        "<p>Ed’s words.</p>",
        "<p>Ann’s own.</p>",
    }


def test_a_shelf_that_was_changed_meanwhile_is_not_put_back(client, draft, ann, ed, eds_form):
    theme = Theme.objects.create(name="Safeguarding")
    save_as(client, ann, draft, themes=[theme.pk])
    client.force_login(ed)
    response = client.post(change_url(draft), eds_form)
    assert conflict(response).sentence.startswith("Somebody changed what stands beside the words")
    assert list(draft.themes.all()) == [theme]


def test_an_approval_meanwhile_is_told_by_name(client, draft, ann, ed, max):
    edition = submitted(draft, by=ann)
    data = opened(client, ann, change_url(draft)) | {"headline": "Newer"}
    approved(edition, by=max, at=NOON, release_at=None)
    response = client.post(change_url(draft), data)
    assert conflict(response).sentence.startswith("max approved this statement on 1 March 2044")


def test_somebody_elses_passages_cannot_be_reached_by_their_number(client, draft, ann, ed):
    other = make_statement(ed, "Another", words="Not yours.")
    data = opened(client, ann, change_url(draft))
    data |= {"passages-0-id": other.passages.get().pk, "passages-0-body": "<p>Mine.</p>"}
    client.post(change_url(draft), data)
    assert other.passages.get().body == "<p>Not yours.</p>"
