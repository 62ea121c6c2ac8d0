"""Find the items in a JSON object that holds more than items: a list under a name, an export."""

from typing import Any

from archive.readers import ghost, json_api

LIST_NAMES = (
    "items entries posts results data documents release releases press_releases statements "
    "articles records rows news nodes content pages hits docs response feed payload list edges "
    "export channel"
).split()
MAX_DEPTH = 3


def list_items(document: Any) -> list[Any]:
    """Return the items of a document: itself, where it holds no list of them."""
    if ghost.is_ghost_export(document):
        return ghost.list_records(document)
    if json_api.is_json_api(document):
        return json_api.list_records(document)
    return _find_items(document, MAX_DEPTH) or [document]


def _find_items(value: Any, depth: int) -> list[Any]:
    if not isinstance(value, dict) or not depth:
        return []
    if _is_numbered(value):
        return list(value.values())
    names = [name for name in LIST_NAMES if name in value]
    for name in names:
        items = value[name]
        if isinstance(items, list) and items and all(isinstance(item, dict) for item in items[:20]):
            # A text that is a list of blocks is called “content” as well.
            return [] if name == "content" and "title" in value else items
    return next(filter(None, (_find_items(value[name], depth - 1) for name in names)), [])


def _is_numbered(value: dict[str, Any]) -> bool:
    """Return whether an object is a list whose items have their numbers as names."""
    return bool(value) and all(
        name.isdecimal() and isinstance(item, dict) for name, item in value.items()
    )
