r"""Make lists of Word’s paragraphs that only look like list items. Pure functions.

Word copies an item as a paragraph whose style says `mso-list` and its level, with the bullet or
number as text before the words. `source_html` writes it as \x01 level marker \x02 words \x03.
"""

import html
import re
from dataclasses import dataclass

from statements.content.numbering import LIST_TYPES, parse_marker

LIST_MARKER_TAG = re.compile(
    r"<!(?:--)?\[(if !supportLists|endif)\](?:--)?>", re.DOTALL | re.IGNORECASE
)


@dataclass
class NumberedListTag:
    """The tag of a numbered list, which its first item may change."""

    index: int  # of the tag among the parts
    start: int | None
    type: str
    has_numbers: bool = True
    has_items: bool = False

    @property
    def name(self) -> str:
        return "ol" if self.has_numbers else "ul"

    def render(self) -> str:
        if not self.has_numbers:
            return "<ul>"
        start = "" if self.start is None else f' start="{self.start}"'
        list_type = f' type="{self.type}"' if self.type in LIST_TYPES else ""
        return f"<ol{start}{list_type}>"


def rewrite_list_markers(text: str) -> str:
    """Write Word’s comments around the bullet of an item as an element of its own."""
    parts: list[str] = []
    position, opening = 0, None
    for tag in LIST_MARKER_TAG.finditer(text):
        if tag[1].casefold() != "endif":
            opening = opening or tag
        elif opening:
            before, marker = text[position : opening.start()], text[opening.end() : tag.start()]
            parts += [before, f"<x-marker>{marker}</x-marker>"]
            position, opening = tag.end(), None
    return "".join([*parts, text[position:]])


LIST_ITEM = re.compile("\x01(\\d)([^\x02]*)\x02(.*?)\x03(\\s*)", re.DOTALL)
LIST_ITEM_RUN = re.compile("(?:\x01\\d[^\x01\x02]*\x02[^\x01]*?\x03\\s*)+", re.DOTALL)


def join_word_lists(text: str) -> str:
    """Make lists of Word’s paragraphs that only look like list items."""
    if "\x01" not in text:
        return text
    text = LIST_ITEM_RUN.sub(lambda run: _render_list(LIST_ITEM.findall(run[0])), text)
    return re.sub("[\x01-\x03]", "", text)


@dataclass
class _NestedList:
    level: int
    tag: str
    type: str = ""
    next_number: int = 1

    def find_number(self, readings: list[tuple[str, int]]) -> int | None:
        return next((number for kind, number in readings if kind == self.type), None)


def _render_list(items: list[tuple[str, str, str, str]]) -> str:
    out: list[str] = []
    stack: list[_NestedList] = []

    def close_lists(level: int) -> None:
        while stack and stack[-1].level >= level:
            out.append(f"</li></{stack.pop().tag}>")

    for level_text, escaped_marker, content, _ in items:
        level, marker = int(level_text), html.unescape(escaped_marker)
        readings = parse_marker(marker)
        if not readings and len(marker) > 1 and any(char.isalnum() for char in marker):
            close_lists(0)  # such as “Article 1” or “2.1”: words that a list would not show
            out.append(f"<p>{escaped_marker} {content}</p>")
            continue
        close_lists(level + 1)
        current = stack[-1] if stack and stack[-1].level == level else None
        number = current.find_number(readings) if current else None
        if current and current.tag == "ul" and not readings:
            out.append("</li><li>")
        elif current and current.tag == "ol" and number is not None:
            value = "" if number == current.next_number else f' value="{number}"'
            out.append(f"</li><li{value}>")
            current.next_number = number + 1
        else:
            close_lists(level)
            new = _start_word_list(level, readings)
            stack.append(new)
            numbered = NumberedListTag(0, new.next_number - 1, new.type, new.tag == "ol")
            out.append(f"{numbered.render()}<li>")
        out.append(content)
    close_lists(0)
    return "".join(out)


def _start_word_list(level: int, readings: list[tuple[str, int]]) -> _NestedList:
    if not readings:
        return _NestedList(level, "ul")
    list_type, number = readings[0]
    return _NestedList(level, "ol", list_type, number + 1)
