"""Read the HTML of any program: what a reader sees, in plain tags. Pure functions.

Knows the HTML of Word, Google Docs, Outlook, LibreOffice, Pages and browsers.
static/newsdesk/paste.js does the same in the browser, without a request.
"""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

from statements.content.characters import normalise_characters, normalise_text

MAX_NESTED_TAGS = 100  # parsing takes quadratic time for a text that only opens tags
_NESTING_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]*)[^<>]*>?")
# Elements that never contain anything, or that the next one of their kind ends.
_UNNESTED_TAGS = frozenset(
    "area base br col embed hr img input link meta source wbr p li dt dd td th tr option".split()
)
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
MAX_OPEN_ELEMENTS = 2 * MAX_NESTED_TAGS
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


def clean_html(source: str) -> str:
    """Return clipboard HTML in allowed tags, headings included. Never raises."""
    text = _cut_fragment(normalise_text(source))
    if "<!" in text or "<?" in text:
        text = _rewrite_list_markers(text)
        text = change_up_to_last("-->", text, lambda part: COMMENT.sub("", part))
        text = change_up_to_last(">", text, lambda part: DECLARATION.sub("", part))
    text = limit_nesting(text)
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
