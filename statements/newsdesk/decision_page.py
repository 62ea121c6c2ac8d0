"""The page of one grave decision: its consequences, and the form that takes it."""

import datetime as dt

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from statements.models import Edition
from statements.newsdesk.consequences import describe_consequences
from statements.newsdesk.decisions import Decision
from statements.newsdesk.status import get_edition_status
from statements.published.editions import public_editions

MAX_REDIRECT_TARGETS = 40


def render(request: HttpRequest, decision: Decision, *, status: int = 200) -> HttpResponse:
    """Render the page; a bound decision is one that was just refused.

    What was typed stays in the form, or is shown as text if the decision is no longer open.
    """
    edition, at = decision.edition, decision.at
    typed = {name: request.POST.get(name, "") for name in decision.fields if name != "password"}
    if not decision.is_bound:
        shown = {name: value for name, value in typed.items() if value}
        decision.initial = {**decision.initial, **shown}
        if request.method == "POST" and "together" in decision.fields:
            decision.initial["together"] = request.POST.getlist("together")
    problems = decision.problems_for(edition, by=decision.by, at=at)
    refused = decision if decision.is_bound else None
    if status == 200 and any(problem.field == "role" for problem in problems):
        status = 403
    has_target = "target" in decision.fields and not problems
    context = {
        **admin.site.each_context(request),
        "title": decision.title,
        "no_difference": _("Readers see no difference."),
        "edition": edition,
        "statement": edition.statement,
        "status": get_edition_status(edition, at=at),
        "decision": decision,
        "refused": refused,
        "problems": problems,
        "typed_texts": refused.get_typed_texts() if refused and problems else [],
        "consequences": None
        if problems
        else describe_consequences(decision.key, edition, typed, at=at),
        "redirect_targets": _list_redirect_targets(edition, at) if has_target else [],
    }
    return TemplateResponse(request, "admin/newsdesk/decision.html", context, status=status)


def _list_redirect_targets(edition: Edition, at: dt.datetime) -> list[tuple[str, str]]:
    own = public_editions(at=at).filter(organisation=edition.organisation_id)
    newest = own.exclude(statement=edition.statement_id).order_by("-first_release_at")
    return [
        (reverse("statements:detail", args=[slug]), headline)
        for slug, headline in newest.values_list("slug", "headline")[:MAX_REDIRECT_TARGETS]
    ]
