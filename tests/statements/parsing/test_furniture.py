"""Test lines around the words: ENDS, notes, dates, embargoes, parts of an old page."""

from datetime import date

import pytest

from statements.parsing.html_paragraphs import parse_html
from statements.parsing.text import parse_text
from tests.statements.parsing.documents import DAVE, LONG, document, printed


@pytest.mark.parametrize(
    "ends", ["ENDS", "Ends", "-ends-", "- ENDS -", "/ends", "***END***", "DIWEDD", "###"]
)
@pytest.mark.parametrize(
    "head", ["Notes to editors", "Notes to Editors:", "NOTES FOR EDITORS", "Editor’s notes"]
)
def test_notes_to_editors_are_found_under_their_head(ends, head):
    draft = parse_text(document("Head", DAVE, "“One.”", ends, head, "A note.", "Another."))
    assert draft.notes_to_editors == ("<p>A note.</p>", "<p>Another.</p>")
    assert draft.omitted_lines == (ends, head)
    assert draft.messages == ()


def test_notes_on_the_line_of_their_head_and_words_after_the_end():
    assert parse_text(document("Head", LONG, "Notes to editors: A note.")).notes_to_editors == (
        "<p>A note.</p>",
    )
    draft = parse_text(document("Head", LONG, "ENDS", "For more, call us."))
    assert draft.notes_to_editors == ("<p>For more, call us.</p>",)
    assert draft.messages == (
        "What stood after the end of the words was put under the notes to editors.",
    )


def test_end_line_alone_is_left_out_with_a_message():
    draft = parse_text(document("Head", LONG, "ENDS"))
    assert draft.omitted_lines == ("ENDS",)
    assert draft.messages == (
        "The line that says that the words end was left out: the page shows where they end.",
    )


@pytest.mark.parametrize(
    "line", ["Related Articles", "Related articles", "Share this", "Erthyglau cysylltiedig"]
)
def test_rest_of_the_old_page_is_left_out(line):
    draft = parse_text(document("Head", DAVE, "“One.”", line, "Another comment of ours"))
    assert draft.omitted_lines == (line,)
    assert draft.leftovers == (
        ("Another comment of ours", f"It stood under “{line}”, which is no part of the words."),
    )
    assert printed(document("Head", DAVE, "“One.”", line)) == document("Head", DAVE, "“One.”")


SENTENCES = [
    "The inquiry heard that the quay was closed.",
    "“One.”",
    "A title\n\nThe quay opens on Monday, and it is for everybody who has a boat.",
]


@pytest.mark.parametrize(
    ("line", "after"),
    [
        *((line, after) for line in ("Related articles", "Share this") for after in SENTENCES),
        *(
            (line, after)
            for line in ("Read more", "Related documents", "Related links:")
            for after in (*SENTENCES, "Annex A")
        ),
    ],
)
def test_words_under_a_heading_of_the_old_page_stay(line, after):
    draft = parse_text(document("Head", LONG, line, *after.split("\n\n")))
    assert (draft.leftovers, draft.omitted_lines) == ((), ())


@pytest.mark.parametrize("line", ["Read more", "Related documents", "Related links"])
def test_links_alone_under_a_heading_are_of_the_old_page(line):
    page = '<p><a href="https://o.example/a/">The first</a></p><ul><li><a href="https://o.example/b/">The second.</a></li></ul>'
    words = f"<p>{LONG}</p><h3>{line}</h3>"
    draft = parse_html(f"<p>Head</p>{words}{page}")
    assert [text for text, _ in draft.leftovers] == ["The first", "The second."]
    assert draft.omitted_lines == (line,)
    for kept in (
        '<p>See <a href="https://o.example/a/">the first</a></p>',
        '<p><a href="https://o.example/a.pdf">Annex</a></p>',
    ):
        draft = parse_html(f"<p>Head</p>{words}{page}{kept}")
        assert (draft.leftovers, draft.omitted_lines) == ((), ())


def test_related_articles_in_the_midst_of_the_words_stays():
    source = document("Head", LONG, "Related articles", DAVE, "“One.”")
    assert printed(source) == source


@pytest.mark.parametrize(
    ("line", "when"),
    [
        ("27 September 2016", date(2016, 9, 27)),
        ("Tuesday, 27th September 2016", date(2016, 9, 27)),
        ("Date: 27/09/2016", date(2016, 9, 27)),
        ("2016-09-27", date(2016, 9, 27)),
        ("September 27, 2016", date(2016, 9, 27)),
        ("Dydd Mawrth 27 Medi 2016", date(2016, 9, 27)),
        ("Embargoed until 00:01 on Tuesday 27 September 2016", date(2016, 9, 27)),
        ("STRICTLY EMBARGOED UNTIL 00.01", None),
        ("PRESS RELEASE - EMBARGOED UNTIL 27 September 2016", date(2016, 9, 27)),
        ("Media statement: strictly embargoed until 00:01", None),
        ("For immediate release", None),
        ("PRESS RELEASE", None),
    ],
)
def test_date_and_embargo_lines_are_no_words(line, when):
    for source in (document(line, "Head", DAVE, "“One.”"), document("Head", line, DAVE, "“One.”")):
        draft = parse_text(source)
        assert (draft.headline, draft.dated_on) == ("Head", when)
        assert [text for text, _ in draft.leftovers] == [line]


@pytest.mark.parametrize(
    "line", ["31 February 2016", "27 September 2016 was a good day.", "Embargo"]
)
def test_lines_that_only_look_like_a_date_stay(line):
    source = document("Head", line, LONG)
    assert parse_text(source).dated_on is None
    assert printed(source) == source


def test_document_of_nothing_but_a_date_has_it_as_headline():
    assert parse_text("27 September 2016").headline == "27 September 2016"
