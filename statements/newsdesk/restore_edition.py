"""Take an edition's words up again: what would be lost first, then one save."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods

from statements import clock
from statements.content.diff import diff_content
from statements.drafting.restore_edition import (
    RestoreResult,
    is_draft_in_edition,
    restore_to_draft,
)
from statements.models import Edition, StaleVersion
from statements.roles import NEWSDESK, require_group


@require_http_methods(["GET", "HEAD", "POST"])
def restore_edition(request: HttpRequest, pk: int) -> HttpResponse:
    """GET says what the working copy would lose; POST puts these words back into it."""
    require_writer(request)
    edition = get_object_or_404(Edition.objects.select_related("statement"), pk=pk)
    stale = ""
    if request.method == "POST" and is_readable(edition):
        try:
            taken = restore_to_draft(
                edition, by=request.user, at=clock.now(), seen_version=read_seen_version(request)
            )
        except StaleVersion as moved:
            stale = str(moved)
            edition.statement.refresh_from_db()
        else:
            message_restored(request, edition, taken)
            return redirect("admin:statements_statement_change", edition.statement_id)
    return _render(request, edition, stale)


def _render(request: HttpRequest, edition: Edition, stale: str) -> HttpResponse:
    statement, there = edition.statement, is_readable(edition)
    context = {
        **admin.site.each_context(request),
        "title": f"Take up edition {edition.sequence} of {statement}",
        "edition": edition,
        "statement": statement,
        "is_there": there,
        "kept": is_draft_in_edition(statement),
        "changes": diff_content(statement.content(), edition.content_data) if there else [],
        "stale": stale,
    }
    return TemplateResponse(
        request, "admin/newsdesk/taking_up.html", context, status=409 if stale else 200
    )


def is_readable(edition: Edition) -> bool:
    """Words that were taken away for good are not brought back by this way either."""
    return edition.erased_at is None and edition.suppressed_at is None


def message_restored(request: HttpRequest, edition: Edition, taken: RestoreResult) -> None:
    messages.success(
        request, f"The working copy says what edition {edition.sequence} said. Go on from here."
    )
    for sentence in taken.messages:
        messages.info(request, sentence)


def require_writer(request: HttpRequest) -> None:
    if not request.user.has_perm("statements.change_statement"):
        raise PermissionDenied("To write you need to be on the newsdesk.")
    require_group(request.user, NEWSDESK, "write")


def read_seen_version(request: HttpRequest) -> int:
    version = request.POST.get("seen_version", "")
    known = version.isascii() and version.isdecimal() and len(version) < 10
    return int(version) if known else 0
