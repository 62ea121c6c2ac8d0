"""Show why a statement was found: mark the words of the search in its text. No queries."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from statements.search.backend import Phrase
from statements.search.stemming import Token, find_compounds, find_words
from statements.search.terms import make_token, spoken_texts

EXCERPT_WORDS = 38
WORDS_BEFORE_MATCH = 8  # words of an excerpt before the first marked one


@dataclass(frozen=True)
class Excerpt:
    """The headline with its matches marked, and the part of the text that matches best."""

    headline: SafeString
    text: SafeString


@dataclass(frozen=True)
class PhraseMatch:
    """A phrase found in a text: its first and last word, and the number of the search term."""

    first: int
    last: int
    term: int


def build_excerpt(content: Mapping[str, Any], terms: list[set[Phrase]]) -> Excerpt:
    """Build the excerpt for a search. Each term is given as the phrases that match it."""
    headline, language = content["headline"], content["language"]
    texts = [text for text in (content["summary"], *spoken_texts(content)) if text]
    best, best_count = None, 0
    for text in texts:
        matcher = TextMatcher(text, language, terms)
        count = len(matcher.get_matched_terms())
        if count > best_count:
            best, best_count = matcher, count
    return Excerpt(
        headline=TextMatcher(headline, language, terms).highlight(),
        text=best.shorten() if best else escape(content["summary"]),
    )


class TextMatcher:
    """A text, its words, and the matches of a search in it."""

    def __init__(self, text: str, language: str, terms: list[set[Phrase]]) -> None:
        self.text = text
        self.words = list(find_words(text, language))
        tokens = [make_token(word.text, language) for word in self.words]
        matches = [*_find_matches(tokens, terms), *self._find_compound_matches(language, terms)]
        self.matches = sorted(matches, key=lambda match: (match.first, match.last))

    def _find_compound_matches(
        self, language: str, terms: list[set[Phrase]]
    ) -> Iterable[PhraseMatch]:
        """Find “e-mail” for “email”."""
        for compound in find_compounds(self.text):
            token = make_token(compound.text, language)
            numbers = [number for number, phrases in enumerate(terms) if (token,) in phrases]
            if numbers:
                first = bisect_left(self.words, compound.start, key=lambda word: word.start)
                last = bisect_left(self.words, compound.end, key=lambda word: word.start) - 1
                yield from (PhraseMatch(first, last, number) for number in numbers)

    def get_matched_terms(self) -> set[int]:
        return {match.term for match in self.matches}

    def highlight(self) -> SafeString:
        return self._highlight_span(0, len(self.text))

    def shorten(self) -> SafeString:
        """Return the part of the text that matches most terms, with “…” where it is cut."""
        first = max(0, self._find_best_start() - WORDS_BEFORE_MATCH)
        last = min(len(self.words), first + EXCERPT_WORDS) - 1
        first = max(0, last - EXCERPT_WORDS + 1)
        start = 0 if first == 0 else self.words[first].start
        end = len(self.text) if last == len(self.words) - 1 else self.words[last].end
        before, after = "… " if start else "", " …" if end < len(self.text) else ""
        marked = self._highlight_span(start, end)
        return mark_safe(f"{before}{marked}{after}")  # noqa: S308 - _highlight_span escapes

    def _find_best_start(self) -> int:
        def count_terms(start: PhraseMatch) -> int:
            shown = range(start.first, start.first + EXCERPT_WORDS - WORDS_BEFORE_MATCH)
            return len({match.term for match in self.matches if match.last in shown})

        return max(self.matches, key=count_terms).first

    def _highlight_span(self, start: int, end: int) -> SafeString:
        """Return text[start:end], escaped, with every match inside it in <mark>."""
        parts, position = [], start
        for first, last in _merge_overlaps(self.matches, self.words):
            if first >= position and last <= end:
                parts += [
                    escape(self.text[position:first]),
                    f"<mark>{escape(self.text[first:last])}</mark>",
                ]
                position = last
        parts.append(escape(self.text[position:end]))
        return mark_safe("".join(parts))  # noqa: S308 - every part is escaped


def _find_matches(tokens: list[str], terms: list[set[Phrase]]) -> Iterable[PhraseMatch]:
    for start, token in enumerate(tokens):
        for number, phrases in enumerate(terms):
            for phrase in phrases:
                end = start + len(phrase)
                if token == phrase[0] and tuple(tokens[start:end]) == phrase:
                    yield PhraseMatch(start, end - 1, number)


def _merge_overlaps(matches: list[PhraseMatch], words: list[Token]) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for match in matches:
        start, end = words[match.first].start, words[match.last].end
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], end))
        else:
            spans.append((start, end))
    return spans
