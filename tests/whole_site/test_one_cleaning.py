"""The same text gives the same blocks, whichever way it comes in."""

import html

from hypothesis import given
from hypothesis import strategies as st

from archive.cleaning import CleanedBody, _split_paragraphs
from archive.readers.row import Row
from statements.content.html import clean_blocks, is_clean_block, text_of_block
from statements.content.schema import PARAGRAPHS
from statements.content.source_html import clean_html
from statements.newsdesk.rich_text import to_blocks
from statements.parsing.html_paragraphs import split_html_paragraphs
from tests.statements.parsing.clipboards import RICH


def import_blocks(source: str) -> list[str]:
    row = Row("a", 1, body=source, body_format="html")
    return [paragraph.html for paragraph in _split_paragraphs(row, CleanedBody())]


WAYS = {
    "the form": to_blocks,
    "a paste": lambda source: [one.html for one in split_html_paragraphs(clean_html(source))],
    "a document": lambda source: [one.html for one in split_html_paragraphs(source)],
    "an import": import_blocks,
    "freezing": PARAGRAPHS.freeze,
}


def read_all_ways(source: str) -> dict[str, list[str]]:
    return {way: list(read(source)) for way, read in WAYS.items()}


def test_each_clipboard_is_read_alike_everywhere():
    for name, (source, wanted) in RICH.items():
        assert read_all_ways(source) == dict.fromkeys(WAYS, wanted), name


WORDS = st.text(st.sampled_from("abcé &<’\u00ad\u200b\u00a0ﬁ5"), min_size=1, max_size=8)
INLINE = (
    "b",
    "i",
    "strong",
    "em",
    "u",
    "span",
    "sup",
    "sub",
    "font",
    "o:p",
    "small",
    "ins",
    "mark",
)
BLOCKS = ("p", "div", "blockquote", "ul", "ol", "section", "pre", "h2")
UNSEEN = (
    "<s>{}</s>", "<del>{}</del>", "<strike>{}</strike>", "<!-- {} -->", "<p hidden>{}</p>",
    "<span style='display:none'>{}</span>", '<i style="text-decoration: line-through">{}</i>',
    "<style>{}</style>", "<script>{}</script>", '<b style="mso-hide:all">{}</b>',
)  # fmt: skip


@st.composite
def pages(draw) -> tuple[str, str]:
    """Return HTML, and the words in it that a reader sees."""
    parts, seen = [], []
    for _ in range(draw(st.integers(1, 5))):
        block = draw(st.sampled_from(BLOCKS))
        inner = []
        for _ in range(draw(st.integers(1, 4))):
            word, tag = draw(WORDS), draw(st.sampled_from(INLINE))
            inner.append(f"<{tag}>{html.escape(word)}</{tag}>")
            seen.append(word)
            if draw(st.booleans()):
                inner.append(draw(st.sampled_from(UNSEEN)).format("zzz"))
            if draw(st.booleans()):
                inner.append(draw(st.sampled_from(["<br>", " ", "&shy;", "<wbr>", "&#8203;"])))
        text = "".join(inner)
        text = f"<li>{text}</li>" if block in ("ul", "ol") else text
        style = draw(st.sampled_from(["", " start=3", " class='x'", " style='color:red'"]))
        parts.append(f"<{block}{style}>{text}</{block}>\n")
    return "".join(parts), "".join(seen)


def letters(text: str) -> list[str]:
    bare = text.replace("ﬁ", "fi").translate(dict.fromkeys(map(ord, "\u00ad\u200b^_()")))
    plain = bare.translate(str.maketrans("⁵₅ᵃᵇᶜₐᶠⁱᵢ", "55abcafii"))
    return sorted(plain.replace("é", "é").replace(" ", "").replace("\u00a0", "").replace("\n", ""))


@given(pages())
def test_any_page_is_read_alike_everywhere_and_no_visible_word_is_lost(page):
    source, seen = page
    blocks = clean_blocks(source)
    assert read_all_ways(source) == dict.fromkeys(WAYS, blocks)
    assert clean_blocks("\n".join(blocks)) == blocks
    assert all(is_clean_block(block) for block in blocks)
    assert letters("".join(map(text_of_block, blocks))) == letters(seen)
