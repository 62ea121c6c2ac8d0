"""How a source's own names are to be understood: a small TOML file, or a proposal of ours."""

import tomllib
from dataclasses import dataclass, field, fields
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from archive.readers.row import UnreadableSource
from statements.content import schema

FIRST_FIELDS = (
    "identifier headline body summary published updated people authors bodies issuers labels "
    "addresses language kind beside draft"
).split()
FIELDS = list(
    dict.fromkeys(FIRST_FIELDS + [field.key for field in schema.FIELDS if field.import_names])
)


@dataclass
class Mapping:
    """Mutable while it is read or guessed; then only asked."""

    source: str = ""
    publisher: str = ""
    kind: str = ""
    language: str = ""
    time_zone: str = "Europe/London"
    month_first: bool = False
    make_themes: bool = True
    make_people: bool = True
    pages: bool = False
    fetch: list[str] = field(default_factory=list)
    fields: dict[str, list[str]] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    themes: dict[str, str] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)
    organisations: dict[str, str] = field(default_factory=dict)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def to_toml(self) -> str:
        """The same as a file, to be edited; what is empty is shown as a comment."""
        lines = ["# How to understand this source. Lines that begin with # say what could stand."]
        for one in fields(self):
            value = getattr(self, one.name)
            if isinstance(value, dict):
                continue
            written = _format_value(value)
            lines.append(f"{one.name} = {written}" if value != "" else f"# {one.name} = {written}")
        for name, explained in TABLES.items():
            lines += ["", f"# {explained}", f"[{name}]"]
            lines += [
                f"{_format_key(key)} = {_format_value(value)}"
                for key, value in getattr(self, name).items()
            ]
        return "\n".join(lines) + "\n"


TABLES = {
    "fields": "Our field = the source’s own names for it; the first one that says anything counts.",
    "kinds": "The source’s kind = comment, statement, press-release, response, speech or letter.",
    "themes": 'The source’s label = our theme; "" leaves it out.',
    "people": 'The source’s name for somebody = our speaker; "" is nobody.',
    "organisations": 'The source’s name for a body = ours; "" is none.',
}


def parse_mapping(text: str) -> Mapping:
    """Raises NothingToRead with a sentence that names what is wrong."""
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UnreadableSource(f"The mapping is no TOML: {error}.") from error
    known = {one.name: type(getattr(Mapping(), one.name)) for one in fields(Mapping)}
    for name, value in said.items():
        if name not in known:
            raise UnreadableSource(
                f"The mapping says “{name}”, which means nothing here. Known: {', '.join(known)}."
            )
        if not isinstance(value, known[name]):
            wanted = {bool: "true or false", dict: "a table", list: "a list of hosts"}.get(
                known[name], "a text in quotes"
            )
            raise UnreadableSource(f"In the mapping, {name} is {wanted}, not {value!r}.")
    for name in ("kinds", "themes", "people", "organisations"):
        for key, value in said.get(name, {}).items():
            if not isinstance(value, str):
                raise UnreadableSource(f"In the mapping’s [{name}], “{key}” is a text in quotes.")
    mapping = Mapping(**said)
    mapping.fetch = [str(host) for host in mapping.fetch]
    table = said.get("fields", {})
    mapping.fields = {
        name: [value] if isinstance(value, str) else [str(one) for one in value]
        for name, value in table.items()
    }
    for name in mapping.fields:
        if name not in FIELDS:
            raise UnreadableSource(
                f"The mapping’s [fields] say “{name}”. Our fields are: {', '.join(FIELDS)}."
            )
    try:
        mapping.zone  # noqa: B018 - asked, so that it fails here with a sentence
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UnreadableSource(
            f"The mapping’s time_zone “{mapping.time_zone}” is none, such as Europe/London."
        ) from None
    return mapping


def _format_value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return f"[{', '.join(_format_value(one) for one in value)}]"
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(char if char >= " " else f"\\u{ord(char):04x}" for char in text) + '"'


def _format_key(key: str) -> str:
    return (
        key
        if key.replace("_", "").replace("-", "").isascii() and key.isidentifier()
        else _format_value(key)
    )
