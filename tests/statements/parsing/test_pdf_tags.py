"""Test that a PDF with tags is told from one without, in the process for hostile files."""

import pytest

from statements.files.pdf_tags import find_is_tagged
from statements.parsing.draft import ParseError
from statements.parsing.pdf_tags import read_pdf_tags
from tests.make_files import PDF
from tests.statements.parsing.make_pdf import TAGS, paragraph, pdf

WORDS = paragraph("We welcome it.", y=700)
TREE = "/StructTreeRoot << /Type /StructTreeRoot >>"


@pytest.mark.parametrize(
    ("catalogue", "is_tagged"),
    [
        (TAGS, True),
        ("", False),
        (TREE, False),
        ("/MarkInfo << /Marked true >>", False),
        (f"/MarkInfo << /Marked false >> {TREE}", False),
        (f"/MarkInfo << /Marked 1 >> {TREE}", False),
        (f"/MarkInfo (true) {TREE}", False),
        ("/MarkInfo << /Marked true >> /StructTreeRoot 99 0 R", False),
    ],
)
def test_tags_are_read_from_the_catalogue(catalogue, is_tagged):
    assert read_pdf_tags(pdf(WORDS, catalogue=catalogue)).is_tagged is is_tagged


@pytest.mark.parametrize("raw", [b"", b"%PDF-1.7\n%%EOF", b"%PDF-1.7\n" + b"\0" * 100 + b"%%EOF"])
def test_a_damaged_one_is_an_error(raw):
    with pytest.raises(ParseError, match="The PDF cannot be read"):
        read_pdf_tags(raw)


def test_the_process_says_it_of_a_pdf_and_nothing_of_what_it_cannot_read():
    assert find_is_tagged(pdf(WORDS, catalogue=TAGS), "application/pdf") is True
    assert find_is_tagged(pdf(WORDS), "application/pdf") is False
    assert find_is_tagged(PDF[:20] + b"%%EOF", "application/pdf") is None
    assert find_is_tagged(PDF, "text/plain") is None
