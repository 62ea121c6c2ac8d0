"""Tell the format of a document by its first bytes, or refuse it with a sentence."""

import re

from statements.parsing.draft import ParseError
from statements.parsing.zip_package import (
    DOCUMENT_PART,
    LOCKED_MESSAGE,
    PASTE_HINT,
    list_names,
    unpack_parts,
)

DOCX, ODT, FLAT_ODT, RTF, PDF = "docx", "odt", "flat_odt", "rtf", "pdf"
PDF_TAGS = "pdf_tags"  # no format, but what the same process finds out about a PDF
EMAIL, PAGE, ZIPPED_PAGE, TEXT = "email", "page", "zipped_page", "text"

MAX_FILE_BYTES = 10_000_000
PEEK_BYTES = 4096
OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OLE_STREAMS = {
    "EncryptedPackage": LOCKED_MESSAGE,
    "__substg1.0": "This is an Outlook message (.msg). Open it, choose “Save as”, and save it as "
    f".eml or text. {PASTE_HINT}",
    "Workbook": f"This is an Excel workbook (.xls). {PASTE_HINT}",
    "PowerPoint Document": f"This is a PowerPoint presentation (.ppt). {PASTE_HINT}",
}
"""Names within the files of old Office programs, and what each says of the file."""
PROGRAM_SIGNATURES = (
    (b"MZ", "This is a Windows program, whatever its name says. Do not open it; ask who sent it."),
    (b"\x7fELF", "This is a program, whatever its name says. Do not open it; ask who sent it."),
)
ZIPPED_FORMATS = {
    "ppt/presentation.xml": "a PowerPoint presentation",
    "xl/workbook.xml": "an Excel workbook",
    "xl/workbook.bin": "an Excel workbook",
    "Index/Document.iwa": "a Pages, Numbers or Keynote document",
    "Index.zip": "a Pages, Numbers or Keynote document",
    "META-INF/container.xml": "an e-book (.epub)",
    "content.xml": "an OpenDocument file, but not a text (.odt)",
}
OPEN_DOCUMENT_TEXT = b"application/vnd.oasis.opendocument.text"
PDF_START = re.compile(rb"%PDF-\d")
PAGE_START = re.compile(
    r"(?:<\?xml[^>]{0,200}\?>\s*)?(?:(?><!--.{0,1000}?-->)\s*+)*+"
    r"<(?:!doctype html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
FLAT_ODT_START = re.compile(r"<\?xml[^>]{0,200}\?>\s*<office:document\s")
EMAIL_START = re.compile(r"(?:>?From [^\n]{1,200}\n)?(?:[A-Za-z][A-Za-z0-9-]{0,60}:[^\n]*\n)")
EMAIL_HEADER = re.compile(
    r"^(?:MIME-Version|Message-ID|Received|Return-Path|DKIM-Signature):",
    re.IGNORECASE | re.MULTILINE,
)


def detect_document_format(raw: bytes) -> str:
    """Return the format of a document. Raises ParseError for one that we do not read."""
    if not raw:
        raise ParseError("The file is empty. Choose the document again.")
    if len(raw) > MAX_FILE_BYTES:
        raise ParseError(
            f"The document has {len(raw) / 1e6:.1f} MB, and the limit is "
            f"{MAX_FILE_BYTES // 1_000_000} MB. Take its pictures out and save it again. "
            f"{PASTE_HINT}"
        )
    if raw.startswith(OLE_SIGNATURE[:4]):
        raise ParseError(_describe_ole(raw))
    for signature, reason in PROGRAM_SIGNATURES:
        if raw.startswith(signature):
            raise ParseError(reason)
    if raw.startswith(b"PK"):
        return _detect_zipped_format(raw)
    return detect_unzipped_format(raw[:PEEK_BYTES])


def detect_unzipped_format(start: bytes) -> str:
    """Return the format of a document that is no zip, by its first bytes."""
    if PDF_START.search(start[:1024]):
        return PDF
    if start.lstrip().startswith(b"{\\rtf"):
        return RTF
    text = _decode_start(start)
    if FLAT_ODT_START.match(text):
        return FLAT_ODT
    if PAGE_START.match(text):
        return PAGE
    head = text.replace("\r\n", "\n").partition("\n\n")[0]
    if EMAIL_START.match(head + "\n") and EMAIL_HEADER.search(head):
        return EMAIL
    return TEXT


def _decode_start(start: bytes) -> str:
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return start.decode("utf-16", "replace").lstrip()
    return start.decode("utf-8-sig", "replace").lstrip()


def _describe_ole(raw: bytes) -> str:
    for name, reason in OLE_STREAMS.items():
        if name.encode("utf-16-le") in raw:
            return reason
    return f"This is a Word 97 document (.doc). Save it as .docx and bring that. {PASTE_HINT}"


def _detect_zipped_format(raw: bytes) -> str:
    names = list_names(raw)
    if DOCUMENT_PART in names:
        return DOCX
    if "content.xml" in names and _is_open_document_text(raw):
        return ODT
    if label := next((label for name, label in ZIPPED_FORMATS.items() if name in names), ""):
        raise ParseError(f"This is {label}. Save it as .docx and bring that. {PASTE_HINT}")
    if find_page_name(names):
        return ZIPPED_PAGE
    raise ParseError(
        "This is a zipped file without a document that we read. Unpack it, and bring the document "
        f"in it. {PASTE_HINT}"
    )


def _is_open_document_text(raw: bytes) -> bool:
    parts = unpack_parts(raw, ("mimetype", "content.xml")).parts
    if "mimetype" in parts:
        return parts["mimetype"].startswith(OPEN_DOCUMENT_TEXT)
    return b"<office:text" in parts["content.xml"]


def find_page_name(names: list[str]) -> str:
    """Return the one web page at the top of a zip, as Google Docs makes it; "" if there is none."""
    pages = [
        name
        for name in names
        if name.casefold().endswith((".html", ".htm")) and "/" not in name.strip("/")
    ]
    return pages[0] if len(pages) == 1 else ""
