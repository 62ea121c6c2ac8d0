"""What needs this user now, and what is in review and waits for someone else.

What asks the user by name comes first, then the soonest release, and at the same time what somebody
outside objects to; then what has waited longest. This sorts all editions in review: a press office
has few.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce
from django.db.models.query import QuerySet
from django.utils.translation import gettext as _

from statements.clock import FOREVER
from statements.models import ApprovalRule, Edition, Event, SignOff, State, Statement
from statements.newsdesk.dashboard_section import MAX_COUNTED_ROWS, DashboardSection, load_rows
from statements.newsdesk.release_words import format_near
from statements.newsdesk.statement_rows import load_together
from statements.newsdesk.time_format import format_long, format_time_until
from statements.newsdesk.user_names import get_first_name
from statements.objections import find_objections_of
from statements.publicness import released_after


@dataclass
class NeedsSection(DashboardSection):
    """The editions to approve or to countersign, and `also` what else the user has to look at."""

    also: list[Any] = field(default_factory=list)
    sent_back: DashboardSection | None = None
    template: str = "admin/newsdesk/_dashboard_needs.html"

    @property
    def total(self) -> int:
        return self.number + len(self.also)

    @property
    def count(self) -> str:
        counted = super().count
        return str(self.total) if self.number <= MAX_COUNTED_ROWS else counted

    @property
    def overall_total(self) -> int:
        """How many need the user, with those sent back, which are a section of their own."""
        return self.total + (self.sent_back.number if self.sent_back else 0)

    @property
    def overall_count(self) -> str:
        return self.count if self.number > MAX_COUNTED_ROWS else str(self.overall_total)

    @property
    def visible_rows(self) -> list[Any]:
        return sorted([*super().visible_rows, *self.also], key=_rank)


def _rank(row: Any) -> tuple[Any, ...]:
    is_in_review = row.state == State.IN_REVIEW
    is_asked = getattr(row, "asked_to_approve", False)
    return not is_asked, row.due or FOREVER, not row.objections, not is_in_review, row.submitted_at


# --- In review ------------------------------------------------------------------------------------


def build_review_sections(
    user: User, at: dt.datetime, *, is_editor: bool
) -> tuple[NeedsSection, DashboardSection]:
    """List the editions in review: those the user can act on now, and the others."""
    editions = _find_in_review(user, at, is_editor=is_editor)
    yours, others = editions.filter(is_yours=True), editions.filter(is_yours=False)
    needs = NeedsSection(
        "needs",
        _("Needs you now"),
        _("Nothing needs you right now."),
        load_rows(yours),
        queryset=yours,
        list_query="status=in_review",
        list_label=_("See everything in review"),
    )
    waiting = DashboardSection(
        "waiting",
        _("Waiting for someone else"),
        _("Nothing is waiting for anyone else."),
        load_rows(others),
        queryset=others,
        list_query="status=in_review",
    )
    for edition in (*needs.rows, *waiting.rows):
        edition.next_step = _describe_next_step(edition, user, is_editor=is_editor)
        edition.earlier_release = format_long(edition.scheduled_at) if edition.scheduled_at else ""
        describe_request(edition, at)
    return needs, waiting


def _find_in_review(user: User, at: dt.datetime, *, is_editor: bool) -> QuerySet[Any]:
    scheduled = Edition.objects.approved().filter(
        released_after(at), statement=OuterRef("statement")
    )
    asked = Event.objects.requests_to_countersign(user).filter(edition=OuterRef("pk"))
    submissions = Event.objects.requests_to_approve(user)
    # Who objected may have agreed since: this only chooses what is loaded first.
    objected = SignOff.objects.filter(statement=OuterRef("statement"), agrees=False)
    is_yours = _build_actionable_filter(user, is_editor=is_editor)
    editions: QuerySet[Any] = (
        Edition.objects.in_review()
        .annotate(
            scheduled_at=Subquery(scheduled.order_by("release_at").values("release_at")[:1]),
            scheduled_number=Subquery(scheduled.order_by("release_at").values("sequence")[:1]),
            due=Coalesce("scheduled_at", "requested_release_at"),
            asked=Exists(asked),
            asked_to_approve=Exists(submissions.filter(edition=OuterRef("pk"))),
            objected=Exists(objected),
        )
        .annotate(is_yours=Case(When(is_yours, then=True), default=False))
        .order_by("-asked_to_approve", F("due").asc(nulls_last=True), "-objected", "submitted_at")
    )
    return editions


def _build_actionable_filter(user: User, *, is_editor: bool) -> Q:
    """Match what the user can act on: countersign if asked, approve if an editor."""
    actionable = Q(asked=True) & ~Q(countersigned_by=user)
    if is_editor:
        countersigned = Q(countersigned_by__isnull=False) & ~Q(countersigned_by=user)
        actionable |= ~Q(contributors__contains=f",{user.pk},") | countersigned
    return actionable


def _describe_next_step(edition: Any, user: User, *, is_editor: bool) -> str:
    if edition.asked and edition.countersigned_by_id != user.pk:
        return _("You are asked to countersign")
    if edition.asked_to_approve and edition.is_yours:
        return _("%(name)s, you were asked to decide") % {"name": get_first_name(user)}
    if not is_editor:
        return _("Waiting for an editor to approve it")
    if user.pk not in edition.contributor_ids or edition.countersigned_by_id not in (None, user.pk):
        return _("Approve")
    return _("You helped write this. Ask a colleague to countersign, or another editor to approve")


def describe_request(edition: Any, at: dt.datetime) -> None:
    """Set when the release is requested, how long until then, and the embargo."""
    requested = edition.requested_release_at
    edition.requested_release = format_near(requested, at) if requested else ""
    edition.is_late = bool(requested and requested <= at)
    edition.time_until = format_time_until(requested, at) if requested and requested > at else ""
    until = edition.embargo_until
    edition.embargo = ""
    if edition.has_embargo and until is None:
        edition.embargo = _("Embargo, no time given")
    elif until and until > at:
        edition.embargo = _("Embargo until %(time)s") % {"time": format_near(until, at)}


# --- What else needs somebody ---------------------------------------------------------------------


def load_urgent(user: User) -> list[Any]:
    """Return the urgent publications that still need a second look, the oldest first."""
    editions = Edition.objects.filter(rule=ApprovalRule.URGENT, second_look_by=None)
    rows = load_rows(editions.order_by("approved_at"), MAX_COUNTED_ROWS)
    for edition in rows:
        edition.is_own = edition.approved_by_id == user.pk
        edition.due = None
    return rows


def load_erasures(user: User) -> list[Any]:
    """Return the erasures that one manager requested and another decides."""
    asked = Edition.objects.filter(erasure_asked_by__isnull=False, erased_at=None)
    rows = load_rows(asked.order_by("pk"), MAX_COUNTED_ROWS)
    for edition in rows:
        edition.is_erasure = True
        edition.is_own = edition.erasure_asked_by_id == user.pk
        edition.due = None
    return rows


def set_objections(rows: Iterable[Any]) -> None:
    """Give each edition or statement the objections that stand. Two queries."""
    pks = {row: row.pk if isinstance(row, Statement) else row.statement_id for row in rows}
    objections = find_objections_of(set(pks.values()))
    for row in rows:
        row.objections = objections.get(pks[row], [])


def set_together(rows: Iterable[Any], at: dt.datetime) -> None:
    """Say of each edition or statement with what it goes public. One query."""
    pks = {row: row.pk if isinstance(row, Statement) else row.statement_id for row in rows}
    together = load_together(set(pks.values()), at)
    for row in rows:
        row.together = together.get(pks[row], "")


def find_newly_objected(scheduled: Iterable[Any]) -> list[Any]:
    """Return the scheduled editions that somebody objected to after the approval."""
    return [
        edition
        for edition in scheduled
        if any(objection.given_at >= edition.approved_at for objection in edition.objections)
    ]
