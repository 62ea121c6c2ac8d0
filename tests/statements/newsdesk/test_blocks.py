"""The passages of the writing page: added and moved without scripts, and what each of them is."""

import re
from pathlib import Path

import pytest

from statements import readiness
from statements.content.languages import LANGUAGES
from statements.content.quotation_marks import get_marks
from statements.models import Statement
from tests.cast import make_statement
from tests.make_files import attach_file, make_picture, make_upload
from tests.statements.newsdesk.form_data import ADD, change_url, open_form, read_form

pytestmark = pytest.mark.django_db
NEW_ROW = {"id": "", "speaker": "", "appointment": "", "heading": "", "attribution": ""}


@pytest.fixture
def draft(ann):
    statement = make_statement(ann, words="First.")
    statement.passages.create(position=1, body="<p>Second.</p>")
    return statement


def list_labels(response) -> list[str]:
    return re.findall(r'<section class="block [^>]*aria-label="([^"]*)"', _page_of(response))


def _page_of(response) -> str:
    """Return the page without the passage that scripts copy."""
    return re.sub(r"<template.*?</template>", "", response.content.decode(), flags=re.DOTALL)


def test_a_passage_is_added_without_scripts_and_nothing_is_saved_or_lost(client, draft, ann):
    data = open_form(client, ann, change_url(draft))
    before = list(draft.passages.values_list("position", "body"))
    typed = data | {"headline": "Typed", "passages-1-body": "Typed too.", "_add": "quote-0"}
    response = client.post(change_url(draft), typed)
    assert list_labels(response) == ["Quotation 1: Dave Hill", "Quotation 2", "Narration 3"]
    form = read_form(response)
    assert (form["headline"], form["passages-1-body"]) == ("Typed", "Typed too.")
    assert [form[f"passages-{row}-place"] for row in (0, 2, 1)] == ["1", "2", "3"]
    assert "There is a problem" not in _page_of(response)
    assert list(draft.passages.values_list("position", "body")) == before
    assert Statement.objects.get().version == draft.version

    # What comes back is what the next save stores, in this order.
    form |= {"passages-2-kind": "tell", "passages-2-body": "Between."}
    client.post(change_url(draft), form | {"_continue": "1"})
    bodies = [row.body for row in draft.passages.in_order()]
    assert bodies == ["<p>First.</p>", "<p>Between.</p>", "<p>Typed too.</p>"]


@pytest.mark.parametrize(
    ("button", "label"),
    [
        ("tell-end", "Narration 2"),
        ("heading-end", "Narration 2"),
        ("table-end", "Table 2"),
        ("nonsense", None),
    ],
)
def test_each_kind_is_added_to_a_statement_that_does_not_exist_yet(client, ann, button, label):
    data = open_form(client, ann, ADD)
    response = client.post(ADD, data | {"headline": "Typed", "_add": button})
    assert list_labels(response) == ["Quotation 1", *([label] if label else [])]
    assert not Statement.objects.exists()


def test_a_passage_is_moved_without_scripts(client, draft, ann):
    data = open_form(client, ann, change_url(draft))
    response = client.post(change_url(draft), data | {"_move": "up-1"})
    assert list_labels(response) == ["Narration 1", "Quotation 2: Dave Hill"]
    client.post(change_url(draft), read_form(response) | {"_continue": "1"})
    assert [row.body for row in draft.passages.in_order()] == ["<p>Second.</p>", "<p>First.</p>"]


def test_a_place_and_a_kind_alone_are_no_passage(client, draft, ann):
    data = open_form(client, ann, change_url(draft))
    data |= {f"passages-2-{name}": value for name, value in NEW_ROW.items()}
    data |= {"passages-2-kind": "tell", "passages-2-place": "1", "passages-TOTAL_FORMS": 3}
    client.post(change_url(draft), data | {"passages-2-body": "", "_continue": "1"})
    assert draft.passages.count() == 2


def test_what_is_made_narration_lets_go_of_its_speaker(client, draft, ann):
    data = open_form(client, ann, change_url(draft))
    client.post(change_url(draft), data | {"passages-0-kind": "tell", "_continue": "1"})
    first = draft.passages.in_order()[0]
    assert (first.speaker, first.appointment, first.awaits_speaker) == (None, None, False)


def test_a_quotation_without_a_speaker_stays_one_and_is_not_submitted(client, draft, ann):
    data = open_form(client, ann, change_url(draft))
    client.post(change_url(draft), data | {"passages-1-kind": "quote", "_continue": "1"})
    draft.refresh_from_db()
    problems = readiness.blocking(readiness.submission_problems(draft))
    assert [(problem.field, str(problem)) for problem in problems] == [
        (
            "passages-1-speaker",
            "Say who is quoted in passage 2. Choose the speaker, or change it to narration.",
        )
    ]
    response = client.get(change_url(draft))
    assert list_labels(response) == ["Quotation 1: Dave Hill", "Quotation 2"]
    client.post(change_url(draft), read_form(response) | {"_submit": "1"})
    assert not draft.editions.exists()


def test_a_placed_picture_is_saved_moved_and_goes_with_its_file(client, draft, ann):
    draft.passages.create(position=2, picture=attach_file(draft, ann))
    client.force_login(ann)
    response = client.get(change_url(draft))
    assert list_labels(response) == ["Quotation 1: Dave Hill", "Narration 2", "Picture 3"]
    data = read_form(client.post(change_url(draft), read_form(response) | {"_move": "up-2"}))
    client.post(change_url(draft), data | {"headline": "Typed", "_continue": "1"})
    types = [block["type"] for block in Statement.objects.get().content()["blocks"]]
    assert types == ["quotation", "picture", "narration"]

    data = open_form(client, ann, change_url(draft))
    client.post(change_url(draft), data | {"attachments-0-DELETE": "on", "_continue": "1"})
    assert [row.picture for row in draft.passages.in_order()] == [None, None]


def test_a_picture_that_is_uploaded_stands_where_it_was_added(client, draft, ann):
    data = open_form(client, ann, change_url(draft))
    data = read_form(client.post(change_url(draft), data | {"_add": "picture-0"}))
    assert data["passages-2-shows"] == "attachments-1"
    data |= {"attachments-1-upload": make_upload("chart.jpg", make_picture())}
    client.post(change_url(draft), data | {"attachments-1-alt": "Rooms", "_continue": "1"})
    content = Statement.objects.get().content()
    types = [block["type"] for block in content["blocks"]]
    assert types == ["quotation", "picture", "narration"]
    assert content["files"][0]["alt"] == "Rooms"


def test_the_marks_of_the_style_sheet_are_those_of_the_public_page():
    css = (Path(__file__).parents[3] / "static" / "newsdesk" / "write.css").read_text("utf-8")
    rules = re.findall(
        r'^(\.written.*?) \{ --open: "(.*?)"; --close: "(.*?)"; \}$', css, re.MULTILINE
    )
    shown = {}
    for selectors, opening, closing in rules:
        marks = tuple(mark.replace("\\202f", "\u202f") for mark in (opening, closing))
        shown |= dict.fromkeys(re.findall(r":lang\((\w+)\)", selectors) or [""], marks)
    for language, _ in LANGUAGES:
        marks = get_marks(language)
        assert shown.get(language.split("-")[0], shown[""]) == (marks.opening, marks.closing)
