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
LIST_MARKER = re.compile(
    r"<!(?:--)?\[if !supportLists\](?:--)?>(.*?)<!(?:--)?\[endif\](?:--)?>",
    re.DOTALL | re.IGNORECASE,
)
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
DECLARATION = re.compile(r"<[!?][^>]*>")

VOID_TAGS = {
    "area",
    "base",
    "br",
    "col",
    "embed",
    "hr",
    "img",
    "input",
    "link",
    "meta",
    "wbr",
    "source",
}
HIDDEN_TAGS = {"head", "style", "script", "title", "xml", "template", "noscript", "svg", "iframe", "del",
          "select", "textarea", "object", "math"}  # fmt: skip
IMPLIED_END_TAGS = {"p": {"p"}, "li": {"li"}, "td": {"td", "th"}, "tr": {"tr", "td", "th"}}
ALLOWED_TAGS = {"p", "div", "br", "ul", "ol", "li", "a", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote",
        "table", "tr", "td", "th", "pre", "hr", "dl", "dt", "dd", "section", "article", "header",
        "footer", "aside", "figure", "figcaption", "caption", "center", "nav"}  # fmt: skip

HIDDEN_STYLE = re.compile(
    r"display\s*:\s*none|mso-hide\s*:\s*all|mso-list\s*:\s*ignore|mso-element\s*:\s*comment",
    re.IGNORECASE,
)
LIST_STYLE = re.compile(r"mso-list\s*:\s*\S+\s+level(\d)", re.IGNORECASE)
BOLD_STYLE = re.compile(r"(?<![\w-])font-weight\s*:\s*(bold|[6-9]00)", re.IGNORECASE)
NORMAL_WEIGHT_STYLE = re.compile(r"(?<![\w-])font-weight\s*:\s*(normal|[1-5]00)", re.IGNORECASE)
ITALIC_STYLE = re.compile(r"(?<![\w-])font-style\s*:\s*(italic|oblique)", re.IGNORECASE)
NUMBERED_MARKER = re.compile(r"^\(?(?:\d+|[a-z]{1,4})[.)]", re.IGNORECASE)

CHARACTER_REPLACEMENTS = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
    | dict.fromkeys("\u00ad\u200b\u2060\ufeff\ufffc")
)
REPLACEABLE_CHARACTER = re.compile(f"[{''.join(map(chr, CHARACTER_REPLACEMENTS))}]")
# French and figures need theirs; Word and browsers strew the others about.
NEEDLESS_HARD_SPACE = re.compile(
    r"(?<![«\d])\u00a0(?![»;:!?%])|(?<=«)\u00a0(?=\s)|(?<=\d)\u00a0(?![\d»;:!?%])"
)
BULLET_MARKER = re.compile(
    r"^[\uf0b7\uf0a7●▪■◦‣∙·o§–-][ \t\u00a0]{1,}(?=\S)|^[•][ \t\u00a0]*(?=\S)"
)


def normalise_characters(text: str) -> str:
    """Letters for ligatures, spaces for the hard ones that nothing needs; no soft hyphens."""
    if text.isascii():
        return text
    if REPLACEABLE_CHARACTER.search(text):  # which is quick, and translating is not
        text = text.translate(CHARACTER_REPLACEMENTS)
    return NEEDLESS_HARD_SPACE.sub(" ", text) if "\u00a0" in text else text


def clean_html(source: str) -> str:
    """Clipboard HTML as canonical blocks; headings stay marked as such. Never raises."""
    text = content_html.normalise_text(source)
    if found := FRAGMENT.search(text):
        text = found[1]
    if "<!" in text or "<?" in text:
        text = change_up_to_last(
            "[endif]", text, lambda said: LIST_MARKER.sub(r"<x-marker>\1</x-marker>", said)
        )
        text = change_up_to_last("-->", text, lambda said: COMMENT.sub("", said))
        text = DECLARATION.sub("", text)
    reader = _ClipboardParser()
    whole = text.rfind(">") + 1
    reader.feed(text[:whole] + text[whole:].replace("<", "&lt;"))  # no tag, as it never ends
    reader.close()
    return _join_lists(reader.to_html())


def change_up_to_last(ending: str, text: str, change: Callable[[str], str]) -> str:
    """The text changed as far as `ending` stands for the last time, small or in capitals.

    What is open beyond it never closes, and to look for that from each opening on takes for ever.
    """
    at = max(text.rfind(ending), text.rfind(ending.upper()))
    if at < 0:
        return text
    at = text.find(">", at) + 1 or len(text)
    return change(text[:at]) + text[at:]


def html_to_blocks(source: str) -> list[str]:
    """The same as a working copy keeps it."""
    return content_html.clean_blocks(clean_html(source))


def text_to_blocks(text: str) -> list[str]:
    """Plain text from a PDF or a mail: broken lines joined, bullets set as lists."""
    lines = [
        BULLET_MARKER.sub("• ", normalise_characters(line))
        for line in content_html.normalise_text(text).strip().split("\n")
    ]
    paragraphs = split_paragraphs("\n".join(unwrap_lines(lines)), headed=False)
    return [block for one in paragraphs if (block := one.render_block())]


def unwrap_lines(lines: list[str]) -> list[str]:
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
        if _ends_paragraph(before, line, width):
            joined.append(line)
        else:
            joined[-1] += f" {line}"
    return joined


def _ends_paragraph(before: str, line: str, width: int) -> bool:
    if line.startswith("• ") or re.match(r"[“\"„«]", line):
        return True
    return len(before) < 0.75 * width and bool(re.search(r"[.!?:”\"’»]\s*$", before))


SCRIPT_DIGITS = re.compile(r"[0-9+−]+")
SCRIPT_TRANSLATIONS = {
    "sup": str.maketrans("0123456789+−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻"),
    "sub": str.maketrans("0123456789+−", "₀₁₂₃₄₅₆₇₈₉₊₋"),
}


@dataclass
class _OpenElement:
    tag: str
    closing: str = ""
    is_hidden: bool = False
    is_list_marker: bool = False  # what stands in it is the bullet or number of an item


class _ClipboardParser(HTMLParser):
    """Writes down what shows, in tags that `markup` knows."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._html_parts: list[str] = []
        self._open_elements: list[_OpenElement] = []
        self._hidden_count = 0  # how many of those are not seen
        self._marker: int | None = None  # where the list tag of the item being read is to go

    def to_html(self) -> str:
        self._close_from(0)
        return "".join(self._html_parts)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        style = given.get("style", "")
        if tag in VOID_TAGS:
            if tag in ("br", "hr") and not self._is_hidden():
                self._html_parts.append(f"<{tag}>")
            return
        self._close_implied(tag)
        marks = tag == "x-marker" or (
            "ignore" in style.casefold() and "mso-list" in style.casefold()
        )
        one = _OpenElement(
            tag,
            is_hidden=tag in HIDDEN_TAGS or bool(HIDDEN_STYLE.search(style)) or marks,
            is_list_marker=marks,
        )
        one.is_hidden |= given.get("class", "").casefold().startswith("msocom")
        self._open_elements.append(one)
        self._hidden_count += one.is_hidden
        if not self._is_hidden():
            one.closing = self._open_element(tag, given, style)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """<o:p/> closes itself; <p/> does not, in HTML."""
        self.handle_starttag(tag, attrs)
        if ":" in tag:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        for place in range(len(self._open_elements) - 1, -1, -1):
            if self._open_elements[place].tag == tag:
                self._close_from(place)
                return

    def handle_data(self, data: str) -> None:
        if self._marker is not None and any(one.is_list_marker for one in self._open_elements):
            if data.strip():
                ordered = bool(NUMBERED_MARKER.match(data.strip())) and data.strip() != "o"
                self._html_parts[self._marker] = self._html_parts[self._marker].replace(
                    "?", "ol" if ordered else "ul"
                )
                self._marker = None
        elif not self._is_hidden():
            self._html_parts.append(
                html.escape(self._convert_raised_digits(normalise_characters(data)), quote=False)
            )

    def _convert_raised_digits(self, data: str) -> str:
        """10⁶ and CO₂ for figures that were set high or low: 106 would say another thing."""
        for one in reversed(self._open_elements):
            if one.tag in SCRIPT_TRANSLATIONS and SCRIPT_DIGITS.fullmatch(data):
                return data.translate(SCRIPT_TRANSLATIONS[one.tag])
        return data

    def _is_hidden(self) -> bool:
        return self._hidden_count > 0

    def _close_implied(self, tag: str) -> None:
        """A paragraph ends where the next begins, whether or not anybody said so."""
        closes = IMPLIED_END_TAGS.get(tag)
        if closes is None:
            return
        for place in range(len(self._open_elements) - 1, -1, -1):
            if self._open_elements[place].tag in closes:
                self._close_from(place)
                return
            if self._open_elements[place].tag in ("ul", "ol", "table"):
                return

    def _close_from(self, place: int) -> None:
        while len(self._open_elements) > place:
            one = self._open_elements.pop()
            self._hidden_count -= one.is_hidden
            self._html_parts.append(one.closing)

    def _open_element(self, tag: str, given: dict[str, str], style: str) -> str:
        """Write the opening tags; the closing ones for later."""
        opening = closing = ""
        if found := LIST_STYLE.search(style):
            self._marker = len(self._html_parts)
            opening, closing = f"\x01{found[1]}?\x02", "\x03"
            self._html_parts.append(opening)
            opening = ""
        elif tag in ALLOWED_TAGS:
            address = (
                f' href="{html.escape(_unwrap_redirect(given.get("href", "")))}"'
                if tag == "a"
                else ""
            )
            opening, closing = f"<{tag}{address}>", f"</{tag}>"
        strong = BOLD_STYLE.search(style) or (
            tag in ("b", "strong") and not NORMAL_WEIGHT_STYLE.search(style)
        )
        if strong and not re.fullmatch(r"h[1-6]", tag):
            opening, closing = opening + "<strong>", "</strong>" + closing
        if ITALIC_STYLE.search(style) or tag in ("i", "em"):
            opening, closing = opening + "<em>", "</em>" + closing
        self._html_parts.append(opening)
        return closing


def _unwrap_redirect(address: str) -> str:
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


LIST_ITEM = re.compile("\x01(\\d)(ul|ol|\\?)\x02(.*?)\x03(\\s*)", re.DOTALL)
LIST_ITEM_RUN = re.compile("(?:\x01\\d(?:ul|ol|\\?)\x02[^\x01]*?\x03\\s*)+", re.DOTALL)
ADJACENT_LISTS = re.compile(r"</(ul|ol)>\s*(?:</div>\s*<div>\s*)*<\1>")


def _join_lists(text: str) -> str:
    """Word's paragraphs that look like items as lists, and lists side by side as one."""
    if "\x01" in text:
        text = LIST_ITEM_RUN.sub(lambda run: _render_list(LIST_ITEM.findall(run[0])), text)
        text = re.sub("[\x01-\x03]", "", text)
    return ADJACENT_LISTS.sub("", text)


def _render_list(items: list[tuple[str, str, str, str]]) -> str:
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
