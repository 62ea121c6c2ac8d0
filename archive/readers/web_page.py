"""Read the headline, date and text of a saved web page, without the menus around them."""

import re
from collections.abc import Iterator
from itertools import islice

from archive.mapping import Mapping
from archive.readers.decoding import NOT_UTF8, decode_bytes, fix_mojibake
from archive.readers.html_tree import FURNITURE_TAGS, MIXED_TAGS, HtmlNode, parse_tree
from archive.readers.page_dates import read_page_date
from archive.readers.row import Label, RejectedRow, Row, SourceItem
from archive.readers.source import SourceFile
from archive.readers.status_fields import read_status
from archive.readers.values import to_plain_text
from statements.content.characters import normalise_text

MAX_PAGE_BYTES = 5_000_000
MAX_PAGE_TAGS = 50_000
MAX_NAMED_NODES = 50  # elements whose name says that they are the content, or a date
CONTENT_NAMES = re.compile(
    r"articlebody|article-body|article__body|entry-content|post-content|story-body|main-content"
    r"|field-+name-(?:field-)?(?:pr-)?body|node-body|govspeak|body-text",
    re.IGNORECASE,
)
CHARSET = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?([\w-]+)""", re.IGNORECASE)


def read_web_page(source: SourceFile, mapping: Mapping) -> Iterator[SourceItem]:
    raw = source.read(MAX_PAGE_BYTES + 1)
    if len(raw) > MAX_PAGE_BYTES:
        why = f"The page has more than {MAX_PAGE_BYTES / 1e6:.0f} MB: passed over."
        yield RejectedRow(source.name, 1, why)
        return
    text, messages = _decode_page(raw)
    if text.count("<") > MAX_PAGE_TAGS:
        why = f"The page has more than {MAX_PAGE_TAGS:,} tags: passed over."
        yield RejectedRow(source.name, 1, why)
        return
    yield _build_row(source.name, text, messages, mapping)


def _build_row(file: str, text: str, messages: list[str], mapping: Mapping) -> Row:
    root = parse_tree(normalise_text(fix_mojibake(text)))
    meta = _read_meta(root)
    content = _find_content(root)
    dropped: list[str] = []
    body = _remove_page_parts(content).to_html(dropped)
    headline = _find_headline(root, content, meta)
    url = meta.get("og:url", "") or _find_canonical_url(root)
    published = read_page_date(root, content, meta, text, mapping)
    labels = [label.strip() for label in meta.get("keywords", "").split(",") if label.strip()]
    return Row(
        file,
        1,
        identifier=url or file,
        headline=headline,
        body=body,
        published=published.value,
        proposed_day=published.proposed,
        date_numbers=published.numbers,
        labels=tuple(Label(to_plain_text(label)) for label in labels),
        urls=(url,) if url else (),
        language=next(
            (node.attributes.get("lang", "") for node in root.walk() if node.tag == "html"), ""
        ),
        status=read_status(
            [item for item in meta.items() if item[0].startswith("article:")],  # Open Graph
            mapping,
            exact_names=True,
        ),
        messages=(*messages, *published.messages),
        dropped=tuple(dropped),
    )


def _remove_page_parts(content: HtmlNode) -> HtmlNode:
    """Leave out the header and footer of the page, where the content is the whole page."""
    if content.tag in ("body", "page"):
        content.children = [
            child
            for child in content.children
            if isinstance(child, str) or child.tag not in MIXED_TAGS
        ]
    return content


def _decode_page(raw: bytes) -> tuple[str, list[str]]:
    match = CHARSET.search(raw[:4096])
    name = match[1].decode("ascii").casefold() if match else "utf-8"
    if name not in ("utf-8", "utf8"):
        try:
            return raw.decode("cp1252" if "8859-1" in name else name, "replace"), []
        except LookupError:
            pass
    text, is_utf8 = decode_bytes(raw)
    return text, [] if is_utf8 else [NOT_UTF8]


def _read_meta(root: HtmlNode) -> dict[str, str]:
    meta: dict[str, str] = {}
    for node in root.walk():
        if node.tag == "meta" and (content := node.attributes.get("content", "")):
            name = node.attributes.get("property") or node.attributes.get("name") or ""
            meta.setdefault(name.casefold(), to_plain_text(content))
    return meta


def _find_content(root: HtmlNode) -> HtmlNode:
    """Return the element whose name says that it is the content, else the one with most text."""
    nodes = [node for node in root.walk() if node.tag not in FURNITURE_TAGS]
    candidates = islice((n for n in nodes if CONTENT_NAMES.search(n.names)), MAX_NAMED_NODES)
    named = [node for node in candidates if _count_paragraph_chars(node) > 200]
    if named:
        threshold = 0.8 * max(map(_count_paragraph_chars, named))
        innermost_last = [node for node in named if _count_paragraph_chars(node) > threshold]
        return innermost_last[-1]
    for tag in ("article", "main"):
        tagged = islice((node for node in nodes if node.tag == tag), MAX_NAMED_NODES)
        if long := [node for node in tagged if _count_paragraph_chars(node) > 100]:
            return max(long, key=_count_paragraph_chars)
    return next((node for node in nodes if node.tag == "body"), root)


def _count_paragraph_chars(node: HtmlNode) -> int:
    """Count the characters in paragraphs, of which menus have few."""
    count, waiting = 0, [(node, node.tag == "p")]
    while waiting:
        current, is_in_paragraph = waiting.pop()
        for child in current.children:
            if isinstance(child, HtmlNode):
                waiting.append((child, is_in_paragraph or child.tag == "p"))
            elif is_in_paragraph:
                count += len(child)
    return count


def _find_headline(root: HtmlNode, content: HtmlNode, meta: dict[str, str]) -> str:
    if title := meta.get("og:title") or meta.get("dcterms.title") or meta.get("dc.title"):
        return title
    for node in [*content.walk(), *root.walk()]:
        if node.tag == "h1" and (text := to_plain_text(node.get_text())):
            return text
    title = next(
        (to_plain_text(node.get_text()) for node in root.walk() if node.tag == "title"), ""
    )
    return re.split(r" [|–—-] ", title)[0]


def _find_canonical_url(root: HtmlNode) -> str:
    for node in root.walk():
        if node.tag == "link" and node.attributes.get("rel") == "canonical":
            return node.attributes.get("href", "")
    return ""
