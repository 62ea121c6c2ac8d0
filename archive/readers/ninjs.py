"""Read IPTC ninjs 1 to 3 (JSON): turn an agency's item into a record with usual field names."""

import re
from typing import Any

from archive.readers.status_names import is_status_name

TEXT_TYPES = {"text", "composite", "", None}
SCHEMA_KEYS = {"properties", "$defs", "definitions"}


def is_ninjs(record: dict[str, Any]) -> bool:
    bare = {_lower_name(name) for name in record}
    return "uri" in bare and bool(
        bare & {"bodies", "headlines", "versioncreated", "pubstatus"}
        or any(name.startswith("body_") for name in bare)
    )


def is_schema(record: dict[str, Any]) -> bool:
    return "$schema" in record and not record.keys().isdisjoint(SCHEMA_KEYS)


def find_skip_reason(record: dict[str, Any]) -> str:
    """Return why an item is not read: it is no text."""
    item_type = record.get("type")
    if item_type not in TEXT_TYPES:
        return f"It is of the type “{item_type}”, and no text."
    return ""


def to_record(item: dict[str, Any]) -> dict[str, Any]:
    values = {_lower_name(name): value for name, value in item.items()}
    return {
        "id": values.get("uri"),
        "title": values.get("headline")
        or _get_main_value(values.get("headlines"))
        or values.get("title"),
        "body": _get_body(values),
        "summary": _get_main_value(values.get("descriptions")) or values.get("description_text"),
        "date": values.get("firstcreated")
        or values.get("versioncreated")
        or values.get("contentcreated"),
        "updated": values.get("versioncreated"),
        "author": values.get("byline") or values.get("by"),
        "tags": [
            entry["name"]
            for entry in _get_dicts(values, "subjects", "subject")
            if entry.get("name")
        ],
        "language": values.get("language"),
        "ednote": values.get("ednote"),
    } | _get_statuses(values)


def _get_statuses(values: dict[str, Any]) -> dict[str, Any]:
    """Return what says whether the item is public; without any of it, it is (IPTC ninjs)."""
    statuses = {name: value for name, value in values.items() if is_status_name(name)}
    if isinstance(code := statuses.get("pubstatus"), str):
        statuses["pubstatus"] = get_code(code)
    return statuses


def get_code(code: str) -> str:
    """Return “usable” of “stat:usable”, or of the address of that code."""
    return re.split(r"[:/]", code.strip())[-1]


def _lower_name(name: str) -> str:
    return re.sub(r"[A-Z]", lambda match: match[0].lower(), name)


def _get_dicts(values: dict[str, Any], *names: str) -> list[dict[str, Any]]:
    for name in names:
        if isinstance(values.get(name), list):
            return [entry for entry in values[name] if isinstance(entry, dict)]
    return []


def _get_main_value(values: Any) -> str:
    if not isinstance(values, list):
        return ""
    dicts = [entry for entry in values if isinstance(entry, dict) and entry.get("value")]
    main = [entry for entry in dicts if entry.get("role") in ("main", None)]
    return str((main or dicts or [{"value": ""}])[0]["value"])


def _get_body(values: dict[str, Any]) -> str:
    if isinstance(values.get("bodies"), list):
        bodies = [entry for entry in _get_dicts(values, "bodies") if entry.get("value")]
        rich = [
            entry
            for entry in bodies
            if "html" in str(_lower_keys(entry).get("contenttype", entry.get("role", "")))
        ]
        return str((rich or bodies or [{"value": ""}])[0]["value"])
    for name in ("body_xhtml", "body_html", "body_text"):
        if values.get(name):
            return str(values[name])
    return next(
        (str(value) for name, value in values.items() if name.startswith("body_") and value), ""
    )


def _lower_keys(entry: dict[str, Any]) -> dict[str, Any]:
    return {_lower_name(name): value for name, value in entry.items()}
