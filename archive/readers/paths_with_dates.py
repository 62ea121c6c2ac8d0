"""Find the day that the name of a file, of its folders or an address seems to give."""

import re
from datetime import date
from urllib.parse import unquote

from archive.readers.numeric_dates import NUMERIC_DATE, NumericDate, make_date
from statements.parsing.month_names import MONTHS

MAX_PATH_CHARS = 500
_MONTH = "|".join(sorted((name for name in MONTHS if name.isalpha()), key=len, reverse=True))
_YEAR = r"(?<!\d)(?P<year>(?:19|20)\d{2})"
_LAST_YEAR = r"(?P<year>(?:19|20)\d{2})(?!\d)"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
PATTERNS = [
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"{_YEAR}(?P<mark>[-_. /]?)(?P<month>\d{{2}})(?P=mark)(?P<day>\d{{2}})(?!\d)",
        rf"{_YEAR}/(?P<month>\d{{2}})(?P<day>\d{{2}})(?!\d)",
        rf"{_YEAR}[-_. /](?P<month>\d{{1,2}})[-_. /](?P<day>\d{{1,2}})(?!\d)",
        rf"{_YEAR}[-_. /]?(?P<month>{_MONTH})[-_. /]?(?P<day>\d{{1,2}})(?!\d)",
        rf"(?<!\d){_DAY}[-_. ]?(?P<month>{_MONTH})[-_., ]*{_LAST_YEAR}",
        rf"(?<![a-z])(?P<month>{_MONTH})[-_. ]?{_DAY}[-_., ]+{_LAST_YEAR}",
    )
]


def find_day_in_path(path: str) -> date | None:
    """Return the day in the name of a file, else in its folders: 20120503_title, 2012/0503/."""
    if "://" in path[:12]:  # not urlsplit, which refuses some addresses
        path = path.partition("://")[2].partition("/")[2]
    path = unquote(path[-MAX_PATH_CHARS:])
    folders, _, name = path.rstrip("/").rpartition("/")
    for part in (name, path, folders):
        for pattern in PATTERNS:
            for match in pattern.finditer(part):
                month = match["month"]
                number = MONTHS.get(month.casefold()) or int(month)
                if day := make_date(int(match["year"]), number, int(match["day"])):
                    return day
        if day := _find_numeric(part):
            return day
    return None


def _find_numeric(name: str) -> date | None:
    match = NUMERIC_DATE.search(name.replace("_", "-"))
    if match is None or len(match["year"]) == 2:
        return None
    days = NumericDate.from_match(match).list_days()
    return days[0] if len(days) == 1 else None
