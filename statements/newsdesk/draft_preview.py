"""Show the public page of what is typed, before anything is saved.

The words come by POST and leave in the response alone: no row, event, cache or log has them. The
response is for the frame beside the words, or for a tab of its own.
"""

from typing import TYPE_CHECKING, Any

from csp.constants import NONE, SELF
from csp.decorators import csp_replace
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from statements.models import Statement
from statements.newsdesk.files import file_url
from statements.newsdesk.staff_request import get_time
from statements.newsdesk.typed_draft import read_typed_draft
from statements.public import preview
from statements.published.draft_pages import build_draft_page, name_speakers

if TYPE_CHECKING:
    from statements.newsdesk.statement_admin import StatementAdmin

POLICY = {"script-src": [NONE], "connect-src": [NONE], "form-action": [NONE]} | {
    "frame-src": [NONE],
    "frame-ancestors": [SELF],
}
_with_policy: Any = csp_replace(POLICY)  # typed for views that take the request alone
PROBLEM_COUNT = "X-Unusable-Fields"
"""The header that counts what was typed and cannot be shown."""


@sensitive_post_parameters()
@never_cache
@_with_policy
@require_http_methods(["GET", "HEAD", "POST"])
def preview_draft(
    request: HttpRequest, model_admin: "StatementAdmin", pk: int | None
) -> HttpResponse:
    """Return the page that the public would see of what was posted; send a GET to the form."""
    statement = _get_statement(request, model_admin, pk)
    if request.method != "POST":
        name = "change" if pk else "add"
        return redirect(f"admin:statements_statement_{name}", *([pk] if pk else []))
    draft = read_typed_draft(request, model_admin, statement)
    response = preview.draft_response(
        build_draft_page(draft.statement, draft.content, themes=draft.themes),
        speakers=name_speakers(draft.speakers),
        at=get_time(request),
        file_url=file_url,
    )
    response.headers[PROBLEM_COUNT] = str(draft.problem_count)
    return response


def _get_statement(
    request: HttpRequest, model_admin: "StatementAdmin", pk: int | None
) -> Statement | None:
    """Return the statement to people who may change it, None to those who may add one."""
    if pk is None:
        if not model_admin.has_add_permission(request):
            raise PermissionDenied("To write a statement you need to be on the newsdesk.")
        return None
    statement: Statement | None = model_admin.get_queryset(request).filter(pk=pk).first()
    if statement is None:
        raise Http404("There is no such statement.")
    if not model_admin.has_change_permission(request, statement):
        raise PermissionDenied("To change a statement you need to be on the newsdesk.")
    return statement
