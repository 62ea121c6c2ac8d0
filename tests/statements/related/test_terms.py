"""What an edition is about, from its words alone; and what two editions have in common."""

import json

from hypothesis import given
from hypothesis import strategies as st

from statements.content.schema import ERASED, canonical
from statements.related.terms import HEADLINE, NAME, words_of
from statements.related.weighting import (
    FULL,
    MOST_TERMS,
    Rarity,
    counted,
    likeness,
    phrases,
    vector,
)
from statements.search import stemming


def content(*blocks: str, headline: str = "", language: str = "en") -> str:
    return canonical(
        {
            "schema": 1,
            "headline": headline,
            "summary": "",
            "language": language,
            "responds_to": None,
            "passages": [{"heading": "", "blocks": list(blocks)}],
        }
    )


def said(text: str) -> list[tuple[str, float]]:
    return [(text[word.start : word.end], word.counts) for word in words_of(text)]


def test_words_that_tell_nothing_and_markup_are_passed_by():
    text = content(
        '<p>We <strong>welcome</strong> the <a href="https://example.org/budget">report</a> &amp; '
        "“help” on 30 buses.</p>"
    )
    assert said(text) == [("report", 1), ("help", 1), ("buses", 1)]


def test_a_headline_counts_more_and_so_does_a_name_within_a_sentence():
    text = content("<p>Councils heard Ofsted. Councils agree.</p>", headline="Fostering")
    assert said(text) == [
        ("Fostering", HEADLINE),
        ("Councils", 1),
        ("heard", 1),
        ("Ofsted", NAME),
        ("Councils", 1),
        ("agree", 1),
    ]


def test_case_possessive_and_plural_make_no_other_word():
    keys = {word.key for word in words_of(content("<p>child’s Child childs CHILD</p>"))}
    assert len(keys) == 1


def test_every_script_has_words_and_what_was_erased_has_none():
    assert [text for text, _ in said(content("<p>شدید گرمی</p>", language="ur"))] == [
        "شدید",
        "گرمی",
    ]
    assert words_of(ERASED) == []


@given(st.lists(st.text(min_size=1), max_size=3), st.text())
def test_a_word_stands_where_it_is_said_to_whatever_was_typed(blocks, headline):
    text = content(*blocks, headline=headline)
    for word in words_of(text):
        assert [found.end for found in stemming.words(text[word.start : word.end])] == [
            word.end - word.start
        ]


def test_alike_is_what_shares_rare_words_and_nothing_is_more_alike_than_itself():
    here = words_of(content("<p>Fostering allowances in Harwick fall.</p>"))
    near = words_of(content("<p>Fostering allowances rise.</p>"))
    far = words_of(content("<p>Rural bus fares rise.</p>"))
    rarity = counted([here, near, far])
    one, other, third = (vector(words, rarity) for words in (here, near, far))
    assert likeness(one, one) == FULL
    assert likeness(one, other) == likeness(other, one) > 0
    assert likeness(one, third) == 0


def test_a_word_tells_the_more_the_fewer_others_say_it():
    rarity = Rarity(100, {1: 90, 2: 3})
    assert rarity.of(1) < rarity.of(2) < rarity.of(3)
    assert Rarity().of(1) > 0


def test_an_edition_is_kept_by_its_most_telling_words():
    text = content(f"<p>{' '.join(f'word{n}' for n in range(500))}</p>")
    assert len(vector(words_of(text), Rarity())) == MOST_TERMS


def test_the_reason_is_words_of_the_page_itself_neighbours_together_the_most_telling_first():
    text = content(
        "<p>Budgets fall while the need for social workers grows.</p><p>The budget is 2044’s.</p>",
        headline="Social workers and the budget",
    )
    other = content("<p>The budget of 2044 pays no social workers.</p>")
    read, theirs = words_of(text), words_of(other)
    rarity = counted([read, theirs])
    places = phrases(read, text, vector(read, rarity), vector(theirs, rarity))
    assert [text[start:end] for start, end in places] == ["social workers", "budget"]


def test_a_number_is_no_reason_however_it_is_written():
    text = content("<p>A thousand drivers met a thousand drivers at 4000 stops.</p>")
    read, rarity = words_of(text), counted([])
    theirs = vector(words_of(content("<p>Some thousand books and 4000 drivers.</p>")), rarity)
    places = phrases(read, text, vector(read, rarity), theirs)
    assert [text[start:end] for start, end in places] == ["drivers"]


@given(st.text(), st.text())
def test_two_editions_are_compared_whatever_they_say(one, other):
    texts = [content(one), content(other)]
    read = [words_of(text) for text in texts]
    first, second = (vector(words, counted(read)) for words in read)
    assert 0 <= likeness(first, second) <= FULL + 1
    for start, end in phrases(read[0], texts[0], first, second):
        assert 0 < start < end < len(texts[0])


def test_content_is_read_as_it_was_frozen():
    text = content('<p>A "quoted" \\ word\n</p>')
    assert json.loads(text)["passages"][0]["blocks"] == ['<p>A "quoted" \\ word\n</p>']
    assert [word for word, _ in said(text)] == ["quoted", "word"]
