"""Read the compared columns of statements, and find what changed between two readings."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q

from statements.audit.compared import (
    EDITION,
    STATED_TABLES,
    VALUE,
    ComparedTable,
    Usernames,
)
from statements.content.schema import ERASED
from statements.models import Statement, lock_statement

Row = dict[str, Any]
State = dict[str, Row]
"""Row key → column → value as an event states it. Texts are still texts here."""
StatedRows = dict[str, dict[str, Any] | None]
"""What an event states: row key → the columns that changed, or None for a row that is gone."""

CONTENT_TEXTS = ("slug", "public_note")
"""Columns that content of schema 2 holds, so that its digest speaks for them."""


def lock_and_read(pk: int) -> Statement:
    """Lock a statement, and keep its state: `write_event` states what is different by then.

    What somebody changed behind the workflow's back is in this state already, so no event will
    ever state it, and verification finds it.
    """
    statement: Statement = lock_statement(pk)
    statement.state_before = read_state([pk])[pk]
    return statement


def read_usernames() -> dict[int, str]:
    """Return the user name of every account by its id."""
    return dict(get_user_model().objects.values_list("pk", "username"))


def read_state(
    statement_ids: Sequence[int], usernames: Usernames | None = None
) -> dict[int, State]:
    """Return the stated values of these statements as they are in the database."""
    usernames = read_usernames() if usernames is None else usernames
    states: dict[int, State] = {pk: {} for pk in statement_ids}
    for table in STATED_TABLES.values():
        for statement_id, key, row in read_rows(table, statement_ids, usernames):
            states[statement_id][key] = keep_stated(table, row)
    return states


def select_statements(path: str, statement_ids: Sequence[int]) -> Q:
    """Return the condition that this path leads to one of the statements.

    A range is two comparisons: a list of hundreds takes longer to build than to answer.
    """
    if isinstance(statement_ids, range):
        return Q(**{f"{path}__gte": statement_ids[0], f"{path}__lte": statement_ids[-1]})
    return Q(**{f"{path}__in": statement_ids})


def read_rows(
    table: ComparedTable, statement_ids: Sequence[int], usernames: Usernames
) -> Iterator[tuple[int, str, Row]]:
    """Yield statement id, row key and stated and frozen columns of the rows of these statements."""
    build_row = make_row_builder(table, usernames)
    paths = [table.parent, *table.key, *_list_columns(table)]
    rows = table.model._default_manager.filter(select_statements(table.parent, statement_ids))  # noqa: SLF001 - public in Django, despite its name
    for values in rows.order_by("pk").values_list(*paths).iterator(chunk_size=2000):
        yield values[0], *build_row(values[1:])


def _list_columns(table: ComparedTable) -> list[str]:
    return [*table.stated, *table.frozen]


def make_row_builder(
    table: ComparedTable, usernames: Usernames
) -> Callable[[Sequence[Any]], tuple[str, Row]]:
    """Return a function that makes key and row of the raw values of key and columns."""
    keys = len(table.key)
    types = table.stated | dict.fromkeys(table.frozen, VALUE)
    columns = [
        (keys + position, name, column_type.convert)
        for position, (name, column_type) in enumerate(types.items())
    ]

    def build_row(values: Sequence[Any]) -> tuple[str, Row]:
        row = {
            name: values[i] if convert is None else convert(values[i], usernames)
            for i, name, convert in columns
        }
        return make_key(table, values[:keys]), row

    return build_row


def make_key(table: ComparedTable, parts: Iterable[Any]) -> str:
    """Return the key of a row, such as `attribution:<uuid>:12:`."""
    return ":".join([table.name, *("" if part is None else str(part) for part in parts)])


def keep_stated(table: ComparedTable, row: Mapping[str, Any]) -> Row:
    """Return the columns of the row that events state."""
    skipped = CONTENT_TEXTS if table is EDITION and is_in_content(row["content"]) else ()
    return {name: row[name] for name in table.stated if name not in skipped}


def is_in_content(text: str) -> bool:
    """Return whether this content holds address and note, and so its digest covers them."""
    # A quotation mark within a text is \\" in JSON, so no words of a statement can look like this.
    return text != ERASED and '"schema":1,' not in text


def read_object(table: ComparedTable, row: object, usernames: Usernames) -> tuple[str, Row]:
    """Return key and stated values of a row that need not be in the database yet."""
    names = [*table.key, *_list_columns(table)]
    key, values = make_row_builder(table, usernames)([_follow(row, name) for name in names])
    return key, keep_stated(table, values)


def _follow(row: Any, path: str) -> Any:
    for name in path.split("__"):
        row = getattr(row, name)
    return row


def find_changes(before: State, now: State) -> StatedRows:
    """Return what an event states: the columns that differ, and None for each row that is gone."""
    changes: StatedRows = {}
    for key, row in now.items():
        old = before.get(key)
        if old is None:
            changes[key] = row
        elif old != row and (changed := _find_changed(old, row)):
            changes[key] = changed
    return changes | dict.fromkeys(before.keys() - now.keys())


def _find_changed(old: Row, row: Row) -> Row:
    return {name: value for name, value in row.items() if name not in old or old[name] != value}


def group_by_statement(rows: Iterable[tuple[int, str, Row]]) -> dict[int, State]:
    """Return the rows of each statement by their keys."""
    states: dict[int, State] = defaultdict(dict)
    for statement_id, key, row in rows:
        states[statement_id][key] = row
    return states
