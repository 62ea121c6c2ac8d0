"""Organisations and people out of one text, although organisations hold commas and “and”."""

from collections import Counter

import pytest

from archive.matching.issuers import IssuerColumn
from bench.issuers import COLUMN, count_readings, read_labels, read_texts

SHORT = {"organisation": "O", "person": "P", "unclear": "?"}


def split(text: str, *column: str, organisations=(), people=()) -> list[str]:
    issuers = IssuerColumn(set(organisations).__contains__, set(people).__contains__)
    issuers.learn_names({*column, text})
    return [f"{SHORT[issuer.kind]} {issuer.name}" for issuer in issuers.split(text)]


@pytest.mark.parametrize(
    ("text", "column", "names"),
    [
        ("Foreign & Commonwealth Office and The Rt Hon William Hague", [], ["O Foreign & Commonwealth Office", "P The Rt Hon William Hague"]),
        ("Ports Office and Ann Example", ["Ports Office"], ["O Ports Office", "? Ann Example"]),
        ("Ports Office and Ann Example", [], ["? Ports Office and Ann Example"]),
        ("Department for Work and Harbours", [], ["O Department for Work and Harbours"]),
        ("Department for Work and Harbours", ["Department for Work"], ["? Department for Work and Harbours"]),
        ("Department of Health and Social Care", ["Department of Health"], ["? Department of Health and Social Care"]),
        ("Department for Quays and Ann Example", [], ["? Department for Quays and Ann Example"]),
        ("Department for Net Quays and Zero Harbours", ["Department for Net Quays and Zero Harbours and Dame Eve Draft"], ["O Department for Net Quays and Zero Harbours"]),
        ("Natural Heritage and Ports Office", ["Ports Office"], ["? Natural Heritage and Ports Office"]),
        ("Hafenamt und Anna Muster", ["Hafenamt"], ["O Hafenamt", "? Anna Muster"]),
        ("Ministerium für Arbeit und Soziales", [], ["O Ministerium für Arbeit und Soziales"]),
        ("Ports Office, Ann Example", ["Ports Office, Ann Example, Dame Eve Draft"], ["? Ports Office, Ann Example"]),
        ("Home Office, Ann Example MP and Sir Bob Sample KC", ["Home Office"], ["O Home Office", "P Ann Example MP", "P Sir Bob Sample KC"]),
        ("Kim", [], ["? Kim"]),
        ("Ann Example", ["Ports Office"], ["? Ann Example"]),
        ("press@ports.example", [], ["? press@ports.example"]),
        ("for immediate release from the office", [], ["? for immediate release from the office"]),
        ("12 May 2020", [], ["? 12 May 2020"]),
        ("Sir John Soane's Museum", [], ["O Sir John Soane's Museum"]),
        ("", [], []),
    ],
)  # fmt: skip
def test_a_name_is_certain_only_where_the_whole_column_shows_it(text, column, names):
    assert split(text, *column) == names


def test_known_organisations_and_people_are_evidence_too():
    text = "Ports Office and Ann Example"
    assert split(text, organisations=["Ports Office"], people=["Ann Example"]) == [
        "O Ports Office",
        "P Ann Example",
    ]
    assert split(text, organisations=[text]) == [f"O {text}"]


def test_a_very_long_list_is_left_unclear():
    text = ", ".join(["Ports Office"] * 100)
    assert split(text, "Ports Office") == [f"? {text}"]


def test_what_is_read_as_certain_is_right_in_the_labelled_columns():
    """The labels say by hand what each text names; see bench/issuers.py for the figures."""
    labels = read_labels()
    if not COLUMN.exists():
        labels = {column: texts for column, texts in labels.items() if column != "govuk-news"}
    totals: Counter[str] = Counter()
    wrong: list[str] = []
    for column, texts in labels.items():
        counts, mistakes = count_readings(texts, column=read_texts(column) or texts)
        totals += counts
        wrong += mistakes
    assert totals["certain"] > 0
    assert wrong == []
