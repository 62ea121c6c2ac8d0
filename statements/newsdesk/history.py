"""Everything that happened to one statement, every edition of it, and any two compared."""

from dataclasses import dataclass

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from statements import clock
from statements.audit import events
from statements.content.diff import ContentChange, diff_content
from statements.models import Edition, Statement
from statements.newsdesk import timeline
from statements.newsdesk.review import get_edition_status
from statements.roles import NEWSDESK, is_in_group


@dataclass(frozen=True)
class EditionComparison:
    """Two editions side by side, the earlier one first; `erased` when there is nothing to read."""

    before: Edition
    after: Edition
    changes: list[ContentChange]

    @property
    def erased_editions(self) -> list[Edition]:
        return [edition for edition in (self.before, self.after) if edition.erased_at]


@require_safe
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """In place of Django's own history, which knows only who pressed save."""
    if not request.user.has_perm("statements.view_edition"):
        raise PermissionDenied("To read the record you need to be on the newsdesk.")
    statement = get_object_or_404(Statement, pk=pk)
    at = clock.now()
    before = _parse_number(request, "before")
    editions = list(
        statement.editions.defer("content").prefetch_related("withdrawals").order_by("-sequence")
    )
    lines = timeline.list_entries(statement, before=before)
    context = {
        **admin.site.each_context(request),
        "title": f"History of {statement}",
        "statement": statement,
        "at": at,
        "editions": [(e, get_edition_status(e, at=at)) for e in editions],
        "lines": lines,
        "is_older": before is not None,
        "older": lines[-1].number if lines and lines[-1].number > 1 else None,
        "events": statement.events.order_by("-number").values_list("number", flat=True).first(),
        "broken": events.verify_statement(statement),
        "from": _parse_number(request, "from")
        or (editions[1].sequence if len(editions) > 1 else 0),
        "to": _parse_number(request, "to") or (editions[0].sequence if editions else 0),
        "compared": _compare_editions(request, statement),
        "takes_up": is_in_group(request.user, NEWSDESK),
    }
    return TemplateResponse(request, "admin/newsdesk/history.html", context)


def _compare_editions(request: HttpRequest, statement: Statement) -> EditionComparison | None:
    """The two editions that were asked for; None unless both are this statement's."""
    numbers = (_parse_number(request, "from"), _parse_number(request, "to"))
    asked = {number for number in numbers if number is not None}
    found = list(statement.editions.filter(sequence__in=asked).order_by("sequence"))
    if not found or len(found) != len(asked):
        return None
    before, after = found[0], found[-1]
    return EditionComparison(before, after, diff_content(before.content_data, after.content_data))


def _parse_number(request: HttpRequest, name: str) -> int | None:
    value = request.GET.get(name, "")
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 9 else None
