"""A .docx, looked at before anything reads it: is it one, is it safe, does it fit?"""

import io
import zipfile
import zlib
from dataclasses import dataclass, field

from statements.parsing.draft import Unreadable

MOST_BYTES = 10_000_000
MOST_MEMBERS = 1000
MOST_UNPACKED = 40_000_000
MOST_XML = 8_000_000
"""Of words and styles: some hundred pages. Pictures may be bigger; nobody unpacks them."""
MOST_RATIO = 200
CHUNK = 65_536

DOCUMENT = "word/document.xml"
PASTE = "Or open it and paste its words here."
OPENINGS = (
    (b"MZ", "This is a Windows program, whatever its name says. Do not open it; ask who sent it."),
    (b"\x7fELF", "This is a program, whatever its name says. Do not open it; ask who sent it."),
    (b"%PDF-", "This is a PDF. Open it, copy its words and paste them here."),
    (b"{\\rtf", f"This is a rich text document (.rtf). Save it as .docx and bring that. {PASTE}"),
    (b"<", f"This is a web page or another text with marks, not a Word document. {PASTE}"),
)
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MACROS = "macroenabled"
OTHER_KINDS = {
    "ppt/presentation.xml": "a PowerPoint presentation",
    "xl/workbook.xml": "an Excel workbook",
    "content.xml": "an OpenDocument text (.odt)",
}


@dataclass
class Package:
    """The parts that are words or say how they are set; nothing else was unpacked."""

    parts: dict[str, bytes] = field(default_factory=dict)
    names: tuple[str, ...] = ()

    def __contains__(self, name: str) -> bool:
        return name in self.parts


def refuse_what_is_no_docx(raw: bytes) -> None:
    """By size and first bytes alone; raises Unreadable with a sentence."""
    if not raw:
        raise Unreadable("The file is empty. Choose the document again.")
    if len(raw) > MOST_BYTES:
        raise Unreadable(
            f"The document has {len(raw) / 1e6:.1f} MB, and the limit is {MOST_BYTES // 1_000_000} "
            f"MB. Take its pictures out and save it again. {PASTE}"
        )
    if raw.startswith(OLD):
        locked = "EncryptedPackage".encode("utf-16-le") in raw
        raise Unreadable(
            f"This document is locked with a password. Take the password off and save it. {PASTE}"
            if locked
            else f"This is a Word 97 document (.doc). Save it as .docx and bring that. {PASTE}"
        )
    for beginning, sentence in OPENINGS:
        if raw.startswith(beginning):
            raise Unreadable(sentence)
    if not raw.startswith(b"PK"):
        raise Unreadable(f"This is no Word document (.docx). {PASTE}")


def unpack(raw: bytes) -> Package:
    """The XML parts of a .docx, after every cap was kept. Raises Unreadable with a sentence."""
    refuse_what_is_no_docx(raw)
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            members = archive.infolist()
            _refuse_by_declaration(members)
            package = Package(names=tuple(member.filename for member in members))
            _unpack(archive, members, package)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        OSError,
        ValueError,
    ) as e:
        if isinstance(e, Unreadable):
            raise
        raise Unreadable(
            f"The document is damaged and cannot be unpacked. Save it again in Word. {PASTE}"
        ) from e
    _refuse_dangerous(package)
    return package


def _refuse_by_declaration(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MOST_MEMBERS:
        raise Unreadable(
            f"The document is packed from {len(members):,} files, and the limit is "
            f"{MOST_MEMBERS:,}. {PASTE}"
        )
    names = {member.filename for member in members}
    if len(names) < len(members):
        raise Unreadable(f"The document holds two parts of one name, as no Word file does. {PASTE}")
    if any(member.flag_bits & 1 for member in members):
        raise Unreadable(
            f"This document is locked with a password. Take the password off and save it. {PASTE}"
        )
    if DOCUMENT not in names:
        kind = next((what for name, what in OTHER_KINDS.items() if name in names), "")
        raise Unreadable(
            f"This is {kind}. Save it as .docx and bring that. {PASTE}"
            if kind
            else f"This is a zipped file with no Word document in it. {PASTE}"
        )
    for member in members:
        _refuse_bomb(member.file_size, member.compress_size)
    if sum(member.file_size for member in members) > MOST_UNPACKED:
        raise Unreadable(_TOO_BIG)


_TOO_BIG = (
    f"The document unpacks to more than {MOST_UNPACKED // 1_000_000} MB, far more than any "
    f"statement. {PASTE}"
)


def _refuse_bomb(size: int, packed: int) -> None:
    if size > 1_000_000 and size > MOST_RATIO * max(packed, 1):
        raise Unreadable(
            "The document unpacks to more than two hundred times its size, as files do that are "
            f"made to overwhelm a reader. It was not opened. {PASTE}"
        )


def _unpack(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], package: Package) -> None:
    """Count what comes out, not what the directory promises."""
    room = MOST_XML
    for member in members:
        if not member.filename.casefold().endswith((".xml", ".rels")):
            continue
        data = bytearray()
        with archive.open(member) as part:
            while chunk := part.read(CHUNK):
                data += chunk
                if len(data) > room:
                    raise Unreadable(
                        f"The words and styles of the document take more than "
                        f"{MOST_XML // 1_000_000} MB, far more than any statement. {PASTE}"
                    )
        room -= len(data)
        package.parts[member.filename] = bytes(data)


def _refuse_dangerous(package: Package) -> None:
    kinds = package.parts.get("[Content_Types].xml", b"").lower().replace(b"\0", b"")
    macros = any(name.casefold().endswith("vbaproject.bin") for name in package.names)
    if macros or MACROS.encode() in kinds:
        raise Unreadable(
            "The document carries macros, small programs that a statement does not need. "
            f"Save it as .docx without them. {PASTE}"
        )
    for data in package.parts.values():
        plain = data.replace(b"\0", b"").upper()
        if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
            raise Unreadable(
                "The document declares entities of its own, which Word never does and which are "
                f"used to overwhelm a reader. It was not read. {PASTE}"
            )
