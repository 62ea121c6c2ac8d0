"""Why a statement was found: the words that were looked for, marked where they stand. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from statements.search.backend import Phrase
from statements.search.stemming import Word, base, stem, words
from statements.search.terms import LONGEST, said

WIDTH = 38  # words of an extract
BEFORE = 8  # of them, before the first that is marked


@dataclass(frozen=True)
class Extract:
    """The headline with its marks, and the words of the statement that answer best."""

    headline: SafeString
    words: SafeString


@dataclass(frozen=True)
class Run:
    """Where one of the phrases stands in a text: words first to last, and which phrase it is."""

    first: int
    last: int
    phrase: int


def extract(content: Mapping[str, Any], pieces: list[set[Phrase]]) -> Extract:
    """`pieces` are what was looked for, each as the phrases that answer it in this language."""
    headline, language = content["headline"], content["language"]
    texts = [text for text in (content["summary"], *said(content)) if text]
    best, answered = None, 0
    for text in texts:
        read = Read(text, language, pieces)
        if len(read.answered()) > answered:
            best, answered = read, len(read.answered())
    return Extract(
        headline=Read(headline, language, pieces).marked(),
        words=best.shortened() if best else escape(content["summary"]),
    )


class Read:
    """A text, its words, and the runs in it that answer."""

    def __init__(self, text: str, language: str, pieces: list[set[Phrase]]) -> None:
        self.text = text
        self.words = list(words(text, language))
        tokens = [f"{stem(w.text, language)[:LONGEST]}.{base(language)}" for w in self.words]
        self.runs = list(_runs(tokens, pieces))

    def answered(self) -> set[int]:
        return {run.phrase for run in self.runs}

    def marked(self) -> SafeString:
        return self._marked(0, len(self.text))

    def shortened(self) -> SafeString:
        """The stretch that answers most of what was asked, with an ellipsis where it is cut."""
        first = max(0, self._best_start() - BEFORE)
        last = min(len(self.words), first + WIDTH) - 1
        first = max(0, last - WIDTH + 1)
        start = 0 if first == 0 else self.words[first].start
        end = len(self.text) if last == len(self.words) - 1 else self.words[last].end
        before, after = "… " if start else "", " …" if end < len(self.text) else ""
        return mark_safe(f"{before}{self._marked(start, end)}{after}")  # noqa: S308 - _marked escapes

    def _best_start(self) -> int:
        def worth(run: Run) -> int:
            near = range(run.first, run.first + WIDTH - BEFORE)
            return len({other.phrase for other in self.runs if other.last in near})

        return max(self.runs, key=worth).first  # the first of the best

    def _marked(self, start: int, end: int) -> SafeString:
        """The text from start to end, escaped, with each run that is whole in it in <mark>."""
        shown, at = [], start
        for first, last in _joined(self.runs, self.words):
            if first >= at and last <= end:
                shown += [
                    escape(self.text[at:first]),
                    f"<mark>{escape(self.text[first:last])}</mark>",
                ]
                at = last
        return mark_safe("".join([*shown, escape(self.text[at:end])]))  # noqa: S308 - escaped piece by piece


def _runs(tokens: list[str], pieces: list[set[Phrase]]) -> Iterable[Run]:
    for start in range(len(tokens)):
        for number, phrases in enumerate(pieces):
            for phrase in phrases:
                if (
                    tokens[start] == phrase[0]
                    and tuple(tokens[start : start + len(phrase)]) == phrase
                ):
                    yield Run(start, start + len(phrase) - 1, number)


def _joined(runs: list[Run], spoken: list[Word]) -> list[tuple[int, int]]:
    """From where to where in the text; runs that overlap are one."""
    found: list[tuple[int, int]] = []
    for run in runs:
        first, last = spoken[run.first].start, spoken[run.last].end
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found
