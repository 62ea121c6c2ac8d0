"""Keeps aside what is being typed, for its typist alone, until the form is saved.

A form sends itself every few seconds (static/newsdesk/autosave.js) with the key it was opened with.
What was not saved is offered back on the form, and taken back by a POST that the form treats like
any other that it has to show again.
"""

import datetime as dt
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from statements import clock
from statements.models import Autosave, Statement
from statements.newsdesk import presence
from statements.roles import NEWSDESK, is_in_group

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


# --- Keeping --------------------------------------------------------------------------------------


def save(fields: Mapping[str, list], *, key: str, statement, by, at: dt.datetime) -> bool:
    """Keep what was typed in place of what was kept for this form; False if the form is done."""
    data = json.dumps(fields)
    mine = Autosave.objects.filter(user=by, key=key)
    if mine.exclude(data="").update(data=data, saved_at=at):
        return True
    delete_old(at)
    row, made = Autosave.objects.get_or_create(
        user=by, key=key, defaults={"statement": statement, "data": data, "saved_at": at}
    )
    return made or row.data != ""


def close(key: str, *, by, at: dt.datetime) -> None:
    """The form was saved or its text thrown away: nothing is kept, nor what arrives late."""
    if KEY_PATTERN.fullmatch(key):
        Autosave.objects.update_or_create(
            user=by, key=key, defaults={"data": "", "saved_at": at, "statement": None}
        )


def is_closed(key: str, *, by) -> bool:
    """Whether the form with this key was saved, or its text thrown away."""
    return Autosave.objects.filter(user=by, key=key, data="").exists()


def delete_old(at: dt.datetime) -> None:
    Autosave.objects.filter(saved_at__lt=at - MAX_AUTOSAVE_AGE).delete()


# --- Offering back --------------------------------------------------------------------------------


@dataclass(frozen=True)
class UnsavedText:
    """Text of somebody’s own that was never saved."""

    pk: int
    statement_id: int | None
    title: str
    when: str


def find_unsaved_texts(
    by, *, at: dt.datetime, statement=None, everywhere: bool = False
) -> list[UnsavedText]:
    """The newest first: of this statement, of forms for a new one, or everywhere."""
    rows = Autosave.objects.filter(user=by, saved_at__gte=at - MAX_AUTOSAVE_AGE).exclude(data="")
    if not everywhere:
        rows = rows.filter(statement=statement)
    found = rows.select_related("statement").order_by("-saved_at", "-pk")
    return [_to_unsaved_text(row, at) for row in found[:MAX_UNSAVED_TEXTS]]


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
    """What was typed, as the browser would send it."""
    data = QueryDict(mutable=True)
    for name, values in json.loads(row.data).items():
        data.setlist(name, values)
    return data


def restore_post_data(request: HttpRequest, statement_id: str | None) -> QueryDict | None:
    """What a form shows that takes kept text back; None if the text is there no more."""
    pk = request.POST.get("_restore", "")
    rows = Autosave.objects.filter(user=request.user).exclude(data="")  # type: ignore[misc]
    row = rows.filter(pk=pk).first() if pk.isascii() and pk.isdecimal() and len(pk) < 18 else None
    if row is None or str(row.statement_id or "") != (statement_id or ""):
        return None
    data = load_post_data(row)
    data["autosave_key"] = row.key
    data["_restore"] = format_recent_time(row.saved_at, clock.now())
    return data


# --- Views ----------------------------------------------------------------------------------------


@never_cache
def autosave(request: HttpRequest) -> HttpResponse:
    """GET: who is signed in, and a token for the page to go on with. POST: keep, or just be there.

    `unattended` requests, which a page makes by itself, do not prolong the session.
    """
    user: Any = request.user
    if not is_in_group(user, NEWSDESK):
        raise PermissionDenied("Only the newsdesk writes.")
    if request.method != "POST":
        request.unattended = True  # type: ignore[attr-defined]
        return JsonResponse({"user": user.pk, "token": get_token(request)})
    if request.POST.get("autosave_user") != str(user.pk):
        return JsonResponse({"told": "Somebody else is signed in."}, status=409)
    at, statement = clock.now(), _get_statement(request)
    if request.POST.get("autosave_do") in ("be-there", "leave"):
        request.unattended = True  # type: ignore[attr-defined]
        return _record_presence(request, statement, at)
    return _save_typed(request, statement, at)


def _get_statement(request: HttpRequest) -> Statement | None:
    pk = request.POST.get("autosave_statement", "")
    if not pk:
        return None
    number = int(pk) if pk.isascii() and pk.isdecimal() and len(pk) < 18 else 0
    return get_object_or_404(Statement, pk=number)


def _record_presence(request: HttpRequest, statement, at: dt.datetime) -> HttpResponse:
    if request.POST["autosave_do"] == "leave":
        if statement:
            presence.leave(statement, by=request.user)
        return HttpResponse(status=204)
    if statement:
        presence.touch(statement, by=request.user, at=at, typed=False)
    return JsonResponse(_build_status(request, statement, at))


def _save_typed(request: HttpRequest, statement, at: dt.datetime) -> HttpResponse:
    key, user = request.POST.get("autosave_key", ""), request.user
    if not KEY_PATTERN.fullmatch(key):
        return JsonResponse({"told": "This form has no key of its own: open it anew."}, status=400)
    if _count_bytes(request.POST) > MAX_AUTOSAVE_BYTES:
        told = "This is more than can be kept aside. Save it now and then."
        return JsonResponse({"told": told}, status=413)
    if request.POST.get("autosave_do") == "nothing-typed":
        Autosave.objects.filter(user=user, key=key).exclude(data="").delete()  # type: ignore[misc]
        return JsonResponse(_build_status(request, statement, at))
    fields = {name: vs for name, vs in request.POST.lists() if not IGNORED_FIELDS.match(name)}
    with transaction.atomic():
        kept = save(fields, key=key, statement=statement, by=user, at=at)
    leftover = request.POST.get("autosave_do") == "leftover"
    if statement and not leftover:
        presence.touch(statement, by=user, at=at, typed=True)
    answer = {"kept": kept, "time": f"{timezone.localtime(at):%H:%M}"}
    if leftover:
        found = find_unsaved_texts(user, at=at, statement=statement)
        return JsonResponse(answer | {"offers": render_unsaved_texts(request, found, statement)})
    return JsonResponse(answer | _build_status(request, statement, at))


def _count_bytes(data: QueryDict) -> int:
    return sum(len(one.encode(errors="replace")) for _, values in data.lists() for one in values)


def _build_status(request: HttpRequest, statement, at: dt.datetime) -> dict:
    """What somebody who has the form open should know by now."""
    if statement is None:
        return {}
    moved = str(statement.version) != request.POST.get("seen_version", "")
    return {
        "others": presence.describe_others(statement, by=request.user, at=at),
        "moved": "Somebody saved or decided after you opened this. When you save, you see both."
        if moved and request.POST.get("seen_version")
        else "",
    }


def render_unsaved_texts(request: HttpRequest, found: list[UnsavedText], statement) -> str:
    context = {"offers": found, "original": statement}
    return render_to_string("admin/statements/statement/_offers.html", context, request)


@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Autosave.objects.filter(user=request.user)  # type: ignore[misc]
    row = get_object_or_404(rows, pk=pk)
    close(row.key, by=request.user, at=clock.now())
    if request.POST.get("from") == "front-page":
        messages.success(request, "That text is discarded. What was saved stands as it was.")
        return redirect("admin:index")
    if row.statement_id:
        return redirect("admin:statements_statement_change", row.statement_id)
    return redirect("admin:statements_statement_add")
