"""The next seven days of the dashboard: what goes out, agreed or requested, day by day."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, F, OuterRef
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from statements.content.languages import get_text_direction
from statements.models import Edition, State
from statements.newsdesk.dashboard_section import load_rows
from statements.newsdesk.time_format import format_time_until
from statements.publicness import released_after

DAYS = 7
MAX_RELEASES = 30


@dataclass
class NextDay:
    """One day, or several in a row on which nothing is planned."""

    first: dt.date
    last: dt.date
    is_today: bool
    releases: list[Any] = field(default_factory=list)

    @property
    def weekday(self) -> str:
        return _("Today") if self.is_today else formats.date_format(self.first, "D")

    @property
    def month(self) -> str:
        """The month of the day, or the last day of several: “– 6 Dec”."""
        if self.first == self.last:
            return formats.date_format(self.first, "M")
        return f"– {formats.date_format(self.last, 'j M')}"


@dataclass
class NextDays:
    """The days, and the scheduled editions that were loaded, also of later days."""

    days: list[NextDay]
    scheduled: list[Any]
    requested: list[Any]
    has_more: bool

    @property
    def rows(self) -> list[Any]:
        return [*self.scheduled, *self.requested]


def load_next_days(at: dt.datetime) -> NextDays:
    """Read what is scheduled and what is requested. Two queries, along an index of few rows."""
    newer = Edition.objects.filter(
        statement=OuterRef("statement"), state=State.IN_REVIEW, sequence__gt=OuterRef("sequence")
    )
    agreed = Edition.objects.approved().filter(released_after(at)).order_by("release_at")
    scheduled = load_rows(
        agreed.annotate(has_newer=Exists(newer), time=F("release_at"), due=F("release_at")),
        MAX_RELEASES,
    )
    begins = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    ends = begins + dt.timedelta(days=DAYS)
    asked = Edition.objects.in_review().filter(
        requested_release_at__gte=begins, requested_release_at__lt=ends
    )
    requested = load_rows(
        asked.annotate(time=F("requested_release_at")).order_by("time"), MAX_RELEASES
    )
    has_more = any(len(rows) > MAX_RELEASES for rows in (scheduled, requested))
    shown = [*scheduled[:MAX_RELEASES], *requested[:MAX_RELEASES]]
    for edition in shown:
        _describe(edition, at)
    soon = sorted((row for row in shown if row.time < ends), key=lambda row: row.time)
    has_more = has_more or len(soon) < len(shown)
    return NextDays(
        _group(soon, timezone.localdate(at)),
        scheduled[:MAX_RELEASES],
        requested[:MAX_RELEASES],
        has_more,
    )


def _describe(edition: Any, at: dt.datetime) -> None:
    edition.is_agreed = edition.state == State.APPROVED
    edition.is_late = edition.time <= at
    edition.time_until = "" if edition.is_late else format_time_until(edition.time, at)
    until = edition.embargo_until
    edition.is_embargoed = edition.has_embargo and (until is None or until > at)
    edition.direction = get_text_direction(edition.language)


def _group(releases: list[Any], today: dt.date) -> list[NextDay]:
    """Return one entry a day, and one for days in a row on which nothing is planned."""
    days: list[NextDay] = []
    for number in range(DAYS):
        day = today + dt.timedelta(days=number)
        on_it = [row for row in releases if timezone.localdate(row.time) == day]
        if not on_it and days and not days[-1].releases and not days[-1].is_today:
            days[-1].last = day
        else:
            days.append(NextDay(day, day, number == 0, on_it))
    return days
