"""Test wrong input: it gets a sentence, nothing is lost, and there is never a 500."""

import pytest

from statements.models import Passage, Statement, StatementSlug
from statements.newsdesk.rich_text import MAX_TEXT_BYTES
from tests.cast import make_speaker, make_statement
from tests.statements.newsdesk.form_data import change_url, open_form

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(ann) -> Statement:
    return make_statement(ann)


@pytest.fixture
def post(client, ann, draft):
    """post(field=value, …): Ann sends the form with these fields changed."""

    def send(**fields):
        data = open_form(client, ann, change_url(draft))
        return client.post(change_url(draft), data | fields)

    return send


def errors(response) -> list[str]:
    return [sentence for field_errors in response.context["errors"] for sentence in field_errors]


def test_nul_and_other_controls_are_left_out(post, draft):
    response = post(
        **{"headline": "A\0B\x07", "passages-0-body": "<p>C\0D</p>", "notes_to_editors": "E\0F"}
    )
    assert response.status_code == 302
    draft.refresh_from_db()
    assert (draft.headline, draft.notes_to_editors) == ("AB", "<p>EF</p>")
    assert draft.passages.get().body == "<p>CD</p>"


def test_a_headline_of_400_characters_is_kept_and_the_form_says_it_is_too_long(post, draft, client):
    assert post(headline="A" * 400).status_code == 302
    draft.refresh_from_db()
    assert draft.headline == "A" * 400
    assert [str(problem) for problem, _ in client.get(change_url(draft)).context["missing"]] == [
        "The headline has 400 characters; lists and feeds carry 300 at most. "
        "Shorten it; the rest can open the summary."
    ]


def test_a_headline_of_600_characters_is_refused_and_stays_in_the_form(post):
    response = post(headline="A" * 600)
    assert errors(response) == ["Ensure this value has at most 500 characters (it has 600)."]
    assert response.context["adminform"].form["headline"].value() == "A" * 600


def test_an_endless_text_is_refused_and_stays_in_the_form(post):
    body = "<p>" + "a" * 5_000_00 + "</p>"
    response = post(**{"passages-0-body": body})
    assert errors(response) == [
        "These words take 500 KB, and one passage holds 100 KB at most. "
        "Split them into several passages."
    ]
    passages = response.context["inline_admin_formsets"][0].formset
    assert passages.forms[0]["body"].value() == body


def test_tags_nested_without_end_are_cleaned(post, draft):
    depth = MAX_TEXT_BYTES // 20
    post(**{"passages-0-body": "<ul><li>" * depth + "Deep" + "</li></ul>" * depth})
    assert "Deep" in draft.passages.get().body


def test_a_script_is_not_kept(post, draft):
    post(**{"passages-0-body": '<p onclick="x()">Words<script>alert(1)</script></p>'})
    assert draft.passages.get().body == "<p>Words</p>"


@pytest.mark.parametrize("reserved", [True, False])
def test_a_slug_that_is_taken_gets_a_sentence(post, ed, reserved):
    owner = make_statement(ed, "The other one", slug="" if reserved else "our-address")
    if reserved:
        StatementSlug.objects.create(slug="our-address", statement=owner)
    assert errors(post(slug="our-address")) == [
        "The address “our-address” belongs to “The other one”. Choose another, or leave it empty."
    ]


def test_a_statement_is_neither_its_own_translation_nor_related_to_itself(post, draft, ed):
    article = make_statement(ed, "The other one")
    assert errors(post(translation_of=draft.pk)) == ["A statement is no translation of itself."]
    assert errors(post(**{"relations-0-to": draft.pk})) == [
        "A statement is not related to itself: choose another."
    ]
    twice = {
        "relations-TOTAL_FORMS": 2,
        "relations-0-to": article.pk,
        "relations-1-to": article.pk,
        "relations-1-statement": draft.pk,
    }
    assert errors(post(**twice)) == ["“The other one” is in this list already."]


def test_a_day_that_does_not_exist_gets_a_sentence(post):
    assert errors(post(dated_on="31 February 2026")) == ["Enter a valid date."]


@pytest.mark.parametrize("url", ["0", "99999999999999999999", "nonsense"])
def test_a_statement_that_does_not_exist_leads_back_with_a_message(client, ann, url):
    client.force_login(ann)
    for send in (client.get, client.post):
        assert send(f"/admin/statements/statement/{url}/change/").status_code == 302


def test_welsh_and_arabic_words_come_back_as_they_were(post, draft):
    post(language="ar", **{"passages-0-body": "<p>نرحب \u200fبالتقرير ’til Llŷr</p>"})
    assert draft.passages.get().body == "<p>نرحب \u200fبالتقرير ’til Llŷr</p>"


def test_a_speaker_without_words_is_saved_with_a_warning(post, draft, client):
    Passage.objects.all().delete()
    post(**{"passages-0-body": "", "passages-0-speaker": make_speaker().pk})
    missing = client.get(change_url(draft)).context["missing"]
    assert [(problem.message, anchor) for problem, anchor in missing] == [
        ("There are no words yet.", "passages-group"),
        ("Passage 1 announces a speaker and has no words.", "id_passages-0-body"),
    ]


def test_a_publisher_that_stopped_publishing_can_still_be_saved(post, draft):
    draft.organisation.publishes = False
    draft.organisation.save()
    assert post(headline="Still ours").status_code == 302
