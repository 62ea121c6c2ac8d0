"""Find the passage nearest to words that were not found, and mark the differences. No queries."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import Match
from itertools import groupby, pairwise
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from statements.content.bounded_matching import BoundedMatcher, StepBudget
from statements.content.diff import escape_lines
from statements.quotations.matching import QuotablePiece, list_pieces
from statements.quotations.normalise import MIN_QUOTE_WORDS, NormalisedWord, find_words

MIN_SIMILARITY = 0.6
"""Twice the words in common, divided by the words of both. Below, they say different things."""

MAX_PLACES_OF_PAIR = 200  # a pair of words that is everywhere says little of the place
MAX_STEPS = 500_000  # several editions are compared for one answer


@dataclass(frozen=True)
class NearestPassage:
    """Part of one passage and the words that were checked, with the differences marked."""

    piece: QuotablePiece
    similarity: float
    asked_html: SafeString
    recorded_html: SafeString


def find_nearest(content: Mapping[str, Any], text: str) -> NearestPassage | None:
    """Return the part of this edition that is most similar to the text; None if nothing is."""
    words = find_words(text)
    runs = [list(run) for _, run in groupby(list_pieces(content), key=lambda piece: piece.run)]
    budget = StepBudget(MAX_STEPS)
    passages = [passage for run in runs if (passage := _compare_run(run, text, words, budget))]
    return max(passages, key=lambda passage: passage.similarity, default=None)


def _compare_run(
    run: list[QuotablePiece], text: str, words: list[NormalisedWord], budget: StepBudget
) -> NearestPassage | None:
    recorded_text = "\n".join(piece.text for piece in run)
    recorded = find_words(recorded_text)
    start, end = _find_window([word.key for word in words], [word.key for word in recorded])
    recorded = recorded[start:end]
    matcher = BoundedMatcher([word.key for word in words], [word.key for word in recorded], budget)
    blocks = [block for block in matcher.get_matching_blocks() if block.size]
    common = sum(block.size for block in blocks)
    if common < MIN_QUOTE_WORDS:
        return None
    first, last = _extend_span(blocks, len(words), len(recorded))
    similarity = 2 * common / (len(words) + last - first)
    if similarity < MIN_SIMILARITY:
        return None
    recorded_end = recorded[last].start if last < len(recorded) else len(recorded_text)
    return NearestPassage(
        run[0],
        similarity,
        _highlight_differences(
            text,
            words,
            [(block.a, block.a + block.size) for block in blocks],
            "del",
            "not in our record",
            (0, len(text)),
        ),
        _highlight_differences(
            recorded_text,
            recorded[first:last],
            [(block.b - first, block.b + block.size - first) for block in blocks],
            "ins",
            "only in our record",
            (recorded[first].start, recorded_end),
        ),
    )


def _find_window(words: Sequence[str], recorded: Sequence[str]) -> tuple[int, int]:
    """Return where the record has most pairs of the words, with a margin on both sides."""
    places: dict[tuple[str, str], list[int]] = {}
    for at, pair in enumerate(pairwise(recorded)):
        if len(known := places.setdefault(pair, [])) < MAX_PLACES_OF_PAIR:
            known.append(at)
    shifts = Counter(
        at - index for index, pair in enumerate(pairwise(words)) for at in places.get(pair, ())
    )
    if not shifts:
        return 0, 0
    shift, margin = shifts.most_common(1)[0][0], max(8, len(words) // 3)
    return max(0, shift - margin), max(0, shift + len(words) + margin)


def _extend_span(blocks: list[Match], asked_count: int, recorded_count: int) -> tuple[int, int]:
    first, last = blocks[0].b, blocks[-1].b + blocks[-1].size
    before, after = blocks[0].a, asked_count - blocks[-1].a - blocks[-1].size
    return max(0, first - before), min(recorded_count, last + after)


def _highlight_differences(
    text: str,
    words: Sequence[NormalisedWord],
    same: list[tuple[int, int]],
    tag: str,
    label: str,
    span: tuple[int, int],
) -> SafeString:
    """Return this span of the text, with all words that are not `same` in <del> or <ins>.

    The label says to screen readers, which ignore these tags, what they mean.
    """
    parts: list[str] = []
    position, end, index = *span, 0
    for first, last in [*same, (len(words), len(words))]:
        if index < first:
            start, stop = words[index].start, words[first - 1].end
            parts += [
                escape_lines(text[position:start]),
                f'<{tag}><span class="visually-hidden"> [{label}: </span>',
                escape_lines(text[start:stop]),
                f'<span class="visually-hidden">] </span></{tag}>',
            ]
            position = stop
        index = last
    parts.append(escape_lines(text[position:end].rstrip()))
    return mark_safe("".join(parts))  # noqa: S308 - every text in it was escaped here
