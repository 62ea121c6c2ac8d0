"""Any HTML becomes one canonical form, and canonical HTML stays unchanged."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statements.content.characters import normalise_text
from statements.content.html import clean_blocks, is_clean_block, make_paragraph
from statements.content.rendering import render_block_as_text


@pytest.mark.parametrize(
    ("source", "blocks"),
    [
        ("", []),
        (" \n ", []),
        ("<p></p><p>&nbsp;</p><p><br></p><ul><li></li></ul><p><em> </em></p>", []),
        ("a", ["<p>a</p>"]),
        ("<p>a</p>b<p>c</p>", ["<p>a</p>", "<p>b</p>", "<p>c</p>"]),
        ("<p>a  b\n c </p>", ["<p>a b c</p>"]),
        ("<p>5&nbsp;million</p>", ["<p>5\u00a0million</p>"]),
        ("a<br>b<br><br>c<br>", ["<p>a<br>b</p>", "<p>c</p>"]),
        ("<p><b>a</b> <i>b</i></p>", ["<p><strong>a</strong> <em>b</em></p>"]),
        ("<p><em><strong>a</strong></em></p>", ["<p><strong><em>a</em></strong></p>"]),
        ("<p><em>a</em><em>b</em></p>", ["<p><em>ab</em></p>"]),
        ("<em>a<p>b</p></em>", ["<p><em>a</em></p>", "<p><em>b</em></p>"]),
        ("<h2>a</h2><blockquote>b<p>c</p></blockquote>", ["<p>a</p>", "<p>b</p>", "<p>c</p>"]),
        ("<table><tr><td>a</td><td>b</td></tr></table>", ["<p>a</p>", "<p>b</p>"]),
        ("<ul><li><p>a</p></li><li>b</li></ul>", ["<ul><li>a</li><li>b</li></ul>"]),
        ("<ul><li><p>a</p><p>b</p></li></ul>", ["<ul><li><p>a</p><p>b</p></li></ul>"]),
        ("<ol><li>a<ul><li>b</li></ul></li></ol>", ["<ol><li>a<ul><li>b</li></ul></li></ol>"]),
        ("<ul><li>a</li><ul><li>b</li></ul></ul>", ["<ul><li>a<ul><li>b</li></ul></li></ul>"]),
        ("<ul>a<li>b</li></ul>", ["<ul><li>a</li><li>b</li></ul>"]),
        ("<p>a<ul><li>b</li></ul>c</p>", ["<p>a</p>", "<ul><li>b</li></ul>", "<p>c</p>"]),
        ("<li>a</li>", ["<p>a</p>"]),
        (
            '<a href="https://e.org/?a&b" target="_blank" rel="x">a</a>',
            ['<p><a href="https://e.org/?a&amp;b">a</a></p>'],
        ),
        ('<a href="mailto:a@e.org">a</a>', ['<p><a href="mailto:a@e.org">a</a></p>']),
        (
            '<a href="/a">a</a> <a href="javascript:x">b</a> <a href="data:x">c</a> <a>d</a>',
            ["<p>a b c d</p>"],
        ),
        ('<p style="x" class="y" onclick="z">a<img src="x" onerror="y"></p>', ["<p>a</p>"]),
        ("<p>a<script>b</script><style>c</style><!-- d --></p>", ["<p>a</p>"]),
        ("<p>a & b < c &amp;amp; &quot;</p>", ['<p>a &amp; b &lt; c &amp;amp; "</p>']),
        ("a\0b\x01c&#1;d\ud800e", ["<p>abcde</p>"]),
        ("<p>e\u0301</p>", ["<p>é</p>"]),
        ("<p>e<span>\u0301</span></p>", ["<p>é</p>"]),
        ("<p>10<sup>6</sup> CO<sub>2</sub></p>", ["<p>10<sup>6</sup> CO<sub>2</sub></p>"]),
        (
            '<sup><a href="https://e.org/"><b>1</b></a></sup>',
            ['<p><a href="https://e.org/"><strong><sup>1</sup></strong></a></p>'],
        ),
        ("<p>a<sup> </sup>b<sup><sub>2</sub></sup></p>", ["<p>a b<sub>2</sub></p>"]),
        (
            '<p>m<span style="vertical-align: super">2</span><span style="vertical-align:sub">x</span>',
            ["<p>m<sup>2</sup><sub>x</sub></p>"],
        ),
        ("<table><td style='vertical-align:sub'>a</td></table>", ["<p>a</p>"]),
        ("<p>We <s>hate</s> <strike>loathe</strike> <del>mind</del> it.</p>", ["<p>We it.</p>"]),
        (
            '<p>a<span style="color:red; text-decoration:underline line-through">b</span>'
            '<i style="text-decoration-line: line-through">c</i>d</p>',
            ["<p>ad</p>"],
        ),
        (
            '<p>a<b hidden>b</b><i style="display: none">c</i><u style="visibility:hidden">d</u>'
            '<span style="mso-hide:all">e</span><span style="font-size:0px">f</span>g</p>',
            ["<p>ag</p>"],
        ),
        ('<p style="font-size:0.9em">a</p>', ["<p>a</p>"]),
        (
            "<p>of\u00adfi\u200bce \ufb01ne\u2060\ufffc \u200fلا\u200cم</p>",
            ["<p>office fine \u200fلا\u200cم</p>"],
        ),
        ("<p>of&shy;fice&#8203;s</p>", ["<p>offices</p>"]),
        ('<ol start="5"><li>a</li></ol>', ['<ol start="5"><li>a</li></ol>']),
        ('<ol type="1" start="1" class="x"><li>a</li></ol>', ["<ol><li>a</li></ol>"]),
        (
            "<ol style='list-style-type: lower-roman' start=0004><li>a</ol>",
            ['<ol start="4" type="i"><li>a</li></ol>'],
        ),
        (
            '<ol><li style="list-style-type:upper-alpha" value=3>a</li><li>b</li></ol>',
            ['<ol start="3" type="A"><li>a</li><li>b</li></ol>'],
        ),
        (
            '<ol><li>a</li><li value="7">b</li><li>c</li></ol>',
            ["<ol><li>a</li></ol>", '<ol start="7"><li>b</li><li>c</li></ol>'],
        ),
        (
            "<ol><li>a</li><li></li><li>c</li></ol>",
            ["<ol><li>a</li></ol>", '<ol start="3"><li>c</li></ol>'],
        ),
        (
            '<ol><li>a</li></ol><p></p><ol start="2"><li>b</li></ol><ol><li>c</li></ol>',
            ["<ol><li>a</li><li>b</li></ol>", "<ol><li>c</li></ol>"],
        ),
        ("<ol><li>a</li><p>b</p><li>c</li></ol>", ["<ol><li><p>a</p><p>b</p></li><li>c</li></ol>"]),
        ('<ol style="list-style:none"><li>1.1 a</li></ol>', ["<ul><li>1.1 a</li></ul>"]),
        ('<ol start="x" type="z"><li>a</li></ol>', ["<ol><li>a</li></ol>"]),
        (
            '<a href="https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fe.org%2F'
            '%3Fa%3D1%26utm_source%3Dx&amp;data=05">a</a>',
            ['<p><a href="https://e.org/?a=1">a</a></p>'],
        ),
        ("<ul><li>" * 9 + "a", ["<ul><li>" * 4 + "a" + "</li></ul>" * 4]),
    ],
)
def test_blocks_are_clean(source, blocks):
    assert clean_blocks(source) == blocks


PIECES = st.sampled_from(
    [
        *"<p> </p> <ul> </ul> <ol> </ol> <li> </li> <em> </em> <b> </b> <br> <div> </div>".split(),
        *"</a> <table> <td> <svg> <h1> <script> &#1; &lt; &amp;lt; &nbsp; a é < >".split(),
        *('<a href="http://e.org/?a&b>">', '<a href="x">', " ", "\n", "\0", "\u2028", "\ufeff"),
        *"<ol> </ol> <ol> </ol> <li> </li> <sup> </sup> <sub> </sub> <s> </s> 1. a".split(),
        *('<ol start="2">', '<ol type="a">', '<li value="3">', '<li style="list-style-type:none">'),
        *("\u00ad", "\u200b", "\u00a0", "ﬁ", "<!-- x -->", '<i style="vertical-align:super">'),
        *("<p style='mso-list:l0 level1 lfo1'><![if !supportLists]>a.<![endif]>",),
        *("\u0301", "\u0338"),  # combining marks: the second one composes with the end of a tag
    ]
)


@given(st.lists(PIECES | st.text(max_size=5), max_size=40).map("".join))
def test_cleaning_what_is_clean_changes_nothing(source):
    blocks = clean_blocks(source)
    assert clean_blocks("".join(blocks)) == blocks
    for block in blocks:
        assert is_clean_block(block)
        assert unicodedata.is_normalized("NFC", block)
        assert clean_blocks(block) == [block]


@given(st.text())
def test_paragraph_of_plain_text_is_clean(text):
    block = make_paragraph(text)
    assert clean_blocks(block) == ([block] if block else [])
    assert render_block_as_text(block).split() == normalise_text(text).split()


@given(st.text(alphabet=st.characters(exclude_categories=[])))
def test_normalising_twice_changes_nothing_and_the_text_can_be_stored(text):
    once = normalise_text(text)
    assert normalise_text(once) == once
    assert not set(once) & {"\0", "\r", "\u2028", "\ufeff"}
    once.encode("utf-8")


def test_overlay_is_not_composed_with_the_end_of_a_tag():
    [block] = clean_blocks("<p>\u0338a</p>")
    assert block == "<p>&#824;a</p>"
    assert render_block_as_text(block) == "\u0338a"


@pytest.mark.parametrize(
    "block",
    [
        "a",
        "",
        "<p class='x'>a</p>",
        "<P>a</P>",
        "<p>a<img src=x></p>",
        '<p><a href="javascript:x">a</a></p>',
        '<p><a href="https://e.org" x="y">a</a></p>',
        "<p>a<br/></p>",
        "<p>a <b</p>",
    ],
)
def test_other_html_is_not_clean(block):
    assert not is_clean_block(block)


@given(st.lists(st.lists(PIECES | st.text(max_size=5), max_size=6).map("".join), max_size=3))
def test_the_fast_path_for_plain_paragraphs_gives_the_same_result(texts):
    source = "\n".join(f"<p>{text}</p>" for text in texts)
    with_a_tag = "<p><em>x</em></p>" + source  # avoids the fast path
    assert ["<p><em>x</em></p>", *clean_blocks(source)] == clean_blocks(with_a_tag)
