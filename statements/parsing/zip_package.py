"""Unpack the XML of a zipped document, such as a .docx or .odt, within limits."""

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from statements.parsing.draft import ParseError

MAX_ZIP_MEMBERS = 1000
MAX_UNPACKED_BYTES = 40_000_000
MAX_XML_BYTES = 8_000_000
"""A few hundred pages of words and styles. Pictures do not count: they stay packed."""
MAX_COMPRESSION_RATIO = 200
CHUNK_BYTES = 65_536

DOCUMENT_PART = "word/document.xml"
PASTE_HINT = "Or open it and paste its words here."
MACRO_MARKER = "macroenabled"
LOCKED_MESSAGE = (
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


@dataclass
class ZipPackage:
    """The XML parts of a document; nothing else is unpacked."""

    parts: dict[str, bytes] = field(default_factory=dict)
    names: tuple[str, ...] = ()

    def __contains__(self, name: str) -> bool:
        return name in self.parts


def unpack_docx(raw: bytes) -> ZipPackage:
    """Return the XML parts of a .docx within all limits. Raises ParseError."""
    with _open_zip(raw) as archive:
        parts = [name for name in archive.namelist() if name.casefold().endswith((".xml", ".rels"))]
        package = _unpack(archive, parts)
    _refuse_macros(package)
    _refuse_entities(package)
    return package


def unpack_parts(raw: bytes, names: Collection[str]) -> ZipPackage:
    """Return the named parts that a zipped document has. Raises ParseError."""
    with _open_zip(raw) as archive:
        return _unpack(archive, names)


def unpack_xml_parts(raw: bytes, names: Collection[str]) -> ZipPackage:
    """Return the named XML parts, which declare no entities. Raises ParseError."""
    package = unpack_parts(raw, names)
    _refuse_entities(package)
    return package


def list_names(raw: bytes) -> list[str]:
    """Return the names of all files in a zip. Raises ParseError."""
    with _open_zip(raw) as archive:
        return archive.namelist()


@contextmanager
def _open_zip(raw: bytes) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            yield archive
    except ParseError:
        raise
    except (
        zipfile.BadZipFile,
        zlib.error,
        lzma.LZMAError,
        struct.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        OSError,
        ValueError,
    ) as error:
        raise ParseError(
            "The document is damaged and cannot be unpacked. Save it again in the program that "
            f"made it. {PASTE_HINT}"
        ) from error


def _unpack(archive: zipfile.ZipFile, names: Collection[str]) -> ZipPackage:
    members = archive.infolist()
    _refuse_bad_members(members)
    package = ZipPackage(names=tuple(member.filename for member in members))
    wanted = [member for member in members if member.filename in names]
    _unpack_members(archive, wanted, package)
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
            f"The document holds two parts of one name, as no document has. {PASTE_HINT}"
        )
    if any(member.flag_bits & 1 for member in members):
        raise ParseError(LOCKED_MESSAGE)
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


def _unpack_members(
    archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], package: ZipPackage
) -> None:
    """Count the unpacked bytes: the sizes in the directory can be wrong."""
    room = MAX_XML_BYTES
    for member in members:
        data = bytearray()
        with archive.open(member) as part:
            while chunk := part.read(CHUNK_BYTES):
                data += chunk
                if len(data) > room:
                    raise ParseError(_TOO_MUCH_XML_MESSAGE)
        room -= len(data)
        package.parts[member.filename] = bytes(data)


def _refuse_macros(package: ZipPackage) -> None:
    content_types = package.parts.get("[Content_Types].xml", b"").lower().replace(b"\0", b"")
    has_macros = any(name.casefold().endswith("vbaproject.bin") for name in package.names)
    if has_macros or MACRO_MARKER.encode() in content_types:
        raise ParseError(
            "The document carries macros, small programs that a statement does not need. "
            f"Save it as .docx without them. {PASTE_HINT}"
        )


def _refuse_entities(package: ZipPackage) -> None:
    for data in package.parts.values():
        plain = data.replace(b"\0", b"").upper()
        if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
            raise ParseError(
                "The document declares entities of its own, which no document needs and which "
                f"are used to overwhelm a reader. It was not read. {PASTE_HINT}"
            )
