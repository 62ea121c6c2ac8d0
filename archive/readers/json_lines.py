"""JSON Lines, and JSON as one list, an object that holds one, or an object that is one item."""

import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from archive.mapping import Mapping
from archive.readers import ninjs
from archive.readers.decoding import NOT_UTF8, decoded, opened
from archive.readers.fields import Reader, guess, paths
from archive.readers.row import Item, Refused, Skipped
from archive.readers.source import CHUNK, Source

LONGEST = 20_000_000
SAMPLE = 200
HOLDING = (
    "items entries posts results data documents releases press_releases statements articles "
    "records rows news nodes hits response feed"
).split()


def read_lines(source: Source, mapping: Mapping) -> Iterator[Item]:
    reader = Reader(source.name, mapping, mapping.fields or propose_lines(source))
    for number, record, told in _records(source):
        if isinstance(record, dict):
            yield reader.row(record, number, [told] if told else [])
        else:
            yield Refused(source.name, number, told or "It is no object with names and values.")


def propose_lines(source: Source) -> dict[str, list[str]]:
    names: dict[str, None] = {}
    for _, record, _ in islice(_records(source), SAMPLE):
        if isinstance(record, dict):
            names |= dict.fromkeys(sorted(paths(record)))
    return guess(names)


def _records(source: Source) -> Iterator[tuple[int, Any, str]]:
    with source.open() as file:
        number = 0
        while line := file.readline(LONGEST):
            number += 1
            if len(line) == LONGEST and not line.endswith(b"\n"):
                size = len(line)
                while (rest := file.readline(LONGEST)) and not rest.endswith(b"\n"):
                    size += len(rest)
                yield (
                    number,
                    None,
                    (
                        f"The line has {(size + len(rest)) / 1e6:,.0f} MB; a statement has at most "
                        f"{LONGEST // 1_000_000} MB: passed over."
                    ),
                )
                continue
            text, whole = decoded(line)
            if not text.strip():
                continue
            try:
                yield number, json.loads(text, strict=False), "" if whole else NOT_UTF8
            except (ValueError, RecursionError) as error:
                yield number, None, f"The line is no JSON: {_said(error)}."


def _said(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg.lower().removesuffix(' at')} at character {error.pos + 1}"
    return "it is nested too deep"


def read_json(source: Source, mapping: Mapping) -> Iterator[Item]:
    reader = None
    for number, (record, why) in enumerate(records_of(source), start=1):
        if isinstance(record, dict) and ninjs.is_schema(record):
            yield Skipped(source.name, number, "It is a schema, and no statement.")
        elif isinstance(record, dict) and ninjs.is_ninjs(record):
            yield _of_agency(record, source.name, number, mapping)
        elif isinstance(record, dict):
            if reader is None:
                fields = mapping.fields or propose_json(source)
                reader = Reader(source.name, mapping, fields)
            yield reader.row(record, number)
        else:
            yield Refused(source.name, number, why or "It is no object with names and values.")


def _of_agency(record: dict[str, Any], file: str, number: int, mapping: Mapping) -> Item:
    item = ninjs.as_record(record)
    if why := ninjs.why_not(record):
        return Skipped(file, number, why, str(item["id"]), str(item["title"] or ""))
    return Reader(file, mapping, guess(item)).row(item, number)


def propose_json(source: Source) -> dict[str, list[str]]:
    names: dict[str, None] = {}
    for record, _ in islice(records_of(source), SAMPLE):
        if isinstance(record, dict):
            names |= dict.fromkeys(sorted(paths(record)))
    return guess(names)


def records_of(source: Source) -> Iterator[tuple[Any, str]]:
    """The items of a file, one at a time and never all of them: (item, "") or (None, why not)."""
    text, _ = opened(source)
    with text:
        buffer = _Buffer(text)
        if buffer.peek() == "[":
            yield from _of_list(buffer)
        else:
            yield from _of_object(buffer)


TELLING = re.compile(r'\\.|["{}\[\]]', re.DOTALL)


class TooLong(ValueError):
    """An item that is no statement by its length alone."""


class _Buffer:
    """Reads on as far as it takes to decode one value."""

    def __init__(self, file) -> None:
        self.file, self.text, self.at = file, "", 0
        self.decoder = json.JSONDecoder(strict=False)

    def peek(self) -> str:
        while True:
            while self.at < len(self.text) and self.text[self.at] in " \t\r\n\ufeff":
                self.at += 1
            if self.at < len(self.text):
                return self.text[self.at]
            if not self._more():
                return ""

    def take(self) -> None:
        self.at += 1

    def value(self) -> Any:
        """Raises ValueError where no value stands."""
        self.peek()
        while True:
            try:
                value, end = self.decoder.raw_decode(self.text, self.at)
                if end < len(self.text) or not self._more():
                    self.at = end
                    return value
            except json.JSONDecodeError as error:
                if len(self.text) - self.at > LONGEST:
                    raise TooLong from error
                of_value = error.pos - self.at
                if not self._more():
                    raise json.JSONDecodeError(error.msg, self.text, of_value) from error

    def pass_over(self) -> bool:
        """Read past an object that could not be decoded; whether its end was found."""
        depth, quoted = 0, False
        while True:
            for found in TELLING.finditer(self.text, self.at):
                sign = found[0]
                if sign == '"':
                    quoted = not quoted
                elif not quoted and sign[0] != "\\":
                    depth += 1 if sign in "{[" else -1
                    if depth <= 0:
                        self.at = found.end() if depth == 0 else found.start()
                        return depth == 0
            # A backslash at the very end stays, with the sign after it.
            self.at = len(self.text) - self.text.endswith("\\")
            if not self._more():
                return False

    def _more(self) -> bool:
        """Twice as much as is kept, so that a long value is not decoded over and over."""
        more = self.file.read(max(CHUNK, len(self.text) - self.at))
        self.text, self.at = self.text[self.at :] + more, 0
        return bool(more)


def _of_list(buffer: _Buffer) -> Iterator[tuple[Any, str]]:
    buffer.take()
    while (char := buffer.peek()) not in ("]", ""):
        if char == ",":
            buffer.take()
            continue
        try:
            yield buffer.value(), ""
        except TooLong:
            yield None, f"The item has more than {LONGEST // 1_000_000} MB: passed over."
        except (ValueError, RecursionError) as error:
            yield None, f"The item is no JSON: {_said(error)}."
        else:
            continue
        if not buffer.pass_over():
            yield None, "From here on the file is no JSON. What stands before was read."
            return
    if not buffer.peek():
        yield None, "The file is cut off: its list never ends. What stands before was read."


def _of_object(buffer: _Buffer) -> Iterator[tuple[Any, str]]:
    try:
        value = buffer.value()
    except TooLong:
        yield None, f"The file is one item of more than {LONGEST // 1_000_000} MB: passed over."
        return
    except (ValueError, RecursionError) as error:
        yield None, f"The file is no JSON: {_said(error)}."
        return
    yield from ((one, "") for one in _held(value) or [value])


def _held(value: Any, *, deeper: int = 2) -> list[Any]:
    """The list of items that an object holds, or an object within it; empty where there is none."""
    if not isinstance(value, dict) or not deeper:
        return []
    if isinstance(of_ghost := value.get("db"), list) and of_ghost:
        return _held(of_ghost[0], deeper=deeper)
    for name in HOLDING:
        held = value.get(name)
        if isinstance(held, list) and held and isinstance(held[0], dict):
            return held
    inner = (_held(value[name], deeper=deeper - 1) for name in HOLDING if name in value)
    return next(filter(None, inner), [])
