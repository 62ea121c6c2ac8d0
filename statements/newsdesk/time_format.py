"""Times as people say them: read from a form in the house's zone, and written out in words."""

import datetime as dt
import re

from django.core.exceptions import ValidationError
from django.utils import formats, timezone
from django.utils.timesince import timeuntil

INPUT_PATTERN = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2}(?::[0-9]{2})?)")
MINUTE = dt.timedelta(minutes=1)


def parse_local(typed: str, *, which: str = "") -> dt.datetime:
    """The instant meant by a local date and time such as 2026-11-12T00:01, in TIME_ZONE.

    `which` says "first" or "second" where the clocks going back make the time come twice. Raises
    ValidationError with a sentence for what is no time, for a time that the clocks skip, and, with
    the code "twice", for one that comes twice when `which` is empty.
    """
    wall = _parse_wall_time(typed)
    zone = timezone.get_default_timezone()
    try:
        first, second = (wall.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
        first_utc, second_utc = first.astimezone(dt.UTC), second.astimezone(dt.UTC)
    except OverflowError as error:
        raise _make_invalid_error(typed) from error
    if first_utc == second_utc:
        return first
    if first_utc > second_utc:
        raise _make_skipped_error(wall, first_utc - second_utc)
    if which not in ("first", "second"):
        raise ValidationError(
            f"{wall:%H:%M} on {wall:%-d %B %Y} comes twice here, as the clocks go back: first as "
            f"{first:%Z}, then as {second:%Z}. Say which of the two you mean.",
            code="twice",
        )
    return first if which == "first" else second


def _parse_wall_time(typed: str) -> dt.datetime:
    if not (found := INPUT_PATTERN.fullmatch(typed.strip())):
        raise _make_invalid_error(typed)
    try:
        return dt.datetime.fromisoformat("T".join(found.groups()))
    except ValueError as error:
        raise _make_invalid_error(typed) from error


def _make_invalid_error(typed: str) -> ValidationError:
    return ValidationError(
        f"“{typed.strip()[:40]}” is no date and time. Write it like 2026-11-12 00:01."
    )


def _make_skipped_error(wall: dt.datetime, gap: dt.timedelta) -> ValidationError:
    return ValidationError(
        f"{wall:%H:%M} on {wall:%-d %B %Y} does not exist here: the clocks go forward and skip it. "
        f"Choose {wall - gap:%H:%M} or {wall + gap:%H:%M}."
    )


def format_long(at: dt.datetime) -> str:
    """Such as Thursday 12 November 2026, 00:01 GMT."""
    return formats.date_format(timezone.localtime(at), "l j F Y, H:i T")


FAR_AHEAD = dt.timedelta(days=90)


def describe_input(typed: str, at: dt.datetime) -> dict[str, str]:
    """What a form says beside a typed time: the time in words, and a warning or "".

    `said` is empty where the time is none, or one of two.
    """
    try:
        time = parse_local(typed)
    except ValidationError as error:
        return {"said": "", "how_long": "", "warning": error.messages[0]}
    if time <= at:
        return {"said": format_long(time), "how_long": "", "warning": "That has passed."}
    far = "That is a long way off: check the date." if time - at > FAR_AHEAD else ""
    return {"said": format_long(time), "how_long": format_time_until(time, at), "warning": far}


def format_day(at: dt.datetime, now: dt.datetime) -> str:
    """Today, Tomorrow, Thursday 12 November, and with its year when that is another one."""
    day, today = timezone.localdate(at), timezone.localdate(now)
    if (day - today).days in (0, 1):
        return ("Today", "Tomorrow")[(day - today).days]
    return formats.date_format(day, "l j F" if day.year == today.year else "l j F Y")


def format_time_until(until: dt.datetime, at: dt.datetime) -> str:
    """Such as “in 2 hours, 5 minutes”, to be read beside the time itself."""
    if until - at < MINUTE:
        return "in less than a minute"
    return f"in {timeuntil(until, at)}".replace("\xa0", " ")


def suggest_times(at: dt.datetime) -> list[dt.datetime]:
    """The times that are chosen most: the top of the hour, and one minute past midnight."""
    zone = timezone.get_default_timezone()
    hour = at.replace(minute=0, second=0, microsecond=0) + dt.timedelta(hours=1)
    tomorrow = timezone.localdate(at) + dt.timedelta(days=1)
    return [hour, dt.datetime.combine(tomorrow, dt.time(0, 1), zone)]
