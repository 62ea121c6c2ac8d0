"""The dashboard: what waits for this user, and what waits for everybody.

Each list is one query that walks an index and stops after MAX_SECTION_ROWS, so its cost does not
grow with the archive. If there are more rows, a second query counts them up to MAX_COUNTED_ROWS.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce
from django.db.models.query import QuerySet
from django.utils import timezone
from django.utils.functional import cached_property

from statements import clock
from statements.models import (
    NOTE_KEY,
    Action,
    ApprovalRule,
    Contribution,
    Edition,
    Event,
    State,
    Statement,
)
from statements.newsdesk import autosave
from statements.newsdesk.time_format import format_day, format_long, format_time_until
from statements.publicness import is_listed, listed_before, public_at, released_after, released_by
from statements.roles import EDITORS, MANAGERS, NEWSDESK
from statements.workflow import sensitive_periods

MAX_SECTION_ROWS = 12
MAX_COUNTED_ROWS = 1_000
MAX_RECENT_ROWS = 8
MAX_RECENT_STATEMENTS = 500
"""How many of the last statements are searched for drafts and unfinished changes."""


@dataclass
class DashboardSection:
    """One list of the dashboard, with the sentence to show when it is empty."""

    key: str
    title: str
    empty: str
    rows: list[Any] = field(default_factory=list)
    max_rows: int = MAX_SECTION_ROWS
    has_count: bool = True
    template: str = "admin/newsdesk/_editions.html"
    queryset: QuerySet[Any] | None = None  # all rows; counted only if not all are shown
    list_query: str = ""  # the query of the statement list that shows all rows

    @cached_property
    def count(self) -> str:
        if len(self.rows) <= self.max_rows:
            return str(len(self.rows))
        assert self.queryset is not None, "A section that does not show all rows can count them."
        counted = self.queryset.order_by().values("pk")[: MAX_COUNTED_ROWS + 1].count()
        return f"more than {MAX_COUNTED_ROWS:,}" if counted > MAX_COUNTED_ROWS else str(counted)

    @property
    def has_more(self) -> bool:
        return len(self.rows) > self.max_rows

    @property
    def visible_rows(self) -> list[Any]:
        return self.rows[: self.max_rows]


def build_context(user: User) -> dict[str, Any]:
    at = clock.now()
    groups = set(user.groups.values_list("name", flat=True))
    can_write = bool(groups.intersection(NEWSDESK))
    unsaved = build_unsaved_sections(user, at) if can_write else []
    is_editor = bool(groups.intersection(EDITORS))
    yours, others = build_review_sections(user, at, is_editor=is_editor)
    return {
        "at": at,
        "today": timezone.localdate(at),
        "sensitive": sensitive_periods.relevant_periods(at),
        "can_write": can_write,
        "urgent": build_urgent_section(user),
        "erasures": build_erasures_section() if groups.intersection(MANAGERS) else None,
        "columns": [
            [
                yours,
                build_sent_back_section(user),
                build_drafts_section(user, at),
                *unsaved,
                others,
            ],
            [
                build_scheduled_section(at),
                build_on_hold_section(),
                build_in_progress_section(at),
                build_recent_section(at),
            ],
        ],
    }


# --- The user's own -------------------------------------------------------------------------------


def build_sent_back_section(user: User) -> DashboardSection:
    """List the user's statements that an editor sent back, with the note."""
    note = Event.objects.filter(edition=OuterRef("last_edition"), action=Action.SENT_BACK)
    statements = (
        _find_own_statements(user)
        .filter(last_state=State.SENT_BACK)
        .annotate(
            note=Subquery(
                note.order_by("-number").filter(texts__key=NOTE_KEY).values("texts__text")[:1]
            ),
            sent_back_by=Subquery(note.order_by("-number").values("by_name")[:1]),
        )
    )
    return DashboardSection(
        "sent-back",
        "Sent back to me",
        "Nothing was sent back to you.",
        list(statements.order_by("-changed_at")[: MAX_SECTION_ROWS + 1]),
        queryset=statements,
        list_query=f"stands=sent_back&writer={user.pk}",
        template="admin/newsdesk/_statements.html",
    )


def build_drafts_section(user: User, at: dt.datetime) -> DashboardSection:
    """List the user's unsubmitted drafts, the last changed first."""
    statements = find_unsubmitted(user)
    rows = list(statements.order_by("-changed_at")[: MAX_SECTION_ROWS + 1])
    for row in rows:
        row.was_public = is_listed(row, at)
    return DashboardSection(
        "drafts",
        "My drafts",
        "You have no drafts.",
        rows,
        queryset=statements,
        list_query="stands=my_drafts",
        template="admin/newsdesk/_statements.html",
    )


def find_unsubmitted(user: User) -> QuerySet[Any]:
    unsubmitted = (
        Q(last_edition=None) | Q(last_state=State.CANCELLED) | Q(changed_at__gt=F("last_at"))
    )
    # Not exclude(): a statement that was never submitted has no state, and NULL equals nothing.
    not_sent_back = Q(last_edition=None) | ~Q(last_state=State.SENT_BACK)
    return _find_own_statements(user).filter(unsubmitted, not_sent_back)


def build_unsaved_sections(user: User, at: dt.datetime) -> list[DashboardSection]:
    """List the text that the user typed and never saved, or return no section."""
    rows = autosave.find_unsaved_texts(user, at=at, everywhere=True)
    title, template = "Your unsaved text", "admin/newsdesk/_unsaved.html"
    return [DashboardSection("unsaved", title, "", rows, template=template)] if rows else []


def _find_own_statements(user: User) -> QuerySet[Any]:
    contributions = (
        Contribution.objects.filter(user=user)
        .order_by("-pk")
        .values_list("statement", flat=True)[:MAX_RECENT_STATEMENTS]
    )
    return _annotate_newest_edition(Statement.objects.filter(pk__in=list(contributions)))


def _annotate_newest_edition(statements: QuerySet[Any]) -> QuerySet[Any]:
    newest = Edition.objects.filter(statement=OuterRef("pk")).order_by("-sequence")
    annotated: QuerySet[Any] = statements.annotate(
        last_edition=Subquery(newest.values("pk")[:1]),
        last_state=Subquery(newest.values("state")[:1]),
        last_at=Subquery(newest.values("submitted_at")[:1]),
    )
    return annotated


# --- Everybody's ----------------------------------------------------------------------------------


def build_review_sections(
    user: User, at: dt.datetime, *, is_editor: bool
) -> tuple[DashboardSection, DashboardSection]:
    """List the editions in review: those the user can act on now, and the others.

    The first is the one with the soonest release, whether an earlier edition has it or the writer
    requested it; then come those that have waited longest. This sorts all editions in review: a
    press office has few.
    """
    scheduled = Edition.objects.approved().filter(
        released_after(at), statement=OuterRef("statement")
    )
    asked = Event.objects.requests_to_countersign(user).filter(edition=OuterRef("pk"))
    editions = (
        Edition.objects.in_review()
        .annotate(
            scheduled_at=Subquery(scheduled.order_by("release_at").values("release_at")[:1]),
            due=Coalesce("scheduled_at", "requested_release_at"),
            asked=Exists(asked),
        )
        .annotate(
            is_yours=Case(
                When(_build_actionable_filter(user, is_editor=is_editor), then=True), default=False
            )
        )
        .order_by(F("due").asc(nulls_last=True), "submitted_at")
    )
    yours, others = editions.filter(is_yours=True), editions.filter(is_yours=False)
    sections = (
        DashboardSection("yours", "Waiting for you", "Nothing waits for you.", _load_rows(yours)),
        DashboardSection(
            "waiting", "Waiting for others", "Nothing waits for others.", _load_rows(others)
        ),
    )
    for section, queryset in zip(sections, (yours, others), strict=True):
        section.queryset, section.list_query = queryset, "stands=in_review"
        for edition in section.rows:
            edition.next_step = _describe_next_step(edition, user, is_editor=is_editor)
            edition.earlier_release = _format_optional(edition.scheduled_at)
            edition.requested_release = _format_optional(edition.requested_release_at)
    return sections


def _format_optional(at: dt.datetime | None) -> str:
    return format_long(at) if at else ""


def _build_actionable_filter(user: User, *, is_editor: bool) -> Q:
    """Match what the user can act on: countersign if asked, approve if an editor."""
    actionable = Q(asked=True) & ~Q(countersigned_by=user)
    if is_editor:
        countersigned = Q(countersigned_by__isnull=False) & ~Q(countersigned_by=user)
        actionable |= ~Q(contributors__contains=f",{user.pk},") | countersigned
    return actionable


def _describe_next_step(edition: Any, user: User, *, is_editor: bool) -> str:
    if edition.asked and edition.countersigned_by_id != user.pk:
        return "You are asked to countersign"
    is_countersigned = edition.countersigned_by_id is not None
    if not is_editor:
        return "Countersigned: an editor approves" if is_countersigned else "An editor approves"
    if user.pk not in edition.contributor_ids:
        return "Yours to approve"
    if edition.countersigned_by_id not in (None, user.pk):
        return "Countersigned: yours to approve"
    return "You contributed: another person countersigns, or another editor approves"


def build_scheduled_section(at: dt.datetime) -> DashboardSection:
    """List the scheduled editions, the soonest first, grouped by day."""
    newer = Edition.objects.filter(
        statement=OuterRef("statement"), state=State.IN_REVIEW, sequence__gt=OuterRef("sequence")
    )
    editions = Edition.objects.approved().filter(released_after(at)).order_by("release_at")
    rows = _load_rows(editions.annotate(has_newer=Exists(newer)))
    for edition in rows:
        edition.day = format_day(edition.release_at, at)
        edition.time_until = format_time_until(edition.release_at, at)
    return DashboardSection(
        "scheduled",
        "Scheduled",
        "Nothing is scheduled.",
        rows,
        queryset=editions,
        list_query="stands=scheduled",
        template="admin/newsdesk/_scheduled.html",
    )


def build_in_progress_section(at: dt.datetime) -> DashboardSection:
    """List the public statements with an unfinished change, the last changed first."""
    statements = find_in_progress(at)
    return DashboardSection(
        "in-progress",
        "Public, with a change in progress",
        "No public statement is being changed.",
        list(_annotate_newest_edition(statements).order_by("-changed_at")[: MAX_SECTION_ROWS + 1]),
        queryset=statements,
        list_query="stands=changing",
        template="admin/newsdesk/_in_progress.html",
    )


def find_in_progress(at: dt.datetime) -> QuerySet[Any]:
    """Return the public statements with an unfinished change.

    Editions in review, on hold or scheduled are found by their state. Changes that were sent back
    or never submitted are searched only in the last MAX_RECENT_STATEMENTS statements, because no
    index finds them in a large archive.
    """
    public = Edition.objects.filter(public_at(at), statement=OuterRef("pk")).exclude(
        release_at=None
    )
    approved = Edition.objects.filter(state=State.APPROVED)
    unfinished = (
        Edition.objects.filter(state=State.IN_REVIEW),
        approved.filter(release_at=None),
        approved.filter(released_after(at)),
    )
    # A union, because for an OR SQLite reads the whole archive.
    first, *others = (rows.order_by().values_list("statement", flat=True) for rows in unfinished)
    submitted_pks = first.union(*others, all=True)[: MAX_COUNTED_ROWS + 1]
    pks = {*submitted_pks, *_find_edited_since_submission(at)}
    return Statement.objects.filter(Exists(public), pk__in=pks)


def _find_edited_since_submission(at: dt.datetime) -> list[int]:
    recent = Statement.objects.order_by("-changed_at").values("pk")[:MAX_RECENT_STATEMENTS]
    statements = _annotate_newest_edition(Statement.objects.filter(pk__in=recent))
    is_edited = Q(last_state=State.SENT_BACK) | Q(changed_at__gt=F("last_at"))
    return list(statements.filter(is_edited, listed_before(at)).values_list("pk", flat=True))


def build_on_hold_section() -> DashboardSection:
    """List the approved editions without a release time."""
    editions = Edition.objects.approved().filter(release_at=None).order_by("approved_at")
    return DashboardSection(
        "on-hold",
        "On hold",
        "Nothing is on hold.",
        _load_rows(editions),
        queryset=editions,
        list_query="stands=held",
    )


def build_urgent_section(user: User) -> DashboardSection:
    """List the urgent publications that still need a second look."""
    editions = Edition.objects.filter(rule=ApprovalRule.URGENT, second_look_by=None)
    rows = _load_rows(editions.order_by("approved_at"))
    for edition in rows:
        edition.is_own = edition.approved_by_id == user.pk
    return DashboardSection(
        "urgent", "Urgent publications that need a second look", "", rows, queryset=editions
    )


def build_erasures_section() -> DashboardSection:
    """List the erasures that one manager requested and another has to decide."""
    editions = Edition.objects.filter(erasure_asked_by__isnull=False, erased_at=None)
    title = "Erasures that a second manager decides"
    return DashboardSection("erasures", title, "", _load_rows(editions), queryset=editions)


def build_recent_section(at: dt.datetime) -> DashboardSection:
    """List what was published last, even if it is no longer public."""
    editions = Edition.objects.approved().filter(released_by(at)).order_by("-release_at")
    rows = _load_rows(editions, MAX_RECENT_ROWS - 1)
    for edition in rows:
        edition.is_public_now = edition.is_public(at)
        edition.time_in_words = format_long(edition.released)
    return DashboardSection(
        "recent",
        "Recently public",
        "Nothing has been public yet.",
        rows,
        MAX_RECENT_ROWS,
        has_count=False,
    )


def _load_rows(editions: QuerySet[Edition], max_rows: int = MAX_SECTION_ROWS) -> list[Any]:
    # Any, because the sections set what the templates show as attributes of the rows.
    people = ("organisation", "submitted_by", "approved_by", "countersigned_by", "erasure_asked_by")
    return list(editions.select_related(*people).defer("content")[: max_rows + 1])
