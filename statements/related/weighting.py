"""How much each word tells, and how alike two editions are. Pure functions.

A word tells the more the fewer others say it. How many do is counted in what is public, and in
nothing else: no unreleased word moves a weight.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from statements.related.terms import TermOccurrence

MAX_TERMS = 64
"""Of one edition: the most telling ones. More of them make the suggestions no better."""
MAX_SIMILARITY = 1000
"""How alike an edition is to itself."""
MIN_MENTIONS = 2
MAX_PHRASE_WORDS = 4
MAX_PHRASES = 2

Vector = Mapping[int, float]
"""Key of a word → how much it tells here; of length 1."""


@dataclass(frozen=True)
class TermRarity:
    """In how many of the public editions counted each word stands; one not named stands in one."""

    editions: int = 0
    editions_with_term: Mapping[int, int] = field(default_factory=dict)

    def get_weight(self, key: int) -> float:
        return math.log((1 + self.editions) / (1 + self.editions_with_term.get(key, 1))) + 1


def count_document_frequencies(editions: Iterable[Sequence[TermOccurrence]]) -> TermRarity:
    """Words that stand in one edition only are not kept: that is what an unknown word has."""
    total, with_word = 0, Counter[int]()
    for words in editions:
        total += 1
        with_word.update({word.key for word in words})
    return TermRarity(total, {key: many for key, many in with_word.items() if many > 1})


def weigh_terms(words: Sequence[TermOccurrence], rarity: TermRarity) -> dict[int, float]:
    """The most telling words, weighed: rarity counts twice, how often they are said by its log."""
    weighed = {
        key: (1 + math.log(often)) * rarity.get_weight(key) ** 2
        for key, often in count_mentions(words).items()
    }
    best = sorted(weighed.items(), key=lambda item: (-item[1], item[0]))[:MAX_TERMS]
    length = math.sqrt(sum(weight * weight for _, weight in best))
    return {key: weight / length for key, weight in best}


def count_mentions(words: Iterable[TermOccurrence]) -> dict[int, float]:
    """How often each is said, a headline and a name counting for more."""
    often: dict[int, float] = {}
    for word in words:
        often[word.key] = often.get(word.key, 0) + word.weight
    return often


def cosine_similarity(one: Vector, other: Vector) -> int:
    """From 0, nothing in common, to FULL."""
    return round(MAX_SIMILARITY * sum(weight * other.get(key, 0) for key, weight in one.items()))


def find_shared_phrases(
    words: Sequence[TermOccurrence], content: str, one: Vector, other: Vector
) -> list[tuple]:
    """Where the words stand that make the two alike, in the content of the first: (start, end).

    Words side by side make one phrase; the most telling phrase comes first. Numbers make none, nor
    what the first mentions in passing, if there is anything else.
    """
    shared = {key: weight * other[key] for key, weight in one.items() if key in other}
    dwelt_on = {key for key, often in count_mentions(words).items() if often >= MIN_MENTIONS}
    shared = {key: shared[key] for key in shared.keys() & dwelt_on} or shared
    found: dict[tuple[int, ...], tuple[int, int]] = {}
    for run in _iter_shared_runs(words, content, shared):
        keys = tuple(word.key for word in run)
        place = (run[0].start, run[-1].end)
        if keys not in found or _is_written_smaller(content, place, found[keys]):
            found[keys] = place
    return _select_phrases(found, shared)


def _iter_shared_runs(
    words: Sequence[TermOccurrence], content: str, shared: Vector
) -> Iterable[list[TermOccurrence]]:
    run: list[TermOccurrence] = []
    for word in words:
        telling = word.key in shared and not word.is_number
        goes_on = run and content[run[-1].end : word.start] in (" ", "-")
        if run and not (telling and goes_on and len(run) < MAX_PHRASE_WORDS):
            yield run
            run = []
        if telling:
            run.append(word)
    if run:
        yield run


def _is_written_smaller(content: str, place: tuple[int, int], kept: tuple[int, int]) -> bool:
    """Whether it is written smaller there: a headline or a sentence begins with a capital."""
    return content[slice(*kept)][0].isupper() and content[slice(*place)].islower()


def _select_phrases(found: Mapping[tuple[int, ...], tuple], shared: Vector) -> list[tuple]:
    def tells(keys: tuple[int, ...]) -> float:
        return sum(shared[key] for key in set(keys))

    chosen: list[tuple] = []
    used: set[int] = set()
    for keys in sorted(found, key=lambda keys: (-tells(keys), found[keys])):
        if not used.intersection(keys) and len(chosen) < MAX_PHRASES:
            chosen.append(found[keys])
            used.update(keys)
    return chosen
