"""The page of one grave decision: what will follow from it, and the form that carries it out."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from statements.models import Edition
from statements.newsdesk.consequences import describe_consequences
from statements.newsdesk.decisions import Decision
from statements.published.editions import public_editions

MAX_REDIRECT_TARGETS = 40


def render(
    request: HttpRequest, decision: Decision, *, edition_status: Any, status: int = 200
) -> HttpResponse:
    """Bound, the decision was refused: what was typed is in the form, or shown if that is gone."""
    edition, at = decision.edition, decision.at
    typed = {name: request.POST.get(name, "") for name in decision.fields if name != "password"}
    if not decision.is_bound:
        decision.initial = {name: value for name, value in typed.items() if value}
    problems = decision.problems_for(edition, by=request.user, at=at)
    refused = decision if decision.is_bound else None
    if status == 200 and any(problem.field == "role" for problem in problems):
        status = 403
    context = {
        **admin.site.each_context(request),
        "title": f"{decision.title}: edition {edition.sequence} of {edition.headline}",
        "edition": edition,
        "statement": edition.statement,
        "standing": edition_status,
        "decision": decision,
        "refused": refused,
        "problems": problems,
        "lost": refused.get_typed_texts() if refused and problems else [],
        "stated": None if problems else describe_consequences(decision.key, edition, typed, at=at),
        "offered": []
        if problems or "target" not in decision.fields
        else _list_redirect_targets(edition, at),
    }
    return TemplateResponse(request, "admin/newsdesk/decision.html", context, status=status)


def _list_redirect_targets(edition: Edition, at) -> list[tuple[str, str]]:
    """Where readers may be sent: what is public now, of the same publisher, newest first."""
    own = public_editions(at=at).filter(organisation=edition.organisation_id)
    newest = own.exclude(statement=edition.statement_id).order_by("-first_release_at")
    return [
        (reverse("statements:detail", args=[slug]), headline)
        for slug, headline in newest.values_list("slug", "headline")[:MAX_REDIRECT_TARGETS]
    ]
