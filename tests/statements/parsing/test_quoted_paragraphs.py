"""Test that quotation marks around a speaker's words are removed, and others kept."""

import pytest

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


UNCLEAR = (
    f"It is not clear where the words below “{DAVE}” end, or whose they are. They stay as typed: "
    "choose the speaker."
)
NOBODY = "No line says who speaks the quoted words: choose the speaker."


@pytest.mark.parametrize(
    "typed",
    [
        ["“One.", "“Two."],
        ["“One.", LONG],
        ["“One.", LONG, "“Two.”"],
        ["“One.", "“Two.", LONG, "Four.”"],
        ["“One.", "What happens next", LONG, "Four.”"],
        ["“One.", "Jane Smith: please note.", "Three.”"],
        ["“One.", "— Jane Smith", "Three.”"],
        ["“One.”", "— Jane Smith"],
    ],
)
def test_quotation_that_is_not_clear_is_narration_with_its_marks_whole(typed):
    source = document("Head", DAVE, *typed)
    assert next((speaker, quoted) for _, speaker, quoted, _ in shape(source)) == ("", False)
    assert {speaker for _, speaker, _, _ in shape(source)} == {""}
    assert printed(source) == source
    assert parse_text(source).messages == (UNCLEAR, NOBODY)


def test_changes_of_marks_give_messages():
    source = document("Head", DAVE, '"One.', "“Two “three” four.”")
    assert parse_text(source).messages == (
        "Straight quotation marks around the words are set as “ and ” now.",
        "The double marks inside of “Two “three” four.” are set as ‘ and ’ on the page.",
    )
    assert printed(source) == document("Head", DAVE, "“One.", "“Two ‘three’ four.”")


@pytest.mark.parametrize("between", [[LONG], ["What happens next"], []])
def test_quotation_ends_with_its_closing_mark_and_what_follows_is_nobodys(between):
    source = document("Head", DAVE, "“One.”", *between, "“Two is a longer sentence than one.”")
    assert [speaker for _, speaker, _, _ in shape(source)] == ["Dave Hill", ""]
    assert printed(source) == source
    assert parse_text(source).messages == (NOBODY,)
