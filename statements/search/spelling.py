"""Suggest another word for one that nothing matches, for “Did you mean …?” on the page.

A word is tried with one letter more, less or different, or with two letters swapped. The index also
holds stems of editions that are not public. So each candidate is searched for among public
editions, and one without a hit has no influence on the suggestion.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from statements.content.languages import base_language
from statements.search import backend
from statements.search.backend import SearchHit, SearchQuery
from statements.search.query import ParsedQuery, QueryTerm, build_clauses
from statements.search.stemming import find_words, stem_word
from statements.search.terms import MAX_STEM_CHARS, list_body_texts, list_names
from statements.search.vocabulary import Vocabulary, find_known_stems

MIN_WORD_CHARS = 4  # a shorter word is one letter away from too many others
MAX_CANDIDATE_HITS = 50  # candidates with more hits than this rank equally
LATIN = "abcdefghijklmnopqrstuvwxyz"


def suggest(parsed: ParsedQuery, vocabulary: Vocabulary, *, at: dt.datetime) -> ParsedQuery | None:
    """Return the search with other words for those that nothing public contains.

    None if a word has no substitute, or if every word is found and only their combination is not.
    """
    suggestion = parsed
    for term in parsed.required_terms:
        if _is_one_word(term) and not _find_hits(build_clauses([term], vocabulary)[0], 1, at):
            if not (word := _find_nearest_word(term, vocabulary.languages, at)):
                return None
            suggestion = suggestion.replace_term(term, word)
    return suggestion if suggestion is not parsed else None


def _is_one_word(term: QueryTerm) -> bool:
    words = list(find_words(term.text))
    return len(words) == 1 and len(words[0].text) >= MIN_WORD_CHARS and words[0].text.isalpha()


def _find_nearest_word(term: QueryTerm, languages: list[str], at: dt.datetime) -> str:
    candidates = []
    for language in languages:
        typed = next(find_words(term.text, language)).text[:MAX_STEM_CHARS]
        costs = _find_similar_stems(typed, language)
        for _, stem in find_known_stems(costs, [language]):
            hits = _find_hits(frozenset({(f"{stem}.{language}",)}), MAX_CANDIDATE_HITS, at)
            if hits:
                candidates.append((costs[stem], -len(hits), stem, hits[0]))
    if not candidates:
        return ""
    *_, stem, hit = min(candidates, key=lambda candidate: candidate[:3])
    return _find_printed_form(term.text, stem, hit, at)


def _find_similar_stems(typed: str, language: str) -> dict[str, tuple[bool, bool]]:
    """Return the stems that may have been meant, each with its edit cost.

    The stemmer treats a misspelt ending differently: it does not see a plural in "famlies". So
    this stems the variants of the word, and also takes the variants of its stem.
    """
    typed_stem = stem_word(typed, language)[:MAX_STEM_CHARS]
    costs: dict[str, tuple[bool, bool]] = {}
    for source in (typed, typed_stem):
        for variant in generate_variants(source):
            is_word = source == typed
            stem = stem_word(variant, language)[:MAX_STEM_CHARS] if is_word else variant
            cost = _edit_cost(source, variant)
            costs[stem] = min(cost, costs.get(stem, cost))
    costs.pop(typed_stem, None)
    return costs


def generate_variants(word: str) -> set[str]:
    """Return every word that is one typing error away."""
    letters = _get_alphabet(word)
    halves = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    variants = {left + right[1:] for left, right in halves if right}
    variants |= {left + right[1] + right[0] + right[2:] for left, right in halves if len(right) > 1}
    variants |= {left + new + right[1:] for left, right in halves if right for new in letters}
    variants |= {left + new + right for left, right in halves for new in letters}
    return variants - {word, ""}


def _get_alphabet(word: str) -> str:
    if word.isascii():
        return LATIN
    block = ord(next(letter for letter in word if not letter.isascii())) & ~0x7F
    return "".join(filter(str.isalpha, map(chr, range(block, block + 0x80))))


def _edit_cost(typed: str, meant: str) -> tuple[bool, bool]:
    """Rate an error: the first letter is rarely wrong, and letters are rarely replaced."""
    is_replacement = len(typed) == len(meant) and sorted(typed) != sorted(meant)
    return typed[:1] != meant[:1], is_replacement


def _find_hits(clause: backend.Clause, limit: int, at: dt.datetime) -> list[SearchHit]:
    return backend.find_newest(SearchQuery(required=(clause,)), limit=limit, at=at).hits


def _find_printed_form(typed: str, stem: str, hit: SearchHit, at: dt.datetime) -> str:
    """Return the word of this edition with the stem whose length is nearest to what was typed."""
    [edition] = backend.load_editions([hit], "content", "language", at=at)
    language = base_language(edition.language)
    words = [
        word
        for word in _iterate_words(edition.content_data, language)
        if stem_word(word, language)[:MAX_STEM_CHARS] == stem
    ]
    return min(words, key=lambda word: abs(len(word) - len(typed)), default=stem)


def _iterate_words(content: Mapping[str, Any], language: str) -> Iterator[str]:
    texts = (
        *(content["headline"], content["summary"]),
        *list_body_texts(content),
        *list_names(content),
    )
    for text in texts:
        for word in find_words(text, language):
            yield word.text
