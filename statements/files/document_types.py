"""Detect the type of a document from its bytes, or refuse it with a reason.

Plain functions over bytes. Only the short tables of contents are unpacked.
"""

import io
import re
import unicodedata
import zipfile
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

MAX_ZIP_PARTS = 5_000
MAX_TABLE_BYTES = 1_000_000  # of an unpacked table of contents
OFFICE_PREFIX = "application/vnd.openxmlformats-officedocument."
OPEN_DOCUMENT_PREFIX = "application/vnd.oasis.opendocument."

FILE_TYPES = {
    "application/pdf": ("PDF", "pdf"),
    OFFICE_PREFIX + "wordprocessingml.document": ("Word", "docx"),
    OFFICE_PREFIX + "spreadsheetml.sheet": ("Excel", "xlsx"),
    OFFICE_PREFIX + "presentationml.presentation": ("PowerPoint", "pptx"),
    OPEN_DOCUMENT_PREFIX + "text": ("OpenDocument text", "odt"),
    OPEN_DOCUMENT_PREFIX + "spreadsheet": ("OpenDocument spreadsheet", "ods"),
    "text/csv": ("CSV", "csv"),
    "text/plain": ("Text", "txt"),
    "image/jpeg": ("JPEG", "jpg"),
    "image/png": ("PNG", "png"),
    "image/webp": ("WebP", "webp"),
}
"""Content type → label for readers, and file extension."""

MAIN_PARTS = {
    "word/document.xml": OFFICE_PREFIX + "wordprocessingml.document",
    "xl/workbook.xml": OFFICE_PREFIX + "spreadsheetml.sheet",
    "ppt/presentation.xml": OFFICE_PREFIX + "presentationml.presentation",
}
ACCEPTED_TYPES_MESSAGE = _lazy(
    "We take pictures (JPEG, PNG, WebP), PDF, Word, Excel, OpenDocument, CSV and plain text."
)

# The first bytes of files that people attach by mistake or with bad intent.
REFUSED_SIGNATURES = [
    (
        (b"MZ", b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"#!"),
        _lazy("It is a program."),
    ),
    (
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",),
        _lazy(
            "It is an Office file of the old kind, or one locked by a password. Save it as .docx, "
            ".xlsx or PDF, without a password."
        ),
    ),
    (
        (b"7z\xbc\xaf\x27\x1c", b"Rar!", b"\x1f\x8b"),
        _lazy("It is a packed archive. Attach what is in it, one by one."),
    ),
    ((b"{\\rtf",), _lazy("It is a Rich Text file. Save it as .docx or PDF.")),
    ((b"II*\0", b"MM\0*"), _lazy("It is a TIFF picture. Save it as JPEG or PNG.")),
]
MARKUP_START = re.compile(rb"\s*<(?:[!?]|[a-z][a-z0-9]*:?[a-z]*[\s/>])", re.IGNORECASE)


class FileRejected(ValueError):
    """The bytes are not a file that we publish; the message says why."""


@dataclass(frozen=True)
class _ZipSummary:
    names: list[str]
    mimetype: str
    table: str


def detect_document_type(data: bytes, name: str) -> str:
    """Return the content type; the name only separates CSV from plain text."""
    if data.startswith(b"%PDF-"):
        return _check_pdf(data)
    if data.startswith(b"PK\x03\x04"):
        return _detect_zipped_type(data)
    for starts, sentence in REFUSED_SIGNATURES:
        if data.startswith(starts):
            raise FileRejected(sentence)
    if data[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypavif"):
        raise FileRejected(
            _("It is a picture of a kind that not every reader can open. Save it as JPEG.")
        )
    return _detect_text_type(data, name)


def _check_pdf(data: bytes) -> str:
    if b"%%EOF" not in data[-2048:]:
        raise FileRejected(
            _("It is a PDF that is cut off, or something follows its end. Save it again.")
        )
    return "application/pdf"


def _detect_zipped_type(data: bytes) -> str:
    package = _read_zip_summary(data)
    lower = [name.lower() for name in package.names]
    if "macroenabled" in package.table.lower() or any(
        name.endswith("vbaproject.bin") or name.startswith(("basic/", "scripts/")) for name in lower
    ):
        raise FileRejected(
            _("It carries macros, which are programs. Save it without them, or as PDF.")
        )
    if any("/activex/" in name or "/embeddings/ole" in name for name in lower):
        raise FileRejected(_("It has other files or controls packed into it. Save it as PDF."))
    if package.mimetype in (OPEN_DOCUMENT_PREFIX + "text", OPEN_DOCUMENT_PREFIX + "spreadsheet"):
        return package.mimetype
    for part, content_type in MAIN_PARTS.items():
        if part in package.names and package.table:
            return content_type
    raise FileRejected(
        _("It is a packed archive. Attach what is in it, one by one. %(types)s")
        % {"types": ACCEPTED_TYPES_MESSAGE}
    )


def _read_zip_summary(data: bytes) -> _ZipSummary:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            _check_part_count(parts)
            return _ZipSummary(
                [part.filename for part in parts],
                _read_part(archive, parts, "mimetype"),
                _read_part(archive, parts, "[Content_Types].xml"),
            )
    except FileRejected:
        raise
    except Exception as error:  # zipfile raises almost anything on hostile bytes
        raise FileRejected(_("It is damaged or cut off. Save it again, then attach it.")) from error


def _check_part_count(parts: list[zipfile.ZipInfo]) -> None:
    if len(parts) > MAX_ZIP_PARTS:
        raise FileRejected(
            _("It is packed of more than %(most)s parts. Save it as PDF.")
            % {"most": f"{MAX_ZIP_PARTS:,}"}
        )


def _read_part(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo], name: str) -> str:
    """Read one part, up to a limit: its own header can lie about the size."""
    if name not in [part.filename for part in parts]:
        return ""
    with archive.open(name) as part:
        return part.read(MAX_TABLE_BYTES).decode("utf-8", errors="replace")


def _detect_text_type(data: bytes, name: str) -> str:
    if MARKUP_START.match(data.removeprefix(b"\xef\xbb\xbf")[:200]):
        is_svg = b"<svg" in data[:4096].lower()
        raise FileRejected(
            _("It is an SVG drawing, which can run programs. Save it as PNG.")
            if is_svg
            else _("It is a web page or XML, which can run programs. Save it as PDF or plain text.")
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileRejected(
            _("We cannot tell what it is. %(types)s Text is saved as UTF-8.")
            % {"types": ACCEPTED_TYPES_MESSAGE}
        ) from None
    if any(unicodedata.category(char) == "Cc" and char not in "\t\r\n\f" for char in text):
        said = _("We cannot tell what it is. %(types)s")
        raise FileRejected(said % {"types": ACCEPTED_TYPES_MESSAGE})
    return "text/csv" if name.lower().endswith(".csv") else "text/plain"


def get_type_label(content_type: str) -> str:
    return FILE_TYPES[content_type][0]


def format_size(size: int) -> str:
    """Return the size for readers: 640 KB, 2.3 MB."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))} KB"
    return f"{size / 1_000_000:.1f} MB"
