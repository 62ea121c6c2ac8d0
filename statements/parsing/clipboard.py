"""What a clipboard holds -> clean HTML: Word, Google Docs, Outlook, LibreOffice, Pages, browsers,
and the broken lines of a PDF.

static/newsdesk/paste.js does the same in the browser, so that words go in at once and without a
network; what is saved or drafted passes here or through `markup` again.
"""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import pairwise
from urllib.parse import parse_qs, urlsplit

from statements.content import html as content_html
from statements.parsing.paragraphs import split_paragraphs

FRAGMENT = re.compile(r"<!--\s*StartFragment\s*-->(.*?)<!--\s*EndFragment\s*-->", re.DOTALL)
MARKER = re.compile(
    r"<!(?:--)?\[if !supportLists\](?:--)?>(.*?)<!(?:--)?\[endif\](?:--)?>",
    re.DOTALL | re.IGNORECASE,
)
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
DECLARATION = re.compile(r"<[!?][^>]*>")

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "wbr", "source"}
UNSEEN = {"head", "style", "script", "title", "xml", "template", "noscript", "svg", "iframe", "del",
          "select", "textarea", "object", "math"}  # fmt: skip
CLOSED_BY_ITSELF = {"p": {"p"}, "li": {"li"}, "td": {"td", "th"}, "tr": {"tr", "td", "th"}}
KEPT = {"p", "div", "br", "ul", "ol", "li", "a", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote",
        "table", "tr", "td", "th", "pre", "hr", "dl", "dt", "dd", "section", "article", "header",
        "footer", "aside", "figure", "figcaption", "caption", "center", "nav"}  # fmt: skip

HIDDEN = re.compile(
    r"display\s*:\s*none|mso-hide\s*:\s*all|mso-list\s*:\s*ignore|mso-element\s*:\s*comment",
    re.IGNORECASE,
)
LISTED = re.compile(r"mso-list\s*:\s*\S+\s+level(\d)", re.IGNORECASE)
BOLD = re.compile(r"(?<![\w-])font-weight\s*:\s*(bold|[6-9]00)", re.IGNORECASE)
NOT_BOLD = re.compile(r"(?<![\w-])font-weight\s*:\s*(normal|[1-5]00)", re.IGNORECASE)
ITALIC = re.compile(r"(?<![\w-])font-style\s*:\s*(italic|oblique)", re.IGNORECASE)
NUMBERED = re.compile(r"^\(?(?:\d+|[a-z]{1,4})[.)]", re.IGNORECASE)

LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
    | dict.fromkeys("\u00ad\u200b\u2060\ufeff\ufffc")
)
LIGATURE = re.compile(f"[{''.join(map(chr, LIGATURES))}]")
# French and figures need theirs; Word and browsers strew the others about.
NEEDLESS = re.compile(
    r"(?<![«\d])\u00a0(?![»;:!?%])|(?<=«)\u00a0(?=\s)|(?<=\d)\u00a0(?![\d»;:!?%])"
)
BULLET_CHARS = re.compile(r"^[\uf0b7\uf0a7●▪■◦‣∙·o§–-][ \t\u00a0]{1,}(?=\S)|^[•][ \t\u00a0]*(?=\S)")


def tidy(text: str) -> str:
    """Letters for ligatures, spaces for the hard ones that nothing needs; no soft hyphens."""
    if text.isascii():
        return text
    if LIGATURE.search(text):  # which is quick, and translating is not
        text = text.translate(LIGATURES)
    return NEEDLESS.sub(" ", text) if "\u00a0" in text else text


def clean(source: str) -> str:
    """Clipboard HTML as canonical blocks; headings stay marked as such. Never raises."""
    text = content_html.normalise(source)
    if found := FRAGMENT.search(text):
        text = found[1]
    if "<!" in text or "<?" in text:
        text = up_to_last(
            "[endif]", text, lambda said: MARKER.sub(r"<x-marker>\1</x-marker>", said)
        )
        text = up_to_last("-->", text, lambda said: COMMENT.sub("", said))
        text = DECLARATION.sub("", text)
    reader = _Reader()
    whole = text.rfind(">") + 1
    reader.feed(text[:whole] + text[whole:].replace("<", "&lt;"))  # no tag, as it never ends
    reader.close()
    return _joined_lists(reader.written())


def up_to_last(ending: str, text: str, change: Callable[[str], str]) -> str:
    """The text changed as far as `ending` stands for the last time, small or in capitals.

    What is open beyond it never closes, and to look for that from each opening on takes for ever.
    """
    at = max(text.rfind(ending), text.rfind(ending.upper()))
    if at < 0:
        return text
    at = text.find(">", at) + 1 or len(text)
    return change(text[:at]) + text[at:]


def blocks(source: str) -> list[str]:
    """The same as a working copy keeps it."""
    return content_html.clean_blocks(clean(source))


def blocks_of_text(text: str) -> list[str]:
    """Plain text from a PDF or a mail: broken lines joined, bullets set as lists."""
    lines = [
        BULLET_CHARS.sub("• ", tidy(line))
        for line in content_html.normalise(text).strip().split("\n")
    ]
    paragraphs = split_paragraphs("\n".join(unwrapped(lines)), headed=False)
    return [block for one in paragraphs if (block := one.block())]


def unwrapped(lines: list[str]) -> list[str]:
    """Each paragraph on one line, where a PDF left no empty ones but its lines are of one width."""
    full = [line for line in lines if line.strip()]
    if len(full) < len(lines) or len(full) < 3:
        return lines
    width = max(len(line) for line in full)
    long = sum(len(line) >= 0.75 * width for line in full)
    if not 40 <= width <= 120 or long * 2 < len(full):
        return lines
    joined = [full[0]]
    for before, line in pairwise(full):
        if _ends(before, line, width):
            joined.append(line)
        else:
            joined[-1] += f" {line}"
    return joined


def _ends(before: str, line: str, width: int) -> bool:
    if line.startswith("• ") or re.match(r"[“\"„«]", line):
        return True
    return len(before) < 0.75 * width and bool(re.search(r"[.!?:”\"’»]\s*$", before))


FIGURES = re.compile(r"[0-9+−]+")
RAISED = {
    "sup": str.maketrans("0123456789+−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻"),
    "sub": str.maketrans("0123456789+−", "₀₁₂₃₄₅₆₇₈₉₊₋"),
}


@dataclass
class _Open:
    tag: str
    closing: str = ""
    hidden: bool = False
    marks: bool = False  # what stands in it is the bullet or number of an item


class _Reader(HTMLParser):
    """Writes down what shows, in tags that `markup` knows."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._out: list[str] = []
        self._open: list[_Open] = []
        self._hidden = 0  # how many of those are not seen
        self._marker: int | None = None  # where the list tag of the item being read is to go

    def written(self) -> str:
        self._close(0)
        return "".join(self._out)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        style = given.get("style", "")
        if tag in VOID:
            if tag in ("br", "hr") and not self._unseen():
                self._out.append(f"<{tag}>")
            return
        self._close_open(tag)
        marks = tag == "x-marker" or (
            "ignore" in style.casefold() and "mso-list" in style.casefold()
        )
        one = _Open(tag, hidden=tag in UNSEEN or bool(HIDDEN.search(style)) or marks, marks=marks)
        one.hidden |= given.get("class", "").casefold().startswith("msocom")
        self._open.append(one)
        self._hidden += one.hidden
        if not self._unseen():
            one.closing = self._begin(tag, given, style)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """<o:p/> closes itself; <p/> does not, in HTML."""
        self.handle_starttag(tag, attrs)
        if ":" in tag:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        for place in range(len(self._open) - 1, -1, -1):
            if self._open[place].tag == tag:
                self._close(place)
                return

    def handle_data(self, data: str) -> None:
        if self._marker is not None and any(one.marks for one in self._open):
            if data.strip():
                ordered = bool(NUMBERED.match(data.strip())) and data.strip() != "o"
                self._out[self._marker] = self._out[self._marker].replace(
                    "?", "ol" if ordered else "ul"
                )
                self._marker = None
        elif not self._unseen():
            self._out.append(html.escape(self._raised(tidy(data)), quote=False))

    def _raised(self, data: str) -> str:
        """10⁶ and CO₂ for figures that were set high or low: 106 would say another thing."""
        for one in reversed(self._open):
            if one.tag in RAISED and FIGURES.fullmatch(data):
                return data.translate(RAISED[one.tag])
        return data

    def _unseen(self) -> bool:
        return self._hidden > 0

    def _close_open(self, tag: str) -> None:
        """A paragraph ends where the next begins, whether or not anybody said so."""
        closes = CLOSED_BY_ITSELF.get(tag)
        if closes is None:
            return
        for place in range(len(self._open) - 1, -1, -1):
            if self._open[place].tag in closes:
                self._close(place)
                return
            if self._open[place].tag in ("ul", "ol", "table"):
                return

    def _close(self, place: int) -> None:
        while len(self._open) > place:
            one = self._open.pop()
            self._hidden -= one.hidden
            self._out.append(one.closing)

    def _begin(self, tag: str, given: dict[str, str], style: str) -> str:
        """Write the opening tags; the closing ones for later."""
        opening = closing = ""
        if found := LISTED.search(style):
            self._marker = len(self._out)
            opening, closing = f"\x01{found[1]}?\x02", "\x03"
            self._out.append(opening)
            opening = ""
        elif tag in KEPT:
            address = (
                f' href="{html.escape(_straight(given.get("href", "")))}"' if tag == "a" else ""
            )
            opening, closing = f"<{tag}{address}>", f"</{tag}>"
        strong = BOLD.search(style) or (tag in ("b", "strong") and not NOT_BOLD.search(style))
        if strong and not re.fullmatch(r"h[1-6]", tag):
            opening, closing = opening + "<strong>", "</strong>" + closing
        if ITALIC.search(style) or tag in ("i", "em"):
            opening, closing = opening + "<em>", "</em>" + closing
        self._out.append(opening)
        return closing


def _straight(address: str) -> str:
    """The address itself where Outlook or Google put a detour before it."""
    try:
        parts = urlsplit(address.strip())
        asked = parse_qs(parts.query)
    except ValueError:
        return ""
    host = (parts.hostname or "").casefold()
    if host.endswith("safelinks.protection.outlook.com"):
        return asked.get("url", [address])[0]
    if re.fullmatch(r"(www\.)?google\.[a-z.]+", host) and parts.path == "/url":
        return (asked.get("q") or asked.get("url") or [address])[0]
    return address


ITEM = re.compile("\x01(\\d)(ul|ol|\\?)\x02(.*?)\x03(\\s*)", re.DOTALL)
RUN = re.compile("(?:\x01\\d(?:ul|ol|\\?)\x02[^\x01]*?\x03\\s*)+", re.DOTALL)
BESIDE = re.compile(r"</(ul|ol)>\s*(?:</div>\s*<div>\s*)*<\1>")


def _joined_lists(text: str) -> str:
    """Word's paragraphs that look like items as lists, and lists side by side as one."""
    if "\x01" in text:
        text = RUN.sub(lambda run: _as_list(ITEM.findall(run[0])), text)
        text = re.sub("[\x01-\x03]", "", text)
    return BESIDE.sub("", text)


def _as_list(items: list[tuple[str, str, str, str]]) -> str:
    out: list[str] = []
    stack: list[tuple[int, str]] = []
    for level_text, kind, words, _ in items:
        level, tag = int(level_text), "ul" if kind == "?" else kind
        while stack and (stack[-1][0] > level or (stack[-1][0] == level and stack[-1][1] != tag)):
            out.append(f"</li></{stack.pop()[1]}>")
        if stack and stack[-1][0] == level:
            out.append("</li><li>")
        else:
            out.append(f"<{tag}><li>")
            stack.append((level, tag))
        out.append(words)
    while stack:
        out.append(f"</li></{stack.pop()[1]}>")
    return "".join(out)
