"""The paragraphs and lists of a text as objects that write themselves in the canonical form."""

import html
import re
import unicodedata
from dataclasses import dataclass, field


@dataclass(frozen=True)
class InlineStyle:
    """The link and emphasis of a piece of text."""

    href: str = ""
    strong: bool = False
    em: bool = False

    def to_tags(self) -> list[str]:
        opening = [f'a href="{_escape_attribute(self.href)}"'] if self.href else []
        return opening + ["strong"] * self.strong + ["em"] * self.em


PLAIN_STYLE = InlineStyle()
StyledText = list[tuple[str, InlineStyle]]  # a line end is a separate piece


@dataclass
class ParagraphBlock:
    pieces: StyledText

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
    blocks: list["ParagraphBlock | ListBlock"] = field(default_factory=list)

    def render(self) -> str:
        blocks = [(block, rendered) for block in self.blocks if (rendered := block.render())]
        paragraphs = [block for block, _ in blocks if isinstance(block, ParagraphBlock)]
        # An item with one paragraph, and perhaps a list after it, needs no <p>.
        if blocks and len(paragraphs) == 1 and blocks[0][0] is paragraphs[0]:
            blocks[0] = (paragraphs[0], paragraphs[0].render_inner())
        return f"<li>{''.join(rendered for _, rendered in blocks)}</li>" if blocks else ""


@dataclass
class ListBlock:
    tag: str
    items: list[ListItem] = field(default_factory=list)

    def render(self) -> str:
        inner = "".join(item.render() for item in self.items)
        return f"<{self.tag}>{inner}</{self.tag}>" if inner else ""


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
