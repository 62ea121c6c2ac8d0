"""Test that an OpenDocument text gives the draft that its words ask for."""

import pytest

from statements.parsing.document import parse_document
from statements.parsing.draft import Draft, ParseError
from statements.parsing.odt import convert_odt
from statements.parsing.zip_package import LOCKED_MESSAGE
from tests.statements.parsing.converting import in_this_process  # noqa: F401
from tests.statements.parsing.make_docx import packed
from tests.statements.parsing.make_odt import MIMETYPE, content, flat_odt, items, odt, p, span

pytestmark = pytest.mark.usefixtures("in_this_process")

ANN = "Ann Example, Chair of the Harbour Council, said:"
CHANGE = "<office:change-info><dc:creator>N. N.</dc:creator></office:change-info>"


def blocks(draft: Draft) -> list[str]:
    return [block for passage in draft.passages for block in passage.blocks]


def cell(text: str, more: str = "") -> str:
    return f"<table:table-cell{more}>{p(text)}</table:table-cell>"


@pytest.mark.parametrize("make", [odt, flat_odt])
def test_the_words_with_emphasis_links_and_raised_digits(make):
    link = '<text:a xlink:type="simple" xlink:href="https://example.org/r">the report</text:a>'
    words = f"“We {span('welcome', 'T1')} {link} {span('warmly', 'T2')}: 10{span('6', 'T3')}."
    draft = parse_document(
        make(
            p("Head &amp; shoulders", "P1"),
            p("3 May 2012"),
            p(ANN),
            p(words),
            p(f"“H{span('2', 'T4')}O<text:s text:c='3'/>is<text:tab/>wet.”"),
        )
    )
    assert (draft.headline, draft.dated_on.isoformat()) == ("Head & shoulders", "2012-05-03")
    assert [passage.speaker_name for passage in draft.passages] == ["Ann Example"]
    assert blocks(draft) == [
        '<p>We <strong>welcome</strong> <a href="https://example.org/r">the report</a> '
        "<em>warmly</em>: 10<sup>6</sup>.</p>",
        "<p>H<sub>2</sub>O is wet.</p>",
    ]


def test_headings_by_tag_by_style_and_numbered_in_a_list():
    heading = '<text:h text:outline-level="1">In a list</text:h>'
    draft = parse_document(
        odt(
            p("Head", "P1"),
            p("What next?", "P2"),
            p("One."),
            '<text:h text:outline-level="2">By tag</text:h>',
            p("Two."),
            items(heading, style="L2"),
            p("Three."),
        )
    )
    assert [(passage.heading, passage.blocks) for passage in draft.passages] == [
        ("What next?", ("<p>One.</p>",)),
        ("By tag", ("<p>Two.</p>",)),
        ("In a list", ("<p>Three.</p>",)),
    ]


def test_lists_inside_lists():
    draft = parse_document(
        odt(p("Head"), items(p("One"), p("Two") + items(p("Deep")), style="L2"), p("After."))
    )
    assert blocks(draft) == [
        "<ol><li>One</li><li>Two<ul><li>Deep</li></ul></li></ol>",
        "<p>After.</p>",
    ]


def test_deleted_struck_and_hidden_words_never_come_back():
    tracked = (
        '<text:tracked-changes><text:changed-region text:id="c1"><text:deletion>'
        f"{CHANGE}{p('old words')}</text:deletion></text:changed-region>"
        f'<text:changed-region text:id="c2"><text:insertion>{CHANGE}</text:insertion>'
        "</text:changed-region></text:tracked-changes>"
    )
    change = '<text:change text:change-id="c1"/>'
    draft = parse_document(
        odt(
            tracked,
            p("Head"),
            p(f"Our {change}{span('dead ', 'T5')}{span('secret ', 'T6')}words."),
            '<text:section text:name="s" text:display="none">'
            + p("Whole section")
            + "</text:section>",
        )
    )
    assert blocks(draft) == ["<p>Our words.</p>"]
    assert draft.leftovers == (
        ("old words", "It was deleted by N. N. as a tracked change."),
        ("dead ", "It was struck through."),
        ("secret ", "It was hidden in the document."),
        ("Whole section", "It was hidden in the document."),
    )
    assert draft.messages == (
        "1 tracked insertion (by N. N.) was taken as accepted.",
        "1 tracked deletion (by N. N.) was carried out; the words are under “Left out of the draft”.",
        "Struck-through words were left out; they are under “Left out of the draft”.",
        "Hidden words were left out; they are under “Left out of the draft”.",
    )


def test_notes_comments_boxes_pictures_and_page_headers():
    note = (
        '<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation>'
        f"<text:note-body>{p('See page 4.')}</text:note-body></text:note>"
    )
    comment = f"<office:annotation><dc:creator>N. N.</dc:creator>{p('Agreed?')}</office:annotation>"
    box = f"<draw:frame><draw:text-box>{p('In a box.')}</draw:text-box></draw:frame>"
    picture = (
        '<draw:frame><draw:image xlink:href="Pictures/1.png"/><svg:desc>x</svg:desc></draw:frame>'
    )
    styles = content().replace(
        "<office:body>",
        "<office:master-styles><style:master-page>"
        f"<style:header>{p('Press office')}</style:header></style:master-page>"
        "</office:master-styles><office:body>",
    )
    draft = parse_document(
        odt(
            p("Head"), p(f"Our{note} words{comment} stay.{box}{picture}"), p("More."), styles=styles
        )
    )
    assert blocks(draft) == ["<p>Our words stay.</p>", "<p>In a box.</p>", "<p>More.</p>"]
    assert draft.leftovers == (
        ("Press office", "It was the header of each page."),
        ("See page 4.", "It was footnote 1."),
        ("Agreed?", "A comment by N. N., never published."),
    )
    assert draft.messages == (
        "1 comment (by N. N.) was taken out of the words and kept under “Left out of the draft”.",
        "1 footnote was taken out of the words and kept under “Left out of the draft”: put into the notes to "
        "editors what readers need.",
        "Headers and footers of the pages were left out; their words are under “Left out of the draft”.",
        "The words of 1 text box were put among the others: see that they are in the right place.",
        "1 picture was left out: attach it to the statement, with a description.",
    )


def test_every_word_of_a_table_is_there_and_a_repeated_cell_does_no_harm():
    head = f"<table:table-header-rows><table:table-row>{cell('Year')}{cell('Ships')}</table:table-row></table:table-header-rows>"
    many = ' table:number-columns-repeated="999999"'
    draft = parse_document(
        odt(
            p("Head"),
            f"<table:table>{head}<table:table-row>{cell('2024')}{cell('12')}"
            f"<table:table-cell{many}/></table:table-row></table:table>",
        )
    )
    text = " ".join(blocks(draft))
    assert [word for word in ("Year", "Ships", "2024", "12") if word not in text] == []
    assert len(text) < 1000


def test_cells_that_are_repeated_many_times_or_within_each_other_do_no_harm():
    many = '<table:table-cell table:number-columns-repeated="999999"/>'
    wide = f"<table:table><table:table-row>{many}</table:table-row></table:table>"
    assert len(convert_odt(odt(p("Head"), wide)).html) < 200
    inner = p("a long text in a cell")
    for _ in range(8):
        again = f'<table:table-cell table:number-columns-repeated="20">{inner}</table:table-cell>'
        inner = f"<table:table><table:table-row>{again}</table:table-row></table:table>"
    assert len(convert_odt(odt(p("Head"), inner)).html) < 2_000


def test_a_text_without_its_type_in_front_is_known_by_its_content():
    raw = packed({"content.xml": content(p("Head"), p("Words.")), "mimetype": MIMETYPE})
    assert parse_document(raw).headline == "Head"
    raw = packed({"content.xml": content(p("Head"), p("Words."))})
    assert parse_document(raw).headline == "Head"


ENTITIES = '<!DOCTYPE x [<!ENTITY a "ha">]>' + content(p("Head"))
REFUSED = {
    "entities": (
        packed({"mimetype": MIMETYPE, "content.xml": ENTITIES}),
        "The document declares entities of its own",
    ),
    "entities in one file": (
        flat_odt(p("Head")).replace(b"</office:document>", b"<!ENTITY a></office:document>"),
        "The document declares entities of its own",
    ),
    "a password": (packed({"mimetype": MIMETYPE, "content.xml": b"\x8b\x17"}), LOCKED_MESSAGE),
    "a password, as newer programs set it": (
        packed({"mimetype": MIMETYPE, "content.xml": "<x/>", "encrypted-package": b"\x8b"}),
        LOCKED_MESSAGE,
    ),
    "a spreadsheet": (
        packed({"mimetype": MIMETYPE[:-4] + "spreadsheet", "content.xml": "<x/>"}),
        "This is an OpenDocument file, but not a text (.odt).",
    ),
    "deep": (odt("<text:section>" * 5000 + p("x") + "</text:section>" * 5000), "The document is nested"),
    "half": (odt(p("Head"))[:300], "The document is damaged"),
    "no words": (odt(p("")), "The document is empty"),
    "many": (odt(p("x") * 6000), "The document has 6,000 paragraphs"),
    "bomb": (odt(p("x" * 9_000_000)), "The document unpacks to more than two hundred times"),
}  # fmt: skip


@pytest.mark.parametrize(("raw", "beginning"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_read_gets_a_sentence(raw, beginning):
    with pytest.raises(ParseError) as refused:
        parse_document(raw)
    assert str(refused.value).startswith(beginning)
    assert str(refused.value).endswith(".")
