"""The related articles of one statement, for editors to pin or block with a button."""

import datetime as dt
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods

from statements import clock, workflow
from statements.content.quotation_marks import quote_headline
from statements.models import Edition, RelatedStatement, Statement
from statements.newsdesk.request_values import get_user, parse_number
from statements.published.editions import load_statement_page, public_editions
from statements.published.statement_context import load_context
from statements.related.articles import RelatedArticle, find_related_articles
from statements.roles import NEWSDESK, require_group

SUCCESS_MESSAGES = {
    "pin": _lazy("{to} is now always shown as a related article."),
    "unpin": _lazy("{to} is no longer pinned. It may still be suggested."),
    "block": _lazy("{to} is never suggested here again."),
    "allow": _lazy("{to} may be suggested here again."),
}


@require_http_methods(["GET", "HEAD", "POST"])
def edit_related(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the related articles as they are now; on POST pin, unpin, block or allow one."""
    require_group(request.user, NEWSDESK, _("see the related articles of a statement"))
    statement = get_object_or_404(Statement, pk=pk)
    if request.method == "POST":
        return _apply_action(request, statement)
    at = clock.now()
    edition = _find_edition(statement, at)
    relations = statement.relations.select_related("to").order_by("position", "pk")
    context = {
        **admin.site.each_context(request),
        "title": _("Related articles of %(statement)s") % {"statement": statement},
        "statement": statement,
        "quoted_headline": quote_headline(statement),
        "edition": edition,
        "is_public": edition is not None and edition.is_public(at),
        "articles": _find_articles(edition, at) if edition else [],
        "pinned": [relation for relation in relations if not relation.blocked],
        "blocked": [relation for relation in relations if relation.blocked],
        "may_change": workflow.can_edit_metadata(statement, by=get_user(request), at=at),
    }
    return TemplateResponse(request, "admin/newsdesk/related.html", context)


def _find_edition(statement: Statement, at: dt.datetime) -> Edition | None:
    """Return the public edition, or else the newest one that is not erased."""
    public = public_editions(at=at).filter(statement=statement).first()
    return public or statement.editions.filter(erased_at=None).order_by("-sequence").first()


def _find_articles(edition: Edition, at: dt.datetime) -> list[RelatedArticle]:
    page = load_statement_page(edition)
    context = load_context(page, at=at)
    return find_related_articles(page, context, at=at)


def _apply_action(request: HttpRequest, statement: Statement) -> HttpResponse:
    action, to = request.POST.get("do", ""), parse_number(request.POST.get("to"))
    article = (
        Statement.objects.not_discarded().filter(pk=to).exclude(pk=statement.pk).first()
        if to
        else None
    )
    if action not in SUCCESS_MESSAGES or article is None:
        messages.error(request, _("Nothing was changed: that article is not there. Choose again."))
        return _redirect_back(statement)
    try:
        workflow.update_metadata(
            statement,
            by=get_user(request),
            at=clock.now(),
            change=lambda: _update_relations(action, statement, article),
        )
    except PermissionDenied as denied:
        messages.error(request, str(denied))
    else:
        messages.success(request, SUCCESS_MESSAGES[action].format(to=quote_headline(article)))
    return _redirect_back(statement)


def _update_relations(action: str, statement: Statement, article: Statement) -> dict[str, Any]:
    """Apply the action, which may come twice; return the new list for the event."""
    if action in ("unpin", "allow"):
        statement.relations.filter(to=article, blocked=action == "allow").delete()
    else:
        last = statement.relations.aggregate(last=Max("position"))["last"]
        RelatedStatement.objects.update_or_create(
            statement=statement,
            to=article,
            defaults={"blocked": action == "block"},
            create_defaults={
                "blocked": action == "block",
                "position": 0 if last is None else last + 1,
            },
        )
    is_blocking = action in ("block", "allow")
    rows = statement.relations.filter(blocked=is_blocking).order_by("position", "pk")
    return {
        "never suggested" if is_blocking else "related": list(rows.values_list("to", flat=True))
    }


def _redirect_back(statement: Statement) -> HttpResponse:
    return redirect("admin:statements_statement_related", statement.pk)
