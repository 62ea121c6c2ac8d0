"""Test that a page exported by Google Docs, Word or LibreOffice gives the draft that it shows."""

import pytest

from statements.parsing.document import parse_document
from statements.parsing.draft import Draft, ParseError
from tests.statements.parsing.converting import in_this_process  # noqa: F401
from tests.statements.parsing.make_docx import packed

pytestmark = pytest.mark.usefixtures("in_this_process")

STYLE = """
@import url(https://themes.googleusercontent.com/fonts/css?kit=x);
.lst-kix_a1-0>li:before{content:"" counter(lst-ctn-kix_a1-0,decimal) ". "}
.lst-kix_a1-1>li:before{content:"" counter(lst-ctn-kix_a1-1,lower-latin) ". "}
ul.lst-kix_b2-0{list-style-type:none}.lst-kix_b2-0>li:before{content:"\\0025cf   "}
ol.lst-kix_a1-0.start{counter-reset:lst-ctn-kix_a1-0 0}
.c1{color:#000;font-weight:700;font-size:11pt}.c2{font-style:italic}.c3{font-weight:400}
.c4{vertical-align:super}.c5{text-decoration:line-through}.c6{padding-top:0pt}
"""


def google(body: str) -> str:
    return (
        '<html><head><meta content="text/html; charset=UTF-8" http-equiv="content-type">'
        f'<style type="text/css">{STYLE}</style></head><body class="c7 doc-content">{body}</body>'
        "</html>"
    )


def p(inner: str, classes: str = "c6") -> str:
    return f'<p class="{classes}">{inner}</p>'


def span(inner: str, classes: str = "c3") -> str:
    return f'<span class="{classes}">{inner}</span>'


def zipped(page: str) -> bytes:
    return packed({"Pressrelease.html": page, "images/image1.png": b"\x89PNG"})


def blocks(draft: Draft) -> list[str]:
    return [block for passage in draft.passages for block in passage.blocks]


@pytest.mark.parametrize("pack", [zipped, str.encode], ids=["zipped", "alone"])
def test_the_words_of_google_docs_with_emphasis_links_and_raised_digits(pack):
    link = (
        '<a href="https://www.google.com/url?q=https://example.org/r&amp;sa=D&amp;ust=1">report</a>'
    )
    draft = parse_document(
        pack(
            google(
                p(span("Head &amp; shoulders", "c1"), "c6 title")
                + p(span("3 May 2012"))
                + p(span("Ann Example, Chair of the Harbour Council, said:"))
                + p(
                    span("“We ")
                    + span("welcome", "c1")
                    + span(" the ")
                    + span(link)
                    + span(" ")
                    + span("warmly", "c2")
                    + span(": 10")
                    + span("6", "c4")
                    + span(".”")
                )
            )
        )
    )
    assert (draft.headline, draft.dated_on.isoformat()) == ("Head & shoulders", "2012-05-03")
    assert [passage.speaker_name for passage in draft.passages] == ["Ann Example"]
    (block,) = blocks(draft)
    assert block.startswith("<p>We <strong>welcome</strong> the ")
    assert '<a href="https://example.org/r">report</a>' in block
    assert "<em>warmly</em>" in block
    assert "106" not in block


def test_lists_of_google_docs_are_nested_by_their_classes():
    def items(tag: str, name: str, *texts: str, start: int = 1) -> str:
        inner = "".join(f'<li class="c6 li-bullet-0">{span(text)}</li>' for text in texts)
        number = f' start="{start}"' if tag == "ol" else ""
        return f'<{tag} class="c8 {name} start"{number}>{inner}</{tag}>'

    draft = parse_document(
        zipped(
            google(
                p("Head")
                + items("ol", "lst-kix_a1-0", "One", "Two")
                + items("ol", "lst-kix_a1-1", "Deep")
                + items("ol", "lst-kix_a1-0", "Three", start=3)
                + p("Between.")
                + items("ul", "lst-kix_b2-0", "Dot")
            )
        )
    )
    assert [block.replace(' type="a"', "") for block in blocks(draft)] == [
        "<ol><li>One</li><li>Two<ol><li>Deep</li></ol></li><li>Three</li></ol>",
        "<p>Between.</p>",
        "<ul><li>Dot</li></ul>",
    ]


def test_footnotes_comments_and_struck_words_are_no_words_of_the_statement():
    draft = parse_document(
        zipped(
            google(
                p("Head")
                + p(
                    span("Our ")
                    + span("dead ", "c5")
                    + span("words")
                    + '<sup><a href="#ftnt1" id="ftnt_ref1">[1]</a></sup>'
                    + '<sup><a href="#cmnt1" id="cmnt_ref1">[a]</a></sup>'
                    + span(" stay.")
                    + '<img src="images/image1.png" alt="">'
                )
                + '<hr class="c9"><div>'
                + p('<a href="#ftnt_ref1" id="ftnt1">[1]</a>' + span(" See page 4."))
                + '</div><div class="c10">'
                + p('<a href="#cmnt_ref1" id="cmnt1">[a]</a>' + span("Agreed?"))
                + "</div>"
            )
        )
    )
    assert blocks(draft) == ["<p>Our words stay.</p>"]
    assert draft.leftovers == (
        ("See page 4.", "It was footnote 1."),
        ("Agreed?", "A comment, never published."),
        ("dead", "It was struck through."),
    )
    assert draft.messages == (
        "1 footnote was taken out of the words and kept under “Left out of the draft”: put into the notes to "
        "editors what readers need.",
        "Comments were taken out of the words and kept under “Left out of the draft”.",
        "1 picture was left out: attach it to the statement, with a description.",
        "Struck-through words were left out; they are under “Left out of the draft”.",
    )


def test_footnotes_of_word_and_of_libreoffice():
    word = (
        '<html><body><h1>Head</h1><p class=MsoNormal>Words<a href="#_ftn1" name="_ftnref1">[1]</a>.</p>'
        '<div><div id=ftn1><p class=MsoFootnoteText><a href="#_ftnref1" name="_ftn1">[1]</a> Note.'
        "</p></div></div></body></html>"
    )
    libreoffice = (
        '<!DOCTYPE html><html><body><h1>Head</h1><p>Words<a class="sdfootnoteanc" '
        'name="sdfootnote1anc" href="#sdfootnote1sym"><sup>1</sup></a>.</p><div id="sdfootnote1">'
        '<p><a class="sdfootnotesym" name="sdfootnote1sym" href="#sdfootnote1anc">1</a>Note.</p>'
        "</div></body></html>"
    )
    for page in (word, libreoffice):
        draft = parse_document(page.encode())
        assert (draft.headline, blocks(draft)) == ("Head", ["<p>Words.</p>"])
        assert draft.leftovers == (("Note.", "It was footnote 1."),)


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [("cp1252", "windows-1252"), ("utf-16", ""), ("cp1251", "windows-1251")],
)
def test_a_page_in_another_encoding(encoding, declared):
    words = "Привет" if encoding == "cp1251" else "Naïve – words"
    page = f'<html><head><meta charset="{declared}"></head><body><h1>Head</h1><p>{words}</p></body>'
    assert blocks(parse_document(page.encode(encoding))) == [f"<p>{words}</p>"]


REFUSED = {
    "tags": (("<html>" + "<b>" * 200_001 + "x").encode(), "The page has more than 200,000 tags"),
    "no words": (b"<html><body></body></html>", "The document is empty"),
    "two pages": (packed({"a.html": "<p>a", "b.html": "<p>b"}), "This is a zipped file without"),
    "a bomb": (packed({"a.html": "<html>" + "x" * 9_000_000}), "The document unpacks to more than"),
}


@pytest.mark.parametrize(("raw", "beginning"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_read_gets_a_sentence(raw, beginning):
    with pytest.raises(ParseError) as refused:
        parse_document(raw)
    assert str(refused.value).startswith(beginning)
    assert str(refused.value).endswith(".")
