"""Read NITF, in which agencies and newspapers keep a story: a record with usual names for each."""

from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from archive.mapping import Mapping
from archive.readers.field_names import guess_fields
from archive.readers.fields import RecordReader
from archive.readers.row import RejectedRow, SkippedRow, SourceItem
from archive.readers.source import SourceFile
from archive.readers.xml import BrokenItem, XmlItems, get_local_name, inner_html

HEADLINE_TAGS = ("hl1", "hedline", "title")
PARAGRAPHS_AFTER = ("tagline", "bibliography")
LABEL_ATTRIBUTES = {
    "keyword": "key",
    "identified-content": "",
    "tobject.subject": "tobject.subject.type",
    "classifier": "value",
}


def read_nitf(source: SourceFile, mapping: Mapping) -> Iterator[SourceItem]:
    items = XmlItems(source, frozenset({"nitf"}))
    number = 0
    for element in items:
        number += 1
        if isinstance(element, BrokenItem):
            yield RejectedRow(source.name, number, element.why)
            continue
        record = to_record(element)
        fields = mapping.fields or guess_fields(record)
        yield RecordReader(source.name, mapping, fields).to_row(record, number)
    for message in items.messages:
        yield SkippedRow(source.name, number, message)


def to_record(item: Element) -> dict[str, Any]:
    """Return the story as a record: `status` and the times say whether it is public."""
    parts: dict[str, list[Element]] = {}
    for descendant in item.iter():
        parts.setdefault(get_local_name(descendant.tag), []).append(descendant)
    hl1 = next((text for name in HEADLINE_TAGS if (text := _get_text(parts, name))), "")
    issued = _get_attribute(parts, "date.issue", "norm")
    statuses = {
        "status": _get_attribute(parts, "docdata", "management-status"),
        "embargo_until": _get_attribute(parts, "date.release", "norm"),
        "expires": _get_attribute(parts, "date.expire", "norm"),
    }
    return {
        "id": _get_attribute(parts, "doc-id", "id-string") or item.get("uno") or hl1,
        "title": hl1,
        "summary": _get_text(parts, "abstract") or _get_text(parts, "hl2"),
        "body": _get_body(parts),
        "date": issued or _get_attribute(parts, "date.release", "norm") or _get_story_date(parts),
        "author": _get_byline(parts),
        "tags": list(_iter_labels(parts)),
        "language": item.get("{http://www.w3.org/XML/1998/namespace}lang", "")
        or item.get("xml:lang", ""),
        "images": list(_iter_pictures(parts)),
        "editorial_message": _get_attribute(parts, "ed-msg", "info"),
    } | {name: value for name, value in statuses.items() if value}


def _get_text(parts: dict[str, list[Element]], name: str) -> str:
    texts = (" ".join("".join(part.itertext()).split()) for part in parts.get(name, []))
    return next(filter(None, texts), "")


def _get_byline(parts: dict[str, list[Element]]) -> str:
    for byline in parts.get("byline", []):
        person = byline.find("person")
        words = "".join((byline if person is None else person).itertext()).split()
        return " ".join(words[1:] if words[:1] in (["By"], ["by"]) else words)
    return ""


def _get_attribute(parts: dict[str, list[Element]], name: str, attribute: str) -> str:
    return next((part.get(attribute, "") for part in parts.get(name, [])), "")


def _get_story_date(parts: dict[str, list[Element]]) -> str:
    return _get_attribute(parts, "story.date", "norm") or _get_text(parts, "story.date")


def _get_body(parts: dict[str, list[Element]]) -> str:
    """Return the story as HTML; what stands around the words has its own field."""
    bodies = []
    for body in parts.get("body.content", []):
        for media in list(body.iter()):
            if get_local_name(media.tag) == "media":
                _change_to_figure(media)
            elif get_local_name(media.tag) in ("hl2", "hl1"):
                media.tag = "h2"
        bodies.append(inner_html(body).strip())
    after = [inner_html(part) for name in PARAGRAPHS_AFTER for part in parts.get(name, [])]
    return "".join([*bodies, *(f"<p>{text}</p>" for text in after if text.strip())])


def _change_to_figure(media: Element) -> None:
    """Keep the caption of a picture among the words, as web pages do; the picture is a file."""
    captions = [part for part in media if get_local_name(part.tag) == "media-caption"]
    for part in list(media):
        media.remove(part)
    media.tag, media.text = "figure", ""
    media.attrib.clear()
    for caption in captions:
        figcaption = SubElement(media, "figcaption")
        figcaption.text = " ".join("".join(caption.itertext()).split())


def _iter_labels(parts: dict[str, list[Element]]) -> Iterator[str]:
    for name, attribute in LABEL_ATTRIBUTES.items():
        for part in parts.get(name, []):
            if label := part.get(attribute, ""):
                yield label


def _iter_pictures(parts: dict[str, list[Element]]) -> Iterator[dict[str, str]]:
    for reference in parts.get("media-reference", []):
        if source := reference.get("source"):
            yield {"url": source, "alt": reference.get("alternate-text", "")}
