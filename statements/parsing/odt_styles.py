"""Read the styles of an OpenDocument text: emphasis, headings, kinds of lists."""

import re
from dataclasses import dataclass, field, replace
from xml.etree import ElementTree as ET

NAMESPACES = {
    "draw": "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0",
    "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "svg": "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "dc": "http://purl.org/dc/elements/1.1/",
    "xlink": "http://www.w3.org/1999/xlink",
}
HEADING_STYLE = re.compile(r"Heading(?:_20_)?([1-6])$")
MAX_STYLE_PARENTS = 20


def expand_name(prefixed: str) -> str:
    """Return "text:p" as ElementTree writes it."""
    prefix, _, local = prefixed.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


@dataclass(frozen=True)
class TextLook:
    """How a run of text looks, as far as it matters."""

    bold: bool = False
    italic: bool = False
    position: str = ""  # sup or sub
    struck: bool = False
    hidden: bool = False

    def wrap(self, escaped: str) -> str:
        """Return the HTML of the text in the tags of its look."""
        for tag in filter(None, (self.position, "em" * self.italic, "strong" * self.bold)):
            escaped = f"<{tag}>{escaped}</{tag}>"
        return escaped


@dataclass(frozen=True)
class ListLevel:
    """The kind of one level of a list."""

    tag: str = "ul"
    kind: str = ""  # 1, a, A, i or I
    start: int = 1


@dataclass
class OdtStyles:
    """The styles of a document by family and name."""

    elements: dict[tuple[str, str], ET.Element] = field(default_factory=dict)
    lists: dict[str, dict[int, ListLevel]] = field(default_factory=dict)

    def read(self, root: ET.Element) -> None:
        """Add the styles of a part."""
        for element in root.iter(expand_name("style:style")):
            key = (
                element.get(expand_name("style:family"), ""),
                element.get(expand_name("style:name"), ""),
            )
            self.elements.setdefault(key, element)
        for element in root.iter(expand_name("text:list-style")):
            self.lists.setdefault(element.get(expand_name("style:name"), ""), _read_levels(element))

    def find_look(self, family: str, style_name: str, look: TextLook) -> TextLook:
        """Return how text of a style looks within text of another look."""
        for element in reversed(self._find_chain(family, style_name)):
            properties = element.find(expand_name("style:text-properties"))
            if properties is not None:
                look = _apply_properties(look, properties)
        return look

    def find_heading_level(self, style_name: str) -> int:
        """Return the level of a paragraph that is a heading by its style, else 0."""
        for element in self._find_chain("paragraph", style_name):
            own_name = element.get(expand_name("style:name"), "")
            if own_name == "Title":
                return 1
            if match := HEADING_STYLE.match(own_name):
                return int(match[1])
        return 0

    def find_list_level(self, style_name: str, depth: int) -> ListLevel:
        return self.lists.get(style_name, {}).get(depth, ListLevel())

    def _find_chain(self, family: str, style_name: str) -> list[ET.Element]:
        chain: list[ET.Element] = []
        while len(chain) < MAX_STYLE_PARENTS:
            element = self.elements.get((family, style_name))
            if element is None:
                break
            chain.append(element)
            style_name = element.get(expand_name("style:parent-style-name"), "")
        return chain


def _read_levels(element: ET.Element) -> dict[int, ListLevel]:
    levels = {}
    for child in element:
        depth = to_number(child.get(expand_name("text:level"), ""), default=1)
        kind = child.get(expand_name("style:num-format"), "")
        if child.tag == expand_name("text:list-level-style-number") and kind:
            start = to_number(child.get(expand_name("text:start-value"), ""), default=1)
            levels[depth] = ListLevel("ol", kind if kind in "1aAiI" else "1", start)
        else:
            levels[depth] = ListLevel()
    return levels


def to_number(text: str, *, default: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else default


def _apply_properties(look: TextLook, properties: ET.Element) -> TextLook:
    weight = properties.get(expand_name("fo:font-weight"))
    if weight is not None:
        is_bold = weight == "bold" or to_number(weight, default=400) >= 600
        look = replace(look, bold=is_bold)
    if (slope := properties.get(expand_name("fo:font-style"))) is not None:
        look = replace(look, italic=slope in ("italic", "oblique"))
    if (position := properties.get(expand_name("style:text-position"))) is not None:
        look = replace(look, position=_read_position(position))
    for attribute in ("style:text-line-through-style", "style:text-line-through-type"):
        if (line := properties.get(expand_name(attribute))) is not None:
            look = replace(look, struck=line != "none")
    if (display := properties.get(expand_name("text:display"))) is not None:
        look = replace(look, hidden=display == "none")
    return look


def _read_position(value: str) -> str:
    """Read “super 58%”, “sub 58%”, “33% 58%” or “-8% 58%”."""
    first = value.strip().partition(" ")[0]
    if first in ("super", "sub"):
        return "sup" if first == "super" else "sub"
    try:
        raised = float(first.rstrip("%"))
    except ValueError:
        return ""
    return "sup" if raised > 0 else "sub" if raised < 0 else ""
