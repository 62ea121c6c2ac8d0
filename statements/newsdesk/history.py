"""Everything that happened to one statement, and every edition of it."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from statements import clock
from statements.models import Statement
from statements.newsdesk import timeline
from statements.newsdesk.review import standing


@require_safe
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """In place of Django's own history, which knows only who pressed save."""
    if not request.user.has_perm("statements.view_edition"):
        raise PermissionDenied("To read the record you need to be on the newsdesk.")
    statement = get_object_or_404(Statement, pk=pk)
    at = clock.now()
    editions = statement.editions.defer("content").prefetch_related("withdrawals")
    context = {
        **admin.site.each_context(request),
        "title": f"History of {statement}",
        "statement": statement,
        "editions": [(e, standing(e, at=at)) for e in editions.order_by("-sequence")],
        "lines": timeline.lines(statement),
    }
    return TemplateResponse(request, "admin/newsdesk/history.html", context)
