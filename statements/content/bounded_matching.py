"""Match two sequences in a bounded number of steps.

`difflib` takes quadratic time for sequences that repeat one item, and cubic time in the worst case:
2,000 brackets take a minute. A person's text never comes near the bound.
"""

from collections.abc import Hashable, Sequence
from difflib import Match, SequenceMatcher
from itertools import accumulate
from typing import TypeVar

Item = TypeVar("Item", bound=Hashable)

MAX_STEPS = 3_000_000
"""About half a second."""


class StepBudget:
    """The steps that a comparison may still take."""

    def __init__(self, steps: int = MAX_STEPS) -> None:
        self._remaining = steps

    def spend(self, steps: int) -> bool:
        """Take the steps, or return False if there are too few."""
        if steps > self._remaining:
            return False
        self._remaining -= steps
        return True


class BoundedMatcher(SequenceMatcher[Item]):
    """A SequenceMatcher that stops looking for matches when its budget is spent.

    From then on it only finds what is equal at the start and the end of a part. The rest of the
    part counts as changed.
    """

    # Set by SequenceMatcher; missing in its stubs.
    a: Sequence[Item]
    b: Sequence[Item]
    b2j: dict[Item, list[int]]

    def __init__(self, a: Sequence[Item], b: Sequence[Item], budget: StepBudget) -> None:
        super().__init__(None, a, b, autojunk=False)
        self._budget = budget
        counts = (1 + len(self.b2j.get(item, ())) for item in a)
        self._steps_before = [0, *accumulate(counts)]

    def find_longest_match(
        self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None
    ) -> Match:
        ahi = len(self.a) if ahi is None else ahi
        bhi = len(self.b) if bhi is None else bhi
        if self._budget.spend(self._steps_before[ahi] - self._steps_before[alo]):
            return super().find_longest_match(alo, ahi, blo, bhi)
        return self._match_start(alo, ahi, blo, bhi) or self._match_end(alo, ahi, blo, bhi)

    def _match_start(self, alo: int, ahi: int, blo: int, bhi: int) -> Match | None:
        longest, size = min(ahi - alo, bhi - blo), 0
        while size < longest and self.a[alo + size] == self.b[blo + size]:
            size += 1
        return Match(alo, blo, size) if size else None

    def _match_end(self, alo: int, ahi: int, blo: int, bhi: int) -> Match:
        longest, size = min(ahi - alo, bhi - blo), 0
        while size < longest and self.a[ahi - size - 1] == self.b[bhi - size - 1]:
            size += 1
        return Match(ahi - size, bhi - size, size) if size else Match(alo, blo, 0)
