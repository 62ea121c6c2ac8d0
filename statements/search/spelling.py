"""Did you mean …? One letter too many, too few, another, or two that changed places.

Stems of what is not public are indexed too. So each is looked for among what is, and nothing is
offered, preferred or left out because of one that is not found there.
"""

import datetime as dt
from collections.abc import Iterable

from statements.search import backend
from statements.search.backend import SearchHit, SearchQuery
from statements.search.query import ParsedQuery, QueryTerm, build_clauses
from statements.search.stemming import base_language, find_words, stem_word
from statements.search.terms import MAX_STEM_CHARS, list_body_texts
from statements.search.vocabulary import Vocabulary, find_known_stems

MIN_WORD_CHARS = 4  # letters of a word that can be told from another by one of them
MAX_CANDIDATE_HITS = 50  # answers of a word; one that has more is as good
LATIN = "abcdefghijklmnopqrstuvwxyz"


def suggest(read: ParsedQuery, books: Vocabulary, *, at: dt.datetime) -> ParsedQuery | None:
    """The same search with other words in the place of those that nothing public has.

    None where there is no better word, or more than one word of several is only rare together.
    """
    better = read
    for piece in read.required_terms:
        if _is_one_word(piece) and not _find_hits(build_clauses([piece], books)[0], 1, at):
            if not (word := _find_nearest_word(piece, books.languages, at)):
                return None
            better = better.replace_term(piece, word)
    return better if better is not read else None


def _is_one_word(piece: QueryTerm) -> bool:
    found = list(find_words(piece.text))
    return len(found) == 1 and len(found[0].text) >= MIN_WORD_CHARS and found[0].text.isalpha()


def _find_nearest_word(piece: QueryTerm, languages: list[str], at: dt.datetime) -> str:
    """The public word nearest to this one, printed as it stands in the newest edition with it."""
    candidates = []
    for language in languages:
        likely = _find_similar_stems(
            next(find_words(piece.text, language)).text[:MAX_STEM_CHARS], language
        )
        for _, right in find_known_stems(likely, [language]):
            hits = _find_hits(frozenset({(f"{right}.{language}",)}), MAX_CANDIDATE_HITS, at)
            if hits:
                candidates.append((likely[right], -len(hits), right, hits[0]))
    if not candidates:
        return ""
    *_, right, hit = min(candidates, key=lambda one: one[:3])
    return _find_printed_form(piece.text, right, hit, at)


def _find_similar_stems(typed: str, language: str) -> dict[str, tuple[bool, bool]]:
    """Stems that may have been meant, with how unlike each is to what was typed.

    A slip may fall into the ending, which is cut off another way then: famlies is no plural. So
    the word is varied and then cut, and the other way round.
    """
    cut = stem_word(typed, language)[:MAX_STEM_CHARS]
    near: dict[str, tuple[bool, bool]] = {}
    for wrong, ways in ((typed, generate_variants(typed)), (cut, generate_variants(cut))):
        for way in ways:
            right = stem_word(way, language)[:MAX_STEM_CHARS] if wrong == typed else way
            unlike = _edit_cost(wrong, way)
            near[right] = min(unlike, near.get(right, unlike))
    near.pop(cut, None)
    return near


def generate_variants(word: str) -> set[str]:
    """Every word that is one slip of the hand away."""
    letters = _get_alphabet(word)
    halves = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    found = {left + right[1:] for left, right in halves if right}
    found |= {left + right[1] + right[0] + right[2:] for left, right in halves if len(right) > 1}
    found |= {left + new + right[1:] for left, right in halves if right for new in letters}
    found |= {left + new + right for left, right in halves for new in letters}
    return found - {word, ""}


def _get_alphabet(word: str) -> str:
    """The letters of its script."""
    if word.isascii():
        return LATIN
    block = ord(next(letter for letter in word if not letter.isascii())) & ~0x7F
    return "".join(filter(str.isalpha, map(chr, range(block, block + 0x80))))


def _edit_cost(wrong: str, right: str) -> tuple[bool, bool]:
    """First letters are seldom wrong, and letters are more often swapped or left out than taken
    for others."""
    return wrong[:1] != right[:1], len(wrong) == len(right) and sorted(wrong) != sorted(right)


def _find_hits(one: backend.Clause, most: int, at: dt.datetime) -> list[SearchHit]:
    return backend.find_newest(SearchQuery(required=(one,)), limit=most, at=at).hits


def _find_printed_form(typed: str, right: str, hit: SearchHit, at: dt.datetime) -> str:
    """Of the words there with this stem, the one most like what was typed."""
    [edition] = backend.load_editions([hit], "content", "language", at=at)
    language = base_language(edition.language)
    said = _iterate_words(edition.content_data, language)
    words_there = [word for word in said if stem_word(word, language)[:MAX_STEM_CHARS] == right]
    return min(words_there, key=lambda word: abs(len(word) - len(typed)), default=right)


def _iterate_words(content: dict, language: str) -> Iterable[str]:
    voices = [passage["speaker"] for passage in content["passages"] if passage["speaker"]]
    bodies = [content["organisation"], *(voice["organisation"] for voice in voices)]
    names = [text for voice in voices for text in (voice["name"], voice["role"])]
    names += [body["name"] for body in bodies if body]
    for text in (content["headline"], content["summary"], *list_body_texts(content), *names):
        for word in find_words(text, language):
            yield word.text
