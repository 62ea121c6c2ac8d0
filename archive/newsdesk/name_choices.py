"""Offer the new and doubtful names of a dry run, and put a manager’s choices in the mapping."""

from collections.abc import Iterable
from collections.abc import Mapping as MappingType
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext as _

from archive.mapping import parse_mapping
from archive.matching.match_log import DOUBTFUL, NEW, ORGANISATION, PERSON
from archive.newsdesk.report_rows import read_rows
from archive.report import LIST_SEPARATOR

MAX_CHOICES = 200
UNDECIDED, LEFT_OUT, TO_PERSON, TO = "undecided", "none", "person", "as:"
TABLES = {PERSON: "people", ORGANISATION: "organisations"}


@dataclass(frozen=True)
class NameChoice:
    """A name with what can become of it; `selected` is what the dry run made of it."""

    kind: str
    name: str
    why: str
    times: str
    where: str
    options: tuple[tuple[str, str], ...]
    selected: str

    @property
    def field(self) -> str:
        return f"{self.kind}:{self.name}"


def load_name_choices(path: Path) -> list[NameChoice]:
    """Return the names that the mapping can decide, doubtful ones first, as in the file."""
    rows = (
        row for row in read_rows(path) if row["sort"] in TABLES and row["how"] in (NEW, DOUBTFUL)
    )
    return [_build_choice(row) for row in islice(rows, MAX_CHOICES)]


def _build_choice(row: dict[str, str]) -> NameChoice:
    options = list(_list_options(row))
    return NameChoice(
        kind=row["sort"],
        name=row["name"],
        why=row["why"],
        times=row["times"],
        where=row["first_seen"],
        options=tuple(options),
        selected=options[0][0],
    )


def _list_options(row: dict[str, str]) -> Iterable[tuple[str, str]]:
    """Yield each value with its label, the first one as the dry run has it."""
    is_person, new = row["sort"] == PERSON, row["matched_to"] or row["name"]
    if row["how"] == DOUBTFUL:
        yield UNDECIDED, _("Not decided: nobody") if is_person else _("Not decided: none")
    for name in filter(None, row["perhaps"].split(LIST_SEPARATOR)):
        yield TO + name, name
    said = _("New speaker: %(name)s") if is_person else _("New organisation: %(name)s")
    yield TO + new, said % {"name": new}
    if not is_person:
        yield TO_PERSON, _("A person")
    yield (
        LEFT_OUT,
        _("Nobody, also in later imports") if is_person else _("None, also in later imports"),
    )


def apply_name_choices(mapping_text: str, posted: MappingType[str, str]) -> str:
    """Return the mapping with the posted choices. Raises UnreadableSource with a sentence."""
    choices = [
        (kind, name, str(value))
        for field, value in posted.items()
        for kind, _, name in [field.partition(":")]
        if kind in TABLES and name and value != UNDECIDED
    ]
    if not choices:
        return mapping_text
    mapping = parse_mapping(mapping_text)
    for kind, name, value in choices:
        if value == TO_PERSON:
            mapping.people[name] = name
        elif value == LEFT_OUT or value.startswith(TO):
            table: dict[str, str] = getattr(mapping, TABLES[kind])
            table[name] = value.removeprefix(TO) if value.startswith(TO) else ""
    return mapping.to_toml()
