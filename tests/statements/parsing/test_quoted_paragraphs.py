"""Test that quotation marks around a speaker's words are removed, and others kept."""

import pytest

from statements.content.rendering import render_block_as_text
from statements.parsing.text import parse_text
from tests.statements.parsing.documents import DAVE, LONG, document, printed, shape


@pytest.mark.parametrize(
    ("typed", "texts"),
    [
        (["“One.”"], ["One."]),
        (['"One."'], ["One."]),
        (['“One."'], ["One."]),
        (['"One.”'], ["One."]),
        (["”One.”"], ["One."]),
        (["„Eins.“"], ["Eins."]),
        (["«\u00a0Un.\u00a0»"], ["Un."]),
        (['"One.', '"Two."'], ["One.", "Two."]),
        (['"He said "no" to us."'], ['He said "no" to us.']),
        (["“He said “no.”", "“Then “yes.””"], ["He said “no.”", "Then “yes.”"]),
        (["“One”."], ["One."]),
        (["“ One. ”"], ["One."]),
        (["“’Til then.”"], ["’Til then."]),
        (["\"'Til then, in the '90s.\""], ["'Til then, in the '90s."]),
        (["“One.", "Two.", "Three.”"], ["One.", "Two.", "Three."]),
    ],
)
def test_marks_around_quoted_paragraphs_are_taken_off(typed, texts):
    assert shape(document("Head", DAVE, *typed)) == [("", "Dave Hill", True, texts)]


@pytest.mark.parametrize(
    "typed",
    [
        "“We waited,” said a carer, “and nobody came.”",
        "“We waited,” said a carer.",
        '"We waited," she said, "and nobody came."',
        "’Til then, we wait.",
        "'Til then, we wait.",
        "He said “no” to us.",
        "“",
        "“” is an empty quotation.",
    ],
)
def test_words_outside_of_the_marks_make_it_narration_as_typed(typed):
    assert shape(document("Head", LONG, typed)) == [("", "", False, [LONG, typed])]


def test_paragraph_without_its_own_mark_in_a_quotation_gives_a_message():
    assert parse_text(document("Head", DAVE, "“One.", LONG, "Three.”")).messages == (
        "“This is a paragraph that nobody…” has no opening mark, but the quotation around it is "
        "closed only there or later: it was read as a part of it.",
        "“Three.” has no opening mark, but the quotation around it is "
        "closed only there or later: it was read as a part of it.",
    )


def test_unclosed_quotation_is_kept_with_a_message():
    draft = parse_text(document("Head", DAVE, "“One.", "“Two."))
    assert [render_block_as_text(block) for block in draft.passages[0].blocks] == ["One.", "Two."]
    assert draft.messages == (
        "The quotation that begins “One.” was never closed; it is closed after its last paragraph.",
    )


def test_unclosed_quotation_does_not_swallow_narration():
    assert shape(document("Head", DAVE, "“One.", LONG)) == [
        ("", "Dave Hill", True, ["One."]),
        ("", "", False, [LONG]),
    ]


def test_changes_of_marks_give_messages():
    assert parse_text(document("Head", DAVE, '"One."', "“Two “three” four.”")).messages == (
        "Straight quotation marks around the words are set as “ and ” now.",
        "Quoted paragraphs that follow one another were each closed; only the last of them is "
        "closed now.",
        "The double marks inside of “Two “three” four.” are set as ‘ and ’ on the page.",
    )
    assert printed(document("Head", DAVE, '"One."', "“Two “three” four.”")) == document(
        "Head", DAVE, "“One.", "“Two ‘three’ four.”"
    )


def test_words_after_narration_go_to_the_last_speaker_with_a_message():
    draft = parse_text(document("Head", DAVE, "“One.”", LONG, "“Two.”"))
    assert [passage.speaker_name for passage in draft.passages] == ["Dave Hill", "", "Dave Hill"]
    assert draft.messages == (
        "Quoted words after narration have no line that says who speaks; they were given to Dave "
        "Hill.",
    )
