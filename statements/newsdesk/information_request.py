"""Download the whole file of a statement: ask for the password on GET, stream on POST."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from statements import workflow
from statements.models import Statement
from statements.newsdesk.information_file import stream_zip
from statements.newsdesk.request_values import get_user
from statements.newsdesk.staff_request import get_time
from statements.roles import EDITORS, is_in_group


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def download(request: HttpRequest, pk: int) -> HttpResponseBase:
    by, at = get_user(request), get_time(request)
    if not is_in_group(by, EDITORS):
        raise PermissionDenied(_("To download the file of a statement you need to be an editor."))
    statement = get_object_or_404(Statement.objects.not_discarded(), pk=pk)
    if request.method != "POST":
        return _render(request, statement)
    try:
        workflow.download_file(statement, by=by, at=at, password=request.POST.get("password", ""))
    except workflow.Refused as refused:
        return _render(request, statement, " ".join(map(str, refused.problems)))
    name = f"statement-{statement.pk}-{timezone.localdate(at).isoformat()}.zip"
    return StreamingHttpResponse(
        stream_zip(statement, by=by, at=at),
        content_type="application/zip",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "private, no-store",
        },
    )


def _render(request: HttpRequest, statement: Statement, problem: str = "") -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": _("Download everything about this statement"),
        "statement": statement,
        "problem": problem,
    }
    template = "admin/newsdesk/information_request.html"
    return TemplateResponse(request, template, context, status=422 if problem else 200)
