"""Read RSS 0.9 to 2.0, RDF and Atom.

JSON Feed is read as JSON.

Not by feedparser: it holds the whole file in memory, rewrites the HTML of the entries, and reports
that a file is broken but not which entry.
"""

import html
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from archive.mapping import Mapping
from archive.readers.decoding import fix_mojibake
from archive.readers.other_records import describe_skipped_type
from archive.readers.row import Label, LinkedFile, RejectedRow, Row, SkippedRow, SourceItem
from archive.readers.source import SourceFile
from archive.readers.source_status import MAX_STATUS_CHARS
from archive.readers.status_fields import read_status
from archive.readers.times import SourceDate, read_date
from archive.readers.values import looks_like_html, to_plain_text
from archive.readers.xml import BrokenItem, XmlItems, get_local_name, inner_html
from statements.content.characters import normalise_text

BODY_TAGS = ("encoded", "content", "body")
DATE_TAGS = ("pubDate", "published", "date", "issued", "created")
UPDATE_TAGS = ("updated", "modified")


def read_feed(source: SourceFile, mapping: Mapping) -> Iterator[SourceItem]:
    items = XmlItems(source, frozenset({"item", "entry", "atom:entry", "rss:item"}))
    number = 0
    for element in items:
        number += 1
        if isinstance(element, BrokenItem):
            yield RejectedRow(source.name, number, element.why)
        else:
            yield _FeedElement(element, source.name, number, mapping, items.head).to_row()
    for message in items.messages:
        yield SkippedRow(source.name, number, message)


class _FeedElement:
    def __init__(
        self, element: Element, file: str, number: int, mapping: Mapping, head: dict[str, str]
    ) -> None:
        self.file, self.number, self.mapping = file, number, mapping
        self.parts: dict[str, list[Element]] = {}
        for child in element:
            self.parts.setdefault(get_local_name(child.tag), []).append(child)
        self.language = element.get("xml:lang", "")
        self.head = {
            path.rpartition("/")[2].rpartition(":")[2]: text
            for path, text in reversed(head.items())
        }
        self.messages: list[str] = []

    def to_row(self) -> SourceItem:
        if kind := self._get_other_kind():
            why = describe_skipped_type(kind)
            return SkippedRow(self.file, self.number, why, self._get_text("id"))
        title, link = to_plain_text(self._get_text("title")), self._get_link()
        identifier = self._get_text("guid") or self._get_text("id") or link
        body = next((text for name in BODY_TAGS if (text := self._get_html(name))), "")
        summary = self._get_html("description") or self._get_html("summary")
        if not body or (len(summary) > len(body) and "content" in self.parts):
            body, summary = summary or body, ""
        if not (title or body):
            why = "There is neither headline nor text in it."
            return RejectedRow(self.file, self.number, why, identifier, title)
        urls = dict.fromkeys(
            url
            for url in (link, self._get_text("guid"))
            if urlsplit(url).scheme in ("http", "https")
        )
        published = self._read_published()
        return Row(
            self.file,
            self.number,
            identifier=identifier,
            headline=title,
            body=body,
            body_format="html" if looks_like_html(body) else "text",
            summary=to_plain_text(summary),
            published=published.value,
            proposed_day=published.proposed,
            date_numbers=published.numbers,
            authors=self._get_authors(),
            labels=self._get_labels(),
            urls=tuple(urls),
            language=self.language or self.head.get("language", "") or self.head.get("@lang", ""),
            linked_files=tuple(self._get_enclosures()),
            status=read_status(self._get_statuses(), self.mapping),
            site=urlsplit(self.head.get("link", "")).hostname or "",
            site_title=to_plain_text(self.head.get("title", "")),
            messages=(*self.messages, *published.messages),
        )

    def _get_other_kind(self) -> str:
        """Return the kind of an entry of a Blogger export that is no post, such as a comment."""
        kinds = [
            category.get("term", "").rpartition("#")[2]
            for category in self.parts.get("category", [])
            if category.get("scheme", "").endswith("#kind")
        ]
        kinds += [(part.text or "").strip().casefold() for part in self.parts.get("type", [])]
        others = [kind for kind in kinds if kind and kind != "post"]
        is_page = others == ["page"] and self.mapping.pages
        return "" if is_page or not others else others[0]

    def _get_text(self, name: str) -> str:
        for element in self.parts.get(name, []):
            if text := normalise_text(fix_mojibake(inner_html(element))).strip():
                return text
        return ""

    def _get_html(self, name: str) -> str:
        """Return escaped HTML, CDATA, XHTML or plain text (`type="text"`, RFC 4287) as HTML."""
        text = self._get_text(name)
        element = next(iter(self.parts.get(name, [])), None)
        if element is not None and element.get("type") == "text":
            return html.escape(text, quote=False)
        return text

    def _get_link(self) -> str:
        for element in self.parts.get("link", []):
            if element.get("rel", "alternate") == "alternate" and (href := element.get("href")):
                return href.strip()
        texts = ((element.text or "").strip() for element in self.parts.get("link", []))
        return next(filter(None, texts), "")

    def _read_published(self) -> SourceDate:
        """Read when it came out; when it was updated is only proposed."""
        for name in DATE_TAGS:
            if text := self._get_text(name):
                return self._read_date(text)
        for name in UPDATE_TAGS:
            if (updated := self._read_date(self._get_text(name)).value) is not None:
                day = updated.date() if isinstance(updated, datetime) else updated
                message = "The feed says when it was updated, and not when it came out."
                return SourceDate(proposed=day, messages=(message,))
        return SourceDate()

    def _read_date(self, text: str) -> SourceDate:
        return read_date(text, zone=self.mapping.zone, month_first=self.mapping.month_first)

    def _get_authors(self) -> tuple[str, ...]:
        names = []
        for name in ("creator", "author"):
            for element in self.parts.get(name, []):
                inner = next(
                    (child for child in element if get_local_name(child.tag) == "name"), element
                )
                names.append(to_plain_text(normalise_text(fix_mojibake(inner.text or ""))))
        return tuple(dict.fromkeys(filter(None, names)))

    def _get_labels(self) -> tuple[Label, ...]:
        names = []
        for element in [*self.parts.get("category", []), *self.parts.get("subject", [])]:
            if element.get("scheme", "").endswith("#kind"):
                continue
            name = element.get("label") or element.get("term") or element.text or ""
            names.append(to_plain_text(normalise_text(fix_mojibake(name))))
        return tuple(Label(name, "category") for name in dict.fromkeys(names) if name)

    def _get_statuses(self) -> Iterator[tuple[str, str]]:
        """Yield what else an entry says of itself, also <app:draft> (RFC 5023) in <app:control>."""
        controls = [child for control in self.parts.get("control", []) for child in control]
        others = [part for parts in self.parts.values() for part in parts if not len(part)]
        for element in [*controls, *others]:
            value = element.get("state") or (element.text or "").strip()
            if value and len(value) <= MAX_STATUS_CHARS:
                yield get_local_name(element.tag), value

    def _get_enclosures(self) -> Iterator[LinkedFile]:
        for element in self.parts.get("enclosure", []):
            if url := element.get("url"):
                yield LinkedFile(url)
        for element in self.parts.get("link", []):
            if element.get("rel") == "enclosure" and (url := element.get("href")):
                yield LinkedFile(url, element.get("title", ""))
