"""Change themes and contact of several statements at once, each by the rules of a single edit."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from organisations.models import Contact
from statements import workflow
from statements.models import Statement, Theme, lock_statement
from statements.newsdesk.request_values import get_user, parse_number
from statements.newsdesk.saved_views import clean_query
from statements.newsdesk.staff_request import get_time, is_on_newsdesk
from statements.publicness import is_listed
from statements.search import index

MAX_CHOICES = 200
MAX_STATEMENTS = 50
MAX_NAMED = 5
"""So many statements that were not changed are named; the others are counted."""


@dataclass(frozen=True)
class ChoiceGroup:
    """Changes of one kind, for one group of the menu: value and name of each."""

    label: str
    choices: list[tuple[str, str]]


def list_changes() -> list[ChoiceGroup]:
    """Return what the menu offers. Two queries."""
    themes = list(Theme.objects.order_by("name").values_list("pk", "name")[:MAX_CHOICES])
    contacts = Contact.objects.order_by("name").values_list("pk", "name")[:MAX_CHOICES]
    groups = [
        ChoiceGroup(_("Add theme"), [(f"add-{pk}", name) for pk, name in themes]),
        ChoiceGroup(_("Remove theme"), [(f"remove-{pk}", name) for pk, name in themes]),
        ChoiceGroup(_("Set press contact"), [(f"contact-{pk}", name) for pk, name in contacts]),
    ]
    return [group for group in groups if group.choices]


@dataclass
class BulkResult:
    """How many statements changed, and why each of the others did not."""

    changed: int = 0
    reasons: dict[str, list[str]] = field(default_factory=dict)


@require_POST
def change_metadata(request: HttpRequest) -> HttpResponse:
    """Change the chosen statements, and say which were not changed, and why."""
    if not is_on_newsdesk(request):
        raise PermissionDenied(_("To change themes and contacts you need to be on the newsdesk."))
    pks = [parse_number(value) for value in request.POST.getlist("statement")[:MAX_STATEMENTS]]
    change = _parse_change(request.POST.get("change", ""))
    if change is None:
        messages.error(request, _("Choose what to change."))
    elif not any(pks):
        messages.error(request, _("Choose at least one statement."))
    else:
        numbers = [pk for pk in pks if pk is not None]
        result = _change_all(numbers, change, by=get_user(request), at=get_time(request))
        _message_result(request, result)
    query = clean_query(request.POST.get("query", ""))
    url = reverse("admin:statements_statement_changelist")
    return redirect(f"{url}?{query}" if query else url)


# --- One change -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class MetadataChange:
    """A change of one statement: a reason why it needs none, and what to do otherwise."""

    find_reason: Callable[[Statement], str]
    apply: Callable[[Statement], dict[str, Any]]


def _parse_change(text: str) -> MetadataChange | None:
    kind, _separator, number = text.partition("-")
    pk = parse_number(number)
    if pk is None:
        return None
    if kind == "contact":
        contact = Contact.objects.filter(pk=pk).first()
        return _make_contact_change(contact) if contact else None
    theme = Theme.objects.filter(pk=pk).first()
    if theme is None or kind not in ("add", "remove"):
        return None
    return _make_theme_change(theme, adds=kind == "add")


def _make_theme_change(theme: Theme, *, adds: bool) -> MetadataChange:
    def find_reason(statement: Statement) -> str:
        if statement.themes.filter(pk=theme.pk).exists() != adds:
            return ""
        return _("has this theme already") if adds else _("does not have this theme")

    def apply(statement: Statement) -> dict[str, Any]:
        (statement.themes.add if adds else statement.themes.remove)(theme)
        return {"themes": ", ".join(map(str, statement.themes.all()))}

    return MetadataChange(find_reason, apply)


def _make_contact_change(contact: Contact) -> MetadataChange:
    def find_reason(statement: Statement) -> str:
        return _("has this contact already") if statement.contact_id == contact.pk else ""

    def apply(statement: Statement) -> dict[str, Any]:
        Statement.objects.filter(pk=statement.pk).update(contact=contact)
        return {"contact": str(contact)}

    return MetadataChange(find_reason, apply)


# --- All of them ----------------------------------------------------------------------------------


def _change_all(pks: list[int], change: MetadataChange, *, by: User, at: dt.datetime) -> BulkResult:
    result = BulkResult()
    for statement in Statement.objects.not_discarded().filter(pk__in=pks).order_by("pk"):
        if reason := _change_one(statement, change, by=by, at=at):
            result.reasons.setdefault(reason, []).append(str(statement))
        else:
            result.changed += 1
    return result


@transaction.atomic
def _change_one(statement: Statement, change: MetadataChange, *, by: User, at: dt.datetime) -> str:
    """Change one statement as its form would; return why not, or ""."""
    if not workflow.can_edit_metadata(statement, by=by, at=at):
        return _("only editors change what is published")
    if reason := change.find_reason(statement):
        return reason
    if is_listed(statement, at):
        workflow.update_metadata(statement, by=by, at=at, change=lambda: change.apply(statement))
    else:
        change.apply(lock_statement(statement.pk))
        index.update_statement(statement, at=at)
    return ""


def _message_result(request: HttpRequest, result: BulkResult) -> None:
    if result.changed:
        text = ngettext(
            "Changed %(count)s statement.", "Changed %(count)s statements.", result.changed
        )
        messages.success(request, text % {"count": result.changed})
    for reason, names in result.reasons.items():
        named = ", ".join(f"“{name}”" for name in names[:MAX_NAMED])
        if len(names) > MAX_NAMED:
            named = _("%(names)s and %(count)s more") % {
                "names": named,
                "count": len(names) - MAX_NAMED,
            }
        messages.warning(
            request, _("Not changed: %(names)s (%(reason)s).") % {"names": named, "reason": reason}
        )
