"""Define what a reader yields: one row of a source as plain data, or a sentence why not."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime

from archive.readers.source_status import NO_STATUS, SourceStatus


class UnreadableSource(ValueError):
    """The whole source cannot be read; the message is a sentence for the person who gave it."""


@dataclass(frozen=True)
class Label:
    """A tag, category or topic as the source calls it; `kind` says which."""

    name: str
    kind: str = "tag"


@dataclass(frozen=True)
class LinkedFile:
    """A file or picture that belongs to a row: a path within the source, or a URL."""

    url: str
    title: str = ""
    alt: str = ""


@dataclass(frozen=True)
class Row:
    """One item of a source. Texts are normalised; times are as exact as the source gives them.

    `published` is a day where the source gives no time of day, and None where it gives neither or
    its date is in doubt: `proposed_day` is then for its draft. `date_numbers` is a date in numbers
    as it is written. `status` is what the source says of whether the item is public;
    `must_be_checked` that a doubt in `messages` keeps it a draft. `people` may be the speakers,
    `authors` only typed the text; `issuers` mixes people and organisations in one text.
    """

    file: str
    number: int
    identifier: str = ""
    headline: str = ""
    body: str = ""
    body_format: str = "html"  # html, lines (a classic WordPress text), text, draft (as JSON)
    summary: str = ""
    published: datetime | date | None = None
    updated: datetime | None = None
    proposed_day: date | None = None
    date_numbers: str = ""
    people: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    issuers: tuple[str, ...] = ()
    labels: tuple[Label, ...] = ()
    urls: tuple[str, ...] = ()
    language: str = ""
    kind: str = ""
    linked_files: tuple[LinkedFile, ...] = ()
    status: SourceStatus = NO_STATUS
    must_be_checked: bool = False
    site: str = ""  # the host of the source's site, where the source names it
    site_title: str = ""
    messages: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()  # what the reader left out, for the report
    unused_words: int = 0  # of long texts that are not read as its words

    @property
    def location(self) -> str:
        return f"{self.file}, row {self.number}"

    @property
    def is_draft(self) -> bool:
        return self.must_be_checked or not self.status.is_public

    def digest(self) -> str:
        """Return the SHA-256 of everything the source says, without its place in the source."""
        data = {DIGEST_KEYS.get(name, name): value for name, value in vars(self).items()}
        data["draft"] = self.is_draft
        if limits := self.status.list_limits():
            data["limits"] = limits
        for name in NOT_IN_DIGEST:
            data.pop(name)
        text = json.dumps(data, sort_keys=True, ensure_ascii=False, default=_to_digest_json)
        return hashlib.sha256(text.encode()).hexdigest()


DIGEST_KEYS = {
    "organisations": "bodies",
    "urls": "addresses",
    "linked_files": "beside",
    "body_format": "form",
}
"""Field to its key in the digest. A changed key would make every imported row look changed."""
NO_OBJECT = "It is no object with names and values."
SKIP_KEY = "\0skip"
"""In a record that is no statement: why, in a sentence."""
PAGE_SKIPPED = "\0page"
"""In a record that is a page, and no statement unless the mapping takes pages too."""
IS_A_PAGE = "It is a page, and no statement (pages = true in the mapping takes pages too)."
NOT_IN_DIGEST = (
    "file", "number", "site", "site_title", "messages", "dropped", "unused_words", "status",
    "must_be_checked", "proposed_day", "date_numbers",
)  # fmt: skip


def _to_digest_json(value: object) -> object:
    if isinstance(value, Label):
        return {"name": value.name, "sort": value.kind}
    if isinstance(value, LinkedFile):
        return {"address": value.url, "title": value.title, "alt": value.alt}
    return str(value)


@dataclass(frozen=True)
class SkippedRow:
    """An item that is not a statement, such as a page or a menu; nobody has to act on it."""

    file: str
    number: int
    why: str
    identifier: str = ""
    headline: str = ""


@dataclass(frozen=True)
class RejectedRow:
    """An item that cannot be read, with the reason in a sentence."""

    file: str
    number: int
    why: str
    identifier: str = ""
    headline: str = ""


SourceItem = Row | SkippedRow | RejectedRow
