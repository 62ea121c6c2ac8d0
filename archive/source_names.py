"""Read what the fields of a whole source say about who is a person and who an organisation."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from archive.formats import detect_format
from archive.import_source import ImportSource
from archive.readers.row import Row, UnreadableSource
from archive.readers.source import READ_ERRORS

MAX_DISTINCT_NAMES = 50_000
FIELDS = {"issuers", "organisations", "people"}


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


def collect_source_names(source: ImportSource) -> SourceNames:
    """Read every file that has such fields once, before its rows are planned."""
    names = SourceNames()
    for row in _read_rows(source):
        names.add(row)
    return names


def _read_rows(source: ImportSource) -> Iterator[Row]:
    for file in source.statement_files:
        with suppress(UnreadableSource, *READ_ERRORS):  # reported when the file is imported
            form = detect_format(file)
            if form is None or form.guess_fields is None:
                continue
            if not FIELDS & set(source.mapping.fields or form.guess_fields(file)):
                continue
            for item in form.read(file, source.mapping):
                if isinstance(item, Row):
                    yield item
