"""A WordPress export (WXR 1.0 to 1.2): posts are statements; pages, menus, comments are not."""

import html
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from archive.mapping import Mapping
from archive.readers.decoding import mended
from archive.readers.fields import plain
from archive.readers.row import Beside, Item, Label, Refused, Row, Skipped
from archive.readers.source import Source
from archive.readers.times import NoDate, read_time
from archive.readers.xml import Broken, Items, inner_html
from statements.content.html import normalise

NO_STATEMENT = {
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
DRAFTS = {"draft", "pending", "private", "future"}
NAMELESS = "0000-00-00 00:00:00"


def read_wordpress(source: Source, mapping: Mapping) -> Iterator[Item]:
    items = Items(source, frozenset({"item", "wp:author"}))
    reader = _Wordpress(source, mapping, items)
    if source.in_company:
        reader.media = media_of(source)
    number = 0
    for element in items:
        if isinstance(element, Element) and element.tag == "wp:author":
            reader.author(element)
            continue
        number += 1
        if isinstance(element, Broken):
            salvaged = _salvaged(element.raw)
            if salvaged is None:
                yield Refused(source.name, number, element.why)
                continue
            yield reader.item(salvaged, number, [f"{element.why} Its fields were read one by one."])
        else:
            yield reader.item(element, number, [])
    for told in items.told:
        yield Skipped(source.name, number, told)


class _Wordpress:
    def __init__(self, source: Source, mapping: Mapping, items: Items) -> None:
        self.file, self.mapping, self.items = source.name, mapping, items
        self.authors: dict[str, str] = {}
        self.media: dict[str, list[Beside]] = {}

    def author(self, element: Element) -> None:
        login = _text(element, "wp:author_login")
        self.authors[login] = _text(element, "wp:author_display_name") or login

    def _head(self, ending: str) -> str:
        heads = self.items.head.items()
        return next((text for path, text in heads if path.endswith(ending)), "")

    def item(self, element: Element, number: int, told: list[str]) -> Item:
        title = plain(_text(element, "title"))
        link, guid = _text(element, "link"), _text(element, "guid")
        identifier = guid or _text(element, "wp:post_id") or link
        sort, status = _text(element, "wp:post_type") or "post", _text(element, "wp:status")
        if why := self._why_not(sort, status):
            return Skipped(self.file, number, why, identifier, title)
        body, excerpt = _text(element, "content:encoded"), _text(element, "excerpt:encoded")
        if _text(element, "wp:post_password"):
            told.append("It was behind a password, so it came in as a draft.")
            status = "private"
        published = self._published(element, told)
        login = _text(element, "dc:creator")
        return Row(
            self.file,
            number,
            identifier=identifier,
            headline=title,
            body=body,
            form="html" if "<!-- wp:" in body else "lines",
            summary=plain(excerpt),
            published=published,
            updated=_utc(_text(element, "wp:post_modified_gmt")),
            authors=(self.authors.get(login, login),) if login else (),
            labels=_labels(element),
            addresses=tuple(
                one for one in (link, guid) if urlsplit(one).scheme in ("http", "https")
            ),
            language=self._head("/language"),
            kind="" if sort in ("post", "page") else sort,
            beside=tuple(self._beside(element)),
            draft=status in DRAFTS,
            site=urlsplit(self._head("channel/link")).hostname or "",
            site_title=plain(self._head("channel/title")),
            told=tuple(told),
        )

    def _why_not(self, sort: str, status: str) -> str:
        if sort in NO_STATEMENT:
            return f"It is {NO_STATEMENT[sort]}, and no statement."
        if sort == "page" and not self.mapping.pages:
            return "It is a page, and no statement (pages = true in the mapping takes pages too)."
        if status in ("trash", "spam", "inherit", "auto-draft"):
            return f"Its status is “{status}”."
        return ""

    def _published(self, element: Element, told: list[str]) -> datetime | date | None:
        """The site's own time of day is known as UTC, as local time, and as RSS has it."""
        if found := _utc(_text(element, "wp:post_date_gmt")):
            return found
        for name in ("wp:post_date", "pubDate"):
            said = _text(element, name)
            if said and said != NAMELESS and not said.endswith("-0001 00:00:00 +0000"):
                try:
                    return read_time(said, zone=self.mapping.zone)
                except NoDate as error:
                    told.append(str(error))
        return None

    def _beside(self, element: Element) -> Iterator[Beside]:
        for enclosure in element.iter("enclosure"):
            if address := enclosure.get("url"):
                yield Beside(address)
        yield from self.media.get(_text(element, "wp:post_id"), [])
        yield from self.media.get(f"thumbnail {_meta(element, '_thumbnail_id')}", [])


def media_of(source: Source) -> dict[str, list[Beside]]:
    """Number of a post → the files of the media library that were uploaded to it.

    Under “thumbnail 7” stands the file 7 by itself, for posts that show it above their words.
    """
    found: dict[str, list[Beside]] = {}
    for element in Items(source, frozenset({"item"})):
        if isinstance(element, Broken) or _text(element, "wp:post_type") != "attachment":
            continue
        if address := _text(element, "wp:attachment_url"):
            title = plain(_text(element, "excerpt:encoded"))
            one = Beside(address, title, plain(_meta(element, "_wp_attachment_image_alt")))
            found.setdefault(_text(element, "wp:post_parent"), []).append(one)
            found[f"thumbnail {_text(element, 'wp:post_id')}"] = [one]
    found.pop("0", None)  # uploaded to no post
    return found


def _meta(element: Element, key: str) -> str:
    return next(
        (
            _text(one, "wp:meta_value")
            for one in element.findall("wp:postmeta")
            if _text(one, "wp:meta_key") == key
        ),
        "",
    )


def _labels(element: Element) -> tuple[Label, ...]:
    found: dict[Label, None] = {}
    for one in element.findall("category"):
        sort = {"post_tag": "tag", "category": "category", None: "category"}.get(one.get("domain"))
        name = plain(mended(one.text or ""))
        if sort and name:
            found[Label(name, sort)] = None
    return tuple(found)


def _text(element: Element, name: str) -> str:
    found = element.find(name)
    return "" if found is None else normalise(mended(inner_html(found))).strip()


def _utc(said: str) -> datetime | None:
    if not said or said == NAMELESS:
        return None
    try:
        return datetime.fromisoformat(said).replace(tzinfo=UTC)
    except ValueError:
        return None


FIELD = re.compile(
    r"<(title|link|pubDate|dc:creator|guid|content:encoded|excerpt:encoded"
    r"|wp:(?!postmeta|comment|meta)[a-z_]+)\b[^>]*?(?:/>|>(.*?)</\1\s*>)",
    re.DOTALL,
)


def _salvaged(raw: str) -> Element | None:
    """An item whose XML is broken, field by field, as far as each of them is closed."""
    found = Element("item")
    counted = Counter(name for name, _ in FIELD.findall(raw))
    if not counted["title"] or not counted["content:encoded"] or "</item" not in raw:
        return None
    for name, inside in FIELD.findall(raw):
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
