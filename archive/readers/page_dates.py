"""Find when a saved web page came out: from its metadata, else from dates that its parts name."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice

from archive.mapping import Mapping
from archive.readers.html_tree import HtmlNode
from archive.readers.times import SourceDate, read_date
from archive.readers.values import to_plain_text
from statements.parsing.dates import find_date

META_NAMES = (
    *("article:published_time", "datepublished", "dcterms.issued", "dcterms.date", "dc.date"),
    *("dc.date.issued", "date", "pubdate", "publish-date", "publication_date"),
)
DATE_NAMES = re.compile(r"\bdate|published|posted|created|pr-date", re.IGNORECASE)
UPDATE_NAMES = re.compile(r"updat|modif|changed|revis|event|expir|deadline", re.IGNORECASE)
JSON_LD_DATE = re.compile(r'"datePublished"\s*:\s*"([^"]{8,40})"')
MAX_NAMED_NODES = 50
MAX_TIME_NODES = 200
MAX_OPENING_CHARS = 300


def read_page_date(
    root: HtmlNode, content: HtmlNode, meta: dict[str, str], text: str, mapping: Mapping
) -> SourceDate:
    """Read the date of a page. Parts that name several days only propose the first of them."""
    certain = [meta[name] for name in META_NAMES if meta.get(name)] + JSON_LD_DATE.findall(text)[:1]
    for candidate in certain:
        found = _read(candidate, mapping)
        if found.value is not None or found.numbers:
            return found
    for texts in (_iter_times(content), _iter_times(root), _iter_named(root)):
        found_dates = [
            found for part in texts if (found := _read(part, mapping)).value or found.numbers
        ]
        if found_dates:
            return _choose(found_dates)
    opening = " ".join(content.get_text().split())[:MAX_OPENING_CHARS]
    return SourceDate(proposed=find_date(opening))


def _read(text: str, mapping: Mapping) -> SourceDate:
    return read_date(text, zone=mapping.zone, month_first=mapping.month_first)


def _choose(found_dates: list[SourceDate]) -> SourceDate:
    days = {_to_day(found.value) if found.value else found.numbers for found in found_dates}
    if len(days) == 1:
        return found_dates[0]
    first = next((found.value for found in found_dates if found.value), None)
    message = "The page names several days, and does not say on which it came out."
    return SourceDate(proposed=_to_day(first) if first else None, messages=(message,))


def _to_day(value: datetime | date) -> date:
    return value.date() if isinstance(value, datetime) else value


def _iter_times(root: HtmlNode) -> Iterator[str]:
    nodes = (node for node in root.walk() if node.tag == "time")
    for node in islice(nodes, MAX_TIME_NODES):
        if not UPDATE_NAMES.search(node.names):
            yield node.attributes.get("datetime") or node.get_text()


def _iter_named(root: HtmlNode) -> Iterator[str]:
    nodes = (node for node in root.walk() if DATE_NAMES.search(node.names))
    for node in islice(nodes, MAX_NAMED_NODES):
        if not UPDATE_NAMES.search(node.names):
            yield node.attributes.get("content") or to_plain_text(node.get_text())[:100]
