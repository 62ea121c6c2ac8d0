"""A Word document or a plain text: one statement a file, read in a process of its own."""

import json
import re
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from pathlib import PurePosixPath

from archive.mapping import Mapping
from archive.readers.row import RejectedRow, Row, SourceItem
from archive.readers.source import SourceFile
from statements.parsing.document import parse_document
from statements.parsing.docx_package import MAX_FILE_BYTES
from statements.parsing.draft import ParseError

DATE_IN_NAME = re.compile(r"(?<!\d)(\d{4})[-_. ]?(\d{2})[-_. ]?(\d{2})(?!\d)")


def read_docx(source: SourceFile, mapping: Mapping) -> Iterator[SourceItem]:
    try:
        draft = parse_document(source.read(MAX_FILE_BYTES + 1))
    except ParseError as error:
        yield RejectedRow(source.name, 1, str(error))
        return
    told = [] if draft.dated_on else ["The document names no day."]
    yield Row(
        source.name,
        1,
        identifier=source.name,
        headline=draft.headline,
        body=json.dumps(asdict(draft), default=str, ensure_ascii=False),
        form="draft",
        published=draft.dated_on or _parse_date_in_name(source.name),
        told=tuple(told),
    )


def _parse_date_in_name(name: str) -> date | None:
    found = DATE_IN_NAME.search(PurePosixPath(name).stem)
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None
