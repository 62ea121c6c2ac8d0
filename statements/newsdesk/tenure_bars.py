"""The roles of a speaker as bars on one line of years, and as text, which says the same."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from organisations.models import Appointment
from organisations.tenures import format_day

WIDTH = 120
MIN_YEARS = 2
DAYS_A_YEAR = 365.25


@dataclass(frozen=True)
class TenureBar:
    """One role: its dates in words, and where its bar begins and how wide it is."""

    appointment: Appointment
    dates: str
    x: float
    width: float
    is_past: bool
    is_proposed: bool


@dataclass(frozen=True)
class TenureChart:
    """The bars, the years under them, and where today is."""

    bars: list[TenureBar]
    years: list[int]
    today: float


def build_chart(appointments: Sequence[Appointment], *, today: dt.date) -> TenureChart:
    """Return the bars of these roles, the latest first. Their proposals are prefetched."""
    days = [day for row in appointments for day in (row.starts_on, row.ends_on) if day]
    first = min([*days, today - dt.timedelta(days=round(MIN_YEARS * DAYS_A_YEAR))])
    last = max([*days, today])
    span = max((last - first).days, 1)

    def place(day: dt.date) -> float:
        return round((day - first).days / span * WIDTH, 1)

    bars = [
        TenureBar(
            row,
            _format_dates(row),
            x=place(row.starts_on or first),
            width=max(place(row.ends_on or last) - place(row.starts_on or first), 1),
            is_past=row.ends_on is not None and row.ends_on < today,
            is_proposed=bool(row.proposals.all()),
        )
        for row in sorted(appointments, key=lambda row: row.starts_on or dt.date.min, reverse=True)
    ]
    step = max((last.year - first.year) // 5, 1)
    return TenureChart(bars, list(range(first.year, last.year + 1, step)), place(today))


def _format_dates(row: Appointment) -> str:
    if row.starts_on and row.ends_on:
        values = {"first": format_day(row.starts_on), "last": format_day(row.ends_on)}
        return _("%(first)s to %(last)s") % values
    if row.starts_on:
        return _("From %(first)s") % {"first": format_day(row.starts_on)}
    if row.ends_on:
        return _("To %(last)s") % {"last": format_day(row.ends_on)}
    return _("No dates")
