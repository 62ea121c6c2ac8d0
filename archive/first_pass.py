"""Read a whole source once before its rows are planned, for what only all of them can tell."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from archive.formats import FEED, PAGE, SourceFormat, detect_format
from archive.import_source import ImportSource
from archive.matching.source_names import SourceNames
from archive.readers.row import Row, UnreadableSource
from archive.readers.source import READ_ERRORS, SourceFile
from archive.readers.web_page import MAX_PAGE_BYTES
from archive.source_dates import SourceDates

NUMERIC_DATE = re.compile(rb"\b\d{1,2}[/.-]\d{1,2}[/.-](?:\d\d){1,2}\b")


@dataclass
class SourceFacts:
    """Who is named in the whole source, and how its dates are written."""

    names: SourceNames
    dates: SourceDates


def collect_facts(source: ImportSource) -> SourceFacts:
    facts = SourceFacts(SourceNames(), SourceDates(source.mapping.zone))
    for row in _read_rows(source):
        facts.names.add(row)
        facts.dates.add(row)
    return facts


def _read_rows(source: ImportSource) -> Iterator[Row]:
    for file in source.statement_files:
        with suppress(UnreadableSource, *READ_ERRORS):  # reported when the file is imported
            form = detect_format(file)
            if form is not None and _is_worth_reading(form, file):
                items = form.read(file, source.mapping)
                yield from (item for item in items if isinstance(item, Row))


def _is_worth_reading(form: SourceFormat, file: SourceFile) -> bool:
    """Leave out documents, which take long and tell by themselves, and formats with fixed dates."""
    if form is PAGE:
        return NUMERIC_DATE.search(file.read(MAX_PAGE_BYTES)) is not None
    return form.guess_fields is not None or form is FEED
