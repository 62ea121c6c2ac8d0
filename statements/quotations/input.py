"""What somebody pasted to have it checked, in the ways in which it can be meant. Pure.

First the whole of it; then, where it looks like a cutting from a report, the words in quotation
marks alone, or without the line that says who spoke. What was left aside is told to the reader.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from statements.content.quotation_marks import double_marks
from statements.quotations.matching import SINGLE
from statements.quotations.normalise import FEWEST_WORDS, fingerprints, parts, words

LONGEST = 5_000  # characters
MOST_ASIDE = 40  # words; beyond, it is no attribution but a text of somebody else's
VERBS = "said|says|added|adds|commented|comments|stated|states|wrote|writes|told [^:\n]{2,60}"
_SAID_BEFORE = re.compile(
    rf"\s*(?P<who>[^:\n]{{2,200}}\b(?:{VERBS})\s*:)\s*(?P<words>.+)", re.DOTALL
)
_NAMED_AFTER = re.compile(
    r"(?P<words>.+[.!?…”\"’'»])\s*(?:[–—―-]{1,2}|\n)\s*"
    r"(?P<who>(?:[^\W\d_a-z][\w.’'-]*\s?){1,5}(?:[,(][^\n]{0,150})?)\s*",
    re.DOTALL,
)


@dataclass(frozen=True)
class Asked:
    """Words to look for: `parts` where something was left out between them; what was not looked
    for is in `aside`."""

    parts: tuple[str, ...]
    aside: str = ""

    @cached_property
    def keys(self) -> list[list[str]]:
        found = [[word.key for word in words(part)] for part in self.parts]
        return [keys for keys in found if keys]

    @property
    def in_a_row(self) -> list[str]:
        return list(chain(*self.keys))

    @property
    def text(self) -> str:
        return " … ".join(part.strip() for part in self.parts)

    @property
    def is_long_enough(self) -> bool:
        """Whether there is a part that the index can find by itself."""
        return any(len(keys) >= FEWEST_WORDS for keys in self.keys)

    def prints(self) -> Iterator[list[int]]:
        """What an edition has that holds the words in a row; then, that holds the parts."""
        if len(self.in_a_row) >= FEWEST_WORDS:
            yield fingerprints(self.in_a_row)
        if len(self.keys) > 1 and self.is_long_enough:
            long = [keys for keys in self.keys if len(keys) >= FEWEST_WORDS]
            yield list(dict.fromkeys(chain(*map(fingerprints, long))))


def meanings(text: str) -> list[Asked]:
    """The ways in which a pasted text can be meant, the plainest first; only such as are long
    enough to be looked for."""
    found = [Asked(tuple(parts(text)))]
    for inside, aside in (_in_marks(text), _without_attribution(text)):
        few = 0 < len(words(aside)) <= MOST_ASIDE
        if few and inside:
            cut = tuple(part for one in inside for part in parts(one))
            found.append(Asked(cut, aside))
    return [asked for asked in found if asked.is_long_enough]


def _in_marks(text: str) -> tuple[list[str], str]:
    """What stands in the outer quotation marks, and what stands outside."""
    spans = list(_double(text)) or [one.span() for one in SINGLE.finditer(text) if " " in one[0]]
    if not spans:
        return [], ""
    ends = [0, *chain(*spans), len(text)]
    outside = [text[a:b].strip(" ,.\n") for a, b in zip(ends[::2], ends[1::2], strict=True)]
    return [text[a:b] for a, b in spans], " … ".join(filter(None, outside))


def _double(text: str) -> Iterator[tuple[int, int]]:
    """Paragraph by paragraph, as each of a quotation opens and only the last one closes."""
    for line in re.finditer(r"[^\n]+", text):
        opened = None
        for mark in double_marks(line[0]):
            if mark.opens and mark.depth == 1:
                opened = mark.at
            elif opened is not None and not mark.opens and mark.depth == 0:
                yield line.start() + opened, line.start() + mark.at + 1
                opened = None
        if opened is not None:
            yield line.start() + opened, line.end()


def _without_attribution(text: str) -> tuple[list[str], str]:
    """“Dave Hill said: We …”, and “We … . – Dave Hill, President”, where there are no marks."""
    for pattern in (_SAID_BEFORE, _NAMED_AFTER):
        if found := pattern.fullmatch(text.strip()):
            return [found["words"]], found["who"].strip(" .:")
    return [], ""
