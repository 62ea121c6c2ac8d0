"""The addresses that are proposed for a headline."""

import datetime as dt

import pytest

from statements.content.slugs import propose_slugs

DAY = dt.date(2026, 3, 9)


@pytest.mark.parametrize("headline", ["항구가 열립니다", "يفتح الميناء 2026", "港口开放 A"])
def test_a_headline_in_other_letters_has_its_organisation_and_month_as_address(headline):
    assert list(propose_slugs(headline, "ports-office", DAY))[:3] == [
        "ports-office-march-2026",
        "ports-office-9-march-2026",
        "statement",
    ]
    assert next(propose_slugs(headline, "", DAY)) == "statement"


def test_a_headline_in_latin_letters_is_its_address():
    assert list(propose_slugs("Māori & Gàidhlig 2026", "ports-office", DAY))[:2] == [
        "maori-gaidhlig-2026",
        "maori-gaidhlig-2026-ports-office",
    ]
    assert next(propose_slugs("2026", "ports-office", DAY)) == "2026"
