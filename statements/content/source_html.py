"""Read the HTML of any program: what a reader sees, in plain tags. Pure functions.

Knows the HTML of Word, Google Docs, Outlook, LibreOffice, Pages and browsers.
static/newsdesk/paste.js does the same in the browser, without a request.
"""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser

from statements.content.characters import normalise_text
from statements.content.numbering import LIST_TYPES, parse_number, type_of_css
from statements.content.word_lists import (
    NumberedListTag,
    join_word_lists,
    rewrite_list_markers,
)

MAX_NESTED_TAGS = 100  # parsing takes quadratic time for a text that only opens tags
_NESTING_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]*)[^<>]*>?")
# Elements that never contain anything, or that the next one of their kind ends.
_UNNESTED_TAGS = frozenset(
    "area base br col embed hr img input link meta source wbr p li dt dd td th tr option".split()
)
FRAGMENT_START = re.compile(r"<!--\s*StartFragment\s*-->")
FRAGMENT_END = re.compile(r"<!--\s*EndFragment\s*-->")
TABLE_INSIDE = re.compile(r"\s*<(?:col|colgroup|thead|tbody|tr)\b", re.IGNORECASE)
EXCEL_CLASS = re.compile(r"\.(xl\d{1,9})\s{0,9}\{([^{}]*)\}")
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
DECLARATION = re.compile(r"<[!?][^>]*>")

VOID_TAGS = {
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "wbr", "source",
}  # fmt: skip
TABLE_ATTRIBUTES = {
    "table": ("role", "data-caption"),
    "td": ("colspan", "rowspan"),
    "th": ("colspan", "rowspan"),
}
"""What `table_reading` needs to know of the tags of a table, in the order of writing."""
MAX_OPEN_ELEMENTS = 2 * MAX_NESTED_TAGS
HIDDEN_TAGS = {
    "head", "style", "script", "title", "xml", "template", "noscript", "svg", "iframe", "select",
    "textarea", "object", "math",
}  # fmt: skip
STRUCK_TAGS = {"del", "s", "strike"}
IMPLIED_END_TAGS = {"p": {"p"}, "li": {"li"}, "td": {"td", "th"}, "tr": {"tr", "td", "th"}}
ALLOWED_TAGS = {
    "p", "div", "br", "ul", "ol", "li", "a", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote",
    "table", "thead", "tbody", "tfoot", "tr", "td", "th", "pre", "hr", "dl", "dt", "dd", "section",
    "article", "header", "footer", "aside", "figure", "figcaption", "caption", "center", "nav",
}  # fmt: skip

PLAIN_INLINE_TAGS = {
    "b": "strong", "strong": "strong", "i": "em", "em": "em", "sup": "sup", "sub": "sub",
}  # fmt: skip
_PLAIN_TAG = (
    r"</?(?:p|div|ul|li|h[1-6]|blockquote|table|caption|thead|tbody|tfoot|tr|td|th|strong|em|b|i|sup"
    r'|sub)>|<br>|</?ol>|</a>|<t[dh](?: colspan="\d{1,4}")?(?: rowspan="\d{1,4}")?>'
    r'|<ol(?: start="-?\d{1,6}")?(?: type="[aAiI]")?>|<li value="-?\d{1,6}">|<a href="[^"<>]*">'
)
_PLAIN_HTML = re.compile(rf"[^<\x00-\x08]*+(?:(?:{_PLAIN_TAG})[^<\x00-\x08]*+)*+")
"""HTML without anything that `read_html` changes, such as what it returns itself."""

HIDDEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|(?<![\w-])font-size\s*:\s*0+(?:px|pt|em)?"
    r"\s*(?:;|!|$)|mso-hide\s*:\s*all|mso-element\s*:\s*comment",
    re.IGNORECASE,
)
STRUCK_STYLE = re.compile(r"text-decoration[\w-]*\s*:[^;]*line-through", re.IGNORECASE)
IGNORED_STYLE = re.compile(r"mso-list\s*:\s*ignore", re.IGNORECASE)
RAISED_STYLE = re.compile(r"vertical-align\s*:\s*super|mso-text-raise\s*:\s*[1-9]", re.IGNORECASE)
LOWERED_STYLE = re.compile(r"vertical-align\s*:\s*sub|mso-text-raise\s*:\s*-[1-9]", re.IGNORECASE)
LIST_TYPE_STYLE = re.compile(r"list-style(?:-type)?\s*:\s*([^;]*)", re.IGNORECASE)
LIST_STYLE = re.compile(r"mso-list\s*:\s*\S+\s+level(\d)", re.IGNORECASE)
BOLD_STYLE = re.compile(r"(?<![\w-])font-weight\s*:\s*(bold|[6-9]00)", re.IGNORECASE)
NORMAL_WEIGHT_STYLE = re.compile(r"(?<![\w-])font-weight\s*:\s*(normal|[1-5]00)", re.IGNORECASE)
ITALIC_STYLE = re.compile(r"(?<![\w-])font-style\s*:\s*(italic|oblique)", re.IGNORECASE)


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


@dataclass
class VisibleHtml:
    """What a reader sees in plain tags, and the words that were deleted or hidden."""

    html: str
    struck: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)


def clean_html(source: str) -> str:
    """Return HTML in allowed tags, headings included. Never raises."""
    return read_html(source).html


def read_html(source: str) -> VisibleHtml:
    """Return what a reader of the HTML sees, and what it hides. Never raises."""
    if _PLAIN_HTML.fullmatch(source):
        return VisibleHtml(source)
    text = _cut_fragment(normalise_text(source))
    if "<!" in text or "<?" in text:
        text = rewrite_list_markers(text)
        text = change_up_to_last("-->", text, lambda part: COMMENT.sub("", part))
        text = change_up_to_last(">", text, lambda part: DECLARATION.sub("", part))
    text = limit_nesting(text)
    reader = _ClipboardParser(_find_bold_classes(source))
    end = text.rfind(">") + 1
    reader.feed(text[:end] + text[end:].replace("<", "&lt;"))  # an unfinished tag is text
    reader.close()
    return VisibleHtml(
        join_word_lists(reader.to_html()), reader.texts_of("struck"), reader.texts_of("hidden")
    )


def _cut_fragment(text: str) -> str:
    """Return what stands between the marks that Windows puts around the copied part.

    Excel puts them inside of the table.
    """
    start = FRAGMENT_START.search(text)
    end = FRAGMENT_END.search(text, start.end()) if start else None
    if not start or not end:
        return text
    fragment = text[start.end() : end.start()]
    return f"<table>{fragment}</table>" if TABLE_INSIDE.match(fragment) else fragment


def _find_bold_classes(source: str) -> frozenset[str]:
    """Return the classes of cells that are bold: Excel says so in a style sheet alone."""
    rules = EXCEL_CLASS.findall(source) if ".xl" in source else []
    return frozenset(name for name, rule in rules if BOLD_STYLE.search(rule))


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


@dataclass
class _OpenElement:
    tag: str
    closing: str = ""
    hiding: str = ""
    """Why nobody sees it: `struck`, `hidden`, `marker` (of a list item) or `data`; or ""."""
    numbered: NumberedListTag | None = None


class _ClipboardParser(HTMLParser):
    """Collect the visible content in tags that `content.html` accepts."""

    def __init__(self, bold_classes: frozenset[str]) -> None:
        super().__init__(convert_charrefs=True)
        self._bold_classes = bold_classes
        self._html_parts: list[str] = []
        self._open_elements: list[_OpenElement] = []
        self._hiding: list[str] = []  # the reasons of the hidden elements among them
        self._marker: int | None = None  # the index in _html_parts of the current item’s list tag
        self._unseen: list[tuple[str, str]] = []

    def to_html(self) -> str:
        self._close_from(0)
        return "".join(self._html_parts)

    def texts_of(self, reason: str) -> list[str]:
        """Return the texts that are not seen for this reason, each as one line."""
        texts = [" ".join(text.split()) for why, text in self._unseen if why == reason]
        return [text for text in texts if text]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        style = attributes.get("style", "")
        if attributes.get("class") in self._bold_classes:
            style = f"font-weight:bold;{style}"
        if tag in VOID_TAGS:
            if tag in ("br", "hr") and not self._hiding:
                self._html_parts.append(f"<{tag}>")
            return
        self._close_implied(tag)
        if len(self._open_elements) >= MAX_OPEN_ELEMENTS:
            return  # rows of tables that were left out because they lie too deep
        element = _OpenElement(tag, hiding=_find_hiding(tag, attributes, style))
        self._open_elements.append(element)
        if element.hiding:
            if not self._hiding:
                self._unseen.append((element.hiding, ""))
            self._hiding.append(element.hiding)
        if not self._hiding:
            element.closing = self._open_element(element, attributes, style)

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
        if not self._hiding:
            self._html_parts.append(html.escape(data, quote=False))
        elif "marker" in self._hiding:
            if self._marker is not None and data.strip():
                marker = html.escape(data.strip(), quote=False)
                self._html_parts[self._marker] = self._html_parts[self._marker].replace("?", marker)
                self._marker = None
        elif self._unseen:
            reason, text = self._unseen[-1]
            self._unseen[-1] = (reason, text + data)

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
            if element.hiding:
                self._hiding.pop()
            self._html_parts.append(element.closing)

    def _open_element(self, element: _OpenElement, attributes: dict[str, str], style: str) -> str:
        tag, tags, closing = element.tag, list[str](), ""
        if style and (item := LIST_STYLE.search(style)):
            self._marker = len(self._html_parts)
            self._html_parts.append(f"\x01{item[1]}?\x02")
            closing = "\x03"
        elif tag == "ol":
            element.numbered = self._start_numbered_list(attributes, style)
            closing = f"</{element.numbered.name}>"
        elif tag == "li":
            tags, closing = [self._make_item_tag(attributes, style)], "</li>"
        elif tag == "a":
            address = html.escape(attributes.get("href", ""))
            tags, closing = [f'<a href="{address}">'], "</a>"
        elif tag in TABLE_ATTRIBUTES:
            tags, closing = [_make_table_tag(tag, attributes)], f"</{tag}>"
        elif tag in ALLOWED_TAGS:
            tags, closing = [f"<{tag}>"], f"</{tag}>"
        for inline in _list_inline_tags(tag, style):
            tags.append(f"<{inline}>")
            closing = f"</{inline}>{closing}"
        self._html_parts.append("".join(tags))
        return closing

    def _start_numbered_list(self, attributes: dict[str, str], style: str) -> NumberedListTag:
        list_style = _find_list_style(style)
        numbered = NumberedListTag(
            index=len(self._html_parts),
            start=parse_number(attributes.get("start", "")),
            type=list_style or attributes.get("type", ""),
            has_numbers=list_style != "none",
        )
        self._html_parts.append(numbered.render())
        return numbered

    def _make_item_tag(self, attributes: dict[str, str], style: str) -> str:
        """Return the tag of an item. What the first one says holds for its list."""
        number = parse_number(attributes.get("value", ""))
        parent = next((e for e in reversed(self._open_elements) if e.tag in ("ol", "ul")), None)
        if parent is None or parent.numbered is None:
            return "<li>"
        numbered, list_style = parent.numbered, _find_list_style(style)
        list_type = list_style or attributes.get("type", "")
        if numbered.has_items:
            if list_type in (*LIST_TYPES, "1") and list_type != (numbered.type or "1"):
                numbered.start, numbered.type = number, list_type
                return f"</{numbered.name}>{numbered.render()}<li>"
            return "<li>" if number is None else f'<li value="{number}">'
        numbered.has_items = True
        numbered.has_numbers &= list_style != "none"
        numbered.start = numbered.start if number is None else number
        numbered.type = list_type or numbered.type
        self._html_parts[numbered.index] = numbered.render()
        parent.closing = f"</{numbered.name}>"
        return "<li>"


def _make_table_tag(tag: str, attributes: dict[str, str]) -> str:
    kept = "".join(
        f' {name}="{html.escape(attributes[name])}"'
        for name in TABLE_ATTRIBUTES[tag]
        if attributes.get(name)
    )
    return f"<{tag}{kept}>"


def _find_hiding(tag: str, attributes: dict[str, str], style: str) -> str:
    if tag == "x-marker" or (style and IGNORED_STYLE.search(style)):
        return "marker"
    if tag in HIDDEN_TAGS:
        return "data"
    if tag in STRUCK_TAGS or (style and STRUCK_STYLE.search(style)):
        return "struck"
    is_hidden = (
        "hidden" in attributes
        or (style and HIDDEN_STYLE.search(style))
        or attributes.get("class", "").casefold().startswith("msocom")
    )
    return "hidden" if is_hidden else ""


def _list_inline_tags(tag: str, style: str) -> list[str]:
    if not style:
        return [PLAIN_INLINE_TAGS[tag]] if tag in PLAIN_INLINE_TAGS else []
    is_strong = BOLD_STYLE.search(style) or (
        tag in ("b", "strong") and not NORMAL_WEIGHT_STYLE.search(style)
    )
    tags = ["strong"] if is_strong and not re.fullmatch(r"h[1-6]", tag) else []
    if ITALIC_STYLE.search(style) or tag in ("i", "em"):
        tags.append("em")
    if tag == "sup" or (tag not in ALLOWED_TAGS and RAISED_STYLE.search(style)):
        tags.append("sup")
    elif tag == "sub" or (tag not in ALLOWED_TAGS and LOWERED_STYLE.search(style)):
        tags.append("sub")
    return tags


def _find_list_style(style: str) -> str:
    match = LIST_TYPE_STYLE.search(style)
    values = [type_of_css(value) for value in match[1].split()] if match else []
    return next(filter(None, values), "")
