"""Why a statement was found: the words that were looked for, marked where they stand. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from statements.search.backend import Phrase
from statements.search.stemming import Token, base_language, find_words, stem_word
from statements.search.terms import MAX_STEM_CHARS, spoken_texts

EXCERPT_WORDS = 38  # words of an extract
WORDS_BEFORE_MATCH = 8  # of them, before the first that is marked


@dataclass(frozen=True)
class Excerpt:
    """The headline with its marks, and the words of the statement that answer best."""

    headline: SafeString
    text: SafeString


@dataclass(frozen=True)
class PhraseMatch:
    """Where one of the phrases stands in a text: words first to last, and which phrase it is."""

    first: int
    last: int
    phrase: int


def build_excerpt(content: Mapping[str, Any], pieces: list[set[Phrase]]) -> Excerpt:
    """`pieces` are what was looked for, each as the phrases that answer it in this language."""
    headline, language = content["headline"], content["language"]
    texts = [text for text in (content["summary"], *spoken_texts(content)) if text]
    best, answered = None, 0
    for text in texts:
        read = TextMatcher(text, language, pieces)
        if len(read.get_matched_phrases()) > answered:
            best, answered = read, len(read.get_matched_phrases())
    return Excerpt(
        headline=TextMatcher(headline, language, pieces).highlight(),
        text=best.shorten() if best else escape(content["summary"]),
    )


class TextMatcher:
    """A text, its words, and the runs in it that answer."""

    def __init__(self, text: str, language: str, pieces: list[set[Phrase]]) -> None:
        self.text = text
        self.words = list(find_words(text, language))
        tokens = [
            f"{stem_word(w.text, language)[:MAX_STEM_CHARS]}.{base_language(language)}"
            for w in self.words
        ]
        self.matches = list(_find_matches(tokens, pieces))

    def get_matched_phrases(self) -> set[int]:
        return {run.phrase for run in self.matches}

    def highlight(self) -> SafeString:
        return self._highlight_span(0, len(self.text))

    def shorten(self) -> SafeString:
        """The stretch that answers most of what was asked, with an ellipsis where it is cut."""
        first = max(0, self._find_best_start() - WORDS_BEFORE_MATCH)
        last = min(len(self.words), first + EXCERPT_WORDS) - 1
        first = max(0, last - EXCERPT_WORDS + 1)
        start = 0 if first == 0 else self.words[first].start
        end = len(self.text) if last == len(self.words) - 1 else self.words[last].end
        before, after = "… " if start else "", " …" if end < len(self.text) else ""
        return mark_safe(f"{before}{self._highlight_span(start, end)}{after}")  # noqa: S308 - _marked escapes

    def _find_best_start(self) -> int:
        def worth(run: PhraseMatch) -> int:
            near = range(run.first, run.first + EXCERPT_WORDS - WORDS_BEFORE_MATCH)
            return len({other.phrase for other in self.matches if other.last in near})

        return max(self.matches, key=worth).first  # the first of the best

    def _highlight_span(self, start: int, end: int) -> SafeString:
        """The text from start to end, escaped, with each run that is whole in it in <mark>."""
        shown, at = [], start
        for first, last in _merge_overlaps(self.matches, self.words):
            if first >= at and last <= end:
                shown += [
                    escape(self.text[at:first]),
                    f"<mark>{escape(self.text[first:last])}</mark>",
                ]
                at = last
        return mark_safe("".join([*shown, escape(self.text[at:end])]))  # noqa: S308 - escaped piece by piece


def _find_matches(tokens: list[str], pieces: list[set[Phrase]]) -> Iterable[PhraseMatch]:
    for start in range(len(tokens)):
        for number, phrases in enumerate(pieces):
            for phrase in phrases:
                if (
                    tokens[start] == phrase[0]
                    and tuple(tokens[start : start + len(phrase)]) == phrase
                ):
                    yield PhraseMatch(start, start + len(phrase) - 1, number)


def _merge_overlaps(runs: list[PhraseMatch], spoken: list[Token]) -> list[tuple[int, int]]:
    """From where to where in the text; runs that overlap are one."""
    found: list[tuple[int, int]] = []
    for run in runs:
        first, last = spoken[run.first].start, spoken[run.last].end
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found
