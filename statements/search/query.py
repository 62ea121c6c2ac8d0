"""Parse what a reader typed into the search box, and turn it into tokens. No queries.

warm rooms            both words, in any form: rooms, room
"warm rooms"          one after the other
-heating              not this one
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from statements.content.characters import normalise_text
from statements.search.backend import Clause, Phrase
from statements.search.stemming import find_words, respell, strip_accents
from statements.search.terms import make_index_tokens, make_word_tokens
from statements.search.vocabulary import Vocabulary

MAX_QUERY_CHARS = 200
MAX_QUERY_TERMS = 20
TERM_PATTERN = re.compile(r"""(?P<minus>(?<!\S)-)?(?:"(?P<quoted>[^"]*)"|(?P<plain>[^\s"]+))""")
CHARACTER_MAP = str.maketrans(dict.fromkeys("“”„‟«»", '"') | {"−": "-", "–": "-"})
# Words that nearly every statement contains. They count in quotes, or when nothing else was typed.
COMMON_WORDS = frozenset(
    "a about after an and are as at be been but by can did do for from had has have how i if in "
    "into is it its of on or our say said says she he so that the their them they this to was we "
    "were what when where which who why will with would you your "
    "ac am ar ir or y yn yr".split()
)
NAME_LANGUAGE = "en"
"""Names belong to no language, so they are stemmed as English."""


@dataclass(frozen=True)
class QueryTerm:
    """A word, or several words that must follow one another."""

    text: str
    is_quoted: bool = False
    is_excluded: bool = False

    def to_query_text(self) -> str:
        """Return the term as a reader would type it."""
        text = f'"{self.text}"' if self.is_quoted else self.text
        return f"-{text}" if self.is_excluded else text

    def to_phrases(self, languages: Iterable[str]) -> set[Phrase]:
        """Return the tokens of the term in each of the languages, however it is written."""
        texts = [self.text, *respell(self.text)]
        phrases = (
            tuple(make_word_tokens(text, language)) for language in languages for text in texts
        )
        return {phrase for phrase in phrases if phrase}


@dataclass(frozen=True)
class ParsedQuery:
    """The terms of a search; or `problem`, a sentence that says why it cannot be answered."""

    terms: tuple[QueryTerm, ...] = ()
    problem: str = ""

    @property
    def required_terms(self) -> list[QueryTerm]:
        return [term for term in self.terms if not term.is_excluded]

    @property
    def excluded_terms(self) -> list[QueryTerm]:
        return [term for term in self.terms if term.is_excluded]

    def to_query_text(self) -> str:
        return " ".join(term.to_query_text() for term in self.terms)

    def replace_term(self, old: QueryTerm, text: str) -> "ParsedQuery":
        """Return the same search with this text in place of the term."""
        terms = (replace(term, text=text) if term is old else term for term in self.terms)
        return replace(self, terms=tuple(terms))


def parse_query(text: str) -> ParsedQuery:
    """Parse what was typed. A search that nothing can match gets a problem, in a sentence."""
    text = normalise_text(text.replace("\0", " ")).translate(CHARACTER_MAP).strip()
    if len(text) > MAX_QUERY_CHARS:
        return ParsedQuery(
            problem=f"This is too long to look for: {MAX_QUERY_CHARS} characters at most."
        )
    terms = tuple(_parse_terms(text))
    if len(terms) > MAX_QUERY_TERMS:
        return ParsedQuery(
            problem=f"These are too many words to look for: {MAX_QUERY_TERMS} at most."
        )
    if text and all(term.is_excluded for term in terms):
        return ParsedQuery(problem="There is no word to look for in this: type at least one.")
    return ParsedQuery(terms)


def _parse_terms(text: str) -> list[QueryTerm]:
    terms = []
    for match in TERM_PATTERN.finditer(text):
        is_quoted = match["plain"] is None
        term_text = match["quoted"] if is_quoted else match["plain"]
        if next(find_words(term_text), None):
            terms.append(QueryTerm(term_text.strip(), is_quoted, bool(match["minus"])))
    uncommon = [term for term in terms if not _is_common(term)]
    return uncommon if any(not term.is_excluded for term in uncommon) else terms


def _is_common(term: QueryTerm) -> bool:
    is_plain = not term.is_quoted and not term.is_excluded
    return is_plain and strip_accents(term.text) in COMMON_WORDS


# --- As tokens ------------------------------------------------------------------------------------


def build_clauses(terms: list[QueryTerm], vocabulary: Vocabulary) -> list[Clause]:
    """Return what matches each term: its words in any form, and names that contain it.

    The name of a person or organisation must contain two of the terms, or the only one. A first
    name alone would match nearly every statement, and is in its text anyway.
    """
    matching_names = [
        {
            value
            for value in vocabulary.facet_values
            if _contains_any(phrases, make_index_tokens(value.name, NAME_LANGUAGE))
        }
        for phrases in (term.to_phrases([NAME_LANGUAGE]) for term in terms)
    ]
    term_counts = Counter(value for values in matching_names for value in values)
    min_terms = min(len(terms), 2)
    return [
        frozenset(
            term.to_phrases(vocabulary.languages or [NAME_LANGUAGE])
            | {
                (value.token,)
                for value in values
                if value.facet == "theme" or term_counts[value] >= min_terms
            }
        )
        for term, values in zip(terms, matching_names, strict=True)
    ]


def _contains_any(phrases: Iterable[Phrase], tokens: list[str]) -> bool:
    return any(contains_phrase(phrase, tokens) for phrase in phrases)


def contains_phrase(phrase: Phrase, tokens: list[str]) -> bool:
    """Tell whether the tokens contain the phrase, without a gap."""
    size = len(phrase)
    return any(
        tokens[start] == phrase[0] and tuple(tokens[start : start + size]) == phrase
        for start in range(len(tokens) - size + 1)
    )
