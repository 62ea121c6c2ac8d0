"""Describe how to understand the names that a source uses: a small TOML file, or a guess."""

import tomllib
from dataclasses import dataclass, field, fields
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from archive.readers.row import UnreadableSource
from statements.content import schema

FIRST_FIELDS = (
    "identifier headline body summary published updated people authors organisations issuers "
    "labels addresses language kind files draft"
).split()
FIELDS = list(
    dict.fromkeys(FIRST_FIELDS + [field.key for field in schema.FIELDS if field.import_names])
)


STATUS_MEANINGS = ("public", "draft", "")
FORMER_FIELD_NAMES = {"bodies": "organisations", "beside": "files"}
"""Names in mapping files that were written for an earlier version."""


@dataclass
class Mapping:
    """How to understand a source. Changed only while it is read or guessed."""

    source: str = ""
    publisher: str = ""
    kind: str = ""
    language: str = ""
    time_zone: str = ""
    month_first: bool | None = None
    dates_from_names: bool = False
    make_themes: bool = True
    make_names: bool = True
    pages: bool = False
    fetch: list[str] = field(default_factory=list)
    fields: dict[str, list[str]] = field(default_factory=dict)
    statuses: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    themes: dict[str, str] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)
    organisations: dict[str, str] = field(default_factory=dict)

    @property
    def zone(self) -> ZoneInfo:
        """The zone of times without one; `load_source` fills in that of the site."""
        return ZoneInfo(self.time_zone or "UTC")

    def to_toml(self, notes: dict[str, list[str]] | None = None) -> str:
        """Return the mapping as a file to edit; empty settings are comments.

        `notes` are comments, before a setting and after the entries of a table.
        """
        lines = ["# How to understand this source. Lines that begin with # show what is possible."]
        for setting in fields(self):
            value = getattr(self, setting.name)
            if isinstance(value, dict):
                continue
            lines += [f"# {_make_one_line(note)}" for note in (notes or {}).get(setting.name, [])]
            line = f"{setting.name} = {_format_value(value)}"
            lines.append(f"# {line}" if value in ("", None) else line)
        for name, explanation in TABLES.items():
            lines += ["", f"# {explanation}", f"[{name}]"]
            lines += [format_entry(key, value) for key, value in getattr(self, name).items()]
            lines += [f"# {_make_one_line(note)}" for note in (notes or {}).get(name, [])]
        return "\n".join(lines) + "\n"


def format_entry(key: str, value: object) -> str:
    """Return a line of a table: key = value."""
    return f"{_format_key(key)} = {_format_value(value)}"


def _make_one_line(text: str) -> str:
    return " ".join("".join(max(char, " ") for char in text).split())


TABLES = {
    "fields": "Our field = the source’s own names for it; the first one with a value counts.",
    "statuses": (
        "A field, or a field with a value (“state: ready”) = public or draft; "
        '"" leaves the field out.'
    ),
    "kinds": "The source’s kind = comment, statement, press-release, response, speech or letter.",
    "themes": 'The source’s label = our theme; "" leaves it out.',
    "people": 'The source’s name for somebody = our speaker, new if unknown; "" is nobody.',
    "organisations": 'The source’s name for an organisation = ours, new if unknown; "" is none.',
}


def parse_mapping(text: str) -> Mapping:
    """Read a mapping file. Raises UnreadableSource with a sentence that names what is wrong."""
    try:
        data = tomllib.loads(text)
    except RecursionError as error:
        raise UnreadableSource("The mapping is no TOML that we read: nested too deep.") from error
    except ValueError as error:  # of TOML, or of a number with thousands of digits
        raise UnreadableSource(f"The mapping is no TOML: {error}.") from error
    _check_settings(data)
    mapping = Mapping(**data)
    mapping.fetch = [str(host) for host in mapping.fetch]
    mapping.fields = {
        FORMER_FIELD_NAMES.get(name, name): [names] if isinstance(names, str) else names
        for name, names in data.get("fields", {}).items()
    }
    for name in mapping.fields:
        if name not in FIELDS:
            raise UnreadableSource(
                f"The mapping’s [fields] say “{name}”. Our fields are: {', '.join(FIELDS)}."
            )
    try:
        mapping.zone  # noqa: B018 - reading it checks the name
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UnreadableSource(
            f"The mapping’s time_zone “{mapping.time_zone}” is none, such as Europe/London."
        ) from None
    return mapping


def _check_settings(data: dict[str, Any]) -> None:
    types = {setting.name: type(getattr(Mapping(), setting.name)) for setting in fields(Mapping)}
    types["month_first"] = bool
    for name, value in data.items():
        if name not in types:
            raise UnreadableSource(
                f"The mapping says “{name}”, which means nothing here. Known: {', '.join(types)}."
            )
        if not isinstance(value, types[name]):
            expected = {bool: "true or false", dict: "a table", list: "a list of hosts"}.get(
                types[name], "a text in quotes"
            )
            raise UnreadableSource(f"In the mapping, {name} is {expected}, not {value!r}.")
    for name, names in data.get("fields", {}).items():
        if not (isinstance(names, str) or (isinstance(names, list) and _are_texts(names))):
            raise UnreadableSource(
                f"In the mapping’s [fields], “{name}” is a text in quotes, or a list of them."
            )
    _check_statuses(data.get("statuses", {}))
    for name in ("kinds", "themes", "people", "organisations"):
        for key, value in data.get(name, {}).items():
            if not isinstance(value, str):
                raise UnreadableSource(f"In the mapping’s [{name}], “{key}” is a text in quotes.")


def _check_statuses(statuses: dict[str, Any]) -> None:
    for key, meaning in statuses.items():
        if meaning not in STATUS_MEANINGS:
            raise UnreadableSource(
                f'In the mapping’s [statuses], “{key}” is "public", "draft" or "", not {meaning!r}.'
            )


def _are_texts(values: list[Any]) -> bool:
    return all(isinstance(value, str) for value in values)


def _format_value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "true or false"
    if isinstance(value, list):
        return f"[{', '.join(map(_format_value, value))}]"
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return (
        '"'
        + "".join(
            char if char >= " " and char != "\x7f" else f"\\u{ord(char):04x}" for char in text
        )
        + '"'
    )


def _format_key(key: str) -> str:
    return key if key.isascii() and key.isidentifier() else _format_value(key)
