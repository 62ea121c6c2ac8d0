"""Split “Foreign & Commonwealth Office and The Rt Hon William Hague” into its names.

Names of organisations contain commas and “and” themselves, and no rule of grammar tells them from
lists. The evidence is the whole column: a name that stands alone in another cell, or beside nobody
but people with titles. What the column does not tell stays unclear, whole, for a person to decide.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, field

from statements.parsing.name_shapes import (
    is_open_ended,
    is_organisation_shaped,
    is_person_shaped,
    is_titled,
)

ORGANISATION, PERSON, UNCLEAR = "organisation", "person", "unclear"
JOINTS = "and|und|et|y|e|och|og|en|with|mit|avec|con|on behalf of"
SEPARATOR = re.compile(
    rf"(,? (?:{JOINTS}) |\s*[,;،、，；]\s+|[、，；]| [/|–-] |,? (?:together|jointly) with )"
)
MIN_CELLS = 2
MIN_CELLS_OF_CLOSED_NAME = 3
"""A name of several pieces whose first could be a whole name needs more evidence."""
MAX_PIECES, MAX_TEXT_CHARS = 20, 4000
"""Of a text that is split; a longer one is left unclear."""


@dataclass(frozen=True)
class Issuer:
    """One name of a text. An unclear one may be a person, an organisation, or several names."""

    name: str
    kind: str


@dataclass(frozen=True)
class IssuerPiece:
    """A part of a text between two separators, with the separator before it."""

    joint: str
    text: str


@dataclass
class IssuerColumn:
    """The names that a whole column of issuers supports.

    `is_organisation` and `is_person` tell what the database, the mapping and other columns know.
    """

    is_organisation: Callable[[str], bool]
    is_person: Callable[[str], bool]
    names: set[str] = field(default_factory=set)
    _people: Container[str] = ()

    def learn_names(self, texts: Iterable[str]) -> None:
        """Find the names in the distinct texts of a column."""
        cells: dict[str, set[str]] = defaultdict(set)
        for text in texts:
            pieces = split_pieces(text) if len(text) <= MAX_TEXT_CHARS else []
            if len(pieces) <= MAX_PIECES:
                for run in self._find_runs(pieces):
                    cells[join_pieces(run)].add(join_pieces(pieces))
        for run_text in sorted(cells, key=lambda text: (len(split_pieces(text)), text)):
            if self._is_one_name(run_text, cells[run_text]):
                self.names.add(run_text)

    def split(self, text: str, *, people: Container[str] = ()) -> list[Issuer]:
        """Return every name in the text, in order, without losing a word.

        `people` are names of those who speak in the row of this text.
        """
        self._people = people
        if len(text) > MAX_TEXT_CHARS:
            return [Issuer(" ".join(text[:MAX_TEXT_CHARS].split()), UNCLEAR)]
        pieces = split_pieces(text)
        if not pieces or len(pieces) > MAX_PIECES:
            return [Issuer(" ".join(text.split()), UNCLEAR)] if pieces else []
        return [self._classify(run) for run in self._join_unclear(self._match_runs(pieces))]

    # --- Learning ---

    def _find_runs(self, pieces: list[IssuerPiece]) -> list[list[IssuerPiece]]:
        """Return the runs of pieces between people."""
        runs: list[list[IssuerPiece]] = [[]]
        for piece in pieces:
            if self._is_person([piece]):
                runs.append([])
            else:
                runs[-1].append(piece)
        return [run for run in runs if run]

    def _is_one_name(self, text: str, cells: set[str]) -> bool:
        pieces = split_pieces(text)
        if len(pieces) == 1 or self.is_organisation(text):
            return True
        min_cells = MIN_CELLS if is_open_ended(pieces[0].text) else MIN_CELLS_OF_CLOSED_NAME
        is_supported = _ends_in_one_word(pieces) or (  # Department for Work and Harbours
            len(cells) >= min_cells and _is_told_from_list(text, pieces, cells)
        )
        return is_supported and not any(self._is_name(run) for run in _sub_runs(pieces))

    # --- Splitting ---

    def _match_runs(self, pieces: list[IssuerPiece]) -> list[list[IssuerPiece]]:
        """Take the longest known name at each place; other pieces stay alone."""
        runs = []
        start = 0
        while start < len(pieces):
            ends = range(len(pieces), start, -1)
            end = next((end for end in ends if self._is_name(pieces[start:end])), start + 1)
            runs.append(pieces[start:end])
            start = end
        return runs

    def _join_unclear(self, runs: list[list[IssuerPiece]]) -> list[list[IssuerPiece]]:
        """Join the pieces between which the column shows no boundary."""
        joined: list[list[IssuerPiece]] = []
        for run in runs:
            if joined and not self._is_boundary(joined[-1], run):
                joined[-1] = joined[-1] + run
            else:
                joined.append(run)
        return joined

    def _is_boundary(self, before: list[IssuerPiece], after: list[IssuerPiece]) -> bool:
        """Return whether one name ends and another begins here.

        “Department of Health” may go on with “and Social Care”, and “Coastguard Agency” may have
        begun with “Maritime and”; a person, and two names that are known, do neither.
        """
        if self._is_person(before) or self._is_person(after):
            return True
        if not self._is_name(before):
            return False
        if self._is_name(after):
            return True
        return len(before) > 1 or not is_open_ended(before[0].text)

    def _classify(self, run: list[IssuerPiece]) -> Issuer:
        name = join_pieces(run)
        if self.is_organisation(name):
            return Issuer(name, ORGANISATION)
        if self._is_person(run):
            return Issuer(name, PERSON)
        is_organisation = self._is_name(run) and is_organisation_shaped(name)
        return Issuer(name, ORGANISATION if is_organisation else UNCLEAR)

    def _is_name(self, run: list[IssuerPiece]) -> bool:
        name = join_pieces(run)
        return name in self.names or self.is_organisation(name) or self._is_person(run)

    def _is_person(self, run: list[IssuerPiece]) -> bool:
        name = run[0].text
        is_one_piece = len(run) == 1 and not self.is_organisation(name)
        return is_one_piece and (name in self._people or self.is_person(name) or is_titled(name))


def split_pieces(text: str) -> list[IssuerPiece]:
    """Split a text at everything that may stand between two names."""
    parts = ["", *SEPARATOR.split(" ".join(text.replace("\n", "; ").split()))]
    pieces = zip(parts[::2], parts[1::2], strict=True)
    return [IssuerPiece(joint, piece) for joint, piece in pieces if piece]


def join_pieces(pieces: list[IssuerPiece]) -> str:
    return "".join([pieces[0].text, *(piece.joint + piece.text for piece in pieces[1:])])


def _sub_runs(pieces: list[IssuerPiece]) -> Iterable[list[IssuerPiece]]:
    """Return every shorter run of the pieces."""
    for start in range(len(pieces)):
        for end in range(start + 1, len(pieces) + 1):
            if end - start < len(pieces):
                yield pieces[start:end]


def _ends_in_one_word(pieces: list[IssuerPiece]) -> bool:
    """Return whether an open name goes on with one word: no full name of a person is one."""
    last = pieces[-1].text
    return (
        len(pieces) == 2
        and is_open_ended(pieces[0].text)
        and " " not in last
        and not last.isupper()
        and not is_titled(last)
    )


def _is_told_from_list(text: str, pieces: list[IssuerPiece], cells: set[str]) -> bool:
    """Return whether the way it stands in its cells is not that of a list, “A, B and C”."""
    if any(piece.joint.strip(", ") for piece in pieces[1:]):  # with “and”: more follows in a cell
        return any(cell != text for cell in cells)
    if is_person_shaped(pieces[-1].text):
        return False
    return text in cells and any(
        re.match(rf" (?:{JOINTS}) ", cell[len(text) :]) for cell in cells if cell.startswith(text)
    )
