"""Check a .docx before anything reads it: type, safety and size."""

import io
import zipfile
import zlib
from dataclasses import dataclass, field

from statements.parsing.draft import ParseError

MAX_FILE_BYTES = 10_000_000
MAX_ZIP_MEMBERS = 1000
MAX_UNPACKED_BYTES = 40_000_000
MAX_XML_BYTES = 8_000_000
"""A few hundred pages of words and styles. Pictures do not count: they stay packed."""
MAX_COMPRESSION_RATIO = 200
CHUNK_BYTES = 65_536

DOCUMENT_PART = "word/document.xml"
PASTE_HINT = "Or open it and paste its words here."
REFUSED_SIGNATURES = (
    (b"MZ", "This is a Windows program, whatever its name says. Do not open it; ask who sent it."),
    (b"\x7fELF", "This is a program, whatever its name says. Do not open it; ask who sent it."),
    (b"%PDF-", "This is a PDF. Open it, copy its words and paste them here."),
    (
        b"{\\rtf",
        f"This is a rich text document (.rtf). Save it as .docx and bring that. {PASTE_HINT}",
    ),
    (b"<", f"This is a web page or another text with marks, not a Word document. {PASTE_HINT}"),
)
OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MACRO_MARKER = "macroenabled"
_LOCKED_MESSAGE = (
    f"This document is locked with a password. Take the password off and save it. {PASTE_HINT}"
)
_TOO_BIG_MESSAGE = (
    f"The document unpacks to more than {MAX_UNPACKED_BYTES // 1_000_000} MB, far more than any "
    f"statement. {PASTE_HINT}"
)
_TOO_MUCH_XML_MESSAGE = (
    f"The words and styles of the document take more than {MAX_XML_BYTES // 1_000_000} MB, "
    f"far more than any statement. {PASTE_HINT}"
)
OTHER_DOCUMENT_TYPES = {
    "ppt/presentation.xml": "a PowerPoint presentation",
    "xl/workbook.xml": "an Excel workbook",
    "content.xml": "an OpenDocument text (.odt)",
}


@dataclass
class DocxPackage:
    """The XML parts of a .docx; nothing else is unpacked."""

    parts: dict[str, bytes] = field(default_factory=dict)
    names: tuple[str, ...] = ()

    def __contains__(self, name: str) -> bool:
        return name in self.parts


def refuse_non_docx(raw: bytes) -> None:
    """Raise ParseError by size and first bytes if this is not a .docx."""
    if not raw:
        raise ParseError("The file is empty. Choose the document again.")
    if len(raw) > MAX_FILE_BYTES:
        raise ParseError(
            f"The document has {len(raw) / 1e6:.1f} MB, and the limit is "
            f"{MAX_FILE_BYTES // 1_000_000} MB. Take its pictures out and save it again. "
            f"{PASTE_HINT}"
        )
    if raw.startswith(OLE_SIGNATURE):
        is_locked = "EncryptedPackage".encode("utf-16-le") in raw
        raise ParseError(
            _LOCKED_MESSAGE
            if is_locked
            else f"This is a Word 97 document (.doc). Save it as .docx and bring that. {PASTE_HINT}"
        )
    for signature, reason in REFUSED_SIGNATURES:
        if raw.startswith(signature):
            raise ParseError(reason)
    if not raw.startswith(b"PK"):
        raise ParseError(f"This is no Word document (.docx). {PASTE_HINT}")


def unpack_docx(raw: bytes) -> DocxPackage:
    """Return the XML parts of a .docx within all limits. Raises ParseError."""
    refuse_non_docx(raw)
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            members = archive.infolist()
            _refuse_bad_members(members)
            package = DocxPackage(names=tuple(member.filename for member in members))
            _unpack_xml(archive, members, package)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        OSError,
        ValueError,
    ) as error:
        if isinstance(error, ParseError):
            raise
        raise ParseError(
            f"The document is damaged and cannot be unpacked. Save it again in Word. {PASTE_HINT}"
        ) from error
    _refuse_dangerous_parts(package)
    return package


def _refuse_bad_members(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MAX_ZIP_MEMBERS:
        raise ParseError(
            f"The document is packed from {len(members):,} files, and the limit is "
            f"{MAX_ZIP_MEMBERS:,}. {PASTE_HINT}"
        )
    names = {member.filename for member in members}
    if len(names) < len(members):
        raise ParseError(
            f"The document holds two parts of one name, as no Word file does. {PASTE_HINT}"
        )
    if any(member.flag_bits & 1 for member in members):
        raise ParseError(_LOCKED_MESSAGE)
    if DOCUMENT_PART not in names:
        kind = next((label for name, label in OTHER_DOCUMENT_TYPES.items() if name in names), "")
        raise ParseError(
            f"This is {kind}. Save it as .docx and bring that. {PASTE_HINT}"
            if kind
            else f"This is a zipped file with no Word document in it. {PASTE_HINT}"
        )
    for member in members:
        _refuse_zip_bomb(member.file_size, member.compress_size)
    if sum(member.file_size for member in members) > MAX_UNPACKED_BYTES:
        raise ParseError(_TOO_BIG_MESSAGE)


def _refuse_zip_bomb(size: int, packed: int) -> None:
    if size > 1_000_000 and size > MAX_COMPRESSION_RATIO * max(packed, 1):
        raise ParseError(
            "The document unpacks to more than two hundred times its size, as files do that are "
            f"made to overwhelm a reader. It was not opened. {PASTE_HINT}"
        )


def _unpack_xml(
    archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], package: DocxPackage
) -> None:
    """Count the unpacked bytes: the sizes in the directory can be wrong."""
    room = MAX_XML_BYTES
    for member in members:
        if not member.filename.casefold().endswith((".xml", ".rels")):
            continue
        data = bytearray()
        with archive.open(member) as part:
            while chunk := part.read(CHUNK_BYTES):
                data += chunk
                if len(data) > room:
                    raise ParseError(_TOO_MUCH_XML_MESSAGE)
        room -= len(data)
        package.parts[member.filename] = bytes(data)


def _refuse_dangerous_parts(package: DocxPackage) -> None:
    content_types = package.parts.get("[Content_Types].xml", b"").lower().replace(b"\0", b"")
    has_macros = any(name.casefold().endswith("vbaproject.bin") for name in package.names)
    if has_macros or MACRO_MARKER.encode() in content_types:
        raise ParseError(
            "The document carries macros, small programs that a statement does not need. "
            f"Save it as .docx without them. {PASTE_HINT}"
        )
    for data in package.parts.values():
        plain = data.replace(b"\0", b"").upper()
        if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
            raise ParseError(
                "The document declares entities of its own, which Word never does and which are "
                f"used to overwhelm a reader. It was not read. {PASTE_HINT}"
            )
