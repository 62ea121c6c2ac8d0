"""The bin: discard a draft, see what was discarded, take it back."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from statements import workflow
from statements.models import Contribution, StaleVersion, Statement
from statements.newsdesk import autosave
from statements.newsdesk.request_values import get_user
from statements.newsdesk.restore_edition import read_seen_version, require_writer
from statements.newsdesk.staff_request import get_time, is_on_newsdesk
from statements.newsdesk.user_names import get_display_name
from statements.roles import EDITORS, is_in_group
from statements.workflow import discarding

MAX_ROWS = 200


@dataclass(frozen=True)
class DiscardedDraft:
    """A draft in the bin, as it is listed."""

    statement: Statement
    when: str
    who: str
    ends_on: dt.date


def find_discarded(user: User) -> QuerySet[Statement]:
    """Return the drafts in the bin that this person may take back, the last discarded first."""
    rows = Statement.objects.filter(discarded_at__isnull=False, erased_at=None)
    if not is_in_group(user, EDITORS):
        own = Contribution.objects.filter(statement=OuterRef("pk"), user=user)
        rows = rows.filter(Exists(own))
    return rows.select_related("discarded_by").order_by("-discarded_at")


@require_safe
def list_bin(request: HttpRequest) -> HttpResponse:
    require_writer(request)
    at, by = get_time(request), get_user(request)
    rows = list(find_discarded(by)[: MAX_ROWS + 1])
    context = {
        **admin.site.each_context(request),
        "title": _("Bin"),
        "drafts": [_describe(statement, by=by, at=at) for statement in rows[:MAX_ROWS]],
        "has_more": len(rows) > MAX_ROWS,
        "max_rows": MAX_ROWS,
    }
    return TemplateResponse(request, "admin/newsdesk/bin.html", context)


def _describe(statement: Statement, *, by: User, at: dt.datetime) -> DiscardedDraft:
    assert statement.discarded_at, "Only what was discarded is in the bin."
    assert statement.discarded_by, "A constraint holds that it is set."
    return DiscardedDraft(
        statement,
        when=autosave.format_recent_time(statement.discarded_at, at),
        who=_("you") if statement.discarded_by == by else get_display_name(statement.discarded_by),
        ends_on=timezone.localdate(discarding.find_end_in_bin(statement)),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Say on GET what happens, and put the draft in the bin on POST."""
    require_writer(request)
    statement, by = get_object_or_404(Statement, pk=pk), get_user(request)
    if statement.discarded_at:
        return redirect("admin:statements_statement_change", pk)
    problems = [str(problem) for problem in discarding.discard_problems(statement)]
    status = 200
    if request.method == "POST":
        try:
            workflow.discard(
                statement, by=by, at=get_time(request), seen_version=read_seen_version(request)
            )
        except workflow.Refused as refused:
            problems, status = [str(problem) for problem in refused.problems], 422
        except StaleVersion as stale:
            problems, status = [str(stale)], 409
            statement.refresh_from_db()
        else:
            messages.success(
                request, _("The draft is in the bin for 30 days. You can take it back until then.")
            )
            return redirect("admin:statements_statement_bin")
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _("Discard this draft?"),
        "statement": statement,
        "problems": problems,
        "can_discard": discarding.can_use_bin(statement, by=by)
        and not discarding.discard_problems(statement),
    }
    return TemplateResponse(request, "admin/newsdesk/discard.html", context, status=status)


@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    require_writer(request)
    statement = get_object_or_404(Statement, pk=pk)
    try:
        workflow.take_back(statement, by=get_user(request))
    except workflow.Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The draft is back, as it was."))
    return redirect("admin:statements_statement_change", pk)


def render_discarded(request: HttpRequest, pk: int | None) -> HttpResponse | None:
    """Return what stands in place of the form of a discarded draft; None for any other.

    What somebody sends from a form that was open is kept as their unsaved words.
    """
    statement = Statement.objects.filter(pk=pk or 0, discarded_at__isnull=False).first()
    if statement is None:
        return None
    if not request.user.has_perm("statements.view_statement"):
        raise PermissionDenied(_("To read a draft you need to be on the newsdesk."))
    at, by = get_time(request), get_user(request)
    is_kept = request.method == "POST" and _keep_typed(request, statement, by=by, at=at)
    context = {
        **admin.site.each_context(request),
        "title": _("This draft was discarded"),
        "statement": statement,
        "draft": None if statement.erased_at else _describe(statement, by=by, at=at),
        "can_take_back": not statement.erased_at and discarding.can_use_bin(statement, by=by),
        "is_kept": is_kept,
    }
    status = 409 if request.method == "POST" else 200
    return TemplateResponse(request, "admin/newsdesk/discarded.html", context, status=status)


def _keep_typed(request: HttpRequest, statement: Statement, *, by: User, at: dt.datetime) -> bool:
    """Keep what was typed for this person, who can restore it once the draft is taken back."""
    if statement.erased_at or not is_on_newsdesk(request):
        return False
    key = request.POST.get("autosave_key", "")
    fields = autosave.list_typed_fields(request)
    return bool(autosave.KEY_PATTERN.fullmatch(key)) and autosave.save(
        fields, key=key, statement=statement, by=by, at=at
    )
