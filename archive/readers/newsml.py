"""Read IPTC NewsML-G2 and NewsML 1: one news item, or a message with many."""

from collections.abc import Iterator
from datetime import date, datetime
from xml.etree.ElementTree import Element

from archive.mapping import Mapping
from archive.readers.decoding import fix_mojibake
from archive.readers.ninjs import get_code
from archive.readers.numeric_dates import InvalidDate
from archive.readers.row import Label, RejectedRow, Row, SkippedRow, SourceItem
from archive.readers.source import SourceFile
from archive.readers.status_fields import read_status
from archive.readers.times import parse_time
from archive.readers.values import looks_like_html, to_plain_text
from archive.readers.xml import BrokenItem, XmlItems, get_local_name, inner_html
from statements.content.characters import normalise_text

ITEM_TAGS = frozenset({"newsItem", "NewsItem", "contentSet"})
DATE_TAGS = (
    "firstCreated",
    "contentCreated",
    "FirstCreated",
    "versionCreated",
    "ThisRevisionCreated",
)
HEADLINE_TAGS = ("headline", "HeadLine", "hl1", "title")
BODY_TAGS = ("body.content", "DataContent", "inlineXML", "inlineData")
SUBJECT_TAGS = ("subject", "Subject")
STATUS_TAGS = ("pubStatus", "Status")
TIME_TAGS = ("embargoed", "expires")


def read_newsml(source: SourceFile, mapping: Mapping) -> Iterator[SourceItem]:
    number = 0
    items = XmlItems(source, ITEM_TAGS)
    for element in items:
        number += 1
        if isinstance(element, BrokenItem):
            yield RejectedRow(source.name, number, element.why)
        else:
            yield _build_row(element, source.name, number, mapping)
    for message in items.messages:
        yield SkippedRow(source.name, number, message)


def _build_row(element: Element, file: str, number: int, mapping: Mapping) -> SourceItem:
    parts: dict[str, list[Element]] = {}
    for descendant in element.iter():
        parts.setdefault(get_local_name(descendant.tag), []).append(descendant)
    messages: list[str] = []
    identifier = (
        element.get("guid")
        or _get_text(parts, "PublicIdentifier")
        or _get_text(parts, "NewsItemId")
    )
    headline = next(
        (to_plain_text(text) for name in HEADLINE_TAGS if (text := _get_text(parts, name))), ""
    )
    body = _get_body(parts)
    if not body and not headline:
        return SkippedRow(file, number, "There are no words in it.", identifier)
    return Row(
        file,
        number,
        identifier=identifier or file,
        headline=headline,
        body=body,
        body_format="html" if looks_like_html(body) else "text",
        published=_parse_published(parts, mapping, messages),
        authors=tuple(
            filter(
                None,
                [
                    to_plain_text(
                        _get_text(parts, "by")
                        or _get_text(parts, "ByLine")
                        or _get_text(parts, "byline")
                    )
                ],
            )
        ),
        labels=tuple(_get_labels(parts)),
        language=_get_language(element, parts),
        status=read_status(_get_statuses(parts), mapping),
        messages=tuple(messages),
    )


def _get_statuses(parts: dict[str, list[Element]]) -> Iterator[tuple[str, str]]:
    """Yield what says whether the item is public; without any of it, it is (NewsML-G2)."""
    for name in STATUS_TAGS:
        for part in parts.get(name, []):
            code = part.get("qcode") or part.get("uri") or part.get("FormalName") or ""
            yield name, get_code(code or part.text or "")
    for part in parts.get("edNote", []):
        yield "edNote", _get_text({"edNote": [part]}, "edNote")
    for name in TIME_TAGS:
        for part in parts.get(name, []):
            # An empty <embargoed/> means: until somebody says otherwise.
            yield name, (part.text or "").strip() or ("yes" if name == "embargoed" else "")


def _get_text(parts: dict[str, list[Element]], name: str) -> str:
    for element in parts.get(name, []):
        if text := normalise_text(fix_mojibake("".join(element.itertext()))).strip():
            return text
    return ""


def _get_body(parts: dict[str, list[Element]]) -> str:
    for name in BODY_TAGS:
        bodies = [inner for part in parts.get(name, []) if (inner := inner_html(part).strip())]
        if bodies:
            return normalise_text(fix_mojibake(max(bodies, key=len)))
    return ""


def _parse_published(
    parts: dict[str, list[Element]], mapping: Mapping, messages: list[str]
) -> datetime | date | None:
    for name in DATE_TAGS:
        if text := _get_text(parts, name):
            try:
                return parse_time(text, zone=mapping.zone, month_first=mapping.month_first)
            except InvalidDate as error:
                messages.append(str(error))
    return None


def _get_labels(parts: dict[str, list[Element]]) -> Iterator[Label]:
    for name in SUBJECT_TAGS:
        for element in parts.get(name, []):
            names = [child for child in element if get_local_name(child.tag) == "name"]
            if names and (text := to_plain_text(names[0].text or "")):
                yield Label(text)


def _get_language(element: Element, parts: dict[str, list[Element]]) -> str:
    for part in [*parts.get("language", []), *parts.get("Language", [])]:
        if language := part.get("tag") or part.get("FormalName"):
            return language
    return element.get("xml:lang", "")
