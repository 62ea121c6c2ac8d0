"""Test that bytes of unknown origin are decoded or refused with a sentence."""

import pytest

from statements.content.rendering import render_plain_text
from statements.parsing.decoding import MAX_TEXT_BYTES
from statements.parsing.draft import ParseError
from statements.parsing.text import parse_text
from tests.statements.parsing.documents import DAVE, content_of, document


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings(encoding):
    source = document("Head", DAVE, "“Caffè.”")
    draft = parse_text(source.encode(encoding))
    assert render_plain_text(content_of(draft)) == source
    message = (
        "The document is not in UTF-8 and was read as Windows text (Windows-1252): "
        "look at its accents and marks."
    )
    assert draft.messages == ((message,) if encoding == "cp1252" else ())


def test_nul_characters_are_removed_with_a_message():
    draft = parse_text(b"He\0ad\n\nOne two three.")
    assert draft.headline == "Head"
    assert draft.messages == (
        "The document held NUL characters, which no text needs; they were taken out.",
    )


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        (b"", "The document is empty: there is not one word in it."),
        (" \n\u00a0\n\u200b", "The document is empty: there is not one word in it."),
        ("…", "The document is empty: there is not one word in it."),
        (
            b"x" * 5_000_000,
            "The document has 5.0 MB, and the limit is 1 MB. A statement of ten pages has a "
            "twentieth of that as text: "
            "bring the words alone, without pictures.",
        ),
        (
            b"%PDF-1.7 \xe2\xe3",
            "This looks like a PDF, not like plain text. Bring the file itself, or copy its words "
            "and paste them here.",
        ),
        (
            b"PK\x03\x04\x14\0",
            "This looks like a Word document or another zipped file, not like plain text. "
            "Bring the file itself, or copy its words and paste them here.",
        ),
        (
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
            "This looks like a picture (PNG), not like plain text. "
            "Open it where it was made, copy the words, and paste them here.",
        ),
        (
            b"word\x81\x8d",
            "The document is neither UTF-8 nor Windows text, so its letters cannot be told. "
            "Save it as plain text in UTF-8, or paste its words here.",
        ),
        (
            bytes(range(1, 32)) * 20 + b"abc",
            "This does not look like text: it is full of control characters. "
            "Open it where it was made, copy the words, and paste them here.",
        ),
    ],
)
def test_an_unreadable_text_gets_a_sentence(source, sentence):
    with pytest.raises(ParseError) as refused:
        parse_text(source)
    assert str(refused.value) == sentence


def test_a_byte_more_than_the_limit_is_too_much():
    parse_text("word " * (MAX_TEXT_BYTES // 5))
    with pytest.raises(ParseError, match=r"has 1\.1 MB, and the limit is 1 MB"):
        parse_text("word " * (MAX_TEXT_BYTES // 5) + "x")
