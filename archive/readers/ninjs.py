"""IPTC ninjs 1 to 3 (JSON): an agency's item -> a record with the names that a Reader knows."""

import re
from typing import Any

TEXT_TYPES = {"text", "composite", "", None}
NEVER_PUBLIC = {"canceled", "cancelled", "withheld"}


def is_ninjs(record: dict[str, Any]) -> bool:
    bare = {_lower_name(name) for name in record}
    return "uri" in bare and bool(
        bare & {"bodies", "headlines", "versioncreated", "pubstatus"}
        or any(name.startswith("body_") for name in bare)
    )


def is_schema(record: dict[str, Any]) -> bool:
    return "$schema" in record and "properties" in record


def find_skip_reason(record: dict[str, Any]) -> str:
    """A sentence for an item that is no text."""
    said = record.get("type")
    if said not in TEXT_TYPES:
        return f"It is of the type “{said}”, and no text."
    return ""


def to_record(item: dict[str, Any]) -> dict[str, Any]:
    said = {_lower_name(name): value for name, value in item.items()}
    return {
        "id": said.get("uri"),
        "title": said.get("headline")
        or _get_main_value(said.get("headlines"))
        or said.get("title"),
        "body": _get_body(said),
        "summary": _get_main_value(said.get("descriptions")) or said.get("description_text"),
        "date": said.get("firstcreated")
        or said.get("versioncreated")
        or said.get("contentcreated"),
        "updated": said.get("versioncreated"),
        "author": said.get("byline") or said.get("by"),
        "tags": [one["name"] for one in _get_dicts(said, "subjects", "subject") if one.get("name")],
        "language": said.get("language"),
        "draft": "draft" if str(said.get("pubstatus", "")).casefold() in NEVER_PUBLIC else "",
    }


def _lower_name(name: str) -> str:
    return re.sub(r"[A-Z]", lambda found: found[0].lower(), name)


def _get_dicts(said: dict[str, Any], *names: str) -> list[dict[str, Any]]:
    for name in names:
        if isinstance(said.get(name), list):
            return [one for one in said[name] if isinstance(one, dict)]
    return []


def _get_main_value(values: Any) -> str:
    """The main one of several."""
    if not isinstance(values, list):
        return ""
    dicts = [one for one in values if isinstance(one, dict) and one.get("value")]
    main = [one for one in dicts if one.get("role") in ("main", None)]
    return str((main or dicts or [{"value": ""}])[0]["value"])


def _get_body(said: dict[str, Any]) -> str:
    """HTML before plain text, where it is given in both."""
    if isinstance(said.get("bodies"), list):
        bodies = [one for one in said["bodies"] if isinstance(one, dict) and one.get("value")]
        rich = [
            one
            for one in bodies
            if "html" in str(_lower_keys(one).get("contenttype", one.get("role", "")))
        ]
        return str((rich or bodies or [{"value": ""}])[0]["value"])
    for name in ("body_xhtml", "body_html", "body_text"):
        if said.get(name):
            return str(said[name])
    return next(
        (str(value) for name, value in said.items() if name.startswith("body_") and value), ""
    )


def _lower_keys(one: dict[str, Any]) -> dict[str, Any]:
    return {_lower_name(name): value for name, value in one.items()}
