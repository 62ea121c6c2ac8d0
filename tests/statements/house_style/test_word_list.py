"""The word list finds the words to avoid, and nothing else."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statements.house_style.word_list import WordList, WordRule

PHSE = WordRule("PHSE", "PSHE", "Personal, social, health and economic education.")


def find_words(text: str, *rules: WordRule) -> list[tuple[str, str]]:
    matches = WordList(rules).find_matches(text)
    return [(match.words, match.replacement) for match in matches]


@pytest.mark.parametrize(
    ("rule", "text", "matches"),
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
def test_it_finds(rule, text, matches):
    assert find_words(text, rule) == matches


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
    assert find_words(text, rule) == []


def test_the_longest_rule_at_a_place_wins():
    rules = (WordRule("ensure", "see to it"), WordRule("ensure that", "ensure"))
    assert find_words("ensure that, ensure thatch", *rules) == [
        ("ensure that", "ensure"),
        ("ensure", "see to it"),
    ]


WORDS = st.text(st.sampled_from("ab’' éक्中.()"), min_size=1, max_size=8).filter(
    lambda text: any(map(str.isalnum, text)) and text == " ".join(text.split())
)


@given(WORDS, WORDS, st.lists(WORDS, max_size=6), st.booleans())
def test_replacing_matches_ends(avoid, use, context, match_case):
    """A rule whose replacement contains what it avoids does not match for ever."""
    style = WordList([WordRule(avoid, use, match_case=match_case)])
    text = " ".join([*context, avoid, *context])
    matches = style.find_matches(text)
    for match in reversed(matches):
        end = match.position + len(match.words)
        assert text[match.position : end] == match.words
        text = text[: match.position] + match.replacement + text[end:]
    assert len(style.find_matches(text)) <= max(len(matches), 1) * (len(use) + len(avoid))


@given(st.lists(WORDS, min_size=1, max_size=5, unique=True), st.text(max_size=60))
def test_matches_do_not_overlap(avoided, text):
    end = 0
    for match in WordList(map(WordRule, avoided)).find_matches(text + " ".join(avoided)):
        assert match.position >= end
        end = match.position + len(match.words)


def test_five_hundred_rules_on_a_long_speech_take_little_more_time_than_one():
    speech = "The quick word3 and the PHSE lessons are all here today. " * 1800

    def measure(rules: int) -> float:
        """Return the seconds of the processor, the best of three."""
        style = WordList(
            [PHSE, *(WordRule(f"word{n} and phrase", f"use {n}") for n in range(rules))]
        )
        seconds = []
        for _ in range(3):
            started = time.process_time()
            assert len(style.find_matches(speech)) == 1800
            seconds.append(time.process_time() - started)
        return min(seconds)

    assert measure(500) < 20 * measure(1)
