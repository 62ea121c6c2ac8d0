"""Read a date, or a date and a time, as a person in Britain types it.

The newsdesk writes them in one form, 12 November 2026 and 12 November 2026 00:01, which nobody
takes for another day. It reads others too: 12 Nov 2026, Thursday 12 November 2026, 12/11/2026,
2026-11-12, 12 November 2026 9am, and 9.30 pm on 12 November 2026. A native field would show the
month first in a browser set to American English.
"""

import datetime as dt
import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MONTHS = (
    "january february march april may june july august september october november december"
).split()
WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()

_DAY = (
    r"(?:(?P<weekday>[a-z]{3,9}),? +)?(?:"
    r"(?P<iso_year>[0-9]{4})-(?P<iso_month>[0-9]{2})-(?P<iso_day>[0-9]{2})"
    r"|(?P<day>[0-9]{1,2})(?: +|-)(?P<month_name>[a-z]{3,9}),?(?: +|-)(?P<year>[0-9]{4})"
    r"|(?P<short_day>[0-9]{1,2})[/.-](?P<short_month>[0-9]{1,2})[/.-](?P<short_year>[0-9]{4}))"
)
_TIME = (
    r"(?P<hour>[0-9]{1,2})(?:[:.](?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}))?)?"
    r"(?: ?(?P<half>[ap])\.?m\.?)?"
)
DAY = re.compile(_DAY, re.IGNORECASE)
DAY_AND_TIME = re.compile(_DAY + r"(?:t|,? +at +|,? +)" + _TIME, re.IGNORECASE)
TIME_AND_DAY = re.compile(_TIME + r"(?:,? +on +|,? +)" + _DAY, re.IGNORECASE)


def parse_day(typed: str) -> dt.date:
    """Return the day that was typed.

    Raises:
        ValidationError: It is not a day, or its day of the week is another.
    """
    match = DAY.fullmatch(typed.strip())
    try:
        day = _read_day(match) if match else None
    except ValueError:
        day = None
    if match is None or day is None:
        raise ValidationError(
            _("“%(typed)s” is not a date. Write it like 12 November 2026."),
            params={"typed": typed.strip()[:40]},
        )
    _check_weekday(match, day)
    return day


def parse_day_and_time(typed: str) -> dt.datetime:
    """Return the day and the time by the clock that were typed, without a zone.

    Raises:
        ValidationError: It is not a day and a time, or its day of the week is another.
    """
    match = DAY_AND_TIME.fullmatch(typed.strip()) or TIME_AND_DAY.fullmatch(typed.strip())
    try:
        day = _read_day(match) if match else None
        time = _read_time(match) if match else None
    except ValueError:
        day = time = None
    if match is None or day is None or time is None:
        raise ValidationError(
            _("“%(typed)s” is not a date and time. Write it like 12 November 2026 00:01."),
            params={"typed": typed.strip()[:40]},
        )
    _check_weekday(match, day)
    return dt.datetime.combine(day, time)


def format_day_input(day: dt.date) -> str:
    return f"{day.day} {MONTHS[day.month - 1].capitalize()} {day.year:04}"


def format_time_input(at: dt.datetime) -> str:
    return f"{format_day_input(at)} {at:%H:%M}"


def _read_day(match: re.Match[str]) -> dt.date:
    """Return the day of a match; ValueError if the calendar has none."""
    if name := match["month_name"]:
        return dt.date(int(match["year"]), _find(name, MONTHS) + 1, int(match["day"]))
    parts = ("iso_year", "iso_month", "iso_day")
    if match["iso_year"] is None:
        parts = ("short_year", "short_month", "short_day")
    return dt.date(*(int(match[part]) for part in parts))


def _read_time(match: re.Match[str]) -> dt.time:
    """Return the time of a match; ValueError if no clock shows it."""
    hour, half = int(match["hour"]), match["half"]
    if half:
        if not 1 <= hour <= 12:
            raise ValueError(hour)
        hour = hour % 12 + (12 if half.lower() == "p" else 0)
    elif match["minute"] is None:
        raise ValueError(hour)  # "9" alone may be anything
    return dt.time(hour, int(match["minute"] or 0), int(match["second"] or 0))


def _find(name: str, full_names: list[str]) -> int:
    """Return which of these names it is, in full or shortened; ValueError if it is none."""
    for number, full_name in enumerate(full_names):
        if full_name.startswith(name.lower()):
            return number
    raise ValueError(name)


def _check_weekday(match: re.Match[str], day: dt.date) -> None:
    if (name := match["weekday"]) is None:
        return
    right = WEEKDAYS[day.weekday()]
    if not right.startswith(name.lower()):
        raise ValidationError(
            _("%(day)s is a %(weekday)s. Check the date."),
            params={"day": format_day_input(day), "weekday": right.capitalize()},
        )
