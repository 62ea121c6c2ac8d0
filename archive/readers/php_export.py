"""Read the items of a PHP array, as Drupal's node export writes them."""

from collections.abc import Iterator
from typing import Any

from archive.mapping import Mapping
from archive.readers.decoding import NOT_UTF8, decode_bytes
from archive.readers.drupal import normalise_record
from archive.readers.field_names import guess_fields, list_paths
from archive.readers.fields import RecordReader
from archive.readers.json_documents import list_items
from archive.readers.php_array import NoPhpArray, parse_php_array
from archive.readers.row import NO_OBJECT, RejectedRow, SourceItem, UnreadableSource
from archive.readers.source import SourceFile

MAX_FILE_BYTES = 50_000_000


def read_php_export(source: SourceFile, mapping: Mapping) -> Iterator[SourceItem]:
    items, messages = _load_items(source)
    reader = RecordReader(source.name, mapping, mapping.fields or _guess_fields(items))
    for number, item in enumerate(items, start=1):
        if isinstance(item, dict):
            yield reader.to_row(item, number, messages)
            messages = []
        else:
            yield RejectedRow(source.name, number, NO_OBJECT)


def guess_php_fields(source: SourceFile) -> dict[str, list[str]]:
    return _guess_fields(_load_items(source)[0])


def _load_items(source: SourceFile) -> tuple[list[Any], list[str]]:
    if source.size > MAX_FILE_BYTES:
        raise UnreadableSource(
            f"{source.name} has {source.size / 1e6:.0f} MB; a PHP array of at most "
            f"{MAX_FILE_BYTES // 1_000_000} MB is read. Export fewer items at a time."
        )
    text, is_utf8 = decode_bytes(source.read(MAX_FILE_BYTES))
    try:
        document = parse_php_array(text)
    except NoPhpArray as error:
        raise UnreadableSource(f"{source.name}: {error}") from error
    items = document if isinstance(document, list) else list_items(document)
    records = [normalise_record(item) if isinstance(item, dict) else item for item in items]
    return records, [] if is_utf8 else [NOT_UTF8]


def _guess_fields(items: list[Any]) -> dict[str, list[str]]:
    names: dict[str, None] = {}
    for item in items[:200]:
        if isinstance(item, dict):
            names |= dict.fromkeys(sorted(list_paths(item)))
    return guess_fields(names)
