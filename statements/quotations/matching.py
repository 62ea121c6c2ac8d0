"""Find a quotation in frozen content, piece by piece, each piece with its speaker. No queries.

The fields that can be quoted are marked `is_quotable` in the content schema: headline, summary,
passages with their headings and attributions, and notes to editors.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, pairwise
from typing import Any

from statements.content import rendering, schema
from statements.content.html import text_of_block
from statements.content.quotation_marks import find_double_quoted
from statements.quotations.normalise import (
    NormalisedWord,
    find_sequence,
    find_words,
    hash_shingle,
    normalise_words,
    winnow_shingles,
)

Content = Mapping[str, Any]
Speaker = Mapping[str, Any] | None

SPOKEN_FIELD = "paragraphs"
"""The field of a passage that its speaker said; the others are printed around it."""
SINGLE_OPENING = re.compile(r"(?<![^\W_])[‘'](?=\S)")
SINGLE_CLOSING = re.compile(r"(?<=\S)[’'](?![^\W_])")


@dataclass(frozen=True, eq=False)
class QuotablePiece:
    """A paragraph, or a line such as the headline, in reading order.

    `field` is its key in the content schema. Pieces of one `run` are one speaker without a break.
    `number` is that of the quotation on the page; without a speaker, the publisher wrote it.
    """

    field: str
    text: str
    run: int
    speaker: Speaker = None
    number: int | None = None

    @cached_property
    def words(self) -> list[NormalisedWord]:
        return find_words(self.text)

    def may_contain(self, keys: Sequence[str]) -> bool:
        """Check quickly for the longest words.

        False also if the text has an invisible character inside one of them: a slower check
        follows.
        """
        folded = self.text.casefold()
        return all(key in folded for key in sorted(keys, key=len)[-3:] if key.isalpha())

    @cached_property
    def quotations(self) -> list[tuple[int, int]]:
        """Start and end in the text of other people's words in quotation marks."""
        doubles = list(find_double_quoted(self.text))
        starts = [start for start, _ in doubles]

        def is_within_double(position: int) -> bool:
            index = bisect_right(starts, position) - 1
            return index >= 0 and position < doubles[index][1]

        singles = find_single_quoted(self.text)
        return doubles + [single for single in singles if not is_within_double(single[0])]


def find_single_quoted(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each quotation of several words in single marks, marks included.

    One search for both marks would look for the end again from each apostrophe.
    """
    closings = [match.start() for match in SINGLE_CLOSING.finditer(text)]
    end = 0
    for opening in SINGLE_OPENING.finditer(text):
        index = bisect_left(closings, opening.start() + 2)  # not the mark right after it
        if opening.start() < end or index == len(closings):
            continue
        end = closings[index] + 1
        if text.find(" ", opening.start(), end) >= 0:
            yield opening.start(), end


def list_pieces(content: Content) -> list[QuotablePiece]:
    """Return everything that can be quoted, in reading order; nothing if it was erased."""
    if content.get("erased"):
        return []
    numbers = _number_passages(content)
    pieces = []
    for run, (entry, owner, position) in enumerate(schema.walk_fields(content)):
        if not entry.is_quotable:
            continue
        speaker, number = None, None
        if position is not None and entry.key == SPOKEN_FIELD:
            speaker, number = owner["speaker"], numbers[position]
        pieces += [
            QuotablePiece(entry.key, text, run, speaker, number)
            for text in _texts(entry, owner)
            if text.strip()
        ]
    return pieces


def _number_passages(content: Content) -> list[int | None]:
    numbers: list[int | None] = []
    number = None
    for passage in rendering.render_passages(content):
        if not passage.is_quoted or passage.number is not None:  # else it continues the quotation
            number = passage.number
        numbers.append(number)
    return numbers


def _texts(entry: schema.Field, owner: Content) -> list[str]:
    value = entry.value_in(owner)
    return list(map(text_of_block, value)) if entry.type is schema.PARAGRAPHS else [value]


@dataclass(frozen=True)
class TextSpan:
    """Consecutive words in one piece: piece.text[start:end]."""

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
    """The words of some pieces as one sequence to search in."""

    def __init__(self, pieces: Sequence[QuotablePiece]) -> None:
        self.words = [(piece, word) for piece in pieces for word in piece.words]
        self.keys = [word.key for _, word in self.words]

    def spans_between(self, start: int, end: int) -> list[TextSpan]:
        """Return words[start:end] as one span for each piece."""
        spans: list[TextSpan] = []
        for piece, word in self.words[start:end]:
            if spans and spans[-1].piece is piece:
                spans[-1] = TextSpan(piece, spans[-1].start, word.end)
            else:
                spans.append(TextSpan(piece, word.start, word.end))
        return spans


def get_reading_orders(pieces: Sequence[QuotablePiece]) -> list[Sequence[QuotablePiece]]:
    """Return the pieces as printed, and as spoken: without the lines between the passages."""
    spoken = [piece for piece in pieces if piece.field == SPOKEN_FIELD]
    if len({piece.run for piece in spoken}) < 2:  # nothing is printed between them
        return [pieces]
    return [pieces, spoken]


def fingerprint_content(content: Content) -> set[int]:
    """Return the fingerprints of everything that can be quoted, in both reading orders."""
    keys = {piece: normalise_words(piece.text) for piece in list_pieces(content)}
    sequences = (chain(*map(keys.__getitem__, order)) for order in get_reading_orders([*keys]))
    # Joined before hashing, because both orders have most shingles in common.
    shingles = set(chain(*(winnow_shingles([*sequence]) for sequence in sequences)))
    return set(map(hash_shingle, shingles))


@dataclass(frozen=True)
class QuoteMatch:
    """The places of a quotation in an edition: a list of spans for each of its parts.

    Several parts mean that words were left out between them. `voice_pieces` is everything that one
    speaker said without a break, if it contains the parts in this order. If they are only in
    different places, `is_in_order` is False.
    """

    parts: list[list[TextSpan]]
    voice_pieces: list[QuotablePiece] = field(default_factory=list)
    is_in_order: bool = True

    @property
    def spans(self) -> list[TextSpan]:
        return list(chain(*self.parts))

    @property
    def is_one_quotation(self) -> bool:
        return self.is_in_order and len({span.piece.run for span in self.spans}) == 1

    @property
    def is_within_quotation(self) -> bool:
        return all(span.is_within_quotation for span in self.spans)

    @property
    def rank(self) -> tuple[bool, bool, bool, bool]:
        """How well it answers who said the words; the highest is the best."""
        first = self.spans[0].piece
        return (
            self.is_one_quotation,
            first.speaker is not None and not self.is_within_quotation,
            first.speaker is not None,
            first.field == SPOKEN_FIELD,
        )


def find_quote(content: Content, parts: Sequence[Sequence[str]]) -> QuoteMatch | None:
    """Find the parts of a quotation, each given as the keys of its words.

    First in direct sequence, then in order within one speaker's words, then anywhere. Of several
    places, one where somebody says the words wins over one where they are quoted or written.
    """
    pieces = list_pieces(content)
    all_keys = list(chain(*parts))
    # Most quotations are within one piece, and most pieces can be ruled out quickly.
    likely = [WordSequence([piece]) for piece in pieces if piece.may_contain(all_keys)]
    return _find_in_sequences(likely, [all_keys]) or _find_in_sequences(
        [WordSequence(order) for order in get_reading_orders(pieces)], parts
    )


def _find_in_sequences(
    sequences: Sequence[WordSequence], parts: Sequence[Sequence[str]]
) -> QuoteMatch | None:
    all_keys = list(chain(*parts))
    matches = [
        QuoteMatch([sequence.spans_between(at, at + len(all_keys))])
        for sequence in sequences
        for at in find_sequence(all_keys, sequence.keys)
    ]
    if not matches and len(parts) > 1:
        runs = _split_by_run(sequences[0])
        matches = [match for run in runs if (match := _match_in_order(run, parts))]
        if not matches and (scattered := _match_anywhere(sequences[0], parts)):
            matches = [scattered]
    return max(matches, key=lambda match: match.rank, default=None)


def _split_by_run(sequence: WordSequence) -> list[WordSequence]:
    runs: dict[int, dict[QuotablePiece, None]] = {}
    for piece, _ in sequence.words:
        runs.setdefault(piece.run, {})[piece] = None
    return [WordSequence(list(pieces)) for pieces in runs.values()]


def _match_in_order(sequence: WordSequence, parts: Sequence[Sequence[str]]) -> QuoteMatch | None:
    at, spans = 0, []
    for part in parts:
        offset = next(iter(find_sequence(part, sequence.keys[at:], max_matches=1)), None)
        if offset is None:
            return None
        spans.append(sequence.spans_between(at + offset, at + offset + len(part)))
        at += offset + len(part)
    return QuoteMatch(spans, voice_pieces=list(dict.fromkeys(piece for piece, _ in sequence.words)))


def _match_anywhere(sequence: WordSequence, parts: Sequence[Sequence[str]]) -> QuoteMatch | None:
    """Match the first place of each part, without overlap, in the order of the page."""
    places = [
        (at, at + len(part))
        for part in parts
        for at in find_sequence(part, sequence.keys, max_matches=1)
    ]
    places.sort()
    if len(places) < len(parts) or any(a[1] > b[0] for a, b in pairwise(places)):
        return None
    return QuoteMatch([sequence.spans_between(*place) for place in places], is_in_order=False)
