"""Read a document, an e-mail or a plain text file: one statement a file."""

import json
import re
from collections.abc import Iterator
from dataclasses import asdict

from archive.mapping import Mapping
from archive.readers.row import RejectedRow, Row, SourceItem
from archive.readers.source import SourceFile
from archive.readers.times import SourceDate, read_date
from statements.parsing import document_formats as formats
from statements.parsing.document import parse_document
from statements.parsing.document_formats import MAX_FILE_BYTES
from statements.parsing.draft import Draft, ParseError
from statements.parsing.furniture import AMBIGUOUS_DATE_REASON

DOCUMENT_EXTENSIONS = {"docx", "docm", "odt"}
OLE_EXTENSIONS = {"doc", "msg"}
MADE_BY_WRITER = re.compile(
    r"<html[^>]{0,2000}urn:schemas-microsoft-com:office:word"
    r"""|<body[^>]{0,300}\bclass\s*=\s*["'][^"'>]{0,100}\bdoc-content\b"""
    r"|\.lst-kix_[\w-]{1,60}\s*>\s*li:before"
    r"""|<meta[^>]{0,300}\bcontent\s*=\s*["']?(?:Microsoft Word|LibreOffice|OpenOffice"""
    r"|Apache OpenOffice)",
    re.IGNORECASE,
)
"""A page that Word, Google Docs or LibreOffice wrote: all of it is the document."""
HELD_BACK_MARK = re.compile(
    r"\W*(?:(?:(?:first|second|third|final|latest|working|early) )?draft"
    r"(?: (?:v|version)?\.? ?[\d.]+)?(?: copy| only| for comment)?"
    r"|not for (?:publication|release|circulation|distribution)"
    r"|do not (?:publish|release|distribute|circulate)|(?:strictly |private and )?confidential"
    r"|(?:for )?internal(?: use)?(?: only)?|for (?:review|comment|approval|clearance)(?: only)?"
    r"|withdrawn|superseded|obsolete|on hold|hold for release"
    r"|entwurf|brouillon|borrador|drafft)\W*",
    re.IGNORECASE,
)
"""What is written on a document, in a line, a header or across the page, that is not public."""
MAX_MARK_CHARS = 80


def is_document(source: SourceFile, start: bytes) -> bool:
    """Say whether a file is a document by its first bytes, and by its name where these are few."""
    extension = source.name.rpartition(".")[2].casefold()
    if start.startswith(formats.OLE_SIGNATURE[:4]):
        return extension in OLE_EXTENSIONS  # to be refused with a sentence
    if start.startswith(b"PK"):
        return _is_zipped_document(source, extension)
    found = formats.detect_unzipped_format(start[: formats.PEEK_BYTES])
    if found == formats.PAGE:
        return bool(MADE_BY_WRITER.search(start.decode("utf-8", "replace")))
    return found != formats.TEXT


def _is_zipped_document(source: SourceFile, extension: str) -> bool:
    if extension in DOCUMENT_EXTENSIONS:
        return True
    try:
        formats.detect_document_format(source.read(MAX_FILE_BYTES + 1))
    except ParseError:
        return False
    return True


def read_document(source: SourceFile, mapping: Mapping) -> Iterator[SourceItem]:
    try:
        draft = parse_document(source.read(MAX_FILE_BYTES + 1))
    except ParseError as error:
        yield RejectedRow(source.name, 1, str(error))
        return
    mark = _find_held_back_mark(draft)
    messages = []
    if mark:
        messages.append(f"“{mark}” is written on it, so it comes in as a draft.")
    published = _read_published(draft, mapping)
    messages += published.messages
    yield Row(
        source.name,
        1,
        identifier=source.name,
        headline=draft.headline,
        body=json.dumps(asdict(draft), default=str, ensure_ascii=False),
        body_format="draft",
        published=published.value,
        must_be_checked=bool(draft.doubts or mark),
        messages=tuple(messages),
    )


def _find_held_back_mark(draft: Draft) -> str:
    """Return a line, header or stamp such as “DRAFT”, of which the document itself is a doubt."""
    passages = draft.passages[:1]
    blocks = [block for passage in passages for block in passage.blocks[:2]]
    texts = [
        draft.headline,
        *(text for text, _ in draft.leftovers),
        *(passage.heading for passage in passages),
        *(re.sub(r"<[^>]*>", "", block) for block in blocks),
    ]
    marks = (text.strip() for text in texts if len(text) <= MAX_MARK_CHARS)
    return next((text for text in marks if HELD_BACK_MARK.fullmatch(text)), "")


def _read_published(draft: Draft, mapping: Mapping) -> SourceDate:
    """Read the day of the document, also from a line such as 02/12/2021 that it cannot explain."""
    if draft.dated_on:
        return SourceDate(draft.dated_on)
    line = next((text for text, why in draft.leftovers if why == AMBIGUOUS_DATE_REASON), "")
    if not line:
        return SourceDate(messages=("The document names no day.",))
    return read_date(line, zone=mapping.zone, month_first=mapping.month_first)
