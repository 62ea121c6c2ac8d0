"""A long XML file, item by item: no entity is ever expanded, nothing is fetched, memory stays flat.

What breaks the XML breaks one item: reading goes on at the next.
"""

import codecs
import html
import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, TreeBuilder, tostring
from xml.parsers import expat

from archive.readers.decoding import NOT_UTF8, WINDOWS, encoding_of
from archive.readers.row import NothingToRead
from archive.readers.source import Source

CHUNK = 1 << 16
DEEPEST = 256
MOST_CHARACTERS = 5_000_000
"""Of one item: a statement has thousands. What is longer is passed over, and told."""
_DECLARED = re.compile(r"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9_.-]+)["'][^>]*\?>""")


@dataclass(frozen=True)
class Broken:
    """An item that is no XML, why in a sentence, and its text if it is not too long."""

    why: str
    raw: str = ""


@dataclass
class Items:
    """Iterate for the elements called `wanted`, each complete; outermost ones only.

    Names are as written, prefixes included. `head` fills up with the texts that stand outside of
    items, by path. Raises NothingToRead for what no honest export does.
    """

    source: Source
    wanted: frozenset[str]
    head: dict[str, str] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    _ready: deque[Element | Broken] = field(default_factory=deque)

    def __iter__(self) -> Iterator[Element | Broken]:
        names = "|".join(re.escape(name) for name in sorted(self.wanted))
        self._opening = re.compile(rf"<(?:{names})(?=[\s/>])".encode())
        self._lines = self._dropped = 0  # lines before this parser, and since then let go of
        self._seeking = ""  # why the item before was broken, while its end is looked for
        self._window = b""
        self._start([])
        with self.source.open() as file:
            for chunk in self._utf8(iter(lambda: file.read(CHUNK), b"")):
                self._feed(chunk)
                yield from self._given()
        self._finish()
        yield from self._given()

    def _given(self) -> Iterator[Element | Broken]:
        while self._ready:
            yield self._ready.popleft()

    # --- Letters ---

    def _utf8(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """The file in UTF-8, whatever it said it was, from its first tag on."""
        decoder, begun = None, False
        for chunk in chunks:
            if decoder is None:
                name = _encoding(chunk)
                errors = WINDOWS if name == "utf-8-sig" else "replace"
                decoder = codecs.getincrementaldecoder(name)(errors)
            text = decoder.decode(chunk)
            if not begun:
                text = text.lstrip("\ufeff \t\r\n")
                begun = bool(text)
                text = _DECLARED.sub('<?xml version="1.0"?>', text)
                self._tell_letters()
            yield text.replace("\0", "").encode("utf-8", "replace")
        if decoder is not None:
            yield decoder.decode(b"", final=True).encode("utf-8", "replace")

    def _tell_letters(self) -> None:
        encoding, whole = encoding_of(self.source)
        declared = _encoding(self.source.read(400))
        if encoding == declared == "utf-8-sig" and not whole:
            self.told.append(NOT_UTF8)

    # --- The parser ---

    def _start(self, outer: list[str]) -> None:
        """A new parser that believes to stand inside these elements."""
        self._stack: list[str] = []
        self._builder: TreeBuilder | None = None
        self._texts: list[str] = []
        self._size = self._depth = 0
        self._parser = parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.buffer_size = CHUNK
        parser.UseForeignDTD(True)  # so that an unknown entity such as &nbsp; is no error
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        parser.EntityDeclHandler = self._entity
        parser.SkippedEntityHandler = lambda name, of_dtd: self._text(html.unescape(f"&{name};"))
        parser.StartElementHandler = self._open
        parser.EndElementHandler = self._close
        parser.CharacterDataHandler = self._text
        prefix = "".join(f"<{name}>" for name in outer).encode()
        parser.Parse(prefix, False)
        self._base = self._item_at = len(prefix)
        self._window = b""

    def _entity(self, name: str, *declared: object) -> None:
        raise NothingToRead(
            f"{self.source.name} declares an entity of its own (“{name[:40]}”), which no export "
            "needs and which can swamp a reader: it was not read."
        )

    def _open(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._stack) >= DEEPEST:
            raise NothingToRead(f"{self.source.name} is nested more than {DEEPEST} deep: not read.")
        if self._builder is None and name in self.wanted:
            self._builder = TreeBuilder()
            self._depth, self._size = len(self._stack), 0
            self._item_at = self._parser.CurrentByteIndex
        self._stack.append(name)
        if len(self._stack) == 1 and (language := attributes.get("xml:lang")):
            self.head.setdefault("@lang", language)
        self._texts = []
        if self._builder is not None:
            self._builder.start(name, attributes)

    def _text(self, text: str) -> None:
        if self._builder is not None:
            self._size += len(text)
            if self._size <= MOST_CHARACTERS:
                self._builder.data(text)
        elif self._size + len(text) < MOST_CHARACTERS:
            self._texts.append(text)

    def _close(self, name: str) -> None:
        path = "/".join(self._stack)
        self._stack.pop()
        if self._builder is None:
            if self._texts and len(self.head) < 1000 and (said := "".join(self._texts).strip()):
                self.head.setdefault(path, said[:10_000])
            self._texts = []
            return
        self._builder.end(name)
        if len(self._stack) == self._depth:
            element, self._builder = self._builder.close(), None
            if self._size > MOST_CHARACTERS:
                self._ready.append(Broken(_too_long(self._size)))
            else:
                self._ready.append(element)

    # --- Going on after a break ---

    def _feed(self, data: bytes) -> None:
        while data:
            self._window += data
            if self._seeking:
                data = self._past_the_break()
                continue
            try:
                self._parser.Parse(data, False)
                data = b""
            except expat.ExpatError as error:
                self._break(error)
                data = self._past_the_break()
            else:
                self._let_go()

    def _break(self, error: expat.ExpatError) -> None:
        line = self._lines + error.lineno
        self._seeking = f"The XML breaks at line {line} ({expat.ErrorString(error.code)})."
        self._outer = self._stack[: self._depth] if self._builder is not None else self._stack[:]
        at = max(0, self._parser.ErrorByteIndex - self._base)
        begin = max(0, self._item_at - self._base) if self._builder is not None else at
        self._cut(begin)
        self._searched = max(at - begin, 1)

    def _past_the_break(self) -> bytes:
        """What is to be read on from: the next item's beginning, or nothing yet."""
        found = self._opening.search(self._window, self._searched)
        if found is None:
            if len(self._window) > 4 * MOST_CHARACTERS:
                self._cut(len(self._window) - 100)
            self._searched = max(1, len(self._window) - 100)
            return b""
        self._tell_broken(self._window[: found.start()])
        rest = self._window[found.start() :]
        self._cut(found.start())
        self._lines, self._dropped = self._lines + self._dropped, 0
        self._start(self._outer)
        return rest

    def _tell_broken(self, raw: bytes) -> None:
        if self._opening.match(raw):
            self._ready.append(Broken(self._seeking, raw.decode("utf-8", "replace")))
        else:
            self.told.append(f"{self._seeking} Nothing that could be read stood there.")
        self._seeking = ""

    def _let_go(self) -> None:
        """Of everything before the item that is being read."""
        if self._builder is None or len(self._window) > 8 * MOST_CHARACTERS:
            self._cut(len(self._window))
        else:
            self._cut(max(0, self._item_at - self._base))

    def _cut(self, at: int) -> None:
        self._dropped += self._window.count(b"\n", 0, at)
        self._base += at
        self._window = self._window[at:]

    def _finish(self) -> None:
        if not self._seeking:
            try:
                self._parser.Parse(b"", True)
                return
            except expat.ExpatError as error:
                if self._builder is None:
                    self.told.append(
                        f"The file ends before its end, at line {self._lines + error.lineno}: "
                        "what stands before was read."
                    )
                    return
                self._break(error)
                self._seeking = f"The file ends in the middle of this item. {self._seeking}"
        self._tell_broken(self._window)


def _too_long(size: int) -> str:
    return f"It has {size:,} characters; a statement has at most {MOST_CHARACTERS:,}: passed over."


def _encoding(start: bytes) -> str:
    """The name of the decoder: by the mark at the beginning, else as the file declares."""
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    found = _DECLARED.match(start[:400].decode("ascii", "ignore"))
    try:
        name = codecs.lookup(found[1]).name if found else "utf-8"
    except LookupError:
        name = "utf-8"
    # The web reads Latin-1 as Windows text (WHATWG Encoding, 4.2), and so does whoever wrote it.
    return {"utf-8": "utf-8-sig", "iso8859-1": "cp1252", "ascii": "utf-8-sig"}.get(name, name)


def local(name: str) -> str:
    """The name without its prefix."""
    return name.rpartition(":")[2].rpartition("}")[2]


def inner_html(element: Element) -> str:
    """What stands inside of an element: its text, or its tags written out."""
    parts = [html.escape(element.text or "", quote=False) if len(element) else element.text or ""]
    parts += [tostring(child, encoding="unicode", method="html") for child in element]
    return "".join(parts)
