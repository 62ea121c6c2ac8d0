"""Test that a paste from any program comes out clean and complete."""

import html
import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statements.content.html import clean_blocks, is_clean_block
from statements.content.rendering import render_block_as_text
from statements.content.source_html import clean_html
from statements.parsing.html_paragraphs import cut_block, parse_html
from statements.parsing.plain_text import text_to_blocks
from tests.statements.parsing.clipboards import PLAIN, RICH

SHARED = Path(__file__).parents[4] / "shared" / "data" / "word" / "word2016-clipboard-html"
UNCLEAN = re.compile(
    r"mso|Mso|<!|o:p|style=|class=|file:|\u00ad|[\ue000-\uf8ff]|&nbsp;|\u00a0(?!\d)"
)


@pytest.mark.parametrize(("source", "wanted"), RICH.values(), ids=RICH.keys())
def test_rich_text_comes_out_clean(source, wanted):
    assert clean_blocks(source) == wanted


@pytest.mark.parametrize(("source", "wanted"), PLAIN.values(), ids=PLAIN.keys())
def test_plain_text_comes_out_in_paragraphs(source, wanted):
    assert text_to_blocks(source) == wanted


@pytest.mark.skipif(not SHARED.exists(), reason=f"no clipboards in {SHARED}")
def test_clipboards_of_word_2016_come_out_clean():
    for path in sorted(SHARED.glob("*.html")):
        blocks = clean_blocks(path.read_text("utf-8-sig"))
        assert blocks, path.name
        assert all(is_clean_block(block) for block in blocks), path.name
        assert not UNCLEAN.search("".join(blocks)), path.name


@given(
    st.lists(
        st.sampled_from(
            [piece for source, _ in RICH.values() for piece in re.split(r"(<[^>]*>)", source)]
        )
    )
)
def test_any_pieces_of_clipboards_come_out_clean(pieces):
    assert all(is_clean_block(block) for block in clean_blocks("".join(pieces)))


@given(st.text())
def test_nothing_that_is_pasted_makes_it_fail(text):
    assert all(is_clean_block(block) for block in clean_blocks(text))
    assert all(is_clean_block(block) for block in text_to_blocks(text))


WORDS = st.lists(st.text(st.sampled_from("abc éﬁ“”’<&"), min_size=1), min_size=1, max_size=6)
TAGS = st.sampled_from(
    ["p", "div", "span", "b", "i", "td", "li", "h2", "font", "o:p", "a", "ul", "u"]
)


@given(WORDS, st.lists(TAGS, min_size=6, max_size=6))
def test_the_visible_words_in_are_the_words_out(words, tags):
    source = "".join(
        f"<{tag}>{html.escape(text)}</{tag}> " for text, tag in zip(words, tags, strict=False)
    )
    came = " ".join(render_block_as_text(block) for block in clean_blocks(source))
    bare = lambda text: Counter(re.sub(r"[\s•]", "", text.replace("ﬁ", "fi")))  # noqa: E731
    assert bare(came) == bare("".join(words))


@given(st.text(st.sampled_from("0123. \n•abc–“”"), max_size=200))
def test_no_word_of_plain_text_is_lost(text):
    came = Counter(
        re.findall(
            r"[abc]+", " ".join(render_block_as_text(block) for block in text_to_blocks(text))
        )
    )
    assert came == Counter(re.findall(r"[abc]+", text))


def test_cleaning_what_is_clean_changes_nothing():
    for source, _ in RICH.values():
        once = "".join(clean_blocks(source))
        assert "".join(clean_blocks(once)) == once
        assert clean_html(clean_html(source)) == clean_html(source)


def test_marks_are_cut_off_and_links_stay():
    block = '<p>“We <strong>agree</strong> with <a href="https://example.org/">it</a>.”</p>'
    assert cut_block(block, "We agree with it.") == block.replace("“", "").replace("”", "")
    assert cut_block(block, "Another text.") == "<p>Another text.</p>"


def test_a_rich_document_is_read_as_its_text_is():
    draft = parse_html(
        "<h1>Head</h1><p>Dave Hill, President of the Association of Directors, said:</p>"
        "<p>“It is <b>good</b>.</p><p>“And it stays so.”</p><ul><li>“One</li></ul>"
    )
    assert draft.headline == "Head"
    assert draft.passages[0].speaker_name == "Dave Hill"
    assert draft.passages[0].blocks[:2] == (
        "<p>It is <strong>good</strong>.</p>",
        "<p>And it stays so.</p>",
    )
