"""Turn an XML element into a value: a text, HTML, or an object with the names of its children."""

import re
from collections import Counter
from collections.abc import Mapping
from itertools import islice
from typing import Any
from xml.etree.ElementTree import Element

from archive.readers.xml import get_local_name, inner_html

HTML_TAGS = frozenset(
    (
        "p br a em strong b i u s span div ul ol li table tr td th tbody thead h1 h2 h3 h4 h5 h6 "
        "img blockquote q sup sub hr pre code figure figcaption section abbr cite dl dt dd "
        "font center"
    ).split()
)
PROSE_TAGS = {
    "para": "p", "paragraph": "p", "absatz": "p", "par": "p", "heading": "h2", "head": "h2",
    "subheading": "h2", "crosshead": "h2", "hl2": "h2", "itemizedlist": "ul", "orderedlist": "ol",
    "listitem": "li", "quote": "blockquote", "blockquotation": "blockquote", "emphasis": "em",
    "ulink": "a", "link": "a", "title": "h2",
}  # fmt: skip
"""Elements of other vocabularies that are paragraphs, headings and lists."""
PARAGRAPH_TAGS = frozenset({"para", "paragraph", "absatz", "par"})
NAMED_TAGS = {"field", "column", "property", "str", "arr", "date", "int", "bool", "data", "text"}
LIST_ITEM = re.compile(r"n\d+|item(?:_?\d+)?|_?\d+|value|element")
MAX_DEPTH = 8


def to_record(element: Element) -> dict[str, Any]:
    """Return names without prefixes with their values; a repeated name has a list."""
    record: dict[str, Any] = dict(element.attrib)
    for child in element:
        _add_value(record, get_name(child.tag, child.attrib), to_value(child))
    return record


def get_name(tag: str, attributes: Mapping[str, str]) -> str:
    """Return the name of a value; databases write <field name="title">."""
    name = get_local_name(tag)
    return attributes.get("name") or name if name in NAMED_TAGS else name


def to_value(element: Element, depth: int = 0) -> Any:
    """Return a text or HTML; of an element that holds other names, an object or a list of them."""
    if not _is_structure(element) or depth > MAX_DEPTH:
        return _to_html(element).strip() or _get_address(element)
    names = Counter(get_name(child.tag, child.attrib) for child in element)
    children = [to_value(child, depth + 1) for child in element]
    if len(names) == 1 or all(LIST_ITEM.fullmatch(name) for name in names):
        values = [value for value in children if value]
        return values[0] if len(values) == 1 else values
    record: dict[str, Any] = {}
    for child, value in zip(element, children, strict=True):
        _add_value(record, get_name(child.tag, child.attrib), value)
    return record


def _add_value(record: dict[str, Any], name: str, value: Any) -> None:
    if name in record and value:
        previous = record[name]
        record[name] = [*(previous if isinstance(previous, list) else [previous]), value]
    elif value:
        record[name] = value


def _is_structure(element: Element) -> bool:
    """Return whether an element holds other names, and no text of its own."""
    if not len(element) or (element.text or "").strip():
        return False
    tags = {get_local_name(child.tag).casefold() for child in element}
    if any((child.tail or "").strip() for child in element):
        return False
    return tags.isdisjoint(HTML_TAGS) and tags.isdisjoint(PARAGRAPH_TAGS)


def _to_html(element: Element) -> str:
    if not len(element):
        return element.text or ""
    for descendant in islice(element.iter(), 1, None):
        name = get_local_name(descendant.tag)
        descendant.tag = PROSE_TAGS.get(name.casefold(), name)
    return inner_html(element)


def _get_address(element: Element) -> str:
    """Return the address of an empty element such as <file url="…"/>."""
    return next((element.get(name, "") for name in ("url", "href", "src") if element.get(name)), "")
