"""Test wrong input: it gets a sentence, nothing is lost, and there is never a 500."""

import pytest

from statements.models import Passage, Statement, StatementSlug
from statements.newsdesk.rich_text import MAX_TEXT_BYTES
from tests.cast import make_speaker, make_statement
from tests.statements.newsdesk.form_data import change_url, list_todo, open_form

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
    assert list_todo(client.get(change_url(draft)).context) == [
        ("The headline has 400 characters; lists and feeds carry 300 at most.", "id_headline")
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


def test_passages_that_are_too_long_in_all_are_refused_and_stay_in_the_form(post):
    body = "<p>" + "a" * 90_000 + "</p>"
    fields = {f"passages-{number}-body": body for number in range(5)}
    response = post(**{"passages-TOTAL_FORMS": 5} | fields)
    sentence = (
        "The words of all passages take 450 KB, and a statement holds 400 KB at most. Publish "
        "them as several statements, or attach them as a file."
    )
    assert errors(response) == [sentence] * 5
    passages = response.context["inline_admin_formsets"][0].formset
    assert [form["body"].value() for form in passages.forms] == [body] * 5


def test_more_than_200_passages_are_refused(post, draft):
    fields = {f"passages-{number}-body": "<p>a</p>" for number in range(1, 201)}
    response = post(**{"passages-TOTAL_FORMS": 201} | fields)
    assert response.context["errors"] == [
        "This would be 201 passages, and a statement holds 200 at most. Put passages of one "
        "speaker together, or publish several statements."
    ]
    assert draft.passages.count() == 1


def test_a_summary_of_11_000_characters_is_refused_and_stays_in_the_form(post):
    response = post(summary="a" * 11_000)
    assert errors(response) == ["Ensure this value has at most 10000 characters (it has 11000)."]
    assert response.context["adminform"].form["summary"].value() == "a" * 11_000


def test_a_line_end_in_a_line_becomes_a_space(post, draft):
    post(headline="A\r\nB\tC", summary="A\r\nB")
    draft.refresh_from_db()
    assert (draft.headline, draft.summary) == ("A B C", "A\nB")


@pytest.mark.parametrize(
    ("year", "field", "typed"),
    [(26, "dated_on", "0026-05-01"), (1, "requested_release_at", "0001-01-01T00:00")],
)
def test_a_year_that_nobody_means_gets_a_sentence(post, year, field, typed):
    assert errors(post(**{field: typed})) == [
        f"The year {year} is outside the years 1800 to 2199. Check the year, with all its four "
        "digits."
    ]


def test_a_link_that_is_no_address_becomes_text(post, draft):
    post(**{"passages-0-body": '<p><a href="http://[">A</a> <a href="https://b.org/">B</a></p>'})
    assert draft.passages.get().body == '<p>A <a href="https://b.org/">B</a></p>'


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


def test_a_language_that_the_original_or_a_translation_has_gets_a_sentence(post, draft, ed):
    original = make_statement(ed, "The original")
    assert errors(post(translation_of=original.pk)) == [
        "There is one in English already: “The original”."
    ]
    make_statement(ed, "Cymraeg", language="cy", translation_of=draft)
    assert errors(post(language="cy")) == ["There is one in Cymraeg already: “Cymraeg”."]
    post(translation_of=original.pk, language="fr")
    draft.refresh_from_db()
    assert (draft.translation_of, draft.language) == (original, "fr")


def test_a_day_that_does_not_exist_gets_a_sentence(post):
    assert errors(post(dated_on="31 February 2026")) == [
        "“31 February 2026” is not a date. Write it like 12 November 2026."
    ]


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
    assert list_todo(client.get(change_url(draft)).context) == [
        ("Add the words.", "id_passages-0-body"),
        ("Add Dave Hill’s words, or remove the quotation.", "id_passages-0-body"),
    ]


def test_a_publisher_that_stopped_publishing_can_still_be_saved(post, draft):
    draft.organisation.publishes = False
    draft.organisation.save()
    assert post(headline="Still ours").status_code == 302
