"""Read JSON Lines, and JSON as one list, an object with a list, or an object that is an item."""

import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any, TextIO

from archive.mapping import Mapping
from archive.readers import ninjs
from archive.readers.decoding import NOT_UTF8, decode_bytes, open_text
from archive.readers.drupal import normalise_record
from archive.readers.field_names import guess_fields, list_paths
from archive.readers.fields import RecordReader
from archive.readers.json_documents import list_items
from archive.readers.row import NO_OBJECT, RejectedRow, SkippedRow, SourceItem
from archive.readers.source import CHUNK_BYTES, SourceFile

MAX_ITEM_BYTES = 20_000_000
MAX_ITEM_CHARS = 20_000_000
SAMPLE_RECORDS = 200


def read_json_lines(source: SourceFile, mapping: Mapping) -> Iterator[SourceItem]:
    reader = RecordReader(source.name, mapping, mapping.fields or guess_json_lines_fields(source))
    for number, record, message in _read_records(source):
        if isinstance(record, dict):
            yield reader.to_row(normalise_record(record), number, [message] if message else [])
        else:
            yield RejectedRow(source.name, number, message or NO_OBJECT)


def guess_json_lines_fields(source: SourceFile) -> dict[str, list[str]]:
    names: dict[str, None] = {}
    for _, record, _ in islice(_read_records(source), SAMPLE_RECORDS):
        if isinstance(record, dict):
            names |= dict.fromkeys(sorted(list_paths(normalise_record(record))))
    return guess_fields(names)


def _read_records(source: SourceFile) -> Iterator[tuple[int, Any, str]]:
    with source.open() as file:
        number = 0
        while line := file.readline(MAX_ITEM_BYTES):
            number += 1
            if len(line) == MAX_ITEM_BYTES and not line.endswith(b"\n"):
                size = len(line)
                while (rest := file.readline(MAX_ITEM_BYTES)) and not rest.endswith(b"\n"):
                    size += len(rest)
                yield (
                    number,
                    None,
                    (
                        f"The line has {(size + len(rest)) / 1e6:,.0f} MB; a statement has at most "
                        f"{MAX_ITEM_BYTES // 1_000_000} MB: passed over."
                    ),
                )
                continue
            text, is_utf8 = decode_bytes(line)
            if not text.strip():
                continue
            try:
                yield number, json.loads(text, strict=False), "" if is_utf8 else NOT_UTF8
            except (ValueError, RecursionError) as error:
                yield number, None, f"The line is no JSON: {_describe_error(error)}."


def _describe_error(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg.lower().removesuffix(' at')} at character {error.pos + 1}"
    return "it is nested too deep"


def read_json(source: SourceFile, mapping: Mapping) -> Iterator[SourceItem]:
    reader = None
    for number, (record, why) in enumerate(iter_json_records(source), start=1):
        if isinstance(record, dict) and ninjs.is_schema(record):
            yield SkippedRow(source.name, number, "It is a schema, and no statement.")
        elif isinstance(record, dict) and ninjs.is_ninjs(record):
            yield _read_ninjs(record, source.name, number, mapping)
        elif isinstance(record, dict):
            if reader is None:
                fields = mapping.fields or guess_json_fields(source)
                reader = RecordReader(source.name, mapping, fields)
            yield reader.to_row(normalise_record(record), number)
        else:
            yield RejectedRow(source.name, number, why or NO_OBJECT)


def _read_ninjs(record: dict[str, Any], file: str, number: int, mapping: Mapping) -> SourceItem:
    item = ninjs.to_record(record)
    if why := ninjs.find_skip_reason(record):
        return SkippedRow(file, number, why, str(item["id"]), str(item["title"] or ""))
    return RecordReader(file, mapping, guess_fields(item)).to_row(item, number)


def guess_json_fields(source: SourceFile) -> dict[str, list[str]]:
    names: dict[str, None] = {}
    for record, _ in islice(iter_json_records(source), SAMPLE_RECORDS):
        if isinstance(record, dict):
            names |= dict.fromkeys(sorted(list_paths(normalise_record(record))))
    return guess_fields(names)


def iter_json_records(source: SourceFile) -> Iterator[tuple[Any, str]]:
    """Yield the items of a file as (item, "") or (None, reason), never all at once."""
    text, _ = open_text(source)
    with text:
        buffer = _JsonBuffer(text)
        if buffer.peek() == "[":
            yield from _read_list(buffer)
        else:
            yield from _read_object(buffer)


STRUCTURE_SIGN = re.compile(r'\\.|["{}\[\]]', re.DOTALL)


class ItemTooLong(ValueError):
    """The item is longer than any statement."""


class _JsonBuffer:
    """A text file that is read only as far as it takes to decode one value."""

    def __init__(self, file: TextIO) -> None:
        self.file, self.text, self.position = file, "", 0
        self.decoder = json.JSONDecoder(strict=False)

    def peek(self) -> str:
        while True:
            while self.position < len(self.text) and self.text[self.position] in " \t\r\n\ufeff":
                self.position += 1
            if self.position < len(self.text):
                return self.text[self.position]
            if not self._read_more():
                return ""

    def skip_char(self) -> None:
        self.position += 1

    def read_value(self) -> Any:
        """Read one value. Raises ValueError where there is none."""
        self.peek()
        while True:
            try:
                value, end = self.decoder.raw_decode(self.text, self.position)
                if end < len(self.text) or not self._read_more():
                    self.position = end
                    return value
            except json.JSONDecodeError as error:
                if len(self.text) - self.position > MAX_ITEM_CHARS:
                    raise ItemTooLong from error
                offset = error.pos - self.position
                if not self._read_more():
                    raise json.JSONDecodeError(error.msg, self.text, offset) from error

    def skip_object(self) -> bool:
        """Read past an object that could not be decoded; return whether its end was found."""
        depth, is_quoted = 0, False
        while True:
            for match in STRUCTURE_SIGN.finditer(self.text, self.position):
                sign = match[0]
                if sign == '"':
                    is_quoted = not is_quoted
                elif not is_quoted and sign[0] != "\\":
                    depth += 1 if sign in "{[" else -1
                    if depth <= 0:
                        self.position = match.end() if depth == 0 else match.start()
                        return depth == 0
            # A backslash at the end stays in the buffer, because it escapes the next character.
            self.position = len(self.text) - self.text.endswith("\\")
            if not self._read_more():
                return False

    def _read_more(self) -> bool:
        """Double the buffer, so that a long value is not decoded again and again."""
        more = self.file.read(max(CHUNK_BYTES, len(self.text) - self.position))
        self.text, self.position = self.text[self.position :] + more, 0
        return bool(more)


def _read_list(buffer: _JsonBuffer) -> Iterator[tuple[Any, str]]:
    buffer.skip_char()
    while (char := buffer.peek()) not in ("]", ""):
        if char == ",":
            buffer.skip_char()
            continue
        try:
            yield buffer.read_value(), ""
        except ItemTooLong:
            yield None, f"The item has more than {MAX_ITEM_CHARS // 1_000_000} MB: passed over."
        except (ValueError, RecursionError) as error:
            yield None, f"The item is no JSON: {_describe_error(error)}."
        else:
            continue
        if not buffer.skip_object():
            yield None, "From here on the file is no JSON. What stands before was read."
            return
    if not buffer.peek():
        yield None, "The file is cut off: its list never ends. What stands before was read."


def _read_object(buffer: _JsonBuffer) -> Iterator[tuple[Any, str]]:
    try:
        value = buffer.read_value()
    except ItemTooLong:
        yield (
            None,
            f"The file is one item of more than {MAX_ITEM_BYTES // 1_000_000} MB: passed over.",
        )
        return
    except (ValueError, RecursionError) as error:
        yield None, f"The file is no JSON: {_describe_error(error)}."
        return
    yield from ((item, "") for item in list_items(value))
