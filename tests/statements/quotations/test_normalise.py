"""What makes two quotations the same words, and what does not. No database."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from statements.quotations.input import list_interpretations
from statements.quotations.matching import find_quote, fingerprint_content, list_pieces
from statements.quotations.nearest import find_nearest
from statements.quotations.normalise import (
    MIN_QUOTE_WORDS,
    find_sequence,
    find_words,
    fingerprint_words,
    has_same_punctuation,
    split_at_omissions,
)
from statements.quotations.source import find_source


def keys(text: str) -> list[str]:
    return [word.key for word in find_words(text)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("It’s “ours”", "it's 'ours'"),
        ("co-operation", "Co‑operation"),
        ("co-operation", "co – operation"),
        ("the ﬁrst oﬃce", "the first office"),
        ("re\u00adport", "report"),
        ("Siân", "Sia\u0302n"),
        ("three\u00a0million", "three million"),
        ("£5m, or 4%", "£5m or 4%!"),
        ("ＯＫ now", "OK now"),
    ],
)
def test_the_same_words(one, other):
    assert keys(one) == keys(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("we’re", "were"),
        ("3.5", "35"),
        ("3.5", "3 5"),
        ("1,000", "1.000"),
        ("10²", "102"),
        ("½", "12"),
        ("5%", "5"),
        ("£5", "$5"),
        ("fell by −5", "fell by 5"),
        ("Siân", "Sian"),
        ("co-operate", "cooperate"),
        ("AT&T", "AT T"),
    ],
)
def test_other_words(one, other):
    assert keys(one) != keys(other)


def test_a_dash_before_a_figure_is_a_minus_and_elsewhere_none():
    assert keys("-5 – −5, (–5) 3-5 a—5 - 5") == "− 5 − 5 − 5 3 5 a 5 5".split()


def test_every_word_says_where_it_stands():
    text = "“It’s 3.5% of the co-op”"
    assert [text[word.start : word.end] for word in find_words(text)] == [
        *("It’s", "3.5", "%", "of", "the", "co", "op")
    ]


def test_words_left_out_cut_a_quotation():
    assert split_at_omissions("One … two [...] three. . . . four (…) five") == [
        *("One ", " two ", " three", " four ", " five")
    ]


# --- Any text -------------------------------------------------------------------------------------

WORD = st.sampled_from(
    "a b c be see she shé she’s it’s its 3 3.5 35 5% £5 $5 1,000 10² über ß ŵy вода שלום و".split()
)
GAP = st.sampled_from([" ", ", ", ". ", " – ", "; ", "\n", " “", "” ", "\u00a0"])
TEXT = st.lists(st.tuples(WORD, GAP), min_size=MIN_QUOTE_WORDS, max_size=40).map(
    lambda pairs: "".join(word + gap for word, gap in pairs).strip()
)
SET_OTHERWISE = str.maketrans(
    {"’": "'", "“": '"', "”": "»", "–": "—", " ": "\u2003 ", "\n": "\n\n", ",": ","}
)


def statement(text: str, **fields) -> dict:
    speaker = {"name": "Dave Hill", "slug": "dave-hill", "role": "", "organisation": None}
    passage = {"heading": "", "attribution": "Dave Hill said:", "speaker": speaker}
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return {
        "headline": "A headline",
        "summary": "",
        "language": "en",
        "passages": [passage | {"blocks": [f"<p>{escaped}</p>"]}],
        "notes_to_editors": [],
    } | fields


@given(TEXT)
def test_whatever_is_pasted_set_otherwise_is_found(text):
    pasted = text.translate(SET_OTHERWISE).upper()
    assume(len(pasted) >= len(text))
    asked = list_interpretations(pasted)
    content = statement(text)
    held = fingerprint_content(content)
    (first, *_) = asked
    found = find_quote(content, first.keys)
    assert found is not None
    assert found.is_one_quotation
    assert all(held.issuperset(prints) for prints in first.iter_fingerprints())


@given(TEXT, st.data())
def test_another_word_in_it_is_never_a_yes(text, data):
    row = find_words(text)
    at = data.draw(st.integers(0, len(row) - 1))
    other = data.draw(WORD)
    assume(keys(other) != [row[at].key])
    start, end = row[at].start, row[at].end
    for pasted in (
        f"{text[:start]}{other}{text[end:]}",
        f"{text[:start]}{other} {text[start:]}",
        f"{text[:start]}{text[end:]}",
    ):
        changed = keys(pasted)
        within = keys(text)
        assume(not any(within[i : i + len(changed)] == changed for i in range(len(within))))
        if asked := list_interpretations(pasted):
            assert find_quote(statement(text), asked[0].keys) is None


@given(st.lists(st.sampled_from("abcdefgh"), min_size=MIN_QUOTE_WORDS, max_size=60), st.data())
def test_any_four_words_in_a_row_share_a_fingerprint(row, data):
    start = data.draw(st.integers(0, len(row) - MIN_QUOTE_WORDS))
    end = data.draw(st.integers(start + MIN_QUOTE_WORDS, len(row)))
    some = fingerprint_words(row[start:end])
    assert some
    assert set(some) <= set(fingerprint_words(row))


@given(st.lists(st.sampled_from("ab"), max_size=30), st.lists(st.sampled_from("ab"), max_size=4))
def test_places_are_all_places(row, sought):
    everywhere = [at for at in range(len(row)) if sought and row[at : at + len(sought)] == sought]
    assert list(find_sequence(sought, row, max_matches=99)) == everywhere


@given(st.text(max_size=300))
def test_no_text_is_too_strange(text):
    for asked in list_interpretations(text):
        assert asked.is_long_enough
    find_nearest(statement("We welcome the report and what it says."), text)
    assert has_same_punctuation(text, text)


# --- What is cut out of a report ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pasted", "aside"),
    [
        ("“We welcome the new report,” he said.", "he said"),
        ("Dave Hill said: “We welcome the new report.”", "Dave Hill said"),
        ("‘We welcome the new report,’ said Dave Hill", "said Dave Hill"),
        ("We welcome the new report.\n– Dave Hill, President", "Dave Hill, President"),
        (
            "Dave Hill, of the ADCS, said: We welcome the new report",
            "Dave Hill, of the ADCS, said",
        ),
    ],
)
def test_the_line_about_who_spoke_is_left_aside(pasted, aside):
    asked = list_interpretations(pasted)[-1]
    assert asked.ignored_text == aside
    assert asked.all_keys == "we welcome the new report".split()


@pytest.mark.parametrize(
    "pasted",
    [
        "We welcome the new report. Nobody else does.",
        "We welcome the new report – nobody else does",
        "“We welcome the new report.”",
        "The plan: nothing at all that is new",
        "Only “three words here” and much else besides that matters",
    ],
)
def test_nothing_else_is_left_aside(pasted):
    assert [asked.ignored_text for asked in list_interpretations(pasted)] == [""]


# --- Whose words they are -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "who"),
    [
        (
            "As the Prime Minister said last week, “no child will be left behind”.",
            "the Prime Minister",
        ),
        ("“No child will be left behind,” said Theresa May, and left.", "Theresa May"),
        ("“No child will be left behind,” the report says.", "the report"),
        ("According to Ofsted, “no child will be left behind”.", "Ofsted"),
        ("In the words of one parent: ‘no child will be left behind’.", "one parent"),
        ("We know that the minister has promised “no child will be left behind”.", "the minister"),
        ("He said “no child will be left behind”.", ""),
        ("This is “no child will be left behind” all over again.", ""),
    ],
)
def test_the_source_of_words_in_marks_is_whom_the_sentence_names(text, who):
    found = find_quote(statement(text), [keys("no child will be left behind")])
    assert found is not None
    assert found.is_within_quotation
    assert find_source(found.spans[0]).name == who


def test_what_stands_outside_the_marks_is_the_speakers_own():
    found = find_quote(
        statement("He said “no child is left” and we agree."), [keys("and we agree")]
    )
    assert found is not None
    assert not found.is_within_quotation


def test_who_said_it_counts_before_who_printed_it():
    content = statement("We welcome the report.", headline="“We welcome the report”")
    found = find_quote(content, [keys("We welcome the report")])
    assert found is not None
    assert [span.piece.field for span in found.spans] == ["blocks"]


def test_what_was_erased_has_no_words():
    content = {"erased": True, "schema": 1}
    assert (list_pieces(content), fingerprint_content(content)) == ([], set())
