"""Parse dates as sources write them, into an instant with its zone, or a day."""

import re
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from organisations.years import FIRST_YEAR, LAST_YEAR
from statements.parsing.dates import MONTHS

_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_CLOCK = (
    r"(?:[,T ]+(?:at )?(?P<clock>\d{1,2}[:.]\d{2}(?:[:.]\d{2})?\s*(?:[ap]\.?m\.?)?"
    r"|\d{1,2}\s*[ap]m)\b)?"
)
_DAY, _YEAR = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?", r"(?P<year>\d{4})"
DATE_PATTERNS = [
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"{_DAY}(?: of)?[ -](?P<month>{_MONTH})[.,]?[ -,]*{_YEAR}{_CLOCK}",
        rf"(?P<month>{_MONTH})\.? {_DAY},? {_YEAR}{_CLOCK}",
        rf"(?<!\d){_YEAR}[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}})(?!\d){_CLOCK}",
        rf"(?<!\d){_YEAR}(?P<month>\d{{2}})(?P<day>\d{{2}})(?!\d)",
    )
]
NUMERIC_DATE = re.compile(
    rf"(?<!\d)(\d{{1,2}})[/.-](\d{{1,2}})[/.-](\d{{4}}|\d{{2}})(?!\d){_CLOCK}", re.IGNORECASE
)
RFC_822 = re.compile(r"(?:[A-Za-z]{3,9},? )?\d{1,2}[ -][A-Za-z]{3}[a-z]*[ -]\d{2,4} \d{1,2}:\d\d")


class InvalidDate(ValueError):
    """The text is no date that is understood; the message says so in a sentence."""


def parse_time(text: object, *, zone: ZoneInfo, month_first: bool = False) -> datetime | date:
    """Parse a date. A time without a zone is in `zone`. Raises InvalidDate."""
    if isinstance(text, bool) or text is None:
        raise InvalidDate("There is no date.")
    if isinstance(text, datetime):
        return _check_range(text if text.tzinfo else text.replace(tzinfo=zone), text)
    if isinstance(text, date):
        return _check_range(text, text)
    if isinstance(text, (int, float)):
        return _check_range(_from_epoch(float(text)), text)
    text = re.sub(r"\s+", " ", str(text)).strip()
    if re.fullmatch(r"[2-6]\d{4}(\.\d+)?", text):
        return _from_spreadsheet(float(text))
    if re.fullmatch(r"\d{9,10}(\.\d+)?|\d{12,13}", text):
        return _check_range(_from_epoch(float(text)), text)
    parsed = _parse_iso(text, zone) or _parse_rfc_822(text, zone)
    parsed = parsed or _parse_written(text, zone, month_first=month_first)
    if parsed is None:
        raise InvalidDate(f"“{text[:60]}” is no date that we can tell.")
    return _check_range(parsed, text)


def _check_range(parsed: datetime | date, text: object) -> datetime | date:
    first, last = date(FIRST_YEAR, 1, 2), date(LAST_YEAR, 12, 30)  # in every time zone
    day = parsed.date() if isinstance(parsed, datetime) else parsed
    if not first <= day <= last:
        raise InvalidDate(f"“{text}” is no date of a statement.")
    return parsed


def _from_epoch(seconds: float) -> datetime:
    if seconds > 1e11:
        seconds /= 1000
    try:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    except OverflowError:
        raise InvalidDate(f"“{seconds}” is no date that we can tell.") from None


def _from_spreadsheet(days: float) -> date:
    """Convert Excel's number of a day from 1954 to 2091; day 0 was 30 December 1899."""
    return date(1899, 12, 30) + timedelta(days=int(days))


def _parse_iso(text: str, zone: ZoneInfo) -> datetime | date | None:
    if not re.match(r"\d{4}-?\d\d-?\d\d(?:$|[T ]\d)", text):
        return None
    bare = re.sub(r"\s*(?:UTC|GMT|Z)$", "+00:00", text)
    bare = re.sub(r" (?=[+-]\d\d:?\d\d$)", "", bare)
    try:
        if re.fullmatch(r"\d{4}-?\d\d-?\d\d", bare):
            return date.fromisoformat(bare)
        parsed = datetime.fromisoformat(bare)
    except ValueError:
        return None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=zone)


def _parse_rfc_822(text: str, zone: ZoneInfo) -> datetime | None:
    if not RFC_822.match(text):
        return None
    try:
        parsed = parsedate_to_datetime(text)
    except ValueError:
        return None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=zone)


def _parse_written(text: str, zone: ZoneInfo, *, month_first: bool) -> datetime | date | None:
    for pattern in DATE_PATTERNS:
        if match := pattern.search(text):
            parts = match.groupdict()
            month = MONTHS.get(parts["month"].casefold()) or _to_number(parts["month"])
            return _make_date(
                int(parts["year"]), month, int(parts["day"]), parts.get("clock"), zone
            )
    if match := NUMERIC_DATE.search(text):
        first, second, year = int(match[1]), int(match[2]), int(match[3])
        year += 0 if year > 99 else 2000 if year < 70 else 1900
        day, month = (second, first) if month_first else (first, second)
        if month > 12 >= day:
            day, month = month, day
        return _make_date(year, month, day, match["clock"], zone)
    return None


def _to_number(text: str) -> int:
    return int(text) if text.isdigit() else 0


def _make_date(
    year: int, month: int, day: int, clock: str | None, zone: ZoneInfo
) -> datetime | date | None:
    try:
        parsed = date(year, month, day)
    except ValueError:
        return None
    if not clock:
        return parsed
    numbers = [int(number) for number in re.findall(r"\d+", clock)]
    hour = numbers[0]
    if re.search(r"p\.?m", clock, re.IGNORECASE) and hour < 12:
        hour += 12
    if re.search(r"a\.?m", clock, re.IGNORECASE) and hour == 12:
        hour = 0
    try:
        minute, second = [*numbers[1:3], 0, 0][:2]
        return datetime(year, month, day, hour, minute, second, tzinfo=zone)
    except ValueError:
        return parsed
