"""A file or a paste of whatever kind -> Draft."""

from statements.parsing.clipboard import clean_html, normalise_characters
from statements.parsing.docx import looks_like_docx, parse_docx
from statements.parsing.draft import Draft
from statements.parsing.html_paragraphs import parse_html
from statements.parsing.text import parse_text


def parse_document(raw: bytes) -> Draft:
    """A .docx or a plain text, told apart by what is in it. Raises Unreadable with a sentence."""
    return parse_docx(raw) if looks_like_docx(raw) else parse_text(raw)


def parse_paste(text: str, rich: str = "") -> Draft:
    """Rich as the clipboard held it, if it did; else the text. Raises Unreadable."""
    return parse_html(clean_html(rich)) if rich.strip() else parse_text(normalise_characters(text))
