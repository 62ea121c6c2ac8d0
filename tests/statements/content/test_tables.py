"""A table with data stays a table, in one form; a table of the layout becomes paragraphs."""

import html
import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statements.content import schema
from statements.content.blocks import as_passages, freeze_block, iter_written_texts
from statements.content.diff import diff_content
from statements.content.html import clean_blocks, is_clean_block, text_of_block
from statements.content.reading import same_words
from statements.content.rendering import render_block_as_text, render_passages, render_plain_text
from statements.content.tables import (
    MAX_CAPTION_CHARS,
    MAX_CELL_CHARS,
    MAX_MARKED_CELL_CHARS,
    MAX_TABLE_COLUMNS,
    MAX_TABLE_ROWS,
    from_data,
    parse_table,
    separate_tables,
)
from statements.quotations.matching import list_pieces
from statements.related.terms import find_terms
from statements.search.terms import spoken_texts

ROWS = "<tr><td>2025</td><td>310</td></tr><tr><td>2026</td><td>402</td></tr>"
BODY = f"<tbody>{ROWS}</tbody>"
HEAD = "<thead><tr><th>Year</th><th>Homes</th></tr></thead>"
HOMES = f"<table><caption>Homes built</caption>{HEAD}{BODY}</table>"
PLAIN = f"<table>{BODY}</table>"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (HOMES, HOMES),
        (f"<table>{ROWS}</table>", PLAIN),
        # The header row is marked: by th, by a head, or as the only row in bold.
        (f"<table><tr><th>Year</th><th>Homes</th></tr>{ROWS}</table>", f"<table>{HEAD}{BODY}</table>"),
        (
            f"<table><thead><tr><td>Year</td><td>Homes</td></tr></thead>{ROWS}</table>",
            f"<table>{HEAD}{BODY}</table>",
        ),
        (
            f"<table><tr><td><b>Year</b></td><td><p><b>Homes</b></p></td></tr>{ROWS}</table>",
            f"<table>{HEAD}{BODY}</table>",
        ),
        (
            f"<table><tr><td></td><th>Homes</th></tr>{ROWS}</table>",
            f"<table><thead><tr><td></td><th>Homes</th></tr></thead>{BODY}</table>",
        ),
        # One cell that is not in bold: no header.
        (
            f"<table><tr><td><b>Year</b></td><td>Homes</td></tr>{ROWS}</table>",
            f"<table><tbody><tr><td><strong>Year</strong></td><td>Homes</td></tr>{ROWS}</tbody></table>",
        ),
        # All rows in bold: no header.
        (
            "<table><tr><td><b>1</b></td><td><b>2</b></td></tr>"
            "<tr><td><b>3</b></td><td><b>4</b></td></tr></table>",
            "<table><tbody><tr><td><strong>1</strong></td><td><strong>2</strong></td></tr>"
            "<tr><td><strong>3</strong></td><td><strong>4</strong></td></tr></tbody></table>",
        ),
        # Headers of rows.
        (
            f"<table>{HEAD}<tr><th>2025</th><td>310</td></tr><tr><th>2026</th><td>402</td></tr></table>",
            f"<table>{HEAD}<tbody><tr><th>2025</th><td>310</td></tr>"
            "<tr><th>2026</th><td>402</td></tr></tbody></table>",
        ),
        # The caption of HTML, of our editor, and a first row of one cell over the whole width.
        (f"<table><caption>Homes <b>built</b></caption>{HEAD}{BODY}</table>", HOMES),
        (f'<table data-caption="Homes built">{HEAD}{BODY}</table>', HOMES),
        (
            f"<table><tr><td colspan=2><b>Homes built</b></td></tr>"
            f"<tr><th>Year</th><th>Homes</th></tr>{ROWS}</table>",
            HOMES,
        ),
        # Merged cells: repeated down, and across in the head; elsewhere in the first cell.
        (
            "<table><tr><td rowspan=2>North</td><td>1</td></tr><tr><td>2</td></tr></table>",
            "<table><tbody><tr><td>North</td><td>1</td></tr><tr><td>North</td><td>2</td></tr></tbody></table>",
        ),
        (
            "<table><thead><tr><th rowspan=2>Year</th><th colspan=2>Homes</th></tr>"
            "<tr><th>new</th><th>old</th></tr></thead><tr><td>2026</td><td>1</td><td>2</td></tr></table>",
            "<table><thead><tr><th>Year</th><th>Homes<br>new</th><th>Homes<br>old</th></tr></thead>"
            "<tbody><tr><td>2026</td><td>1</td><td>2</td></tr></tbody></table>",
        ),
        (
            "<table><tr><td>1</td><td>2</td></tr><tr><td colspan=2>All</td></tr></table>",
            "<table><tbody><tr><td>1</td><td>2</td></tr><tr><td>All</td><td></td></tr></tbody></table>",
        ),
        # Headers over two rows, which no head marks.
        (
            "<table><tr><td rowspan=2><b>Year</b></td><td colspan=2><b>Homes</b></td></tr>"
            "<tr><td><b>new</b></td><td><b>old</b></td></tr><tr><td>2026</td><td>1</td><td>2</td></tr></table>",
            "<table><thead><tr><th>Year</th><th>Homes<br>new</th><th>Homes<br>old</th></tr></thead>"
            "<tbody><tr><td>2026</td><td>1</td><td>2</td></tr></tbody></table>",
        ),
        # A bold name of a group of rows is no header; a link in the first row is no caption.
        (
            "<table><tr><td></td><td><b>Chairs</b></td><td></td></tr>"
            "<tr><td>1</td><td>Ann</td><td>Mayor</td></tr></table>",
            "<table><tbody><tr><td></td><td><strong>Chairs</strong></td><td></td></tr>"
            "<tr><td>1</td><td>Ann</td><td>Mayor</td></tr></tbody></table>",
        ),
        (
            "<table><tr><td colspan=2><a href='https://e.org/'>a</a></td></tr><tr><td>1</td><td>2</td></tr></table>",
            '<table><tbody><tr><td><a href="https://e.org/">a</a></td><td></td></tr>'
            "<tr><td>1</td><td>2</td></tr></tbody></table>",
        ),
        # Superscripts stay, and deleted words do not come back.
        (
            "<table><tr><td>10<sup>6</sup></td><td><del>1</del> 2</td></tr><tr><td>3</td><td>4</td></tr></table>",
            "<table><tbody><tr><td>10<sup>6</sup></td><td>2</td></tr><tr><td>3</td><td>4</td></tr></tbody></table>",
        ),
        # Short rows are filled; empty rows and columns are dropped.
        (
            "<table><tr><td>1</td><td></td><td>2</td></tr><tr><td></td></tr><tr><td>3</td></tr></table>",
            "<table><tbody><tr><td>1</td><td>2</td></tr><tr><td>3</td><td></td></tr></tbody></table>",
        ),
        # What stands in a cell stands on lines.
        (
            "<table><tr><td><p>a</p><p>b</p></td><td><ol><li>c<ul><li>d</ul><li>e</ol></td></tr>"
            "<tr><td>f</td><td>g<br><br>h</td></tr></table>",
            "<table><tbody><tr><td>a<br>b</td><td>1. c<br>• d<br>2. e</td></tr>"
            "<tr><td>f</td><td>g<br>h</td></tr></tbody></table>",
        ),
    ],
)  # fmt: skip
def test_a_table_has_one_form(source, expected):
    assert clean_blocks(source) == [expected]
    assert clean_blocks(expected) == [expected]
    assert is_clean_block(expected)
    assert parse_table(expected).to_html() == expected
    assert from_data(parse_table(expected).to_data()).to_html() == expected


def test_prose_is_in_a_table_only_where_headers_are_marked():
    prose = "x" * (MAX_CELL_CHARS + 1)
    rows = f"<tr><td>1</td><td>{prose}</td></tr><tr><td>2</td><td>b</td></tr>"
    assert clean_blocks(f"<table>{rows}</table>")[:2] == ["<p>1</p>", f"<p>{prose}</p>"]
    [block] = clean_blocks(f"<table>{HEAD}{rows}</table>")
    assert block == f"<table>{HEAD}<tbody>{rows}</tbody></table>"
    too_long = rows.replace(prose, "x" * (MAX_MARKED_CELL_CHARS + 1))
    assert len(clean_blocks(f"<table>{HEAD}{too_long}</table>")) == 6


def test_a_first_row_of_prose_is_no_caption():
    title = "x " * MAX_CAPTION_CHARS
    source = f"<table><tr><td colspan=2>{title}</td></tr><tr><td>1</td><td>2</td></tr></table>"
    [block] = clean_blocks(source)
    assert block.startswith(f"<table><tbody><tr><td>{title.strip()}</td><td></td></tr>")


CELLS = "<tr><td>a</td><td>b</td></tr>"


@pytest.mark.parametrize(
    ("source", "blocks"),
    [
        ("<table><tr><td>a</td></tr></table>", ["<p>a</p>"]),
        (f"<table>{CELLS}</table>", ["<p>a</p>", "<p>b</p>"]),
        ("<table><tr><td>a</td></tr><tr><td>b</td></tr></table>", ["<p>a</p>", "<p>b</p>"]),
        (f"<table role=presentation>{CELLS}{CELLS}</table>", [*["<p>a</p>", "<p>b</p>"] * 2]),
        (
            f"<table><tr><td>a<table>{ROWS}</table></td><td>b</td></tr>{CELLS}</table>",
            ["<p>a</p>", PLAIN, "<p>b</p>", "<p>a</p>", "<p>b</p>"],
        ),
        (f"<ul><li>x<table>{CELLS}{CELLS}</table></ul>", None),
        (f"<table><tr><td>{'x' * (MAX_CELL_CHARS + 1)}</td><td>b</td></tr>{CELLS}</table>", None),
        (f"<table>{CELLS}<tr>{'<td>c</td>' * (MAX_TABLE_COLUMNS + 1)}</tr></table>", None),
        (f"<table>{CELLS}<tr><td colspan=9999999>c</td></tr></table>", None),
        (f"<table>{CELLS * (MAX_TABLE_ROWS + 1)}</table>", None),
    ],
)
def test_a_table_of_the_layout_becomes_paragraphs(source, blocks):
    cleaned = clean_blocks(source)
    assert blocks in (None, cleaned)
    assert [block for block in cleaned if block.startswith("<table>") and block != PLAIN] == []
    assert clean_blocks("\n".join(cleaned)) == cleaned


WORDS = st.sampled_from(
    ["ab", "cd", "<b>ef</b>", "<p>gh</p>", "<ul><li>ij</ul>", "&lt;kl&gt;", "", " "]
)
TAGS = st.builds(
    "<{}{}>".format,
    st.sampled_from(["td", "th", "tr", "thead", "tbody", "caption", "table", "/table", "/tr", "/td"]),
    st.sampled_from(["", "", " colspan=2", " rowspan=3", " role=none", ' data-caption="mn"']),
)  # fmt: skip


@given(st.lists(WORDS | TAGS, max_size=40))
def test_cleaning_twice_is_cleaning_once_and_loses_no_word(pieces):
    source = "<table>" + "".join(pieces)
    cleaned = clean_blocks(source)
    assert clean_blocks("\n".join(cleaned)) == cleaned
    typed = Counter(re.findall("[a-z]", html.unescape(re.sub(r"<[^>]*>", "", "".join(pieces)))))
    assert typed - Counter("".join(map(text_of_block, cleaned))) == Counter()


@given(st.lists(WORDS | TAGS, max_size=40))
def test_rows_of_a_table_are_equally_long(pieces):
    for block in clean_blocks("<table>" + "".join(pieces)):
        if block.startswith("<table>"):
            table = parse_table(block)
            assert {len(row) for row in table.rows} in ({len(table.header)}, {len(table.rows[0])})
            assert is_clean_block(block)
            assert table.to_html() == block
            assert from_data(table.to_data()) == table


def test_a_passage_that_is_a_table_is_frozen_as_data():
    passage = {"heading": "Homes", "speaker": None, "attribution": "", "paragraphs": [HOMES]}
    block = freeze_block("a1", passage)
    assert block == {
        "id": "a1",
        "type": "table",
        "heading": "Homes",
        "caption": "Homes built",
        "header": ["Year", "Homes"],
        "rows": [["2025", "310"], ["2026", "402"]],
    }
    assert as_passages([block]) == [{**block, **passage}]
    assert list(iter_written_texts([block])) == [
        *("Homes", "Homes built", "Year", "Homes", "2025", "310", "2026", "402"),
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"paragraphs": [HOMES, "<p>a</p>"]},
        {"attribution": "Ann Fox, said:"},
        {"speaker": {"name": "Ann Fox"}},
    ],
)
def test_nothing_else_is_frozen_as_a_table(change):
    passage = {"heading": "", "speaker": None, "attribution": "", "paragraphs": [HOMES]} | change
    kind = "quotation" if passage["speaker"] else "narration"
    assert freeze_block("a1", passage) == {"id": "a1", "type": kind, **passage}


def test_the_page_shows_a_table_that_scrolls_and_names_its_headers():
    [passage] = render_passages({"language": "en", "blocks": [_freeze(HOMES)]})
    assert passage.html == (
        '<div class="table" role="group" tabindex="0" aria-label="Homes built"><table>'
        '<caption>Homes built</caption><thead><tr><th scope="col">Year</th>'
        '<th scope="col" class="number">Homes</th></tr></thead><tbody><tr><td>2025</td>'
        '<td class="number">310</td></tr><tr><td>2026</td><td class="number">402</td></tr></tbody>'
        "</table></div>"
    )
    assert not passage.is_quoted


@pytest.mark.parametrize(
    ("cells", "is_number"),
    [
        (["1", "−2,000.5%", "£3", ""], True),
        (["1 204", "12*"], True),
        (["1", "two"], False),
        (["<strong>1</strong>", "2"], False),
        (["1–2", "3"], False),
        (["2 May", "3"], False),
    ],
)
def test_numbers_stand_under_one_another(cells, is_number):
    rows = "".join(f"<tr><td>{cell}</td><td>{cell}</td></tr>" for cell in cells)
    table = parse_table(f"<table><tbody>{rows}</tbody></table>")
    assert table.to_public_html().count(' class="number"') == (len(cells) if is_number else 0)


def test_a_table_without_a_caption_is_called_by_its_columns():
    table = parse_table(f"<table>{HEAD}{BODY}</table>")
    assert table.to_public_html().startswith(
        '<div class="table" role="group" tabindex="0" aria-label="Year, Homes"><table><thead>'
    )


def test_a_label_cannot_leave_its_attribute():
    [block] = clean_blocks(f'<table data-caption="a&quot; &lt;b onclick=x">{ROWS}</table>')
    [passage] = render_passages({"language": "en", "blocks": [_freeze(block)]})
    assert passage.html.startswith(
        '<div class="table" role="group" tabindex="0" aria-label="a&quot; &lt;b onclick=x"><table>'
        '<caption>a" &lt;b onclick=x</caption><tbody>'
    )


def test_plain_text_has_a_line_for_each_row():
    linked = HOMES.replace("402", '<a href="https://e.org/">4<em>02</em></a><br>in all')
    text = "Homes built\nYear | Homes\n2025 | 310\n2026 | 402 (https://e.org/) in all"
    assert render_block_as_text(linked) == text
    content = {
        "language": "en",
        "headline": "H",
        "blocks": [_freeze(linked)],
        "notes_to_editors": [],
    }
    assert render_plain_text(content) == f"H\n\n{text}"


def test_quotation_marks_leave_a_table_alone():
    """It is moved out when the draft is saved; until then the preview shows it so."""
    speaker = {"name": "Ann Fox", "slug": "ann-fox", "role": "", "organisation": None}
    passage = _freeze("<p>a</p>") | {"speaker": speaker, "paragraphs": ["<p>a</p>", PLAIN]}
    [rendered] = render_passages({"language": "en", "blocks": [passage]})
    shown = re.sub(r"<td>(310|402)", r'<td class="number">\1', PLAIN)
    assert rendered.html == (
        '<p><span class="quotemark">“</span>a”</p>\n'
        f'<div class="table" role="group" tabindex="0" aria-label="Table">{shown}</div>'
    )


def test_separating_tables_keeps_the_order():
    assert separate_tables(["<p>a</p>", "<p>b</p>", PLAIN, HOMES, "<p>c</p>"]) == [
        ["<p>a</p>", "<p>b</p>"],
        [PLAIN],
        [HOMES],
        ["<p>c</p>"],
    ]
    assert separate_tables([]) == []


def _freeze(block: str) -> dict:
    passage = {"heading": "", "speaker": None, "attribution": "", "paragraphs": [block]}
    return freeze_block("a1", passage)


def _make_content(block: str) -> dict:
    values = dict.fromkeys(schema.columns_of(schema.PLAIN_FIELDS), "") | {"dated_on": None}
    return schema.build_content(
        values | {"headline": "H", "language": "en", "blocks": [_freeze(block)]}
    )


def test_a_changed_cell_is_the_only_difference():
    before, after = _make_content(HOMES), _make_content(HOMES.replace("402", "403"))
    [change] = diff_content(before, after)
    assert change.label == "Words"
    shown = re.sub(r"<span.*?</span>", "", change.html)
    assert (
        shown == "Homes built<br>Year | Homes<br>2025 | 310<br>2026 | <del>402</del><ins>403</ins>"
    )
    assert not same_words(before, after)
    assert same_words(before, _make_content(HOMES))


def test_the_cells_are_found_and_quoted_as_nobodys_words():
    content = _make_content(HOMES)
    assert spoken_texts(content) == ["Homes built Year Homes 2025 310 2026 402"]
    assert [(piece.text, piece.speaker) for piece in list_pieces(content)] == [
        ("H", None),
        ("Homes built\nYear\nHomes\n2025\n310\n2026\n402", None),
    ]


def test_words_of_a_table_are_found_in_the_text_that_was_hashed():
    content = _make_content(HOMES.replace("Year", "<strong>Harbour</strong>"))
    text = schema.canonical(content)
    found = {text[term.start : term.end] for term in find_terms(text)}
    assert {"Homes", "Harbour"} <= found
