"""What a person typed into the form of a statement and never saved: compare it, and save it.

Both bind the form to the autosave, as if its browser had sent it.
"""

import copy
import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin
from django.db import transaction
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from statements.content.schema import Content
from statements.models import Autosave, Statement, lock_statement
from statements.newsdesk import autosave
from statements.newsdesk.request_values import get_user
from statements.newsdesk.typed_draft import read_typed_draft

if TYPE_CHECKING:
    from statements.newsdesk.statement_admin import StatementAdmin


@dataclass(frozen=True)
class UnsavedDraft:
    """The newest autosave of one person, as content."""

    when: str
    content: Content


class NotSaved(Exception):
    """What was not saved cannot be saved as it is. It stays where it was."""


def find(request: HttpRequest, statement: Statement, *, at: dt.datetime) -> UnsavedDraft | None:
    """Return what this person typed and did not save, if the words differ from the saved ones."""
    row = _find_row(request, statement, at)
    if row is None:
        return None
    typed = Statement.objects.get(pk=statement.pk)  # the form writes what was typed into it
    draft = read_typed_draft(_make_post(request, row), _get_admin(), typed)
    if draft.content == statement.content():
        return None
    return UnsavedDraft(autosave.format_recent_time(row.saved_at, at), draft.content)


def save(request: HttpRequest, statement: Statement, *, at: dt.datetime) -> int:
    """Save it as the form would, as one version; return the version of the statement then."""
    row = _find_row(request, statement, at)
    if row is None:
        return statement.version
    posted, model_admin = _make_post(request, row), _get_admin()
    with transaction.atomic():
        form, formsets = model_admin.bind_forms(posted, lock_statement(statement.pk))
        if not all([form.is_valid(), *(formset.is_valid() for formset in formsets)]):
            raise NotSaved(
                _(
                    "Nothing was restored: what you have not saved yet cannot be saved as it is. "
                    "Go back to writing, save or discard it, then restore."
                )
            )
        model_admin.save_model(posted, form.instance, form, change=True)
        model_admin.save_related(posted, form, formsets, change=True)
    statement.refresh_from_db()
    return statement.version


def _find_row(request: HttpRequest, statement: Statement, at: dt.datetime) -> Autosave | None:
    rows = autosave.find_rows(get_user(request), at=at).filter(statement=statement)
    return rows.order_by("-saved_at", "-pk").first()


def _make_post(request: HttpRequest, row: Autosave) -> HttpRequest:
    """Return this request as the one that would save the autosaved form."""
    posted: Any = copy.copy(request)
    data = autosave.load_post_data(row)
    data["autosave_key"] = row.key
    posted.method, posted.POST, posted._files = "POST", data, MultiValueDict()  # noqa: SLF001 - as a parsed request has it
    return cast("HttpRequest", posted)


def _get_admin() -> "StatementAdmin":
    return cast("StatementAdmin", admin.site.get_model_admin(Statement))
