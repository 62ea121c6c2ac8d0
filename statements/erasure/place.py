"""What an erasure is, and what a place is that holds words."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.contrib.auth.models import User

from statements.content.schema import Content
from statements.models import Edition, Statement


@dataclass(frozen=True)
class ErasureScope:
    """What an erasure of one edition covers: everything of its statement with the same words."""

    statement: Statement
    editions: list[Edition]
    """All with the same words."""
    kept_editions: list[Edition]
    """The others that are not erased yet."""
    contents: list[Content]
    """What is erased: of the editions, and of the draft if it has the same words."""
    slugs: frozenset[str]
    """The addresses that no remaining edition has."""
    is_draft_erased: bool

    @property
    def file_digests(self) -> set[str]:
        """Return the digests of all files that the erased content names, narrower ones included."""
        return {
            entry["digest"]
            for content in self.contents
            for file in content.get("files", [])
            for entry in (file, *file["narrower"])
        }


@dataclass(frozen=True)
class Erasure(ErasureScope):
    """What two managers erase, and who and when."""

    asked_by: User
    by: User
    at: dt.datetime


@dataclass(frozen=True)
class Place:
    """One kind of copy of words: where it is, and what an erasure does to it."""

    effect: str
    """What happens to it, in one sentence."""
    columns: Mapping[str, str]
    """Model label, table without a model, or folder → the columns that hold words."""
    erase: Callable[[Erasure], None]
    is_history: bool = False
    """Emptied after the event of the erasure, which says that texts before it may be empty."""


@dataclass(frozen=True)
class Wordless:
    """Columns that can hold text, and hold no words of a statement, and why not."""

    columns: Mapping[str, str]
    because: str
