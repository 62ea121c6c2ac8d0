"""Text and rich text on their way in: cleaned once, here, so that equal words are equal bytes.

`clean_blocks` brings whatever an editor, Word or a clipboard sends into one canonical form: a list
of blocks, each a `<p>`, `<ul>` or `<ol>` with nothing inside but `<br>`, `<strong>`, `<em>`, `<a
href>`, `<li>` and, in list items of several paragraphs, `<p>`. Text carries no character references
but those of `&`, `<`, `>`. Pure functions.
"""

import html
import re
import unicodedata
from dataclasses import dataclass, field

import nh3

INLINE = {"strong": "strong", "b": "strong", "em": "em", "i": "em"}
LISTS = {"ul", "ol"}
# Everything else that begins a new line on a page: its text becomes a paragraph of its own.
BREAKING = {
    "p", "div", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article",
    "header", "footer", "aside", "nav", "figure", "figcaption", "table", "caption", "tr", "td",
    "th", "dl", "dt", "dd", "hr", "center",
}  # fmt: skip
DEEPEST_LIST = 4  # a list deeper than that is set as paragraphs of the item that holds it

_SANITISER = nh3.Cleaner(
    tags={"br", "a", "li", *INLINE, *LISTS, *BREAKING},
    attributes={"a": {"href"}},
    url_schemes={"http", "https", "mailto"},
    url_relative="deny",
    link_rel=None,  # noopener guards windows opened by target=_blank, which never gets through here
)
_SANITISED = re.compile(r'<(/?)([a-z0-9]+)(?: href="([^"]*)")?>')
"""A tag as the sanitiser writes it, which writes every other < as a reference."""
_CANONICAL = re.compile(
    r"<(?:p|ul|ol)>[^<]*(?:<(?:/?(?:p|ul|ol|li|strong|em)|br|/a|a href=\"(?i:https?://"
    r"|mailto:)[^\"<>]+\")>[^<]*)*</(?:p|ul|ol)>"
)
_PLAIN_BLOCKS = re.compile(
    # No reference but ours, and nothing that is no letter, mark or space.
    r"(?:<p>(?:[^<>&\x00-\x1f\x7f-\x9f\u0338\u2028\u2029\ufeff\ud800-\udfff]++"
    r"|&(?:amp|lt|gt);)*+</p>\n?)+"
)
_ADDRESS = re.compile(r"(?:https?://|mailto:)[^\s]+", re.IGNORECASE)
_LINE_ENDS = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# Other controls, lone surrogates (no encoding can carry them, so they could not be hashed) and byte
# order marks.
_JUNK = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff]")


def normalise(text: str) -> str:
    r"""The text in NFC, line ends as \n, without control characters, lone surrogates, BOMs.

    Direction marks and joiners stay: Arabic, Hebrew and Persian words need them.
    """
    if text.isprintable() and unicodedata.is_normalized("NFC", text):  # as most texts are
        return text
    return unicodedata.normalize("NFC", _JUNK.sub("", _LINE_ENDS.sub("\n", text)))


def clean_blocks(source: str) -> list[str]:
    """HTML from anywhere as canonical top-level blocks; text outside of a block gets its own `<p>`.

    Cleaning what is clean changes nothing. Empty paragraphs, items and lists are dropped; a double
    `<br>` ends a paragraph; `<b>` and `<i>` become `<strong>` and `<em>`; a link without a web or
    mail address keeps its text only.
    """
    if _is_plain(source):
        texts = [text.lstrip("\n")[3:].strip() for text in source.split("</p>")]
        return [f"<p>{text}</p>" for text in texts if text]
    builder = _Builder()
    # Surrogates out first: nh3 refuses them. Controls go text by text later, as a reference can
    # still make one.
    builder.feed(_SANITISER.clean(re.sub("[\x00\ud800-\udfff]", "", source)))
    builder.end_paragraph()
    return [written for block in builder.blocks if (written := block.written())]


def _is_plain(source: str) -> bool:
    """Whether it is paragraphs without a tag, clean but for spaces at their ends, as most is."""
    return (
        source.startswith("<p>")
        and "  " not in source
        and unicodedata.is_normalized("NFC", source)
        and _PLAIN_BLOCKS.fullmatch(source) is not None
    )


def is_clean(block: str) -> bool:
    """Whether the block is one that clean_blocks could have written; fast."""
    return _CANONICAL.fullmatch(block) is not None


def paragraph(text: str) -> str:
    r"""One canonical `<p>` (\n becomes `<br>`), or "" when there is nothing to see."""
    text = re.sub(r"[ \t]*\n\s*", "\n", with_single_spaces(normalise(text)))
    pieces = [(piece, _PLAIN) for piece in re.split("(\n)", text) if piece]
    return "".join(Paragraph(part).written() for part in _parts(pieces))


def with_single_spaces(text: str) -> str:
    """One space for every run of spaces and tabs."""
    return re.sub(r"[ \t]+", " ", text) if "  " in text or "\t" in text else text


def bullets(items: list[str], *, ordered: bool) -> str:
    """Plain texts as one canonical list."""
    tag = "ol" if ordered else "ul"
    inner = "".join(f"<li>{paragraph(item)[3:-4]}</li>" for item in items)
    return f"<{tag}>{inner}</{tag}>"


@dataclass(frozen=True)
class Style:
    """How a piece of text is set."""

    href: str = ""
    strong: bool = False
    em: bool = False

    def tags(self) -> list[str]:
        opening = [f'a href="{_attribute(self.href)}"'] if self.href else []
        return opening + ["strong"] * self.strong + ["em"] * self.em


_PLAIN = Style()
Pieces = list[tuple[str, Style]]  # a line's end is a piece of its own


@dataclass
class Paragraph:
    pieces: Pieces

    def inner(self) -> str:
        """The text with its tags in one order, so that equal looks are equal bytes."""
        out: list[str] = []
        opened: list[str] = []
        for text, style in _runs(self.pieces):
            wanted = style.tags()
            shared = 0
            while shared < min(len(opened), len(wanted)) and opened[shared] == wanted[shared]:
                shared += 1
            out += [f"</{tag.split()[0]}>" for tag in reversed(opened[shared:])]
            out += [f"<{tag}>" for tag in wanted[shared:]]
            out.append(_text(text))
            opened = wanted
        return "".join(out + [f"</{tag.split()[0]}>" for tag in reversed(opened)])

    def written(self) -> str:
        return f"<p>{inner}</p>" if (inner := self.inner()) else ""


@dataclass
class Item:
    blocks: list["Paragraph | List"] = field(default_factory=list)

    def written(self) -> str:
        blocks = [(block, written) for block in self.blocks if (written := block.written())]
        paragraphs = [block for block, _ in blocks if isinstance(block, Paragraph)]
        # The usual item is one paragraph, perhaps with a list under it: it needs no <p>.
        if blocks and len(paragraphs) == 1 and blocks[0][0] is paragraphs[0]:
            blocks[0] = (paragraphs[0], paragraphs[0].inner())
        return f"<li>{''.join(written for _, written in blocks)}</li>" if blocks else ""


@dataclass
class List:
    tag: str
    items: list[Item] = field(default_factory=list)

    def written(self) -> str:
        inner = "".join(item.written() for item in self.items)
        return f"<{self.tag}>{inner}</{self.tag}>" if inner else ""


class _Builder:
    """Builds blocks from what the sanitiser let through, which is well nested and well written."""

    def __init__(self) -> None:
        self.blocks: list[Paragraph | List] = []
        self._open: list[List | Item] = []
        self._too_deep = 0
        self._pieces: Pieces = []
        self._styles: list[tuple[str, Style]] = []

    def feed(self, sanitised: str) -> None:
        at = 0
        for found in _SANITISED.finditer(sanitised):
            self._read_text(sanitised[at : found.start()])
            closing, tag, href = found.groups()
            if closing:
                self._close(tag)
            else:
                self._begin(tag, html.unescape(href or ""))
            at = found.end()
        self._read_text(sanitised[at:])

    def _begin(self, tag: str, href: str) -> None:
        style = self._style()
        if tag in INLINE:
            self._styles.append(
                (
                    tag,
                    Style(
                        style.href, **{"strong": style.strong, "em": style.em, INLINE[tag]: True}
                    ),
                )
            )
        elif tag == "a":
            self._styles.append((tag, Style(_href(href) or style.href, style.strong, style.em)))
        elif tag == "br":
            self._pieces.append(("\n", style))
        else:
            self.end_paragraph()
            if tag in LISTS:
                self._start_list(tag)
            elif tag == "li" and self._open and not self._too_deep:
                self._list().items.append(item := Item())
                self._open.append(item)

    def _close(self, tag: str) -> None:
        if tag in INLINE or tag == "a":
            if self._styles:
                self._styles.pop()
            return
        self.end_paragraph()
        if tag in LISTS and self._too_deep:
            self._too_deep -= 1
        elif tag in LISTS and self._open:
            while not isinstance(self._open.pop(), List):
                pass
        elif tag == "li" and not self._too_deep and self._open and isinstance(self._open[-1], Item):
            self._open.pop()

    def _read_text(self, written: str) -> None:
        text = normalise(html.unescape(written))
        if "\n" in text or "\t" in text or "  " in text:
            text = re.sub(r"[ \t\n]+", " ", text)
        if text:
            self._pieces.append((text, self._style()))

    def end_paragraph(self) -> None:
        """Put what was gathered where it belongs; text straight inside a list becomes an item."""
        for part in _parts(self._pieces):
            if not self._open:
                self.blocks.append(Paragraph(part))
            elif isinstance(self._open[-1], Item):
                self._open[-1].blocks.append(Paragraph(part))
            else:
                self._open[-1].items.append(Item([Paragraph(part)]))
        self._pieces = []

    def _start_list(self, tag: str) -> None:
        if self._too_deep or sum(isinstance(one, List) for one in self._open) >= DEEPEST_LIST:
            self._too_deep += 1
            return
        new = List(tag)
        if not self._open:
            self.blocks.append(new)
        elif isinstance(self._open[-1], Item):
            self._open[-1].blocks.append(new)
        else:  # a list straight inside a list, as Word writes it: it belongs to the item before it
            if not self._open[-1].items:
                self._open[-1].items.append(Item())
            self._open[-1].items[-1].blocks.append(new)
        self._open.append(new)

    def _list(self) -> List:
        while not isinstance(self._open[-1], List):
            self._open.pop()
        return self._open[-1]

    def _style(self) -> Style:
        return self._styles[-1][1] if self._styles else _PLAIN


def _parts(pieces: Pieces) -> list[Pieces]:
    """Paragraphs: one space at a time, none at the ends, cut at empty lines."""
    parts: list[Pieces] = [[]]
    for text, style in pieces:
        current = parts[-1]
        if text == "\n":
            _trim_end(current)
            if current and current[-1][0] == "\n":
                current.pop()
                parts.append([])
            elif current:
                current.append(("\n", _PLAIN))
            continue
        if not current or current[-1][0] == "\n":
            text = text.lstrip()
        elif current[-1][0].endswith(" "):
            text = text.removeprefix(" ")
        if text:
            current.append((text, style))
    for part in parts:
        _trim_end(part)
        if part and part[-1][0] == "\n":
            part.pop()
    return [part for part in parts if part]


def _trim_end(pieces: Pieces) -> None:
    """Take the spaces off, up to the last word or line's end."""
    while pieces and pieces[-1][0] != "\n":
        text, style = pieces.pop()
        if text := text.rstrip():
            pieces.append((text, style))
            return


def _runs(pieces: Pieces) -> list[tuple[str, Style]]:
    runs: list[tuple[list[str], Style]] = []
    for text, style in pieces:
        if runs and runs[-1][1] == style:
            runs[-1][0].append(text)
        else:
            runs.append(([text], style))
    return [("".join(text), style) for text, style in runs]


def _text(text: str) -> str:
    written = html.escape(unicodedata.normalize("NFC", text), quote=False).replace("\n", "<br>")
    # A long solidus overlay after ">" would be composed with it ("≯") by anyone who normalises the
    # whole again.
    return re.sub("(^|>)\u0338", r"\1&#824;", written) if "\u0338" in written else written


def _href(address: str) -> str:
    address = normalise(address).strip()
    return address if _ADDRESS.fullmatch(address) else ""


def _attribute(value: str) -> str:
    return html.escape(value, quote=True)


# --- Its text -------------------------------------------------------------------------------------

_TAG = re.compile(r"<[^>]*>")
_INLINE_TAG = re.compile(r"</?(?:strong|em|a)\b[^>]*>")


def bare_text(block: str) -> str:
    """The text of a clean block, its lines divided by line ends. A tag within a word parts no word.

    For comparing and searching: what is printed comes from `wording.block_text`.
    """
    if block.startswith("<p>") and block.count("<") == 2 and "&" not in block:
        text = block.removeprefix("<p>").removesuffix("</p>")  # as most are
    else:
        text = html.unescape(_TAG.sub("\n", _INLINE_TAG.sub("", block)))
    if "\n" not in text:
        return text.strip()
    return re.sub(r"\s*\n\s*", "\n", text).strip()
