"""What a reader yields: one row of a source as plain data, or a sentence why there is none."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime


class UnreadableSource(ValueError):
    """The whole source cannot be read; the message is a sentence for whoever brought it."""


@dataclass(frozen=True)
class Label:
    """A tag, category or topic as the source calls it. `sort` is which of those it is."""

    name: str
    sort: str = "tag"


@dataclass(frozen=True)
class LinkedFile:
    """A file or picture that belongs to a row: a path beside the source, or an address."""

    address: str
    title: str = ""
    alt: str = ""


NOT_IN_DIGEST = {"file", "number", "site", "site_title", "told"}


def _to_json(value: object) -> object:
    return vars(value) if isinstance(value, (Label, LinkedFile)) else str(value)


@dataclass(frozen=True)
class Row:
    """One item of a source. Texts are normalised; times as far as the source gives them.

    `published` is a day where the source knows no time of day, and None where it knows neither
    or where `draft` says that it was never out. `people` may have spoken the words, `authors` only
    typed them; `issuers` mixes people and bodies in one text.
    """

    file: str
    number: int
    identifier: str = ""
    headline: str = ""
    body: str = ""
    form: str = "html"  # html, lines (a classic WordPress text), text, draft (as JSON)
    summary: str = ""
    published: datetime | date | None = None
    updated: datetime | None = None
    people: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    bodies: tuple[str, ...] = ()
    issuers: tuple[str, ...] = ()
    labels: tuple[Label, ...] = ()
    addresses: tuple[str, ...] = ()
    language: str = ""
    kind: str = ""
    beside: tuple[LinkedFile, ...] = ()
    draft: bool = False
    site: str = ""  # the host that the source is of, where it says so
    site_title: str = ""
    told: tuple[str, ...] = ()

    @property
    def location(self) -> str:
        return f"{self.file}, row {self.number}"

    def digest(self) -> str:
        """SHA-256 over everything that the source says; where it stood is no part of it."""
        said = {name: value for name, value in vars(self).items() if name not in NOT_IN_DIGEST}
        text = json.dumps(said, sort_keys=True, ensure_ascii=False, default=_to_json)
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class SkippedRow:
    """An item that is no statement, such as a page or a menu; nobody has to do anything."""

    file: str
    number: int
    why: str
    identifier: str = ""
    headline: str = ""


@dataclass(frozen=True)
class RejectedRow:
    """An item that cannot be read, in a sentence."""

    file: str
    number: int
    why: str
    identifier: str = ""
    headline: str = ""


SourceItem = Row | SkippedRow | RejectedRow
