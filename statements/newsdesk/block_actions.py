"""Add and move passages without scripts: the form comes back with the row there, nothing saved.

A button sends `_add=quote-3` (a quotation after the row with number 3), `_add=tell-end` or
`_move=up-3`. Everything that was typed comes back with it.
"""

import re
from collections.abc import Mapping

from django.http import QueryDict

from statements.newsdesk.passage_form import MAX_PASSAGES, BlockKind
from statements.newsdesk.request_values import parse_number

ADD, MOVE, SUBHEADING, ADDED = "_add", "_move", "heading", "_added"
PUT_BACK = "_put_back"
"""The button that puts the words on the site back into a passage (public_words.py)."""
TOTAL, FILE_TOTAL = "passages-TOTAL_FORMS", "attachments-TOTAL_FORMS"
ACTION = re.compile(r"(quote|tell|heading|table|picture|up|down)-(\d{1,4}|end)", re.ASCII)
END = 1_000_000


def is_requested(data: Mapping[str, object]) -> bool:
    return any(button in data for button in (ADD, MOVE, PUT_BACK))


def rearrange(posted: QueryDict) -> QueryDict:
    """Return what was posted, with the passage added or moved that a button asks for."""
    data = posted.copy()
    action = ACTION.fullmatch(data.get(ADD) or data.get(MOVE) or "")
    if action is None:
        return data
    verb, number = action.groups()
    rows = list_rows(data)
    if MOVE in data:
        _move(rows, number, -1 if verb == "up" else 1)
    else:
        _add(data, rows, verb, number)
    for place, row in enumerate(rows, start=1):
        data[f"passages-{row}-place"] = str(place)
    return data


def list_rows(data: QueryDict) -> list[int]:
    """Return the numbers of the rows of passages in the order that their places ask for."""
    count = min(parse_number(data.get(TOTAL)) or 0, MAX_PASSAGES)

    def sort_key(row: int) -> tuple[int, int]:
        return (parse_number(data.get(f"passages-{row}-place")) or END, row)

    return sorted(range(count), key=sort_key)


def _move(rows: list[int], number: str, step: int) -> None:
    if number == "end" or int(number) not in rows:
        return
    place = rows.index(int(number))
    rows.insert(min(max(0, place + step), len(rows) - 1), rows.pop(place))


def _add(data: QueryDict, rows: list[int], verb: str, number: str) -> None:
    if len(rows) >= MAX_PASSAGES:
        return
    new = len(rows)
    is_after = number != "end" and int(number) in rows
    rows.insert(rows.index(int(number)) + 1 if is_after else len(rows), new)
    data[TOTAL] = str(new + 1)
    data[f"passages-{new}-kind"] = BlockKind.TELL if verb == SUBHEADING else verb
    if verb == BlockKind.PICTURE:
        file = parse_number(data.get(FILE_TOTAL)) or 0
        data[FILE_TOTAL] = str(file + 1)
        data[f"passages-{new}-shows"] = f"attachments-{file}"
    data[ADDED] = f"passages-{new}"
