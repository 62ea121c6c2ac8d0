"""Test that a document is known by its bytes, and converted in a process of its own."""

import logging

import pytest

from statements.parsing import conversion, document_formats
from statements.parsing.conversion import convert_in_subprocess
from statements.parsing.document import parse_document
from statements.parsing.document_formats import detect_document_format
from statements.parsing.document_subprocess import CONVERTERS
from statements.parsing.draft import ParseError
from tests.statements.parsing.make_docx import docx, p, packed
from tests.statements.parsing.make_odt import flat_odt, odt
from tests.statements.parsing.make_odt import p as odt_p
from tests.statements.parsing.make_pdf import paragraph, pdf, text
from tests.statements.parsing.test_email import mail
from tests.statements.parsing.test_rtf import rtf

PAGE = "<html><body><h1>Quay is open</h1><p>It is a good day.</p></body></html>"
DOCUMENTS = {
    document_formats.DOCX: docx(p("Quay is open"), p("It is a good day.")),
    document_formats.ODT: odt(odt_p("Quay is open"), odt_p("It is a good day.")),
    document_formats.FLAT_ODT: flat_odt(odt_p("Quay is open"), odt_p("It is a good day.")),
    document_formats.RTF: rtf(b"Quay is open", b"It is a good day."),
    document_formats.PDF: pdf(
        text("Quay is open", 72, 760, size=20) + paragraph("It is a good day.", y=700)
    ),
    document_formats.EMAIL: mail("It is a good day.").as_bytes(),
    document_formats.PAGE: PAGE.encode(),
    document_formats.ZIPPED_PAGE: packed({"Quay.html": PAGE, "images/1.png": b"\x89PNG"}),
    document_formats.TEXT: b"Quay is open\n\nIt is a good day.\n",
}


@pytest.mark.parametrize("document_format", DOCUMENTS)
def test_each_format_is_known_by_its_bytes_and_gives_the_same_draft(document_format):
    raw = DOCUMENTS[document_format]
    assert detect_document_format(raw) == document_format
    draft = parse_document(raw)
    assert draft.headline == "Quay is open"
    assert [passage.blocks for passage in draft.passages] == [("<p>It is a good day.</p>",)]


def test_every_format_but_plain_text_has_a_converter_and_an_example():
    others = {document_formats.PDF_TAGS}  # finds something out, and converts nothing
    assert {*CONVERTERS, document_formats.TEXT} - others == set(DOCUMENTS)


def ole(*names: str) -> bytes:
    return document_formats.OLE_SIGNATURE + b"\0" * 600 + "\0".join(names).encode("utf-16-le")


@pytest.mark.parametrize(
    ("raw", "beginning"),
    [
        (ole("WordDocument"), "This is a Word 97 document (.doc). Save it as .docx"),
        (ole("__substg1.0_0037001F"), "This is an Outlook message (.msg)."),
        (ole("Workbook"), "This is an Excel workbook (.xls)."),
        (ole("PowerPoint Document"), "This is a PowerPoint presentation (.ppt)."),
        (packed({"Index/Document.iwa": b"x"}), "This is a Pages, Numbers or Keynote document."),
        (packed({"META-INF/container.xml": "<x/>"}), "This is an e-book (.epub)."),
    ],
)
def test_a_file_of_another_program_gets_a_sentence(raw, beginning):
    with pytest.raises(ParseError) as refused:
        parse_document(raw)
    assert str(refused.value).startswith(beginning)


@pytest.mark.parametrize(
    "raw",
    [
        b"From: the press office\nDate: 3 May 2012\n\nQuay is open\n\nIt is a good day.\n",
        b"<3 May> Quay is open\n\nIt is a good day.\n",
        b"PDF is a format.\n\n%PDF is how it begins.\n",
    ],
)
def test_a_plain_text_that_looks_a_little_like_something_else_stays_text(raw):
    assert detect_document_format(raw) == document_formats.TEXT


def test_a_document_that_takes_too_long_is_given_up(monkeypatch, caplog):
    monkeypatch.setattr(conversion, "MAX_WALL_SECONDS", 2)
    with caplog.at_level(logging.WARNING), pytest.raises(ParseError) as refused:
        convert_in_subprocess(document_formats.PDF, pdf("q " * 4_000_000))
    assert str(refused.value) == (
        "The document took too much time or memory to read, and reading was stopped. "
        "Or open it and paste its words here."
    )
    assert caplog.messages == ["Reading a document (pdf) failed: TimeoutExpired"]


def test_a_document_with_far_too_much_text_is_refused():
    with pytest.raises(ParseError, match="The document has 2 MB of text, and the limit is 1 MB"):
        convert_in_subprocess(document_formats.RTF, rtf(*[b"words " * 1_000] * 400))
