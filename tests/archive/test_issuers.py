"""Bodies and people out of one text, though the names of bodies hold commas and “and” themselves."""

from collections import Counter

import pytest

from archive.issuers import find_organisation_names, split_issuers

KNOWN = {"Animal and Plant Health Agency", "Foreign, Commonwealth & Development Office"}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Foreign & Commonwealth Office and The Rt Hon William Hague", ["Foreign & Commonwealth Office", "*The Rt Hon William Hague"]),
        ("Department for Environment, Food & Rural Affairs", ["Department for Environment, Food & Rural Affairs"]),
        ("Department for Business, Energy & Industrial Strategy and HM Treasury", ["Department for Business, Energy & Industrial Strategy", "HM Treasury"]),
        ("Foreign, Commonwealth & Development Office, Home Office and The Rt Hon Yvette Cooper MP", ["Foreign, Commonwealth & Development Office", "Home Office", "*The Rt Hon Yvette Cooper MP"]),
        ("Department for Energy Security and Net Zero and Ed Miliband MP", ["Department for Energy Security and Net Zero", "*Ed Miliband MP"]),
        ("Defra Office and Animal and Plant Health Agency", ["Defra Office", "Animal and Plant Health Agency"]),
        ("Lord Ahmad of Wimbledon", ["*Lord Ahmad of Wimbledon"]),
        ("", []),
    ],
)  # fmt: skip
def test_names_are_cut_where_a_reader_would(text, names):
    found = split_issuers(
        text, is_organisation=KNOWN.__contains__, is_known_person=lambda name: False
    )
    assert [f"{'*' * one.is_person}{one.name}" for one in found] == names


def test_a_whole_source_tells_which_texts_are_one_body():
    department = "Department of Health and Social Care"
    texts = Counter(
        {
            department: 24,
            "Home Office": 1,
            "Home Office and Sir John Smith": 5,
            "Office for X, Jo Fox": 1,
        }
    )
    assert find_organisation_names(texts) == {department, "Home Office"}
