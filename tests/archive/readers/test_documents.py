"""Documents and e-mails in an import: one statement a file, and drafts where there is a doubt."""

import datetime as dt
import json
from pathlib import Path

import pytest

from archive.beside_files import find_beside_files
from archive.formats import DOCUMENT, PAGE, detect_format
from archive.import_source import load_source
from archive.mapping import Mapping
from archive.readers.row import RejectedRow, Row
from archive.readers.source import find_files
from tests.archive.samples import make_record, write_file
from tests.statements.parsing.converting import in_this_process  # noqa: F401
from tests.statements.parsing.make_docx import docx, p
from tests.statements.parsing.make_odt import odt
from tests.statements.parsing.make_odt import p as odt_p
from tests.statements.parsing.make_pdf import paragraph, pdf, text
from tests.statements.parsing.test_document import DOCUMENTS, ole
from tests.statements.parsing.test_document import PAGE as PLAIN_PAGE
from tests.statements.parsing.test_email import FORWARD, STATEMENT, mail
from tests.statements.parsing.test_page import google, zipped
from tests.statements.parsing.test_page import p as google_p
from tests.statements.parsing.test_rtf import rtf

pytestmark = pytest.mark.usefixtures("in_this_process")

GOOGLE = google(google_p("Quay is open") + google_p("It is a good day."))
TEXT = b"Quay is open\n\nIt is a good day.\n"


def write(folder: Path, name: str, raw: bytes) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)


def read(folder: Path, name: str, raw: bytes) -> Row | RejectedRow:
    write(folder, name, raw)
    (file,) = find_files(folder / name).files
    form = detect_format(file)
    assert form is DOCUMENT
    (item,) = form.read(file, Mapping())
    return item


NAMED = {
    **{f"quay.{name}": raw for name, raw in DOCUMENTS.items() if name not in ("page", "text")},
    "quay.txt": TEXT,
    "quay.html": GOOGLE.encode(),
    "of any name": DOCUMENTS["pdf"],
    "wrong.docx": DOCUMENTS["rtf"],
}


@pytest.mark.parametrize("name", NAMED)
def test_each_format_is_one_statement_whatever_its_name(name, tmp_path):
    if name == "quay.zipped_page":  # a zip that is given alone is read as a folder
        write(tmp_path, f"in/{name}", zipped(GOOGLE))
        (file,) = find_files(tmp_path / "in").files
        (row,) = DOCUMENT.read(file, Mapping())
    else:
        row = read(tmp_path, name, NAMED[name])
    assert (row.headline, row.body_format) == ("Quay is open", "draft")
    blocks = [passage["blocks"] for passage in json.loads(row.body)["passages"]]
    assert blocks == [["<p>It is a good day.</p>"]]


def test_a_page_of_a_site_is_still_read_as_one(tmp_path):
    write(tmp_path, "a.html", PLAIN_PAGE.encode())
    (file,) = find_files(tmp_path).files
    assert detect_format(file) is PAGE


@pytest.mark.parametrize(
    ("name", "raw", "beginning"),
    [
        ("a.doc", ole("WordDocument"), "This is a Word 97 document (.doc)."),
        ("a.msg", ole("__substg1.0"), "This is an Outlook message (.msg)."),
        ("a.pdf", pdf(""), "The PDF is empty"),
        ("a.docx", b"PK\x03\x04broken", "The document is damaged"),
    ],
)
def test_a_document_that_cannot_be_read_is_rejected_with_a_sentence(name, raw, beginning, tmp_path):
    item = read(tmp_path, name, raw)
    assert isinstance(item, RejectedRow)
    assert item.why.startswith(beginning)


def test_files_of_other_programs_hold_no_statements(tmp_path):
    for name, raw in (
        ("a.xls", ole("Workbook")),
        ("a.xlsx", b"PK\x03\x04x"),
        ("a.png", b"\x89PNG"),
    ):
        write(tmp_path, name, raw)
    assert [detect_format(file) for file in find_files(tmp_path).files] == [None, None, None]


MARKED = {
    "a line": docx(p("Quay is open"), p("DRAFT v3"), p("Words.")),
    "the headline": docx(p("NOT FOR PUBLICATION"), p("Quay is open"), p("Words.")),
    "a page header": rtf(rb"{\header\pard Confidential\par}Quay is open", b"Words."),
    "across the page": pdf(
        text("Quay is open", 72, 760, size=20)
        + paragraph("It is a good day.", y=700)
        + "BT /F1 60 Tf 0.7 0.7 -0.7 0.7 200 300 Tm (DRAFT) Tj ET\n"
    ),
    "above the headline of a PDF": pdf(
        text("For internal use only", 72, 800)
        + text("Quay is open", 72, 760, size=20)
        + paragraph("It is a good day.", y=700)
    ),
}


@pytest.mark.parametrize("raw", MARKED.values(), ids=MARKED.keys())
def test_what_is_marked_as_a_draft_comes_in_as_one(raw, tmp_path):
    row = read(tmp_path, "2012-05-03 quay", raw)
    assert row.is_draft
    assert any("is written on it, so it comes in as a draft." in text for text in row.messages)


def test_an_unmarked_document_is_no_draft(tmp_path):
    row = read(
        tmp_path, "a.odt", odt(odt_p("Draft budget is out"), odt_p("3 May 2012"), odt_p("Words."))
    )
    assert (row.is_draft, row.published, row.messages) == (False, dt.date(2012, 5, 3), ())


@pytest.mark.parametrize(
    ("message", "is_draft"),
    [(mail(), False), (mail(FORWARD + STATEMENT, subject="Fwd: Quay"), True)],
    ids=["sent", "forwarded"],
)
def test_a_forwarded_mail_comes_in_as_a_draft(message, is_draft, tmp_path):
    assert read(tmp_path, "a.eml", message.as_bytes()).is_draft is is_draft


def statement_files(folder: Path) -> list[str]:
    return [file.name for file in load_source([folder], Mapping()).statement_files]


def test_documents_beside_an_export_are_no_statements(tmp_path):
    write_file(tmp_path, "releases.json", json.dumps([make_record(1)]))
    write(tmp_path, "report.pdf", DOCUMENTS["pdf"])
    write(tmp_path, "notes.txt", TEXT)
    assert statement_files(tmp_path) == ["releases.json"]
    beside = find_beside_files(find_files(tmp_path).files, Mapping())
    assert beside.list_messages() == [
        "Documents beside an export belong to it, and were not read as statements (2): notes.txt, "
        "report.pdf. Import those that are statements by themselves."
    ]


def test_a_pdf_beside_the_document_of_its_name_is_a_copy(tmp_path):
    write(tmp_path, "2012/Quay.docx", DOCUMENTS["docx"])
    write(tmp_path, "2012/quay.pdf", DOCUMENTS["pdf"])
    write(tmp_path, "2013/quay.pdf", DOCUMENTS["pdf"])
    assert statement_files(tmp_path) == ["2012/Quay.docx", "2013/quay.pdf"]
    beside = find_beside_files(find_files(tmp_path).files, Mapping())
    assert beside.list_messages() == [
        "2012/quay.pdf was not read: it has the name of 2012/Quay.docx, and is taken for a copy of "
        "it."
    ]
