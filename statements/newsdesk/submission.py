"""Confirm what changed since the draft was saved, then submit it."""

import datetime as dt

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from statements import clock, workflow
from statements.models import StaleVersion, Statement
from statements.newsdesk.ask_editor import build_context, read_editor
from statements.newsdesk.request_values import get_user
from statements.newsdesk.restore_edition import read_seen_version, require_writer
from statements.newsdesk.statement_save import finish_submission, message_refusal
from statements.newsdesk.user_names import get_display_name
from statements.workflow.hands import UnsavedChanges
from statements.workflow.submission import find_unconfirmed_changes


@require_http_methods(["GET", "HEAD", "POST"])
def confirm_submission(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what differs from the last save; on POST submit what was confirmed."""
    require_writer(request)
    statement, at = get_object_or_404(Statement, pk=pk), clock.now()
    if request.method == "POST":
        return _submit(request, statement, at)
    if changes := find_unconfirmed_changes(statement, at=at):
        return _render(request, statement, changes)
    return redirect("admin:statements_statement_change", pk)


def _submit(request: HttpRequest, statement: Statement, at: dt.datetime) -> HttpResponse:
    editor = read_editor(request.POST)
    try:
        edition = workflow.submit(
            statement,
            by=get_user(request),
            at=at,
            seen_version=read_seen_version(request),
            confirmed_changes=request.POST.get("confirmed", ""),
            editor=editor,
        )
    except workflow.UnconfirmedChanges as unconfirmed:
        return _render(request, statement, unconfirmed.changes, status=409)
    except workflow.Refused as refused:
        message_refusal(request, refused)
    except StaleVersion as stale:
        messages.error(request, _("Not submitted. %(stale)s") % {"stale": stale})
    else:
        finish_submission(request, edition, editor=editor, at=at)
        return redirect("admin:index")
    return redirect("admin:statements_statement_change", statement.pk)


def _render(
    request: HttpRequest, statement: Statement, changes: UnsavedChanges, *, status: int = 200
) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        **build_context(request, statement, at=clock.now()),
        "title": _("Submit %(statement)s") % {"statement": statement},
        "statement": statement,
        "changes": changes.differences,
        "token": changes.token,
        "changed_by": [get_display_name(user) for user in changes.changed_by],
        "edition": statement,  # _changes.html takes the language from it
    }
    template = "admin/newsdesk/confirm_submission.html"
    return TemplateResponse(request, template, context, status=status)
