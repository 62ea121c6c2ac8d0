"""Read a WordPress export (WXR 1.0 to 1.2): posts are statements, pages and menus are not."""

import html
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from archive.mapping import Mapping
from archive.readers.decoding import fix_mojibake
from archive.readers.numeric_dates import InvalidDate
from archive.readers.row import (
    IS_A_PAGE,
    Label,
    LinkedFile,
    RejectedRow,
    Row,
    SkippedRow,
    SourceItem,
)
from archive.readers.source import SourceFile
from archive.readers.source_status import SourceStatus, combine_statuses
from archive.readers.status_fields import read_status
from archive.readers.times import parse_time
from archive.readers.values import to_plain_text
from archive.readers.xml import BrokenItem, XmlItems, inner_html
from statements.content.characters import normalise_text

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
SKIPPED_STATUSES = ("trash", "spam", "inherit", "auto-draft")
MAX_ZONE_OFFSET = timedelta(hours=14)
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
    for message in items.messages:
        yield SkippedRow(source.name, number, message)


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

    def read_item(self, element: Element, number: int, messages: list[str]) -> SourceItem:
        title = to_plain_text(_get_text(element, "title"))
        link, guid = _get_text(element, "link"), _get_text(element, "guid")
        identifier = guid or _get_text(element, "wp:post_id") or link
        post_type = _get_text(element, "wp:post_type") or "post"
        status = _get_text(element, "wp:status").casefold()
        if why := self._find_skip_reason(post_type, status):
            return SkippedRow(self.file, number, why, identifier, title)
        body, excerpt = _get_text(element, "content:encoded"), _get_text(element, "excerpt:encoded")
        published = self._parse_published(element, messages)
        login = _get_text(element, "dc:creator")
        return Row(
            self.file,
            number,
            identifier=identifier,
            headline=title,
            body=body,
            body_format="html" if "<!-- wp:" in body else "lines",
            summary=to_plain_text(excerpt),
            published=published,
            updated=_parse_utc(_get_text(element, "wp:post_modified_gmt")),
            authors=(self.authors.get(login, login),) if login else (),
            labels=_get_labels(element),
            urls=tuple(url for url in (link, guid) if urlsplit(url).scheme in ("http", "https")),
            language=self._get_head("/language"),
            kind="" if post_type in ("post", "page") else post_type,
            linked_files=tuple(self._get_linked_files(element)),
            status=self._read_status(element),
            site=urlsplit(self._get_head("channel/link")).hostname or "",
            site_title=to_plain_text(self._get_head("channel/title")),
            messages=tuple(messages),
        )

    def _find_skip_reason(self, post_type: str, status: str) -> str:
        if post_type in SKIPPED_POST_TYPES:
            return f"It is {SKIPPED_POST_TYPES[post_type]}, and no statement."
        if post_type == "page" and not self.mapping.pages:
            return IS_A_PAGE
        if status in SKIPPED_STATUSES:
            return f"Its status is “{status}”."
        return ""

    def _read_status(self, element: Element) -> SourceStatus:
        """Read its status, which every post has, its password, and settings of plugins."""
        own = [
            ("status", _get_text(element, "wp:status")),
            ("password", _get_text(element, "wp:post_password")),
        ]
        settings = [
            (_get_text(meta, "wp:meta_key"), _get_text(meta, "wp:meta_value"))
            for meta in element.findall("wp:postmeta")
        ]
        return combine_statuses(
            [
                read_status(own, self.mapping),
                read_status(settings, self.mapping, exact_names=True),
            ]
        )

    def _parse_published(self, element: Element, messages: list[str]) -> datetime | date | None:
        """Parse the release time, which is given in UTC, in local time, or as RSS gives it."""
        if released_at := _parse_utc(_get_text(element, "wp:post_date_gmt")):
            return _with_local_day(released_at, _parse_utc(_get_text(element, "wp:post_date")))
        for name in ("wp:post_date", "pubDate"):
            text = _get_text(element, name)
            if text and text != EMPTY_DATE and not text.endswith("-0001 00:00:00 +0000"):
                try:
                    return parse_time(text, zone=self.mapping.zone)
                except InvalidDate as error:
                    messages.append(str(error))
        return None

    def _get_linked_files(self, element: Element) -> Iterator[LinkedFile]:
        for enclosure in element.iter("enclosure"):
            if url := enclosure.get("url"):
                yield LinkedFile(url)
        yield from self.media.get(_get_text(element, "wp:post_id"), [])
        yield from self.media.get(f"thumbnail {_get_meta(element, '_thumbnail_id')}", [])


def collect_media(source: SourceFile) -> dict[str, list[LinkedFile]]:
    """Map the number of each post to the files of the media library that were uploaded to it.

    The key “thumbnail 7” has file 7 alone, for posts that show it above their text.
    """
    files_by_post: dict[str, list[LinkedFile]] = {}
    for element in XmlItems(source, frozenset({"item"})):
        if isinstance(element, BrokenItem) or _get_text(element, "wp:post_type") != "attachment":
            continue
        if url := _get_text(element, "wp:attachment_url"):
            title = to_plain_text(_get_text(element, "excerpt:encoded"))
            alt = to_plain_text(_get_meta(element, "_wp_attachment_image_alt"))
            file = LinkedFile(url, title, alt)
            files_by_post.setdefault(_get_text(element, "wp:post_parent"), []).append(file)
            files_by_post[f"thumbnail {_get_text(element, 'wp:post_id')}"] = [file]
    files_by_post.pop("0", None)  # uploaded to no post
    return files_by_post


def _get_meta(element: Element, key: str) -> str:
    return next(
        (
            _get_text(meta, "wp:meta_value")
            for meta in element.findall("wp:postmeta")
            if _get_text(meta, "wp:meta_key") == key
        ),
        "",
    )


def _get_labels(element: Element) -> tuple[Label, ...]:
    labels: dict[Label, None] = {}
    for category in element.findall("category"):
        domain = category.get("domain")
        kind = {"post_tag": "tag", "category": "category", None: "category"}.get(domain)
        name = to_plain_text(fix_mojibake(category.text or ""))
        if kind and name:
            labels[Label(name, kind)] = None
    return tuple(labels)


def _get_text(element: Element, name: str) -> str:
    child = element.find(name)
    return "" if child is None else normalise_text(fix_mojibake(inner_html(child))).strip()


def _with_local_day(at: datetime, local: datetime | None) -> datetime:
    """Return the instant in the time zone of its site, so that it keeps the day it had there."""
    offset = local - at if local else timedelta()
    if abs(offset) > MAX_ZONE_OFFSET or offset % timedelta(minutes=15):
        return at
    return at.astimezone(timezone(offset))


def _parse_utc(text: str) -> datetime | None:
    if not text or text == EMPTY_DATE:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError:
        return None


FIELD_ELEMENT = re.compile(
    r"<(title|link|pubDate|dc:creator|guid|content:encoded|excerpt:encoded"
    r"|wp:(?!postmeta|comment|meta)[a-z_]+)\b[^>]*?(?:/>|>(.*?)</\1\s*>)",
    re.DOTALL,
)


def _salvage_item(raw: str) -> Element | None:
    """Read the closed fields of an item whose XML is broken; None where the main ones are not."""
    item = Element("item")
    counts = Counter(name for name, _ in FIELD_ELEMENT.findall(raw))
    if not counts["title"] or not counts["content:encoded"] or "</item" not in raw:
        return None
    for name, inner in FIELD_ELEMENT.findall(raw):
        text = inner.strip()
        if text.startswith("<![CDATA["):
            text = text.removeprefix("<![CDATA[").removesuffix("]]>")
            text = text.replace("]]]]><![CDATA[>", "]]>")
        elif "<" not in text:
            text = html.unescape(text)
        field = Element(name)
        field.text = text
        item.append(field)
    return item
