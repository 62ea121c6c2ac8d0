"""Decode bytes of unknown origin, or refuse them with a reason."""

import codecs
import math

from statements.content.characters import normalise_text
from statements.parsing.draft import ParseError

MAX_TEXT_BYTES = 1_000_000
SAVE_AS_TEXT = "Open it where it was made, copy the words, and paste them here."
BRING_FILE = "Bring the file itself, or copy its words and paste them here."
BINARY_SIGNATURES = (
    (b"%PDF-", "a PDF", BRING_FILE),
    (
        b"PK\x03\x04",
        "a Word document or another zipped file",
        BRING_FILE,
    ),
    (
        b"\xd0\xcf\x11\xe0",
        "an old Word or Office document (.doc)",
        "Save it as .docx, or paste its words here.",
    ),
    (b"{\\rtf", "a rich text document (.rtf)", BRING_FILE),
    (b"\x89PNG", "a picture (PNG)", SAVE_AS_TEXT),
    (b"\xff\xd8\xff", "a picture (JPEG)", SAVE_AS_TEXT),
    (b"GIF87a", "a picture (GIF)", SAVE_AS_TEXT),
    (b"GIF89a", "a picture (GIF)", SAVE_AS_TEXT),
    (b"\x1f\x8b", "a compressed file (gzip)", "Unpack it first, then bring the document in it."),
)


def decode_text(source: bytes | str) -> tuple[str, list[str]]:
    """Return the normalised text, and messages about changes. Raises ParseError."""
    raw = source if isinstance(source, bytes) else source.encode("utf-8", "replace")
    _refuse_oversized(raw)
    _refuse_known_binary(raw)
    text, messages = (source, []) if isinstance(source, str) else _decode_bytes(source)
    _refuse_control_characters(text)
    if "\0" in text:
        messages.append(
            "The document held NUL characters, which no text needs; they were taken out."
        )
    text = normalise_text(text)
    if not any(char.isalnum() for char in text):
        raise ParseError("The document is empty: there is not one word in it.")
    return text, messages


def _refuse_oversized(raw: bytes) -> None:
    if len(raw) > MAX_TEXT_BYTES:
        size = math.ceil(len(raw) / 100_000) / 10  # up, or it says "has 1.0 MB, the limit is 1 MB"
        raise ParseError(
            f"The document has {size:.1f} MB, and the limit is {MAX_TEXT_BYTES // 1_000_000} MB. "
            "A statement of ten pages has a twentieth of that as text: bring the words alone, "
            "without pictures."
        )


def _refuse_known_binary(raw: bytes) -> None:
    for signature, label, hint in BINARY_SIGNATURES:
        if raw.startswith(signature):
            raise ParseError(f"This looks like {label}, not like plain text. {hint}")


def _decode_bytes(source: bytes) -> tuple[str, list[str]]:
    try:
        if source.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return source.decode("utf-16"), []
        return source.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        pass
    try:
        text = source.decode("cp1252")
    except UnicodeDecodeError:
        raise ParseError(
            "The document is neither UTF-8 nor Windows text, so its letters cannot be told. "
            "Save it as plain text in UTF-8, or paste its words here."
        ) from None
    _refuse_control_characters(text)
    return text, [
        "The document is not in UTF-8 and was read as Windows text (Windows-1252): look at its "
        "accents and marks."
    ]


def _refuse_control_characters(text: str) -> None:
    controls = sum(1 for char in text if char < " " and char not in "\t\n\r\v\f")
    if controls > max(8, len(text) // 20):
        raise ParseError(
            f"This does not look like text: it is full of control characters. {SAVE_AS_TEXT}"
        )
