"""Parse a file or a paste of any kind into a Draft."""

from dataclasses import replace

from statements.parsing import document_formats as formats
from statements.parsing.clipboard import clean_html, normalise_characters
from statements.parsing.conversion import Conversion, convert_in_subprocess
from statements.parsing.docx import parse_docx
from statements.parsing.draft import Draft
from statements.parsing.html_paragraphs import parse_html
from statements.parsing.text import parse_text


def parse_document(raw: bytes) -> Draft:
    """Parse a document of any format that we read, by its bytes. Raises ParseError."""
    document_format = formats.detect_document_format(raw)
    if document_format == formats.DOCX:
        return parse_docx(raw)
    if document_format == formats.TEXT:
        return parse_text(raw)
    return _parse_conversion(convert_in_subprocess(document_format, raw))


def _parse_conversion(conversion: Conversion) -> Draft:
    draft = parse_html(clean_html(conversion.html), conversion.messages)
    return replace(draft, leftovers=draft.leftovers + tuple(conversion.leftovers))


def parse_paste(text: str, rich: str = "") -> Draft:
    """Parse the HTML of a paste if there is some, else its text. Raises ParseError."""
    return parse_html(clean_html(rich)) if rich.strip() else parse_text(normalise_characters(text))
