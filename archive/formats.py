"""Which reader reads which file, by what is in it; its name only helps."""

import json
import re
from collections.abc import Callable, Iterator

from archive.mapping import Mapping
from archive.readers.csv_file import propose_csv, read_csv
from archive.readers.decoding import decoded
from archive.readers.feeds import read_feed
from archive.readers.json_lines import propose_json, propose_lines, read_json, read_lines
from archive.readers.markdown import has_front_matter, propose_markdown, read_markdown
from archive.readers.newsml import read_newsml
from archive.readers.records import propose_records, read_records
from archive.readers.row import Item
from archive.readers.source import Source
from archive.readers.web_page import read_page
from archive.readers.word import read_docx
from archive.readers.wordpress import read_wordpress

Read = Callable[[Source, Mapping], Iterator[Item]]
PEEK = 65_536
OPEN = re.IGNORECASE | re.DOTALL
LOOSE_HTML = re.compile(r"<(?:p|div|body|head|meta|table|span|br|h1)\b", re.IGNORECASE)
DRAWING = re.compile(r"(?:<\?xml[^>]*\?>\s*)?(?:<![^>]*>\s*)*<svg[\s>]", re.IGNORECASE)
NO_WORDS = re.compile(
    r"^(?:README|SOURCE|LICEN[CS]E|CHANGELOG|CONTRIBUTING|CODE_OF_CONDUCT)(?:\.\w+)?$",
    re.IGNORECASE,
)


class Format:
    """A name for people, how to read it, and how to guess its fields where it needs a mapping."""

    def __init__(self, name: str, read: Read, propose=None) -> None:
        self.name, self.read, self.propose = name, read, propose


FEED = Format("a feed", read_feed)
MARKDOWN = Format("Markdown", read_markdown, propose_markdown)
WORD = Format("a Word document", read_docx)
PAGE = Format("a web page", read_page)
NEWSML = Format("NewsML", read_newsml)
RECORDS = Format("XML records", read_records, propose_records)
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
    ending = source.name.rpartition(".")[2].casefold()
    if raw.startswith(b"PK") and ending in ("docx", "docm"):
        return WORD
    if raw.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8", b"GIF8", b"\xd0\xcf\x11\xe0", b"PK")):
        return None
    if has_front_matter(start) or ending in ("md", "markdown", "mdown"):
        return MARKDOWN
    if text.startswith("<"):
        return None if DRAWING.match(text) else _of_tags(text)
    if text.startswith("{"):
        return _of_braces(text, source)
    if text.startswith("["):
        return JSON
    if ending == "txt":
        return WORD
    if ending in ("csv", "tsv", "tab") or _looks_like_a_table(text):
        return CSV
    return None


def _of_tags(text: str) -> Format | None:
    if "wp:wxr_version" in text or "wordpress.org/export/" in text or "<wp:post_id" in text:
        return WORDPRESS
    if re.match(r"(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*(?:<!doctype html|<html)", text, OPEN):
        return PAGE
    if re.search(r"<(?:rss|rdf:RDF|channel|feed|atom:feed)[\s>]", text):
        return FEED
    if re.search(r"<(?:newsItem|newsMessage|NewsML|contentSet|packageItem|contentMeta)[\s>]", text):
        return NEWSML
    return RECORDS if text.startswith("<?xml") or not LOOSE_HTML.search(text) else PAGE


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
