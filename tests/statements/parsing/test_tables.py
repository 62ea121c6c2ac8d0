"""Tables of documents stay tables, and those at the top only place the head of the document."""

import datetime as dt

from statements.drafting.from_document import create_draft
from statements.parsing.document import parse_document, parse_paste
from tests.statements.parsing.make_docx import docx, p

MERGED = (
    "Cells of a table that were merged stand apart now: read the table again, above all its first "
    "row."
)
AT = dt.datetime(2026, 11, 30, 12, tzinfo=dt.UTC)
HEADER = "<thead><tr><th>Year</th><th>Homes</th></tr></thead>"


def row(*cells: str, header: bool = False, span: int = 1) -> str:
    properties = "<w:trPr><w:tblHeader/></w:trPr>" if header else ""
    merged = f'<w:tcPr><w:gridSpan w:val="{span}"/></w:tcPr>' if span > 1 else ""
    inner = "".join(f"<w:tc>{merged}{p(cell)}</w:tc>" for cell in cells)
    return f"<w:tr>{properties}{inner}</w:tr>"


def table(*rows: str) -> str:
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def list_blocks(draft) -> list[str]:
    return [block for passage in draft.passages for block in passage.blocks]


def test_a_word_table_keeps_its_header_row():
    body = table(row("Year", "Homes", header=True), row("2025", "310"))
    draft = parse_document(docx(p("Head"), p("We counted."), body, p("We go on.")))
    assert draft.headline == "Head"
    assert list_blocks(draft) == [
        "<p>We counted.</p>",
        f"<table>{HEADER}<tbody><tr><td>2025</td><td>310</td></tr></tbody></table>",
        "<p>We go on.</p>",
    ]
    assert draft.messages == ("1 table: read the words in it again.",)


def test_a_merged_first_row_is_the_caption_and_is_named():
    body = table(row("Homes built", span=2), row("2025", "310"), row("2026", "402"))
    draft = parse_document(docx(p("Head"), p("We counted."), body))
    assert list_blocks(draft)[1] == (
        "<table><caption>Homes built</caption><tbody><tr><td>2025</td><td>310</td></tr>"
        "<tr><td>2026</td><td>402</td></tr></tbody></table>"
    )
    assert draft.messages == ("1 table: read the words in it again.", MERGED)


def test_a_table_at_the_top_gives_headline_and_words():
    top = "<table><tr><td>PRESS RELEASE</td><td>2 December 2026</td></tr><tr><td>We welcome it</td></tr></table>"
    draft = parse_paste("", f"{top}<p>Words.</p>")
    assert (draft.headline, str(draft.dated_on)) == ("We welcome it", "2026-12-02")
    assert list_blocks(draft) == ["<p>Words.</p>"]


def test_a_quotation_around_a_table_stays_as_typed():
    """Nobody knows whether the speaker read it out."""
    cells = (
        "<table><tbody><tr><td>1</td><td>2</td></tr><tr><td>3</td><td>4</td></tr></tbody></table>"
    )
    line = "<p>Dave Hill, President of the ADCS, said:</p>"
    blocks = [line, "<p>“It rose:</p>", cells, "<p>“And it stays so.”</p>"]
    draft = parse_paste("", "".join(["<h1>Head</h1>", *blocks]))
    assert list_blocks(draft) == blocks
    assert [passage.speaker_name for passage in draft.passages] == [""]


def test_an_embargo_in_a_table_is_obeyed(ann, frozen):
    frozen(AT)
    cells = (
        "<table><tr><td>Embargo</td><td>EMBARGOED UNTIL 00:01 ON WEDNESDAY 2 DECEMBER 2026</td></tr>"
        "<tr><td>Contact</td><td>020 7946 0000</td></tr></table>"
    )
    draft = parse_paste("", f"<h1>Head</h1><p>We counted.</p>{cells}<p>We go on.</p>")
    statement = create_draft(draft, by=ann, at=AT).statement
    until = dt.datetime(2026, 12, 2, 0, 1, tzinfo=dt.UTC)
    assert (statement.embargo_until, statement.requested_release_at) == (until, until)
