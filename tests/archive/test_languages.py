"""A text has the language that its source states, else the one that its words show."""

import pytest

from archive.language_guess import LanguageGuess, guess_language
from archive.languages import choose_language
from archive.redirect_paths import choose_source_slug

TEXTS = {
    "en": "The harbour opens on Monday and every boat may come in again at any hour, the council "
    "said. It was closed for three years for works that are now done.",
    "cy": "Mae’r harbwr yn agor ddydd Llun a gall pob cwch ddod i mewn eto ar unrhyw awr o’r dydd, "
    "meddai’r cyngor. Mae wedi bod ar gau am dair blynedd.",
    "de": "Der Hafen öffnet am Montag und jedes Boot darf zu jeder Stunde wieder einlaufen, sagte "
    "der Rat. Er war drei Jahre lang für Arbeiten geschlossen, die nun fertig sind.",
    "ar": "يفتح الميناء يوم الاثنين ويمكن لكل قارب الدخول مرة أخرى",
    "fa": "بندر روز دوشنبه باز می‌شود و هر قایقی می‌تواند دوباره وارد شود، گفت شورا",
    "ur": "بندرگاہ پیر کو کھلے گی اور ہر کشتی دن کے کسی بھی وقت دوبارہ آ سکتی ہے",
    "he": "הנמל נפתח ביום שני וכל סירה יכולה להיכנס שוב",
    "ru": "Порт откроется в понедельник, и каждая лодка сможет войти",
    "uk": "Порт відкриється в понеділок, і кожен човен зможе зайти",
    "ko": "항구는 월요일에 문을 열고 모든 배가 다시 들어올 수 있습니다",
    "ja": "港は月曜日に開き、すべての船が再び入ることができます",
    "zh": "港口星期一开放，每艘船都可以再次进入，市议会表示",
}


@pytest.mark.parametrize("language", TEXTS)
def test_a_language_is_told_from_its_letters_or_its_small_words(language):
    assert guess_language(f"<p>{TEXTS[language]}</p>").code == language


def test_a_quotation_in_other_letters_changes_no_language():
    assert guess_language(TEXTS["en"] + " " + TEXTS["ar"][:40]).code == "en"


@pytest.mark.parametrize("text", ["", "Agenda", "Lorem ipsum dolor sit amet consectetur " * 9])
def test_nothing_is_told_from_too_little(text):
    assert guess_language(text).code == ""


@pytest.mark.parametrize(
    ("stated", "text", "language", "doubts"),
    [
        ("", TEXTS["en"], "en", []),
        ("und", TEXTS["en"], "en", []),
        ("en-GB", TEXTS["en"], "en", []),
        ("English", TEXTS["en"], "en", []),
        ("Welsh", TEXTS["cy"], "cy", []),
        ("cym", TEXTS["cy"], "cy", []),
        ("", TEXTS["cy"], "cy", ["Its source names no language: “cy” was told from its words."]),
        (
            "en-GB",
            TEXTS["ar"],
            "ar",
            ["Its source says that its language is “en”, and its letters are of “ar”."],
        ),
        (
            "en",
            TEXTS["cy"],
            "en",
            ["Its source says that its language is “en”, and its words look like “cy”: check it."],
        ),
        ("fa", TEXTS["ar"], "fa", []),
        (
            "",
            TEXTS["ko"],
            "ko",
            [
                "Its source names no language: “ko” was told from its words.",
                "The newsdesk does not offer the language “ko”.",
            ],
        ),
        ("", "Agenda", "en", []),
        (
            "",
            "Lorem ipsum dolor sit amet consectetur " * 9,
            "en",
            ["Its source names no language, and its words tell none: it is “en” here."],
        ),
    ],
)
def test_what_the_source_states_counts_and_a_contradiction_is_a_doubt(
    stated, text, language, doubts
):
    told: list[str] = []
    assert choose_language(stated, guess_language(text), told) == language
    assert told == doubts


def test_no_guess_is_no_language():
    assert choose_language("", LanguageGuess(has_words=False), []) == "en"


@pytest.mark.parametrize(
    ("headline", "urls", "slug"),
    [
        ("The quay opens", ["https://o.example/news/old-name/"], ""),
        (TEXTS["ko"], ["https://o.example/news/the-quay-opens/"], "the-quay-opens"),
        (TEXTS["ar"], ["https://o.example/news/The_Quay.html?x=1"], "the-quay"),
        (TEXTS["ar"] + " 2026", ["/ar/node/7", "/ar/quay"], "quay"),
        (TEXTS["ar"], ["/ar/7", "/ar/%D9%8A", "https://o.example/?p=7"], ""),
    ],
)
def test_a_headline_in_other_letters_takes_the_slug_of_its_old_address(headline, urls, slug):
    assert choose_source_slug(headline, urls) == slug
