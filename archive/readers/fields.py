"""Turn a record into a Row, by the mapping, else by what its field names usually mean."""

import sys
from collections.abc import Iterable
from collections.abc import Mapping as Names
from datetime import datetime
from typing import Any

from archive.mapping import Mapping
from archive.readers.other_records import describe_skipped_type, find_other_type
from archive.readers.row import (
    IS_A_PAGE,
    PAGE_SKIPPED,
    SKIP_KEY,
    Label,
    RejectedRow,
    Row,
    SkippedRow,
    SourceItem,
    UnreadableSource,
)
from archive.readers.source_status import SourceStatus, StatusMeaning, combine_statuses
from archive.readers.status_fields import (
    is_status_value,
    judge_dates,
    judge_missing,
    read_status,
)
from archive.readers.times import SourceDate, read_date
from archive.readers.unused_texts import UnusedText, count_words, find_unused_texts
from archive.readers.values import (
    looks_like_html,
    reorder_name,
    to_body,
    to_labels,
    to_linked_files,
    to_names,
    to_plain_text,
    to_text,
    to_texts,
)
from statements.content import schema

MULTIPLE_FIELDS = {"people", "authors", "organisations", "labels", "addresses", "files"}
MAX_SHORT_CHARS = 1000
"""A longer summary is dropped where there is a text."""
MIN_PREFERRED_SHARE = 0.5
"""A text with fewer of the words of another one is its teaser, whatever its name."""


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
        if why := self._find_skip_reason(record):
            return SkippedRow(self.file, number, why, to_text(record.get("id")))
        doubts = list(messages)
        values = {field: self._get_values(record, names) for field, names in self.fields.items()}
        body_value, body = _choose_body(values.get("body", []))
        first = {
            field: to_text(found[0]) for field, found in values.items() if found and field != "body"
        }
        identifier, headline = first.get("identifier", ""), to_plain_text(first.get("headline", ""))
        status = self._read_status(record)
        if status.meaning is StatusMeaning.DELETED:
            why = f"It was thrown away: its source says “{status.text}”."
            return SkippedRow(self.file, number, why, identifier, headline)
        texts: dict[str, Any] = {
            field.key: to_plain_text(first.get(field.key, "")) for field in schema.IMPORTED_TEXTS
        }
        unused = find_unused_texts(
            record,
            _list_used_texts(texts.values(), body),
            used_values=_list_used_values(values, body_value),
            has_body=bool(body),
        )
        if not (headline or body):
            return RejectedRow(self.file, number, _describe_empty(record, unused), identifier)
        is_doubtful = _is_longest_unused(unused, body, doubts)
        published = self._read_date(list(filter(_is_date, values.get("published", []))))
        updated = self._read_date(values.get("updated", [])).value
        doubts += published.messages
        return Row(
            self.file,
            number,
            identifier=identifier,
            body=body,
            body_format="html" if looks_like_html(body) else "text",
            published=published.value,
            proposed_day=published.proposed,
            date_numbers=published.numbers,
            updated=updated if isinstance(updated, datetime) else None,
            urls=to_texts(values.get("addresses", [])),
            language=first.get("language", ""),
            kind=first.get("kind", ""),
            linked_files=tuple(to_linked_files(values.get("files", []))),
            status=status,
            must_be_checked=is_doubtful,
            messages=tuple(doubts),
            dropped=tuple(map(str, unused)),
            unused_words=sum(text.word_count for text in unused),
            **_read_names(values),
            **texts,
        )

    def _find_skip_reason(self, record: dict[str, Any]) -> str:
        if not self.mapping.pages and (PAGE_SKIPPED in record or _is_page(record)):
            return IS_A_PAGE
        if name := find_other_type(record):
            return describe_skipped_type(name)
        return str(record.get(SKIP_KEY, ""))

    def _read_status(self, record: dict[str, Any]) -> SourceStatus:
        names = self.fields.get("published", [])
        dates = {name: _get_at_path(record, name) for name in names}
        used = next((name for name, value in dates.items() if _is_date(value)), "")
        present = {name for name, value in dates.items() if value is not None}
        missing = [
            name for name in self.fields.get("draft", []) if _get_at_path(record, name) is None
        ]
        return combine_statuses(
            [
                read_status(record.items(), self.mapping),
                judge_dates(names, used, self.mapping, present=present),
                judge_missing(missing, self.mapping),
            ]
        )

    def _get_values(self, record: dict[str, Any], names: list[str]) -> list[Any]:
        return [
            value
            for name in names
            if (value := _get_at_path(record, name)) not in (None, "", [], {})
        ]

    def _read_date(self, values: list[Any]) -> SourceDate:
        found, zone = SourceDate(), self.mapping.zone
        for value in values[:1]:
            found = read_date(value, zone=zone, month_first=self.mapping.month_first)
            if found.value is None and isinstance(value, (dict, list)):
                text = to_text(value)
                found = read_date(text, zone=zone, month_first=self.mapping.month_first)
        return found


def _is_date(value: Any) -> bool:
    return value not in (None, "", [], {}) and not is_status_value(value)


def _choose_body(values: list[Any]) -> tuple[Any, str]:
    """Return the first text, or a later one that is far longer: then the first is its teaser."""
    chosen_value, chosen = None, ""
    for value in values:
        if chosen and isinstance(value, str) and len(value) <= len(chosen):
            continue
        body = to_body(value)
        if not chosen or count_words(chosen) < MIN_PREFERRED_SHARE * count_words(body):
            chosen_value, chosen = value, body
    return chosen_value, chosen


def _read_names(values: dict[str, list[Any]]) -> dict[str, Any]:
    """Return the fields of a row that name people, organisations and labels."""
    return {
        "people": tuple(map(reorder_name, to_names(values.get("people", [])))),
        "authors": to_names(values.get("authors", [])),
        "organisations": to_names(values.get("organisations", [])),
        "issuers": tuple(to_text(value) for value in values.get("issuers", [])[:1]),
        "labels": tuple(map(Label, to_labels(values.get("labels", [])))),
    }


def _list_used_texts(texts: Iterable[str], body: str) -> list[str]:
    max_chars = MAX_SHORT_CHARS if body else sys.maxsize
    return [body, *(text for text in texts if len(text) <= max_chars)]


def _list_used_values(values: dict[str, list[Any]], body_value: Any) -> list[Any]:
    """Return what was read: all values of some fields, and the first of the others."""
    # A text in several languages is compared: one of them may be left out.
    used = [body_value] if isinstance(body_value, str) else []
    for field, found in values.items():
        if field in MULTIPLE_FIELDS:
            used += found
        # Without a text, the summary becomes the text, however long it is.
        elif field != "body" and (not body_value or len(str(found[:1])) <= MAX_SHORT_CHARS):
            used += found[:1]
    return used


def _is_longest_unused(unused: list[UnusedText], body: str, doubts: list[str]) -> bool:
    if not unused or unused[0].word_count <= count_words(body):
        return False
    doubts.append(
        f"Its longest text is in “{unused[0].path}” ({unused[0].word_count:,} words), which is not "
        "read as its words, so it comes in as a draft. If these are its words, say so in the "
        f'mapping, under [fields]: body = ["{unused[0].path}"].'
    )
    return True


def _is_page(record: dict[str, Any]) -> bool:
    """Return whether it is what WordPress, Ghost and others call a page, which is no post."""
    types = {str(record.get(name, "")).casefold() for name in ("type", "post_type", "content_type")}
    return "page" in types


def _get_at_path(record: Any, path: str) -> Any:
    if isinstance(record, dict) and path in record:
        return record[path]
    for step in path.split("."):
        if not isinstance(record, dict) or step not in record:
            return None
        record = record[step]
    return record


def _describe_empty(record: dict[str, Any], unused: list[UnusedText]) -> str:
    if unused:
        path = unused[0].path
        return f"There is neither headline nor text in it, and the text of “{path}” is not read."
    parts = [f"{name}: {str(value)[:60]}" for name, value in record.items() if value][:2]
    details = f" ({'; '.join(parts)})" if parts else ""
    return f"There is neither headline nor text in it{details}."
