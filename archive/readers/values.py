"""Convert the values of a record, which may be texts, lists or objects, to texts and names."""

import functools
import html
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from archive.readers.decoding import fix_mojibake
from archive.readers.rich_text import render_rich_text
from archive.readers.row import LinkedFile
from organisations.name_words import POST_NOMINALS
from statements.content.characters import normalise_text
from statements.content.html import text_of_html

_HTML = re.compile(
    r"</(?:p|div|a|li|h\d|span|strong|em|b|i|td)>|<(?:p|br|hr)\b[^>]*>", re.IGNORECASE
)
NAME_KEYS = ("rendered", "name", "title", "label", "display_name", "value", "term")
TEXT_KEYS = (
    "rendered", "processed", "name", "title", "value", "content", "url", "alias", "href",
    "timestamp", "date",
)  # fmt: skip
TYPED_KEYS = {
    "S", "N", "BOOL", "L", "M", "stringValue", "integerValue", "timestampValue", "booleanValue",
    "arrayValue", "mapValue", "values", "fields",
}  # fmt: skip
"""Databases write a value as an object with the name of its type."""
REFERENCE_KEYS = (
    "data", "attributes", "fields", "node", "nodes", "edges", "items", "file", "asset",
)  # fmt: skip
HTML_KEYS = ("rendered", "processed", "html", "value", "safe_value", "text", "content", "markup")
LANGUAGE_CODES = frozenset(
    (
        "und zxx en cy ga gd de fr es it pt nl sv da nb nn no fi is et lv lt pl cs sk sl hr sr bs "
        "hu ro bg el tr uk ru be mk sq mt ar fa he ur hi bn pa gu ta te ml si ne zh ja ko vi th id "
        "ms so sw am ti ku ps hy ka az kk mn eu ca gl lb mi"
    ).split()
)
ENTITY = re.compile(r"&(?:#\d{2,6}|#x[0-9a-fA-F]{2,5}|[a-zA-Z]{2,8}\d{0,2});")
JSON_START = re.compile(r'\s*(?:\{\s*"|\[\s*[{\[])')
DRUPAL_FOLDER = re.compile(r"^public://")
MAX_JSON_TEXT_CHARS = 2_000_000
MAX_REFERENCE_DEPTH = 4
MAX_LABEL_WORDS = 5


def to_text(value: Any) -> str:
    """Return any value as a normalised text; of several values the first."""
    value = unwrap_languages(value)
    if isinstance(value, list):
        value = next(filter(None, value), "")
        return to_text(value) if isinstance(value, (dict, list)) else to_text(str(value))
    if isinstance(value, dict):
        inner = next((value[key] for key in TEXT_KEYS if value.get(key)), "")
        return to_text(inner) if isinstance(inner, (dict, list, str)) else str(inner)
    return "" if value is None else normalise_text(fix_mojibake(str(value))).strip()


def unwrap_languages(value: Any) -> Any:
    """Return the first value of an object by language, such as {"und": […]}, or by type."""
    while isinstance(value, dict) and len(value) == 1:
        ((key, inner),) = value.items()
        if key not in TYPED_KEYS and not str(key).startswith("$"):
            break
        value = inner
    if isinstance(value, dict) and value and all(map(_is_language, value)):
        return next(filter(None, value.values()), "")
    return value


def _is_language(key: object) -> bool:
    return re.split(r"[-_]", str(key).casefold())[0] in LANGUAGE_CODES


def to_body(value: Any) -> str:
    """Return a text with its paragraphs, as HTML or plain text; "" where there is none."""
    value = unwrap_languages(value)
    if isinstance(value, str):
        tree = _read_json_text(value)
        return _unescape(normalise_text(fix_mojibake(value)).strip()) if tree is None else tree
    if isinstance(value, dict):
        inner = next((value[key] for key in HTML_KEYS if isinstance(value.get(key), str)), "")
        return to_body(inner) if inner else _render(value)
    if isinstance(value, list):
        if all(isinstance(part, str) for part in value):
            return "\n\n".join(filter(None, map(to_body, value)))
        if len(value) == 1 and isinstance(value[0], dict) and not value[0].keys() - DRUPAL_KEYS:
            return to_body(value[0])
        return _render(value)
    return ""


def _unescape(text: str) -> str:
    """Return a text as its readers saw it, where its source escaped the whole of it."""
    if "&" not in text or looks_like_html(text) or not ENTITY.search(text):
        return text
    return html.unescape(text)


DRUPAL_KEYS = {"value", "processed", "format", "summary", "safe_value", "safe_summary", "lang"}


def _render(value: Any) -> str:
    return normalise_text(fix_mojibake(render_rich_text(value))).strip()


def _read_json_text(text: str) -> str | None:
    """Return the words of a tree of blocks that is stored as a text; None where it is no JSON."""
    if len(text) > MAX_JSON_TEXT_CHARS or not JSON_START.match(text):
        return None
    try:
        return _render(json.loads(text, strict=False))
    except (ValueError, RecursionError):
        return None


def to_texts(values: list[Any]) -> tuple[str, ...]:
    flat = (item for value in values for item in (value if isinstance(value, list) else [value]))
    return tuple(filter(None, map(to_text, flat)))


def to_plain_text(text: str) -> str:
    """Return one line of text without HTML, which titles often contain."""
    if "<" in text or "&" in text:
        return _read_html_line(text)
    return re.sub(r"\s+", " ", normalise_text(text)).strip()


@functools.lru_cache(maxsize=8)
def _read_html_line(text: str) -> str:
    """Read it once for all who ask about a row: a title of a megabyte takes a second."""
    return text_of_html(re.sub(r"<(?![a-zA-Z/!])", "&lt;", text))


def _split_at_last_tag(text: str) -> tuple[str, str]:
    """Split after the last “>”: a search for the end of a tag after it would take for ever."""
    end = text.rfind(">") + 1
    return text[:end], text[end:]


def looks_like_html(text: str) -> bool:
    return bool(_HTML.search(_split_at_last_tag(text)[0]))


def to_names(values: list[Any]) -> tuple[str, ...]:
    names: list[str] = []
    for value in _flatten(values):
        names += re.split(r"\s*[|;]\s*", _to_name(value))
    return tuple(dict.fromkeys(name for name in names if name.strip(" .")))


def _to_name(value: Any) -> str:
    """Return a name, and not the address of what it names."""
    if isinstance(value, dict):
        value = next((value[key] for key in NAME_KEYS if value.get(key)), "")
    return to_plain_text(to_text(value))


def to_labels(values: list[Any]) -> tuple[str, ...]:
    """Return the labels: each item of a list is one, and a single text may hold several."""
    labels: list[str] = []
    for value in map(unwrap_languages, values):
        if isinstance(value, str):
            labels += split_labels(to_plain_text(to_text(value)))
        else:
            labels += [_to_name(item) for item in _flatten([value])]
    return tuple(dict.fromkeys(label.strip(" .") for label in labels if label.strip(" .")))


def split_labels(text: str) -> list[str]:
    """Split a list of labels in one text, and not “Food, Farming and Rural Affairs”."""
    if len(parts := re.split(r"\s*[|;]\s*", text)) > 1:
        return parts
    parts = re.split(r"\s*,\s*", text)
    if any(len(part.split()) > MAX_LABEL_WORDS for part in parts):
        return [text]
    return [text] if re.search(r"(?:^|\s)(?:and|&|und|et|y|a|ac)\s", parts[-1]) else parts


def _flatten(values: list[Any]) -> Iterator[Any]:
    """Flatten lists in lists; leave out numbers, which are keys of the old database."""
    for value in map(unwrap_languages, values):
        if isinstance(value, list):
            yield from _flatten(value)
        elif isinstance(value, dict) and (inner := _find_reference(value)):
            yield from _flatten([inner])
        elif not isinstance(value, int):
            yield value


def _find_reference(value: dict[str, Any]) -> Any:
    """Return what an object without a name of its own refers to, as {"data": [{…}]}."""
    if any(value.get(key) for key in NAME_KEYS):
        return None
    return next(iter(_list_references(value)), None)


def reorder_name(name: str) -> str:
    """Turn “Howard, John” into “John Howard”."""
    last, comma, first = name.partition(", ")
    swapped = (
        comma and "," not in first and not POST_NOMINALS.match(first) and len(first.split()) < 4
    )
    return f"{first} {last}" if swapped and first[:1].isupper() and len(last.split()) < 3 else name


def to_linked_files(values: list[Any], depth: int = 0) -> Iterable[LinkedFile]:
    for value in map(unwrap_languages, values):
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, dict):
                url = to_text(_get_first(item, "source_url", "url", "href", "src", "path", "uri"))
                title = _get_first(item, "label", "title", "name", "caption", "filename")
                if url:
                    alt = to_text(_get_first(item, "alt_text", "alt", "altText", "alternativeText"))
                    url = DRUPAL_FOLDER.sub("", url)
                    yield LinkedFile(url, to_plain_text(to_text(title)), to_plain_text(alt))
                elif depth < MAX_REFERENCE_DEPTH:
                    inner = _list_references(item)
                    yield from to_linked_files(inner, depth + 1)
            elif not isinstance(item, int) and (text := to_text(item)):
                yield LinkedFile(text)


def _get_first(item: dict[str, Any], *keys: str) -> Any:
    return next((item[key] for key in keys if item.get(key)), "")


def _list_references(value: dict[str, Any]) -> list[Any]:
    return [value[key] for key in REFERENCE_KEYS if isinstance(value.get(key), (dict, list))]
