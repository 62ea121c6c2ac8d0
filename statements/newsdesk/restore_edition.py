"""Restore an edition to the draft: show what would be lost, then save once."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from statements import clock
from statements.content.diff import diff_content
from statements.drafting.restore_edition import (
    RestoreResult,
    is_draft_in_edition,
    restore_to_draft,
)
from statements.models import Edition, StaleVersion
from statements.newsdesk.request_values import get_user, parse_number
from statements.roles import NEWSDESK, require_group


@require_http_methods(["GET", "HEAD", "POST"])
def restore_edition(request: HttpRequest, pk: int) -> HttpResponse:
    """Show on GET what the draft would lose; on POST restore the edition to it."""
    require_writer(request)
    edition = get_object_or_404(Edition.objects.select_related("statement"), pk=pk)
    stale = ""
    if request.method == "POST" and is_readable(edition):
        try:
            result = restore_to_draft(
                edition,
                by=get_user(request),
                at=clock.now(),
                seen_version=read_seen_version(request),
            )
        except StaleVersion as error:
            stale = str(error)
            edition.statement.refresh_from_db()
        else:
            add_restored_messages(request, edition, result)
            return redirect("admin:statements_statement_change", edition.statement_id)
    return _render(request, edition, stale)


def _render(request: HttpRequest, edition: Edition, stale: str) -> HttpResponse:
    statement, readable = edition.statement, is_readable(edition)
    context = {
        **admin.site.each_context(request),
        "title": _("Restore edition %(number)s of %(statement)s")
        % {"number": edition.sequence, "statement": statement},
        "edition": edition,
        "statement": statement,
        "is_readable": readable,
        "is_draft_in_edition": is_draft_in_edition(statement),
        "changes": diff_content(statement.content(), edition.content_data) if readable else [],
        "stale": stale,
    }
    return TemplateResponse(
        request, "admin/newsdesk/restore_edition.html", context, status=409 if stale else 200
    )


def is_readable(edition: Edition) -> bool:
    """Return whether the text may still be used: nobody erased or suppressed it."""
    return edition.erased_at is None and edition.suppressed_at is None


def add_restored_messages(request: HttpRequest, edition: Edition, result: RestoreResult) -> None:
    messages.success(
        request,
        _("The draft now has the text of edition %(number)s.") % {"number": edition.sequence},
    )
    for sentence in result.messages:
        messages.info(request, sentence)


def require_writer(request: HttpRequest) -> None:
    if not request.user.has_perm("statements.change_statement"):
        raise PermissionDenied(_("To write you need to be on the newsdesk."))
    require_group(get_user(request), NEWSDESK, "write")


def read_seen_version(request: HttpRequest) -> int:
    return parse_number(request.POST.get("seen_version")) or 0
