"""The paragraphs and lists of a text as objects that write themselves in the canonical form."""

import html
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class InlineStyle:
    """The link, the emphasis and the height of a piece of text."""

    href: str = ""
    strong: bool = False
    em: bool = False
    script: str = ""
    """`sup` or `sub`. It is always the innermost tag, so that it contains nothing but text."""

    def to_tags(self) -> list[str]:
        tags = [f'a href="{_escape_attribute(self.href)}"'] if self.href else []
        tags += ["strong"] * self.strong + ["em"] * self.em
        return [*tags, self.script] if self.script else tags


PLAIN_STYLE = InlineStyle()
StyledText = list[tuple[str, InlineStyle]]  # a line end is a separate piece


@dataclass
class ParagraphBlock:
    pieces: StyledText
    is_heading: bool = False

    def render_inner(self) -> str:
        """Render the text, nesting tags in one fixed order."""
        parts: list[str] = []
        opened: list[str] = []
        for text, style in _merge_equal_styles(self.pieces):
            tags = style.to_tags()
            shared = 0
            while shared < min(len(opened), len(tags)) and opened[shared] == tags[shared]:
                shared += 1
            parts += _closing_tags(opened[shared:])
            parts += [f"<{tag}>" for tag in tags[shared:]]
            parts.append(_escape_text(text))
            opened = tags
        return "".join(parts + _closing_tags(opened))

    def render(self) -> str:
        return f"<p>{inner}</p>" if (inner := self.render_inner()) else ""


def _closing_tags(opened: list[str]) -> list[str]:
    return [f"</{tag.split(maxsplit=1)[0]}>" for tag in reversed(opened)]


@dataclass
class ListItem:
    blocks: list[Any] = field(default_factory=list)  # paragraphs and lists

    def render(self) -> str:
        paragraphs = sum(isinstance(block, ParagraphBlock) for block in self.blocks)
        rendered = [block.render() for block in self.blocks]
        # An item with one paragraph, and perhaps a list after it, needs no <p>.
        if paragraphs == 1 and isinstance(first := self.blocks[0], ParagraphBlock):
            rendered[0] = first.render_inner()
        return f"<li>{''.join(rendered)}</li>"


@dataclass
class ListBlock:
    """A list. `start` and `type` are those of a numbered one."""

    tag: str
    start: int = 1
    type: str = ""
    items: list[ListItem] = field(default_factory=list)
    _next_number: int = field(init=False)

    def __post_init__(self) -> None:
        self._next_number = self.start

    def open_item(self) -> ListItem:
        self._next_number += 1
        self.items.append(item := ListItem())
        return item

    def drop_empty_item(self) -> None:
        """Drop the last item if it is empty. The numbers of the others stay."""
        if self.items and not self.items[-1].blocks:
            self.items.pop()
            if not self.items:
                self.start = self._next_number

    def find_jump(self, number: int | None) -> int | None:
        """Return the number of the next item if it does not follow the last one, else None."""
        following = self.start + len(self.items)
        number = self._next_number if number is None else number
        return number if self.tag == "ol" and number != following else None

    def continues_with(self, other: "ListBlock", *, is_numbered: bool) -> bool:
        """Tell whether a list right after this one is the rest of it.

        Bullets are. A numbered list is one if it says that it starts with the next number.
        """
        if (self.tag, self.type) != (other.tag, other.type):
            return False
        return self.tag == "ul" or (is_numbered and other.start == self.start + len(self.items))

    def reopen(self) -> None:
        self._next_number = self.start + len(self.items)

    def render(self) -> str:
        inner = "".join(item.render() for item in self.items)
        start = f' start="{self.start}"' if self.tag == "ol" and self.start != 1 else ""
        list_type = f' type="{self.type}"' if self.tag == "ol" and self.type else ""
        return f"<{self.tag}{start}{list_type}>{inner}</{self.tag}>"


def append_blocks(blocks: list[Any], added: Iterable[Any]) -> None:
    """Append blocks, and join lists that are one when they stand next to each other."""
    for block in added:
        before = blocks[-1] if blocks else None
        if (
            isinstance(block, ListBlock)
            and isinstance(before, ListBlock)
            and before.continues_with(block, is_numbered=block.start != 1)
        ):
            before.items += block.items
        else:
            blocks.append(block)


def split_paragraphs(pieces: StyledText) -> list[StyledText]:
    """Split at empty lines, and remove double spaces and those at the ends of lines."""
    parts: list[StyledText] = [[]]
    for text, style in pieces:
        current = parts[-1]
        if text != "\n":
            _append_text(current, text, style)
            continue
        _trim_end(current)
        if current and current[-1][0] == "\n":
            current.pop()
            parts.append([])
        elif current:
            current.append(("\n", PLAIN_STYLE))
    for part in parts:
        _trim_end(part)
        if part and part[-1][0] == "\n":
            part.pop()
    return [part for part in parts if part]


def _append_text(pieces: StyledText, text: str, style: InlineStyle) -> None:
    """Append the text without a space at the start of a line, or after another space."""
    if not pieces or pieces[-1][0] == "\n":
        trimmed = text.lstrip()
    elif pieces[-1][0].endswith(" "):
        trimmed = text.removeprefix(" ")
    else:
        trimmed = text
    if trimmed:
        pieces.append((trimmed, style))


def _trim_end(pieces: StyledText) -> None:
    while pieces and pieces[-1][0] != "\n":
        text, style = pieces.pop()
        if text := text.rstrip():
            pieces.append((text, style))
            return


def _merge_equal_styles(pieces: StyledText) -> list[tuple[str, InlineStyle]]:
    runs: list[tuple[list[str], InlineStyle]] = []
    for text, style in pieces:
        if runs and runs[-1][1] == style:
            runs[-1][0].append(text)
        else:
            runs.append(([text], style))
    return [("".join(text), style) for text, style in runs]


def _escape_text(text: str) -> str:
    escaped = html.escape(unicodedata.normalize("NFC", text), quote=False).replace("\n", "<br>")
    # If the HTML is normalised again, a long solidus overlay after ">" would be composed with it
    # into "≯".
    return re.sub("(^|>)\u0338", r"\1&#824;", escaped) if "\u0338" in escaped else escaped


def _escape_attribute(value: str) -> str:
    return html.escape(value, quote=True)
