"""Find dates that are written in a line of text."""

import re
from datetime import date

from organisations.years import FIRST_YEAR, LAST_YEAR

MONTHS = {
    name: number
    for names in (
        "january february march april may june july august september october november december",
        "jan feb mar apr may jun jul aug sep oct nov dec",
        "ionawr chwefror mawrth ebrill mai mehefin gorffennaf awst medi hydref tachwedd rhagfyr",
    )
    for number, name in enumerate(names.split(), 1)
} | {"sept": 9}
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
DAY_MONTH_YEAR = re.compile(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th|ain|fed|eg|af)? ({_MONTH})\.?,? (\d{{4}})\b", re.IGNORECASE
)
MONTH_DAY_YEAR = re.compile(
    rf"\b({_MONTH})\.? (\d{{1,2}})(?:st|nd|rd|th)?,? (\d{{4}})\b", re.IGNORECASE
)
NUMERIC_DATE = re.compile(r"(?<!\d)(\d{1,2})[/.](\d{1,2})[/.](\d{4})(?!\d)")  # day first
ISO_DATE = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")


def find_date(line: str) -> date | None:
    """Return the first date in the line, or None, also for 31 February and the year 26."""
    return parts[0] if (parts := split_date(line)) else None


def split_date(line: str) -> tuple[date, str] | None:
    """Return the first date in the line, and the line without it."""
    for pattern, order in (
        (DAY_MONTH_YEAR, (3, 2, 1)),
        (MONTH_DAY_YEAR, (3, 1, 2)),
        (NUMERIC_DATE, (3, 2, 1)),
        (ISO_DATE, (1, 2, 3)),
    ):
        if match := pattern.search(line):
            year, month, day = (match[group] for group in order)
            try:
                day_of_line = date(int(year), MONTHS.get(month.casefold()) or int(month), int(day))
            except ValueError:
                return None
            if not FIRST_YEAR <= day_of_line.year <= LAST_YEAR:
                return None
            return day_of_line, (line[: match.start()] + line[match.end() :]).strip(" .")
    return None
