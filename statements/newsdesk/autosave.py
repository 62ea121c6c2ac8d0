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
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from statements.models import Autosave, Statement
from statements.newsdesk import presence
from statements.newsdesk.request_values import get_user, parse_number
from statements.newsdesk.staff_request import get_time, is_on_newsdesk

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


def find_unsaved_texts(
    by: User, *, at: dt.datetime, statement: Statement | None = None, everywhere: bool = False
) -> list[UnsavedText]:
    """Return the unsaved texts of this statement, of new statements, or all; the newest first."""
    rows = Autosave.objects.filter(user=by, saved_at__gte=at - MAX_AUTOSAVE_AGE).exclude(data="")
    if not everywhere:
        rows = rows.filter(statement=statement)
    newest = rows.select_related("statement").order_by("-saved_at", "-pk")[:MAX_UNSAVED_TEXTS]
    return [_to_unsaved_text(row, at) for row in newest]


def _to_unsaved_text(row: Autosave, at: dt.datetime) -> UnsavedText:
    headline = next(iter(load_post_data(row).getlist("headline")), "") if row.data else ""
    title = str(row.statement) if row.statement else headline or "A new statement"
    return UnsavedText(row.pk, row.statement_id, title, format_recent_time(row.saved_at, at))


def format_recent_time(then: dt.datetime, at: dt.datetime) -> str:
    local, today = timezone.localtime(then), timezone.localdate(at)
    if local.date() == today:
        return f"today, {local:%H:%M}"
    if local.date() == today - dt.timedelta(days=1):
        return f"yesterday, {local:%H:%M}"
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
        raise PermissionDenied("Only the newsdesk writes.")
    if request.method != "POST":
        request.unattended = True  # type: ignore[attr-defined]  # for config.sessions
        return JsonResponse({"user": user.pk, "token": get_token(request)})
    if request.POST.get("autosave_user") != str(user.pk):
        return JsonResponse({"message": "Somebody else is signed in."}, status=409)
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
        message = "This form cannot be autosaved: open it again."
        return JsonResponse({"message": message}, status=400)
    if _count_bytes(request.POST) > MAX_AUTOSAVE_BYTES:
        message = "This is too long to be autosaved. Save it now and then."
        return JsonResponse({"message": message}, status=413)
    if action == "unchanged":
        Autosave.objects.filter(user=user, key=key).exclude(data="").delete()
        return JsonResponse(_build_status(request, statement, at))
    fields = {name: vs for name, vs in request.POST.lists() if not IGNORED_FIELDS.match(name)}
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


def _count_bytes(data: QueryDict) -> int:
    return sum(len(value.encode(errors="replace")) for _, vs in data.lists() for value in vs)


def _build_status(
    request: HttpRequest, statement: Statement | None, at: dt.datetime
) -> dict[str, Any]:
    """Return what somebody with the form open should know: who else is here, and a newer save."""
    if statement is None:
        return {}
    seen_version = request.POST.get("seen_version", "")
    is_newer = seen_version and str(statement.version) != seen_version
    return {
        "others": presence.describe_others(statement, by=get_user(request), at=at),
        "newer": "Somebody saved or decided after you opened this. When you save, you see both."
        if is_newer
        else "",
    }


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
        messages.success(request, "That text is discarded. The saved text did not change.")
        return redirect("admin:index")
    if row.statement_id:
        return redirect("admin:statements_statement_change", row.statement_id)
    return redirect("admin:statements_statement_add")
