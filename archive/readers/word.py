"""Read a Word document or a plain text file: one statement a file."""

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
from statements.parsing.document_formats import MAX_FILE_BYTES
from statements.parsing.draft import ParseError

DATE_IN_NAME = re.compile(r"(?<!\d)(\d{4})[-_. ]?(\d{2})[-_. ]?(\d{2})(?!\d)")


def read_docx(source: SourceFile, mapping: Mapping) -> Iterator[SourceItem]:
    try:
        draft = parse_document(source.read(MAX_FILE_BYTES + 1))
    except ParseError as error:
        yield RejectedRow(source.name, 1, str(error))
        return
    messages = [] if draft.dated_on else ["The document names no day."]
    yield Row(
        source.name,
        1,
        identifier=source.name,
        headline=draft.headline,
        body=json.dumps(asdict(draft), default=str, ensure_ascii=False),
        body_format="draft",
        published=draft.dated_on or _parse_date_in_name(source.name),
        messages=tuple(messages),
    )


def _parse_date_in_name(name: str) -> date | None:
    match = DATE_IN_NAME.search(PurePosixPath(name).stem)
    try:
        return date(int(match[1]), int(match[2]), int(match[3])) if match else None
    except ValueError:
        return None
