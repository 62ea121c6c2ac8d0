"""A WordPress export (WXR 1.0 to 1.2): posts are statements; pages, menus, comments are not."""

import html
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from archive.mapping import Mapping
from archive.readers.decoding import fix_mojibake
from archive.readers.fields import to_plain_text
from archive.readers.row import Label, LinkedFile, RejectedRow, Row, SkippedRow, SourceItem
from archive.readers.source import SourceFile
from archive.readers.times import InvalidDate, parse_time
from archive.readers.xml import BrokenItem, XmlItems, inner_html
from statements.content.html import normalise_text

SKIPPED_POST_TYPES = {
    "attachment": "a file of the media library",
    "nav_menu_item": "an entry of a menu",
    "revision": "an earlier version",
    "custom_css": "a style sheet",
    "customize_changeset": "a setting",
    "oembed_cache": "a cached embed",
    "user_request": "a request about personal data",
    "wp_block": "a reusable block",
    "wp_template": "a template",
    "wp_template_part": "a part of a template",
    "wp_global_styles": "a style sheet",
    "wp_navigation": "a menu",
    "wp_font_family": "a font",
    "wp_font_face": "a font",
    "acf-field": "a setting",
    "acf-field-group": "a setting",
    "wpcf7_contact_form": "a form",
    "feedback": "an entry of a form",
}
DRAFT_STATUSES = {"draft", "pending", "private", "future"}
EMPTY_DATE = "0000-00-00 00:00:00"


def read_wordpress(source: SourceFile, mapping: Mapping) -> Iterator[SourceItem]:
    items = XmlItems(source, frozenset({"item", "wp:author"}))
    reader = _WordPressReader(source, mapping, items)
    if source.has_siblings:
        reader.media = collect_media(source)
    number = 0
    for element in items:
        if isinstance(element, Element) and element.tag == "wp:author":
            reader.add_author(element)
            continue
        number += 1
        if isinstance(element, BrokenItem):
            salvaged = _salvage_item(element.raw)
            if salvaged is None:
                yield RejectedRow(source.name, number, element.why)
                continue
            yield reader.read_item(
                salvaged, number, [f"{element.why} Its fields were read one by one."]
            )
        else:
            yield reader.read_item(element, number, [])
    for told in items.messages:
        yield SkippedRow(source.name, number, told)


class _WordPressReader:
    def __init__(self, source: SourceFile, mapping: Mapping, items: XmlItems) -> None:
        self.file, self.mapping, self.items = source.name, mapping, items
        self.authors: dict[str, str] = {}
        self.media: dict[str, list[LinkedFile]] = {}

    def add_author(self, element: Element) -> None:
        login = _get_text(element, "wp:author_login")
        self.authors[login] = _get_text(element, "wp:author_display_name") or login

    def _get_head(self, ending: str) -> str:
        heads = self.items.head.items()
        return next((text for path, text in heads if path.endswith(ending)), "")

    def read_item(self, element: Element, number: int, told: list[str]) -> SourceItem:
        title = to_plain_text(_get_text(element, "title"))
        link, guid = _get_text(element, "link"), _get_text(element, "guid")
        identifier = guid or _get_text(element, "wp:post_id") or link
        sort, status = _get_text(element, "wp:post_type") or "post", _get_text(element, "wp:status")
        if why := self._find_skip_reason(sort, status):
            return SkippedRow(self.file, number, why, identifier, title)
        body, excerpt = _get_text(element, "content:encoded"), _get_text(element, "excerpt:encoded")
        if _get_text(element, "wp:post_password"):
            told.append("It was behind a password, so it came in as a draft.")
            status = "private"
        published = self._parse_published(element, told)
        login = _get_text(element, "dc:creator")
        return Row(
            self.file,
            number,
            identifier=identifier,
            headline=title,
            body=body,
            form="html" if "<!-- wp:" in body else "lines",
            summary=to_plain_text(excerpt),
            published=published,
            updated=_parse_utc(_get_text(element, "wp:post_modified_gmt")),
            authors=(self.authors.get(login, login),) if login else (),
            labels=_get_labels(element),
            addresses=tuple(
                one for one in (link, guid) if urlsplit(one).scheme in ("http", "https")
            ),
            language=self._get_head("/language"),
            kind="" if sort in ("post", "page") else sort,
            beside=tuple(self._get_linked_files(element)),
            draft=status in DRAFT_STATUSES,
            site=urlsplit(self._get_head("channel/link")).hostname or "",
            site_title=to_plain_text(self._get_head("channel/title")),
            told=tuple(told),
        )

    def _find_skip_reason(self, sort: str, status: str) -> str:
        if sort in SKIPPED_POST_TYPES:
            return f"It is {SKIPPED_POST_TYPES[sort]}, and no statement."
        if sort == "page" and not self.mapping.pages:
            return "It is a page, and no statement (pages = true in the mapping takes pages too)."
        if status in ("trash", "spam", "inherit", "auto-draft"):
            return f"Its status is “{status}”."
        return ""

    def _parse_published(self, element: Element, told: list[str]) -> datetime | date | None:
        """The site's own time of day is known as UTC, as local time, and as RSS has it."""
        if found := _parse_utc(_get_text(element, "wp:post_date_gmt")):
            return found
        for name in ("wp:post_date", "pubDate"):
            said = _get_text(element, name)
            if said and said != EMPTY_DATE and not said.endswith("-0001 00:00:00 +0000"):
                try:
                    return parse_time(said, zone=self.mapping.zone)
                except InvalidDate as error:
                    told.append(str(error))
        return None

    def _get_linked_files(self, element: Element) -> Iterator[LinkedFile]:
        for enclosure in element.iter("enclosure"):
            if address := enclosure.get("url"):
                yield LinkedFile(address)
        yield from self.media.get(_get_text(element, "wp:post_id"), [])
        yield from self.media.get(f"thumbnail {_get_meta(element, '_thumbnail_id')}", [])


def collect_media(source: SourceFile) -> dict[str, list[LinkedFile]]:
    """Number of a post → the files of the media library that were uploaded to it.

    Under “thumbnail 7” stands the file 7 by itself, for posts that show it above their words.
    """
    found: dict[str, list[LinkedFile]] = {}
    for element in XmlItems(source, frozenset({"item"})):
        if isinstance(element, BrokenItem) or _get_text(element, "wp:post_type") != "attachment":
            continue
        if address := _get_text(element, "wp:attachment_url"):
            title = to_plain_text(_get_text(element, "excerpt:encoded"))
            one = LinkedFile(
                address, title, to_plain_text(_get_meta(element, "_wp_attachment_image_alt"))
            )
            found.setdefault(_get_text(element, "wp:post_parent"), []).append(one)
            found[f"thumbnail {_get_text(element, 'wp:post_id')}"] = [one]
    found.pop("0", None)  # uploaded to no post
    return found


def _get_meta(element: Element, key: str) -> str:
    return next(
        (
            _get_text(one, "wp:meta_value")
            for one in element.findall("wp:postmeta")
            if _get_text(one, "wp:meta_key") == key
        ),
        "",
    )


def _get_labels(element: Element) -> tuple[Label, ...]:
    found: dict[Label, None] = {}
    for one in element.findall("category"):
        sort = {"post_tag": "tag", "category": "category", None: "category"}.get(one.get("domain"))
        name = to_plain_text(fix_mojibake(one.text or ""))
        if sort and name:
            found[Label(name, sort)] = None
    return tuple(found)


def _get_text(element: Element, name: str) -> str:
    found = element.find(name)
    return "" if found is None else normalise_text(fix_mojibake(inner_html(found))).strip()


def _parse_utc(said: str) -> datetime | None:
    if not said or said == EMPTY_DATE:
        return None
    try:
        return datetime.fromisoformat(said).replace(tzinfo=UTC)
    except ValueError:
        return None


FIELD_ELEMENT = re.compile(
    r"<(title|link|pubDate|dc:creator|guid|content:encoded|excerpt:encoded"
    r"|wp:(?!postmeta|comment|meta)[a-z_]+)\b[^>]*?(?:/>|>(.*?)</\1\s*>)",
    re.DOTALL,
)


def _salvage_item(raw: str) -> Element | None:
    """An item whose XML is broken, field by field, as far as each of them is closed."""
    found = Element("item")
    counted = Counter(name for name, _ in FIELD_ELEMENT.findall(raw))
    if not counted["title"] or not counted["content:encoded"] or "</item" not in raw:
        return None
    for name, inside in FIELD_ELEMENT.findall(raw):
        text = inside.strip()
        if text.startswith("<![CDATA["):
            text = text.removeprefix("<![CDATA[").removesuffix("]]>")
            text = text.replace("]]]]><![CDATA[>", "]]>")
        elif "<" not in text:
            text = html.unescape(text)
        one = Element(name)
        one.text = text
        found.append(one)
    return found
