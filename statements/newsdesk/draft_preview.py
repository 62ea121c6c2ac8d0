"""Show the public page of what is typed, before anything is saved.

The words come by POST and leave in the response alone: no row, event, cache or log has them. The
response is for the frame beside the words, or for a tab of its own.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from csp.constants import NONE, SELF
from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
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
_View = Callable[..., HttpResponse]
# The decorator is typed for views that take the request alone.
_with_policy = cast("Callable[[_View], _View]", csp_replace(POLICY))
PROBLEM_COUNT = "X-Unusable-Fields"
"""The header that counts what was typed and cannot be shown."""


@sensitive_post_parameters()
@never_cache
@_with_policy
@require_http_methods(["GET", "HEAD", "POST"])
def preview_draft(
    request: HttpRequest, model_admin: "StatementAdmin", statement: Statement | None
) -> HttpResponse:
    """Return the page that the public would see of what was posted; send a GET to the form."""
    if request.method != "POST":
        if statement is None:
            return redirect("admin:statements_statement_add")
        return redirect("admin:statements_statement_change", statement.pk)
    draft = read_typed_draft(request, model_admin, statement)
    response = preview.draft_response(
        build_draft_page(draft.statement, draft.content, themes=draft.themes),
        speakers=name_speakers(draft.speakers),
        at=get_time(request),
        file_url=file_url,
    )
    response.headers[PROBLEM_COUNT] = str(draft.problem_count)
    return response
