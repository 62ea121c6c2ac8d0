"""Recognise quoted paragraphs, and take off the marks around them."""

import re
from dataclasses import dataclass
from enum import Enum

from statements.content.quotation_marks import find_double_marks

AFTER_CLOSING = re.compile(r"[.,;:!?…]{1,3}$")


class QuoteKind(Enum):
    PLAIN = "no opening mark, or words outside the marks: stays as typed"
    OPEN = "opens and does not close: the quotation continues in the next paragraph"
    CLOSED = "opens and closes"


@dataclass(frozen=True)
class QuotedParagraph:
    kind: QuoteKind
    inner_text: str  # without the outer marks; the whole text if PLAIN
    has_moved_stop: bool = False  # a stop after the closing mark is now before it


def parse_quoted_paragraph(text: str) -> QuotedParagraph:
    """Classify a paragraph by its own quotation marks."""
    marks = find_double_marks(text)
    if not marks or marks[0].position != 0 or not marks[0].opens:
        return QuotedParagraph(QuoteKind.PLAIN, text)
    closing = next((mark.position for mark in marks if mark.depth == 0), None)
    inner, rest = text[1:closing].strip(), "" if closing is None else text[closing + 1 :].strip()
    if inner and closing is None:
        return QuotedParagraph(QuoteKind.OPEN, inner)
    if not inner or (rest and not AFTER_CLOSING.match(rest)):
        return QuotedParagraph(QuoteKind.PLAIN, text)
    return QuotedParagraph(QuoteKind.CLOSED, inner + rest, has_moved_stop=bool(rest))


def strip_closing_mark(text: str) -> str | None:
    """Return the text without its last mark if that closes an earlier paragraph, else None."""
    marks = find_double_marks(text, depth=1)
    closing = next((mark.position for mark in marks if mark.depth == 0), None)
    if closing is None or text[closing + 1 :].strip():
        return None
    return text[:closing].rstrip()
