"""Clean HTML and text from the clipboard.

Knows the HTML of Word, Google Docs, Outlook, LibreOffice, Pages and browsers, and the broken lines
of a PDF. static/newsdesk/paste.js does the same in the browser, without a request; saved content is
cleaned again, here or by `content.html`.
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

FRAGMENT_START = re.compile(r"<!--\s*StartFragment\s*-->")
FRAGMENT_END = re.compile(r"<!--\s*EndFragment\s*-->")
LIST_MARKER_TAG = re.compile(
    r"<!(?:--)?\[(if !supportLists|endif)\](?:--)?>", re.DOTALL | re.IGNORECASE
)
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
DECLARATION = re.compile(r"<[!?][^>]*>")

VOID_TAGS = {
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "wbr", "source",
}  # fmt: skip
MAX_OPEN_ELEMENTS = 2 * content_html.MAX_NESTED_TAGS
HIDDEN_TAGS = {
    "head", "style", "script", "title", "xml", "template", "noscript", "svg", "iframe", "del",
    "select", "textarea", "object", "math",
}  # fmt: skip
IMPLIED_END_TAGS = {"p": {"p"}, "li": {"li"}, "td": {"td", "th"}, "tr": {"tr", "td", "th"}}
ALLOWED_TAGS = {
    "p", "div", "br", "ul", "ol", "li", "a", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote",
    "table", "tr", "td", "th", "pre", "hr", "dl", "dt", "dd", "section", "article", "header",
    "footer", "aside", "figure", "figcaption", "caption", "center", "nav",
}  # fmt: skip

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
# French and numbers need non-breaking spaces; Word and browsers add many others.
NEEDLESS_HARD_SPACE = re.compile(
    r"(?<![«\d])\u00a0(?![»;:!?%])|(?<=«)\u00a0(?=\s)|(?<=\d)\u00a0(?![\d»;:!?%])"
)
BULLET_MARKER = re.compile(
    r"^[\uf0b7\uf0a7●▪■◦‣∙·o§–-][ \t\u00a0]{1,}(?=\S)|^[•][ \t\u00a0]*(?=\S)"
)


def normalise_characters(text: str) -> str:
    """Replace ligatures and needless non-breaking spaces; drop soft hyphens."""
    if text.isascii():
        return text
    if REPLACEABLE_CHARACTER.search(text):  # fast; translate is slow
        text = text.translate(CHARACTER_REPLACEMENTS)
    return NEEDLESS_HARD_SPACE.sub(" ", text) if "\u00a0" in text else text


def clean_html(source: str) -> str:
    """Return clipboard HTML in allowed tags, headings included. Never raises."""
    text = _cut_fragment(content_html.normalise_text(source))
    if "<!" in text or "<?" in text:
        text = _rewrite_list_markers(text)
        text = change_up_to_last("-->", text, lambda part: COMMENT.sub("", part))
        text = change_up_to_last(">", text, lambda part: DECLARATION.sub("", part))
    text = content_html.limit_nesting(text)
    reader = _ClipboardParser()
    end = text.rfind(">") + 1
    reader.feed(text[:end] + text[end:].replace("<", "&lt;"))  # an unfinished tag is text
    reader.close()
    return _join_lists(reader.to_html())


def _cut_fragment(text: str) -> str:
    """Return what stands between the marks that Windows puts around the copied part."""
    start = FRAGMENT_START.search(text)
    end = FRAGMENT_END.search(text, start.end()) if start else None
    return text[start.end() : end.start()] if start and end else text


def _rewrite_list_markers(text: str) -> str:
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


def change_up_to_last(ending: str, text: str, change: Callable[[str], str]) -> str:
    """Change the text up to the last `ending`, in lower or upper case.

    Nothing after it is closed, and a regular expression that looks for the end from each opening
    would take quadratic time.
    """
    at = max(text.rfind(ending), text.rfind(ending.upper()))
    if at < 0:
        return text
    at = text.find(">", at) + 1 or len(text)
    return change(text[:at]) + text[at:]


def html_to_blocks(source: str) -> list[str]:
    """Return clipboard HTML as canonical blocks, as a draft keeps them."""
    return content_html.clean_blocks(clean_html(source))


def text_to_blocks(text: str) -> list[str]:
    """Return plain text from a PDF or e-mail as blocks: lines joined, bullets as lists."""
    lines = [
        BULLET_MARKER.sub("• ", normalise_characters(line))
        for line in content_html.normalise_text(text).strip().split("\n")
    ]
    paragraphs = split_paragraphs("\n".join(unwrap_lines(lines)), headed=False)
    return [block for paragraph in paragraphs if (block := paragraph.render_block())]


def unwrap_lines(lines: list[str]) -> list[str]:
    """Join lines of about equal width, as a PDF gives them without empty lines."""
    filled = [line for line in lines if line.strip()]
    if len(filled) < len(lines) or len(filled) < 3:
        return lines
    width = max(len(line) for line in filled)
    long_count = sum(len(line) >= 0.75 * width for line in filled)
    if not 40 <= width <= 120 or long_count * 2 < len(filled):
        return lines
    joined = [filled[0]]
    for before, line in pairwise(filled):
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
    is_list_marker: bool = False  # contains the bullet or number of an item


class _ClipboardParser(HTMLParser):
    """Collect the visible content in tags that `content.html` accepts."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._html_parts: list[str] = []
        self._open_elements: list[_OpenElement] = []
        self._hidden_count = 0  # the number of hidden elements among them
        self._marker: int | None = None  # the index in _html_parts of the current item's list tag

    def to_html(self) -> str:
        self._close_from(0)
        return "".join(self._html_parts)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        style = attributes.get("style", "")
        if tag in VOID_TAGS:
            if tag in ("br", "hr") and not self._is_hidden():
                self._html_parts.append(f"<{tag}>")
            return
        self._close_implied(tag)
        if len(self._open_elements) >= MAX_OPEN_ELEMENTS:
            return  # rows of tables that were left out because they lie too deep
        is_marker = tag == "x-marker" or (
            "ignore" in style.casefold() and "mso-list" in style.casefold()
        )
        element = _OpenElement(
            tag,
            is_hidden=tag in HIDDEN_TAGS or bool(HIDDEN_STYLE.search(style)) or is_marker,
            is_list_marker=is_marker,
        )
        element.is_hidden |= attributes.get("class", "").casefold().startswith("msocom")
        self._open_elements.append(element)
        self._hidden_count += element.is_hidden
        if not self._is_hidden():
            element.closing = self._open_element(tag, attributes, style)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Close <o:p/>; in HTML <p/> stays open."""
        self.handle_starttag(tag, attrs)
        if ":" in tag:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        for index in range(len(self._open_elements) - 1, -1, -1):
            if self._open_elements[index].tag == tag:
                self._close_from(index)
                return

    def handle_data(self, data: str) -> None:
        if self._marker is not None and any(
            element.is_list_marker for element in self._open_elements
        ):
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
        """Write 10⁶ and CO₂ for superscript and subscript digits: 106 means another number."""
        for element in reversed(self._open_elements):
            if element.tag in SCRIPT_TRANSLATIONS and SCRIPT_DIGITS.fullmatch(data):
                return data.translate(SCRIPT_TRANSLATIONS[element.tag])
        return data

    def _is_hidden(self) -> bool:
        return self._hidden_count > 0

    def _close_implied(self, tag: str) -> None:
        closes = IMPLIED_END_TAGS.get(tag)
        if closes is None:
            return
        for index in range(len(self._open_elements) - 1, -1, -1):
            if self._open_elements[index].tag in closes:
                self._close_from(index)
                return
            if self._open_elements[index].tag in ("ul", "ol", "table"):
                return

    def _close_from(self, index: int) -> None:
        while len(self._open_elements) > index:
            element = self._open_elements.pop()
            self._hidden_count -= element.is_hidden
            self._html_parts.append(element.closing)

    def _open_element(self, tag: str, attributes: dict[str, str], style: str) -> str:
        opening = closing = ""
        if item := LIST_STYLE.search(style):
            self._marker = len(self._html_parts)
            opening, closing = f"\x01{item[1]}?\x02", "\x03"
            self._html_parts.append(opening)
            opening = ""
        elif tag in ALLOWED_TAGS:
            address = (
                f' href="{html.escape(_unwrap_redirect(attributes.get("href", "")))}"'
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
    try:
        parts = urlsplit(address.strip())
        query = parse_qs(parts.query)
    except ValueError:
        return ""
    host = (parts.hostname or "").casefold()
    if host.endswith("safelinks.protection.outlook.com"):
        return query.get("url", [address])[0]
    if re.fullmatch(r"(www\.)?google\.[a-z.]+", host) and parts.path == "/url":
        return (query.get("q") or query.get("url") or [address])[0]
    return address


LIST_ITEM = re.compile("\x01(\\d)(ul|ol|\\?)\x02(.*?)\x03(\\s*)", re.DOTALL)
LIST_ITEM_RUN = re.compile("(?:\x01\\d(?:ul|ol|\\?)\x02[^\x01]*?\x03\\s*)+", re.DOTALL)
ADJACENT_LISTS = re.compile(r"</(ul|ol)>\s*(?:</div>\s*<div>\s*)*<\1>")


def _join_lists(text: str) -> str:
    if "\x01" in text:
        text = LIST_ITEM_RUN.sub(lambda run: _render_list(LIST_ITEM.findall(run[0])), text)
        text = re.sub("[\x01-\x03]", "", text)
    return ADJACENT_LISTS.sub("", text)


def _render_list(items: list[tuple[str, str, str, str]]) -> str:
    out: list[str] = []
    stack: list[tuple[int, str]] = []
    for level_text, kind, content, _ in items:
        level, tag = int(level_text), "ul" if kind == "?" else kind
        while stack and (stack[-1][0] > level or (stack[-1][0] == level and stack[-1][1] != tag)):
            out.append(f"</li></{stack.pop()[1]}>")
        if stack and stack[-1][0] == level:
            out.append("</li><li>")
        else:
            out.append(f"<{tag}><li>")
            stack.append((level, tag))
        out.append(content)
    while stack:
        out.append(f"</li></{stack.pop()[1]}>")
    return "".join(out)
