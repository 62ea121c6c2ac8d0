"""Test that the type of an upload comes from its bytes, and that refusals say why."""

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from statements.files import validation
from statements.files.document_types import (
    ACCEPTED_TYPES_MESSAGE,
    FILE_TYPES,
    FileRejected,
    detect_document_type,
    format_size,
)
from tests.make_files import PDF, make_docx, make_picture, make_upload, make_zip

ODT = "application/vnd.oasis.opendocument.text"


@pytest.mark.parametrize(
    ("name", "data", "stored_name"),
    [
        ("report.pdf", PDF, "report.pdf"),
        ("Brief (final).DOCX", make_docx(), "brief-final.docx"),
        (
            "sheet.xlsx",
            make_zip(_types="<Types/>", xl__workbook="", **{"xl__workbook.xml": ""}),
            "sheet.xlsx",
        ),
        (
            "slides.pptx",
            make_zip(_types="<Types/>", **{"ppt__presentation.xml": ""}),
            "slides.pptx",
        ),
        ("letter.odt", make_zip(mimetype=ODT), "letter.odt"),
        ("figures.csv", b"year,sum\n2026,3\n", "figures.csv"),
        ("notes.txt", "Siân’s notes\n".encode(), "notes.txt"),
        ("photo.jpeg", make_picture(), "photo.jpg"),
        ("a drawing.png", make_picture(form="PNG"), "a-drawing.png"),
        ("photo.gif", make_picture(form="GIF"), "photo.png"),
        ("photo.exe", make_picture(), "photo.jpg"),  # the name does not decide
        ("photo.jpg", PDF, "photo.pdf"),
        ("../../etc/passwd", b"root", "passwd.txt"),
        ("C:\\Users\\ann\\notes.txt", b"x", "notes.txt"),
        ("a\0b.txt", b"x", "ab.txt"),
        ("report.pdf.exe", PDF, "report-pdf.pdf"),
        ("x" * 5000 + ".pdf", PDF, "x" * 80 + ".pdf"),
        ("\u202efdp.exe", PDF, "fdp.pdf"),
        ("بيان.pdf", PDF, "بيان.pdf"),
        ("….pdf", PDF, "file.pdf"),
        (".pdf", PDF, "pdf.pdf"),
    ],
)
def test_the_name_gets_the_extension_of_the_real_type(name, data, stored_name):
    sent = make_upload("x", data)
    sent._name = name  # avoid Django's own cleaning of names
    assert validation.validate_upload(sent).name == stored_name


PACKED = f"It is a packed archive. Attach what is in it, one by one. {ACCEPTED_TYPES_MESSAGE}"
MACROS = "It carries macros, which are programs. Save it without them, or as PDF."
UNKNOWN = f"We cannot tell what it is. {ACCEPTED_TYPES_MESSAGE}"
SVG = "It is an SVG drawing, which can run programs. Save it as PNG."
WEB = "It is a web page or XML, which can run programs. Save it as PDF or plain text."
DAMAGED = "It is damaged or cut off. Save it again, then attach it."


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("photo.jpg", b"", "It is empty: 0 bytes. Save it again, then attach it."),
        ("report.pdf", b"MZ\x90\0" + b"\0" * 99, "It is a program."),
        ("run.txt", b"#!/bin/sh\nrm -rf /\n", "It is a program."),
        ("photo.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>", SVG),
        ("photo.txt", b"\xef\xbb\xbf  <?xml version='1.0'?><svg/>", SVG),
        ("notes.txt", b"<!doctype html><p>x", WEB),
        ("notes.csv", b"\n<script>alert(1)</script>", WEB),
        ("all.docx", make_zip(readme="x"), PACKED),
        ("brief.docx", make_docx(**{"word__vbaProject.bin": "x"}), MACROS),
        (
            "brief.docx",
            make_zip(_types="macroEnabled.main+xml", **{"word__document.xml": ""}),
            MACROS,
        ),
        ("letter.odt", make_zip(mimetype=ODT, Basic__Standard="x"), MACROS),
        (
            "brief.docx",
            make_docx(**{"word__embeddings__oleObject1.bin": "x"}),
            "It has other files or controls packed into it. Save it as PDF.",
        ),
        ("brief.docx", make_docx()[:100], DAMAGED),
        ("brief.docx", make_docx()[:-30], DAMAGED),
        (
            "brief.doc",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99,
            "It is an Office file of the old kind, or one locked by a password. "
            "Save it as .docx, .xlsx or PDF, without a password.",
        ),
        ("all.rar", b"Rar!\x1a", "It is a packed archive. Attach what is in it, one by one."),
        (
            "report.pdf",
            PDF[:-7],
            "It is a PDF that is cut off, or something follows its end. Save it again.",
        ),
        (
            "report.pdf",
            PDF + b"PK\x03\x04" + b"\0" * 4000,
            "It is a PDF that is cut off, or something follows its end. Save it again.",
        ),
        ("notes.txt", b"a\0b", UNKNOWN),
        ("notes.txt", b"caf\xe9", f"{UNKNOWN} Text is saved as UTF-8."),
        (
            "photo.heic",
            b"\0\0\0\x18ftypheic" + b"\0" * 99,
            "It is a picture of a kind that not every reader can open. Save it as JPEG.",
        ),
        (
            "photo.jpg",
            make_picture()[:900],
            "It looks like a picture, and is damaged or cut off. Save it again, then attach it.",
        ),
    ],
)
def test_an_unacceptable_file_is_refused_in_a_sentence(name, data, sentence):
    for _ in ("first", "again"):
        with pytest.raises(FileRejected) as refusal:
            validation.validate_upload(make_upload(name, data))
        assert str(refusal.value) == sentence


def test_a_picture_is_decoded_once_however_often_it_is_checked(monkeypatch):
    upload = make_upload("photo.jpg", make_picture())
    accepted = validation.validate_upload(upload)
    monkeypatch.setattr(validation.images, "reencode", None)
    assert validation.validate_upload(upload) is accepted
    with pytest.raises(TypeError):
        validation.validate_upload(make_upload("photo.jpg", make_picture()))


@override_settings(MAX_UPLOAD_BYTES=1_000_000)
def test_a_file_that_is_too_large_is_refused_unread():
    sent = make_upload("report.pdf", PDF)
    sent.size = 1_000_001
    with pytest.raises(FileRejected) as refusal:
        validation.validate_upload(sent)
    assert str(refusal.value) == "It is larger than 1 MB. Save it smaller, or split it."


def test_a_huge_table_of_contents_is_not_unpacked_whole():
    assert detect_document_type(make_docx(mimetype=" " * 50_000_000), "x.docx").endswith("document")


def test_an_archive_of_ten_thousand_parts_is_refused():
    many = make_zip(**{f"part{number}": "" for number in range(5_001)})
    with pytest.raises(FileRejected) as refusal:
        detect_document_type(many, "x.docx")
    assert str(refusal.value) == "It is packed of more than 5,000 parts. Save it as PDF."


@given(st.binary(max_size=400), st.text(max_size=40))
def test_any_bytes_give_a_type_or_a_sentence(data, name):
    sentences = []
    for candidate in (data, b"%PDF-" + data, b"PK\x03\x04" + data):
        try:
            assert detect_document_type(candidate, name) in FILE_TYPES
        except FileRejected as refusal:
            sentences.append(str(refusal))
    assert [sentence for sentence in sentences if not sentence.endswith(".")] == []


@given(st.text(max_size=300), st.sampled_from(sorted(FILE_TYPES)))
def test_any_name_becomes_one_part_of_an_address(name, content_type):
    safe = validation.make_safe_name(name, content_type)
    assert len(safe) <= 100
    assert safe.endswith("." + FILE_TYPES[content_type][1])
    assert safe.isprintable()
    assert not set(safe) & set("/\\:;\"'<>&?#% ")


@pytest.mark.parametrize(
    ("size", "label"), [(1, "1 KB"), (640_123, "640 KB"), (2_345_678, "2.3 MB")]
)
def test_sizes_are_formatted_for_people(size, label):
    assert format_size(size) == label
