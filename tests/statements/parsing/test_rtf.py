"""Test that a rich text document gives the draft that its words ask for."""

import pytest

from statements.parsing import rtf_tokens
from statements.parsing.document import parse_document
from statements.parsing.draft import Draft, ParseError
from statements.parsing.rtf_tokens import iter_tokens
from tests.statements.parsing.converting import in_this_process  # noqa: F401

pytestmark = pytest.mark.usefixtures("in_this_process")

HEAD = (
    rb"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fswiss\fcharset0 Arial;}"
    rb"{\f1\fnil\fcharset204 Arial CYR;}{\f2\fnil\fcharset128 MS Mincho;}}"
    rb"{\colortbl;\red0\green0\blue0;}"
    rb"{\stylesheet{\s0 Normal;}{\s1 heading 1;}{\s2 heading 2;}{\*\cs10 Default;}}"
    rb"{\*\generator Riched20}{\info{\title Secret}{\author Private}}\uc1" + b"\r\n"
)
LIST = rb"{\listtext\pard\plain "


def rtf(*paragraphs: bytes) -> bytes:
    return HEAD + b"".join(rb"\pard " + text + b"\\par\r\n" for text in paragraphs) + b"}"


def blocks(draft: Draft) -> list[str]:
    return [block for passage in draft.passages for block in passage.blocks]


def blocks_of(*paragraphs: bytes) -> list[str]:
    return blocks(parse_document(rtf(b"Head", *paragraphs)))


def test_the_words_with_emphasis_links_and_raised_digits():
    link = (
        rb'{\field{\*\fldinst{HYPERLINK "https://example.org/r?a=1&b=2" }}'
        rb"{\fldrslt{\ul the report}}}"
    )
    draft = parse_document(
        rtf(
            rb"\s1\b Head & shoulders\b0",
            b"3 May 2012",
            b"Ann Example, Chair of the Harbour Council, said:",
            rb"\ldblquote We \b welcome\b0  " + link + rb" {\i warmly}: 10{\super 6}, H{\sub 2}O.",
            rb"\ldblquote It\rquote s 5\~000 \u8364? \endash  na\'efve.\rdblquote",
            rb"\s2 What next?",
            b"One.",
        )
    )
    assert (draft.headline, draft.dated_on.isoformat()) == ("Head & shoulders", "2012-05-03")
    assert [(passage.speaker_name, passage.heading) for passage in draft.passages] == [
        ("Ann Example", ""),
        ("", "What next?"),
    ]
    assert blocks(draft) == [
        '<p>We <strong>welcome</strong> <a href="https://example.org/r?a=1&amp;b=2">the report</a> '
        "<em>warmly</em>: 10<sup>6</sup>, H<sub>2</sub>O.</p>",
        "<p>It’s 5\u00a0000 € – naïve.</p>",
        "<p>One.</p>",
    ]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (rb"{\f1 \'cf\'f0\'e8\'e2\'e5\'f2}", "Привет"),
        (rb"{\f2 \'93\'fa\'96\'7b!}", "日本!"),
        (rb"a\u55357?\u56832?z", "a😀z"),
        (rb"{\uc0\u8217 s}", "’s"),
        (rb"{\uc2\u-27647\'95\'7d!}", "鐁!"),
        (rb"a\{b\}c\\d", "a{b}c\\d"),
        (rb"co\-operate", "cooperate"),
        (rb"a{\*\unknown secret {\pard more}}b", "ab"),
        (rb"a{\pict\wmetafile8 0102}b", "ab"),
        (b"a{\\*\\blob\\bin5 }}{{\\}b", "ab"),
        (b"a\r\nb", "ab"),
    ],
)
def test_letters_however_they_are_written(written, read):
    assert blocks_of(written) == [f"<p>{read}</p>"]


def test_lists_with_the_bullets_and_numbers_that_the_document_shows():
    assert blocks_of(
        rb"{\pntext\f3\'B7\tab}{\*\pn\pnlvlblt{\pntxtb\'B7}}One",
        rb"{\pntext\f3\'B7\tab}Two",
        LIST + rb"1.\tab}\ls1\ilvl0 Three",
        LIST + rb"2.\tab}\ls1\ilvl0 Four",
        b"After.",
    ) == [
        "<ul><li>One</li><li>Two</li></ul>",
        "<ol><li>Three</li><li>Four</li></ol>",
        "<p>After.</p>",
    ]


def test_every_word_of_a_table_is_there():
    table = (
        rb"\trowd\cellx1000\cellx2000\intbl Year\cell Ships\cell\row"
        rb"\trowd\cellx1000\cellx2000\intbl 2024\cell 12\cell\row\pard After."
    )
    draft = parse_document(rtf(b"Head", table))
    text = " ".join(blocks(draft))
    assert [word for word in ("Year", "Ships", "2024", "12", "After.") if word not in text] == []
    assert draft.messages == ("1 table: read the words in it again.",)


def test_deleted_struck_and_hidden_words_never_come_back():
    draft = parse_document(
        rtf(
            b"Head",
            rb"Our {\deleted old }{\strike de}{\strike\b ad }{\v hid }{\revised new }words.",
        )
    )
    assert blocks(draft) == ["<p>Our new words.</p>"]
    assert draft.leftovers == (
        ("old ", "It was deleted as a tracked change."),
        ("dead ", "It was struck through."),
        ("hid ", "It was hidden in the document."),
    )
    assert draft.messages == (
        "Tracked insertions were taken as accepted.",
        "Struck-through words were left out; they are under “Left out of the draft”.",
        "Hidden words were left out; they are under “Left out of the draft”.",
        "Tracked deletions were carried out; the words are under “Left out of the draft”.",
    )


def test_notes_comments_boxes_pictures_and_page_headers():
    note = rb"{\footnote\pard{\super\chftn} See page 4.}"
    comment = rb"{\*\atnid NN}{\*\atnauthor N. N.}\chatn{\*\annotation\pard Agreed?}"
    shape = (
        rb"{\shp{\*\shpinst{\sp{\sn a}{\sv 1}}{\shptxt\pard In a box.\par}}"
        rb"{\shprslt{\*\do{\dptxbxtext In a box.}}}}"
    )
    picture = rb"{\*\shppict{\pict\pngblip 00}}{\nonshppict{\pict\wmetafile8 00}}"
    draft = parse_document(
        rtf(
            rb"{\header\pard Press office\par}Head",
            b"Our" + note + b" words" + comment + shape + b" stay." + picture,
            b"More.",
        )
    )
    assert blocks(draft) == ["<p>Our words stay.</p>", "<p>In a box.</p>", "<p>More.</p>"]
    assert draft.leftovers == (
        ("Press office", "It was the header of each page."),
        ("See page 4.", "It was footnote 1."),
        ("Agreed?", "A comment, never published."),
    )
    assert draft.messages == (
        "Comments were taken out of the words and kept under “Left out of the draft”.",
        "Headers of the pages were left out; their words are under “Left out of the draft”.",
        "1 footnote was taken out of the words and kept under “Left out of the draft”: put into the notes to "
        "editors what readers need.",
        "1 picture was left out: attach it to the statement, with a description.",
    )


def test_fields_tables_and_boxes_of_a_page_header_stay_there():
    field = rb"{\field{\*\fldinst PAGE }{\fldrslt 10}}"
    box = rb"{\shp{\*\shpinst{\shptxt\pard Box\par}}}"
    header = rb"{\header\pard Page " + field + rb"\par\trowd\intbl A\cell B\cell\row" + box + b"}"
    draft = parse_document(rtf(header + b"Head", b"Words " + field + b"."))
    assert (draft.headline, blocks(draft)) == ("Head", ["<p>Words 10.</p>"])
    assert draft.leftovers == (("Page 10 A B Box", "It was the header of each page."),)


REFUSED = {
    "deep": (HEAD + b"{" * 10_000, "The document is nested too deeply"),
    "no words": (rtf(b""), "The document is empty"),
    "only a font": (b"{\\rtf1", "The document is empty"),
    "eleven megabytes": (HEAD + b" " * 11_000_000, "The document has 11.0 MB"),
}


@pytest.mark.parametrize(("raw", "beginning"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_read_gets_a_sentence(raw, beginning):
    with pytest.raises(ParseError) as refused:
        parse_document(raw)
    assert str(refused.value).startswith(beginning)
    assert str(refused.value).endswith(".")


def test_a_million_control_words_are_too_many(monkeypatch):
    monkeypatch.setattr(rtf_tokens, "MAX_TOKENS", 100)
    with pytest.raises(ParseError, match="made of more than 100 pieces"):
        list(iter_tokens(b"\\b" * 101))


def test_a_file_that_ends_in_the_middle_keeps_its_words():
    whole = rtf(b"Head", b"Words that stay.")
    assert blocks(parse_document(whole[: whole.index(b"stay.") + 5])) == ["<p>Words that stay.</p>"]
