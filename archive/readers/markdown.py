"""Read Markdown with front matter, as Jekyll and Hugo store it: one statement a file."""

import json
import re
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime
from pathlib import PurePosixPath
from typing import Any

import yaml
from markdown_it import MarkdownIt

from archive.mapping import Mapping
from archive.readers.decoding import NOT_UTF8, decode_bytes
from archive.readers.field_names import guess_fields, list_paths
from archive.readers.fields import RecordReader
from archive.readers.row import RejectedRow, SourceItem, UnreadableSource
from archive.readers.source import SourceFile

MAX_FILE_BYTES = 5_000_000
FRONT_MATTER = re.compile(
    r"\A\s*(?P<fence>---|\+\+\+|;;;)[ \t]*\n(?P<matter>.*?)^(?P=fence)[ \t]*$\n?",
    re.DOTALL | re.MULTILINE,
)
ATTRIBUTES = re.compile(r"^[ \t]*\{:.*?\}[ \t]*$|\{:[^}\n]*\}", re.MULTILINE)
LIQUID = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
DATED_FILE_NAME = re.compile(r"^(\d{4}-\d{2}-\d{2})[-_ ]+(?:post[-_ ])?(.*)$")
FIRST_HEADING = re.compile(r"\A\s*#{1,2}\s+(.+?)\s*#*\s*$", re.MULTILINE)


class _NoAliasLoader(yaml.SafeLoader):
    """Load YAML without aliases: nine lines of them can expand to a billion items."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.events.AliasEvent):
            raise yaml.YAMLError("it refers to itself with an alias, which no front matter needs")
        return super().compose_node(parent, index)


def read_markdown(source: SourceFile, mapping: Mapping) -> Iterator[SourceItem]:
    if source.size > MAX_FILE_BYTES:
        yield RejectedRow(source.name, 1, f"The file has {source.size / 1e6:.0f} MB: passed over.")
        return
    text, is_utf8 = decode_bytes(source.read(MAX_FILE_BYTES))
    text = text.replace("\r\n", "\n")
    try:
        record, body = _split_front_matter(text)
    except UnreadableSource as error:
        yield RejectedRow(source.name, 1, str(error))
        return
    messages = [] if is_utf8 else [NOT_UTF8]
    body = ATTRIBUTES.sub("", body)
    if liquid := LIQUID.findall(body):
        messages += [f"A template’s mark was dropped: {tag[:80]}" for tag in liquid]
        body = LIQUID.sub("", body)
    record = _add_defaults(record, body, source.name)
    fields = mapping.fields or guess_fields(list_paths(record))
    yield RecordReader(source.name, mapping, fields | {"body": ["\0body"]}).to_row(
        record | {"\0body": _render_html(body, str(record.get("variant", "")))}, 1, messages
    )


def guess_markdown_fields(source: SourceFile) -> dict[str, list[str]]:
    try:
        record, body = _split_front_matter(
            decode_bytes(source.read(MAX_FILE_BYTES))[0].replace("\r\n", "\n")
        )
    except UnreadableSource:
        return {}
    return guess_fields(list_paths(_add_defaults(record, body, source.name)))


def has_front_matter(text: str) -> bool:
    return bool(FRONT_MATTER.match(text))


def _split_front_matter(text: str) -> tuple[dict[str, Any], str]:
    match = FRONT_MATTER.match(text)
    if not match:
        return _split_json_front_matter(text)
    try:
        if match["fence"] == "---":
            record = yaml.load(match["matter"], Loader=_NoAliasLoader)  # noqa: S506 - a SafeLoader
        elif match["fence"] == "+++":
            record = tomllib.loads(match["matter"])
        else:
            record = json.loads(match["matter"])
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        reason = " ".join(str(error).split())[:200]
        raise UnreadableSource(f"Its front matter cannot be read: {reason}.") from error
    if not isinstance(record, dict):
        return {}, text
    values = {str(name): _to_plain_value(value) for name, value in record.items()}
    return values, text[match.end() :]


def _split_json_front_matter(text: str) -> tuple[dict[str, Any], str]:
    """Split off front matter that is a JSON object without a fence, as Hugo allows."""
    start = text.lstrip("\ufeff \n")
    if start.startswith("{"):
        with suppress(ValueError, RecursionError):
            record, end = json.JSONDecoder(strict=False).raw_decode(start)
            if record.keys() & {"title", "date"}:
                return {name: _to_plain_value(value) for name, value in record.items()}, start[end:]
    return {}, text


def _to_plain_value(value: Any) -> Any:
    return value if isinstance(value, (str, int, float, bool, list, dict, date, datetime)) else ""


def _add_defaults(record: dict[str, Any], body: str, name: str) -> dict[str, Any]:
    """Add the date of the file name and the first heading, where the front matter has none."""
    stem = PurePosixPath(name).name
    stem = re.sub(r"\.(?:md|markdown|mdown|txt)$", "", stem)
    named = DATED_FILE_NAME.match(stem)
    record = dict(record)
    record.setdefault("identifier", str(PurePosixPath(name)))
    if named and not record.get("date"):
        record["date"] = named[1]
    if not record.get("title"):
        heading = FIRST_HEADING.match(body)
        record["title"] = heading[1] if heading else (named[2] if named else stem).replace("-", " ")
    permalink = record.get("permalink")
    if (
        isinstance(permalink, str)
        and ":" in permalink.partition("://")[2] + permalink.split("://")[0]
    ):
        record.pop("permalink")
    return record


def _render_html(body: str, variant: str) -> str:
    """Render the body as HTML, unless the front matter says that it already is."""
    if variant == "tiptap":
        return body
    return str(MarkdownIt("commonmark", {"html": True}).enable("table").render(body))
