"""Read nodes as Drupal exports them: each field is a list of values, often by language."""

from typing import Any

from archive.readers.row import PAGE_SKIPPED
from archive.readers.values import unwrap_languages

PAGE_TYPES = {"page", "landing_page", "basic_page", "webform", "panel", "homepage"}


def normalise_record(record: dict[str, Any]) -> dict[str, Any]:
    """Return the record as its field names are guessed: a node of Drupal with usual names."""
    inner = record.get("node")
    if len(record) == 1 and isinstance(inner, dict):
        record = inner
    return _to_usual_names(record) if is_node(record) else record


def is_node(record: dict[str, Any]) -> bool:
    """Return whether a record is a node of Drupal 6 to 11."""
    return "nid" in record and ("vid" in record or "uuid" in record) and "title" in record


def _to_usual_names(node: dict[str, Any]) -> dict[str, Any]:
    """Return the node with usual names, its summary beside its text, and its old addresses."""
    record = split_body(
        {name: _unwrap(value) for name, value in node.items() if name not in ("name", "uid", "log")}
    )
    if isinstance(bundle := record.get("type"), dict):
        record["type"] = bundle.get("target_id")
    if str(record.get("type")) in PAGE_TYPES:
        record[PAGE_SKIPPED] = True
    path = record.get("path")
    alias = path.get("alias") if isinstance(path, dict) else path
    addresses = [alias] if isinstance(alias, str) and alias else []
    nid = record["nid"]
    record["path"] = [
        f"/{address.lstrip('/')}" if "://" not in address else address
        for address in [*addresses, f"/node/{nid}"]
    ]
    record["id"] = record.get("uuid") or nid
    if isinstance(taxonomy := node.get("taxonomy"), dict):  # Drupal 6
        record.setdefault("tags", _list_terms(taxonomy))
    return record


def split_body(record: dict[str, Any]) -> dict[str, Any]:
    """Return the record with the summary that Drupal keeps inside the body."""
    body = record.get("body")
    if isinstance(body, dict) and isinstance(body.get("summary"), str) and body["summary"]:
        return {"summary": body["summary"]} | record
    return record


def _unwrap(value: Any) -> Any:
    """Return the value of a field: of one value in a list the value, of several the list."""
    value = unwrap_languages(value)
    if isinstance(value, dict) and value and all(str(key).isdecimal() for key in value):
        value = list(value.values())
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], dict):
        return value[0].get("value") if value[0].keys() <= {"value", "lang"} else value[0]
    return value


def _list_terms(taxonomy: dict[str, Any]) -> list[str]:
    terms: list[str] = []
    for vocabulary in taxonomy.values():
        values = vocabulary.values() if isinstance(vocabulary, dict) else [vocabulary]
        terms += [value for value in values if isinstance(value, str)]
        terms += [
            str(value["name"]) for value in values if isinstance(value, dict) and "name" in value
        ]
    return terms
