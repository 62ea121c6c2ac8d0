"""Test that a document comes out as it went in, and that no word is lost."""

import re
import unicodedata
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statements.content.characters import normalise_text
from statements.content.html import is_clean_block
from statements.content.rendering import render_block_as_text, render_plain_text
from statements.parsing.draft import Draft, ParseError
from statements.parsing.text import parse_text
from tests.statements.parsing.documents import (
    DAVE,
    JANE,
    LONG,
    content_of,
    document,
    printed,
    shape,
)

SEED = Path(__file__).parents[2] / "fixtures" / "adcs-comment.txt"

# The seed


def test_seed_comes_out_as_it_went_in_character_for_character():
    source = SEED.read_text(encoding="utf-8")
    words = re.sub(r"\n{3,}", "\n\n", source.removesuffix("Related Articles").strip())
    assert printed(SEED.read_bytes()) == words


def test_seed_is_one_passage_of_five_paragraphs_by_the_president():
    draft = parse_text(SEED.read_bytes())
    assert draft.headline == "CSE and Missing Children Thematic Report - ADCS Comment"
    [passage] = draft.passages
    assert passage.attribution == DAVE
    assert (passage.speaker_name, passage.role) == ("Dave Hill", "President")
    assert passage.organisation_name == "Association of Directors of Children’s Services"
    assert passage.organisation_in_text == "the Association of Directors of Children’s Services"
    assert passage.is_quoted
    assert len(passage.blocks) == 5
    assert passage.blocks[2].startswith("<p>It is concerning to read")
    assert not re.search("[“”]", "".join(passage.blocks))
    assert draft.omitted_lines == ("Related Articles",)
    assert draft.messages == (
        "The line “Related Articles” at the end was left out: it is a heading of the old page.",
    )
    assert (draft.leftovers, draft.notes_to_editors, draft.dated_on) == ((), (), None)


# Round trips: a well-formed document comes out as it went in

WELL_FORMED = {
    "one paragraph": document("Head", DAVE, "“One.”"),
    "three paragraphs": document("Head", DAVE, "“One.", "“Two.", "“Three.”"),
    "nested marks": document("Head", DAVE, "“They told us ‘no’ twice.”"),
    "nested at both ends": document("Head", DAVE, "“‘No’ is what they said, and ‘never.’”"),
    "nested within nested": document("Head", DAVE, "“She said: ‘I heard “no” from him.’”"),
    "leading apostrophe": document("Head", DAVE, "“’Til then we wait for James’ ’90s plan.”"),
    "straight apostrophes": document("Head", DAVE, "“It's James' plan, 'til the '90s.”"),
    "narration alone": document("Head", LONG, "And another one, as long as the first was."),
    "narration with marks": document(
        "Head", LONG, "“We waited,” said a carer, “and nobody came.”", LONG
    ),
    "narration between": document("Head", DAVE, "“One.”", LONG, "“Two.”"),
    "narration before": document("Head", LONG, DAVE, "“One.", "“Two.”"),
    "sub-heading": document("Head", DAVE, "“One.”", "What happens next", "“Two.", "“Three.”"),
    "sub-heading over narration": document("Head", LONG, "What happens next", LONG),
    "sub-heading before attribution": document("Head", "In brief", DAVE, "“One.”"),
    "two speakers": document("Head", DAVE, "“One.", "“Two.”", JANE, "“Three.”"),
    "two speakers in turn": document(
        "Head", DAVE, "“One.”", JANE, "“Two.”", "Mr Hill added:", "“Three.”"
    ),
    "two speakers under headings": document(
        "Head", "The directors", DAVE, "“One.”", "The councils", JANE, "“Two.”"
    ),
    "attribution without words": document("Head", DAVE, JANE, "“One.”"),
    "notes": document(
        "Head", DAVE, "“One.”", "ENDS", "Notes to editors", "1. First.", "2. Second."
    ),
    "notes with a contact": document(
        "Head", DAVE, "“One.”", "ENDS", "Notes to editors", "Press office\n020 7946 0000"
    ),
    "notes with a list": document("Head", DAVE, "“One.”", "ENDS", "Notes to editors", "• a\n• b"),
    "numbered notes": document(
        "Head", DAVE, "“One.”", "ENDS", "Notes to editors", "1. a\n2. b\n3. c"
    ),
    "list in the words": document(
        "Head", DAVE, "“We ask for three things:", "• time\n• money\n• trust”"
    ),
    "list between": document("Head", DAVE, "“We ask for:", "• time\n• money", "“We shall see.”"),
    "list in narration": document("Head", "They ask for these things:", "• time\n• money"),
    "comma in the organisation": document(
        "Head", "Ann Lee, Chair of the Health, Care and Work Board, said:", "“One.”"
    ),
    "clause first": document(
        "Head", "Responding to the report, Ann Lee, Chair of the Board, said:", "“One.”"
    ),
    "non-breaking space": document("Head", DAVE, "“It costs £5\u00a0million.”"),
    "em dashes": document("Head", DAVE, "“We—all of us—agree – mostly.”"),
    "ampersands and tags": document("Head & <b>", DAVE, "“R&D is < 5 &amp; > 3 <em>here</em>.”"),
    "inches": document("Head", DAVE, '“A 12" rule will do.”'),
    "question and exclamation": document("Head", DAVE, "“Why?", "“Because!”"),
    "headline in marks": document("“Not good enough”, say directors", DAVE, "“One.”"),
    "400 characters": document("H" * 400, DAVE, "“One.”"),
    "accents": document("Pennawd â tô", DAVE, "“Mae’r ŵyl yn fyw.”"),
    "emoji": document("Head 🎉", DAVE, "“Well done 👨‍👩‍👧.”"),
}


@pytest.mark.parametrize("source", WELL_FORMED.values(), ids=WELL_FORMED)
def test_well_formed_document_comes_out_as_it_went_in(source):
    assert printed(source) == source


def test_welsh_document_comes_out_as_it_went_in():
    source = document(
        "Pennawd",
        "Dywedodd Siân Rhys, Llywydd y Gymdeithas:",
        "“Un.",
        "“Dau.”",
        "DIWEDD",
        "Nodiadau i olygyddion",
        "Tri.",
    )
    assert printed(source, "cy") == source
    [passage] = parse_text(source).passages
    assert (passage.speaker_name, passage.role, passage.organisation_in_text) == (
        "Siân Rhys",
        "Llywydd",
        "y Gymdeithas",
    )


def test_arabic_document_comes_out_as_it_went_in():
    source = document("عنوان", "محمد علي، رئيس الجمعية:", "«نرحب بهذا التقرير.", "«هذا جيد.»")
    assert printed(source, "ar") == source
    assert shape(source) == [("", "محمد علي", True, ["نرحب بهذا التقرير.", "هذا جيد."])]


def test_arabic_words_in_english_marks_lose_only_the_marks():
    source = document("عنوان", "وقال محمد علي، رئيس الجمعية:", "”نرحب بهذا التقرير.“")
    assert shape(source) == [("", "محمد علي", True, ["نرحب بهذا التقرير."])]


# Lines and paragraphs


def test_a_number_alone_is_not_a_heading():
    """The last cell of a table that became paragraphs is directly above an attribution."""
    draft = parse_text(document("Head", LONG, "1,800", DAVE, "“One.”"))
    assert [passage.heading for passage in draft.passages] == ["", ""]
    assert draft.passages[0].blocks[-1] == "<p>1,800</p>"


def test_wrapped_lines_are_joined():
    attribution = DAVE.replace("Children’s", "\nChildren’s").replace(" \n", "\n")
    source = f"Head\n\n{attribution}\n\n“One\ntwo “three”\nfour.”\n"
    assert shape(source) == [("", "Dave Hill", True, ["One two “three” four."])]


def test_without_empty_lines_each_line_is_a_paragraph():
    assert printed(f"Head\n{DAVE}\n“One.\n“Two.”\nENDS\nNotes to editors\nA note.") == document(
        "Head", DAVE, "“One.", "“Two.”", "ENDS", "Notes to editors", "A note."
    )


@pytest.mark.parametrize("ending", ["\r\n", "\r", "\u2028", "\x85"])
def test_line_ends_of_every_kind(ending):
    assert printed(document("Head", DAVE, "“One.”").replace("\n", ending)) == document(
        "Head", DAVE, "“One.”"
    )


def test_headline_with_a_line_straight_under_it_ends_at_its_line():
    assert parse_text(f"Head\n{DAVE}\n\n“One.\n\n“Two.”").headline == "Head"


def test_spaces_between_paragraphs_count_as_empty_lines():
    assert printed(f"\n \u00a0\n  Head\n\t\n{DAVE}\n\u00a0\n“One   two.”  \n\n\n") == document(
        "Head", DAVE, "“One two.”"
    )


# No word is lost


LINES = st.sampled_from(
    f"""{DAVE}|{JANE}|{LONG}|He added:|What happens next|ENDS|###|Notes to editors
    |Notes to editors: one|Related Articles|Share this|27 September 2016|Embargoed until 1 May 2020
    |• a|1. a|2. b|“|“One.|“Two.”|"Three."|Four.”|“Five,” he said, “six.”|{DAVE} “seven|“Eight”.
    |«Neuf|dix»|The report says: “eleven”|‘Twelve.’|’Til thirteen||\u00a0|\0x""".replace(
        "\n    ", ""
    ).split("|")
)
DOCUMENTS = st.lists(
    st.tuples(LINES | st.text(max_size=20), st.sampled_from(["\n", "\n\n", " ", "\r\n\r\n"])),
    max_size=25,
)


def words_in(text: str) -> Counter:
    return Counter(re.findall(r"\w+", unicodedata.normalize("NFC", text)))


def words_of(draft: Draft) -> Counter:
    texts = [draft.headline, *draft.omitted_lines, *(text for text, _ in draft.leftovers)]
    for passage in draft.passages:
        texts += [passage.heading, passage.attribution, *map(render_block_as_text, passage.blocks)]
    return words_in(
        "\n".join(texts + [render_block_as_text(block) for block in draft.notes_to_editors])
    )


@given(DOCUMENTS)
def test_no_word_is_lost_and_only_parse_error_is_raised(parts):
    source = "".join(line + end for line, end in parts)
    try:
        draft = parse_text(source)
    except ParseError:
        return
    assert words_of(draft) == words_in(normalise_text(source))
    for block in [block for passage in draft.passages for block in passage.blocks] + list(
        draft.notes_to_editors
    ):
        assert is_clean_block(block)
        assert block not in ("", "<p></p>")
    assert all(passage.blocks for passage in draft.passages)


@given(st.binary(max_size=300) | st.text(max_size=200))
def test_only_parse_error_is_raised_on_anything(source):
    with suppress(ParseError):
        assert render_plain_text(content_of(parse_text(source)))


@given(
    st.lists(
        st.sampled_from(["One.", "It’s ‘two’.", "Three, ’til four?", "• a\n• b"]),
        min_size=1,
        max_size=6,
    )
)
def test_quotations_of_any_length_come_out_as_they_went_in(texts):
    blocks = [text if text.startswith("•") else f"“{text}" for text in ["First.", *texts]]
    source = document("Head", DAVE, *blocks) + "”"
    assert printed(source) == source
