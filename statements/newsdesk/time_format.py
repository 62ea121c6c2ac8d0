"""Parse local times from forms, and write times in words."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.utils import formats, timezone
from django.utils.timesince import timeuntil
from django.utils.translation import gettext as _

from organisations.accepted_values import validate_time
from statements.newsdesk.typed_times import parse_day_and_time
from statements.release_dates import ReleaseDate

MINUTE = dt.timedelta(minutes=1)
FAR_AHEAD = dt.timedelta(days=90)


def parse_local(typed: str, *, which: str = "") -> dt.datetime:
    """Return the time that a local date and time such as 12 November 2026 00:01 means.

    `which` is "first" or "second", for a time that comes twice because the clocks go back.

    Raises:
        ValidationError: It is not a time, the clocks skip it, or (with the code "twice") it comes
            twice and `which` is empty.
    """
    clock_time = _parse_clock_time(typed)
    zone = timezone.get_default_timezone()
    first, second = (clock_time.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    first_utc, second_utc = first.astimezone(dt.UTC), second.astimezone(dt.UTC)
    if first_utc == second_utc:
        return first
    if first_utc > second_utc:
        raise _make_skipped_error(clock_time, first_utc - second_utc)
    if which not in ("first", "second"):
        raise ValidationError(
            _(
                "%(time)s on %(day)s comes twice here, as the clocks go back: first "
                "as %(first)s, then as %(second)s. Choose one of the two."
            )
            % {
                "time": f"{clock_time:%H:%M}",
                "day": f"{clock_time:%-d %B %Y}",
                "first": f"{first:%Z}",
                "second": f"{second:%Z}",
            },
            code="twice",
        )
    return first if which == "first" else second


def _parse_clock_time(typed: str) -> dt.datetime:
    clock_time = parse_day_and_time(typed)
    validate_time(clock_time.replace(tzinfo=dt.UTC))
    return clock_time


def _make_skipped_error(clock_time: dt.datetime, gap: dt.timedelta) -> ValidationError:
    return ValidationError(
        _(
            "%(time)s on %(day)s does not exist here: the clocks go forward and skip "
            "it. Choose %(before)s or %(after)s."
        )
        % {
            "time": f"{clock_time:%H:%M}",
            "day": f"{clock_time:%-d %B %Y}",
            "before": f"{clock_time - gap:%H:%M}",
            "after": f"{clock_time + gap:%H:%M}",
        }
    )


def format_long(at: ReleaseDate) -> str:
    """Return a time such as Thursday 12 November 2026, 00:01 GMT, or a day without a time."""
    if not isinstance(at, dt.datetime):
        return formats.date_format(at, "l j F Y")
    return formats.date_format(timezone.localtime(at), "l j F Y, H:i T")


def describe_input(typed: str, at: dt.datetime) -> dict[str, str]:
    """Return a typed time in words, how long until then, and a warning, each perhaps empty.

    The keys are read by release_time.js.
    """
    try:
        time = parse_local(typed)
    except ValidationError as error:
        return {"text": "", "time_until": "", "warning": error.messages[0]}
    if time <= at:
        return {"text": format_long(time), "time_until": "", "warning": _("That has passed.")}
    warning = _("That is a long way off: check the date.") if time - at > FAR_AHEAD else ""
    return {
        "text": format_long(time),
        "time_until": format_time_until(time, at),
        "warning": warning,
    }


def format_day(at: dt.datetime, now: dt.datetime) -> str:
    """Return Today, Tomorrow or a day such as Thursday 12 November, with its year if needed."""
    day, today = timezone.localdate(at), timezone.localdate(now)
    if (day - today).days in (0, 1):
        return (_("Today"), _("Tomorrow"))[(day - today).days]
    return formats.date_format(day, "l j F" if day.year == today.year else "l j F Y")


def format_time_until(until: dt.datetime, at: dt.datetime) -> str:
    """Return a text such as “in 2 hours, 5 minutes”."""
    if until - at < MINUTE:
        return _("in less than a minute")
    return _("in %(time)s") % {"time": timeuntil(until, at).replace("\xa0", " ")}


def suggest_times(at: dt.datetime) -> list[dt.datetime]:
    """Return the times that people choose most: the next full hour, and 00:01 tomorrow."""
    zone = timezone.get_default_timezone()
    hour = at.replace(minute=0, second=0, microsecond=0) + dt.timedelta(hours=1)
    tomorrow = timezone.localdate(at) + dt.timedelta(days=1)
    return [hour, dt.datetime.combine(tomorrow, dt.time(0, 1), zone)]
