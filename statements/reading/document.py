"""A file or a paste of whatever kind -> Draft."""

from statements.reading.draft import Draft
from statements.reading.pasted import clean, tidy
from statements.reading.rich import read_html
from statements.reading.text import read_text
from statements.reading.word import looks_like_word, read_word


def read_document(raw: bytes) -> Draft:
    """A .docx or a plain text, told apart by what is in it. Raises Unreadable with a sentence."""
    return read_word(raw) if looks_like_word(raw) else read_text(raw)


def read_paste(text: str, rich: str = "") -> Draft:
    """Rich as the clipboard held it, if it did; else the text. Raises Unreadable."""
    return read_html(clean(rich)) if rich.strip() else read_text(tidy(text))
