"""Which reader reads which file, by what is in it; its name only helps."""

import json
import re
from collections.abc import Callable, Iterator

from archive.mapping import Mapping
from archive.reading.csv_file import propose_csv, read_csv
from archive.reading.decoding import decoded
from archive.reading.json_lines import propose_json, propose_lines, read_json, read_lines
from archive.reading.row import Item
from archive.reading.source import Source
from archive.reading.wordpress import read_wordpress

Read = Callable[[Source, Mapping], Iterator[Item]]
PEEK = 65_536
NO_WORDS = re.compile(
    r"^(?:README|SOURCE|LICEN[CS]E|CHANGELOG|CONTRIBUTING|CODE_OF_CONDUCT)(?:\.\w+)?$",
    re.IGNORECASE,
)


class Format:
    """A name for people, how to read it, and how to guess its fields where it needs a mapping."""

    def __init__(self, name: str, read: Read, propose=None) -> None:
        self.name, self.read, self.propose = name, read, propose


WORDPRESS = Format("a WordPress export", read_wordpress)
CSV = Format("a table (CSV)", read_csv, propose_csv)
JSON_LINES = Format("JSON Lines", read_lines, propose_lines)
JSON = Format("JSON", read_json, propose_json)


def recognise(source: Source) -> Format | None:
    """None for what holds no statements, such as a picture beside the words."""
    if NO_WORDS.match(source.name.rpartition("/")[2]):
        return None
    raw = source.read(PEEK)
    start, _ = decoded(raw)
    text = start.lstrip("\ufeff \t\r\n")
    if raw.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8", b"GIF8", b"\xd0\xcf\x11\xe0", b"PK")):
        return None
    if text.startswith("<"):
        return _of_tags(text)
    if text.startswith("{"):
        return _of_braces(text, source)
    if text.startswith("["):
        return JSON
    ending = source.name.rpartition(".")[2].casefold()
    if ending in ("csv", "tsv", "tab") or _looks_like_a_table(text):
        return CSV
    return None


def _of_tags(text: str) -> Format | None:
    if "wp:wxr_version" in text or "wordpress.org/export/" in text or "<wp:post_id" in text:
        return WORDPRESS
    return None


def _of_braces(text: str, source: Source) -> Format:
    """One object a line, or one object over many."""
    first, _, rest = text.partition("\n")
    try:
        json.loads(first)
    except ValueError:
        ending = source.name.rpartition(".")[2].casefold()
        return JSON_LINES if ending in ("jsonl", "ndjson") else JSON
    return JSON_LINES if rest.lstrip().startswith("{") or source.name.endswith("l") else JSON


def _looks_like_a_table(text: str) -> bool:
    lines = text.split("\n")[:3]
    return len(lines) > 1 and any(lines[0].count(char) >= 2 for char in ",;\t|")
