"""The passage that comes nearest to words that stand nowhere, and where the two differ. Pure."""

import html
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby, pairwise
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from statements.quotations.matching import QuotablePiece, list_pieces
from statements.quotations.normalise import MIN_QUOTE_WORDS, NormalisedWord, find_words

MIN_SIMILARITY = 0.6
"""Twice the words in common over the words of both: below this, it is another thing said."""


@dataclass(frozen=True)
class NearestPassage:
    """A stretch of one passage beside what was asked for, and how alike the two are."""

    piece: QuotablePiece
    similarity: float
    asked_html: SafeString
    recorded_html: SafeString


def find_nearest(content: Mapping[str, Any], text: str) -> NearestPassage | None:
    """The stretch of this edition that is most like the text, if any is like it at all."""
    sought = find_words(text)
    runs = [
        list(of_run) for _, of_run in groupby(list_pieces(content), key=lambda piece: piece.run)
    ]
    found = [near for run in runs if (near := _compare_run(run, text, sought))]
    return max(found, key=lambda near: near.similarity, default=None)


def _compare_run(
    run: list[QuotablePiece], text: str, sought: list[NormalisedWord]
) -> NearestPassage | None:
    printed = "\n".join(piece.text for piece in run)
    row = find_words(printed)
    start, end = _find_window([word.key for word in sought], [word.key for word in row])
    row = row[start:end]
    matcher = SequenceMatcher(
        None, [word.key for word in sought], [word.key for word in row], autojunk=False
    )
    blocks = [block for block in matcher.get_matching_blocks() if block.size]
    common = sum(block.size for block in blocks)
    if common < MIN_QUOTE_WORDS:
        return None
    first, last = blocks[0].b, blocks[-1].b + blocks[-1].size
    first, last = _extend_span(first, last, blocks, len(sought), len(row))
    share = 2 * common / (len(sought) + last - first)
    if share < MIN_SIMILARITY:
        return None
    same = [(b.a, b.a + b.size) for b in blocks], [(b.b, b.b + b.size) for b in blocks]
    tail = row[last].start if last < len(row) else len(printed)
    return NearestPassage(
        run[0],
        share,
        _highlight_differences(text, sought, same[0], "del", "not in our record", 0, len(text)),
        _highlight_differences(
            printed,
            row[first:last],
            [(a - first, b - first) for a, b in same[1]],
            "ins",
            "only in our record",
            row[first].start,
            tail,
        ),
    )


def _find_window(sought: Sequence[str], row: Sequence[str]) -> tuple[int, int]:
    """Where in the row most pairs of words of those sought stand, with some room on both sides."""
    places: dict[tuple[str, str], list[int]] = {}
    for at, pair in enumerate(pairwise(row)):
        places.setdefault(pair, []).append(at)
    shifts = Counter(
        at - index for index, pair in enumerate(pairwise(sought)) for at in places.get(pair, ())
    )
    if not shifts:
        return 0, 0
    shift, room = shifts.most_common(1)[0][0], max(8, len(sought) // 3)
    return max(0, shift - room), max(0, shift + len(sought) + room)


def _extend_span(first: int, last: int, blocks: list, asked: int, recorded: int) -> tuple[int, int]:
    """As many words of the record before and after as were asked for there and are not in it."""
    before, after = blocks[0].a, asked - blocks[-1].a - blocks[-1].size
    return max(0, first - before), min(recorded, last + after)


def _highlight_differences(
    text: str,
    row: Sequence[NormalisedWord],
    same: list[tuple[int, int]],
    tag: str,
    told: str,
    start: int,
    end: int,
) -> SafeString:
    """text[start:end] with every run of words that is not `same` in <del> or <ins>."""
    out, at, index = [], start, 0
    for a, b in [*same, (len(row), len(row))]:
        if index < a:
            begins, ends = row[index].start, row[a - 1].end
            said = f'<span class="visually-hidden"> [{told}: </span>'
            out += [
                _escape_text(text[at:begins]),
                f"<{tag}>{said}{_escape_text(text[begins:ends])}"
                '<span class="visually-hidden">] </span>'
                f"</{tag}>",
            ]
            at = ends
        index = b
    out.append(_escape_text(text[at:end].rstrip()))
    return mark_safe("".join(out))  # noqa: S308 - every text in it was escaped here


def _escape_text(text: str) -> str:
    return html.escape(text).replace("\n", "<br>")
