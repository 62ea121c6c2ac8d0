"""Test which quotation marks are round the whole text, and which are part of it."""

import pytest

from statements.newsdesk.rich_text import RichTextField, to_blocks
from statements.parsing.outer_quotation_marks import strip_outer_quotation_marks


@pytest.mark.parametrize(
    ("typed", "bare"),
    [
        (["One."], ["One."]),
        (["“One.”"], ["One."]),
        (['"One."'], ["One."]),
        (["„Eins.“"], ["Eins."]),
        (["“One.", "“Two.”"], ["One.", "Two."]),
        (["“One.", "Two.”"], ["One.", "Two."]),
        (["“One.”", "“Two.”"], ["One.", "Two."]),
        (["“One”."], ["One."]),
        (["“<strong>One</strong> &amp; two.”"], ["<strong>One</strong> &amp; two."]),
        (["<strong>“One.”</strong>"], ["<strong>One.</strong>"]),
        (["“Children first” is our motto."], ["“Children first” is our motto."]),
        (["Our motto is “children first”."], ["Our motto is “children first”."]),
        (["“Our motto is “children first”.”"], ["Our motto is “children first”."]),
        (["One.", "Two.”"], ["One.", "Two.”"]),
        (["‘Til now.", "’Twas so."], ["‘Til now.", "’Twas so."]),
    ],
)
def test_marks_round_the_whole_text_go_and_those_within_stay(typed, bare):
    blocks = [f"<p>{text}</p>" for text in typed]
    assert strip_outer_quotation_marks(blocks) == [f"<p>{text}</p>" for text in bare]


def test_a_list_that_ends_the_quotation_gives_back_its_mark():
    blocks = ["<p>“We ask for:</p>", "<ul><li>more</li><li>better.”</li></ul>"]
    assert strip_outer_quotation_marks(blocks) == [
        "<p>We ask for:</p>",
        "<ul><li>more</li><li>better.</li></ul>",
    ]


def test_the_last_words_before_a_table_give_back_their_mark():
    table = (
        "<table><tbody><tr><td>“1</td><td>2”</td></tr><tr><td>3</td><td>4</td></tr></tbody></table>"
    )
    assert strip_outer_quotation_marks(["<p>“One.</p>", table, "<p>Two.”</p>", table]) == [
        *("<p>One.</p>", table, "<p>Two.</p>", table),
    ]


@pytest.mark.parametrize(
    ("source", "blocks"),
    [
        ("", []),
        ("One.\r\n\r\nTwo.", ["<p>One.</p>", "<p>Two.</p>"]),
        ("a < b & c", ["<p>a &lt; b &amp; c</p>"]),
        ("<p>One.</p><p></p>", ["<p>One.</p>"]),
        ("<p>One.</p>\n\nTwo.\n\nThree.", ["<p>One.</p>", "<p>Two.</p>", "<p>Three.</p>"]),
    ],
)
def test_html_and_plain_text_become_the_same_blocks(source, blocks):
    assert to_blocks(source) == blocks


def test_line_ends_are_no_change_and_words_are():
    field = RichTextField()
    assert not field.has_changed("<p>One.</p>\n<p>Two.</p>", "<p>One.</p>\r\n<p>Two.</p>")
    assert field.has_changed("<p>One.</p>", "<p>Two.</p>")
