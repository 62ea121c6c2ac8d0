"""Read XML of no known format, such as transcripts: find the elements that are records."""

from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from xml.etree.ElementTree import Element
from xml.parsers import expat

from archive.mapping import Mapping
from archive.readers.drupal import normalise_record
from archive.readers.field_names import guess_fields, list_paths
from archive.readers.fields import RecordReader
from archive.readers.row import RejectedRow, SkippedRow, SourceItem, UnreadableSource
from archive.readers.source import SourceFile
from archive.readers.xml import BrokenItem, XmlItems, get_local_name
from archive.readers.xml_values import HTML_TAGS, get_name, to_record

CONTAINERS = {"body", "content", "text", "html"}
MIN_SCORE = 2
PEEK_BYTES = 262_144
SAMPLE_RECORDS = 200
MAIN_FIELDS = ("headline", "body", "published", "summary")


def read_records(source: SourceFile, mapping: Mapping) -> Iterator[SourceItem]:
    items = XmlItems(source, frozenset({find_record_name(source)}))
    reader = RecordReader(source.name, mapping, mapping.fields or guess_xml_fields(source))
    number = 0
    for element in items:
        number += 1
        if isinstance(element, BrokenItem):
            yield RejectedRow(source.name, number, element.why)
            continue
        yield reader.to_row(normalise_record(to_record(element)), number)
    for message in items.messages:
        yield SkippedRow(source.name, number, message)


def guess_xml_fields(source: SourceFile) -> dict[str, list[str]]:
    """Guess from many records together: one of them may be empty."""
    names: dict[str, None] = {}
    elements = iter(XmlItems(source, frozenset({find_record_name(source)})))
    for element in islice(elements, SAMPLE_RECORDS):
        if isinstance(element, Element):
            names |= dict.fromkeys(sorted(list_paths(normalise_record(to_record(element)))))
    return guess_fields(names)


def find_record_name(source: SourceFile) -> str:
    """Return the name of the elements that are records: their children are a headline and a text.

    Without such names, the first element with more than one kind of child.
    """
    finder = _RecordFinder(source.name)
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = finder.open_element, finder.close_element
    parser.EntityDeclHandler = finder.reject_entity
    with suppress(expat.ExpatError):
        parser.Parse(source.read(PEEK_BYTES), False)
    if name := finder.find_name():
        return name
    raise UnreadableSource(f"{source.name} is XML without records that we can tell.")


class _RecordFinder:
    """Collect which children the elements of each name have."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.stack: list[str] = []
        self.children: dict[str, set[str]] = {}
        self.attributes: dict[str, set[str]] = {}
        self.depths: dict[str, int] = {}
        self.first_closed = ""

    def open_element(self, name: str, attributes: dict[str, str]) -> None:
        if self.stack:
            self.children[self.stack[-1]].add(get_name(name, attributes))
        self.children.setdefault(name, set())
        self.attributes.setdefault(name, set()).update(attributes)
        self.depths.setdefault(name, len(self.stack))
        self.stack.append(name)

    def close_element(self, name: str) -> None:
        self.stack.pop()
        if self.first_closed or not self._may_be_record(name):
            return
        self.first_closed = name

    def _may_be_record(self, name: str) -> bool:
        return len(self.children[name]) > 1 and not self._is_prose(name)

    @staticmethod
    def _is_prose(name: str) -> bool:
        return get_local_name(name).casefold() in CONTAINERS | HTML_TAGS

    def find_name(self) -> str:
        """Return the name whose children have most of the names of our fields, the outermost."""
        scores = {
            name: self._score(self.children[name] | self.attributes[name])
            for name in self.children
            if not self._is_prose(name)
        }
        best = max(scores.values(), default=0)
        if best < MIN_SCORE:
            return self.first_closed
        return min(
            (name for name, score in scores.items() if score == best),
            key=lambda name: self.depths[name],
        )

    @staticmethod
    def _score(children: set[str]) -> int:
        guess = guess_fields(map(get_local_name, sorted(children)))
        return sum(field in guess for field in MAIN_FIELDS)

    def reject_entity(self, *_declaration: object) -> None:
        raise UnreadableSource(
            f"{self.file} declares entities of its own, which no export needs: it was not read."
        )
