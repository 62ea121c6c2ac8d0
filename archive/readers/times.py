"""Parse dates as sources write them, into an instant with its zone, or a day.

What nobody can be sure of is no date, and the message says why: the row then comes in as a draft.
"""

import re
from collections.abc import Mapping as Names
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from archive.readers.clock_times import UnclearTime, split_time
from archive.readers.numeric_dates import (
    NUMERIC_DATE,
    InvalidDate,
    NumericDate,
    make_date,
    to_full_year,
)
from organisations.years import FIRST_YEAR, LAST_YEAR
from statements.parsing.month_names import ANY_MONTH, ANY_WEEKDAY, MONTHS, WEEKDAYS

MAX_DATE_CHARS = 120
ORDER_NAMES = {True: " with the month first", False: " with the day first"}
NO_DATE = re.compile(r"0*|0{4}-00-00.*|0001-01-01.*|n/?a|none|null|nil|tbc|tba|-+", re.IGNORECASE)
PLACEHOLDER_DAYS = (date(1970, 1, 1), date(1900, 1, 1), date(1899, 12, 30), date(1601, 1, 1))
"""What programs store where they know no date."""
MIN_EPOCH_SECONDS, MAX_EPOCH_SECONDS = 1e8, 1e10  # from March 1973
EXCEL_DAY_0 = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet has no zone
_DAY = r"(?<!\d)(?P<day>\d{1,2})(?:st|nd|rd|th|er|ain|fed|eg|af|º|\.)?"
_YEAR = r"(?P<year>\d{4}|['’]?\d{2})(?![\d:])"
_SPACE = r"[ ,./-]{0,3}"
DATE_PATTERNS = [
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"{_DAY}{_SPACE}(?:of |de |ú )?\b(?P<month>{ANY_MONTH})\b{_SPACE}(?:del? )?{_YEAR}",
        rf"\b(?P<month>{ANY_MONTH})\b{_SPACE}{_DAY}(?:, ?| ){_YEAR}",
        rf"(?<!\d)(?P<year>\d{{4}}){_SPACE}\b(?P<month>{ANY_MONTH})\b{_SPACE}{_DAY}(?!\d)",
        r"(?<!\d)(?P<year>\d{4})(?P<mark>[-/.])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})(?!\d)",
        r"(?<!\d)(?P<year>\d{4})[年년] ?(?P<month>\d{1,2})[月월] ?(?P<day>\d{1,2})[日일]",
        r"(?<!\d)(?P<year>(?:1[89]|2[01])\d{2})(?P<month>\d{2})(?P<day>\d{2})(?!\d)",
    )
]
WEEKDAY = re.compile(rf"\b(?:dydd )?(?P<name>{ANY_WEEKDAY})\b\.?", re.IGNORECASE)
LABEL = re.compile(
    r"\b(?:first )?(?:published|posted|released?|issued|dated?|cyhoeddwyd|dyddiad|publié"
    r"|veröffentlicht)\b:?|\b(?:on|at|am|den|der|the|le|el|à|um|ar|o)\b",
    re.IGNORECASE,
)
OTHER_EVENT = re.compile(
    r"\b(?:until|updat|modif|chang|revis|clos|due\b|expir|effective|embargo|deadline|by\b|before)",
    re.IGNORECASE,
)
RFC_822 = re.compile(r"[A-Z][a-z]{2}, ?\d{1,2} [A-Z][a-z]{2} \d{2,4} \d{1,2}:\d\d")
C_TIME = re.compile(
    r"([A-Z][a-z]{2} \d{1,2}) (\d{1,2}:\d\d:\d\d(?: [A-Z]{2,5}| [+-]\d{4})?) (\d{4})(?!\d)"
)
JSON_DATE = re.compile(r"\\?/Date\((-?\d{1,16})([+-]\d{4})?\)\\?/")
TIME_ELEMENT = re.compile(
    r"<time\b[^>]{0,300}\bdatetime\s*=\s*[\"']([^\"']{4,60})[\"']", re.IGNORECASE
)


@dataclass(frozen=True)
class SourceDate:
    """What a source says of when an item came out.

    `value` is None where nobody can be sure; then `proposed` may be a day for a draft. `messages`
    say why, or what was left out. `numbers` are a date in numbers as it is written.
    """

    value: datetime | date | None = None
    messages: tuple[str, ...] = ()
    proposed: date | None = None
    numbers: str = ""


def parse_time(text: object, *, zone: ZoneInfo, month_first: bool | None = None) -> datetime | date:
    """Parse a date. A time without a zone is in `zone`. Raises InvalidDate."""
    found = read_date(text, zone=zone, month_first=month_first)
    if found.value is None:
        raise InvalidDate(" ".join(found.messages))
    return found.value


def read_date(value: object, *, zone: ZoneInfo, month_first: bool | None = None) -> SourceDate:
    """Read a date as a source gives it: a text, a number or a value of its format."""
    try:
        return _read_value(value, zone, month_first)
    except InvalidDate as error:
        return SourceDate(messages=(str(error),), numbers=error.numbers)


def _read_value(value: object, zone: ZoneInfo, month_first: bool | None) -> SourceDate:
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, dict):
        value = _read_object(value)
    if isinstance(value, datetime):
        return _check(value if value.tzinfo else value.replace(tzinfo=zone), str(value))
    if isinstance(value, date):
        return _check(value, str(value))
    if value is None or isinstance(value, bool):
        raise InvalidDate("There is no date.")
    text = re.sub(r"\s+", " ", str(value)).strip(" \"'“”")
    if NO_DATE.fullmatch(text):
        raise InvalidDate(f"“{text[:60]}” is no date." if text else "There is no date.")
    if fast := _read_iso(text, zone):
        return _check(fast, text)
    return _read_text(text, zone, month_first)


def _read_object(value: Names[str, Any]) -> object:
    """Return the date of an object of MongoDB, PHP or Drupal."""
    for name in ("$date", "$numberLong", "value", "date", "datetime"):
        if name in value:
            inner = value[name]
            zone = value.get("timezone")
            if isinstance(inner, str) and isinstance(zone, str):
                return f"{inner} {zone}"
            return _read_object(inner) if isinstance(inner, dict) else inner
    return None


def _read_text(text: str, zone: ZoneInfo, month_first: bool | None) -> SourceDate:
    if match := TIME_ELEMENT.search(text[:1000]):
        text = match[1]
    if match := JSON_DATE.fullmatch(text):
        return _check(_from_epoch(int(match[1]) / 1000, text), text)
    is_number = re.fullmatch(r"-?\d{1,20}(?:\.\d{1,12})?", text)
    if is_number and (number := _read_number(text, zone)) is not None:
        return _check(number, text)
    if len(text) > MAX_DATE_CHARS:
        raise InvalidDate(f"“{text[:60]}…” is no date that we can tell.")
    return _read_written(text, zone, month_first)


def _check(parsed: datetime | date, text: str, **more: Any) -> SourceDate:
    first, last = date(FIRST_YEAR, 1, 2), date(LAST_YEAR, 12, 30)  # in every time zone
    day = parsed.date() if isinstance(parsed, datetime) else parsed
    if not first <= day <= last:
        raise InvalidDate(f"“{text[:60]}” is no date of a statement.")
    if day in PLACEHOLDER_DAYS and (not isinstance(parsed, datetime) or is_midnight(parsed)):
        raise InvalidDate(f"“{text[:60]}” is what programs store where they know no date.")
    return SourceDate(parsed, **more)


def is_midnight(at: datetime) -> bool:
    return (at.hour, at.minute, at.second) == (0, 0, 0)


# --- Numbers --------------------------------------------------------------------------------------


def _read_number(text: str, zone: ZoneInfo) -> datetime | date | None:
    """Read a number of a spreadsheet, seconds or milliseconds since 1970, or 20120503104500."""
    digits = text.partition(".")[0]
    if re.fullmatch(r"[2-6]\d{4}", digits):
        return _from_spreadsheet(float(text), zone)
    if len(digits) in (12, 14) and digits.startswith(("19", "20")):
        try:
            form = "%Y%m%d%H%M%S" if len(digits) == 14 else "%Y%m%d%H%M"
            return datetime.strptime(digits, form).replace(tzinfo=zone)
        except ValueError:
            return None if len(digits) == 14 else _from_epoch(float(text) / 1000, text)
    if len(digits) == 8:
        return None  # 20120503
    number = float(text)
    for divisor in (1, 1e3, 1e6, 1e9):
        if MIN_EPOCH_SECONDS <= number / divisor < MAX_EPOCH_SECONDS:
            return _from_epoch(number / divisor, text)
    raise InvalidDate(f"“{text[:60]}” is no date that we can tell.")


def _from_epoch(seconds: float, text: str) -> datetime:
    if seconds < MIN_EPOCH_SECONDS:
        raise InvalidDate(f"“{text[:60]}” is no date that we can tell.")
    try:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    except OverflowError:
        raise InvalidDate(f"“{text[:60]}” is no date that we can tell.") from None


def _from_spreadsheet(days: float, zone: ZoneInfo) -> datetime | date:
    """Convert Excel's number of a day from 1954 to 2091, with its time where it has one."""
    at = EXCEL_DAY_0 + timedelta(seconds=round(days * 86_400))
    return at.date() if is_midnight(at) else at.replace(tzinfo=zone)


# --- Texts ----------------------------------------------------------------------------------------


def _read_iso(text: str, zone: ZoneInfo) -> datetime | date | None:
    """Read the usual forms of ISO 8601 quickly; None where the text has another form."""
    if not re.match(r"\d{4}-(?:\d\d-\d\d|W\d\d-\d)(?:$|[T ]\d)|\d{8}T\d{4}", text):
        return None
    try:
        if "T" not in text and " " not in text:
            return date.fromisoformat(text)
        parsed = datetime.fromisoformat(text)
    except ValueError:
        return None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=zone)


def _read_written(text: str, zone: ZoneInfo, month_first: bool | None) -> SourceDate:
    text = C_TIME.sub(r"\1 \3 \2", text)
    days, rest, numbers = _find_days(text, month_first)
    if not days:
        order = "" if month_first is None or not numbers else ORDER_NAMES[month_first]
        raise InvalidDate(f"“{text[:60]}” is no date that we can tell{order}.", numbers)
    weekdays = {WEEKDAYS[match["name"].casefold()] for match in WEEKDAY.finditer(rest)}
    if weekdays:
        fitting = [day for day in days if {day.weekday()} == weekdays]
        if not fitting:
            raise InvalidDate(
                f"“{text[:60]}” names another weekday than that of {_list_days(days)}.", numbers
            )
        days, numbers = fitting, numbers if len(days) == 1 else ""
    if len(days) > 1:
        raise InvalidDate(
            f"“{text[:60]}” can be {_list_days(days)}: say in the mapping, month_first = true or "
            "false.",
            numbers,
        )
    return _add_time(days[0], text, rest, numbers, zone)


def _add_time(day: date, text: str, rest: str, numbers: str, zone: ZoneInfo) -> SourceDate:
    rest = WEEKDAY.sub(" ", rest)
    try:
        time_of_day, rest = split_time(rest, zone, is_rfc_822=bool(RFC_822.match(text)))
    except UnclearTime as error:
        return _check(day, text, numbers=numbers, messages=(f"{error} Its day is kept.",))
    if re.search(r"\w", LABEL.sub(" ", rest)):
        message = f"“{text[:60]}” says more than when it came out, so nobody can be sure of it."
        proposed = None if OTHER_EVENT.search(rest) else day
        return SourceDate(proposed=proposed, numbers=numbers, messages=(message,))
    return _check(time_of_day.on(day, zone) if time_of_day else day, text, numbers=numbers)


def _find_days(text: str, month_first: bool | None) -> tuple[list[date], str, str]:
    """Return the days that the first date can mean, the text without it, and its numbers."""
    for pattern in DATE_PATTERNS:
        if match := pattern.search(text):
            rest = f"{text[: match.start()]} {text[match.end() :]}"
            month = match["month"]
            day = make_date(
                _to_year(match["year"]),
                MONTHS.get(month.casefold()) or int(month),
                int(match["day"]),
            )
            return ([day] if day else []), rest, ""
    if match := NUMERIC_DATE.search(text):
        rest = f"{text[: match.start()]} {text[match.end() :]}"
        return NumericDate.from_match(match).list_days(month_first), rest, match[0]
    return [], text, ""


def _to_year(text: str) -> int:
    digits = text.lstrip("'’")
    return int(digits) if len(digits) == 4 else to_full_year(int(digits))


def _list_days(days: list[date]) -> str:
    return " or ".join(f"{day:%-d %B %Y}" for day in days)
