"""IPTC NewsML-G2 and NewsML 1: one news item, or a message full of them."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from archive.mapping import Mapping
from archive.readers.decoding import fix_mojibake
from archive.readers.fields import looks_like_html, to_plain_text
from archive.readers.row import Label, RejectedRow, Row, SkippedRow, SourceItem
from archive.readers.source import SourceFile
from archive.readers.times import InvalidDate, parse_time
from archive.readers.xml import BrokenItem, XmlItems, get_local_name, inner_html
from statements.content.html import normalise_text

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
NEVER_PUBLIC = ("canceled", "withheld")


def read_newsml(source: SourceFile, mapping: Mapping) -> Iterator[SourceItem]:
    number = 0
    items = XmlItems(source, ITEM_TAGS)
    for element in items:
        number += 1
        if isinstance(element, BrokenItem):
            yield RejectedRow(source.name, number, element.why)
        else:
            yield _build_row(element, source.name, number, mapping)
    for told in items.messages:
        yield SkippedRow(source.name, number, told)


def _build_row(element: Element, file: str, number: int, mapping: Mapping) -> SourceItem:
    parts: dict[str, list[Element]] = {}
    for one in element.iter():
        parts.setdefault(get_local_name(one.tag), []).append(one)
    told: list[str] = []
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
    status = next((one.get("qcode", "") for one in parts.get("pubStatus", [])), "")
    return Row(
        file,
        number,
        identifier=identifier or file,
        headline=headline,
        body=body,
        form="html" if looks_like_html(body) else "text",
        published=_parse_published(parts, mapping, told),
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
        draft=status.rpartition(":")[2] in NEVER_PUBLIC,
        told=tuple(told),
    )


def _get_text(parts: dict[str, list[Element]], name: str) -> str:
    for element in parts.get(name, []):
        if text := normalise_text(fix_mojibake("".join(element.itertext()))).strip():
            return text
    return ""


def _get_body(parts: dict[str, list[Element]]) -> str:
    for name in BODY_TAGS:
        found = [inner for one in parts.get(name, []) if (inner := inner_html(one).strip())]
        if found:
            best = max(found, key=len)  # the longest, where it is given in several forms
            return normalise_text(fix_mojibake(best))
    return ""


def _parse_published(parts: dict[str, list[Element]], mapping: Mapping, told: list[str]):
    for name in DATE_TAGS:
        if said := _get_text(parts, name):
            try:
                return parse_time(said, zone=mapping.zone)
            except InvalidDate as error:
                told.append(str(error))
    return None


def _get_labels(parts: dict[str, list[Element]]) -> Iterator[Label]:
    for name in SUBJECT_TAGS:
        for element in parts.get(name, []):
            own = [one for one in element if get_local_name(one.tag) == "name"]
            if own and (text := to_plain_text(own[0].text or "")):
                yield Label(text)


def _get_language(element: Element, parts: dict[str, list[Element]]) -> str:
    for one in [*parts.get("language", []), *parts.get("Language", [])]:
        if said := one.get("tag") or one.get("FormalName"):
            return said
    return element.get("xml:lang", "")
