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
from statements.content.html import bare_text
from statements.content.quotation_marks import double_marks
from statements.quotations.normalise import (
    Word,
    keys_of,
    number,
    places,
    rare_runs,
    words,
)

Content = Mapping[str, Any]

SINGLE = re.compile(r"(?<![^\W_])[‘'](?=\S)(.+?)(?<=\S)[’'](?![^\W_])", re.DOTALL)


@dataclass(frozen=True, eq=False)
class Piece:
    """A paragraph, or a line such as the headline, in reading order.

    Pieces of one `run` are one voice without a break. `number` is that of the quotation on the
    page; the speaker is None where the publisher wrote it.
    """

    what: str
    text: str
    run: int
    speaker: Mapping[str, Any] | None = None
    number: int | None = None

    @cached_property
    def words(self) -> list[Word]:
        return words(self.text)

    def may_hold(self, keys: Sequence[str]) -> bool:
        """False where a long plain word is missing, or is set with something unseen within."""
        folded = self.text.casefold()
        return all(key in folded for key in sorted(keys, key=len)[-3:] if key.isalpha())

    @cached_property
    def quotations(self) -> list[tuple[int, int]]:
        """Where somebody else's words stand in quotation marks, as places in the text."""
        found: list[tuple[int, int]] = []
        opened = None
        for mark in double_marks(self.text):
            if mark.opens and mark.depth == 1:
                opened = mark.at
            elif opened is not None and not mark.opens and mark.depth == 0:
                found.append((opened, mark.at + 1))
                opened = None
        if opened is not None:  # it goes on in the next paragraph
            found.append((opened, len(self.text) + 1))
        singles = [match.span() for match in SINGLE.finditer(self.text) if " " in match[0]]
        return found + [one for one in singles if not any(a <= one[0] < b for a, b in found)]


def pieces(content: Content) -> list[Piece]:
    """Everything that can be quoted, in reading order; nothing of what was erased."""
    if content.get("erased"):
        return []
    found = [Piece("headline", content["headline"], 0), Piece("summary", content["summary"], 1)]
    run, number = 1, None
    for passage, shown in zip(content["passages"], rendering.render_passages(content), strict=True):
        lines = [("heading", passage["heading"]), ("attribution", passage["attribution"])]
        for what, line in lines:
            run += 1
            found.append(Piece(what, line, run))
        if not shown.quoted or shown.number is not None:
            run, number = run + 1, shown.number
        speaker = passage["speaker"]
        found += [
            Piece("words", text, run, speaker, number) for text in map(bare_text, passage["blocks"])
        ]
    found += [Piece("notes", text, run + 1) for text in map(bare_text, content["notes_to_editors"])]
    return [piece for piece in found if piece.text.strip()]


@dataclass(frozen=True)
class Stretch:
    """A run of words as it stands in one piece: piece.text[start:end]."""

    piece: Piece
    start: int
    end: int

    @property
    def said(self) -> str:
        return self.piece.text[self.start : self.end]

    @property
    def is_within_quotation(self) -> bool:
        return any(a < self.start and self.end < b for a, b in self.piece.quotations)


class Reading:
    """The words of some pieces as one row, to look for words in."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self.words = [(piece, word) for piece in pieces for word in piece.words]
        self.keys = [word.key for _, word in self.words]

    def stretches(self, start: int, end: int) -> list[Stretch]:
        """The words from number `start` up to `end`, piece by piece."""
        found: list[Stretch] = []
        for piece, word in self.words[start:end]:
            if found and found[-1].piece is piece:
                found[-1] = Stretch(piece, found[-1].start, word.end)
            else:
                found.append(Stretch(piece, word.start, word.end))
        return found


def rows(found: Sequence[Piece]) -> list[Sequence[Piece]]:
    """As it is printed, and as it is said: without the lines between the passages."""
    said = [piece for piece in found if piece.what == "words"]
    if len({piece.run for piece in said}) < 2:  # the passages follow one another in print as well
        return [found]
    return [found, said]


def fingerprints_of(content: Content) -> set[int]:
    of_piece = {piece: keys_of(piece.text) for piece in pieces(content)}
    in_rows = (chain(*map(of_piece.__getitem__, row)) for row in rows([*of_piece]))
    runs = set(chain(*(rare_runs([*row]) for row in in_rows)))  # both rows share most of them
    return set(map(number, runs))


@dataclass(frozen=True)
class Found:
    """Where words stand in an edition: one list of stretches for each part that was asked for.

    More than one part means that words were left out between them. `row` is what one voice said
    without a break, where the parts stand in it in their order; `in_order` False: they do nowhere.
    """

    parts: list[list[Stretch]]
    row: list[Piece] = field(default_factory=list)
    in_order: bool = True

    @property
    def stretches(self) -> list[Stretch]:
        return list(chain(*self.parts))

    @property
    def is_one_quotation(self) -> bool:
        return self.in_order and len({stretch.piece.run for stretch in self.stretches}) == 1

    @property
    def is_within_quotation(self) -> bool:
        return all(stretch.is_within_quotation for stretch in self.stretches)

    @property
    def standing(self) -> tuple[bool, bool, bool, bool]:
        """The greater, the better an answer it is to who said the words."""
        first = self.stretches[0].piece
        return (
            self.is_one_quotation,
            first.speaker is not None and not self.is_within_quotation,
            first.speaker is not None,
            first.what == "words",
        )


def find(content: Content, sought: Sequence[Sequence[str]]) -> Found | None:
    """Where these keys stand: in a row, or the parts in order within one voice, or else the parts
    anywhere; None if not.

    Of several places the one where somebody says them counts before one where they are quoted or
    written.
    """
    everything = pieces(content)
    in_a_row = list(chain(*sought))
    # Most words stand within one piece, and most pieces can be passed by at a glance.
    likely = [Reading([piece]) for piece in everything if piece.may_hold(in_a_row)]
    return _find(likely, [in_a_row]) or _find([Reading(row) for row in rows(everything)], sought)


def _find(rows: Sequence[Reading], sought: Sequence[Sequence[str]]) -> Found | None:
    in_a_row = list(chain(*sought))
    found = [
        Found([row.stretches(at, at + len(in_a_row))])
        for row in rows
        for at in places(in_a_row, row.keys)
    ]
    if not found and len(sought) > 1:
        found = [one for run in _by_run(rows[0]) if (one := _in_order(run, sought))]
        if not found and (apart := _anywhere(rows[0], sought)):
            found = [apart]
    return max(found, key=lambda one: one.standing, default=None)


def _by_run(row: Reading) -> list[Reading]:
    runs: dict[int, dict[Piece, None]] = {}
    for piece, _ in row.words:
        runs.setdefault(piece.run, {})[piece] = None
    return [Reading(list(of_run)) for of_run in runs.values()]


def _in_order(row: Reading, sought: Sequence[Sequence[str]]) -> Found | None:
    at, parts = 0, []
    for part in sought:
        place = next(iter(places(part, row.keys[at:], most=1)), None)
        if place is None:
            return None
        parts.append(row.stretches(at + place, at + place + len(part)))
        at += place + len(part)
    return Found(parts, row=list(dict.fromkeys(piece for piece, _ in row.words)))


def _anywhere(row: Reading, sought: Sequence[Sequence[str]]) -> Found | None:
    """Each part where it stands first, as they are read on the page."""
    spans = [(at, at + len(part)) for part in sought for at in places(part, row.keys, most=1)]
    spans.sort()
    if len(spans) < len(sought) or any(a[1] > b[0] for a, b in pairwise(spans)):
        return None
    return Found([row.stretches(*span) for span in spans], in_order=False)
