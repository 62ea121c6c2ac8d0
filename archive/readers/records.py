"""Read XML of no known format, such as transcripts: find the elements that are records."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from xml.etree.ElementTree import Element
from xml.parsers import expat

from archive.mapping import Mapping
from archive.readers.field_names import guess_fields
from archive.readers.fields import RecordReader
from archive.readers.row import RejectedRow, SkippedRow, SourceItem, UnreadableSource
from archive.readers.source import SourceFile
from archive.readers.xml import BrokenItem, XmlItems, get_local_name, inner_html

PEEK_BYTES = 65_536
CONTAINERS = {"body", "content", "text", "p", "div", "html"}


def read_records(source: SourceFile, mapping: Mapping) -> Iterator[SourceItem]:
    items = XmlItems(source, frozenset({find_record_name(source)}))
    number = 0
    for element in items:
        number += 1
        if isinstance(element, BrokenItem):
            yield RejectedRow(source.name, number, element.why)
            continue
        record = _to_record(element)
        fields = mapping.fields or guess_fields(record)
        yield RecordReader(source.name, mapping, fields).to_row(record, number)
    for message in items.messages:
        yield SkippedRow(source.name, number, message)


def guess_xml_fields(source: SourceFile) -> dict[str, list[str]]:
    for element in XmlItems(source, frozenset({find_record_name(source)})):
        if isinstance(element, Element):
            return guess_fields(_to_record(element))
    return {}


def find_record_name(source: SourceFile) -> str:
    """Return the name of the first element with more than one kind of child."""
    finder = _RecordFinder(source.name)
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = finder.open_element, finder.close_element
    parser.EntityDeclHandler = finder.reject_entity
    with suppress(expat.ExpatError):
        parser.Parse(source.read(PEEK_BYTES), False)
    if not finder.record_name:
        raise UnreadableSource(f"{source.name} is XML without records that we can tell.")
    return finder.record_name


class _RecordFinder:
    def __init__(self, file: str) -> None:
        self.file, self.record_name = file, ""
        self.stack: list[tuple[str, set[str]]] = []

    def open_element(self, name: str, _attributes: dict[str, str]) -> None:
        if self.stack:
            self.stack[-1][1].add(name)
        self.stack.append((name, set()))

    def close_element(self, name: str) -> None:
        _, kinds = self.stack.pop()
        if len(kinds) > 1 and not self.record_name and get_local_name(name) not in CONTAINERS:
            self.record_name = name

    def reject_entity(self, *_declaration: object) -> None:
        raise UnreadableSource(
            f"{self.file} declares entities of its own, which no export needs: it was not read."
        )


def _to_record(element: Element) -> dict[str, Any]:
    """Return names without prefixes with their texts; a repeated name has a list."""
    record: dict[str, Any] = dict(element.attrib)
    for child in element:
        name, value = get_local_name(child.tag), inner_html(child).strip()
        if name in record and value:
            previous = record[name]
            values = previous if isinstance(previous, list) else [previous]
            record[name] = [*values, value]
        elif value:
            record[name] = value
    return record
