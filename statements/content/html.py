"""Clean text and HTML at intake, so that equal content is equal bytes. Pure functions.

`clean_blocks` turns HTML of an editor, Word or a clipboard into one canonical form: a list of
blocks, each a `<p>`, `<ul>` or `<ol>` with nothing inside but `<br>`, `<strong>`, `<em>`, `<sup>`,
`<sub>`, `<a href>`, `<li>` and, in list items of several paragraphs, `<p>`; or a `<table>`, see
`tables`. A numbered list has `start` and `type` where they are not 1. Only `&`, `<` and `>` are
written as character references.

Every way in comes through here: the newsdesk's forms, Word documents, pastes and imports.
"""

import html
import re
import unicodedata
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

import nh3

from statements.content.characters import collapse_spaces, normalise_characters, normalise_text
from statements.content.html_blocks import (
    PLAIN_STYLE,
    InlineStyle,
    ListBlock,
    ListItem,
    ParagraphBlock,
    StyledText,
    split_paragraphs,
)
from statements.content.links import WEB_OR_MAIL_URL, clean_url
from statements.content.numbering import LIST_TYPES, parse_number
from statements.content.scripts import write_scripts_as_text
from statements.content.source_html import TABLE_ATTRIBUTES, clean_html, limit_nesting
from statements.content.table_reading import TABLE_TAGS, TableBlock, TableStack

__all__ = [
    "CleanBlock",
    "clean_blocks",
    "is_clean_block",
    "make_list",
    "make_paragraph",
    "read_blocks",
    "text_of_block",
    "text_of_html",
]

EMPHASIS_TAGS = {"strong": "strong", "b": "strong", "em": "em", "i": "em"}
SCRIPT_TAGS = {"sup", "sub"}
INLINE_TAGS = {*EMPHASIS_TAGS, *SCRIPT_TAGS, "a"}
HEADING_TAGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
LIST_TAGS = {"ul", "ol"}
# Other elements that begin a new line on a page: their text becomes a paragraph.
BLOCK_TAGS = {
    "p", "div", "blockquote", "pre", *HEADING_TAGS, "section", "article", "header", "footer",
    "aside", "nav", "figure", "figcaption", "dl", "dt", "dd", "hr", "center", *TABLE_TAGS,
}  # fmt: skip
MAX_LIST_DEPTH = 4  # the items of a deeper list become paragraphs of the item around it

_SANITISER = nh3.Cleaner(
    tags={"br", "li", *INLINE_TAGS, *LIST_TAGS, *BLOCK_TAGS},
    attributes={
        "a": {"href"},
        "ol": {"start", "type"},
        "li": {"value"},
        **{tag: set(names) for tag, names in TABLE_ATTRIBUTES.items()},
    },
    url_schemes={"http", "https", "mailto"},
    url_relative="deny",
    link_rel=None,  # target=_blank, which needs rel=noopener, is not allowed either
)
_SANITISED_TAG = re.compile(r'<(/?)([a-z0-9]+)((?: [a-z-]+="[^"]*")*)>')
"""A tag in the sanitiser's output, where every other < is a character reference."""
_SANITISED_ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')
_OL = r'ol(?: start="-?\d+")?(?: type="[aAiI]")?'
_CANONICAL_BLOCK = re.compile(
    rf"<(?:p|ul|{_OL}|table)>[^<]*(?:<(?:/?(?:p|ul|li|strong|em|sup|sub|caption|thead|tbody|tr|th"
    rf"|td)|{_OL}|br|/ol|/a|a href=\"(?i:https?://|mailto:)[^\"<>]+\")>[^<]*)*"
    r"</(?:p|ul|ol|table)>"
)
_PLAIN_BLOCKS = re.compile(
    # Only the three references, and no character that is ever removed or replaced.
    r"(?:<p>(?:[^<>&\x00-\x1f\x7f-\xa0\xad\u0338\u200b\u2028\u2029\u2060\ud800-\udfff"
    r"\ufb00-\ufb06\ufeff\ufffc]++|&(?:amp|lt|gt);)*+</p>\n?)+"
)


@dataclass(frozen=True)
class CleanBlock:
    """A canonical block, and whether the source marks it as a heading or as quoted."""

    html: str
    is_heading: bool = False
    quotation_number: int = 0
    """The number of the `<blockquote>` that it stands in, from 1; 0 outside of one."""


def clean_blocks(source: str) -> list[str]:
    """Return any HTML as a list of canonical blocks. Clean HTML stays unchanged.

    Text outside a block becomes a `<p>`. Empty paragraphs, items and lists are dropped; a double
    `<br>` ends a paragraph; `<b>` and `<i>` become `<strong>` and `<em>`; a link without a web or
    mail address becomes plain text, and detours of links are removed. A table with data stays one;
    a table of the layout does not. What no reader of the source sees, such as deleted and hidden
    words, is dropped.
    """
    return [block.html for block in read_blocks(source)]


def read_blocks(source: str) -> list[CleanBlock]:
    """Return any HTML as canonical blocks, as `clean_blocks` does, with its headings marked."""
    if _is_plain_source(source):
        texts = [text.lstrip("\n")[3:].strip() for text in source.split("</p>")]
        return [CleanBlock(f"<p>{text}</p>") for text in texts if text]
    builder = _BlockBuilder()
    # nh3 refuses surrogates. Other control characters are removed later, text by text, because
    # character references can contain them.
    visible = re.sub("[\x00\ud800-\udfff]", "", clean_html(source))
    builder.feed(_SANITISER.clean(limit_nesting(visible)))
    builder.end_paragraph()
    return [
        CleanBlock(
            block.render(),
            isinstance(block, ParagraphBlock) and block.is_heading,
            builder.find_quotation(index),
        )
        for index, block in enumerate(builder.blocks)
    ]


def _is_plain_source(source: str) -> bool:
    return (
        source.startswith("<p>")
        and "  " not in source
        and unicodedata.is_normalized("NFC", source)
        and _PLAIN_BLOCKS.fullmatch(source) is not None
    )


def is_clean_block(block: str) -> bool:
    """Tell quickly whether the block is in the form that clean_blocks writes."""
    return _CANONICAL_BLOCK.fullmatch(block) is not None


def make_paragraph(text: str) -> str:
    r"""Return the text as one canonical `<p>`, \n as `<br>`; or "" if it is empty."""
    text = re.sub(r"[ \t]*\n\s*", "\n", collapse_spaces(normalise_characters(text)))
    pieces = [(piece, PLAIN_STYLE) for piece in re.split("(\n)", text) if piece]
    return "".join(ParagraphBlock(part).render() for part in split_paragraphs(pieces))


def make_list(items: list[str], *, ordered: bool, start: int = 1, kind: str = "") -> str:
    """Return plain texts as one canonical list."""
    tag = ListBlock("ol" if ordered else "ul", start, kind).render().partition("</")[0]
    inner = "".join(f"<li>{make_paragraph(item)[3:-4]}</li>" for item in items)
    return f"{tag}{inner}</{tag[1:3]}>"


class _BlockBuilder:
    """Builds blocks from the sanitiser's output, in which all tags are well nested."""

    def __init__(self) -> None:
        self.blocks: list[ParagraphBlock | ListBlock | TableBlock] = []
        self._top = self.blocks
        self._tables = TableStack()
        self._open_blocks: list[ListBlock | ListItem] = []
        self._ignored_depth = 0
        self._heading_depth = 0
        self._quotation_starts: list[int | None] = []  # of each open one; None: inside another
        self._quotation_count = 0
        self._quotation_numbers: dict[int, int] = {}  # by the index of the block
        self._pieces: StyledText = []
        self._styles: list[InlineStyle] = []

    def feed(self, sanitised: str) -> None:
        position = 0
        for match in _SANITISED_TAG.finditer(sanitised):
            self._read_text(sanitised[position : match.start()])
            closing, tag, attributes = match.groups()
            if tag in INLINE_TAGS:
                self._read_inline_tag(tag, attributes, closing=bool(closing))
            elif tag == "br":
                self._pieces.append(("\n", self._current_style()))
            elif closing:
                self._close_block(tag)
            else:
                self._open_block(tag, _parse_attributes(attributes))
            position = match.end()
        self._read_text(sanitised[position:])

    def _read_inline_tag(self, tag: str, attributes: str, *, closing: bool) -> None:
        if closing:
            if self._styles:
                self._styles.pop()
        else:
            self._styles.append(_change_style(self._current_style(), tag, attributes))

    def _open_block(self, tag: str, attributes: dict[str, str]) -> None:
        self.end_paragraph()
        if tag in HEADING_TAGS:
            self._heading_depth += 1
        elif tag == "blockquote":
            is_inside = self._quotation_starts or self._open_blocks or self.blocks is not self._top
            self._quotation_starts.append(None if is_inside else len(self.blocks))
        elif tag == "ul":
            self._start_list(ListBlock("ul"))
        elif tag == "ol":
            start = parse_number(attributes.get("start", ""))
            list_type = attributes.get("type", "")
            new = ListBlock(
                "ol", 1 if start is None else start, list_type if list_type in LIST_TYPES else ""
            )
            self._start_list(new, is_numbered=start is not None)
        elif tag in TABLE_TAGS:
            self.blocks, self._open_blocks = self._tables.open_tag(
                tag, attributes, self.blocks, self._open_blocks
            )
        elif tag == "li" and self._open_blocks and not self._ignored_depth:
            self._start_item(parse_number(attributes.get("value", "")))

    def _close_block(self, tag: str) -> None:
        self.end_paragraph()
        if tag in HEADING_TAGS:
            self._heading_depth -= 1
        elif tag == "blockquote":
            self._close_quotation()
        elif tag in LIST_TAGS and self._ignored_depth:
            self._ignored_depth -= 1
        elif tag in LIST_TAGS and self._open_blocks:
            closed = self._pop_to_list()
            if not closed.items:
                self._find_container(len(self._open_blocks) - 1).pop()
            self._open_blocks.pop()
        elif tag in TABLE_TAGS:
            self.blocks, self._open_blocks = self._tables.close_tag(
                tag, self.blocks, self._open_blocks
            )
        elif tag == "li" and not self._ignored_depth and self._open_blocks:
            self._pop_to_list()

    def find_quotation(self, index: int) -> int:
        """Return the number of the block quotation with this block, 0 if there is none."""
        return self._quotation_numbers.get(index, 0)

    def _close_quotation(self) -> None:
        start = self._quotation_starts.pop() if self._quotation_starts else None
        if start is not None:
            self._quotation_count += 1
            self._quotation_numbers |= dict.fromkeys(
                range(start, len(self.blocks)), self._quotation_count
            )

    def _read_text(self, source: str) -> None:
        text = normalise_characters(html.unescape(source))
        if "\n" in text or "\t" in text or "  " in text:
            text = re.sub(r"[ \t\n]+", " ", text)
        if text:
            style = self._current_style()
            if style.script and text.isspace():
                style = replace(style, script="")
            self._pieces.append((text, style))

    def end_paragraph(self) -> None:
        """Add the collected text to the open block; directly inside a list it becomes an item."""
        parts = split_paragraphs(self._pieces)
        self._pieces = []
        for part in parts:
            paragraph = ParagraphBlock(part, is_heading=bool(self._heading_depth))
            if self._open_blocks and isinstance(parent := self._open_blocks[-1], ListBlock):
                # A numbered item that is none would shift the numbers of those after it.
                has_item = parent.tag == "ol" and parent.items
                item = parent.items[-1] if has_item else parent.open_item()
                item.blocks.append(paragraph)
            else:
                self._find_container(len(self._open_blocks)).append(paragraph)

    def _start_list(self, new: ListBlock, *, is_numbered: bool = False) -> None:
        depth = sum(isinstance(block, ListBlock) for block in self._open_blocks)
        if self._ignored_depth or depth >= MAX_LIST_DEPTH:
            self._ignored_depth += 1
            return
        container = self._find_container(len(self._open_blocks))
        before = container[-1] if container else None
        if isinstance(before, ListBlock) and before.continues_with(new, is_numbered=is_numbered):
            before.reopen()
            new = before
        else:
            container.append(new)
        self._open_blocks.append(new)

    def _start_item(self, number: int | None) -> None:
        parent = self._pop_to_list()
        if (jump := parent.find_jump(number)) is not None:
            if parent.items:
                container = self._find_container(len(self._open_blocks) - 1)
                container.append(part := ListBlock(parent.tag, jump, parent.type))
                self._open_blocks[-1] = parent = part
            else:
                parent.start = jump
                parent.reopen()
        self._open_blocks.append(parent.open_item())

    def _pop_to_list(self) -> ListBlock:
        """Close the open items of the innermost list, and return it."""
        while not isinstance(block := self._open_blocks[-1], ListBlock):
            self._open_blocks.pop()
        block.drop_empty_item()
        return block

    def _find_container(self, depth: int) -> list[ParagraphBlock | ListBlock | TableBlock]:
        """Return the blocks that a block below the first `depth` open ones belongs to.

        Word writes lists directly inside lists: they belong to the item before them.
        """
        if depth == 0:
            return self.blocks
        parent = self._open_blocks[depth - 1]
        if isinstance(parent, ListItem):
            return parent.blocks
        return (parent.items[-1] if parent.items else parent.open_item()).blocks

    def _current_style(self) -> InlineStyle:
        return self._styles[-1] if self._styles else PLAIN_STYLE


def _change_style(style: InlineStyle, tag: str, attributes: str) -> InlineStyle:
    # dataclasses.replace would take a third of the time of a text with many links.
    href, strong, em, script = style.href, style.strong, style.em, style.script
    if tag == "a":
        href = _clean_href(_parse_attributes(attributes).get("href", "")) or href
    elif tag in SCRIPT_TAGS:
        script = tag
    elif EMPHASIS_TAGS[tag] == "strong":
        strong = True
    else:
        em = True
    return InlineStyle(href, strong, em, script)


def _parse_attributes(attributes: str) -> dict[str, str]:
    if not attributes:
        return {}
    return {name: html.unescape(value) for name, value in _SANITISED_ATTRIBUTE.findall(attributes)}


def _clean_href(href: str) -> str:
    url = normalise_text(href).strip()
    try:
        urlsplit(url)
    except ValueError:  # such as http://[
        return ""
    return clean_url(url) if WEB_OR_MAIL_URL.fullmatch(url) else ""


# --- The text of a block --------------------------------------------------------------------------

_TAG = re.compile(r"<[^>]*>")
INLINE_TAG = re.compile(r"</?(?:strong|em|sup|sub|a)\b[^>]*>")


def text_of_block(block: str) -> str:
    """Return the text of a clean block, line by line. An inline tag does not separate words.

    This is for comparing and searching. For reading, use `rendering.render_block_as_text`.
    """
    if block.startswith("<p>") and block.count("<") == 2 and "&" not in block:  # the usual case
        text = block.removeprefix("<p>").removesuffix("</p>")
    else:
        block = write_scripts_as_text(block)
        text = html.unescape(_TAG.sub("\n", INLINE_TAG.sub("", block)))
    if "\n" not in text:
        return text.strip()
    return re.sub(r"\s*\n\s*", "\n", text).strip()


def text_of_html(source: str) -> str:
    """Return what a reader sees of any HTML as one line of text, for titles and names."""
    return " ".join(" ".join(map(text_of_block, clean_blocks(source))).split())
