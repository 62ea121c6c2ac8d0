"""Recognise quoted paragraphs, and take off the marks around them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum

from statements.content.quotation_marks import (
    QuotationMarks,
    apply_inner_marks,
    find_double_marks,
)
from statements.parsing.headings import DASH, is_heading, is_name_line
from statements.parsing.paragraphs import Paragraph

ANY_MARK_FIRST = re.compile(r"[\"“”„«»]")  # a wrong one, as in ”One.”, opens as well
AFTER_CLOSING = re.compile(r"[.,;:!?…]{1,3}$")
LABELLED = re.compile(r"[^:.!?]{1,60}:(?:\s|$)")  # "Bob Sample: please note …"


class QuoteKind(Enum):
    PLAIN = "no opening mark, or words outside the marks: stays as typed"
    OPEN = "opens and does not close: the quotation continues in the next paragraph"
    CLOSED = "opens and closes"


@dataclass(frozen=True)
class QuotedParagraph:
    kind: QuoteKind
    inner_text: str  # without the outer marks; the whole text if PLAIN
    has_moved_stop: bool = False  # a stop after the closing mark is now before it


@dataclass
class QuotationPart:
    """The paragraphs of a quotation below one heading inside it."""

    heading: str = ""
    blocks: list[str] = field(default_factory=list)
    typed_blocks: list[str] = field(default_factory=list)


@dataclass
class Quotation:
    """The paragraphs from an opening mark to the mark that closes it."""

    end: int = 0  # the index of the next paragraph
    parts: list[QuotationPart] = field(default_factory=lambda: [QuotationPart()])
    messages: list[str] = field(default_factory=list)

    def add(self, paragraph: Paragraph, block: str) -> None:
        self.parts[-1].blocks.append(block)
        self.parts[-1].typed_blocks.append(paragraph.render_block())


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


def read_quotation(
    paragraphs: Sequence[Paragraph], start: int, first_text: str
) -> Quotation | None:
    """Return the quotation that begins with `first_text` in the paragraph `start`.

    It is read from the opening mark to the closing one, or not at all. Each paragraph opens again,
    as in English, or none does; lists and headings inside do not. A label, a line with a dash or a
    second kind of paragraph makes it unclear whose words follow.
    """
    quotation = Quotation()
    has_unmarked = False
    for index in range(start, len(paragraphs)):
        paragraph = paragraphs[index]
        text = first_text if index == start else paragraph.text
        if paragraph.is_table:
            return None
        if paragraph.is_list:
            is_closed = _add_unmarked(quotation, paragraph, paragraph.lines[-1])
        elif ANY_MARK_FIRST.match(text):
            quoted = parse_quoted_paragraph(text)
            if quoted.kind is QuoteKind.PLAIN or has_unmarked:
                return None
            is_closed = quoted.kind is QuoteKind.CLOSED
            quotation.add(paragraph, paragraph.render_part(quoted.inner_text))
            quotation.messages += _describe_changes(text, quoted)
        elif not has_unmarked and is_heading(paragraphs, index) and _opens(paragraphs, index + 1):
            quotation.parts.append(QuotationPart(text))
            is_closed = False
        elif _interrupts(paragraphs, index, has_unmarked=has_unmarked or index == start + 1):
            return None
        else:
            has_unmarked = True
            is_closed = _add_unmarked(quotation, paragraph, text)
            quotation.messages.append(_describe_unmarked(text))
        if is_closed:
            quotation.end = index + 1
            return None if _has_name_below(paragraphs, index + 1) else quotation
    return None


def read_block_quotation(paragraphs: Sequence[Paragraph], start: int) -> Quotation | None:
    """Return a block quotation without marks, if all of it is the words."""
    number = paragraphs[start].quotation_number
    end = start
    while end < len(paragraphs) and paragraphs[end].quotation_number == number:
        end += 1
    inside = paragraphs[start:end]
    if (
        any(find_double_marks(paragraph.text) or paragraph.is_heading for paragraph in inside)
        or any(LABELLED.match(paragraph.text) for paragraph in inside if not paragraph.is_list)
        or is_name_line(inside[-1].text)
        or _has_name_below(paragraphs, end)
    ):
        return None
    quotation = Quotation(end=end)
    for paragraph in inside:
        quotation.add(paragraph, paragraph.render_block())
    return quotation


def _interrupts(paragraphs: Sequence[Paragraph], index: int, *, has_unmarked: bool) -> bool:
    """Say whether a paragraph without an opening mark is perhaps no part of the quotation."""
    text = paragraphs[index].text
    return bool(
        not (has_unmarked or paragraphs[index - 1].is_list)  # the one before opened again
        or LABELLED.match(text)
        or DASH.match(text)
        or text.endswith(":")
        or is_heading(paragraphs, index)
    )


def _opens(paragraphs: Sequence[Paragraph], index: int) -> bool:
    return index < len(paragraphs) and bool(ANY_MARK_FIRST.match(paragraphs[index].text))


def _has_name_below(paragraphs: Sequence[Paragraph], index: int) -> bool:
    """Say whether “— Bob Sample” follows, which may mean that the words are Bob’s."""
    if index >= len(paragraphs) or paragraphs[index].is_list:
        return False
    last, below = paragraphs[index - 1 : index + 1]
    is_in_same_block = 0 != below.quotation_number == last.quotation_number
    return bool(DASH.match(below.text)) or is_in_same_block


def _add_unmarked(quotation: Quotation, paragraph: Paragraph, last_line: str) -> bool:
    """Add a list or a paragraph without an opening mark; tell whether its end closes the words."""
    last = strip_closing_mark(last_line)
    quotation.add(
        paragraph,
        paragraph.render_block() if last is None else paragraph.render_without_closing(last),
    )
    return last is not None


def _describe_unmarked(text: str) -> str:
    return (
        f"“{shorten(strip_closing_mark(text) or text)}” has no opening mark, but the quotation "
        "around it is closed only there or later: it was read as a part of it."
    )


def _describe_changes(text: str, quoted: QuotedParagraph) -> list[str]:
    inner = quoted.inner_text
    messages = []
    if text[0] == '"' or (text[-1] == '"' and not inner.endswith('"')):
        messages.append("Straight quotation marks around the words are set as “ and ” now.")
    if quoted.has_moved_stop:
        messages.append(
            f"The stop after the closing mark of “{shorten(inner)}” stands before it now."
        )
    if text[0] in '“"' and "".join(apply_inner_marks(inner, QuotationMarks())) != inner:
        messages.append(
            f"The double marks inside of “{shorten(inner)}” are set as ‘ and ’ on the page."
        )
    return messages


def shorten(text: str) -> str:
    words = text.split()
    return " ".join(words[:6])[:80] + ("…" if len(words) > 6 else "")
