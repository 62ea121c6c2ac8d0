"""“Use an earlier statement”: the last changed, or those with the words that somebody looks for.

The search is posted with the form of the document beside it: nothing pasted there is lost.
"""

from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from statements.models import Statement
from statements.newsdesk.request_values import clean_search
from statements.newsdesk.statement_rows import annotate_statements, describe_rows
from statements.search.newsdesk import find_statements

BUTTON, FIELD = "_find", "earlier"
MAX_ROWS = 5
MAX_MATCHES = 200
"""Of the statements with the words, this many are sorted by the time of their last change."""


def is_looking(request: HttpRequest) -> bool:
    """Return whether the button of the search was pressed, and not that of the document."""
    return BUTTON in request.POST


def build_earlier_context(request: HttpRequest, user: User) -> dict[str, Any]:
    """Return what the card lists; the queries are constant."""
    query = clean_search(request.POST.get(FIELD, ""))
    hits = find_statements(query, limit=MAX_MATCHES) if query else None
    rows = Statement.objects.not_discarded().select_related("organisation")
    if hits:
        rows = rows.filter(pk__in=hits.statement_ids)
    statements: list[Any] = list(rows.order_by("-changed_at", "-pk")[:MAX_ROWS])
    annotate_statements(statements)
    describe_rows(statements, user, hits.parsed if hits else None)
    for statement in statements:
        statement.translate_url = _find_translation_url(statement)
    return {
        "earlier": statements,
        "earlier_query": query,
        "earlier_problem": hits.parsed.problem if hits else "",
    }


def _find_translation_url(statement: Statement) -> str:
    try:
        return reverse("admin:statements_statement_translate", args=[statement.pk])
    except NoReverseMatch:
        return ""
