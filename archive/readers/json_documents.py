"""Find the items in a JSON object that holds more than items: a list under a name, an export."""

from typing import Any

from archive.readers import ghost, json_api
from archive.readers.field_names import guess_fields, list_paths

LIST_NAMES = (
    "items entries posts results data documents release releases press_releases statements "
    "articles records rows news nodes content pages hits docs response feed payload list edges "
    "export channel @graph"
).split()
MAX_DEPTH = 3
MAX_SEARCH_DEPTH = 5
MAX_ITEMS_TRIED = 5
MAX_VALUES_TRIED = 2000


def list_items(document: Any) -> list[Any]:
    """Return the items of a document: itself, where it holds no list of them."""
    if ghost.is_ghost_export(document):
        return ghost.list_records(document)
    if json_api.is_json_api(document):
        return json_api.list_records(document)
    if isinstance(document, list):
        return document
    return _find_items(document, MAX_DEPTH) or _search_items(document) or [document]


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


def _search_items(document: Any) -> list[Any]:
    """Return the longest list of items with a headline and a text, under whatever name."""
    if not isinstance(document, dict) or _is_item(document):
        return []
    found: list[Any] = []
    waiting: list[tuple[Any, int]] = [(document, 0)]
    for _ in range(MAX_VALUES_TRIED):
        if not waiting:
            break
        value, depth = waiting.pop()
        inner = list(value.values()) if isinstance(value, dict) else value
        if len(inner) > len(found) and any(map(_is_item, inner[:MAX_ITEMS_TRIED])):
            found = [item for item in inner if isinstance(item, dict)]
        elif depth < MAX_SEARCH_DEPTH:
            waiting += [(item, depth + 1) for item in inner if isinstance(item, (dict, list))]
    return found


def _is_item(value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    guess = guess_fields(list_paths(value))
    return "headline" in guess and not guess.keys().isdisjoint({"body", "published"})
