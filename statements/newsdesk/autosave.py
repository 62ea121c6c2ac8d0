"""Autosave what somebody types, for themselves alone, until they save the form.

A form sends itself every few seconds (static/newsdesk/autosave.js) under its own key. The form
offers unsaved text back. Restoring it is a POST, which the form handles like a POST with errors: it
shows the text again.
"""

import datetime as dt
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from statements.models import Autosave, DraftVersion, Statement
from statements.newsdesk import presence
from statements.newsdesk.empty_form import has_words
from statements.newsdesk.request_values import get_user, parse_number
from statements.newsdesk.staff_request import get_time, is_on_newsdesk
from statements.newsdesk.user_names import get_display_name

MAX_AUTOSAVE_AGE = dt.timedelta(days=30)
MAX_AUTOSAVE_BYTES = 1_000_000
MAX_UNSAVED_TEXTS = 10
KEY_PATTERN = re.compile(r"[A-Za-z0-9_-]{8,40}")
IGNORED_FIELDS = re.compile(
    r"_|csrfmiddlewaretoken$|save_over$|choose-|autosave_|.*password", re.IGNORECASE
)
"""Names that are no text: buttons, tokens, choices made on one screen; and never a password."""


def make_key() -> str:
    return secrets.token_urlsafe(12)


# --- Storing --------------------------------------------------------------------------------------


def save(
    fields: Mapping[str, list[Any]],
    *,
    key: str,
    statement: Statement | None,
    by: User,
    at: dt.datetime,
) -> bool:
    """Store what was typed in place of the last autosave; return False if the form is closed."""
    data = json.dumps(fields)
    own = Autosave.objects.filter(user=by, key=key)
    if own.exclude(data="").update(data=data, saved_at=at):
        return True
    delete_old(at)
    row, created = Autosave.objects.get_or_create(
        user=by, key=key, defaults={"statement": statement, "data": data, "saved_at": at}
    )
    return created or row.data != ""


def close(key: str, *, by: User, at: dt.datetime) -> None:
    """Delete the text of a form that was saved or discarded, and refuse what arrives late."""
    if KEY_PATTERN.fullmatch(key):
        Autosave.objects.update_or_create(
            user=by, key=key, defaults={"data": "", "saved_at": at, "statement": None}
        )


def is_closed(key: str, *, by: User | None) -> bool:
    """Return whether the form with this key was saved or discarded."""
    return Autosave.objects.filter(user=by, key=key, data="").exists()


def delete_old(at: dt.datetime) -> None:
    Autosave.objects.filter(saved_at__lt=at - MAX_AUTOSAVE_AGE).delete()


# --- Offering back --------------------------------------------------------------------------------


@dataclass(frozen=True)
class UnsavedText:
    """A text that somebody typed and never saved, as it is offered to them."""

    pk: int
    statement_id: int | None
    title: str
    when: str
    saved_since_by: str = ""
    """Who saved other words after it was typed; "" if nobody did."""


def find_unsaved_texts(
    by: User, *, at: dt.datetime, statement: Statement | None = None, everywhere: bool = False
) -> list[UnsavedText]:
    """Return the unsaved texts of this statement, of new statements, or all; the newest first.

    None that its author has saved over: what they saved later is what they meant.
    """
    rows = find_rows(by, at=at)
    later = DraftVersion.objects.filter(
        statement=OuterRef("statement"), at__gt=OuterRef("saved_at")
    )
    rows = rows.filter(~Exists(later.filter(by=by))).annotate(
        saver=Subquery(later.exclude(by=None).order_by("-version").values("by__username")[:1])
    )
    if not everywhere:
        rows = rows.filter(statement=statement)
    newest = rows.select_related("statement").order_by("-saved_at", "-pk")[:MAX_UNSAVED_TEXTS]
    return [_to_unsaved_text(row, at) for row in newest]


def find_rows(by: User, *, at: dt.datetime) -> QuerySet[Autosave]:
    """Return what this person typed and never saved; not what belongs to a draft in the bin."""
    recent = Autosave.objects.filter(user=by, saved_at__gte=at - MAX_AUTOSAVE_AGE)
    return recent.filter(statement__discarded_at=None).exclude(data="")


def _to_unsaved_text(row: Any, at: dt.datetime) -> UnsavedText:
    headline = next(iter(load_post_data(row).getlist("headline")), "") if row.data else ""
    title = str(row.statement) if row.statement else headline or _("A new statement")
    when = format_recent_time(row.saved_at, at)
    return UnsavedText(row.pk, row.statement_id, title, when, row.saver or "")


def format_recent_time(then: dt.datetime, at: dt.datetime) -> str:
    local, today = timezone.localtime(then), timezone.localdate(at)
    if local.date() == today:
        return _("today, %(local)s") % {"local": f"{local:%H:%M}"}
    if local.date() == today - dt.timedelta(days=1):
        return _("yesterday, %(local)s") % {"local": f"{local:%H:%M}"}
    return f"{local:%-d %B %Y, %H:%M}"


def load_post_data(row: Autosave) -> QueryDict:
    """Return what was typed, as the browser would send it."""
    data = QueryDict(mutable=True)
    for name, values in json.loads(row.data).items():
        data.setlist(name, values)
    return data


def restore_post_data(
    pk: int | None, *, by: User, statement_id: int | None, at: dt.datetime
) -> QueryDict | None:
    """Return what the form shows to restore this text; None if the text is gone."""
    row = Autosave.objects.filter(user=by, pk=pk or 0).exclude(data="").first()
    if row is None or row.statement_id != statement_id:
        return None
    data = load_post_data(row)
    data["autosave_key"] = row.key
    data["_restore"] = format_recent_time(row.saved_at, at)
    return data


# --- Views ----------------------------------------------------------------------------------------


@never_cache
def autosave(request: HttpRequest) -> HttpResponse:
    """Store what was typed, or note that the form is open; on GET say who is signed in.

    The answer to GET has a new CSRF token for the page. Requests that a page makes by itself are
    `unattended`: they do not prolong the session.
    """
    user = get_user(request)
    if not is_on_newsdesk(request):
        raise PermissionDenied(_("Only the newsdesk writes."))
    if request.method != "POST":
        request.unattended = True  # type: ignore[attr-defined]  # for config.sessions
        return JsonResponse({"user": user.pk, "token": get_token(request)})
    if request.POST.get("autosave_user") != str(user.pk):
        return JsonResponse(
            {"message": _("Someone else has signed in on this browser.")}, status=409
        )
    at, statement = get_time(request), _get_statement(request)
    if request.POST.get("autosave_do") in ("presence", "leave"):
        request.unattended = True  # type: ignore[attr-defined]  # for config.sessions
        return _record_presence(request, statement, at)
    return _save_typed(request, statement, at)


def _get_statement(request: HttpRequest) -> Statement | None:
    text = request.POST.get("autosave_statement", "")
    return get_object_or_404(Statement, pk=parse_number(text) or 0) if text else None


def _record_presence(
    request: HttpRequest, statement: Statement | None, at: dt.datetime
) -> HttpResponse:
    user = get_user(request)
    if request.POST["autosave_do"] == "leave":
        if statement:
            presence.leave(statement, by=user)
        return HttpResponse(status=204)
    if statement:
        presence.touch(statement, by=user, at=at, typed=False)
    return JsonResponse(_build_status(request, statement, at))


def _save_typed(request: HttpRequest, statement: Statement | None, at: dt.datetime) -> HttpResponse:
    key, user = request.POST.get("autosave_key", ""), get_user(request)
    action = request.POST.get("autosave_do")
    if not KEY_PATTERN.fullmatch(key):
        message = _("Autosave is not working. Save your draft now.")
        return JsonResponse({"message": message}, status=400)
    if _count_bytes(request.POST) > MAX_AUTOSAVE_BYTES:
        message = _("This is too long for autosave. Save your draft now.")
        return JsonResponse({"message": message}, status=413)
    fields = list_typed_fields(request)
    if action == "unchanged" or (statement is None and not has_words(fields)):
        Autosave.objects.filter(user=user, key=key).exclude(data="").delete()
        return JsonResponse(_build_status(request, statement, at))
    with transaction.atomic():
        is_open = save(fields, key=key, statement=statement, by=user, at=at)
    answer = {"is_open": is_open, "time": f"{timezone.localtime(at):%H:%M}"}
    if action == "leftover":
        texts = find_unsaved_texts(user, at=at, statement=statement)
        html = render_unsaved_texts(request, texts, statement)
        return JsonResponse(answer | {"unsaved_html": html})
    if statement:
        presence.touch(statement, by=user, at=at, typed=True)
    return JsonResponse(answer | _build_status(request, statement, at))


def list_typed_fields(request: HttpRequest) -> dict[str, list[Any]]:
    """Return what somebody typed, without buttons, tokens and choices of one screen."""
    return {name: vs for name, vs in request.POST.lists() if not IGNORED_FIELDS.match(name)}


def _count_bytes(data: QueryDict) -> int:
    return sum(len(value.encode(errors="replace")) for _, vs in data.lists() for value in vs)


def _build_status(
    request: HttpRequest, statement: Statement | None, at: dt.datetime
) -> dict[str, Any]:
    """Return what somebody with the form open should know: who else is here, and a newer save."""
    if statement is None:
        return {}
    user, seen_version = get_user(request), request.POST.get("seen_version", "")
    is_newer = seen_version and str(statement.version) != seen_version
    return {
        "others": [other.to_json() for other in presence.list_others(statement, by=user, at=at)],
        "newer": _describe_newer_save(statement, user) if is_newer else "",
    }


def _describe_newer_save(statement: Statement, user: User) -> str:
    """Say who saved last, after the form was opened."""
    last = statement.draft_versions.select_related("by").defer("text").last()
    if last is None or last.by is None:
        return _("This was submitted or decided after you opened it.")
    when = {"time": f"{timezone.localtime(last.at):%H:%M}", "name": get_display_name(last.by)}
    if last.by == user:
        return _("You saved this somewhere else at %(time)s.") % when
    return _("%(name)s saved this at %(time)s.") % when


def render_unsaved_texts(
    request: HttpRequest, texts: list[UnsavedText], statement: Statement | None
) -> str:
    context = {"unsaved_texts": texts, "original": statement}
    return render_to_string("admin/statements/statement/_unsaved_texts.html", context, request)


@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    user = get_user(request)
    row = get_object_or_404(Autosave.objects.filter(user=user), pk=pk)
    close(row.key, by=user, at=get_time(request))
    if request.POST.get("from") == "dashboard":
        messages.success(request, _("Discarded. The saved words did not change."))
        return redirect("admin:index")
    if row.statement_id:
        return redirect("admin:statements_statement_change", row.statement_id)
    return redirect("admin:statements_statement_add")
