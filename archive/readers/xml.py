"""Read a long XML file item by item, with flat memory, no entities and no network.

Broken XML costs one item: it is reported with its line, and reading goes on at the next.

Not by lxml with `recover`: it repairs silently. Measured on the shared exports and on broken
copies of them, it drops a stray “&”, the words after an unclosed tag or CDATA section and all that
follows the root element, moves items into one another, and reads Windows letters as
“\ufffd”. No import may lose words without saying so, and expat is as fast.
"""

import codecs
import html
import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, TreeBuilder, tostring
from xml.parsers import expat

from archive.readers.decoding import NOT_UTF8, WINDOWS_FALLBACK, detect_encoding
from archive.readers.row import UnreadableSource
from archive.readers.source import SourceFile

CHUNK_BYTES = 1 << 16
MAX_NESTED_ELEMENTS = 256
MAX_ITEM_CHARS = 5_000_000
"""A statement has thousands. A longer item is skipped and reported."""
_XML_DECLARATION = re.compile(
    r"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9_.-]+)["'][^>]*\?>"""
)


@dataclass(frozen=True)
class BrokenItem:
    """An item that is not valid XML, the reason in a sentence, and its raw text if not too long."""

    why: str
    raw: str = ""


@dataclass
class XmlItems:
    """Iterate over the outermost elements named `item_names`, each complete.

    Names are as written, with their prefixes. `head` collects the texts outside items, by path.
    Raises UnreadableSource for a file that could harm the reader.
    """

    source: SourceFile
    item_names: frozenset[str]
    head: dict[str, str] = field(default_factory=dict)
    messages: list[str] = field(default_factory=list)
    _ready: deque[Element | BrokenItem] = field(default_factory=deque)

    def __iter__(self) -> Iterator[Element | BrokenItem]:
        names = "|".join(re.escape(name) for name in sorted(self.item_names))
        self._opening = re.compile(rf"<(?:{names})(?=[\s/>])".encode())
        # Lines before the current parser, and lines that it has read and dropped since.
        self._lines_before = self._lines_dropped = 0
        self._break_reason = ""  # set while the end of a broken item is searched
        self._window = b""
        self._start_parser([])
        with self.source.open() as file:
            for chunk in self._to_utf8(iter(lambda: file.read(CHUNK_BYTES), b"")):
                self._feed_parser(chunk)
                yield from self._pop_ready()
        self._finish()
        yield from self._pop_ready()

    def _pop_ready(self) -> Iterator[Element | BrokenItem]:
        while self._ready:
            yield self._ready.popleft()

    # --- Encoding ---

    def _to_utf8(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        decoder, has_started = None, False
        for chunk in chunks:
            if decoder is None:
                name = _get_declared_encoding(chunk)
                errors = WINDOWS_FALLBACK if name == "utf-8-sig" else "replace"
                decoder = codecs.getincrementaldecoder(name)(errors)
            text = decoder.decode(chunk)
            if not has_started:
                text = text.lstrip("\ufeff \t\r\n")
                has_started = bool(text)
                text = _XML_DECLARATION.sub('<?xml version="1.0"?>', text)
                self._report_encoding()
            yield text.replace("\0", "").encode("utf-8", "replace")
        if decoder is not None:
            yield decoder.decode(b"", final=True).encode("utf-8", "replace")

    def _report_encoding(self) -> None:
        encoding, is_valid = detect_encoding(self.source)
        declared = _get_declared_encoding(self.source.read(400))
        if encoding == declared == "utf-8-sig" and not is_valid:
            self.messages.append(NOT_UTF8)

    # --- The parser ---

    def _start_parser(self, outer: list[str]) -> None:
        self._stack: list[str] = []
        self._builder: TreeBuilder | None = None
        self._texts: list[str] = []
        self._size = self._depth = 0
        self._parser = parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.buffer_size = CHUNK_BYTES
        parser.UseForeignDTD(True)  # else an unknown entity such as &nbsp; is an error
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        parser.EntityDeclHandler = self._reject_entity
        parser.SkippedEntityHandler = lambda name, _is_parameter: self._add_text(
            html.unescape(f"&{name};")
        )
        parser.StartElementHandler = self._open_element
        parser.EndElementHandler = self._close_element
        parser.CharacterDataHandler = self._add_text
        prefix = "".join(f"<{name}>" for name in outer).encode()
        parser.Parse(prefix, False)
        self._base = self._item_at = len(prefix)
        self._window = b""

    def _reject_entity(self, name: str, *_declaration: object) -> None:
        raise UnreadableSource(
            f"{self.source.name} declares an entity of its own (“{name[:40]}”), which no export "
            "needs and which can swamp a reader: it was not read."
        )

    def _open_element(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._stack) >= MAX_NESTED_ELEMENTS:
            raise UnreadableSource(
                f"{self.source.name} is nested more than {MAX_NESTED_ELEMENTS} deep: not read."
            )
        if self._builder is None and name in self.item_names:
            self._builder = TreeBuilder()
            self._depth, self._size = len(self._stack), 0
            self._item_at = self._parser.CurrentByteIndex
        self._stack.append(name)
        if len(self._stack) == 1 and (language := attributes.get("xml:lang")):
            self.head.setdefault("@lang", language)
        self._texts = []
        if self._builder is not None:
            self._builder.start(name, attributes)

    def _add_text(self, text: str) -> None:
        if self._builder is not None:
            self._size += len(text)
            if self._size <= MAX_ITEM_CHARS:
                self._builder.data(text)
        elif self._size + len(text) < MAX_ITEM_CHARS:
            self._texts.append(text)

    def _close_element(self, name: str) -> None:
        path = "/".join(self._stack)
        self._stack.pop()
        if self._builder is None:
            if self._texts and len(self.head) < 1000 and (text := "".join(self._texts).strip()):
                self.head.setdefault(path, text[:10_000])
            self._texts = []
            return
        self._builder.end(name)
        if len(self._stack) == self._depth:
            element, self._builder = self._builder.close(), None
            if self._size > MAX_ITEM_CHARS:
                self._ready.append(BrokenItem(_describe_too_long(self._size)))
            else:
                self._ready.append(element)

    # --- Recovery after broken XML ---

    def _feed_parser(self, data: bytes) -> None:
        while data:
            self._window += data
            if self._break_reason:
                data = self._find_next_item()
                continue
            try:
                self._parser.Parse(data, False)
                data = b""
            except expat.ExpatError as error:
                self._start_recovery(error)
                data = self._find_next_item()
            else:
                self._trim_window()

    def _start_recovery(self, error: expat.ExpatError) -> None:
        line = self._lines_before + error.lineno
        self._break_reason = f"The XML breaks at line {line} ({expat.ErrorString(error.code)})."
        self._outer_names = (
            self._stack[: self._depth] if self._builder is not None else self._stack[:]
        )
        at = max(0, self._parser.ErrorByteIndex - self._base)
        begin = max(0, self._item_at - self._base) if self._builder is not None else at
        self._cut_window(begin)
        self._search_from = max(at - begin, 1)

    def _find_next_item(self) -> bytes:
        """Return the window from the start of the next item on; empty if that is not read yet."""
        match = self._opening.search(self._window, self._search_from)
        if match is None:
            if len(self._window) > 4 * MAX_ITEM_CHARS:
                self._cut_window(len(self._window) - 100)
            self._search_from = max(1, len(self._window) - 100)
            return b""
        self._report_broken(self._window[: match.start()])
        rest = self._window[match.start() :]
        self._cut_window(match.start())
        self._lines_before, self._lines_dropped = self._lines_before + self._lines_dropped, 0
        self._start_parser(self._outer_names)
        return rest

    def _report_broken(self, raw: bytes) -> None:
        if self._opening.match(raw):
            self._ready.append(BrokenItem(self._break_reason, raw.decode("utf-8", "replace")))
        else:
            self.messages.append(f"{self._break_reason} Nothing that could be read stood there.")
        self._break_reason = ""

    def _trim_window(self) -> None:
        if self._builder is None or len(self._window) > 8 * MAX_ITEM_CHARS:
            self._cut_window(len(self._window))
        else:
            self._cut_window(max(0, self._item_at - self._base))

    def _cut_window(self, at: int) -> None:
        self._lines_dropped += self._window.count(b"\n", 0, at)
        self._base += at
        self._window = self._window[at:]

    def _finish(self) -> None:
        if not self._break_reason:
            try:
                self._parser.Parse(b"", True)
            except expat.ExpatError as error:
                if self._builder is None:
                    line = self._lines_before + error.lineno
                    self.messages.append(
                        f"The file ends before its end, at line {line}: what stands before was "
                        "read."
                    )
                    return
                self._start_recovery(error)
                self._break_reason = (
                    f"The file ends in the middle of this item. {self._break_reason}"
                )
            else:
                return
        self._report_broken(self._window)


def _describe_too_long(size: int) -> str:
    return f"It has {size:,} characters; a statement has at most {MAX_ITEM_CHARS:,}: passed over."


def _get_declared_encoding(start: bytes) -> str:
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    match = _XML_DECLARATION.match(start[:400].decode("ascii", "ignore"))
    try:
        name = codecs.lookup(match[1]).name if match else "utf-8"
    except LookupError:
        name = "utf-8"
    # Browsers read Latin-1 as Windows text (WHATWG Encoding, 4.2), and authors mean that.
    return {"utf-8": "utf-8-sig", "iso8859-1": "cp1252", "ascii": "utf-8-sig"}.get(name, name)


def get_local_name(name: str) -> str:
    """Return an element name without its prefix."""
    return name.rpartition(":")[2].rpartition("}")[2]


def inner_html(element: Element) -> str:
    """Return the content of an element: its text, or its child elements as HTML."""
    parts = [html.escape(element.text or "", quote=False) if len(element) else element.text or ""]
    parts += [tostring(child, encoding="unicode", method="html") for child in element]
    return "".join(parts)
