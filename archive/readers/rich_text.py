"""Render text that a content management system keeps as a tree of blocks, as HTML.

Portable Text, Contentful, Editor.js, Lexical, Mobiledoc, ProseMirror, Slate, Draft.js, Quill,
StreamField and their like differ in names only: blocks hold children, and leaves hold text.
"""

import html
import re
from collections.abc import Iterator
from typing import Any

CHILD_KEYS = (
    "root", "document", "doc", "blocks", "children", "content", "nodes", "ops", "items", "cards",
    "sections", "body", "data", "value", "values", "tunes", "paragraphs",
)  # fmt: skip
TEXT_KEYS = ("html", "text", "value", "insert", "markdown", "caption", "quote", "code")
TYPE_KEYS = ("_type", "type", "nodeType", "tag", "style", "blockType")
HEADING_KEYS = ("heading", "headline", "subheading", "title")
SPEAKER_KEYS = ("author", "attribution", "cite", "citation", "cited_by", "speaker")
INLINE_TYPES = {
    "text", "span", "link", "a", "hyperlink", "autolink", "em", "strong", "b", "i", "mark", "leaf",
    "extended-text", "code-inline", "mention", "entity",
}  # fmt: skip
LIST_KEYS = ("items", "children", "content", "nodes", "value", "blocks")
LINE_BREAKS = {"linebreak", "hard-break", "hardbreak"}
BLOCK_TAGS = {
    "unordered-list": "ul", "bullet-list": "ul", "bulletlist": "ul", "bulleted-list": "ul",
    "ul": "ul",
    "ordered-list": "ol", "orderedlist": "ol", "numbered-list": "ol", "ol": "ol",
    "list-item": "li", "listitem": "li", "li": "li", "blockquote": "blockquote",
    "quote": "blockquote",
}  # fmt: skip
HEADING = re.compile(r"^(?:heading-?|h|header-?)([1-6])?(?:-|$)|^(?:header|heading)$")
HTML_TAG = re.compile(r"</?[a-zA-Z][^>]{0,300}>")
MAX_DEPTH = 40
MAX_NODES = 100_000


class TooDeep(ValueError):
    """The tree is deeper or larger than any text."""


def render_rich_text(value: Any) -> str:
    """Return the tree as HTML; "" where it holds no text, or is no tree of blocks."""
    try:
        return _Renderer().render_blocks(value).strip()
    except TooDeep:
        return ""


class _Renderer:
    def __init__(self) -> None:
        self.node_count = 0

    def render_blocks(self, value: Any, depth: int = 0) -> str:
        """Render a value that stands where blocks stand: loose text becomes a paragraph."""
        self._count(depth)
        if isinstance(value, str):
            return _wrap(value)
        if isinstance(value, list):
            return self._render_list(value, depth)
        if isinstance(value, dict):
            return self._render_node(value, depth)
        return ""

    def _render_list(self, values: list[Any], depth: int) -> str:
        parts: list[str] = []
        inline: list[str] = []
        for value in values:
            if isinstance(value, dict) and _is_loose_inline(value):
                inline.append(self._render_inline(value, depth + 1))
                continue
            if inline:
                parts.append(_wrap_inline("".join(inline)))
                inline = []
            parts.append(self.render_blocks(value, depth + 1))
        if inline:
            parts.append(_wrap_inline("".join(inline)))
        return "".join(parts)

    def _render_node(self, node: dict[str, Any], depth: int) -> str:
        if isinstance(node.get("html"), str):
            return str(node["html"])
        if isinstance(node.get("sections"), list) and "markups" in node:
            return self._render_mobiledoc(node, depth)
        types = list(_iter_types(node))
        if _is_leaf_block(node, types):
            heading = "" if types else _render_heading(node)
            block = heading + _wrap_block(self._render_inline(node, depth + 1), types, node)
            return block + _render_speaker(node)
        if list_tag := _find_list_tag(node, types):
            return self._render_items(node, list_tag, depth)
        inner = "".join(
            self.render_blocks(node[key], depth + 1) for key in CHILD_KEYS if key in node
        )
        if not inner:
            inner = "".join(
                _wrap(str(node[key])) for key in TEXT_KEYS if isinstance(node.get(key), str)
            )
        if not types:
            inner = _render_heading(node) + inner
        tag = next((BLOCK_TAGS[name] for name in types if name in BLOCK_TAGS), "")
        return f"<{tag}>{inner}</{tag}>" if tag and inner else inner

    def _render_items(self, node: dict[str, Any], tag: str, depth: int) -> str:
        data = node.get("data")
        holder = data if isinstance(data, dict) else node
        values: list[Any] = next(
            (holder[key] for key in LIST_KEYS if isinstance(holder.get(key), list)), []
        )
        parts = []
        for value in values:
            item = self._render_inline(value, depth + 1) if isinstance(value, str) else ""
            item = item or self.render_blocks(value, depth + 1)
            parts.append(item if item.startswith("<li>") else f"<li>{item}</li>" if item else "")
        return f"<{tag}>{''.join(parts)}</{tag}>" if any(parts) else ""

    def _render_mobiledoc(self, node: dict[str, Any], depth: int) -> str:
        """Render sections such as [1, "p", [[0, [], 0, "Words."]]], [3, "ul", …] and [10, card]."""
        parts = []
        for section in node["sections"]:
            match section:
                case [1, str(tag), list(markers)]:
                    parts.append(_wrap_block(_join_markers(markers), [tag], {}))
                case [3, str(), list(items)]:
                    inner = "".join(f"<li>{_join_markers(item)}</li>" for item in items)
                    parts.append(f"<ul>{inner}</ul>")
                case [10, int(number)]:
                    parts.append(self._render_card(node.get("cards"), number, depth + 1))
        return "".join(parts)

    def _render_card(self, cards: Any, number: int, depth: int) -> str:
        """Render a card such as ["markdown", {"markdown": "Words."}]."""
        if not isinstance(cards, list) or not 0 <= number < len(cards):
            return ""
        card = cards[number]
        return self.render_blocks(card[1:], depth) if isinstance(card, list) else ""

    def _render_inline(self, value: Any, depth: int) -> str:
        self._count(depth)
        if isinstance(value, str):
            return value if HTML_TAG.search(value) else html.escape(value, quote=False)
        if isinstance(value, list):
            return "".join(self._render_inline(part, depth + 1) for part in value)
        if not isinstance(value, dict):
            return ""
        inner = "".join(
            self._render_inline(value[key], depth + 1)
            for key in (*TEXT_KEYS, "children", "content", "nodes", "leaves", "data")
            if key in value and (isinstance(value[key], (list, str)) or key == "data")
        )
        url = _find_url(value)
        if "link" in " ".join(_iter_types(value)) and url and inner:
            return f'<a href="{html.escape(url)}">{inner}</a>'
        return "<br>" if not LINE_BREAKS.isdisjoint(_iter_types(value)) else inner

    def _count(self, depth: int) -> None:
        self.node_count += 1
        if depth > MAX_DEPTH or self.node_count > MAX_NODES:
            raise TooDeep


def _iter_types(node: dict[str, Any]) -> Iterator[str]:
    for key in TYPE_KEYS:
        if isinstance(node.get(key), str):
            yield node[key].casefold().replace("_", "-")


def _find_list_tag(node: dict[str, Any], types: list[str]) -> str:
    """Return whether a node is a list, and with numbers; "" for all other nodes."""
    data = node.get("data")
    style = str(data.get("style", "")) if isinstance(data, dict) else ""
    names = {*types, style.casefold()}
    tag = next((BLOCK_TAGS[name] for name in types if BLOCK_TAGS.get(name) in ("ul", "ol")), "")
    if tag or "list" not in names:
        return tag
    return "ol" if names & {"ordered", "numbered", "number", "ol"} else "ul"


def _is_inline(node: dict[str, Any]) -> bool:
    types = set(_iter_types(node))
    if types & INLINE_TYPES or "inline" in str(node.get("object", "")):
        return True
    return not types and isinstance(node.get("text", node.get("insert")), str)


def _is_loose_inline(node: dict[str, Any]) -> bool:
    """Return whether inline text stands among blocks; without a type, a text is a paragraph."""
    return _is_inline(node) and ("text" not in node or any(_iter_types(node)))


def _join_markers(markers: Any) -> str:
    markers = markers if isinstance(markers, list) else []
    texts = [str(marker[3]) for marker in markers if isinstance(marker, list) and len(marker) > 3]
    return html.escape("".join(texts), quote=False)


def _is_leaf_block(node: dict[str, Any], types: list[str]) -> bool:
    """Return whether a node is a paragraph or heading: it holds texts, and no other blocks."""
    if any(name in BLOCK_TAGS and BLOCK_TAGS[name] in ("ul", "ol") for name in types):
        return False
    for key in ("children", "content", "nodes"):
        children = node.get(key)
        if isinstance(children, list) and children:
            return all(isinstance(child, str) or _is_inline_node(child) for child in children)
    inner = node.get("data")
    inner = inner if isinstance(inner, dict) else node
    return isinstance(inner.get("text"), str) or (
        bool(types) and any(isinstance(inner.get(key), str) for key in ("content", "quote"))
    )


def _is_inline_node(child: Any) -> bool:
    if not isinstance(child, dict):
        return False
    return _is_inline(child) or not LINE_BREAKS.isdisjoint(_iter_types(child))


def _find_url(node: dict[str, Any]) -> str:
    data = node.get("data")
    for holder in (node, data if isinstance(data, dict) else {}):
        for key in ("href", "url", "uri"):
            if isinstance(holder.get(key), str):
                return str(holder[key])
    return ""


def _wrap_block(inner: str, types: list[str], node: dict[str, Any]) -> str:
    if not inner.strip():
        return ""
    if any(HEADING.match(name) for name in types):
        return f"<h2>{inner}</h2>"
    tag = next((BLOCK_TAGS[name] for name in types if name in BLOCK_TAGS), "")
    if not tag and node.get("listItem"):
        tag = "li"
    inner = inner if re.match(r"<(?:p|div|ul|ol|table|h\d)\b", inner) else f"<p>{inner}</p>"
    return f"<{tag}>{inner}</{tag}>" if tag else inner


def _render_heading(node: dict[str, Any]) -> str:
    headings = [node[key] for key in HEADING_KEYS if isinstance(node.get(key), str)]
    return f"<h2>{html.escape(headings[0], quote=False)}</h2>" if headings and headings[0] else ""


def _render_speaker(node: dict[str, Any]) -> str:
    """Return the line under a quotation that says whose it is, as its source has it."""
    data = node.get("data")
    for holder in (node, data if isinstance(data, dict) else {}):
        names = [holder[key] for key in SPEAKER_KEYS if isinstance(holder.get(key), str)]
        if names and names[0].strip():
            return f"<p>— {html.escape(names[0].strip(), quote=False)}</p>"
    return ""


def _wrap_inline(inner: str) -> str:
    """Return loose inline text as paragraphs: Quill ends each with a line break in the text."""
    lines = [line for line in re.split(r"\n+", inner) if line.strip()]
    return "".join(f"<p>{line}</p>" for line in lines)


def _wrap(text: str) -> str:
    if not text.strip():
        return ""
    if HTML_TAG.search(text):
        return text
    return _wrap_inline(html.escape(text, quote=False))
