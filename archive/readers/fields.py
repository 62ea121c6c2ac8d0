"""Turn a record into a Row, by the mapping, else by what its field names usually mean."""

import html
import json
import re
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Names
from datetime import date, datetime
from typing import Any

from archive.mapping import FIELDS, Mapping
from archive.readers.decoding import fix_mojibake
from archive.readers.row import Label, LinkedFile, RejectedRow, Row, SourceItem, UnreadableSource
from archive.readers.times import InvalidDate, parse_time
from statements.content import schema
from statements.content.html import normalise_text
from statements.parsing.attribution import POST_NOMINALS

USUAL_NAMES = {
    "identifier": "identifier id guid uuid uri nid number url link permalink slug base_path",
    "body": (
        "body body_html body_text content content_html content.rendered content_text details.body "
        "articlebody html text full_text fulltext article words release statement message "
        "post_content texte texto testun inhalt"
    ),
    "published": (
        "published date published_at first_published_at date_published datepublished publish_date "
        "published_on publication_date pub_date pubdate release_date released released_at "
        "date_gmt datetime issued posted posted_on public_updated_at created created_at post_date "
        "day firstcreated versioncreated datum fecha dyddiad"
    ),
    "updated": "updated updated_at modified modified_at date_modified last_modified modified_gmt",
    "people": (
        "links.speaker links.people speaker speakers spokesperson person people prime_minister "
        "minister said_by"
    ),
    "authors": "_embedded.author author authors by byline creator writer",
    "organisations": (
        "links.organisations organisation organisations organization organizations body_name "
        "department agency ministry office publisher issuing_office components institution "
        "abteilung"
    ),
    "issuers": "from issuer issued_by source_organisation",
    "labels": (
        "_embedded.wp:term links.related_policies links.policy_areas links.topical_events tags "
        "topics themes theme topic subjects keywords categories labels"
    ),
    "addresses": ("url link permalink old_url path old_address base_path aliases redirect_from"),
    "files": (
        "_embedded.wp:featuredmedia attachments files enclosures pictures images image attachment "
        "featured_image feature_image cover_image thumbnail photo photos picture pdf"
    ),
    "draft": "draft status state post_status",
}
USUAL_NAMES |= {field.key: field.import_names for field in schema.FIELDS if field.import_names}
NAMES_BY_FIELD = {name: USUAL_NAMES[name].split() for name in FIELDS}
DRAFT_VALUES = {
    "draft", "pending", "private", "future", "auto-draft", "scheduled", "in review", "in_review",
    "unpublished", "true", "yes", "1",
}  # fmt: skip
BOOLEAN_VALUES = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_TAG = re.compile(r"<[^>]*>")
_HTML = re.compile(
    r"</(?:p|div|a|li|h\d|span|strong|em|b|i|td)>|<(?:p|br|hr)\b[^>]*>", re.IGNORECASE
)
DELETED_STATUSES = {"trash", "deleted", "spam"}
NAME_ENDINGS = {
    "headline": "title headline heading",
    "published": "date published",
    "body": "text body content html",
    "summary": "summary excerpt",
    "labels": "tags topics themes keywords categories",
    "addresses": "url link",
}
"""“Press release title” is a headline, where no field has one of the usual names."""
WRAPPER_NAMES = {"attributes", "fields", "properties", "_source", "acf", "node"}


def guess_fields(names: Iterable[str]) -> dict[str, list[str]]:
    """Return for each of our fields the names that usually mean it, the likeliest first."""
    known: dict[str, str] = {}
    for name in names:
        outer, _, inner = name.partition(".")
        known.setdefault(_normalise_name(inner if outer in WRAPPER_NAMES and inner else name), name)
    guess: dict[str, list[str]] = {}
    for field, usual in NAMES_BY_FIELD.items():
        if hits := [
            known[_normalise_name(name)] for name in usual if _normalise_name(name) in known
        ]:
            guess[field] = hits
    for field in NAME_ENDINGS.keys() - guess.keys():
        ends = tuple(f"_{ending}" for ending in NAME_ENDINGS[field].split())
        own = [name for bare, name in known.items() if bare.endswith(ends)]
        guess |= {field: own[:1]} if own else {}
    if "identifier" not in guess:
        own = [name for name in known.values() if _normalise_name(name).endswith("_id")]
        guess |= {"identifier": own[:1]} if own else {}
    if "body" not in guess and "description" in known:
        guess["body"] = ["description"]
        guess.pop("summary", None)
    return guess


def _normalise_name(name: str) -> str:
    return re.sub(r"[\s_-]+", "_", name.strip().casefold())


def list_paths(record: dict[str, Any]) -> set[str]:
    """Return every name in a record, and the names one level below as outer.inner."""
    paths = set(record)
    for name, value in record.items():
        if isinstance(value, dict):
            paths |= {f"{name}.{inner}" for inner in value}
    return paths


class RecordReader:
    """Make rows of the records of one file. Raises UnreadableSource where no field is a text."""

    def __init__(self, file: str, mapping: Mapping, fields: Names[str, list[str]]) -> None:
        if not fields.keys() & {"headline", "body"}:
            raise UnreadableSource(
                f"{file}: none of its fields is a headline or a text by its name. Say which they "
                "are in a mapping, under [fields]."
            )
        self.file, self.mapping, self.fields = file, mapping, fields

    def to_row(
        self, record: dict[str, Any], number: int, messages: Iterable[str] = ()
    ) -> SourceItem:
        doubts = list(messages)
        values = {field: self._get_values(record, names) for field, names in self.fields.items()}
        first = {field: _to_text(found[0]) if found else "" for field, found in values.items()}
        identifier, headline = first.get("identifier", ""), to_plain_text(first.get("headline", ""))
        status = first.get("draft", "").casefold()
        if status in DELETED_STATUSES:
            return RejectedRow(self.file, number, "It was thrown away.", identifier, headline)
        body = first.get("body", "")
        if not (headline or body):
            return RejectedRow(self.file, number, _describe_empty(record), identifier)
        texts: dict[str, Any] = {
            field.key: to_plain_text(first.get(field.key, "")) for field in schema.IMPORTED_TEXTS
        }
        published = self._parse_time(values.get("published", []), doubts)
        updated = self._parse_time(values.get("updated", []), [])
        return Row(
            self.file,
            number,
            identifier=identifier,
            body=body,
            body_format="html" if looks_like_html(body) else "text",
            published=published,
            updated=updated if isinstance(updated, datetime) else None,
            people=tuple(map(_reorder_name, _to_names(values.get("people", [])))),
            authors=_to_names(values.get("authors", [])),
            organisations=_to_names(values.get("organisations", [])),
            issuers=tuple(_to_text(value) for value in values.get("issuers", [])[:1]),
            labels=tuple(map(Label, _to_names(values.get("labels", []), split=True))),
            urls=_to_texts(values.get("addresses", [])),
            language=first.get("language", ""),
            kind=first.get("kind", ""),
            linked_files=tuple(_to_linked_files(values.get("files", []))),
            is_draft=self._is_draft(record, status) or self._is_withdrawn(record, doubts),
            messages=tuple(doubts),
            **texts,
        )

    def _is_draft(self, record: dict[str, Any], status: str) -> bool:
        """Read “draft: true”, and also “status: 1”, which in Drupal means public."""
        names = [
            name for name in self.fields.get("draft", []) if _get_at_path(record, name) is not None
        ]
        if (
            names
            and _normalise_name(names[0].rpartition(".")[2]) != "draft"
            and status in BOOLEAN_VALUES
        ):
            return not BOOLEAN_VALUES[status]
        return status in DRAFT_VALUES

    def _is_withdrawn(self, record: dict[str, Any], doubts: list[str]) -> bool:
        if not (record.get("withdrawn_notice") or record.get("withdrawn_at")):
            return False
        doubts.append("It was withdrawn at its source, so it comes in as a draft.")
        return True

    def _get_values(self, record: dict[str, Any], names: list[str]) -> list[Any]:
        return [
            value
            for name in names
            if (value := _get_at_path(record, name)) not in (None, "", [], {})
        ]

    def _parse_time(self, values: list[Any], doubts: list[str]) -> datetime | date | None:
        for value in values[:1]:
            try:
                return parse_time(
                    value, zone=self.mapping.zone, month_first=self.mapping.month_first
                )
            except InvalidDate as error:
                doubts.append(str(error))
        return None


def _get_at_path(record: Any, path: str) -> Any:
    if isinstance(record, dict) and path in record:
        return record[path]
    for step in path.split("."):
        if not isinstance(record, dict) or step not in record:
            return None
        record = record[step]
    return record


def _to_text(value: Any) -> str:
    """Return any value as a normalised text; of several values the first."""
    if isinstance(value, list):
        value = next(filter(None, value), "")
    if isinstance(value, dict):
        value = next(
            (
                value[key]
                for key in ("rendered", "name", "title", "value", "content", "url", "alias")
                if key in value
            ),
            json.dumps(value, ensure_ascii=False),
        )
    return "" if value is None else normalise_text(fix_mojibake(str(value))).strip()


def _to_texts(values: list[Any]) -> tuple[str, ...]:
    flat = (item for value in values for item in (value if isinstance(value, list) else [value]))
    return tuple(filter(None, map(_to_text, flat)))


def to_plain_text(text: str) -> str:
    """Return one line of text without HTML, which titles often contain."""
    if "<" in text or "&" in text:
        tags, rest = _split_at_last_tag(re.sub(r"<(?![a-zA-Z/])", "&lt;", text))
        text = html.unescape(_TAG.sub(" ", tags) + rest)
    return re.sub(r"\s+", " ", normalise_text(text)).strip()


def _split_at_last_tag(text: str) -> tuple[str, str]:
    """Split after the last “>”: a search for the end of a tag after it would take for ever."""
    end = text.rfind(">") + 1
    return text[:end], text[end:]


def looks_like_html(text: str) -> bool:
    return bool(_HTML.search(_split_at_last_tag(text)[0]))


def _to_names(values: list[Any], *, split: bool = False) -> tuple[str, ...]:
    names: list[str] = []
    for value in _flatten(values):
        text = to_plain_text(_to_text(value))
        parts = re.split(r"\s*[|;]\s*|\s*,\s*" if split else r"\s*[|;]\s*", text)
        names += [part.strip(" .") if split else part for part in parts if part.strip(" .")]
    return tuple(dict.fromkeys(names))


def _flatten(values: list[Any]) -> Iterator[Any]:
    """Flatten lists in lists; leave out numbers, which are keys of the old database."""
    for value in values:
        if isinstance(value, list):
            yield from _flatten(value)
        elif not isinstance(value, int):
            yield value


def _reorder_name(name: str) -> str:
    """Turn “Howard, John” into “John Howard”."""
    last, comma, first = name.partition(", ")
    swapped = (
        comma and "," not in first and not POST_NOMINALS.match(first) and len(first.split()) < 4
    )
    return f"{first} {last}" if swapped and first[:1].isupper() and len(last.split()) < 3 else name


def _to_linked_files(values: list[Any]) -> Iterable[LinkedFile]:
    for value in values:
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, dict):
                url = next(
                    (
                        item[key]
                        for key in ("source_url", "url", "href", "src", "path")
                        if key in item
                    ),
                    "",
                )
                title = next(
                    (item[key] for key in ("label", "title", "name", "caption") if item.get(key)),
                    "",
                )
                alt = item.get("alt_text") or item.get("alt") or ""
                if url:
                    yield LinkedFile(
                        _to_text(url),
                        to_plain_text(_to_text(title)),
                        to_plain_text(_to_text(alt)),
                    )
            elif text := _to_text(item):
                yield LinkedFile(text)


def _describe_empty(record: dict[str, Any]) -> str:
    parts = [f"{name}: {str(value)[:60]}" for name, value in record.items() if value][:2]
    details = f" ({'; '.join(parts)})" if parts else ""
    return f"There is neither headline nor text in it{details}."
