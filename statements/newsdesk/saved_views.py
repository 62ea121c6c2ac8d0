"""Saved views of the statement list: the query strings that a person gave names."""

import datetime as dt
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from statements.content.characters import normalise_text
from statements.models import SavedView
from statements.newsdesk.request_values import get_user
from statements.newsdesk.staff_request import get_time

MAX_VIEWS = 30
MAX_NAME_CHARS = 60
MAX_QUERY_CHARS = 1000
PASSING_PARAMETERS = {"p", "e", "invalid"}
"""They belong to one look at the list: its page, and a mistake in the address."""


@dataclass(frozen=True)
class View:
    """A link to the list with its filters set."""

    name: str
    query: str
    is_current: bool


def clean_query(query: str) -> str:
    """Return a query string in one order, without what belongs to one look at the list."""
    pairs = [(key, value) for key, value in parse_qsl(query) if key not in PASSING_PARAMETERS]
    return urlencode(sorted(pairs))


def build_views(request: HttpRequest, user: User) -> list[View]:
    """Return the views that everybody has, and then the person's own."""
    current = clean_query(request.GET.urlencode())
    shared = [
        (_("Everything"), ""),
        (_("My work"), urlencode({"writer": user.pk})),
        (_("Needs me"), "status=needs_me"),
        (_("This week"), _build_week_query(timezone.localdate(get_time(request)))),
    ]
    own = [(view.name, view.query) for view in user.saved_views.all()]
    return [View(name, query, query == current) for name, query in (*shared, *own)]


def _build_week_query(today: dt.date) -> str:
    monday = today - dt.timedelta(days=today.weekday())
    sunday = monday + dt.timedelta(days=6)
    days = {"released_from": f"{monday:%-d %B %Y}", "released_to": f"{sunday:%-d %B %Y}"}
    return urlencode(days)


def find_current(request: HttpRequest, user: User) -> SavedView | None:
    """Return the person's own view that the list shows."""
    return user.saved_views.filter(query=clean_query(request.GET.urlencode())).first()


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Save the filters and the search of the list under a name; a known name is saved again."""
    user = _require_list(request)
    name = normalise_text(request.POST.get("name", "")).strip()
    query = clean_query(request.POST.get("query", ""))
    if problem := _find_problem(user, name, query):
        messages.error(request, problem)
    else:
        SavedView.objects.update_or_create(user=user, name=name, defaults={"query": query})
        messages.success(request, _("View saved. Only you see it."))
    return _redirect_to_list(query if len(query) <= MAX_QUERY_CHARS else "")


def _find_problem(user: User, name: str, query: str) -> str:
    if not name:
        return _("Give the view a name.")
    if len(name) > MAX_NAME_CHARS:
        return _("Use at most %(count)s characters for the name.") % {"count": MAX_NAME_CHARS}
    if not query or len(query) > MAX_QUERY_CHARS:
        return _("Search, or choose a filter, then save the view.")
    is_new = not user.saved_views.filter(name=name).exists()
    if is_new and user.saved_views.count() >= MAX_VIEWS:
        return _("You have %(count)s views. Remove one first.") % {"count": MAX_VIEWS}
    return ""


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove one of the person's own views."""
    user = _require_list(request)
    if user.saved_views.filter(pk=pk).delete()[0]:
        messages.success(request, _("View removed."))
    return _redirect_to_list("")


def _require_list(request: HttpRequest) -> User:
    user = get_user(request)
    if not user.has_perm("statements.view_statement"):
        raise PermissionDenied(_("To save a view you need to be allowed to see the list."))
    return user


def _redirect_to_list(query: str) -> HttpResponse:
    url = reverse("admin:statements_statement_changelist")
    return redirect(f"{url}?{query}" if query else url)
