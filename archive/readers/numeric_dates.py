"""Read dates in numbers, such as 02/12/2021, and learn from a source which number is the day."""

import re
from dataclasses import dataclass
from datetime import date

NUMERIC_DATE = re.compile(
    r"(?<![\d/.-])(?P<first>\d{1,2})(?P<mark> ?[/.-] ?)(?P<second>\d{1,2})(?P=mark)"
    r"(?P<year>\d{4}|\d{2})(?![\d/-]|\.\d)"
)


class InvalidDate(ValueError):
    """The text is no date that is understood; the message says so in a sentence.

    `numbers` is the date in numbers that it contains, for the decision about their order.
    """

    def __init__(self, message: str, numbers: str = "") -> None:
        super().__init__(message)
        self.numbers = numbers


@dataclass(frozen=True)
class NumericDate:
    """A date in numbers, whose year comes last or has two digits."""

    first: int
    second: int
    year: int
    has_short_year: bool

    @classmethod
    def from_match(cls, match: re.Match[str]) -> "NumericDate":
        return cls(
            int(match["first"]), int(match["second"]), int(match["year"]), len(match["year"]) == 2
        )

    def list_days(self, month_first: bool | None = None) -> list[date]:
        """Return the days that it can be; one where the order is known or only one fits."""
        readings = self._read_in_every_order()
        days = [day for order, day in readings if month_first is None or order is month_first]
        return list(dict.fromkeys(days))

    @property
    def certain_order(self) -> bool | None:
        """Whether the month is certainly first, or certainly not; None where nobody can tell."""
        orders = [order for order, _ in self._read_in_every_order()]
        return orders[0] if len(orders) == 1 else None

    def _read_in_every_order(self) -> list[tuple[bool | None, date]]:
        """Return whether the month is first, with the day; None where the year is first."""
        year = to_full_year(self.year) if self.has_short_year else self.year
        readings: list[tuple[bool | None, date | None]] = [
            (False, make_date(year, self.second, self.first)),
            (True, make_date(year, self.first, self.second)),
        ]
        if self.has_short_year:
            readings.append((None, make_date(to_full_year(self.first), self.second, self.year)))
        return [(order, day) for order, day in readings if day]


def to_full_year(year: int) -> int:
    """Return the year that two digits mean: from 1970 to 2069."""
    return year + (2000 if year < 70 else 1900)


def make_date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


@dataclass
class DateOrder:
    """What the dates in numbers of a whole source say about their order."""

    day_first: int = 0
    month_first: int = 0
    either: int = 0
    day_example: str = ""
    month_example: str = ""
    either_example: str = ""

    def add(self, numbers: str, where: str) -> None:
        match = NUMERIC_DATE.fullmatch(numbers)
        if match is None:
            return
        parsed = NumericDate.from_match(match)
        order, example = parsed.certain_order, f"{numbers} ({where})"
        if order is True:
            self.month_first += 1
            self.month_example = self.month_example or example
        elif order is False:
            self.day_first += 1
            self.day_example = self.day_example or example
        elif len(parsed.list_days()) > 1:
            self.either += 1
            self.either_example = self.either_example or example

    @property
    def decision(self) -> bool | None:
        """Whether the month is first; None where the source does not say."""
        if bool(self.day_first) == bool(self.month_first):
            return None
        return bool(self.month_first)

    def describe(self) -> str:
        """Say in a sentence what was decided and why; "" where there is nothing to decide."""
        if self.decision is not None and self.either:
            order = "month" if self.decision else "day"
            example = self.month_example or self.day_example
            return f"Dates in numbers were read with the {order} first, as {example} shows."
        if not self.either:
            return ""
        why = (
            f"{self.day_example} has the day first and {self.month_example} the month"
            if self.day_first
            else "no date of the source tells whether the day or the month is first"
        )
        return (
            f"Dates such as {self.either_example} can be read in two ways, {self.either:,} in all: "
            f"{why}. Such rows come in as drafts until the mapping says month_first = true or "
            "false."
        )
