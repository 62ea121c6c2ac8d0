"""The one register of everything that holds words or files of statements.

A place is one kind of copy, in one or more tables or folders, and what an erasure does to it.
Another app adds its places when Django starts. A column that can hold text is in a place, or in
`wordless` with the reason why it holds no words of a statement, or a test fails.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from statements.erasure.derived_places import DERIVED_PLACES, REWRITTEN_PLACES
from statements.erasure.framework_places import FRAMEWORK_PLACES
from statements.erasure.place import Erasure, Place, Wordless
from statements.erasure.statement_places import STATEMENT_PLACES
from statements.erasure.wordless import WORDLESS


@dataclass
class Register:
    """Every place, in the order in which an erasure empties them."""

    places: list[Place] = field(default_factory=list)
    wordless: list[Wordless] = field(default_factory=list)

    def add(self, places: Iterable[Place], wordless: Iterable[Wordless]) -> None:
        self.places += places
        self.wordless += wordless

    def erase(self, erasure: Erasure) -> None:
        """Erase every copy. Call it in the transaction that has locked the statement."""
        for place in self.places:
            if not place.is_history:
                place.erase(erasure)

    def erase_history(self, erasure: Erasure) -> None:
        """Erase the texts of events. Call it after the event of the erasure."""
        for place in self.places:
            if place.is_history:
                place.erase(erasure)

    def list_columns(self) -> dict[str, set[str]]:
        """Return model label, table or folder → its columns that hold words."""
        columns: dict[str, set[str]] = {}
        for place in self.places:
            for name, words in place.columns.items():
                columns.setdefault(name, set()).update(words.split())
        return columns


REGISTER = Register(
    [*DERIVED_PLACES, *FRAMEWORK_PLACES, *STATEMENT_PLACES, *REWRITTEN_PLACES], [*WORDLESS]
)
"""Derived copies come first: what to delete there is read from the content."""
