"""Duplicate a statement from its form or its page: ask on GET, copy on POST."""

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from statements.drafting.duplicate import duplicate_statement
from statements.models import Statement
from statements.newsdesk.request_values import get_user
from statements.newsdesk.restore_edition import require_writer
from statements.newsdesk.staff_request import get_time


@require_http_methods(["GET", "HEAD", "POST"])
def duplicate(request: HttpRequest, pk: int) -> HttpResponse:
    require_writer(request)
    statement = get_object_or_404(Statement.objects.not_discarded(), pk=pk)
    if request.method == "POST":
        draft = duplicate_statement(statement, by=get_user(request), at=get_time(request))
        messages.success(
            request,
            _("This is a new draft with the same words. Its dates are empty."),
        )
        return redirect("admin:statements_statement_change", draft.pk)
    context = {
        **admin.site.each_context(request),
        "title": _("Duplicate this statement?"),
        "statement": statement,
    }
    return TemplateResponse(request, "admin/newsdesk/duplicate.html", context)
