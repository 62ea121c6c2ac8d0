"""Find dates that are written in a line of text."""

import re
from datetime import date

from organisations.years import FIRST_YEAR, LAST_YEAR
from statements.parsing.month_names import ANY_MONTH, MONTHS

DAY_MONTH_YEAR = re.compile(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th|ain|fed|eg|af|er|\.)? (?:of |de )?({ANY_MONTH})\.?,?"
    r" (?:de )?(\d{4})\b",
    re.IGNORECASE,
)
MONTH_DAY_YEAR = re.compile(
    rf"\b({ANY_MONTH})\.? (\d{{1,2}})(?:st|nd|rd|th)?,? (\d{{4}})\b", re.IGNORECASE
)
NUMERIC_DATE = re.compile(r"(?<!\d)(\d{1,2})([/.])(\d{1,2})\2(\d{4})(?!\d)")
ISO_DATE = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")


def find_date(line: str) -> date | None:
    """Return the first date in the line, or None, also for 31 February and the year 26."""
    return parts[0] if (parts := split_date(line)) else None


def split_date(line: str) -> tuple[date | None, str] | None:
    """Return the first date in the line, and the line without it.

    The date is None where it can be read with the day first or with the month first.
    """
    for pattern, order in (
        (DAY_MONTH_YEAR, (3, 2, 1)),
        (MONTH_DAY_YEAR, (3, 1, 2)),
        (NUMERIC_DATE, (4, 3, 1)),
        (ISO_DATE, (1, 2, 3)),
    ):
        if match := pattern.search(line):
            year, month, day = (match[group] for group in order)
            month_number = MONTHS.get(month.casefold()) or int(month)
            rest = (line[: match.start()] + line[match.end() :]).strip(" .")
            if pattern is NUMERIC_DATE:
                if is_ambiguous(month_number, int(day)):
                    return None, rest
                if month_number > 12:
                    month_number, day = int(day), month
            day_of_line = _make_date(int(year), month_number, int(day))
            return (day_of_line, rest) if day_of_line else None
    return None


def is_ambiguous(first: int, second: int) -> bool:
    """Return whether either number can be the month, and they are not the same."""
    return first != second and 1 <= first <= 12 and 1 <= second <= 12


def _make_date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if FIRST_YEAR <= year <= LAST_YEAR else None
    except ValueError:
        return None
