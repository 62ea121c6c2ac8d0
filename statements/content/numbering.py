"""Read and write the numbers of list items: 5., b), iv. Pure functions."""

import re
from dataclasses import dataclass

MAX_NUMBER_DIGITS = 6
LIST_TYPES = ("a", "A", "i", "I")
"""The values of `type` of an `<ol>`; without one its numbers are 1, 2, 3."""
_NUMBER = re.compile(rf"-?\d{{1,{MAX_NUMBER_DIGITS}}}")
_MARKER = re.compile(
    rf"[(\[]?(?P<value>\d{{1,{MAX_NUMBER_DIGITS}}}|[A-Za-z]{{1,9}})(?P<end>[.):\]]{{0,2}})",
    re.ASCII,
)
_ATTRIBUTE = re.compile(r'(start|type)="([^"]*)"')
_ROMAN_PARTS = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
MAX_ROMAN = 3999
_CSS_TYPES = {
    "decimal": "1", "lower-alpha": "a", "lower-latin": "a", "upper-alpha": "A",
    "upper-latin": "A", "lower-roman": "i", "upper-roman": "I", "none": "none",
}  # fmt: skip


def parse_number(text: str) -> int | None:
    """Return the number of an attribute such as `start`, or None if it is none."""
    return int(text) if _NUMBER.fullmatch(text.strip()) else None


def type_of_css(value: str) -> str:
    """Return the list type of a `list-style-type`: 1, a, A, i, I, none, or "" if it is another."""
    return _CSS_TYPES.get(value.strip().casefold(), "")


def format_number(number: int, list_type: str) -> str:
    """Return the number as a list of this type shows it, as browsers do."""
    if list_type in ("a", "A") and number > 0:
        letters = _format_letters(number)
    elif list_type in ("i", "I") and 0 < number <= MAX_ROMAN:
        letters = _format_roman(number)
    else:
        return str(number)
    return letters.upper() if list_type in ("A", "I") else letters


def parse_marker(marker: str) -> list[tuple[str, int]]:
    """Return what the number before an item can mean, as (type, number), the likeliest first.

    “i.” is a Roman one or the ninth letter. Something that is no number, such as a bullet, gives
    an empty list.
    """
    match = _MARKER.fullmatch(marker.strip())
    if match is None:
        return []
    value, small = match["value"], match["value"].lower()
    if value.isdigit():
        return [("", int(value))]
    # A single letter without a full stop is a bullet of the font Wingdings.
    if value not in (small, value.upper()) or (len(value) == 1 and not match["end"]):
        return []
    is_small = value == small
    readings = [("i" if is_small else "I", number)] if (number := _parse_roman(small)) else []
    if small == "aa" or len(small) == 1:
        number = 27 if small == "aa" else ord(small) - ord("a") + 1
        # A list that begins with c., d., l., m., v. or x. is one of letters.
        readings.insert(small == "i", ("a" if is_small else "A", number))
    return readings


def _format_letters(number: int) -> str:
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("a") + rest) + letters
    return letters


def _format_roman(number: int) -> str:
    roman = ""
    for value, letters in _ROMAN_PARTS:
        count, number = divmod(number, value)
        roman += letters * count
    return roman


def _parse_roman(text: str) -> int:
    number, rest = 0, text
    for value, letters in _ROMAN_PARTS:
        while rest.startswith(letters):
            number, rest = number + value, rest[len(letters) :]
    is_roman = not rest and number <= MAX_ROMAN and _format_roman(number) == text
    return number if is_roman else 0


@dataclass
class OpenList:
    """A list whose items are being written; `number` is that of the next one."""

    tag: str
    number: int
    type: str

    @classmethod
    def read(cls, tag: str) -> "OpenList":
        """Read the canonical tag, such as `<ol start="5" type="a">`."""
        attributes = dict(_ATTRIBUTE.findall(tag))
        return cls(tag[1:3], int(attributes.get("start", 1)), attributes.get("type", ""))

    def write_item_start(self) -> str:
        if self.tag == "ul":
            return "• "
        self.number += 1
        return f"{format_number(self.number - 1, self.type)}. "
