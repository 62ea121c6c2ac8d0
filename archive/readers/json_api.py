"""Read JSON:API documents, as of Drupal: items refer to tags, authors and files beside them."""

from collections.abc import Iterator
from typing import Any

from archive.readers.drupal import PAGE_TYPES, split_body
from archive.readers.other_records import describe_skipped_type
from archive.readers.row import PAGE_SKIPPED, SKIP_KEY

OTHER_TYPES = ("taxonomy_term", "file", "media", "user", "comment", "menu_link_content", "block")
NAME_KEYS = ("name", "title", "label", "display_name")
AUTHOR_NAMES = {"uid", "author", "authors", "revision_uid"}
MAX_REFERENCE_DEPTH = 3


def is_json_api(document: Any) -> bool:
    if not isinstance(document, dict) or "data" not in document:
        return False
    resources = _list_resources(document["data"])
    return bool(resources) and all(
        isinstance(resource.get("type"), str) and isinstance(resource.get("attributes"), dict)
        for resource in resources[:20]
    )


def list_records(document: dict[str, Any]) -> list[dict[str, Any]]:
    resources = _list_resources(document["data"])
    included = [*_list_resources(document.get("included")), *resources]
    by_key = {_get_key(item): item for item in included}
    return [_to_record(resource, by_key) for resource in resources]


def _list_resources(value: Any) -> list[dict[str, Any]]:
    values = value if isinstance(value, list) else [value]
    return [item for item in values if isinstance(item, dict)]


Resources = dict[tuple[str, str], dict[str, Any]]


def _get_key(item: dict[str, Any]) -> tuple[str, str]:
    return str(item.get("type")), str(item.get("id"))


def _to_record(resource: dict[str, Any], by_key: Resources) -> dict[str, Any]:
    """Return the attributes and the names of what it refers to, as one flat record."""
    type_name = str(resource.get("type", ""))
    entity, _, bundle = type_name.partition("--")
    attributes = resource.get("attributes")
    record = {"id": resource.get("id")} | (attributes if isinstance(attributes, dict) else {})
    record = split_body(record)
    if entity in OTHER_TYPES:
        return record | {SKIP_KEY: describe_skipped_type(type_name)}
    if bundle in PAGE_TYPES or entity in PAGE_TYPES:
        record[PAGE_SKIPPED] = True
    if bundle:
        record.setdefault("type", bundle)
    relationships = resource.get("relationships")
    for name, relation in (relationships if isinstance(relationships, dict) else {}).items():
        found = [] if name.startswith("revision_") else list(_resolve(relation, by_key))
        if found and name not in record:
            record["author" if name in AUTHOR_NAMES else name] = found
    return record


def _resolve(relation: Any, by_key: Resources, depth: int = 1) -> Iterator[dict[str, Any]]:
    """Yield what a relationship refers to: a name, or a file with its address."""
    if not isinstance(relation, dict) or depth > MAX_REFERENCE_DEPTH:
        return
    for reference in _list_resources(relation.get("data")):
        target = by_key.get(_get_key(reference))
        if target is None:
            continue
        attributes = target["attributes"] if isinstance(target.get("attributes"), dict) else {}
        meta = reference["meta"] if isinstance(reference.get("meta"), dict) else {}
        if url := _find_file_url(attributes):
            yield {"url": url, "alt": meta.get("alt") or "", "title": meta.get("title") or ""}
        elif str(reference.get("type")).startswith("media"):
            inner = target.get("relationships")
            for name, file in (inner if isinstance(inner, dict) else {}).items():
                if name.startswith("field_"):
                    yield from _resolve(file, by_key, depth + 1)
        elif text := next((attributes[key] for key in NAME_KEYS if attributes.get(key)), ""):
            yield {"name": text}


def _find_file_url(attributes: dict[str, Any]) -> str:
    uri = attributes.get("uri")
    if isinstance(uri, dict):
        return str(uri.get("url") or uri.get("value") or "")
    return uri if isinstance(uri, str) else ""
