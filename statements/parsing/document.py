"""Parse a file or a paste of any kind into a Draft."""

from statements.parsing.clipboard import clean_html, normalise_characters
from statements.parsing.docx import looks_like_docx, parse_docx
from statements.parsing.draft import Draft
from statements.parsing.html_paragraphs import parse_html
from statements.parsing.text import parse_text


def parse_document(raw: bytes) -> Draft:
    """Parse a .docx or plain text, by its first bytes. Raises ParseError."""
    return parse_docx(raw) if looks_like_docx(raw) else parse_text(raw)


def parse_paste(text: str, rich: str = "") -> Draft:
    """Parse the HTML of a paste if there is some, else its text. Raises ParseError."""
    return parse_html(clean_html(rich)) if rich.strip() else parse_text(normalise_characters(text))
