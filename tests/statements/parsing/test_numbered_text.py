"""Numbered lines of a plain text become a list with the same numbers."""

import pytest

from statements.content.rendering import render_block_as_text
from statements.parsing.plain_text import text_to_blocks


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("1. One\n2. Two", ["<ol><li>One</li><li>Two</li></ol>"]),
        ("5. One\n6. Two", ['<ol start="5"><li>One</li><li>Two</li></ol>']),
        ("(a) One\n(b) Two", ['<ol type="a"><li>One</li><li>Two</li></ol>']),
        ("iii) One\niv) Two", ['<ol start="3" type="i"><li>One</li><li>Two</li></ol>']),
        ("h. One\ni. Two", ['<ol start="8" type="a"><li>One</li><li>Two</li></ol>']),
    ],
)
def test_lines_in_order_are_a_list(text, blocks):
    assert text_to_blocks(f"Before.\n\n{text}\n\nAfter.") == [
        "<p>Before.</p>",
        *blocks,
        "<p>After.</p>",
    ]


@pytest.mark.parametrize(
    "text",
    ["1. One", "A. Smith\nB. Jones", "1. One\n3. Three", "1. One\nTwo", "3. May\n4. May\n6. May"],
)
def test_other_lines_stay_as_typed(text):
    blocks = text_to_blocks(f"Before.\n\n{text}\n\nAfter.")
    shown = " ".join(render_block_as_text(block) for block in blocks)
    assert shown.split() == f"Before. {text} After.".split()
    assert not any(block.startswith("<ol") for block in blocks)
