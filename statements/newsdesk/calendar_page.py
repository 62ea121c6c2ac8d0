"""The calendar: a month as a table, and as a list of days."""

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from statements.models import CalendarFeed, CalendarSetting, Edition, SensitivePeriod, Statement
from statements.newsdesk.calendar_entries import (
    MAX_ENTRIES,
    CalendarEntry,
    find_entries,
    find_periods,
    group_by_day,
)
from statements.newsdesk.request_values import get_user
from statements.newsdesk.staff_request import get_time
from statements.publicness import released_since
from statements.roles import MANAGERS, NEWSDESK, is_in_group

MONTH_PATTERN = re.compile(r"(\d{4})-(\d{2})")
FIRST_YEAR, LAST_YEAR = 1800, 2198


@dataclass(frozen=True)
class CalendarDay:
    """One cell of the month."""

    date: dt.date
    entries: list[CalendarEntry]
    periods: list[SensitivePeriod]
    """Those in force that day."""
    named_periods: list[SensitivePeriod]
    """Those that begin that day, or go on from the week before."""
    is_today: bool
    is_other_month: bool


@require_safe
def show_calendar(request: HttpRequest) -> HttpResponse:
    """Show a month, this one unless the address names another."""
    user = get_user(request)
    if not user.has_perm("statements.view_statement"):
        raise PermissionDenied(_("To see the calendar you need to be allowed to see statements."))
    at = get_time(request)
    first = _parse_month(request.GET.get("month", "")) or timezone.localdate(at).replace(day=1)
    context = {
        **admin.site.each_context(request),
        **_build_month(request, first, at),
        "feed": CalendarFeed.objects.filter(user=user).first(),
        "can_have_feed": is_in_group(user, NEWSDESK),
        "shows_titles": CalendarSetting.objects.filter(shows_titles=True).exists(),
        "is_manager": is_in_group(user, MANAGERS),
    }
    response = TemplateResponse(request, "admin/newsdesk/calendar.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


def _parse_month(text: str) -> dt.date | None:
    if not (match := MONTH_PATTERN.fullmatch(text)):
        return None
    year, month = int(match[1]), int(match[2])
    is_known = FIRST_YEAR < year < LAST_YEAR and 1 <= month <= 12
    return dt.date(year, month, 1) if is_known else None


def _build_month(request: HttpRequest, first: dt.date, at: dt.datetime) -> dict[str, Any]:
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    zone = timezone.get_default_timezone()
    begins = dt.datetime.combine(weeks[0][0], dt.time(), zone)
    ends = dt.datetime.combine(weeks[-1][-1] + dt.timedelta(days=1), dt.time(), zone)
    entries = find_entries(begins, ends, get_user(request), at=at)
    periods = find_periods(weeks[0][0], weeks[-1][-1])
    by_day, today = group_by_day(entries), timezone.localdate(at)
    days = [
        [_make_day(date, by_day.get(date, []), periods, first, today) for date in week]
        for week in weeks
    ]
    planned = [entry for entry in entries if _is_within(entry.day, first) and entry.at > at]
    return {
        "title": date_format(first, "F Y"),
        "subtitle": describe_plan(planned),
        "month": first,
        "weeks": days,
        "agenda": [
            day
            for week in days
            for day in week
            if not day.is_other_month and (day.entries or _begin_on(day.date, periods))
        ],
        "periods": periods,
        "has_entries": any(_is_within(entry.day, first) for entry in entries),
        "next_planned": _find_next(ends, at) if not planned else None,
        "is_cut": len(entries) >= MAX_ENTRIES,
        "max_entries": MAX_ENTRIES,
        "previous_month": (first - dt.timedelta(days=1)).replace(day=1),
        "next_month": (first + dt.timedelta(days=31)).replace(day=1),
        "zone": timezone.get_default_timezone_name(),
    }


def _is_within(day: dt.date, first: dt.date) -> bool:
    return (day.year, day.month) == (first.year, first.month)


def _make_day(
    date: dt.date,
    entries: list[CalendarEntry],
    periods: list[SensitivePeriod],
    first: dt.date,
    today: dt.date,
) -> CalendarDay:
    in_force = [period for period in periods if period.starts_on <= date <= period.ends_on]
    is_monday = date.weekday() == calendar.MONDAY
    return CalendarDay(
        date=date,
        entries=entries,
        periods=in_force,
        named_periods=[p for p in in_force if is_monday or p.starts_on == date],
        is_today=date == today,
        is_other_month=not _is_within(date, first),
    )


def _begin_on(date: dt.date, periods: list[SensitivePeriod]) -> bool:
    return any(period.starts_on == date for period in periods)


def _find_next(ends: dt.datetime, at: dt.datetime) -> dt.datetime | None:
    """Return the next release after this month, agreed or requested."""
    since = max(ends, at)
    agreed = Edition.objects.approved().filter(released_since(since)).order_by("release_at")
    requested = Statement.objects.not_discarded().filter(requested_release_at__gte=since)
    times = [
        agreed.values_list("release_at", flat=True).first(),
        requested.order_by("requested_release_at")
        .values_list("requested_release_at", flat=True)
        .first(),
    ]
    return min(filter(None, times), default=None)


def describe_plan(planned: list[CalendarEntry]) -> str:
    """Return a sentence such as “7 statements planned”, and one about objections."""
    count = len(planned)
    if not count:
        return _("Nothing planned.")
    text = ngettext("%(count)s statement planned.", "%(count)s statements planned.", count)
    objected = sum(1 for entry in planned if entry.objections)
    sentences = [text % {"count": count}]
    if objected:
        text = ngettext("%(count)s has an objection.", "%(count)s have objections.", objected)
        sentences.append(text % {"count": objected})
    return " ".join(sentences)
