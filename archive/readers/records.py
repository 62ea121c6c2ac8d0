"""XML of no known kind, such as transcripts: the records are the elements under its root."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from xml.etree.ElementTree import Element
from xml.parsers import expat

from archive.mapping import Mapping
from archive.readers.fields import Reader, guess
from archive.readers.row import Item, NothingToRead, Refused, Skipped
from archive.readers.source import Source
from archive.readers.xml import Broken, Items, inner_html, local

PEEK = 65_536
CONTAINERS = {"body", "content", "text", "p", "div", "html"}


def read_records(source: Source, mapping: Mapping) -> Iterator[Item]:
    items = Items(source, frozenset({record_name(source)}))
    number = 0
    for element in items:
        number += 1
        if isinstance(element, Broken):
            yield Refused(source.name, number, element.why)
            continue
        record = _record(element)
        fields = mapping.fields or guess(record)
        yield Reader(source.name, mapping, fields).row(record, number)
    for told in items.told:
        yield Skipped(source.name, number, told)


def propose_records(source: Source) -> dict[str, list[str]]:
    for element in Items(source, frozenset({record_name(source)})):
        if isinstance(element, Element):
            return guess(_record(element))
    return {}


def record_name(source: Source) -> str:
    """The first element that has more than one kind of element in it."""
    finder = _Finder(source.name)
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = finder.open, finder.close
    parser.EntityDeclHandler = finder.entity
    with suppress(expat.ExpatError):
        parser.Parse(source.read(PEEK), False)
    if not finder.found:
        raise NothingToRead(f"{source.name} is XML without records that we can tell.")
    return finder.found


class _Finder:
    def __init__(self, file: str) -> None:
        self.file, self.found = file, ""
        self.stack: list[tuple[str, set[str]]] = []

    def open(self, name: str, attributes: dict[str, str]) -> None:
        if self.stack:
            self.stack[-1][1].add(name)
        self.stack.append((name, set()))

    def close(self, name: str) -> None:
        _, kinds = self.stack.pop()
        if len(kinds) > 1 and not self.found and local(name) not in CONTAINERS:
            self.found = name

    def entity(self, *declared: object) -> None:
        raise NothingToRead(
            f"{self.file} declares entities of its own, which no export needs: it was not read."
        )


def _record(element: Element) -> dict[str, Any]:
    """Names without prefixes → texts; what stands several times is a list."""
    record: dict[str, Any] = dict(element.attrib)
    for child in element:
        name, value = local(child.tag), inner_html(child).strip()
        if name in record and value:
            before = record[name]
            record[name] = [*before, value] if isinstance(before, list) else [before, value]
        elif value:
            record[name] = value
    return record
