"""Which quotations are the same words, and which are not. Without a database."""

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
    ("left", "right"),
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
def test_the_same_words(left, right):
    assert keys(left) == keys(right)


@pytest.mark.parametrize(
    ("left", "right"),
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
def test_other_words(left, right):
    assert keys(left) != keys(right)


def test_a_dash_before_a_figure_is_a_minus_and_elsewhere_none():
    assert keys("-5 – −5, (–5) 3-5 a—5 - 5") == "− 5 − 5 − 5 3 5 a 5 5".split()


def test_every_word_has_its_position():
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
OTHER_MARKS = str.maketrans(
    {"’": "'", "“": '"', "”": "»", "–": "—", " ": "\u2003 ", "\n": "\n\n", ",": ","}
)


def statement(text: str, **fields) -> dict:
    speaker = {"name": "Dave Hill", "slug": "dave-hill", "role": "", "organisation": None}
    passage = {
        "type": "quotation",
        "heading": "",
        "attribution": "Dave Hill said:",
        "speaker": speaker,
    }
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return {
        "headline": "A headline",
        "summary": "",
        "language": "en",
        "blocks": [passage | {"paragraphs": [f"<p>{escaped}</p>"]}],
        "notes_to_editors": [],
    } | fields


@given(TEXT)
def test_the_same_words_in_other_marks_and_case_are_found(text):
    pasted = text.translate(OTHER_MARKS).upper()
    assume(len(pasted) >= len(text))
    content = statement(text)
    stored = fingerprint_content(content)
    candidate, *_ = list_interpretations(pasted)
    match = find_quote(content, candidate.keys)
    assert match is not None
    assert match.is_one_quotation
    assert all(stored.issuperset(prints) for prints in candidate.iter_fingerprints())


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
        if candidates := list_interpretations(pasted):
            assert find_quote(statement(text), candidates[0].keys) is None


@given(st.lists(st.sampled_from("abcdefgh"), min_size=MIN_QUOTE_WORDS, max_size=60), st.data())
def test_any_four_words_in_sequence_share_a_fingerprint(words, data):
    start = data.draw(st.integers(0, len(words) - MIN_QUOTE_WORDS))
    end = data.draw(st.integers(start + MIN_QUOTE_WORDS, len(words)))
    prints = fingerprint_words(words[start:end])
    assert prints
    assert set(prints) <= set(fingerprint_words(words))


@given(st.lists(st.sampled_from("ab"), max_size=30), st.lists(st.sampled_from("ab"), max_size=4))
def test_every_position_of_a_sequence_is_found(words, keys):
    positions = [at for at in range(len(words)) if keys and words[at : at + len(keys)] == keys]
    assert list(find_sequence(keys, words, max_matches=99)) == positions


@given(st.text(max_size=300))
def test_no_text_is_too_strange(text):
    for candidate in list_interpretations(text):
        assert candidate.is_long_enough
    find_nearest(statement("We welcome the report and what it says."), text)
    assert has_same_punctuation(text, text)


# --- Parts of a report ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pasted", "ignored"),
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
def test_the_line_about_who_spoke_is_ignored(pasted, ignored):
    candidate = list_interpretations(pasted)[-1]
    assert candidate.ignored_text == ignored
    assert candidate.all_keys == "we welcome the new report".split()


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
def test_nothing_else_is_ignored(pasted):
    assert [candidate.ignored_text for candidate in list_interpretations(pasted)] == [""]


# --- The source of quoted words -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "name"),
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
def test_the_source_of_quoted_words_is_named_by_the_sentence(text, name):
    match = find_quote(statement(text), [keys("no child will be left behind")])
    assert match is not None
    assert match.is_within_quotation
    assert find_source(match.spans[0]).name == name


def test_words_outside_the_marks_are_the_speakers_own():
    match = find_quote(
        statement("He said “no child is left” and we agree."), [keys("and we agree")]
    )
    assert match is not None
    assert not match.is_within_quotation


def test_a_speaker_ranks_above_a_headline():
    content = statement("We welcome the report.", headline="“We welcome the report”")
    match = find_quote(content, [keys("We welcome the report")])
    assert match is not None
    assert [span.piece.field for span in match.spans] == ["paragraphs"]


def test_erased_content_has_no_pieces():
    content = {"erased": True, "schema": 1}
    assert (list_pieces(content), fingerprint_content(content)) == ([], set())
