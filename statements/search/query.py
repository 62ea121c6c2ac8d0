"""What a reader typed into the search box, as pieces, and as a question of tokens. No queries.

warm rooms            both words, in any form: rooms, room
"warm rooms"          one after the other
-heating              and not this one
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from statements.content import html
from statements.search.backend import Clause, Phrase
from statements.search.stemming import find_words, strip_accents
from statements.search.terms import make_word_tokens
from statements.search.vocabulary import Vocabulary

MAX_QUERY_CHARS = 200
MAX_QUERY_TERMS = 20
TERM_PATTERN = re.compile(r"""(?P<minus>(?<!\S)-)?(?:"(?P<quoted>[^"]*)"|(?P<plain>[^\s"]+))""")
CHARACTER_MAP = str.maketrans(dict.fromkeys("“”„‟«»", '"') | {"−": "-", "–": "-"})
# Words that stand in nearly everything; they count in quotes, or when there is nothing else.
COMMON_WORDS = frozenset(
    "a about after an and are as at be been but by can did do for from had has have how i if in "
    "into is it its of on or our say said says she he so that the their them they this to was we "
    "were what when where which who why will with would you your "
    "ac am ar ir or y yn yr".split()
)


@dataclass(frozen=True)
class QueryTerm:
    """A word, or several that must follow one another."""

    text: str
    is_quoted: bool = False
    is_excluded: bool = False

    def to_query_text(self) -> str:
        """As one would type it."""
        text = f'"{self.text}"' if self.is_quoted else self.text
        return f"-{text}" if self.is_excluded else text

    def to_phrases(self, languages: Iterable[str]) -> set[Phrase]:
        """Its tokens as each language parts words and takes their endings off."""
        found = (tuple(make_word_tokens(self.text, language)) for language in languages)
        return {phrase for phrase in found if phrase}


@dataclass(frozen=True)
class ParsedQuery:
    """A search: its pieces, or in `problem` a sentence that says why it cannot be answered."""

    terms: tuple[QueryTerm, ...] = ()
    problem: str = ""

    @property
    def required_terms(self) -> list[QueryTerm]:
        return [piece for piece in self.terms if not piece.is_excluded]

    @property
    def excluded_terms(self) -> list[QueryTerm]:
        return [piece for piece in self.terms if piece.is_excluded]

    def to_query_text(self) -> str:
        return " ".join(piece.to_query_text() for piece in self.terms)

    def replace_term(self, piece: QueryTerm, text: str) -> "ParsedQuery":
        """The same search, with another word in the place of this one."""
        return replace(
            self,
            terms=tuple(replace(one, text=text) if one is piece else one for one in self.terms),
        )


def parse_query(text: str) -> ParsedQuery:
    """Read whatever was typed. What no record can answer has a problem, in a sentence."""
    text = html.normalise_text(text.replace("\0", " ")).translate(CHARACTER_MAP).strip()
    if len(text) > MAX_QUERY_CHARS:
        return ParsedQuery(
            problem=f"This is too long to look for: {MAX_QUERY_CHARS} characters at most."
        )
    pieces = tuple(_parse_terms(text))
    if len(pieces) > MAX_QUERY_TERMS:
        return ParsedQuery(
            problem=f"These are too many words to look for: {MAX_QUERY_TERMS} at most."
        )
    if text and not any(not piece.is_excluded for piece in pieces):
        return ParsedQuery(problem="There is no word to look for in this: type at least one.")
    return ParsedQuery(pieces)


def _parse_terms(text: str) -> list[QueryTerm]:
    found = []
    for match in TERM_PATTERN.finditer(text):
        said = match["quoted"] if match["plain"] is None else match["plain"]
        if next(find_words(said), None):
            found.append(QueryTerm(said.strip(), match["plain"] is None, bool(match["minus"])))
    telling = [piece for piece in found if not _is_common(piece)]
    return telling if any(not piece.is_excluded for piece in telling) else found


def _is_common(piece: QueryTerm) -> bool:
    return (
        not piece.is_quoted and not piece.is_excluded and strip_accents(piece.text) in COMMON_WORDS
    )


# --- As tokens ------------------------------------------------------------------------------------

NAME_LANGUAGE = "en"
"""Names on the books are in no language, so their endings are English ones, whatever is indexed."""


def build_clauses(pieces: list[QueryTerm], books: Vocabulary) -> list[Clause]:
    """What answers each piece: its words in any form, and what is called by them now.

    A person or body is called by two of the words, or by the only one: nearly everything would be
    called by a first name, and says it in its own words as well.
    """
    called = [
        {
            one
            for one in books.facet_values
            if _contains_any(phrases, make_word_tokens(one.name, NAME_LANGUAGE))
        }
        for phrases in (piece.to_phrases([NAME_LANGUAGE]) for piece in pieces)
    ]
    often = Counter(one for found in called for one in found)
    least = min(len(pieces), 2)
    return [
        frozenset(
            piece.to_phrases(books.languages or [NAME_LANGUAGE])
            | {(one.token,) for one in found if one.facet == "theme" or often[one] >= least}
        )
        for piece, found in zip(pieces, called, strict=True)
    ]


def _contains_any(phrases: Iterable[Phrase], tokens: list[str]) -> bool:
    return any(contains_phrase(phrase, tokens) for phrase in phrases)


def contains_phrase(phrase: Phrase, tokens: list[str]) -> bool:
    """Whether these tokens have the phrase in them, in one run."""
    size = len(phrase)
    return any(
        tokens[start] == phrase[0] and tuple(tokens[start : start + size]) == phrase
        for start in range(len(tokens) - size + 1)
    )
