"""A file or a paste of whatever kind -> Draft."""

from statements.parsing.clipboard import clean, tidy
from statements.parsing.docx import looks_like_word, read_word
from statements.parsing.draft import Draft
from statements.parsing.html_paragraphs import read_html
from statements.parsing.text import read_text


def read_document(raw: bytes) -> Draft:
    """A .docx or a plain text, told apart by what is in it. Raises Unreadable with a sentence."""
    return read_word(raw) if looks_like_word(raw) else read_text(raw)


def read_paste(text: str, rich: str = "") -> Draft:
    """Rich as the clipboard held it, if it did; else the text. Raises Unreadable."""
    return read_html(clean(rich)) if rich.strip() else read_text(tidy(text))
