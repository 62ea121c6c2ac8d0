"""Which paragraphs are somebody's words, and what they are without the marks around them."""

import re
from dataclasses import dataclass
from enum import Enum

from statements.content.quotation_marks import double_marks

AFTER_CLOSING = re.compile(r"[.,;:!?…]{1,3}$")


class Kind(Enum):
    PLAIN = "no opening mark, or words outside of the marks: kept as typed"
    OPEN = "opens and does not close: the quotation goes on in the next paragraph"
    CLOSED = "opens and closes"


@dataclass(frozen=True)
class Reading:
    kind: Kind
    inner: str  # without the outer marks; the whole text if PLAIN
    moved: bool = False  # a stop that stood after the closing mark stands before it now


def read_quoted(text: str) -> Reading:
    """A paragraph by its own marks."""
    marks = double_marks(text)
    if not marks or marks[0].at != 0 or not marks[0].opens:
        return Reading(Kind.PLAIN, text)
    closing = next((mark.at for mark in marks if mark.depth == 0), None)
    inner, rest = text[1:closing].strip(), "" if closing is None else text[closing + 1 :].strip()
    if inner and closing is None:
        return Reading(Kind.OPEN, inner)
    if not inner or (rest and not AFTER_CLOSING.match(rest)):
        return Reading(Kind.PLAIN, text)
    return Reading(Kind.CLOSED, inner + rest, moved=bool(rest))


def closes_quotation(text: str) -> str | None:
    """The text without its last mark if that ends an earlier paragraph's quotation."""
    marks = double_marks(text, depth=1)
    closing = next((mark.at for mark in marks if mark.depth == 0), None)
    if closing is None or text[closing + 1 :].strip():
        return None
    return text[:closing].rstrip()
