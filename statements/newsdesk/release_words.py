"""A release time in words: the day in full, how near it is, and in which zone."""

import datetime as dt
from dataclasses import dataclass

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from statements.newsdesk.time_format import format_time_until

UK_ZONE = "Europe/London"


@dataclass(frozen=True)
class ReleaseWords:
    """“Tuesday 1 December 2026 at 00:01”, and “One minute past midnight tonight, in 21 minutes”."""

    day_and_time: str
    nearness: str
    zone: str

    @property
    def sentence(self) -> str:
        return f"{self.nearness}. {self.zone}."


def describe_release_time(release_at: dt.datetime, at: dt.datetime) -> ReleaseWords:
    local = timezone.localtime(release_at)
    parts = [_describe_hour(local, at), _describe_distance(release_at, at)]
    sentence = ", ".join(filter(None, parts))
    return ReleaseWords(
        format_day_and_time(release_at), sentence[0].upper() + sentence[1:], describe_zone(local)
    )


def format_day_and_time(at: dt.datetime) -> str:
    """Return a time such as “Tuesday 1 December 2026 at 00:01”."""
    local = timezone.localtime(at)
    day = formats.date_format(local, "l j F Y")
    return _("%(day)s at %(time)s") % {"day": day, "time": f"{local:%H:%M}"}


def format_short(at: dt.datetime) -> str:
    """Return a time for a button, such as “00:01, Tuesday 1 December”."""
    local = timezone.localtime(at)
    return f"{local:%H:%M}, {formats.date_format(local, 'l j F')}"


def format_near(time: dt.datetime, at: dt.datetime) -> str:
    """Return a time for a list: “17:00 today”, “00:01 tonight”, “07:00, Thursday 3 December”."""
    local, today = timezone.localtime(time), timezone.localdate(at)
    days = (local.date() - today).days
    if days == 1 and local.hour == 0:
        return _("%(time)s tonight") % {"time": f"{local:%H:%M}"}
    if days in (0, 1):
        words = _("%(time)s today") if days == 0 else _("%(time)s tomorrow")
        return words % {"time": f"{local:%H:%M}"}
    if local.year == today.year:
        return format_short(time)
    return f"{local:%H:%M}, {formats.date_format(local, 'l j F Y')}"


def describe_zone(local: dt.datetime) -> str:
    name = timezone.get_default_timezone_name()
    place = _("UK") if name == UK_ZONE else name.replace("_", " ")
    return _("%(place)s time (%(zone)s)") % {"place": place, "zone": f"{local:%Z}"}


def _describe_hour(local: dt.datetime, at: dt.datetime) -> str:
    """Say which night midnight belongs to, where people mistake the day."""
    days = (local.date() - timezone.localdate(at)).days
    if (local.hour, local.minute) == (12, 0):
        return {0: _("noon today"), 1: _("noon tomorrow")}.get(days, _("noon"))
    if local.hour:
        return {0: _("today"), 1: _("tomorrow")}.get(days, "")
    if local.minute == 0:
        start = _("midnight")
    elif local.minute == 1:
        start = _("one minute past midnight")
    else:
        start = _("%(number)d minutes past midnight") % {"number": local.minute}
    if days == 1:
        return _("%(midnight)s tonight") % {"midnight": start}
    day = formats.date_format(local, "l")
    return _("%(midnight)s, as %(day)s begins") % {"midnight": start, "day": day}


def _describe_distance(release_at: dt.datetime, at: dt.datetime) -> str:
    if release_at > at:
        return format_time_until(release_at, at)
    return _("that has passed")
