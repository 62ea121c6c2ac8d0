"""Superscripts and subscripts never read as another number in plain text."""

import pytest

from statements.content.html import clean_blocks, make_paragraph, text_of_block, text_of_html
from statements.content.rendering import render_block_as_text
from statements.quotations.normalise import normalise_words

TEXTS = [
    ("10<sup>6</sup> m<sup>2</sup>", "10⁶ m²"),
    ("10<sup>-34</sup>, 10<sup>−3</sup>", "10⁻³⁴, 10⁻³"),
    ("10<sup>0.5</sup> and 10<sup>n+1</sup>", "10^(0.5) and 10ⁿ⁺¹"),
    ("x<sup>Q</sup>", "x^(Q)"),
    ("the 27<sup>th</sup>, 1<sup>er</sup>, M<sup>me</sup> B", "the 27th, 1er, Mme B"),
    ("Acme<sup>TM</sup> and Acme<sup>®</sup>", "Acme™ and Acme®"),
    ("said.<sup>[1]</sup> Then<sup>12</sup>", "said.[1] Then¹²"),
    ("CO<sub>2</sub>, PM<sub>2.5</sub>, x<sub>max</sub>", "CO₂, PM2.5, xₘₐₓ"),
    ("10<sub>2.5</sub> v<sub>Z</sub>", "10_(2.5) v_(Z)"),
    ("a<sup>&lt;</sup>", "a<"),
    ("10<b><sup>6</sup></b>", "10⁶"),
]


@pytest.mark.parametrize(("inner", "text"), TEXTS)
def test_every_plain_form_says_the_same(inner, text):
    [block] = clean_blocks(f"<p>{inner}</p>")
    assert text_of_block(block) == render_block_as_text(block) == text
    assert text_of_html(f"<b>{inner}</b>") == text


def test_a_quotation_with_another_number_is_not_the_same():
    [block] = clean_blocks("<p>It costs 10<sup>6</sup> and m<sup>2</sup></p>")
    assert normalise_words(text_of_block(block)) == normalise_words("It costs 10⁶ and m²")
    assert normalise_words(text_of_block(block)) != normalise_words("It costs 106 and m2")


def test_the_same_words_typed_with_characters_stay_characters():
    assert make_paragraph("10⁶ m²") == "<p>10⁶ m²</p>"
