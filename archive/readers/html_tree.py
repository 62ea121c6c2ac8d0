"""Parse a web page into a tree of elements, and tell its content from what is on every page."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from statements.content.source_html import VOID_TAGS

MAX_OPEN_NODES = 200
FURNITURE_TAGS = set(
    "nav header footer aside form script style noscript template svg iframe button select".split()
)
FURNITURE_NAMES = re.compile(
    r"(?:^|[\s_-])(?:share|sharing|social|breadcrumbs?|sidebar|menu|cookies?|comments?|pager)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
MIXED_TAGS = {"header", "footer", "aside"}
MIXED_NAMES = re.compile(r"(?:^|[\s_-])(?:related|topics|tags)(?:$|[\s_-])", re.IGNORECASE)
"""Elements inside the content that hold links to other pages, or words of this one."""
UNREAD_TAGS = {"script", "style", "noscript", "template", "svg", "iframe"}
MAX_EXCERPT_CHARS = 120
MIN_PROSE_CHARS = 60


@dataclass
class HtmlNode:
    """An element of a page, with the elements and texts in it."""

    tag: str
    attributes: dict[str, str]
    children: list["HtmlNode | str"] = field(default_factory=list)

    @property
    def names(self) -> str:
        names = ("class", "id", "itemprop", "property")
        return " ".join(self.attributes.get(name, "") for name in names)

    def walk(self) -> Iterator["HtmlNode"]:
        """Yield this node and all below it, in the order of the page."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting += [child for child in reversed(node.children) if isinstance(child, HtmlNode)]

    def get_text(self) -> str:
        return "".join(
            child if isinstance(child, str) else f" {child.get_text()} " for child in self.children
        )

    @property
    def is_furniture(self) -> bool:
        names = self.attributes.get("class", "")
        if self.tag in FURNITURE_TAGS - MIXED_TAGS or FURNITURE_NAMES.search(names):
            return True
        is_mixed = self.tag in MIXED_TAGS or MIXED_NAMES.search(names)
        return bool(is_mixed) and not self.has_prose()

    def has_prose(self) -> bool:
        """Return whether it has more text than links, and enough of it for a sentence."""
        all_chars = len(" ".join(self.get_text().split()))
        linked_chars = sum(
            len(" ".join(node.get_text().split())) for node in self.walk() if node.tag == "a"
        )
        return all_chars - linked_chars >= max(MIN_PROSE_CHARS, linked_chars)

    def to_html(self, dropped: list[str]) -> str:
        """Return the node as HTML, without the parts that are on every page."""
        inner = "".join(
            html.escape(child, quote=False)
            if isinstance(child, str)
            else _drop(child, dropped)
            if child.is_furniture
            else child.to_html(dropped)
            for child in self.children
        )
        attributes = "".join(
            f' {name}="{html.escape(value)}"'
            for name, value in self.attributes.items()
            if name in ("href", "src", "alt", "style", "width", "height")
        )
        return f"<{self.tag}{attributes}>" + (
            "" if self.tag in VOID_TAGS else f"{inner}</{self.tag}>"
        )


def _drop(node: HtmlNode, dropped: list[str]) -> str:
    text = " ".join(node.get_text().split())
    if node.tag not in UNREAD_TAGS and any(map(str.isalnum, text)):
        dropped.append(f"“{text[:MAX_EXCERPT_CHARS]}”")
    return ""


class _HtmlTree(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = HtmlNode("page", {})
        self.open_nodes = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = HtmlNode(tag, {name: value or "" for name, value in attrs})
        self.open_nodes[-1].children.append(node)
        if tag not in VOID_TAGS and len(self.open_nodes) < MAX_OPEN_NODES:
            self.open_nodes.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open_nodes[-1].children.append(
            HtmlNode(tag, {name: value or "" for name, value in attrs})
        )

    def handle_endtag(self, tag: str) -> None:
        for place in range(len(self.open_nodes) - 1, 0, -1):
            if self.open_nodes[place].tag == tag:
                del self.open_nodes[place:]
                return

    def handle_data(self, data: str) -> None:
        self.open_nodes[-1].children.append(data)


def parse_tree(source: str) -> HtmlNode:
    """Return the root of the tree of a page."""
    tree = _HtmlTree()
    tree.feed(source)
    tree.close()
    return tree.root
