"""Compare the database with what events state, and copies with what they are copied from."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db.models import F, Q

from statements.audit.compared import ComparedTable, get_column_type
from statements.audit.replay import SiteFacts
from statements.audit.state import Row, State, is_in_content, make_key, select_statements
from statements.content.schema import ERASED_HEADLINE, digest_of


def compare_state(
    expected: Mapping[str, Row], actual: State, facts: SiteFacts, where: str
) -> Iterator[str]:
    """Yield a sentence for each row and column that is not what the events state."""
    for key in sorted(expected.keys() - actual.keys()):
        yield f"Of {where}, {_describe_row(key, expected)} is gone, and no event says so."
    for key in sorted(actual.keys() - expected.keys()):
        yield f"Of {where}, {_describe_row(key, actual)} is there, and no event says so."
    for key in actual.keys() & expected.keys():
        row = actual[key]
        for name, value in expected[key].items():
            if (
                name in row
                and row[name] != value
                and not _agrees(key, name, value, row[name], facts)
            ):
                yield (
                    f"Of {where}, {_describe_row(key, actual)} has another "
                    f"“{_describe_column(name)}” than its events state."
                )


def _agrees(key: str, name: str, stated: Any, current: Any, facts: SiteFacts) -> bool:
    """Return whether both are the same people: a user name may have changed since."""
    if not get_column_type(key, name).is_user:
        return False
    if isinstance(stated, list) and isinstance(current, list):
        return len(stated) == len(current) and all(map(facts.is_same_person, stated, current))
    return facts.is_same_person(stated, current)


def _describe_row(key: str, rows: Mapping[str, Row]) -> str:
    name, _, number = key.partition(":")
    if name == "edition":
        return f"edition {rows[key].get('sequence', number)}"
    return f"{LABELS[name]} {number.strip(':')}"


LABELS = {
    "attribution": "the attribution",
    "address": "the address",
    "withdrawal": "the withdrawal",
    "file": "the file",
    "signoff": "the sign-off",
    "account": "the account",
    "page": "the page",
    "themedstatement": "the theme",
}


def _describe_column(name: str) -> str:
    return name.removesuffix("_id").removesuffix("__uuid").replace("_", " ")


# --- Frozen columns -------------------------------------------------------------------------------


def check_content(row: Row, where: str) -> Iterator[str]:
    """Compare an edition's words with their digest, and its frozen columns with the words."""
    if row["erased_at"]:
        values = {"headline": ERASED_HEADLINE, "summary": "", "byline": ""}
    elif digest_of(row["content"]) != row["digest"]:
        yield f"The words of {where} are not the words that were hashed."
        return
    else:
        values = read_frozen_values(row["content"])
    for name, value in values.items():
        if row[name] != value:
            yield f"The “{_describe_column(name)}” of {where} is not the one in its words."


def read_frozen_values(text: str) -> dict[str, Any]:
    """Return column → value, for the columns that content of this schema states."""
    content = json.loads(text)
    values = {name: content.get(name) for name in ("headline", "summary", "kind", "language")}
    values["dated_on"] = content.get("dated_on") or None
    if is_in_content(text):
        values |= {"amendment": content.get("amendment"), "slug": content.get("slug")}
        values["public_note"] = content.get("note")
    return values


# --- Copies ---------------------------------------------------------------------------------------


def check_copies(table: ComparedTable, statement_ids: Sequence[int]) -> Iterator[str]:
    """Yield a sentence for each row that differs from the row that it is copied from."""
    differs = Q()
    for name, path in table.copied.items():
        for is_null in (True, False):  # NULL equals nothing, so it is asked for by itself
            differs |= Q(**{f"{name}__isnull": is_null, f"{path}__isnull": not is_null})
        filled = Q(**{f"{name}__isnull": False, f"{path}__isnull": False})
        differs |= filled & ~Q(**{name: F(path)})
    rows = table.model._default_manager.filter(  # noqa: SLF001 - public in Django, despite its name
        differs, select_statements(table.parent, statement_ids)
    )
    for statement_id, *key in rows.order_by("pk").values_list(table.parent, *table.key):
        yield (
            f"Of statement {statement_id}, {_describe_row(make_key(table, key), {})} has a time "
            "that is not that of what it is copied from."
        )


def find_first_release(state: State) -> str | None:
    """Return the earliest first release that the editions of a statement have."""
    editions = (row for key, row in state.items() if key.startswith("edition:"))
    return min((time for row in editions if (time := row["first_release_at"])), default=None)
