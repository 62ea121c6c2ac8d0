"""Describe what a source says of whether an item is public: the words, and what they mean."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import IntEnum

from archive.readers.publicness import StatusKind

MAX_STATUS_CHARS = 80
MAX_STATUSES_NAMED = 3


class StatusMeaning(IntEnum):
    """What a status means. Of several, the highest counts: not public wins."""

    PUBLIC = 0
    EMPTY = 1  # the field is there and says nothing: a doubt, unless another field says public
    UNCLEAR = 2
    NOT_PUBLIC = 3
    DELETED = 4


@dataclass(frozen=True)
class StatusTime:
    """A time from which, or until which, an item is public."""

    name: str
    at: datetime
    kind: StatusKind

    def find_bar(self, at: datetime) -> str:
        """Return what bars publishing at that time; "" where nothing does."""
        if self.kind is StatusKind.END:
            return f"{self.name}: a time that has passed" if self.at <= at else ""
        return f"{self.name}: a time to come" if self.at > at else ""


@dataclass(frozen=True)
class SourceStatus:
    """The status of one item: `text` names the fields that decide, as the source writes them."""

    text: str = ""
    meaning: StatusMeaning = StatusMeaning.PUBLIC
    times: tuple[StatusTime, ...] = ()

    @property
    def is_public(self) -> bool:
        return self.meaning is StatusMeaning.PUBLIC

    @property
    def is_doubtful(self) -> bool:
        return self.meaning in (StatusMeaning.EMPTY, StatusMeaning.UNCLEAR)

    def list_limits(self) -> list[str]:
        """Return the embargo and the expiry as texts, for the digest of a row."""
        kinds = (StatusKind.EMBARGO, StatusKind.END)
        return [f"{time.name}: {time.at.isoformat()}" for time in self.times if time.kind in kinds]

    def resolve(self, at: datetime) -> "SourceStatus":
        """Return the status at that time: what is embargoed or has expired is not public."""
        bars = [
            SourceStatus(bar, StatusMeaning.NOT_PUBLIC)
            for time in self.times
            if (bar := time.find_bar(at))
        ]
        return combine_statuses([replace(self, times=()), *bars])

    def describe(self) -> str:
        """Return why the item comes in as a draft; "" where it is public."""
        if self.is_public:
            return ""
        if self.is_doubtful:
            return f"Nobody can tell whether “{self.text}” means public, so it comes in as a draft."
        return f"Its source says “{self.text}”, so it comes in as a draft."


NO_STATUS = SourceStatus()


def combine_statuses(statuses: Iterable[SourceStatus]) -> SourceStatus:
    """Return what several fields say together. An empty one counts where none says public."""
    found = list(statuses)
    if any(status.text and status.is_public for status in found):
        found = [status for status in found if status.meaning is not StatusMeaning.EMPTY]
    meaning = max((status.meaning for status in found), default=StatusMeaning.PUBLIC)
    texts = dict.fromkeys(
        status.text for status in found if status.meaning is meaning and status.text
    )
    times = tuple(time for status in found for time in status.times)
    return SourceStatus("; ".join(list(texts)[:MAX_STATUSES_NAMED]), meaning, times)
