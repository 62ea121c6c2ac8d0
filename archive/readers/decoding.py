"""Bytes that say they are UTF-8, and are not always: read all the same, and told."""

import codecs
import io
import re
from typing import TextIO

from archive.readers.source import CHUNK_BYTES, SourceFile

WINDOWS_FALLBACK = "onrecord_windows"
NOT_UTF8 = (
    "The file is not in UTF-8 throughout; the bytes that are none were read as Windows text "
    "(Windows-1252): look at accents and marks."
)
# “â€™” is what ’ becomes when somebody reads UTF-8 as Windows text and writes it as UTF-8 again.
_DOUBLE_ENCODED = re.compile(
    "[\u00c2-\u00f4][\u0080-\u00bf\u20ac\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160"
    "\u2039\u0152\u017d\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153"
    "\u017e\u0178]{1,3}"
)


def _decode_as_windows(error: UnicodeError) -> tuple[str, int]:
    """Each byte that is no UTF-8 as the Windows letter that it is."""
    assert isinstance(error, UnicodeDecodeError), "Only reading passes here."
    raw = error.object[error.start : error.end]
    return raw.decode("cp1252", "replace").replace("\ufffd", ""), error.end


codecs.register_error(WINDOWS_FALLBACK, _decode_as_windows)


def decode_bytes(raw: bytes) -> tuple[str, bool]:
    """The text, and whether all of it was UTF-8 as it should be."""
    try:
        return raw.decode("utf-8-sig"), True
    except UnicodeDecodeError:
        return raw.decode("utf-8-sig", WINDOWS_FALLBACK), False


def detect_encoding(source: SourceFile) -> tuple[str, bool]:
    """The name for Python, and whether every byte is as that says."""
    start = source.read(4)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", True
    decoder = codecs.getincrementaldecoder("utf-8")()
    with source.open() as file:
        try:
            while chunk := file.read(CHUNK_BYTES):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "utf-8-sig", False
    return "utf-8-sig", True


def open_text(source: SourceFile) -> tuple[TextIO, list[str]]:
    """The file as text, line ends as they are; and what was found out about its letters."""
    encoding, whole = detect_encoding(source)
    text = io.TextIOWrapper(
        source.open(),
        encoding=encoding,
        errors=WINDOWS_FALLBACK if encoding != "utf-16" else "replace",
        newline="",
    )
    return text, [] if whole else [NOT_UTF8]


def fix_mojibake(text: str) -> str:
    """Letters that were encoded twice as the letters they are; everything else stays."""
    return _DOUBLE_ENCODED.sub(_fix_match, text) if _DOUBLE_ENCODED.search(text) else text


def _fix_match(found: re.Match[str]) -> str:
    raw = bytearray()
    for char in found[0]:
        try:
            raw += char.encode("cp1252")
        except UnicodeEncodeError:
            raw.append(ord(char) & 0xFF)
    for end in range(len(raw), 1, -1):  # the last characters may belong to what follows
        try:
            return raw[:end].decode("utf-8") + found[0][end:]
        except UnicodeDecodeError:
            continue
    return found[0]
