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
from statements.search.stemming import folded, words
from statements.search.terms import word_tokens
from statements.search.vocabulary import Books

LONGEST = 200
MOST_PIECES = 20
PIECE = re.compile(r"""(?P<minus>(?<!\S)-)?(?:"(?P<quoted>[^"]*)"|(?P<plain>[^\s"]+))""")
MARKS = str.maketrans(dict.fromkeys("“”„‟«»", '"') | {"−": "-", "–": "-"})
# Words that stand in nearly everything; they count in quotes, or when there is nothing else.
COMMON = frozenset(
    "a about after an and are as at be been but by can did do for from had has have how i if in "
    "into is it its of on or our say said says she he so that the their them they this to was we "
    "were what when where which who why will with would you your "
    "ac am ar ir or y yn yr".split()
)


@dataclass(frozen=True)
class Piece:
    """A word, or several that must follow one another."""

    text: str
    quoted: bool = False
    excluded: bool = False

    def typed(self) -> str:
        """As one would type it."""
        text = f'"{self.text}"' if self.quoted else self.text
        return f"-{text}" if self.excluded else text

    def phrases(self, languages: Iterable[str]) -> set[Phrase]:
        """Its tokens as each language parts words and takes their endings off."""
        found = (tuple(word_tokens(self.text, language)) for language in languages)
        return {phrase for phrase in found if phrase}


@dataclass(frozen=True)
class Asked:
    """A search: its pieces, or in `problem` a sentence that says why it cannot be answered."""

    pieces: tuple[Piece, ...] = ()
    problem: str = ""

    @property
    def wanted(self) -> list[Piece]:
        return [piece for piece in self.pieces if not piece.excluded]

    @property
    def unwanted(self) -> list[Piece]:
        return [piece for piece in self.pieces if piece.excluded]

    def typed(self) -> str:
        return " ".join(piece.typed() for piece in self.pieces)

    def with_other(self, piece: Piece, text: str) -> "Asked":
        """The same search, with another word in the place of this one."""
        return replace(
            self,
            pieces=tuple(replace(one, text=text) if one is piece else one for one in self.pieces),
        )


def asked(text: str) -> Asked:
    """Read whatever was typed. What no record can answer has a problem, in a sentence."""
    text = html.normalise(text.replace("\0", " ")).translate(MARKS).strip()
    if len(text) > LONGEST:
        return Asked(problem=f"This is too long to look for: {LONGEST} characters at most.")
    pieces = tuple(_pieces(text))
    if len(pieces) > MOST_PIECES:
        return Asked(problem=f"These are too many words to look for: {MOST_PIECES} at most.")
    if text and not any(not piece.excluded for piece in pieces):
        return Asked(problem="There is no word to look for in this: type at least one.")
    return Asked(pieces)


def _pieces(text: str) -> list[Piece]:
    found = []
    for match in PIECE.finditer(text):
        said = match["quoted"] if match["plain"] is None else match["plain"]
        if next(words(said), None):
            found.append(Piece(said.strip(), match["plain"] is None, bool(match["minus"])))
    telling = [piece for piece in found if not _is_common(piece)]
    return telling if any(not piece.excluded for piece in telling) else found


def _is_common(piece: Piece) -> bool:
    return not piece.quoted and not piece.excluded and folded(piece.text) in COMMON


# --- As tokens ------------------------------------------------------------------------------------

NAMES = "en"
"""Names on the books are in no language, so their endings are English ones, whatever is indexed."""


def clauses(pieces: list[Piece], books: Books) -> list[Clause]:
    """What answers each piece: its words in any form, and what is called by them now.

    A person or body is called by two of the words, or by the only one: nearly everything would be
    called by a first name, and says it in its own words as well.
    """
    called = [
        {one for one in books.filed if _any_in(phrases, word_tokens(one.name, NAMES))}
        for phrases in (piece.phrases([NAMES]) for piece in pieces)
    ]
    often = Counter(one for found in called for one in found)
    least = min(len(pieces), 2)
    return [
        frozenset(
            piece.phrases(books.languages or [NAMES])
            | {(one.token,) for one in found if one.what == "theme" or often[one] >= least}
        )
        for piece, found in zip(pieces, called, strict=True)
    ]


def _any_in(phrases: Iterable[Phrase], tokens: list[str]) -> bool:
    return any(stands_in(phrase, tokens) for phrase in phrases)


def stands_in(phrase: Phrase, tokens: list[str]) -> bool:
    """Whether these tokens have the phrase in them, in one run."""
    size = len(phrase)
    return any(
        tokens[start] == phrase[0] and tuple(tokens[start : start + size]) == phrase
        for start in range(len(tokens) - size + 1)
    )
