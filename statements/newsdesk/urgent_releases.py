"""For managers: how much goes out by one person alone, by whom, and what is still owed."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from statistics import median

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from statements import clock
from statements.models import Action, ApprovalRule, Edition, Event
from statements.newsdesk.repeated_reason import is_repeated
from statements.newsdesk.time_format import format_long
from statements.publicness import released_after, released_by
from statements.roles import MANAGERS, require_group

WINDOW = dt.timedelta(days=90)
MAX_COUNTED_RELEASES = 10_000
MAX_LISTED_RELEASES = 200


@dataclass(frozen=True)
class UrgentPublication:
    """One urgent release: `repeated` when the reason is that of the one before it."""

    edition: Edition
    at: str
    by: str
    reason: str
    is_repeated: bool
    hours: float | None


@dataclass(frozen=True)
class UrgentShare:
    """Urgent releases among all of the window; releases beyond MOST are not counted."""

    urgent: list[UrgentPublication]
    releases: int

    @property
    def percent(self) -> int:
        return round(100 * len(self.urgent) / self.releases) if self.releases else 0

    @property
    def counts_by_person(self) -> list[tuple[str, int]]:
        return Counter(one.by for one in self.urgent).most_common()

    @property
    def awaiting_second_look(self) -> list[UrgentPublication]:
        return [one for one in self.urgent if one.hours is None]

    @property
    def median_hours(self) -> float | None:
        looked = [one.hours for one in self.urgent if one.hours is not None]
        return round(median(looked), 1) if looked else None


def compute_share(*, at: dt.datetime) -> UrgentShare:
    """The 90 days before at. What two people had agreed to already is no urgent release."""
    since = at - WINDOW
    ours = Edition.objects.approved().filter(released_after(since), released_by(at))
    return UrgentShare(
        _list_urgent_publications(since, at),
        ours.exclude(rule=ApprovalRule.IMPORT)[:MAX_COUNTED_RELEASES].count(),
    )


def _list_urgent_publications(since: dt.datetime, at: dt.datetime) -> list[UrgentPublication]:
    events = Event.objects.filter(
        action=Action.PUBLISHED_URGENTLY,
        edition__rule=ApprovalRule.URGENT,
        at__gt=since,
        at__lte=at,
    )
    events = events.select_related("edition", "by").defer("edition__content")
    newest = list(events.order_by("-pk")[:MAX_LISTED_RELEASES])
    before = [*newest[1:], None]
    return [
        _to_urgent_publication(event, last.note if last else "")
        for event, last in zip(newest, before, strict=False)
    ]


def _to_urgent_publication(event: Event, before: str) -> UrgentPublication:
    edition = event.edition
    assert edition is not None, "An urgent release is of an edition."
    looked = edition.second_look_at
    return UrgentPublication(
        edition=edition,
        at=format_long(event.at),
        by=(event.by.get_full_name() if event.by else "") or event.by_name,
        reason=event.note,
        is_repeated=is_repeated(before, event.note),
        hours=(looked - event.at).total_seconds() / 3600 if looked else None,
    )


@require_safe
def report(request: HttpRequest) -> HttpResponse:
    require_group(request.user, MANAGERS, "see the share of urgent releases")
    context = {
        **admin.site.each_context(request),
        "title": "Urgent releases",
        "share": compute_share(at=clock.now()),
        "days": WINDOW.days,
    }
    return TemplateResponse(request, "admin/newsdesk/urgent_releases.html", context)
