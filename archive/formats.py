"""Choose the reader of a file by its content, with the help of its name."""

import json
import re
from collections.abc import Callable, Iterator

from archive.mapping import Mapping
from archive.readers.csv_file import guess_csv_fields, read_csv
from archive.readers.decoding import decode_bytes
from archive.readers.documents import is_document, read_document
from archive.readers.feeds import read_feed
from archive.readers.json_lines import (
    guess_json_fields,
    guess_json_lines_fields,
    read_json,
    read_json_lines,
)
from archive.readers.markdown import guess_markdown_fields, has_front_matter, read_markdown
from archive.readers.newsml import read_newsml
from archive.readers.nitf import read_nitf
from archive.readers.php_array import looks_like_php_array
from archive.readers.php_export import guess_php_fields, read_php_export
from archive.readers.records import guess_xml_fields, read_records
from archive.readers.row import SourceItem
from archive.readers.source import SourceFile
from archive.readers.web_page import read_web_page
from archive.readers.wordpress import read_wordpress
from archive.readers.xml_values import HTML_TAGS

ReadFunction = Callable[[SourceFile, Mapping], Iterator[SourceItem]]
GuessFunction = Callable[[SourceFile], dict[str, list[str]]]
PEEK_BYTES = 65_536
REGEX_FLAGS = re.IGNORECASE | re.DOTALL
LOOSE_HTML = re.compile(r"<(?:p|div|body|head|meta|table|span|br|h1)\b", re.IGNORECASE)
FIRST_TAG = re.compile(r"(?>(?><!--.*?-->)|<!(?!--)[^>]*>|\s)*+<([a-zA-Z][\w:.-]*)", re.DOTALL)
PAGE_TAGS = set("html head body meta link title script style base main article header nav".split())
SVG_START = re.compile(r"(?:<\?xml[^>]*\?>\s*)?(?:<![^>]*>\s*)*<svg[\s>]", re.IGNORECASE)
IGNORED_FILE_NAMES = re.compile(
    r"^(?:README|SOURCE|LICEN[CS]E|CHANGELOG|CONTRIBUTING|CODE_OF_CONDUCT)(?:\.\w+)?$",
    re.IGNORECASE,
)


class SourceFormat:
    """A format's name for people and its reader; `guess_fields` where it needs a mapping."""

    def __init__(
        self, name: str, read: ReadFunction, guess_fields: GuessFunction | None = None
    ) -> None:
        self.name, self.read, self.guess_fields = name, read, guess_fields


FEED = SourceFormat("a feed", read_feed)
MARKDOWN = SourceFormat("Markdown", read_markdown, guess_markdown_fields)
DOCUMENT = SourceFormat("a document", read_document)
PAGE = SourceFormat("a web page", read_web_page)
NEWSML = SourceFormat("NewsML", read_newsml)
NITF = SourceFormat("NITF", read_nitf)
RECORDS = SourceFormat("XML records", read_records, guess_xml_fields)
WORDPRESS = SourceFormat("a WordPress export", read_wordpress)
CSV = SourceFormat("a table (CSV)", read_csv, guess_csv_fields)
JSON_LINES = SourceFormat("JSON Lines", read_json_lines, guess_json_lines_fields)
PHP_ARRAY = SourceFormat("a PHP array", read_php_export, guess_php_fields)
JSON = SourceFormat("JSON", read_json, guess_json_fields)


def detect_format(source: SourceFile) -> SourceFormat | None:  # noqa: C901, PLR0911 - one a format
    """Return the format of a file; None where it holds no statements, such as a picture."""
    if IGNORED_FILE_NAMES.match(source.name.rpartition("/")[2]):
        return None
    raw = source.read(PEEK_BYTES)
    start, _ = decode_bytes(raw)
    text = start.lstrip("\ufeff \t\r\n")
    extension = _get_extension(source)
    if is_document(source, raw):
        return DOCUMENT
    if raw.startswith((b"\x89PNG", b"\xff\xd8", b"GIF8", b"\xd0\xcf\x11\xe0", b"PK")):
        return None
    if looks_like_php_array(start):
        return PHP_ARRAY
    if has_front_matter(start) or extension in ("md", "markdown", "mdown"):
        return MARKDOWN
    if text.startswith("<"):
        return None if SVG_START.match(text) else detect_markup_format(text)
    if text.startswith("{"):
        return _detect_json_format(text, source)
    if text.startswith("["):
        return JSON
    if extension == "txt":
        return DOCUMENT
    if extension in ("csv", "tsv", "tab") or _looks_like_a_table(text):
        return CSV
    return None


def _get_extension(source: SourceFile) -> str:
    return source.name.rpartition(".")[2].casefold()


def detect_markup_format(text: str) -> SourceFormat | None:
    """Return the format of a file that begins with a tag."""
    if "wp:wxr_version" in text or "wordpress.org/export/" in text or "<wp:post_id" in text:
        return WORDPRESS
    if re.match(
        r"(?:<\?xml[^>]*\?>\s*)?(?:(?><!--.*?-->)\s*+)*+(?:<!doctype html|<html)",
        text,
        REGEX_FLAGS,
    ):
        return PAGE
    if re.search(r"<(?:rss|rdf:RDF|channel|feed|atom:feed)[\s>]", text):
        return FEED
    if re.search(r"<(?:newsItem|newsMessage|NewsML|contentSet|packageItem|contentMeta)[\s>]", text):
        return NEWSML
    if re.search(r"<nitf[\s>]", text):
        return NITF
    first = FIRST_TAG.match(text)
    is_html = first is None or first[1].casefold() in HTML_TAGS | PAGE_TAGS
    return PAGE if is_html and LOOSE_HTML.search(text) and text[:5] != "<?xml" else RECORDS


def _detect_json_format(text: str, source: SourceFile) -> SourceFormat:
    """Tell one object a line from one object over many lines."""
    first, _, rest = text.partition("\n")
    try:
        json.loads(first)
    except ValueError:
        return JSON_LINES if _get_extension(source) in ("jsonl", "ndjson") else JSON
    return JSON_LINES if rest.lstrip().startswith("{") or source.name.endswith("l") else JSON


def _looks_like_a_table(text: str) -> bool:
    lines = text.split("\n")[:3]
    return len(lines) > 1 and any(lines[0].count(char) >= 2 for char in ",;\t|")
