"""The style list finds the words that a house avoids, and never too much."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statements.house_style.word_list import WordList, WordRule

PHSE = WordRule("PHSE", "PSHE", "Personal, social, health and economic education.")


def found(text: str, *rules: WordRule) -> list[tuple[str, str]]:
    return [(hit.words, hit.replacement) for hit in WordList(rules).find_matches(text)]


@pytest.mark.parametrize(
    ("rule", "text", "hits"),
    [
        (PHSE, "PHSE in all schools: (PHSE), PHSE’s, PHSE-led.", [("PHSE", "PSHE")] * 4),
        (PHSE, "phse", [("phse", "PSHE")]),
        (
            WordRule("ensure that", "ensure"),
            "Ensure\u00a0 that it",
            [("Ensure\u00a0 that", "Ensure")],
        ),
        (WordRule("don't", "do not"), "Don’t, don't", [("Don’t", "Do not"), ("don't", "do not")]),
        (WordRule("e.g.", "for example"), "(e.g. this)", [("e.g.", "for example")]),
        (WordRule("Internet", "internet", match_case=True), "Internet", [("Internet", "internet")]),
        (WordRule("中文", "華文"), "我的中文字", [("中文", "華文")]),
        (WordRule("हिन्दी", "हिंदी"), "यह हिन्दी है", [("हिन्दी", "हिंदी")]),
        (WordRule("very unique"), "It is very unique.", [("very unique", "")]),
    ],
)
def test_it_finds(rule, text, hits):
    assert found(text, rule) == hits


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (PHSE, "PSHE, PHSEs, APHSE, PHSE_1"),
        (WordRule("can", "may"), "It can’t, can't, scan, canned"),
        (WordRule("हिन", "x"), "हिन्दी"),
        (WordRule("Internet", "internet", match_case=True), "the internet"),
        (WordRule("government", "Government"), "the Government"),
        (WordRule("ensure", "ensure that"), "Ensure that it is so; to ensure  that."),
        (WordRule("chair", "the chair's seat"), "The chair’s seat"),
    ],
)
def test_it_leaves_alone(rule, text):
    assert found(text, rule) == []


def test_at_one_place_the_longest_rule_speaks_and_a_shorter_one_where_it_does_not_fit():
    rules = (WordRule("ensure", "see to it"), WordRule("ensure that", "ensure"))
    assert found("ensure that, ensure thatch", *rules) == [
        ("ensure that", "ensure"),
        ("ensure", "see to it"),
    ]


WORDS = st.text(st.sampled_from("ab’' éक्中.()"), min_size=1, max_size=8).filter(
    lambda text: any(map(str.isalnum, text)) and text == " ".join(text.split())
)


@given(WORDS, WORDS, st.lists(WORDS, max_size=6), st.booleans())
def test_to_do_as_it_says_comes_to_an_end(avoid, use, around, match_case):
    """Replacing what is found, again and again, never goes on for ever by one rule's own doing."""
    style = WordList([WordRule(avoid, use, match_case=match_case)])
    text = " ".join([*around, avoid, *around])
    longest = len(style.find_matches(text))
    for hit in reversed(style.find_matches(text)):
        assert text[hit.position : hit.position + len(hit.words)] == hit.words
        text = text[: hit.position] + hit.replacement + text[hit.position + len(hit.words) :]
    assert len(style.find_matches(text)) <= max(longest, 1) * (len(use) + len(avoid))


@given(st.lists(WORDS, min_size=1, max_size=5, unique=True), st.text(max_size=60))
def test_hits_stand_in_the_text_and_do_not_overlap(avoided, text):
    end = 0
    for hit in WordList(map(WordRule, avoided)).find_matches(text + " ".join(avoided)):
        assert hit.position >= end
        end = hit.position + len(hit.words)


def test_five_hundred_rules_on_a_long_speech_take_little_more_time_than_one():
    speech = "The quick word3 and the PHSE lessons are all here today. " * 1800

    def cost(rules: int) -> float:
        """Seconds of the processor, the best of three."""
        style = WordList(
            [PHSE, *(WordRule(f"word{n} and phrase", f"use {n}") for n in range(rules))]
        )
        took = []
        for _ in range(3):
            begun = time.process_time()
            assert len(style.find_matches(speech)) == 1800
            took.append(time.process_time() - begun)
        return min(took)

    assert cost(500) < 20 * cost(1)
