"""The history of one statement: its events, its editions, and any two editions compared."""

from dataclasses import dataclass

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from statements import clock
from statements.audit import verification
from statements.content.diff import ContentChange, diff_content
from statements.models import Edition, Statement
from statements.newsdesk import timeline
from statements.newsdesk.request_values import get_user, parse_number
from statements.newsdesk.status import get_edition_status
from statements.roles import NEWSDESK, is_in_group


@dataclass(frozen=True)
class EditionComparison:
    """Two editions compared, the earlier one first."""

    before: Edition
    after: Edition
    changes: list[ContentChange]

    @property
    def erased_editions(self) -> list[Edition]:
        return [edition for edition in (self.before, self.after) if edition.erased_at]


@require_safe
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """Replace the history of Django's admin, which knows only who pressed save."""
    if not request.user.has_perm("statements.view_edition"):
        raise PermissionDenied(_("To read the record you need to be on the newsdesk."))
    statement = get_object_or_404(Statement, pk=pk)
    at = clock.now()
    before = parse_number(request.GET.get("before"))
    editions = list(
        statement.editions.defer("content").prefetch_related("withdrawals").order_by("-sequence")
    )
    entries = timeline.list_entries(statement, before=before)
    sequences = [edition.sequence for edition in editions]
    context = {
        **admin.site.each_context(request),
        "title": _("History of %(statement)s") % {"statement": statement},
        "statement": statement,
        "at": at,
        "editions": [(edition, get_edition_status(edition, at=at)) for edition in editions],
        "entries": entries,
        "is_continued": before is not None,
        "next_before": entries[-1].number if entries and entries[-1].number > 1 else None,
        "event_count": statement.events.aggregate(last=Max("number"))["last"],
        "record_problems": verification.verify_statement(statement),
        "baselines": verification.describe_baselines(statement),
        "from": parse_number(request.GET.get("from")) or (sequences[1] if sequences[1:] else 0),
        "to": parse_number(request.GET.get("to")) or (sequences[0] if sequences else 0),
        "comparison": _compare_editions(request, statement),
        "can_restore": is_in_group(get_user(request), NEWSDESK),
    }
    return TemplateResponse(request, "admin/newsdesk/history.html", context)


def _compare_editions(request: HttpRequest, statement: Statement) -> EditionComparison | None:
    asked = (parse_number(request.GET.get(name)) for name in ("from", "to"))
    numbers = {number for number in asked if number is not None}
    editions = list(statement.editions.filter(sequence__in=numbers).order_by("sequence"))
    if not editions or len(editions) != len(numbers):
        return None
    before, after = editions[0], editions[-1]
    return EditionComparison(before, after, diff_content(before.content_data, after.content_data))
