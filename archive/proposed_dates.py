"""Propose a day for a row whose source does not say when it came out. It is never certain."""

import html
import re
from dataclasses import dataclass
from datetime import date

from archive.cleaning import CleanedBody
from archive.readers.paths_with_dates import find_day_in_path
from archive.readers.row import Row
from statements.parsing.dates import find_date

MAX_DATELINE_CHARS = 160
MANY_ROWS_SUFFIXES = (".csv", ".tsv", ".tab", ".json", ".jsonl", ".ndjson", ".xml", ".rss", ".atom")
TAG = re.compile(r"<[^>]{0,500}>")
DASH = re.compile(r"\s[-–—]+\s|[–—]|--")


@dataclass(frozen=True)
class ProposedDay:
    """A day, and where it was found, as the subject of a sentence."""

    day: date
    where: str


def propose_day(row: Row, cleaned: CleanedBody) -> ProposedDay | None:
    """Find a day in the reader's proposal, the file's name, an address or the first line."""
    if row.proposed_day:
        return ProposedDay(row.proposed_day, "Its date field")
    is_table = row.file.casefold().endswith(MANY_ROWS_SUFFIXES)  # named by the day of its export
    if not is_table and (day := find_day_in_path(row.file)):
        return ProposedDay(day, "The name of its file")
    if day := next(filter(None, map(find_day_in_path, row.urls)), None):
        return ProposedDay(day, "Its address")
    if day := _find_in_first_line(cleaned):
        return ProposedDay(day, "Its first line")
    return None


def _find_in_first_line(cleaned: CleanedBody) -> date | None:
    """Find the day in “LONDON, 3 May 2012 – …”, or in a first line that is short."""
    block = next((block for passage in cleaned.passages for block in passage.blocks), "")
    text = " ".join(html.unescape(TAG.sub(" ", block[:2000])).split())
    head = DASH.split(text[:MAX_DATELINE_CHARS], maxsplit=1)[0]
    return find_date(head) if len(head) < MAX_DATELINE_CHARS else None
