"""A saved web page -> its headline, date and words, without the menus around them."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from archive.mapping import Mapping
from archive.readers.decoding import NOT_UTF8, decoded, mended
from archive.readers.fields import plain
from archive.readers.row import Item, Label, Refused, Row
from archive.readers.source import Source
from archive.readers.times import NoDate, read_time
from statements.content.html import normalise
from statements.parsing.furniture import find_date

LONGEST = 5_000_000
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
AROUND = {"nav", "header", "footer", "aside", "form", "script", "style", "noscript", "template",
          "svg", "iframe", "button", "select"}  # fmt: skip
WORDS = re.compile(
    r"articlebody|article-body|article__body|entry-content|post-content|story-body|main-content"
    r"|field-+name-(?:field-)?(?:pr-)?body|node-body|govspeak|body-text",
    re.IGNORECASE,
)
LEADS = re.compile(
    r"(?:^|[\s_-])(?:share|sharing|social|breadcrumbs?|related|sidebar|menu|cookies?|comments?|pager"
    r"|topics|tags)(?:$|[\s_-])",
    re.IGNORECASE,
)
DATED = re.compile(r"\bdate|published|posted|created|pr-date", re.IGNORECASE)
CHARSET = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?([\w-]+)""", re.IGNORECASE)


@dataclass
class Node:
    tag: str
    attributes: dict[str, str]
    inside: list["Node | str"] = field(default_factory=list)

    @property
    def called(self) -> str:
        names = ("class", "id", "itemprop", "property")
        return " ".join(self.attributes.get(name, "") for name in names)

    def walk(self) -> Iterator["Node"]:
        yield self
        for one in self.inside:
            if isinstance(one, Node):
                yield from one.walk()

    def text(self) -> str:
        return "".join(one if isinstance(one, str) else f" {one.text()} " for one in self.inside)

    @property
    def is_around(self) -> bool:
        return self.tag in AROUND or bool(LEADS.search(self.attributes.get("class", "")))

    def written(self) -> str:
        """As HTML again, without what stands around words on every page."""
        inner = "".join(
            html.escape(one, quote=False)
            if isinstance(one, str)
            else ("" if one.is_around else one.written())
            for one in self.inside
        )
        given = "".join(
            f' {name}="{html.escape(value)}"'
            for name, value in self.attributes.items()
            if name in ("href", "src", "alt", "style", "width", "height")
        )
        return f"<{self.tag}{given}>" + ("" if self.tag in VOID else f"{inner}</{self.tag}>")


class _Tree(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("page", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].inside.append(node)
        if tag not in VOID and len(self.open) < 200:
            self.open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].inside.append(Node(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        for place in range(len(self.open) - 1, 0, -1):
            if self.open[place].tag == tag:
                del self.open[place:]
                return

    def handle_data(self, data: str) -> None:
        self.open[-1].inside.append(data)


def read_page(source: Source, mapping: Mapping) -> Iterator[Item]:
    raw = source.read(LONGEST + 1)
    if len(raw) > LONGEST:
        yield Refused(
            source.name, 1, f"The page has more than {LONGEST / 1e6:.0f} MB: passed over."
        )
        return
    text, told = _decoded(raw)
    tree = _Tree()
    tree.feed(normalise(mended(text)))
    tree.close()
    meta = _meta(tree.root)
    words = _words(tree.root)
    headline = _headline(tree.root, words, meta)
    address = meta.get("og:url", "") or _canonical(tree.root)
    published = None
    for said in _dates(tree.root, meta):
        try:
            published = read_time(said, zone=mapping.zone, month_first=mapping.month_first)
            break
        except NoDate:
            continue
    labels = [one.strip() for one in meta.get("keywords", "").split(",") if one.strip()]
    yield Row(
        source.name,
        1,
        identifier=address or source.name,
        headline=headline,
        body=words.written(),
        published=published or find_date(" ".join(words.text().split())[:300]),
        labels=tuple(Label(plain(one)) for one in labels),
        addresses=(address,) if address else (),
        language=next(
            (node.attributes.get("lang", "") for node in tree.root.walk() if node.tag == "html"), ""
        ),
        told=tuple(told),
    )


def _decoded(raw: bytes) -> tuple[str, list[str]]:
    found = CHARSET.search(raw[:4096])
    name = found[1].decode("ascii").casefold() if found else "utf-8"
    if name not in ("utf-8", "utf8"):
        try:
            return raw.decode("cp1252" if "8859-1" in name else name, "replace"), []
        except LookupError:
            pass
    text, whole = decoded(raw)
    return text, [] if whole else [NOT_UTF8]


def _meta(root: Node) -> dict[str, str]:
    found: dict[str, str] = {}
    for node in root.walk():
        if node.tag == "meta" and (content := node.attributes.get("content", "")):
            name = node.attributes.get("property") or node.attributes.get("name") or ""
            found.setdefault(name.casefold(), plain(content))
    return found


def _words(root: Node) -> Node:
    """The element whose name says that it holds the words, else the one that holds the most."""
    nodes = [node for node in root.walk() if node.tag not in AROUND]
    named = [node for node in nodes if WORDS.search(node.called) and _weight(node) > 200]
    if named:
        most = max(map(_weight, named))
        return [node for node in named if _weight(node) > 0.8 * most][-1]  # the innermost
    for tag in ("article", "main"):
        if found := [node for node in nodes if node.tag == tag and _weight(node) > 100]:
            return max(found, key=_weight)
    return next((node for node in nodes if node.tag == "body"), root)


def _weight(node: Node) -> int:
    """Letters in paragraphs, which menus have few of."""
    return sum(len(one.text()) for one in node.walk() if one.tag == "p")


def _headline(root: Node, words: Node, meta: dict[str, str]) -> str:
    if title := meta.get("og:title") or meta.get("dcterms.title") or meta.get("dc.title"):
        return title
    for node in [*words.walk(), *root.walk()]:
        if node.tag == "h1" and (text := plain(node.text())):
            return text
    title = next((plain(node.text()) for node in root.walk() if node.tag == "title"), "")
    return re.split(r" [|–—-] ", title)[0]


def _canonical(root: Node) -> str:
    for node in root.walk():
        if node.tag == "link" and node.attributes.get("rel") == "canonical":
            return node.attributes.get("href", "")
    return ""


def _dates(root: Node, meta: dict[str, str]) -> Iterator[str]:
    for name in (
        "article:published_time",
        "dcterms.issued",
        "dcterms.date",
        "dc.date",
        "date",
        "pubdate",
    ):
        if meta.get(name):
            yield meta[name]
    for node in root.walk():
        if node.tag == "time" and (said := node.attributes.get("datetime") or node.text()):
            yield said
    for node in root.walk():
        if DATED.search(node.called):
            yield node.attributes.get("content") or plain(node.text())[:100]
