"""The statuses of the statement list: chips above it, each with a count."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from statements import clock
from statements.models import DraftSearchRow, Edition, State, Statement, Withdrawal
from statements.newsdesk import dashboard
from statements.newsdesk.base_admin import MAX_COUNTED_ROWS, count_rows
from statements.newsdesk.dashboard_needs import build_review_sections
from statements.newsdesk.dashboard_section import DashboardSection
from statements.newsdesk.request_values import get_user
from statements.publicness import public_at, released_after
from statements.roles import EDITORS, is_in_group


def list_statuses() -> list[tuple[str, str]]:
    """Return the statuses that have a chip."""
    return [
        ("draft", _("Draft")),
        ("in_review", _("In review")),
        ("sent_back", _("Sent back")),
        ("scheduled", _("Scheduled")),
        ("on_hold", _("On hold")),
        ("published", _("Published")),
        ("withdrawn", _("Withdrawn")),
        ("cancelled", _("Cancelled")),
    ]


def list_personal_statuses() -> list[tuple[str, str]]:
    """Return what the dashboard and the views lead to, and no chip does."""
    return [
        ("my_drafts", _("Your drafts")),
        ("needs_me", _("Needs you now")),
        ("changing", _("Published, with a change on the way")),
    ]


class StatusFilter(admin.SimpleListFilter):
    """Filter by status, with an index of editions and none of statements."""

    title = "status"
    parameter_name = "status"

    def lookups(
        self, request: HttpRequest, model_admin: "admin.ModelAdmin[Any]"
    ) -> list[tuple[str, str]]:
        return [*list_statuses(), *list_personal_statuses()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Statement]) -> QuerySet[Statement]:
        if self.value() is None:
            return queryset
        return filter_by_status(queryset, self.value() or "", get_user(request))


Statements = QuerySet[Statement]


def filter_by_status(queryset: Statements, status: str, user: User) -> Statements:
    """Return the statements with this status; all of them for one that does not exist."""
    at = clock.now()
    if status in OF_STATEMENTS:
        return OF_STATEMENTS[status](queryset, user, at)
    conditions = _build_conditions(at)
    if status not in conditions:
        return queryset
    return queryset.filter(pk__in=Edition.objects.filter(conditions[status]).values("statement"))


def _build_conditions(at: dt.datetime) -> dict[str, Q]:
    """Return the statuses that an edition has."""
    approved = Q(state=State.APPROVED)
    return {
        "in_review": Q(state=State.IN_REVIEW),
        "sent_back": Q(state=State.SENT_BACK) & ~Q(Exists(_later_editions())),
        "scheduled": approved & released_after(at),
        "on_hold": approved & Q(release_at=None),
        "cancelled": Q(state=State.CANCELLED) & ~Q(Exists(_uncancelled_editions())),
    }


def _later_editions() -> QuerySet[Edition]:
    return Edition.objects.filter(
        statement=OuterRef("statement"), sequence__gt=OuterRef("sequence")
    )


def _uncancelled_editions() -> QuerySet[Edition]:
    rows = Edition.objects.filter(statement=OuterRef("statement"))
    return rows.exclude(state=State.CANCELLED)


def _filter_drafts(queryset: Statements, user: User, at: dt.datetime) -> Statements:
    # Each has a row there, and most statements of an archive have none.
    return queryset.filter(pk__in=DraftSearchRow.objects.values("pk"), editions=None)


def _filter_own_drafts(queryset: Statements, user: User, at: dt.datetime) -> Statements:
    return queryset.filter(pk__in=dashboard.find_unsubmitted(user).values("pk"))


def _filter_changing(queryset: Statements, user: User, at: dt.datetime) -> Statements:
    return queryset.filter(pk__in=dashboard.find_in_progress(at).values("pk"))


def _filter_published(queryset: Statements, user: User, at: dt.datetime) -> Statements:
    # Most statements are: reading the list in its order soon finds a page of them.
    return queryset.filter(Exists(_public_editions(at)))


def _filter_withdrawn(queryset: Statements, user: User, at: dt.datetime) -> Statements:
    withdrawn = Withdrawal.objects.filter(from_at__lte=at).values("statement")
    return queryset.filter(~Exists(_public_editions(at)), pk__in=withdrawn)


def _public_editions(at: dt.datetime) -> QuerySet[Edition]:
    return Edition.objects.filter(public_at(at), statement=OuterRef("pk"), state=State.APPROVED)


def _filter_needed(queryset: Statements, user: User, at: dt.datetime) -> Statements:
    """Return what the dashboard lists under “Needs you now” and “Sent back to you”."""
    is_editor = is_in_group(user, EDITORS)
    yours, _others = build_review_sections(user, at, is_editor=is_editor)
    pks = {*_list_column(yours, "statement")}
    pks |= {*_list_column(dashboard.build_sent_back_section(user), "pk")}
    return queryset.filter(pk__in=pks)


def _list_column(section: DashboardSection, column: str) -> list[int]:
    assert section.queryset is not None, "A section that leads to the list has its rows."
    return list(section.queryset.values_list(column, flat=True)[:MAX_COUNTED_ROWS])


OF_STATEMENTS = {
    "draft": _filter_drafts,
    "published": _filter_published,
    "withdrawn": _filter_withdrawn,
    "my_drafts": _filter_own_drafts,
    "needs_me": _filter_needed,
    "changing": _filter_changing,
}
"""The statuses that depend on more than one edition, or on the person."""


# --- The chips ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class StatusChip:
    """A link above the list: “In review 3”."""

    label: str
    query: str
    count: str
    is_chosen: bool


def build_chips(
    changelist: Any, rows: QuerySet[Statement], user: User, *, chosen: str, has_counts: bool
) -> list[StatusChip]:
    """Return a chip for each status; `rows` are the statements of the list without the filter.

    Each count is one query that stops after a thousand. Where another filter might make it read
    the whole archive, there are no counts.
    """
    statuses = [("", _("All")), *list_statuses()]
    return [
        StatusChip(
            label=label,
            query=changelist.get_query_string({"status": status or None}, ["p"]),
            count=_format_count(filter_by_status(rows, status, user)) if has_counts else "",
            is_chosen=status == chosen,
        )
        for status, label in statuses
    ]


def _format_count(rows: QuerySet[Statement]) -> str:
    count = count_rows(rows)
    return f"{MAX_COUNTED_ROWS:,}+" if count > MAX_COUNTED_ROWS else str(count)
