"""What stands beneath one statement for its readers, to pin or to block by a button."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods

from statements import clock, workflow
from statements.content.quotation_marks import quote_headline
from statements.models import Edition, RelatedStatement, Statement
from statements.newsdesk.statement_filters import parse_id
from statements.published.editions import load_statement_page, public_editions
from statements.published.statement_context import load_context
from statements.related.articles import RelatedArticle, build_extra_queries, find_related_articles
from statements.roles import NEWSDESK, require_group

SUCCESS_MESSAGES = {
    "pin": "{to} stands beneath it from now on, whatever else is found.",
    "unpin": "{to} is chosen no more. It may still be suggested.",
    "block": "{to} is never suggested beneath it again.",
    "allow": "{to} may be suggested beneath it again.",
}


@require_http_methods(["GET", "HEAD", "POST"])
def edit_related(request: HttpRequest, pk: int) -> HttpResponse:
    """GET shows what stands beneath it at this moment; POST pins, unpins, blocks or allows one."""
    require_group(request.user, NEWSDESK, "see what stands beneath a statement")
    statement = get_object_or_404(Statement, pk=pk)
    if request.method == "POST":
        return _apply_action(request, statement)
    at = clock.now()
    edition = _find_edition(statement, at)
    chosen = statement.relations.select_related("to").order_by("position", "pk")
    context = {
        **admin.site.each_context(request),
        "title": f"Related articles of {statement}",
        "statement": statement,
        "named": quote_headline(statement),
        "edition": edition,
        "is_public": edition is not None and edition.is_public(at),
        "found": _find_related(edition, at) if edition else [],
        "chosen": [one for one in chosen if not one.blocked],
        "blocked": [one for one in chosen if one.blocked],
        "may_change": workflow.can_edit_metadata(statement, by=request.user, at=at),
    }
    return TemplateResponse(request, "admin/newsdesk/related.html", context)


def _find_edition(statement: Statement, at) -> Edition | None:
    """The one that readers have; else the newest, whose page is still to come."""
    public = public_editions(at=at).filter(statement=statement).first()
    return public or statement.editions.filter(erased_at=None).order_by("-sequence").first()


def _find_related(edition: Edition, at) -> list[RelatedArticle]:
    opened = load_statement_page(edition)
    return find_related_articles(
        opened, load_context(opened, at=at, extra_queries=build_extra_queries), at=at
    )


def _apply_action(request: HttpRequest, statement: Statement) -> HttpResponse:
    deed, to = request.POST.get("do", ""), parse_id(request.POST.get("to"))
    other = Statement.objects.filter(pk=to).exclude(pk=statement.pk).first() if to else None
    if deed not in SUCCESS_MESSAGES or other is None:
        messages.error(request, "Nothing was changed: that article is not there. Choose again.")
        return _redirect_back(statement)
    try:
        workflow.update_metadata(
            statement,
            by=request.user,
            at=clock.now(),
            change=lambda: _update_relations(deed, statement, other),
        )
    except PermissionDenied as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, SUCCESS_MESSAGES[deed].format(to=quote_headline(other)))
    return _redirect_back(statement)


def _update_relations(deed: str, statement: Statement, other: Statement) -> dict:
    """Pressing twice changes nothing more; returns what stands there now, for the record."""
    if deed in ("unpin", "allow"):
        statement.relations.filter(to=other, blocked=deed == "allow").delete()
    else:
        last = statement.relations.aggregate(last=Max("position"))["last"]
        RelatedStatement.objects.update_or_create(
            statement=statement,
            to=other,
            defaults={"blocked": deed == "block"},
            create_defaults={
                "blocked": deed == "block",
                "position": 0 if last is None else last + 1,
            },
        )
    blocked = deed in ("block", "allow")
    there = statement.relations.filter(blocked=blocked).order_by("position", "pk")
    said = [one.to.headline for one in there.select_related("to")]
    return {"never suggested" if blocked else "related": said}


def _redirect_back(statement: Statement) -> HttpResponse:
    return redirect("admin:statements_statement_related", statement.pk)
