"""A report for managers: how much one person publishes alone, and what lacks a second look."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from statistics import median

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from statements import clock
from statements.models import Action, ApprovalRule, Edition, Event
from statements.newsdesk.repeated_reason import is_repeated
from statements.newsdesk.request_values import get_user
from statements.newsdesk.time_format import format_long
from statements.newsdesk.user_names import get_display_name
from statements.publicness import released_after, released_by
from statements.roles import MANAGERS, require_group

WINDOW = dt.timedelta(days=90)
MAX_COUNTED_RELEASES = 10_000
MAX_LISTED_PUBLICATIONS = 200


@dataclass(frozen=True)
class UrgentPublication:
    """One urgent publication, and whether its reason repeats that of the one before."""

    edition: Edition
    at: str
    by: str
    reason: str
    is_repeated: bool
    hours: float | None


@dataclass(frozen=True)
class UrgentShare:
    """The urgent publications among all releases of the window, both counted up to a limit."""

    urgent: list[UrgentPublication]
    releases: int

    @property
    def percent(self) -> int:
        return round(100 * len(self.urgent) / self.releases) if self.releases else 0

    @property
    def counts_by_person(self) -> list[tuple[str, int]]:
        return Counter(publication.by for publication in self.urgent).most_common()

    @property
    def awaiting_second_look(self) -> list[UrgentPublication]:
        return [publication for publication in self.urgent if publication.hours is None]

    @property
    def median_hours(self) -> float | None:
        hours = [row.hours for row in self.urgent if row.hours is not None]
        return round(median(hours), 1) if hours else None


def compute_share(*, at: dt.datetime) -> UrgentShare:
    """Compute the share for the 90 days before `at`, imports not counted."""
    since = at - WINDOW
    released = Edition.objects.approved().filter(released_after(since), released_by(at))
    return UrgentShare(
        _list_urgent_publications(since, at),
        released.exclude(rule=ApprovalRule.IMPORT)[:MAX_COUNTED_RELEASES].count(),
    )


def _list_urgent_publications(since: dt.datetime, at: dt.datetime) -> list[UrgentPublication]:
    events = Event.objects.filter(
        action=Action.PUBLISHED_URGENTLY,
        edition__rule=ApprovalRule.URGENT,
        at__gt=since,
        at__lte=at,
    )
    events = events.select_related("edition", "by").defer("edition__content")
    events = events.prefetch_related("texts")
    newest = list(events.order_by("-pk")[:MAX_LISTED_PUBLICATIONS])
    reasons_before = [*(event.note for event in newest[1:]), ""]
    return [
        _to_urgent_publication(event, reason_before)
        for event, reason_before in zip(newest, reasons_before, strict=False)
    ]


def _to_urgent_publication(event: Event, reason_before: str) -> UrgentPublication:
    edition = event.edition
    assert edition is not None, "An urgent publication is of an edition."
    second_look_at = edition.second_look_at
    return UrgentPublication(
        edition=edition,
        at=format_long(event.at),
        by=get_display_name(event.by) if event.by else event.by_name,
        reason=event.note,
        is_repeated=is_repeated(reason_before, event.note),
        hours=(second_look_at - event.at).total_seconds() / 3600 if second_look_at else None,
    )


@require_safe
def report(request: HttpRequest) -> HttpResponse:
    require_group(get_user(request), MANAGERS, _("see the share of urgent publications"))
    context = {
        **admin.site.each_context(request),
        "title": _("Urgent releases"),
        "share": compute_share(at=clock.now()),
        "days": WINDOW.days,
    }
    return TemplateResponse(request, "admin/newsdesk/urgent_releases.html", context)
