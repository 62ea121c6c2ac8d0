"""Terms of an edition, their weights, and what two editions have in common."""

import json

from hypothesis import given
from hypothesis import strategies as st

from statements.content.schema import ERASED, canonical
from statements.related.terms import HEADLINE_WEIGHT, NAME_WEIGHT, find_terms
from statements.related.weighting import (
    MAX_SIMILARITY,
    MAX_TERMS,
    TermRarity,
    cosine_similarity,
    count_document_frequencies,
    find_shared_phrases,
    weigh_terms,
)
from statements.search import stemming


def make_content(*blocks: str, headline: str = "", language: str = "en") -> str:
    return canonical(
        {
            "schema": 2,
            "headline": headline,
            "summary": "",
            "language": language,
            "responds_to": None,
            "blocks": [{"type": "narration", "heading": "", "paragraphs": list(blocks)}],
        }
    )


def list_terms(text: str) -> list[tuple[str, float]]:
    return [(text[word.start : word.end], word.weight) for word in find_terms(text)]


def test_words_that_tell_nothing_and_markup_are_passed_by():
    text = make_content(
        '<p>We <strong>welcome</strong> the <a href="https://example.org/budget">report</a> &amp; '
        "“help” on 30 buses.</p>"
    )
    assert list_terms(text) == [("report", 1), ("help", 1), ("buses", 1)]


def test_a_headline_counts_more_and_so_does_a_name_within_a_sentence():
    text = make_content("<p>Councils heard Ofsted. Councils agree.</p>", headline="Fostering")
    assert list_terms(text) == [
        ("Fostering", HEADLINE_WEIGHT),
        ("Councils", 1),
        ("heard", 1),
        ("Ofsted", NAME_WEIGHT),
        ("Councils", 1),
        ("agree", 1),
    ]


def test_case_possessive_and_plural_make_no_other_word():
    keys = {word.key for word in find_terms(make_content("<p>child’s Child childs CHILD</p>"))}
    assert len(keys) == 1


def test_every_script_has_words_and_what_was_erased_has_none():
    assert [text for text, _ in list_terms(make_content("<p>شدید گرمی</p>", language="ur"))] == [
        "شدید",
        "گرمی",
    ]
    assert find_terms(ERASED) == []


@given(st.lists(st.text(min_size=1), max_size=3), st.text())
def test_a_word_stands_where_it_is_said_to_whatever_was_typed(blocks, headline):
    text = make_content(*blocks, headline=headline)
    for word in find_terms(text):
        assert [match.end for match in stemming.find_words(text[word.start : word.end])] == [
            word.end - word.start
        ]


def test_alike_is_what_shares_rare_words_and_nothing_is_more_alike_than_itself():
    here = find_terms(make_content("<p>Fostering allowances in Harwick fall.</p>"))
    near = find_terms(make_content("<p>Fostering allowances rise.</p>"))
    far = find_terms(make_content("<p>Rural bus fares rise.</p>"))
    rarity = count_document_frequencies([here, near, far])
    one, other, third = (weigh_terms(words, rarity) for words in (here, near, far))
    assert cosine_similarity(one, one) == MAX_SIMILARITY
    assert cosine_similarity(one, other) == cosine_similarity(other, one) > 0
    assert cosine_similarity(one, third) == 0


def test_a_word_tells_the_more_the_fewer_others_say_it():
    rarity = TermRarity(100, {1: 90, 2: 3})
    assert rarity.get_weight(1) < rarity.get_weight(2) < rarity.get_weight(3)
    assert TermRarity().get_weight(1) > 0


def test_an_edition_is_kept_by_its_most_telling_words():
    text = make_content(f"<p>{' '.join(f'word{n}' for n in range(500))}</p>")
    assert len(weigh_terms(find_terms(text), TermRarity())) == MAX_TERMS


def test_the_reason_is_words_of_the_page_itself_neighbours_together_the_most_telling_first():
    text = make_content(
        "<p>Budgets fall while the need for social workers grows.</p><p>The budget is 2044’s.</p>",
        headline="Social workers and the budget",
    )
    other = make_content("<p>The budget of 2044 pays no social workers.</p>")
    terms, other_terms = find_terms(text), find_terms(other)
    rarity = count_document_frequencies([terms, other_terms])
    spans = find_shared_phrases(
        terms, text, weigh_terms(terms, rarity), weigh_terms(other_terms, rarity)
    )
    assert [text[start:end] for start, end in spans] == ["social workers", "budget"]


def test_a_number_is_no_reason_however_it_is_written():
    text = make_content("<p>A thousand drivers met a thousand drivers at 4000 stops.</p>")
    terms, rarity = find_terms(text), count_document_frequencies([])
    theirs = weigh_terms(
        find_terms(make_content("<p>Some thousand books and 4000 drivers.</p>")), rarity
    )
    spans = find_shared_phrases(terms, text, weigh_terms(terms, rarity), theirs)
    assert [text[start:end] for start, end in spans] == ["drivers"]


@given(st.text(), st.text())
def test_two_editions_are_compared_whatever_they_say(one, other):
    texts = [make_content(one), make_content(other)]
    terms = [find_terms(text) for text in texts]
    first, second = (weigh_terms(words, count_document_frequencies(terms)) for words in terms)
    assert 0 <= cosine_similarity(first, second) <= MAX_SIMILARITY + 1
    for start, end in find_shared_phrases(terms[0], texts[0], first, second):
        assert 0 < start < end < len(texts[0])


def test_content_is_read_as_it_was_frozen():
    text = make_content('<p>A "quoted" \\ word\n</p>')
    assert json.loads(text)["blocks"][0]["paragraphs"] == ['<p>A "quoted" \\ word\n</p>']
    assert [word for word, _ in list_terms(text)] == ["quoted", "word"]
