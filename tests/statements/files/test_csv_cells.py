"""No cell of a CSV file is run as a formula."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statements.files.csv_cells import escape_formula


@given(st.text() | st.from_regex(r"\s*[=+\-@\t\r].*"))
def test_no_cell_starts_like_a_formula(text):
    cell = escape_formula(text)
    assert not cell.lstrip().startswith(("=", "+", "-", "@"))
    assert not cell.startswith(("\t", "\r"))
    assert cell.removeprefix("'") == text or cell == text


@pytest.mark.parametrize("value", ["=1+1", "+44 20 7946 0000", "-1", "@SUM(A1)", "\t=1", " =1"])
def test_a_formula_gets_an_apostrophe(value):
    assert escape_formula(value) == f"'{value}"
