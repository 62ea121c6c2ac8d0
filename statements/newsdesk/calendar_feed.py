"""One calendar feed a person, by an address that is shown once and can be cancelled."""

import datetime as dt

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from statements import clock
from statements.models import CalendarFeed, CalendarSetting
from statements.newsdesk.calendar_entries import (
    CalendarEntry,
    find_cancelled,
    find_entries,
    find_periods,
)
from statements.newsdesk.icalendar import CONTENT_TYPE, CalendarEvent, write_calendar
from statements.newsdesk.request_values import get_user
from statements.roles import MANAGERS, NEWSDESK, is_in_group, require_group

DAYS_BACK, DAYS_AHEAD = 31, 400
PRIVATE_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",  # the address is the key
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}


@require_POST
def create(request: HttpRequest) -> HttpResponse:
    """Make an address, show it once, and end the one before."""
    user = get_user(request)
    require_group(user, NEWSDESK, _("have a calendar feed"))
    path = reverse("admin:newsdesk_calendar_feed", args=[CalendarFeed.objects.create_key(user)])
    context = {
        **admin.site.each_context(request),
        "title": _("Your calendar address"),
        "address": f"{settings.SITE_URL}{path}",
    }
    response = TemplateResponse(request, "admin/newsdesk/calendar_address.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def cancel(request: HttpRequest) -> HttpResponse:
    """End the address of the person's feed."""
    if CalendarFeed.objects.filter(user=get_user(request)).delete()[0]:
        messages.success(request, _("Calendar address cancelled. It shows nothing any more."))
    return redirect("admin:newsdesk_calendar")


@require_POST
def change_titles(request: HttpRequest) -> HttpResponse:
    """Allow or forbid headlines in every feed; only a manager may."""
    if not is_in_group(get_user(request), MANAGERS):
        raise PermissionDenied(_("To change what calendar feeds show you need to be a manager."))
    shows_titles = "shows_titles" in request.POST
    CalendarSetting.objects.update_or_create(pk=1, defaults={"shows_titles": shows_titles})
    messages.success(
        request,
        _("Calendar feeds show headlines now.")
        if shows_titles
        else _("Calendar feeds show no headlines now."),
    )
    return redirect("admin:newsdesk_calendar")


@require_safe
def serve(request: HttpRequest, key: str) -> HttpResponse:
    """Send the calendar of the person who has this key, as long as they are on the newsdesk."""
    user = CalendarFeed.objects.find_user(key)
    if user is None or not _may_read(user):
        raise Http404
    at = clock.now()
    text = write_calendar(_("Statements"), _list_events(user, at), at=at)
    return HttpResponse(text, content_type=CONTENT_TYPE, headers=PRIVATE_HEADERS)


def _may_read(user: User) -> bool:
    is_on_newsdesk = user.is_staff and is_in_group(user, NEWSDESK)
    return bool(is_on_newsdesk and user.has_perm("statements.view_statement"))


def _list_events(user: User, at: dt.datetime) -> list[CalendarEvent]:
    begins, ends = at - dt.timedelta(days=DAYS_BACK), at + dt.timedelta(days=DAYS_AHEAD)
    shows_titles = CalendarSetting.objects.filter(shows_titles=True).exists()
    entries = find_entries(begins, ends, user, at=at)
    events = [_make_event(entry, shows_titles) for entry in entries]
    known = {event.uid for event in events}
    cancelled = {_format_uid(uid): wanted_at for wanted_at, uid in find_cancelled(begins, ends)}
    events += [
        CalendarEvent(uid, _("Cancelled or on hold"), wanted_at, status="CANCELLED")
        for uid, wanted_at in cancelled.items()
        if uid not in known
    ]
    return events + _list_periods(begins, ends)


def _make_event(entry: CalendarEntry, shows_titles: bool) -> CalendarEvent:
    what = entry.headline if shows_titles else entry.organisation
    notes = [_("Requested release, not agreed yet.")] if entry.is_requested else []
    if entry.objections:
        text = ngettext("%(count)s objection.", "%(count)s objections.", entry.objections)
        notes.append(text % {"count": entry.objections})
    return CalendarEvent(
        uid=_format_uid(entry.uid),
        summary=f"{entry.status}: {what}" if what else entry.status,
        begins=entry.at,
        status="TENTATIVE" if entry.is_requested else "CONFIRMED",
        description=" ".join(notes),
        url=f"{settings.SITE_URL}{entry.url}",
    )


def _list_periods(begins: dt.datetime, ends: dt.datetime) -> list[CalendarEvent]:
    periods = find_periods(timezone.localdate(begins), timezone.localdate(ends))
    return [
        CalendarEvent(
            uid=_format_uid(f"period-{period.pk}"),
            summary=period.name,
            begins=period.starts_on,
            ends=period.ends_on,
        )
        for period in periods
    ]


def _format_uid(name: str) -> str:
    return f"{name}@{settings.SITE_HOST}"
