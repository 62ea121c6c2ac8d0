"""Test that a translation begins with the structure of its original, once in each language."""

import datetime as dt

import pytest

from statements import workflow
from statements.drafting.translation import (
    LanguageTaken,
    list_family,
    list_free_languages,
    translate_statement,
)
from statements.models import JointPublisher, Passage, Statement, Theme
from tests.cast import DAY, NOON, make_organisation, make_statement

pytestmark = pytest.mark.django_db


@pytest.fixture
def original(ann) -> Statement:
    statement = make_statement(
        ann, "Bridge", requested_release_at=NOON + DAY, dated_on=dt.date(2044, 3, 1)
    )
    Passage.objects.create(statement=statement, position=1, heading="Next", body="<p>Lanes.</p>")
    JointPublisher.objects.create(statement=statement, organisation=make_organisation("Forum"))
    statement.themes.add(Theme.objects.create(name="Roads", slug="roads"))
    return statement


def test_it_copies_words_structure_publishers_themes_and_dates(original, ed):
    welsh = translate_statement(original, "cy", by=ed, at=NOON)

    assert (welsh.language, welsh.translation_of, welsh.headline) == ("cy", original, "Bridge")
    assert (welsh.requested_release_at, welsh.dated_on) == (NOON + DAY, dt.date(2044, 3, 1))
    assert [(p.heading, p.speaker, p.body) for p in welsh.passages.in_order()] == [
        (p.heading, p.speaker, p.body) for p in original.passages.in_order()
    ]
    assert welsh.list_publishers() == original.list_publishers()
    assert list(welsh.themes.all()) == list(original.themes.all())
    assert [row.user for row in welsh.contributions.all()] == [ed]
    assert welsh.release_group is None


def test_each_language_comes_once_and_never_that_of_the_original(original, ed):
    translate_statement(original, "cy", by=ed, at=NOON)
    for language, sentence in (
        ("en", "There is one in English already: “Bridge”."),
        ("cy", "There is one in Cymraeg already: “Bridge”."),
    ):
        with pytest.raises(LanguageTaken) as refused:
            translate_statement(original, language, by=ed, at=NOON)
        assert str(refused.value) == sentence
    assert {"en", "cy"}.isdisjoint(dict(list_free_languages(original)))


def test_a_translation_of_a_translation_is_one_of_the_original(original, ed):
    welsh = translate_statement(original, "cy", by=ed, at=NOON)
    french = translate_statement(welsh, "fr", by=ed, at=NOON)

    assert french.translation_of == original
    assert list_family(welsh) == [original, welsh, french]


def test_one_in_the_bin_is_taken_back_only_while_its_language_is_free(original, ed):
    welsh = translate_statement(original, "cy", by=ed, at=NOON)
    workflow.discard(welsh, by=ed, at=NOON, seen_version=2)
    again = translate_statement(original, "cy", by=ed, at=NOON)
    with pytest.raises(workflow.Refused) as refused:
        workflow.take_back(welsh, by=ed)
    assert str(refused.value) == (
        "There is another translation into this language now. Discard it first."
    )

    workflow.discard(again, by=ed, at=NOON, seen_version=2)
    workflow.take_back(welsh, by=ed)
    assert list_family(original) == [original, welsh]
