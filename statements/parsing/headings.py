"""Tell headings inside a document from paragraphs."""

import re
from collections.abc import Sequence

from statements.parsing.paragraphs import NUMBER, OPENING_MARK, Paragraph
from statements.parsing.person_names import is_full_name

MAX_HEADING_CHARS = 80
MAX_STYLED_HEADING_CHARS = 200
SENTENCE_END_MARK = re.compile(r"[.,;:!?…”\"’»،؛؟。]$")
DASH = re.compile(r"[—–―-]")


def is_heading(paragraphs: Sequence[Paragraph], index: int) -> bool:
    """Say whether the document marks it as a heading, or it is short and stands above words.

    A line such as “— Bob Sample, Chair” may belong to the words above it.
    """
    paragraph = paragraphs[index]
    following = paragraphs[index + 1].text if index + 1 < len(paragraphs) else ""
    if paragraph.is_list or not following:
        return False
    if paragraph.is_heading:
        return len(paragraph.text) <= MAX_STYLED_HEADING_CHARS
    return (
        not paragraph.quotation_number
        and _is_short_line(paragraph.text, len(paragraph.lines))
        and not _is_short_line(following, 1)
        and any(char.isalpha() for char in paragraph.text)  # no number, as of a table's last cell
        and not is_name_line(paragraph.text)
    )


def is_name_line(text: str) -> bool:
    """Say whether this line begins with a dash or a person, as under a quotation."""
    return bool(DASH.match(text)) or is_full_name(text.partition(",")[0])


def _is_short_line(text: str, lines: int) -> bool:
    return (
        lines == 1
        and len(text) <= MAX_HEADING_CHARS
        and not SENTENCE_END_MARK.search(text)
        and not OPENING_MARK.match(text)
        and not NUMBER.match(text)
    )
