"""Compare the database with what events state, and copies with what they are copied from."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from statements.audit.compared import get_column_type
from statements.audit.replay import SiteFacts, StatedText
from statements.audit.state import Row, State, is_in_content
from statements.content.schema import ERASED_HEADLINE, digest_of
from statements.models import hash_text


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
    if isinstance(stated, StatedText):
        return hash_text(stated.salt, current) == stated.hash
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


def check_copies(
    state: State, first_release_at: str | None, themed: Sequence[str | None], statement_id: int
) -> Iterator[str]:
    """Compare copies of times, and of the statement's id, with the editions."""
    editions = {key.partition(":")[2]: row for key, row in state.items() if _is_edition(key)}
    for key, row in state.items():
        if key.startswith("attribution:"):
            yield from _check_attribution(key, row, editions, statement_id)
        elif key.startswith("withdrawal:") and row["statement_id"] != statement_id:
            yield f"{_describe_row(key, state).capitalize()} names another statement."
    times = [time for row in editions.values() if (time := row["first_release_at"])]
    first = min(times, default=None)
    if first_release_at != first:
        yield f"The first release of statement {statement_id} is not that of its editions."
    if any(time != first for time in themed):
        yield f"A theme lists statement {statement_id} under another first release."


def _is_edition(key: str) -> bool:
    return key.startswith("edition:")


def _check_attribution(
    key: str, row: Row, editions: Mapping[str, Row], statement_id: int
) -> Iterator[str]:
    edition = editions[key.split(":")[1]]
    copies = {name: edition[name] for name in COPIED_TIMES} | {"statement_id": statement_id}
    for name, value in copies.items():
        if row[name] != value:
            yield (
                f"Of statement {statement_id}, {_describe_row(key, {})} has another "
                f"“{_describe_column(name)}” than its edition."
            )


COPIED_TIMES = ("first_release_at", "release_at", "live_until")
