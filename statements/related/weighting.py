"""Weigh the terms of an edition and compare two editions. Pure functions.

A term counts more where fewer editions have it. Only public editions are counted: no weight
depends on an unreleased word.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from statements.related.terms import TermOccurrence

MAX_TERMS = 64
"""Of one edition, those with the most weight. More of them do not improve the suggestions."""
MAX_SIMILARITY = 1000
"""The similarity of an edition to itself."""
MIN_MENTIONS = 2
MAX_PHRASE_WORDS = 4
MAX_PHRASES = 2

Span = tuple[int, int]
Vector = Mapping[int, float]
"""The weight of each term by its key; the vector has length 1."""


@dataclass(frozen=True)
class TermRarity:
    """In how many of the counted editions each term is; one that is not listed is in one."""

    editions: int = 0
    editions_with_term: Mapping[int, int] = field(default_factory=dict)

    def get_weight(self, key: int) -> float:
        """Return the inverse document frequency of a term."""
        return math.log((1 + self.editions) / (1 + self.editions_with_term.get(key, 1))) + 1


def count_document_frequencies(editions: Iterable[Sequence[TermOccurrence]]) -> TermRarity:
    """Count in how many editions each term is; leave out terms of one edition only."""
    total, counts = 0, Counter[int]()
    for terms in editions:
        total += 1
        counts.update({term.key for term in terms})
    return TermRarity(total, {key: count for key, count in counts.items() if count > 1})


def weigh_terms(terms: Sequence[TermOccurrence], rarity: TermRarity) -> dict[int, float]:
    """Return the terms with the most weight: by the square of rarity and the log of mentions."""
    weighed = {
        key: (1 + math.log(mentions)) * rarity.get_weight(key) ** 2
        for key, mentions in count_mentions(terms).items()
    }
    best = sorted(weighed.items(), key=lambda item: (-item[1], item[0]))[:MAX_TERMS]
    length = math.sqrt(sum(weight * weight for _, weight in best))
    return {key: weight / length for key, weight in best}


def count_mentions(terms: Iterable[TermOccurrence]) -> dict[int, float]:
    """Return how often each term is mentioned; headlines and names count for more."""
    mentions: dict[int, float] = {}
    for term in terms:
        mentions[term.key] = mentions.get(term.key, 0) + term.weight
    return mentions


def cosine_similarity(left: Vector, right: Vector) -> int:
    """Return a number from 0, nothing in common, to MAX_SIMILARITY."""
    return round(MAX_SIMILARITY * sum(weight * right.get(key, 0) for key, weight in left.items()))


def find_shared_phrases(
    terms: Sequence[TermOccurrence], content: str, vector: Vector, other: Vector
) -> list[Span]:
    """Find the words in the content of the first edition that make the two similar.

    Words next to each other make one phrase; the phrase with the most weight comes first. Numbers
    make none. What the first edition mentions only once makes one only if there is nothing else.
    """
    shared = {key: weight * other[key] for key, weight in vector.items() if key in other}
    mentions = count_mentions(terms)
    repeated = {key for key, count in mentions.items() if count >= MIN_MENTIONS}
    shared = {key: shared[key] for key in shared.keys() & repeated} or shared
    phrases: dict[tuple[int, ...], Span] = {}
    for run in _iter_shared_runs(terms, content, shared):
        keys = tuple(term.key for term in run)
        span = (run[0].start, run[-1].end)
        if keys not in phrases or _is_lower_case_variant(content, span, phrases[keys]):
            phrases[keys] = span
    return _select_phrases(phrases, shared)


def _iter_shared_runs(
    terms: Sequence[TermOccurrence], content: str, shared: Vector
) -> Iterable[list[TermOccurrence]]:
    run: list[TermOccurrence] = []
    for term in terms:
        is_shared = term.key in shared and not term.is_number
        is_adjacent = run and content[run[-1].end : term.start] in (" ", "-")
        if run and not (is_shared and is_adjacent and len(run) < MAX_PHRASE_WORDS):
            yield run
            run = []
        if is_shared:
            run.append(term)
    if run:
        yield run


def _is_lower_case_variant(content: str, span: Span, known: Span) -> bool:
    """Prefer lower case: a headline or a sentence gives any word a capital."""
    return content[slice(*known)][0].isupper() and content[slice(*span)].islower()


def _select_phrases(phrases: Mapping[tuple[int, ...], Span], shared: Vector) -> list[Span]:
    def weight(keys: tuple[int, ...]) -> float:
        return sum(shared[key] for key in set(keys))

    spans: list[Span] = []
    used: set[int] = set()
    for keys in sorted(phrases, key=lambda keys: (-weight(keys), phrases[keys])):
        if not used.intersection(keys) and len(spans) < MAX_PHRASES:
            spans.append(phrases[keys])
            used.update(keys)
    return spans
