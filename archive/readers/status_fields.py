"""Judge by the fields of an item whether its source marks it as public (publicness.py)."""

import re
from collections.abc import Container, Iterable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from archive.mapping import Mapping
from archive.readers import publicness
from archive.readers.numeric_dates import InvalidDate
from archive.readers.publicness import StatusKind
from archive.readers.source_status import (
    MAX_STATUS_CHARS,
    NO_STATUS,
    SourceStatus,
    StatusMeaning,
    StatusTime,
    combine_statuses,
)
from archive.readers.status_names import (
    MAX_NAME_CHARS,
    TIME_KINDS,
    classify_name,
    classify_path,
    has_reason_words,
    is_password_name,
    split_name,
    squash_name,
    strip_accents,
)
from archive.readers.times import parse_time

MAX_WRAPPER_DEPTH = 3
MAX_SHORT_CHARS = 200
MAX_LISTED_VALUES = 20
NOT_PUBLIC = StatusMeaning.NOT_PUBLIC
OVERRIDES = {"public": StatusMeaning.PUBLIC, "draft": NOT_PUBLIC}
INNER_NAMES = ("value", "name", "label", "title", "rendered", "slug", "key", "id")
_HELD_BACK = re.compile(publicness.HELD_BACK_PHRASE, re.IGNORECASE)
_PAIRED_VALUES = frozenset(value for _, value in publicness.HELD_BACK_PAIRS)
_PUBLISHING_NAME = re.compile(publicness.PUBLISHING_NAME)
_HEADLINE_PREFIX = re.compile(publicness.HEADLINE_PREFIX, re.IGNORECASE)
_FILE_NAME_WORD = re.compile(publicness.FILE_NAME_WORD)
_LANGUAGE = re.compile(r"[a-z]{2}(?:[-_]\w+)?|und")
_SEPARATORS = re.compile(r"[\s_\-–—./:]+")


def read_status(
    fields: Iterable[tuple[str, Any]], mapping: Mapping, *, exact_names: bool = False
) -> SourceStatus:
    """Return what the fields of an item say together.

    With `exact_names`, only what is clear by name and value counts: for the settings that other
    programs put beside an item.
    """
    all_fields = list(_walk_fields(fields))
    statuses = [
        status
        for name, value in _read_numbers(all_fields)
        if (status := _judge_field(name, value, mapping, exact_names=exact_names))
    ]
    return combine_statuses([*statuses, judge_versions(dict(all_fields), mapping)])


def judge_versions(fields: dict[str, Any], mapping: Mapping) -> SourceStatus:
    """Judge an entry of Contentful, which counts its versions and names the published one."""
    if fields.get("sys.type") != "Entry" or "sys.version" not in fields:
        return NO_STATUS
    version, published = fields["sys.version"], fields.get("sys.publishedVersion")
    if not isinstance(version, int) or not isinstance(published, int):
        status = SourceStatus("sys.publishedVersion: (empty)", NOT_PUBLIC)
    elif version > published + 1:
        status = SourceStatus("sys.version: changed since it was published", StatusMeaning.UNCLEAR)
    else:
        return NO_STATUS
    return _apply_mapping("sys.publishedVersion", status, mapping)


def judge_dates(
    names: list[str], used_name: str, mapping: Mapping, *, present: Container[str] = ()
) -> SourceStatus:
    """Return a doubt where an item has another date only, and others one of publishing as well."""
    used_last = used_name.rpartition(".")[2]
    kinds = (StatusKind.NEEDED, StatusKind.START)
    is_creation = not publicness.CREATION_WORDS.isdisjoint(split_name(used_last))
    if not is_creation and (not used_name or classify_name(used_last) in kinds):
        return NO_STATUS
    for name in names:
        if name not in present and classify_name(name.rpartition(".")[2]) in kinds:
            status = SourceStatus(f"{name}: (empty)", StatusMeaning.EMPTY)
            return _apply_mapping(name, status, mapping)
    return NO_STATUS


def judge_missing(names: list[str], mapping: Mapping) -> SourceStatus:
    """Return a doubt where an item lacks the status that others of its source have."""
    return combine_statuses(
        _apply_mapping(name, SourceStatus(f"{name}: (empty)", StatusMeaning.EMPTY), mapping)
        for name in names
        if classify_path(name) in (StatusKind.STATUS, StatusKind.ACCESS)
    )


def judge_headline(headline: str, mapping: Mapping) -> SourceStatus:
    """Return a doubt where a headline begins with a status, such as “Private: ”."""
    match = _HEADLINE_PREFIX.match(headline) or _HELD_BACK.match(headline[:MAX_SHORT_CHARS])
    return _judge_sign("headline", match[0].strip() if match else "", mapping)


def judge_file_name(name: str, mapping: Mapping) -> SourceStatus:
    """Return a doubt where a folder is one of drafts, or a file name has DRAFT in it."""
    *folders, file = name.replace("\\", "/").split("/")
    folder = next(filter(_is_folder_of_drafts, folders), "")
    match = _FILE_NAME_WORD.search(file)
    return combine_statuses(
        [
            _judge_sign("folder", folder, mapping),
            _judge_sign("file name", match[0] if match else "", mapping),
        ]
    )


def _is_folder_of_drafts(name: str) -> bool:
    is_named = squash_name(name) in publicness.FOLDER_NAMES
    return is_named or not publicness.FOLDER_WORDS.isdisjoint(split_name(name))


def is_status_value(value: Any) -> bool:
    """Return whether a value says yes, no or a status, so that it can be no date."""
    if isinstance(value, bool):
        return True
    known = publicness.VALUES_BY_KIND[StatusKind.NEEDED]
    return isinstance(value, (str, int)) and normalise_value(str(value)) in (
        known.public | known.not_public
    )


# --- Values ---


@lru_cache(maxsize=4096)
def normalise_value(text: str) -> str:
    """Return a value as the table has it: “In-Progress ” is “in progress”."""
    text = text.strip()
    if re.fullmatch(r"-?\d+(?:\.0)?", text):
        return text.removesuffix(".0")
    return _SEPARATORS.sub(" ", strip_accents(text).casefold()).strip()


def _walk_fields(
    fields: Iterable[tuple[str, Any]], prefix: str = "", depth: int = MAX_WRAPPER_DEPTH
) -> Iterator[tuple[str, Any]]:
    for name, value in fields:
        if isinstance(value, dict) and name.casefold() in publicness.WRAPPER_NAMES and depth:
            yield from _walk_fields(value.items(), f"{prefix}{name}.", depth - 1)
        else:
            yield f"{prefix}{name}", value


def _read_numbers(fields: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """Read “status: 1” as true, where the fields beside it are those of Drupal or Joomla."""
    if not any(str(value) in ("1", "1.0") for _, value in fields):
        return fields
    names = {_squash_last(name) for name, _ in fields}
    known = {
        (name, number)
        for name, number, signs in publicness.NUMBERED_STATUSES
        if not signs.isdisjoint(names)
    }
    return [
        (name, True if (_squash_last(name), normalise_value(str(value))) in known else value)
        for name, value in fields
    ]


def _squash_last(path: str) -> str:
    return squash_name(path.rpartition(".")[2] or path)


def _judge_field(
    name: str, value: Any, mapping: Mapping, *, exact_names: bool
) -> SourceStatus | None:
    kind = classify_path(name, exact_names=exact_names)
    if kind is None and name in mapping.fields.get("draft", ()):
        kind = StatusKind.STATUS
    if kind is None:
        return None if exact_names else _judge_other_field(name, value, mapping)
    scalars = list(_iter_scalars(value))
    if not scalars and exact_names:
        return None
    statuses = [_judge_scalar(name, kind, scalar, mapping) for scalar in scalars]
    statuses = statuses or [_judge_empty(name, kind)]
    statuses = [_apply_mapping(name, status, mapping) for status in statuses]
    if exact_names and not publicness.VALUES_BY_KIND[kind].may_be_empty:
        statuses = [status for status in statuses if status.meaning is not StatusMeaning.UNCLEAR]
    return combine_statuses(statuses)


def _judge_empty(name: str, kind: StatusKind) -> SourceStatus:
    if publicness.VALUES_BY_KIND[kind].may_be_empty:
        return NO_STATUS
    return SourceStatus(f"{name}: (empty)", StatusMeaning.EMPTY)


def _judge_scalar(name: str, kind: StatusKind, value: Any, mapping: Mapping) -> SourceStatus:
    text = _format_status(name, value)
    if is_password_name(name):
        text = f"{name}: (set)"
        return SourceStatus(text, StatusMeaning.PUBLIC if value is False else NOT_PUBLIC)
    meaning = _look_up_meaning(kind, normalise_value(_to_text(value)))
    if meaning is None and kind is StatusKind.BARRING:
        return _judge_barring(name, text, value, mapping)
    if meaning is None and kind in TIME_KINDS:
        return _judge_time(name, kind, value, mapping)
    if meaning is StatusMeaning.PUBLIC and publicness.VALUES_BY_KIND[kind].may_be_empty:
        return NO_STATUS  # nothing bars it, which marks nothing as public
    return SourceStatus(text, StatusMeaning.UNCLEAR if meaning is None else meaning)


def _look_up_meaning(kind: StatusKind, value: str) -> StatusMeaning | None:
    values = publicness.VALUES_BY_KIND[kind]
    if kind in (StatusKind.STATUS, StatusKind.ACCESS) and value in publicness.DELETED_VALUES:
        return StatusMeaning.DELETED
    if value in values.not_public:
        return NOT_PUBLIC
    return StatusMeaning.PUBLIC if value in values.public else None


def _judge_barring(name: str, text: str, value: Any, mapping: Mapping) -> SourceStatus:
    """Judge “archived_at: 2020-01-02” and “withdrawn_notice: An error”: both say that it is."""
    if has_reason_words(name):
        return SourceStatus(f"{name}: (set)", NOT_PUBLIC)
    if _parse_times(value, mapping):
        return SourceStatus(f"{name}: a date", NOT_PUBLIC)
    return SourceStatus(text, StatusMeaning.UNCLEAR)


def _judge_time(name: str, kind: StatusKind, value: Any, mapping: Mapping) -> SourceStatus:
    if normalise_value(_to_text(value)) in publicness.NO_DATES:
        return _judge_empty(name, kind)
    is_embargo, is_end = kind is StatusKind.EMBARGO, kind is StatusKind.END
    parsed = _parse_times(value, mapping)
    if not parsed:
        return SourceStatus(_format_status(name, value), StatusMeaning.UNCLEAR)
    instants = [_to_instant(moment, mapping, is_embargo=is_embargo) for moment in parsed]
    at = min(instants) if is_end else max(instants)
    return SourceStatus(times=(StatusTime(name, at, kind),))


def _parse_times(value: Any, mapping: Mapping) -> list[datetime | date]:
    """Return the time that a value means; of 03/04/2026 both, where the order is in doubt."""
    orders = (None, True, False) if mapping.month_first is None else (mapping.month_first,)
    parsed: list[datetime | date] = []
    for month_first in orders:
        with suppress(InvalidDate):
            parsed.append(parse_time(value, zone=mapping.zone, month_first=month_first))
            if month_first is None:
                break  # it is certain
    return parsed


def _to_instant(moment: datetime | date, mapping: Mapping, *, is_embargo: bool) -> datetime:
    """Return a day as its first instant; of an embargo, as the first instant after it."""
    if isinstance(moment, datetime):
        return moment.astimezone(UTC)
    day = moment + timedelta(days=1) if is_embargo else moment
    return datetime.combine(day, time(), mapping.zone).astimezone(UTC)


def _judge_other_field(name: str, value: Any, mapping: Mapping) -> SourceStatus | None:
    """Return a doubt where a field of any name says that the item is held back."""
    for text in _iter_short_texts(value):
        if _HELD_BACK.match(text) or _is_held_back(name, text):
            return _judge_sign(name, text, mapping)
    return None


def _iter_short_texts(value: Any) -> Iterator[str]:
    """Yield a short value, and those of a list such as [“Roads”, {“name”: “Draft”}]."""
    for item in value[:MAX_LISTED_VALUES] if isinstance(value, list) else [value]:
        text = item.get("name") if isinstance(item, dict) else item
        if isinstance(text, (str, int)) and len(short := _to_text(text)) <= MAX_SHORT_CHARS:
            yield short


def _is_held_back(name: str, text: str) -> bool:
    if len(text) > publicness.MAX_HELD_BACK_CHARS:
        return False
    value = normalise_value(text)
    return (
        value in publicness.HELD_BACK_VALUES
        or (value in publicness.FALSE_VALUES and _is_publishing_name(name))
        or (value in _PAIRED_VALUES and (squash_name(name), value) in publicness.HELD_BACK_PAIRS)
    )


@lru_cache(maxsize=4096)
def _is_publishing_name(name: str) -> bool:
    return bool(_PUBLISHING_NAME.fullmatch(squash_name(name[:MAX_NAME_CHARS])))


def _judge_sign(name: str, sign: str, mapping: Mapping) -> SourceStatus:
    if not sign:
        return NO_STATUS
    status = SourceStatus(_format_status(name, sign), StatusMeaning.UNCLEAR)
    return _apply_mapping(name, status, mapping)


def _apply_mapping(name: str, status: SourceStatus, mapping: Mapping) -> SourceStatus:
    """Return what the mapping says of a status as it is shown, or of a field; "" leaves it out."""
    if not mapping.statuses:
        return status
    known = {normalise_value(key): meaning for key, meaning in mapping.statuses.items()}
    meaning = known.get(normalise_value(status.text), known.get(normalise_value(name)))
    if meaning is None:
        return status
    return SourceStatus(status.text or name, OVERRIDES[meaning]) if meaning else NO_STATUS


def _iter_scalars(value: Any) -> Iterator[Any]:
    """Yield each value that is not empty, of lists and of objects such as {"value": true}."""
    if isinstance(value, list):
        for item in value:
            yield from _iter_scalars(item)
    elif isinstance(value, dict):
        inner = [value[key] for key in INNER_NAMES if value.get(key) not in (None, "")]
        if inner:
            yield from _iter_scalars(inner[0])
        elif value and all(map(_LANGUAGE.fullmatch, map(str, value))):
            yield from _iter_scalars(list(value.values()))
        elif value:
            yield str(value)
    elif value is not None and normalise_value(_to_text(value)):
        yield value


def _to_text(value: Any) -> str:
    return str(value).casefold() if isinstance(value, bool) else str(value)


def _format_status(name: str, value: Any) -> str:
    return f"{name}: {' '.join(_to_text(value).split())}"[:MAX_STATUS_CHARS]
