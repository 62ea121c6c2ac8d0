"""A Word document or a plain text: one statement a file, read in a process of its own."""

import json
import re
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from pathlib import PurePosixPath

from archive.mapping import Mapping
from archive.readers.row import Item, Refused, Row
from archive.readers.source import Source
from statements.parsing.document import read_document
from statements.parsing.docx_package import MOST_BYTES
from statements.parsing.draft import Unreadable

IN_NAME = re.compile(r"(?<!\d)(\d{4})[-_. ]?(\d{2})[-_. ]?(\d{2})(?!\d)")


def read_docx(source: Source, mapping: Mapping) -> Iterator[Item]:
    try:
        draft = read_document(source.read(MOST_BYTES + 1))
    except Unreadable as error:
        yield Refused(source.name, 1, str(error))
        return
    told = [] if draft.dated_on else ["The document names no day."]
    yield Row(
        source.name,
        1,
        identifier=source.name,
        headline=draft.headline,
        body=json.dumps(asdict(draft), default=str, ensure_ascii=False),
        form="draft",
        published=draft.dated_on or _named_day(source.name),
        told=tuple(told),
    )


def _named_day(name: str) -> date | None:
    found = IN_NAME.search(PurePosixPath(name).stem)
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None
