"""Read what the fields of a whole source say about who is a person and who an organisation."""

from dataclasses import dataclass, field

from archive.readers.row import Row

MAX_DISTINCT_NAMES = 50_000


@dataclass
class SourceNames:
    """The distinct texts of the fields that name organisations, people, or both."""

    issuers: set[str] = field(default_factory=set)
    organisations: set[str] = field(default_factory=set)
    people: dict[str, None] = field(default_factory=dict)

    def add(self, row: Row) -> None:
        if len(self.issuers) < MAX_DISTINCT_NAMES:
            self.issuers.update(row.issuers)
        if len(self.organisations) < MAX_DISTINCT_NAMES:
            self.organisations.update(row.organisations)
        if len(self.people) < MAX_DISTINCT_NAMES:
            self.people.update(dict.fromkeys(row.people))
