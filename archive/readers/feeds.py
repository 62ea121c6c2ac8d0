"""RSS 0.9 to 2.0, RDF and Atom: what a feed still holds. (JSON Feed is read as JSON.)"""

import html
from collections.abc import Iterator
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from archive.mapping import Mapping
from archive.readers.decoding import mended
from archive.readers.fields import looks_like_html, plain
from archive.readers.row import Beside, Item, Label, Refused, Row, Skipped
from archive.readers.source import Source
from archive.readers.times import NoDate, read_time
from archive.readers.xml import Broken, Items, inner_html, local
from statements.content.html import normalise

BODY = ("encoded", "content", "body")
DATE = ("pubDate", "published", "date", "issued", "created", "updated", "modified")


def read_feed(source: Source, mapping: Mapping) -> Iterator[Item]:
    items = Items(source, frozenset({"item", "entry", "atom:entry", "rss:item"}))
    number = 0
    for element in items:
        number += 1
        if isinstance(element, Broken):
            yield Refused(source.name, number, element.why)
        else:
            yield _Entry(element, source.name, number, mapping, items.head).row()
    for told in items.told:
        yield Skipped(source.name, number, told)


class _Entry:
    def __init__(self, element: Element, file: str, number: int, mapping: Mapping, head) -> None:
        self.file, self.number, self.mapping = file, number, mapping
        self.parts: dict[str, list[Element]] = {}
        for child in element:
            self.parts.setdefault(local(child.tag), []).append(child)
        self.language = element.get("xml:lang", "")
        self.head = {
            path.rpartition("/")[2].rpartition(":")[2]: text
            for path, text in reversed(head.items())
        }
        self.told: list[str] = []

    def row(self) -> Item:
        title, link = plain(self._text("title")), self._link()
        identifier = self._text("guid") or self._text("id") or link
        body = next((text for name in BODY if (text := self._rich(name))), "")
        summary = self._rich("description") or self._rich("summary")
        if not body or (len(summary) > len(body) and "content" in self.parts):
            body, summary = summary or body, ""
        if not (title or body):
            why = "There is neither headline nor text in it."
            return Refused(self.file, self.number, why, identifier, title)
        addresses = dict.fromkeys(
            one for one in (link, self._text("guid")) if urlsplit(one).scheme in ("http", "https")
        )
        return Row(
            self.file,
            self.number,
            identifier=identifier,
            headline=title,
            body=body,
            form="html" if looks_like_html(body) else "text",
            summary=plain(summary),
            published=self._published(),
            authors=self._authors(),
            labels=self._labels(),
            addresses=tuple(addresses),
            language=self.language or self.head.get("language", "") or self.head.get("@lang", ""),
            beside=tuple(self._beside()),
            site=urlsplit(self.head.get("link", "")).hostname or "",
            site_title=plain(self.head.get("title", "")),
            told=tuple(self.told),
        )

    def _text(self, name: str) -> str:
        for element in self.parts.get(name, []):
            if text := normalise(mended(inner_html(element))).strip():
                return text
        return ""

    def _rich(self, name: str) -> str:
        """Escaped HTML, CDATA and XHTML all come out as HTML; `type="text"` is none (RFC 4287)."""
        text = self._text(name)
        element = next(iter(self.parts.get(name, [])), None)
        if element is not None and element.get("type") == "text":
            return html.escape(text, quote=False)
        return text

    def _link(self) -> str:
        for element in self.parts.get("link", []):
            if element.get("rel", "alternate") == "alternate" and (href := element.get("href")):
                return href.strip()
        return next(
            (text for one in self.parts.get("link", []) if (text := (one.text or "").strip())), ""
        )

    def _published(self):
        for name in DATE:
            if said := self._text(name):
                try:
                    return read_time(
                        said, zone=self.mapping.zone, month_first=self.mapping.month_first
                    )
                except NoDate as error:
                    self.told.append(str(error))
        return None

    def _authors(self) -> tuple[str, ...]:
        found = []
        for name in ("creator", "author"):
            for element in self.parts.get(name, []):
                inner = next((one for one in element if local(one.tag) == "name"), element)
                found.append(plain(normalise(mended(inner.text or ""))))
        return tuple(dict.fromkeys(name for name in found if name))

    def _labels(self) -> tuple[Label, ...]:
        found = []
        for element in [*self.parts.get("category", []), *self.parts.get("subject", [])]:
            name = element.get("label") or element.get("term") or element.text or ""
            found.append(plain(normalise(mended(name))))
        return tuple(Label(name, "category") for name in dict.fromkeys(found) if name)

    def _beside(self) -> Iterator[Beside]:
        for element in self.parts.get("enclosure", []):
            if address := element.get("url"):
                yield Beside(address)
        for element in self.parts.get("link", []):
            if element.get("rel") == "enclosure" and (address := element.get("href")):
                yield Beside(address, element.get("title", ""))
