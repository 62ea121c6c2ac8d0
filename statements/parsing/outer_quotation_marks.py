"""Remove the quotation marks around a speaker's words, because the page adds its own."""

import html
import re

from statements.content import html as content_html
from statements.content.quotation_marks import find_double_marks
from statements.content.tables import is_table_block
from statements.parsing.quoted_paragraphs import QuoteKind, parse_quoted_paragraph

TAG = re.compile(r"(<[^>]*>)")
AFTER_CLOSING = re.compile(r"[\s.,;:!?…]*")


def strip_outer_quotation_marks(blocks: list[str]) -> list[str]:
    """Return the blocks without the opening mark of each paragraph and the last closing mark.

    A quotation within the words stays: “Children first” is our motto. A table has no marks.
    """
    bare, is_open = [], False
    last = max((i for i, block in enumerate(blocks) if not is_table_block(block)), default=-1)
    for position, block in enumerate(blocks):
        text = _extract_text(block)
        kind = parse_quoted_paragraph(text).kind if block.startswith("<p>") else QuoteKind.PLAIN
        if kind is QuoteKind.CLOSED:
            bare.append(_remove_characters(block, {0, _find_closing_mark(text, depth=0)}))
        elif kind is QuoteKind.OPEN:
            bare.append(_remove_characters(block, {0}))
            is_open = True
        elif is_open and position == last and (closing := _find_closing_mark(text, depth=1)) != -1:
            bare.append(_remove_characters(block, {closing}))
        else:
            bare.append(block)
    return content_html.clean_blocks("".join(bare))


def _extract_text(block: str) -> str:
    """Return the text whose indexes `_remove_characters` uses; a line break counts as one."""
    return "".join(_split_pieces(block))


def _split_pieces(block: str) -> list[str]:
    return [
        html.unescape(piece) if i % 2 == 0 else "\n" * (piece == "<br>")
        for i, piece in enumerate(TAG.split(block))
    ]


def _find_closing_mark(text: str, *, depth: int) -> int:
    for mark in find_double_marks(text, depth=depth):
        if mark.depth == 0:
            return mark.position if AFTER_CLOSING.fullmatch(text, mark.position + 1) else -1
    return -1


def _remove_characters(block: str, indexes: set[int]) -> str:
    tokens, index = TAG.split(block), 0
    for i, piece in enumerate(_split_pieces(block)):
        if i % 2 == 0:
            text = "".join(
                char for position, char in enumerate(piece, index) if position not in indexes
            )
            tokens[i] = html.escape(text, quote=False)
        index += len(piece)
    return "".join(tokens)
