"""Clean text and HTML at intake, so that equal content is equal bytes. Pure functions.

`clean_blocks` turns HTML of an editor, Word or a clipboard into one canonical form: a list of
blocks, each a `<p>`, `<ul>` or `<ol>` with nothing inside but `<br>`, `<strong>`, `<em>`, `<a
href>`, `<li>` and, in list items of several paragraphs, `<p>`. Only `&`, `<` and `>` are written as
character references.
"""

import html
import re
import unicodedata
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import nh3

INLINE_TAGS = {"strong": "strong", "b": "strong", "em": "em", "i": "em"}
LIST_TAGS = {"ul", "ol"}
# Other elements that begin a new line on a page: their text becomes a paragraph.
BLOCK_TAGS = {
    "p", "div", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article",
    "header", "footer", "aside", "nav", "figure", "figcaption", "table", "caption", "tr", "td",
    "th", "dl", "dt", "dd", "hr", "center",
}  # fmt: skip
MAX_LIST_DEPTH = 4  # the items of a deeper list become paragraphs of the item around it

_SANITISER = nh3.Cleaner(
    tags={"br", "a", "li", *INLINE_TAGS, *LIST_TAGS, *BLOCK_TAGS},
    attributes={"a": {"href"}},
    url_schemes={"http", "https", "mailto"},
    url_relative="deny",
    link_rel=None,  # target=_blank, which needs rel=noopener, is not allowed either
)
MAX_NESTED_TAGS = 100  # parsing takes quadratic time for a text that only opens tags
_NESTING_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]*)[^<>]*>?")
# Elements that never contain anything, or that the next one of their kind ends.
_UNNESTED_TAGS = frozenset(
    "area base br col embed hr img input link meta source wbr p li dt dd td th tr option".split()
)
_SANITISED_TAG = re.compile(r'<(/?)([a-z0-9]+)(?: href="([^"]*)")?>')
"""A tag in the sanitiser's output, where every other < is a character reference."""
_CANONICAL_BLOCK = re.compile(
    r"<(?:p|ul|ol)>[^<]*(?:<(?:/?(?:p|ul|ol|li|strong|em)|br|/a|a href=\"(?i:https?://"
    r"|mailto:)[^\"<>]+\")>[^<]*)*</(?:p|ul|ol)>"
)
_PLAIN_BLOCKS = re.compile(
    # Only the three references, no control characters, no surrogates.
    r"(?:<p>(?:[^<>&\x00-\x1f\x7f-\x9f\u0338\u2028\u2029\ufeff\ud800-\udfff]++"
    r"|&(?:amp|lt|gt);)*+</p>\n?)+"
)
_LINK_URL = re.compile(r"(?:https?://|mailto:)[^\s]+", re.IGNORECASE)
_LINE_ENDS = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# Other control characters, lone surrogates (which cannot be encoded, and so not hashed) and byte
# order marks.
_FORBIDDEN_CHARS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff]")


def normalise_text(text: str) -> str:
    r"""Return the text in NFC, with \n as line end, without control characters and surrogates.

    Direction marks and joiners stay: Arabic, Hebrew and Persian need them.
    """
    if text.isprintable() and unicodedata.is_normalized("NFC", text):  # like most texts
        return text
    return unicodedata.normalize("NFC", _FORBIDDEN_CHARS.sub("", _LINE_ENDS.sub("\n", text)))


def clean_blocks(source: str) -> list[str]:
    """Return any HTML as a list of canonical blocks. Clean HTML stays unchanged.

    Text outside a block becomes a `<p>`. Empty paragraphs, items and lists are dropped; a double
    `<br>` ends a paragraph; `<b>` and `<i>` become `<strong>` and `<em>`; a link without a web or
    mail address becomes plain text.
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


def limit_nesting(source: str) -> str:
    """Return the HTML without the tags that lie deeper than MAX_NESTED_TAGS; no word is lost."""
    if source.count("<") <= MAX_NESTED_TAGS:
        return source
    depth = 0

    def keep_or_drop(tag: re.Match[str]) -> str:
        nonlocal depth
        if tag[2].lower() in _UNNESTED_TAGS:
            return tag[0]
        if not tag[1]:
            depth += 1
            return tag[0] if depth <= MAX_NESTED_TAGS else ""
        depth = max(0, depth - 1)
        return tag[0] if depth < MAX_NESTED_TAGS else ""

    return _NESTING_TAG.sub(keep_or_drop, source)


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
    pieces = [(piece, _PLAIN_STYLE) for piece in re.split("(\n)", text) if piece]
    return "".join(ParagraphBlock(part).render() for part in _split_paragraphs(pieces))


def collapse_spaces(text: str) -> str:
    """Replace every sequence of spaces and tabs by one space."""
    return re.sub(r"[ \t]+", " ", text) if "  " in text or "\t" in text else text


def make_list(items: list[str], *, ordered: bool) -> str:
    """Return plain texts as one canonical list."""
    tag = "ol" if ordered else "ul"
    inner = "".join(f"<li>{make_paragraph(item)[3:-4]}</li>" for item in items)
    return f"<{tag}>{inner}</{tag}>"


@dataclass(frozen=True)
class InlineStyle:
    """The link and emphasis of a piece of text."""

    href: str = ""
    strong: bool = False
    em: bool = False

    def to_tags(self) -> list[str]:
        opening = [f'a href="{_escape_attribute(self.href)}"'] if self.href else []
        return opening + ["strong"] * self.strong + ["em"] * self.em


_PLAIN_STYLE = InlineStyle()
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


class _BlockBuilder:
    """Builds blocks from the sanitiser's output, in which all tags are well nested."""

    def __init__(self) -> None:
        self.blocks: list[ParagraphBlock | ListBlock] = []
        self._open_blocks: list[ListBlock | ListItem] = []
        self._ignored_depth = 0
        self._pieces: StyledText = []
        self._styles: list[InlineStyle] = []

    def feed(self, sanitised: str) -> None:
        position = 0
        for match in _SANITISED_TAG.finditer(sanitised):
            self._read_text(sanitised[position : match.start()])
            closing, tag, href = match.groups()
            if closing:
                self._close_tag(tag)
            else:
                self._open_tag(tag, html.unescape(href or ""))
            position = match.end()
        self._read_text(sanitised[position:])

    def _open_tag(self, tag: str, href: str) -> None:
        style = self._current_style()
        if tag in INLINE_TAGS:
            strong = style.strong or INLINE_TAGS[tag] == "strong"
            em = style.em or INLINE_TAGS[tag] == "em"
            self._styles.append(InlineStyle(style.href, strong, em))
        elif tag == "a":
            href = _clean_href(href) or style.href
            self._styles.append(InlineStyle(href, style.strong, style.em))
        elif tag == "br":
            self._pieces.append(("\n", style))
        else:
            self.end_paragraph()
            if tag in LIST_TAGS:
                self._start_list(tag)
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
        for part in _split_paragraphs(self._pieces):
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
        return self._styles[-1] if self._styles else _PLAIN_STYLE


def _split_paragraphs(pieces: StyledText) -> list[StyledText]:
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
            current.append(("\n", _PLAIN_STYLE))
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


def _clean_href(href: str) -> str:
    url = normalise_text(href).strip()
    try:
        urlsplit(url)
    except ValueError:  # such as http://[
        return ""
    return url if _LINK_URL.fullmatch(url) else ""


def _escape_attribute(value: str) -> str:
    return html.escape(value, quote=True)


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
