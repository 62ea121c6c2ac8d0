"""Frozen words as somebody who quotes them finds them: piece by piece, each with its voice. Pure.

What can be quoted from an edition are its headline, its summary, its passages with what is printed
above them, and its notes to editors.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, pairwise
from typing import Any

from statements.content import rendering
from statements.content.html import text_of_block
from statements.content.quotation_marks import find_double_marks
from statements.quotations.normalise import (
    NormalisedWord,
    find_sequence,
    find_words,
    hash_shingle,
    normalise_words,
    winnow_shingles,
)

Content = Mapping[str, Any]

SINGLE_QUOTED = re.compile(r"(?<![^\W_])[‘'](?=\S)(.+?)(?<=\S)[’'](?![^\W_])", re.DOTALL)


@dataclass(frozen=True, eq=False)
class QuotablePiece:
    """A paragraph, or a line such as the headline, in reading order.

    Pieces of one `run` are one voice without a break. `number` is that of the quotation on the
    page; the speaker is None where the publisher wrote it.
    """

    kind: str
    text: str
    run: int
    speaker: Mapping[str, Any] | None = None
    number: int | None = None

    @cached_property
    def words(self) -> list[NormalisedWord]:
        return find_words(self.text)

    def may_contain(self, keys: Sequence[str]) -> bool:
        """False where a long plain word is missing, or is set with something unseen within."""
        folded = self.text.casefold()
        return all(key in folded for key in sorted(keys, key=len)[-3:] if key.isalpha())

    @cached_property
    def quotations(self) -> list[tuple[int, int]]:
        """Where somebody else's words stand in quotation marks, as places in the text."""
        found: list[tuple[int, int]] = []
        opened = None
        for mark in find_double_marks(self.text):
            if mark.opens and mark.depth == 1:
                opened = mark.position
            elif opened is not None and not mark.opens and mark.depth == 0:
                found.append((opened, mark.position + 1))
                opened = None
        if opened is not None:  # it goes on in the next paragraph
            found.append((opened, len(self.text) + 1))
        singles = [match.span() for match in SINGLE_QUOTED.finditer(self.text) if " " in match[0]]
        return found + [one for one in singles if not any(a <= one[0] < b for a, b in found)]


def list_pieces(content: Content) -> list[QuotablePiece]:
    """Everything that can be quoted, in reading order; nothing of what was erased."""
    if content.get("erased"):
        return []
    found = [
        QuotablePiece("headline", content["headline"], 0),
        QuotablePiece("summary", content["summary"], 1),
    ]
    run, number = 1, None
    for passage, shown in zip(content["passages"], rendering.render_passages(content), strict=True):
        lines = [("heading", passage["heading"]), ("attribution", passage["attribution"])]
        for what, line in lines:
            run += 1
            found.append(QuotablePiece(what, line, run))
        if not shown.is_quoted or shown.number is not None:
            run, number = run + 1, shown.number
        speaker = passage["speaker"]
        found += [
            QuotablePiece("words", text, run, speaker, number)
            for text in map(text_of_block, passage["blocks"])
        ]
    found += [
        QuotablePiece("notes", text, run + 1)
        for text in map(text_of_block, content["notes_to_editors"])
    ]
    return [piece for piece in found if piece.text.strip()]


@dataclass(frozen=True)
class TextSpan:
    """A run of words as it stands in one piece: piece.text[start:end]."""

    piece: QuotablePiece
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.piece.text[self.start : self.end]

    @property
    def is_within_quotation(self) -> bool:
        return any(a < self.start and self.end < b for a, b in self.piece.quotations)


class WordSequence:
    """The words of some pieces as one row, to look for words in."""

    def __init__(self, pieces: Sequence[QuotablePiece]) -> None:
        self.words = [(piece, word) for piece in pieces for word in piece.words]
        self.keys = [word.key for _, word in self.words]

    def spans_between(self, start: int, end: int) -> list[TextSpan]:
        """The words from number `start` up to `end`, piece by piece."""
        found: list[TextSpan] = []
        for piece, word in self.words[start:end]:
            if found and found[-1].piece is piece:
                found[-1] = TextSpan(piece, found[-1].start, word.end)
            else:
                found.append(TextSpan(piece, word.start, word.end))
        return found


def get_reading_orders(found: Sequence[QuotablePiece]) -> list[Sequence[QuotablePiece]]:
    """As it is printed, and as it is said: without the lines between the passages."""
    said = [piece for piece in found if piece.kind == "words"]
    if len({piece.run for piece in said}) < 2:  # the passages follow one another in print as well
        return [found]
    return [found, said]


def fingerprint_content(content: Content) -> set[int]:
    of_piece = {piece: normalise_words(piece.text) for piece in list_pieces(content)}
    in_rows = (chain(*map(of_piece.__getitem__, row)) for row in get_reading_orders([*of_piece]))
    runs = set(chain(*(winnow_shingles([*row]) for row in in_rows)))  # both rows share most of them
    return set(map(hash_shingle, runs))


@dataclass(frozen=True)
class QuoteMatch:
    """Where words stand in an edition: one list of stretches for each part that was asked for.

    More than one part means that words were left out between them. `row` is what one voice said
    without a break, where the parts stand in it in their order; `in_order` False: they do nowhere.
    """

    parts: list[list[TextSpan]]
    voice_pieces: list[QuotablePiece] = field(default_factory=list)
    is_in_order: bool = True

    @property
    def spans(self) -> list[TextSpan]:
        return list(chain(*self.parts))

    @property
    def is_one_quotation(self) -> bool:
        return self.is_in_order and len({stretch.piece.run for stretch in self.spans}) == 1

    @property
    def is_within_quotation(self) -> bool:
        return all(stretch.is_within_quotation for stretch in self.spans)

    @property
    def rank(self) -> tuple[bool, bool, bool, bool]:
        """The greater, the better an answer it is to who said the words."""
        first = self.spans[0].piece
        return (
            self.is_one_quotation,
            first.speaker is not None and not self.is_within_quotation,
            first.speaker is not None,
            first.kind == "words",
        )


def find_quote(content: Content, sought: Sequence[Sequence[str]]) -> QuoteMatch | None:
    """Where these keys stand: in a row, or the parts in order within one voice, or else the parts
    anywhere; None if not.

    Of several places the one where somebody says them counts before one where they are quoted or
    written.
    """
    everything = list_pieces(content)
    in_a_row = list(chain(*sought))
    # Most words stand within one piece, and most pieces can be passed by at a glance.
    likely = [WordSequence([piece]) for piece in everything if piece.may_contain(in_a_row)]
    return _find_in_sequences(likely, [in_a_row]) or _find_in_sequences(
        [WordSequence(row) for row in get_reading_orders(everything)], sought
    )


def _find_in_sequences(
    rows: Sequence[WordSequence], sought: Sequence[Sequence[str]]
) -> QuoteMatch | None:
    in_a_row = list(chain(*sought))
    found = [
        QuoteMatch([row.spans_between(at, at + len(in_a_row))])
        for row in rows
        for at in find_sequence(in_a_row, row.keys)
    ]
    if not found and len(sought) > 1:
        found = [one for run in _split_by_run(rows[0]) if (one := _match_in_order(run, sought))]
        if not found and (apart := _match_anywhere(rows[0], sought)):
            found = [apart]
    return max(found, key=lambda one: one.rank, default=None)


def _split_by_run(row: WordSequence) -> list[WordSequence]:
    runs: dict[int, dict[QuotablePiece, None]] = {}
    for piece, _ in row.words:
        runs.setdefault(piece.run, {})[piece] = None
    return [WordSequence(list(of_run)) for of_run in runs.values()]


def _match_in_order(row: WordSequence, sought: Sequence[Sequence[str]]) -> QuoteMatch | None:
    at, parts = 0, []
    for part in sought:
        place = next(iter(find_sequence(part, row.keys[at:], max_matches=1)), None)
        if place is None:
            return None
        parts.append(row.spans_between(at + place, at + place + len(part)))
        at += place + len(part)
    return QuoteMatch(parts, voice_pieces=list(dict.fromkeys(piece for piece, _ in row.words)))


def _match_anywhere(row: WordSequence, sought: Sequence[Sequence[str]]) -> QuoteMatch | None:
    """Each part where it stands first, as they are read on the page."""
    spans = [
        (at, at + len(part))
        for part in sought
        for at in find_sequence(part, row.keys, max_matches=1)
    ]
    spans.sort()
    if len(spans) < len(sought) or any(a[1] > b[0] for a, b in pairwise(spans)):
        return None
    return QuoteMatch([row.spans_between(*span) for span in spans], is_in_order=False)
