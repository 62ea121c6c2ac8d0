"""Clean text and HTML at intake, so that equal content is equal bytes. Pure functions.

`clean_blocks` turns HTML of an editor, Word or a clipboard into one canonical form: a list of
blocks, each a `<p>`, `<ul>` or `<ol>` with nothing inside but `<br>`, `<strong>`, `<em>`, `<a
href>`, `<li>` and, in list items of several paragraphs, `<p>`; or a `<table>`, see `tables`. Only
`&`, `<` and `>` are written as character references.
"""

import html
import re
import unicodedata
from urllib.parse import urlsplit

import nh3

from statements.content.characters import collapse_spaces, normalise_text
from statements.content.html_blocks import (
    PLAIN_STYLE,
    InlineStyle,
    ListBlock,
    ListItem,
    ParagraphBlock,
    StyledText,
    split_paragraphs,
)
from statements.content.source_html import limit_nesting
from statements.content.table_reading import TABLE_ATTRIBUTES, TABLE_TAGS, TableBlock, TableStack

__all__ = [
    "clean_blocks",
    "collapse_spaces",
    "is_clean_block",
    "limit_nesting",
    "make_list",
    "make_paragraph",
    "normalise_text",
    "text_of_block",
]

INLINE_TAGS = {"strong": "strong", "b": "strong", "em": "em", "i": "em"}
LIST_TAGS = {"ul", "ol"}
# Other elements that begin a new line on a page: their text becomes a paragraph.
BLOCK_TAGS = {
    "p", "div", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article",
    "header", "footer", "aside", "nav", "figure", "figcaption", "dl", "dt", "dd", "hr", "center",
    *TABLE_TAGS,
}  # fmt: skip
MAX_LIST_DEPTH = 4  # the items of a deeper list become paragraphs of the item around it

_SANITISER = nh3.Cleaner(
    tags={"br", "a", "li", *INLINE_TAGS, *LIST_TAGS, *BLOCK_TAGS},
    attributes={"a": {"href"}, **TABLE_ATTRIBUTES},
    url_schemes={"http", "https", "mailto"},
    url_relative="deny",
    link_rel=None,  # target=_blank, which needs rel=noopener, is not allowed either
)
_SANITISED_TAG = re.compile(r'<(/?)([a-z0-9]+)((?: [a-z-]+="[^"]*")*)>')
"""A tag in the sanitiser's output, where every other < is a character reference."""
_ATTRIBUTE = re.compile(r' ([a-z-]+)="([^"]*)"')
_CANONICAL_BLOCK = re.compile(
    r"<(?:p|ul|ol|table)>[^<]*(?:<(?:/?(?:p|ul|ol|li|strong|em|caption|thead|tbody|tr|th|td)"
    r"|br|/a|a href=\"(?i:https?://|mailto:)[^\"<>]+\")>[^<]*)*</(?:p|ul|ol|table)>"
)
_PLAIN_BLOCKS = re.compile(
    # Only the three references, no control characters, no surrogates.
    r"(?:<p>(?:[^<>&\x00-\x1f\x7f-\x9f\u0338\u2028\u2029\ufeff\ud800-\udfff]++"
    r"|&(?:amp|lt|gt);)*+</p>\n?)+"
)
_LINK_URL = re.compile(r"(?:https?://|mailto:)[^\s]+", re.IGNORECASE)


def clean_blocks(source: str) -> list[str]:
    """Return any HTML as a list of canonical blocks. Clean HTML stays unchanged.

    Text outside a block becomes a `<p>`. Empty paragraphs, items and lists are dropped; a double
    `<br>` ends a paragraph; `<b>` and `<i>` become `<strong>` and `<em>`; a link without a web or
    mail address becomes plain text. A table with data stays one; a table of the layout does not.
    """
    if _is_plain_source(source):
        texts = [text.lstrip("\n")[3:].strip() for text in source.split("</p>")]
        return [f"<p>{text}</p>" for text in texts if text]
    builder = _BlockBuilder()
    # nh3 refuses surrogates. Other control characters are removed later, text by text, because
    # character references can contain them.
    builder.feed(_SANITISER.clean(limit_nesting(re.sub("[\x00\ud800-\udfff]", "", source))))
    builder.end_paragraph()
    return [rendered for block in builder.blocks if (rendered := block.render())]


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
    text = re.sub(r"[ \t]*\n\s*", "\n", collapse_spaces(normalise_text(text)))
    pieces = [(piece, PLAIN_STYLE) for piece in re.split("(\n)", text) if piece]
    return "".join(ParagraphBlock(part).render() for part in split_paragraphs(pieces))


def make_list(items: list[str], *, ordered: bool) -> str:
    """Return plain texts as one canonical list."""
    tag = "ol" if ordered else "ul"
    inner = "".join(f"<li>{make_paragraph(item)[3:-4]}</li>" for item in items)
    return f"<{tag}>{inner}</{tag}>"


class _BlockBuilder:
    """Builds blocks from the sanitiser's output, in which all tags are well nested."""

    def __init__(self) -> None:
        self.blocks: list[ParagraphBlock | ListBlock | TableBlock] = []
        self._tables = TableStack()
        self._open_blocks: list[ListBlock | ListItem] = []
        self._ignored_depth = 0
        self._pieces: StyledText = []
        self._styles: list[InlineStyle] = []

    def feed(self, sanitised: str) -> None:
        position = 0
        for match in _SANITISED_TAG.finditer(sanitised):
            self._read_text(sanitised[position : match.start()])
            closing, tag, attributes = match.groups()
            if closing:
                self._close_tag(tag)
            else:
                self._open_tag(tag, _parse_attributes(attributes) if attributes else {})
            position = match.end()
        self._read_text(sanitised[position:])

    def _open_tag(self, tag: str, attributes: dict[str, str]) -> None:
        style = self._current_style()
        if tag in INLINE_TAGS:
            strong = style.strong or INLINE_TAGS[tag] == "strong"
            em = style.em or INLINE_TAGS[tag] == "em"
            self._styles.append(InlineStyle(style.href, strong, em))
        elif tag == "a":
            href = _clean_href(attributes.get("href", "")) or style.href
            self._styles.append(InlineStyle(href, style.strong, style.em))
        elif tag == "br":
            self._pieces.append(("\n", style))
        else:
            self.end_paragraph()
            if tag in LIST_TAGS:
                self._start_list(tag)
            elif tag in TABLE_TAGS:
                self.blocks, self._open_blocks = self._tables.open_tag(
                    tag, attributes, self.blocks, self._open_blocks
                )
            elif tag == "li" and self._open_blocks and not self._ignored_depth:
                self._pop_to_list().items.append(item := ListItem())
                self._open_blocks.append(item)

    def _close_tag(self, tag: str) -> None:
        if tag in INLINE_TAGS or tag == "a":
            if self._styles:
                self._styles.pop()
            return
        self.end_paragraph()
        if tag in LIST_TAGS and self._ignored_depth:
            self._ignored_depth -= 1
        elif tag in LIST_TAGS and self._open_blocks:
            while not isinstance(self._open_blocks.pop(), ListBlock):
                pass
        elif tag in TABLE_TAGS:
            self.blocks, self._open_blocks = self._tables.close_tag(
                tag, self.blocks, self._open_blocks
            )
        elif (
            tag == "li"
            and not self._ignored_depth
            and self._open_blocks
            and isinstance(self._open_blocks[-1], ListItem)
        ):
            self._open_blocks.pop()

    def _read_text(self, source: str) -> None:
        text = normalise_text(html.unescape(source))
        if "\n" in text or "\t" in text or "  " in text:
            text = re.sub(r"[ \t\n]+", " ", text)
        if text:
            self._pieces.append((text, self._current_style()))

    def end_paragraph(self) -> None:
        """Add the collected text to the open block; directly inside a list it becomes an item."""
        for part in split_paragraphs(self._pieces):
            if not self._open_blocks:
                self.blocks.append(ParagraphBlock(part))
            elif isinstance(self._open_blocks[-1], ListItem):
                self._open_blocks[-1].blocks.append(ParagraphBlock(part))
            else:
                self._open_blocks[-1].items.append(ListItem([ParagraphBlock(part)]))
        self._pieces = []

    def _start_list(self, tag: str) -> None:
        depth = sum(isinstance(block, ListBlock) for block in self._open_blocks)
        if self._ignored_depth or depth >= MAX_LIST_DEPTH:
            self._ignored_depth += 1
            return
        new = ListBlock(tag)
        if not self._open_blocks:
            self.blocks.append(new)
        elif isinstance(self._open_blocks[-1], ListItem):
            self._open_blocks[-1].blocks.append(new)
        else:  # Word writes lists directly inside lists: they belong to the item before them
            if not self._open_blocks[-1].items:
                self._open_blocks[-1].items.append(ListItem())
            self._open_blocks[-1].items[-1].blocks.append(new)
        self._open_blocks.append(new)

    def _pop_to_list(self) -> ListBlock:
        while not isinstance(self._open_blocks[-1], ListBlock):
            self._open_blocks.pop()
        return self._open_blocks[-1]

    def _current_style(self) -> InlineStyle:
        return self._styles[-1] if self._styles else PLAIN_STYLE


def _parse_attributes(source: str) -> dict[str, str]:
    return {name: html.unescape(value) for name, value in _ATTRIBUTE.findall(source)}


def _clean_href(href: str) -> str:
    url = normalise_text(href).strip()
    try:
        urlsplit(url)
    except ValueError:  # such as http://[
        return ""
    return url if _LINK_URL.fullmatch(url) else ""


# --- The text of a block --------------------------------------------------------------------------

_TAG = re.compile(r"<[^>]*>")
_INLINE_TAG = re.compile(r"</?(?:strong|em|a)\b[^>]*>")


def text_of_block(block: str) -> str:
    """Return the text of a clean block, line by line. An inline tag does not separate words.

    This is for comparing and searching. For reading, use `rendering.render_block_as_text`.
    """
    if block.startswith("<p>") and block.count("<") == 2 and "&" not in block:  # the usual case
        text = block.removeprefix("<p>").removesuffix("</p>")
    else:
        text = html.unescape(_TAG.sub("\n", _INLINE_TAG.sub("", block)))
    if "\n" not in text:
        return text.strip()
    return re.sub(r"\s*\n\s*", "\n", text).strip()
