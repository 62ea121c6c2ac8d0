"""The remarks of the newsdesk: beside the words that they are about, to resolve and reopen."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from statements.content.html import text_of_block
from statements.content.reading import read_content
from statements.content.schema import Content
from statements.models import Edition, Remark, Statement
from statements.newsdesk.request_values import get_user
from statements.newsdesk.staff_request import get_time, is_on_newsdesk
from statements.newsdesk.time_format import format_long
from statements.newsdesk.user_names import get_display_name, get_initials
from statements.newsdesk.version_summary import name_block
from statements.roles import NEWSDESK, is_in_group
from statements.signoff import remarks
from statements.workflow import Refused

MAX_REMARKS = 200
EXCERPT_CHARS = 90


@dataclass(frozen=True)
class RemarkRow:
    """One remark, as it is shown: who, when, and on what."""

    remark: Remark
    who: str
    initials: str
    when: str
    where: str
    resolved: str


@dataclass(frozen=True)
class RemarkThread:
    """The remarks on one passage, or on the whole."""

    block_id: str
    title: str
    excerpt: str
    rows: list[RemarkRow]

    @property
    def open_count(self) -> int:
        return sum(row.remark.resolved_at is None for row in self.rows)


def build_context(
    statement: Statement, content: Content, *, by: User, edition: Edition | None = None
) -> dict[str, Any]:
    """Return the remarks by the passages of this content, with what `_remarks.html` needs.

    Two queries, however many remarks there are.
    """
    newest = statement.remarks.select_related("by", "edition", "resolved_by")
    rows = list(newest.defer("edition__content").order_by("-pk")[:MAX_REMARKS])[::-1]
    threads = _group(rows, content, by=by)
    blocks = [block for block in content.get("blocks", ()) if block["id"]]
    return {
        "remarks": rows,
        "can_remark": is_in_group(by, NEWSDESK),
        "remark_threads": threads,
        "open_remark_count": sum(thread.open_count for thread in threads),
        "remark_places": [(block["id"], name_block(block)) for block in blocks],
        "remark_statement": statement,
        "remark_edition": edition,
    }


def _group(rows: list[Remark], content: Content, *, by: User) -> list[RemarkThread]:
    """Return the thread on the whole, then that of each passage, then those of passages gone."""
    by_block: dict[str, list[RemarkRow]] = {}
    for remark in rows:
        by_block.setdefault(remark.block_id, []).append(_describe(remark, by))
    threads = []
    if "" in by_block:
        threads.append(RemarkThread("", _("On the whole"), "", by_block.pop("")))
    for block in content.get("blocks", ()):
        if block["id"] in by_block:
            found = by_block.pop(block["id"])
            threads.append(RemarkThread(block["id"], name_block(block), _excerpt(block), found))
    threads += [
        RemarkThread(block_id, _("On a passage that is no longer there"), "", found)
        for block_id, found in by_block.items()
    ]
    return threads


def _excerpt(block: Content) -> str:
    paragraphs = block.get("paragraphs") or [""]
    return Truncator(text_of_block(paragraphs[0])).chars(EXCERPT_CHARS)


def _describe(remark: Remark, by: User) -> RemarkRow:
    where = (
        _("edition %(number)d") % {"number": remark.edition.sequence}
        if remark.edition
        else _("version %(number)d") % {"number": remark.version or 0}
    )
    resolved = ""
    if remark.resolved_by and remark.resolved_at:
        resolved = _("Resolved by %(who)s, %(when)s") % {
            "who": _name(remark.resolved_by, by),
            "when": format_long(remark.resolved_at),
        }
    return RemarkRow(
        remark,
        who=_name(remark.by, by),
        initials=get_initials(remark.by),
        when=format_long(remark.at),
        where=where,
        resolved=resolved,
    )


def _name(user: User, by: User) -> str:
    return _("You") if user == by else get_display_name(user)


def build_edition_context(edition: Edition, *, by: User) -> dict[str, Any]:
    """Return the remarks on the review: by the passages of the edition."""
    content = {} if edition.erased_at else edition.content_data
    return build_context(edition.statement, content, by=by, edition=edition)


def build_draft_context(statement: Statement, *, by: User) -> dict[str, Any]:
    """Return the remarks beside the form: by the passages as they were saved last."""
    version = statement.draft_versions.exclude(text="").order_by("-version").first()
    content = read_content(version.text) if version else {}
    return build_context(statement, content, by=by)


# --- Views ----------------------------------------------------------------------------------------


@require_POST
def add_to_draft(request: HttpRequest, pk: int) -> HttpResponse:
    statement = get_object_or_404(Statement.objects.not_discarded(), pk=pk)

    def add() -> None:
        remarks.add_draft_remark(
            statement,
            by=get_user(request),
            at=get_time(request),
            text=request.POST.get("text", ""),
            block_id=request.POST.get("block_id", ""),
        )

    return _run(request, add, _redirect(statement.pk, None))


@require_POST
def resolve(request: HttpRequest, pk: int) -> HttpResponse:
    remark = get_object_or_404(Remark, pk=pk)
    return _run(
        request,
        lambda: remarks.resolve_remark(remark, by=get_user(request), at=get_time(request)),
        _redirect_back(request, remark),
    )


@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    remark = get_object_or_404(Remark, pk=pk)
    return _run(
        request,
        lambda: remarks.reopen_remark(remark, by=get_user(request)),
        _redirect_back(request, remark),
    )


def _run(request: HttpRequest, action: Callable[[], None], response: HttpResponse) -> HttpResponse:
    if not is_on_newsdesk(request):
        raise PermissionDenied(_("To remark on a statement you need to be on the newsdesk."))
    try:
        action()
    except Refused as refused:
        for problem in refused.problems:
            messages.error(request, str(problem))
    return response


def _redirect_back(request: HttpRequest, remark: Remark) -> HttpResponse:
    """Lead back to the review or to the form, from where the button was pressed."""
    is_review = request.POST.get("back") == "review"
    return _redirect(remark.statement_id, _find_edition(remark) if is_review else None)


def _find_edition(remark: Remark) -> int | None:
    editions = Edition.objects.filter(statement=remark.statement_id).order_by("-sequence")
    return remark.edition_id or editions.values_list("pk", flat=True).first()


def _redirect(statement_pk: int, edition_pk: int | None) -> HttpResponse:
    if edition_pk:
        url = reverse("admin:statements_edition_review", args=[edition_pk])
        return HttpResponseRedirect(f"{url}#remarks")
    url = reverse("admin:statements_statement_change", args=[statement_pk])
    return HttpResponseRedirect(f"{url}#activity")
