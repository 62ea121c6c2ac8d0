"""Search finds words in every script, and their stems."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statements.content.languages import LANGUAGES
from statements.search.stemming import (
    STEMMER_NAMES,
    find_compounds,
    find_words,
    list_compounds,
    respell,
    stem_text,
    stem_word,
    strip_accents,
)

CODES = [code for code, _ in LANGUAGES]


def texts(text: str, language: str = "en") -> list[str]:
    return [word.text for word in find_words(text, language)]


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("“Warm rooms”, she said – 24/7.", "en", ["warm", "rooms", "she", "said", "24", "7"]),
        ("Children’s, children's", "en", ["childrens", "childrens"]),
        ("O’Brien don’t co-operate", "en", ["obrien", "dont", "co", "operate"]),
        ("L’eau d’aujourd’hui", "fr", ["l", "eau", "d", "aujourd", "hui"]),
        ("I’r dŵr a’r tŷ", "cy", ["i", "r", "dŵr", "a", "r", "tŷ"]),
        ("المكتبات تفتح أبوابها", "ar", ["المكتبات", "تفتح", "أبوابها"]),
        ("ਪੰਜਾਬੀ ਬੋਲੀ", "pa", ["ਪੰਜਾਬੀ", "ਬੋਲੀ"]),
        ("গ্রন্থাগার খোলা।", "bn", ["গ্রন্থাগার", "খোলা"]),
        ("п’ять бібліотек", "uk", ["пять", "бібліотек"]),
        ("⒈ ﷺ ℋ", "en", ["⒈", "ﷺ", "ℋ"]),
        ("😀 … !? _ \0", "en", []),
    ],
)
def test_words_are_found_in_every_script(text, language, words):
    assert texts(text, language) == words


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("1,000 homes, 12,345,678km", "en", ["1000", "homes", "12345678km"]),
        ("1.000 Häuser, 3.141", "de", ["1000", "häuser", "3141"]),
        ("1.000 or 1’000", "en", ["1", "000", "or", "1000"]),
        ("10⁶ m² of CO₂, 1,000 m³", "en", ["10", "⁶", "m²", "of", "co₂", "1000", "m³"]),
        ("1,0000 and A1,000 and 1,00", "en", ["1", "0000", "and", "a1", "000", "and", "1", "00"]),
        ("١٬٠٠٠ منزل", "ar", ["١٠٠٠", "منزل"]),
    ],
)
def test_a_number_is_one_word_whatever_separates_its_thousands(text, language, words):
    assert texts(text, language) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("An e-mail on COVID-19, day-to-day.", ["email", "covid19", "daytoday"]),
        ("Co‑operate, co‐operate’s", ["cooperate", "cooperate"]),
        ("state-of-the-art 2019-20 – not so - and -x y-", []),
    ],
)
def test_what_hyphens_join_is_also_one_word(text, words):
    assert [word.text for word in find_compounds(text)] == words
    assert list_compounds(text) == list(dict.fromkeys(words))


def test_a_query_is_also_read_as_it_could_be_written():
    assert respell("e-mail") == ["email"]
    assert respell("COVID19") == ["COVID 19"]
    assert respell("COVID-19 vaccine") == ["COVID19 vaccine"]
    assert respell("A4 library 2024") == []


def test_long_chains_of_hyphens_take_no_time():
    assert list(find_compounds("a-" * 100_000)) == []
    assert respell("a-" * 100_000) == []


def test_a_word_has_its_position():
    text = "The “Children’s” Commissioner"

    assert [text[word.start : word.end] for word in find_words(text)] == [
        *("The", "Children’s", "Commissioner"),
    ]


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("library", "libraries", "en"),
        ("Children’s", "child", "en"),
        ("bus", "buses", "en"),
        ("publish", "published", "en"),
        ("bibliothèque", "bibliotheques", "fr"),
        ("Häuser", "haus", "de"),
        ("Siôn", "sion", "cy"),
        ("Łódź", "lodz", "cy"),
        ("e\u0301cole", "école", "fr"),
    ],
)
def test_one_word_in_two_forms_has_one_stem(one, other, language):
    assert stem_text(one, language) == stem_text(other, language)


def test_welsh_words_are_plain_words():
    assert "cy" not in STEMMER_NAMES
    assert stem_word("llyfrgelloedd", "cy") == "llyfrgelloedd"


def test_marks_that_a_script_needs_stay():
    assert strip_accents("ਪੰਜਾਬੀ") == "ਪੰਜਾਬੀ"
    assert strip_accents("গ্রন্থাগার") == "গ্রন্থাগার"


def test_a_character_that_expands_into_several_is_one_word():
    assert [strip_accents(word) for word in ("⒈", "ﷺ", "ℋ")] == ["1", "صلىاللهعليهوسلم", "h"]


@given(st.text(st.characters(exclude_categories=["Cs"])), st.sampled_from(CODES))
def test_no_text_is_too_strange(text, language):
    """Words are in order, do not overlap, are not empty, and stripping accents is idempotent."""
    end = 0
    for word in find_words(text, language):
        assert end <= word.start < word.end
        assert word.text
        assert strip_accents(strip_accents(word.text)) == strip_accents(word.text)
        assert stem_word(word.text, language)
        assert not set(stem_word(word.text, language)) & set(" \t\n'\"\\:.|&!()<>*")
        end = word.end
