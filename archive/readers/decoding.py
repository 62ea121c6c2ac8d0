"""Decode bytes that claim to be UTF-8, read them in any case, and report what was wrong."""

import codecs
import io
import re
from typing import TextIO

from ftfy import fix_encoding

from archive.readers.source import CHUNK_BYTES, SourceFile

WINDOWS_FALLBACK = "onrecord_windows"
NOT_UTF8 = (
    "The file is not in UTF-8 throughout; the bytes that are none were read as Windows text "
    "(Windows-1252): look at accents and marks."
)
# “â€™” is what ’ becomes when somebody reads UTF-8 as Windows text and writes it as UTF-8 again.
_MAYBE_MOJIBAKE = re.compile(
    "[\u00c2-\u00f4][\u0080-\u00bf\u20ac\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160"
    "\u2039\u0152\u017d\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153"
    "\u017e\u0178]"
)


def _decode_as_windows(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError), "The handler is used for decoding only."
    raw = error.object[error.start : error.end]
    return raw.decode("cp1252", "replace").replace("\ufffd", ""), error.end


codecs.register_error(WINDOWS_FALLBACK, _decode_as_windows)


def decode_bytes(raw: bytes) -> tuple[str, bool]:
    """Return the text, and whether all of it was valid UTF-8."""
    try:
        return raw.decode("utf-8-sig"), True
    except UnicodeDecodeError:
        return raw.decode("utf-8-sig", WINDOWS_FALLBACK), False


def detect_encoding(source: SourceFile) -> tuple[str, bool]:
    """Return Python's name of the encoding, and whether every byte is valid in it."""
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
    """Open the file as text with its own line ends; return messages about its encoding too."""
    encoding, is_valid = detect_encoding(source)
    text = io.TextIOWrapper(
        source.open(),
        encoding=encoding,
        errors=WINDOWS_FALLBACK if encoding != "utf-16" else "replace",
        newline="",
    )
    return text, [] if is_valid else [NOT_UTF8]


def fix_mojibake(text: str) -> str:
    """Repair letters that were encoded twice; leave everything else as it is."""
    # ftfy takes twenty times as long to see that a text is fine as this search does.
    return fix_encoding(text) if _MAYBE_MOJIBAKE.search(text) else text
