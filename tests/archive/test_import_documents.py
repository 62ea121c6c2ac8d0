"""A folder of documents of every format, imported: what is public, and what stays a draft."""

import csv

import pytest

from statements.models import Edition, Statement
from tests.archive.test_import import bring_in
from tests.cast import NOON, make_organisation
from tests.statements.parsing.make_docx import docx, p
from tests.statements.parsing.make_odt import odt
from tests.statements.parsing.make_odt import p as odt_p
from tests.statements.parsing.make_pdf import paragraph, pdf, text
from tests.statements.parsing.test_email import FORWARD, STATEMENT, mail
from tests.statements.parsing.test_rtf import rtf

pytestmark = pytest.mark.usefixtures("max")
FILES = {
    "a.docx": docx(p("Word"), p("3 May 2012"), p("It is a good day.")),
    "b.odt": odt(odt_p("OpenDocument"), odt_p("3 May 2012"), odt_p("It is a good day.")),
    "c.rtf": rtf(b"Rich text", b"3 May 2012", b"It is a good day."),
    "d.pdf": pdf(
        text("PDF", 72, 760, size=20)
        + text("3 May 2012", 72, 730)
        + paragraph("It is a good day.", y=700)
    ),
    "e.eml": mail("It is a good day.", subject="Mail").as_bytes(),
    "f.eml": mail(FORWARD + STATEMENT, subject="Fwd: Quay is open").as_bytes(),
    "g.docx": docx(p("Not yet"), p("DRAFT"), p("3 May 2012"), p("It is a good day.")),
    "h.pdf": pdf(""),
}


@pytest.fixture(autouse=True)
def noon(frozen):
    frozen(NOON)


def test_a_folder_of_documents(tmp_path, db):
    make_organisation()
    folder = tmp_path / "old"
    folder.mkdir()
    for name, raw in FILES.items():
        (folder / name).write_bytes(raw)
    status, _ = bring_in(folder, report=tmp_path / "report.csv")
    assert status == 1
    with (tmp_path / "report.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = {row["file"]: row["outcome"] for row in csv.DictReader(file)}
    assert lines == {
        **dict.fromkeys(("a.docx", "b.odt", "c.rtf", "d.pdf", "e.eml"), "made"),
        "f.eml": "draft",
        "g.docx": "draft",
        "h.pdf": "refused",
    }
    assert sorted(Edition.objects.values_list("headline", flat=True)) == [
        "Mail",
        "OpenDocument",
        "PDF",
        "Rich text",
        "Word",
    ]
    drafts = Statement.objects.filter(editions=None)
    assert sorted(drafts.values_list("headline", flat=True)) == ["Not yet", "Quay is open"]
