"""Quotation marks that a writer typed round somebody's words: the page puts them there itself."""

import html
import re

from statements.content import html as content_html
from statements.content.quotation_marks import find_double_marks
from statements.parsing.quoted_paragraphs import QuoteKind, parse_quoted_paragraph

TAG = re.compile(r"(<[^>]*>)")
AFTER_CLOSING = re.compile(r"[\s.,;:!?…]*")


def strip_outer_quotation_marks(blocks: list[str]) -> list[str]:
    """The blocks without a mark that opens a paragraph, and the one that closes the last.

    A quotation within the words stays: “Children first” is our motto.
    """
    bare, is_open = [], False
    for place, block in enumerate(blocks):
        text = _extract_text(block)
        kind = parse_quoted_paragraph(text).kind if block.startswith("<p>") else QuoteKind.PLAIN
        if kind is QuoteKind.CLOSED:
            block = _remove_characters(block, {0, _find_closing_mark(text, depth=0)})
        elif kind is QuoteKind.OPEN:
            block, is_open = _remove_characters(block, {0}), True
        elif (
            is_open
            and place == len(blocks) - 1
            and (closing := _find_closing_mark(text, depth=1)) != -1
        ):
            block = _remove_characters(block, {closing})
        bare.append(block)
    return content_html.clean_blocks("".join(bare))


def _extract_text(block: str) -> str:
    """The characters that `_without` counts: those of text, and one for every line break."""
    return "".join(_split_pieces(block))


def _split_pieces(block: str) -> list[str]:
    return [
        html.unescape(piece) if i % 2 == 0 else "\n" * (piece == "<br>")
        for i, piece in enumerate(TAG.split(block))
    ]


def _find_closing_mark(text: str, *, depth: int) -> int:
    """Where the quotation ends, if nothing but stops comes after it; else -1."""
    for mark in find_double_marks(text, depth=depth):
        if mark.depth == 0:
            return mark.position if AFTER_CLOSING.fullmatch(text, mark.position + 1) else -1
    return -1


def _remove_characters(block: str, places: set[int]) -> str:
    """The block without the characters of its text at these places; its tags stay."""
    tokens, at = TAG.split(block), 0
    for i, piece in enumerate(_split_pieces(block)):
        if i % 2 == 0:
            kept = "".join(char for n, char in enumerate(piece, at) if n not in places)
            tokens[i] = html.escape(kept, quote=False)
        at += len(piece)
    return "".join(tokens)
