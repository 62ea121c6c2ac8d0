"""Parse a file or a paste of any kind into a Draft."""

from statements.parsing import document_formats as formats
from statements.parsing.clipboard import clean_html, normalise_characters
from statements.parsing.docx import parse_docx
from statements.parsing.draft import Draft
from statements.parsing.html_paragraphs import parse_html
from statements.parsing.text import parse_text


def parse_document(raw: bytes) -> Draft:
    """Parse a document of any format that we read, by its bytes. Raises ParseError."""
    document_format = formats.detect_document_format(raw)
    if document_format == formats.DOCX:
        return parse_docx(raw)
    return parse_text(raw)


def parse_paste(text: str, rich: str = "") -> Draft:
    """Parse the HTML of a paste if there is some, else its text. Raises ParseError."""
    return parse_html(clean_html(rich)) if rich.strip() else parse_text(normalise_characters(text))
