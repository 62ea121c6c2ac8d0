"""Take an edition's words up again: what would be lost first, then one save."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods

from statements import clock
from statements.content.diff import changes
from statements.drafting import restore_edition
from statements.models import Edition, Stale
from statements.roles import NEWSDESK, demand


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """GET says what the working copy would lose; POST puts these words back into it."""
    may_write(request)
    edition = get_object_or_404(Edition.objects.select_related("statement"), pk=pk)
    stale = ""
    if request.method == "POST" and is_there(edition):
        try:
            taken = restore_edition.take_up(
                edition, by=request.user, at=clock.now(), seen_version=seen_version(request)
            )
        except Stale as moved:
            stale = str(moved)
            edition.statement.refresh_from_db()
        else:
            tell(request, edition, taken)
            return redirect("admin:statements_statement_change", edition.statement_id)
    return _shown(request, edition, stale)


def _shown(request: HttpRequest, edition: Edition, stale: str) -> HttpResponse:
    statement, there = edition.statement, is_there(edition)
    context = {
        **admin.site.each_context(request),
        "title": f"Take up edition {edition.sequence} of {statement}",
        "edition": edition,
        "statement": statement,
        "is_there": there,
        "kept": restore_edition.is_kept(statement),
        "changes": changes(statement.content(), edition.words) if there else [],
        "stale": stale,
    }
    return TemplateResponse(
        request, "admin/newsdesk/taking_up.html", context, status=409 if stale else 200
    )


def is_there(edition: Edition) -> bool:
    """Words that were taken away for good are not brought back by this way either."""
    return edition.erased_at is None and edition.suppressed_at is None


def tell(request: HttpRequest, edition: Edition, taken: restore_edition.TakenUp) -> None:
    messages.success(
        request, f"The working copy says what edition {edition.sequence} said. Go on from here."
    )
    for sentence in taken.told:
        messages.info(request, sentence)


def may_write(request: HttpRequest) -> None:
    if not request.user.has_perm("statements.change_statement"):
        raise PermissionDenied("To write you need to be on the newsdesk.")
    demand(request.user, NEWSDESK, "write")


def seen_version(request: HttpRequest) -> int:
    version = request.POST.get("seen_version", "")
    known = version.isascii() and version.isdecimal() and len(version) < 10
    return int(version) if known else 0
