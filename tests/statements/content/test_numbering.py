"""Numbers of list items are read and written as browsers show them."""

import pytest

from statements.content.html import clean_blocks
from statements.content.numbering import format_number, parse_marker
from statements.content.rendering import render_block_as_text


@pytest.mark.parametrize(
    ("number", "texts"),
    [
        (-1, "-1 -1 -1 -1 -1"),
        (0, "0 0 0 0 0"),
        (1, "1 a A i I"),
        (4, "4 d D iv IV"),
        (27, "27 aa AA xxvii XXVII"),
        (3999, "3999 ewu EWU mmmcmxcix MMMCMXCIX"),
        (4000, "4000 ewv EWV 4000 4000"),
    ],
)
def test_numbers_of_every_kind(number, texts):
    assert [format_number(number, kind) for kind in ("", "a", "A", "i", "I")] == texts.split()


@pytest.mark.parametrize(
    ("marker", "readings"),
    [
        ("1.", [("", 1)]),
        ("(12)", [("", 12)]),
        ("7", [("", 7)]),
        ("a)", [("a", 1)]),
        ("(B)", [("A", 2)]),
        ("i.", [("i", 1), ("a", 9)]),
        ("iv.", [("i", 4)]),
        ("v.", [("a", 22), ("i", 5)]),
        ("III", [("I", 3)]),
        ("aa.", [("a", 27)]),
        ("iiii.", []),
        ("bb.", []),  # Word’s 28, and no browser’s
        ("1.1", []),
        ("Article 1", []),
        ("Iv.", []),
        ("o", []),
        ("·", []),
        ("", []),
    ],
)
def test_what_the_marker_of_an_item_can_mean(marker, readings):
    assert parse_marker(marker) == readings


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<ol><li>x<li>y</ol>", "1. x\n2. y"),
        ('<ol start="5"><li>x<li>y</ol>', "5. x\n6. y"),
        ('<ol type="a" start="26"><li>x<li>y</ol>', "z. x\naa. y"),
        ('<ol type="I"><li>x<ol type="i"><li>y</ol></ol>', "I. x\n  i. y"),
        ('<ol type="a"><li><p>x</p><p>y</p></ol>', "a. x\n  y"),
        ('<ol start="-1"><li><p>x</p><p>y</p></ol>', "-1. x\n  y"),
    ],
)
def test_plain_text_has_the_numbers_that_readers_see(source, text):
    [block] = clean_blocks(source)
    assert render_block_as_text(block) == text
