"""How much each word tells, and how alike two editions are. Pure functions.

A word tells the more the fewer others say it. How many do is counted in what is public, and in
nothing else: no unreleased word moves a weight.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from statements.related.terms import Word

MOST_TERMS = 64
"""Of one edition: the most telling ones. More of them make the suggestions no better."""
FULL = 1000
"""How alike an edition is to itself."""
MORE_THAN_ONCE = 2
LONGEST_PHRASE = 4
MOST_PHRASES = 2

Vector = Mapping[int, float]
"""Key of a word → how much it tells here; of length 1."""


@dataclass(frozen=True)
class Rarity:
    """In how many of the public editions counted each word stands; one not named stands in one."""

    editions: int = 0
    with_word: Mapping[int, int] = field(default_factory=dict)

    def of(self, key: int) -> float:
        return math.log((1 + self.editions) / (1 + self.with_word.get(key, 1))) + 1


def counted(editions: Iterable[Sequence[Word]]) -> Rarity:
    """Words that stand in one edition only are not kept: that is what an unknown word has."""
    total, with_word = 0, Counter[int]()
    for words in editions:
        total += 1
        with_word.update({word.key for word in words})
    return Rarity(total, {key: many for key, many in with_word.items() if many > 1})


def vector(words: Sequence[Word], rarity: Rarity) -> dict[int, float]:
    """The most telling words, weighed: rarity counts twice, how often they are said by its log."""
    weighed = {
        key: (1 + math.log(often)) * rarity.of(key) ** 2 for key, often in said(words).items()
    }
    best = sorted(weighed.items(), key=lambda item: (-item[1], item[0]))[:MOST_TERMS]
    length = math.sqrt(sum(weight * weight for _, weight in best))
    return {key: weight / length for key, weight in best}


def said(words: Iterable[Word]) -> dict[int, float]:
    """How often each is said, a headline and a name counting for more."""
    often: dict[int, float] = {}
    for word in words:
        often[word.key] = often.get(word.key, 0) + word.counts
    return often


def likeness(one: Vector, other: Vector) -> int:
    """From 0, nothing in common, to FULL."""
    return round(FULL * sum(weight * other.get(key, 0) for key, weight in one.items()))


def phrases(words: Sequence[Word], content: str, one: Vector, other: Vector) -> list[tuple]:
    """Where the words stand that make the two alike, in the content of the first: (start, end).

    Words side by side make one phrase; the most telling phrase comes first. Numbers make none, nor
    what the first mentions in passing, if there is anything else.
    """
    shared = {key: weight * other[key] for key, weight in one.items() if key in other}
    dwelt_on = {key for key, often in said(words).items() if often >= MORE_THAN_ONCE}
    shared = {key: shared[key] for key in shared.keys() & dwelt_on} or shared
    found: dict[tuple[int, ...], tuple[int, int]] = {}
    for run in _runs(words, content, shared):
        keys = tuple(word.key for word in run)
        place = (run[0].start, run[-1].end)
        if keys not in found or _is_plainer(content, place, found[keys]):
            found[keys] = place
    return _most_telling(found, shared)


def _runs(words: Sequence[Word], content: str, shared: Vector) -> Iterable[list[Word]]:
    run: list[Word] = []
    for word in words:
        telling = word.key in shared and not word.is_number
        goes_on = run and content[run[-1].end : word.start] in (" ", "-")
        if run and not (telling and goes_on and len(run) < LONGEST_PHRASE):
            yield run
            run = []
        if telling:
            run.append(word)
    if run:
        yield run


def _is_plainer(content: str, place: tuple[int, int], kept: tuple[int, int]) -> bool:
    """Whether it is written smaller there: a headline or a sentence begins with a capital."""
    return content[slice(*kept)][0].isupper() and content[slice(*place)].islower()


def _most_telling(found: Mapping[tuple[int, ...], tuple], shared: Vector) -> list[tuple]:
    def tells(keys: tuple[int, ...]) -> float:
        return sum(shared[key] for key in set(keys))

    chosen: list[tuple] = []
    used: set[int] = set()
    for keys in sorted(found, key=lambda keys: (-tells(keys), found[keys])):
        if not used.intersection(keys) and len(chosen) < MOST_PHRASES:
            chosen.append(found[keys])
            used.update(keys)
    return chosen
