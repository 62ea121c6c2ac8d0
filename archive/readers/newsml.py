"""IPTC NewsML-G2 and NewsML 1: one news item, or a message full of them."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from archive.mapping import Mapping
from archive.readers.decoding import mended
from archive.readers.fields import looks_like_html, plain
from archive.readers.row import Item, Label, Refused, Row, Skipped
from archive.readers.source import Source
from archive.readers.times import NoDate, read_time
from archive.readers.xml import Broken, Items, inner_html, local
from statements.content.html import normalise

ITEMS = frozenset({"newsItem", "NewsItem", "contentSet"})
DATES = ("firstCreated", "contentCreated", "FirstCreated", "versionCreated", "ThisRevisionCreated")
HEADLINES = ("headline", "HeadLine", "hl1", "title")
BODIES = ("body.content", "DataContent", "inlineXML", "inlineData")
SUBJECTS = ("subject", "Subject")
NEVER_PUBLIC = ("canceled", "withheld")


def read_newsml(source: Source, mapping: Mapping) -> Iterator[Item]:
    number = 0
    items = Items(source, ITEMS)
    for element in items:
        number += 1
        if isinstance(element, Broken):
            yield Refused(source.name, number, element.why)
        else:
            yield _item(element, source.name, number, mapping)
    for told in items.told:
        yield Skipped(source.name, number, told)


def _item(element: Element, file: str, number: int, mapping: Mapping) -> Item:
    parts: dict[str, list[Element]] = {}
    for one in element.iter():
        parts.setdefault(local(one.tag), []).append(one)
    told: list[str] = []
    identifier = (
        element.get("guid") or _text(parts, "PublicIdentifier") or _text(parts, "NewsItemId")
    )
    headline = next((plain(text) for name in HEADLINES if (text := _text(parts, name))), "")
    body = _body(parts)
    if not body and not headline:
        return Skipped(file, number, "There are no words in it.", identifier)
    status = next((one.get("qcode", "") for one in parts.get("pubStatus", [])), "")
    return Row(
        file,
        number,
        identifier=identifier or file,
        headline=headline,
        body=body,
        form="html" if looks_like_html(body) else "text",
        published=_published(parts, mapping, told),
        authors=tuple(
            filter(
                None,
                [plain(_text(parts, "by") or _text(parts, "ByLine") or _text(parts, "byline"))],
            )
        ),
        labels=tuple(_labels(parts)),
        language=_language(element, parts),
        draft=status.rpartition(":")[2] in NEVER_PUBLIC,
        told=tuple(told),
    )


def _text(parts: dict[str, list[Element]], name: str) -> str:
    for element in parts.get(name, []):
        if text := normalise(mended("".join(element.itertext()))).strip():
            return text
    return ""


def _body(parts: dict[str, list[Element]]) -> str:
    for name in BODIES:
        found = [inner for one in parts.get(name, []) if (inner := inner_html(one).strip())]
        if found:
            best = max(found, key=len)  # the longest, where it is given in several forms
            return normalise(mended(best))
    return ""


def _published(parts: dict[str, list[Element]], mapping: Mapping, told: list[str]):
    for name in DATES:
        if said := _text(parts, name):
            try:
                return read_time(said, zone=mapping.zone)
            except NoDate as error:
                told.append(str(error))
    return None


def _labels(parts: dict[str, list[Element]]) -> Iterator[Label]:
    for name in SUBJECTS:
        for element in parts.get(name, []):
            own = [one for one in element if local(one.tag) == "name"]
            if own and (text := plain(own[0].text or "")):
                yield Label(text)


def _language(element: Element, parts: dict[str, list[Element]]) -> str:
    for one in [*parts.get("language", []), *parts.get("Language", [])]:
        if said := one.get("tag") or one.get("FormalName"):
            return said
    return element.get("xml:lang", "")
