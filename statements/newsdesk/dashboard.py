"""The front page: what is waiting, for me and for everybody.

Each list is one query that walks an index and stops after SHOWN rows, so that its cost does not
grow with the archive. Where there are more, one bounded query counts them: the number is right up
to MOST_COUNTED, and then says that there are more.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce
from django.db.models.query import QuerySet
from django.utils import timezone
from django.utils.functional import cached_property

from statements import clock
from statements.content.schema import canonical
from statements.models import Action, ApprovalRule, Contribution, Edition, Event, State, Statement
from statements.newsdesk import autosave
from statements.newsdesk.time_format import format_day, format_long, format_time_until
from statements.publicness import is_listed, listed_before, public_at, released_after, released_by
from statements.roles import EDITORS, MANAGERS, NEWSDESK
from statements.workflow import sensitive_periods

MAX_SECTION_ROWS = 12
MAX_COUNTED_ROWS = 1_000
MAX_RECENT_ROWS = 8
MAX_RECENT_STATEMENTS = 500
"""How many statements back somebody's own drafts are looked for."""


@dataclass
class DashboardSection:
    """One list of the front page, with what it says when there is nothing in it."""

    key: str
    title: str
    empty: str
    rows: list = field(default_factory=list)
    max_rows: int = MAX_SECTION_ROWS
    has_count: bool = True
    template: str = "admin/newsdesk/_editions.html"
    queryset: QuerySet[Any] | None = None  # all of it, counted only where not all is shown
    list_query: str = ""  # how the list of statements is asked for all of it

    @cached_property
    def count(self) -> str:
        if len(self.rows) <= self.max_rows:
            return str(len(self.rows))
        assert self.queryset is not None, "A list that is counted knows what it is a part of."
        counted = self.queryset.order_by().values("pk")[: MAX_COUNTED_ROWS + 1].count()
        return f"more than {MAX_COUNTED_ROWS:,}" if counted > MAX_COUNTED_ROWS else str(counted)

    @property
    def has_more(self) -> bool:
        return len(self.rows) > self.max_rows

    @property
    def visible_rows(self) -> list:
        return self.rows[: self.max_rows]


def build_context(user) -> dict:
    """What the template of the front page shows this person now."""
    at = clock.now()
    groups = set(user.groups.values_list("name", flat=True))
    writes = bool(groups.intersection(NEWSDESK))
    typed = build_unsaved_sections(user, at) if writes else []
    yours, others = build_review_sections(user, at, editor=bool(groups.intersection(EDITORS)))
    return {
        "at": at,
        "today": timezone.localdate(at),
        "sensitive": sensitive_periods.relevant_periods(at),
        "writes": writes,
        "urgent": build_urgent_section(user),
        "erasures": build_erasures_section(user) if groups.intersection(MANAGERS) else None,
        "columns": [
            [yours, build_sent_back_section(user), build_drafts_section(user, at), *typed, others],
            [
                build_scheduled_section(at),
                build_on_hold_section(),
                build_in_progress_section(at),
                build_recent_section(at),
            ],
        ],
    }


# --- Mine -----------------------------------------------------------------------------------------


def build_sent_back_section(user) -> DashboardSection:
    """Words of mine that an editor wants changed, with the note, until they are submitted again."""
    note = Event.objects.filter(edition=OuterRef("last_edition"), action=Action.SENT_BACK)
    statements = (
        _find_own_statements(user)
        .filter(last_state=State.SENT_BACK)
        .annotate(
            note=Subquery(note.order_by("-number").values("note")[:1]),
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


def build_drafts_section(user, at: dt.datetime) -> DashboardSection:
    """Words of mine that nobody was asked to approve yet, the last written first."""
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


def find_unsubmitted(user) -> QuerySet[Any]:
    unasked = Q(last_edition=None) | Q(last_state=State.CANCELLED) | Q(changed_at__gt=F("last_at"))
    # Not exclude(): what was never submitted has no state, and NULL is neither equal nor unequal.
    not_sent_back = Q(last_edition=None) | ~Q(last_state=State.SENT_BACK)
    return _find_own_statements(user).filter(unasked, not_sent_back)


def build_unsaved_sections(user, at: dt.datetime) -> list[DashboardSection]:
    """What this person typed and never saved; no section where there is none."""
    rows = autosave.find_unsaved_texts(user, at=at, everywhere=True)
    title, template = "Text of yours that was never saved", "admin/newsdesk/_unsaved.html"
    return [DashboardSection("unsaved", title, "", rows, template=template)] if rows else []


def _find_own_statements(user) -> QuerySet[Any]:
    """The statements this person had a hand in, each with its newest edition."""
    mine = (
        Contribution.objects.filter(user=user)
        .order_by("-pk")
        .values("statement")[:MAX_RECENT_STATEMENTS]
    )
    taken_up = Statement.objects.filter(pk__in=list(mine.values_list("statement", flat=True)))
    return _annotate_newest_edition(taken_up)


def _annotate_newest_edition(statements: QuerySet[Any]) -> QuerySet[Any]:
    newest = Edition.objects.filter(statement=OuterRef("pk")).order_by("-sequence")
    return statements.annotate(
        last_edition=Subquery(newest.values("pk")[:1]),
        last_state=Subquery(newest.values("state")[:1]),
        last_at=Subquery(newest.values("submitted_at")[:1]),
    )


# --- Everybody's ----------------------------------------------------------------------------------


def build_review_sections(
    user, at: dt.datetime, *, editor: bool
) -> tuple[DashboardSection, DashboardSection]:
    """Words in review: those this person can act on now, and the rest.

    The soonest release first, be it agreed for an earlier edition or wanted; then the longest
    waiting. All that is in review is sorted for this: as much as a press office has in hand.
    """
    agreed = Edition.objects.approved().filter(released_after(at), statement=OuterRef("statement"))
    asked = Event.objects.filter(
        edition=OuterRef("pk"),
        action=Action.COUNTERSIGNATURE_REQUESTED,
        detail=canonical({"person": user.get_username()}),
    )
    editions = (
        Edition.objects.in_review()
        .annotate(
            agreed_at=Subquery(agreed.order_by("release_at").values("release_at")[:1]),
            due=Coalesce("agreed_at", "requested_release_at"),
            asked=Exists(asked),
        )
        .annotate(
            yours=Case(
                When(_build_actionable_filter(user, editor=editor), then=True), default=False
            )
        )
        .order_by(F("due").asc(nulls_last=True), "submitted_at")
    )
    yours, others = editions.filter(yours=True), editions.filter(yours=False)
    sections = (
        DashboardSection("yours", "Waiting for you", "Nothing waits for you.", _load_rows(yours)),
        DashboardSection(
            "waiting", "Waiting for others", "Nothing waits for others.", _load_rows(others)
        ),
    )
    for section, of in zip(sections, (yours, others), strict=True):
        section.queryset, section.list_query = of, "stands=in_review"
        for edition in section.rows:
            edition.what_now = _describe_next_step(edition, user, editor=editor)
            edition.agreed = edition.agreed_at and format_long(edition.agreed_at)
            edition.wanted = edition.requested_release_at and format_long(
                edition.requested_release_at
            )
    return sections


def _build_actionable_filter(user, *, editor: bool) -> Q:
    """What this person can do something about: countersign if asked, approve if an editor."""
    theirs = Q(asked=True) & ~Q(countersigned_by=user)
    if editor:
        countersigned = Q(countersigned_by__isnull=False) & ~Q(countersigned_by=user)
        theirs |= ~Q(contributors__contains=f",{user.pk},") | countersigned
    return theirs


def _describe_next_step(edition: Any, user, *, editor: bool) -> str:
    if edition.asked and edition.countersigned_by_id != user.pk:
        return "You are asked to countersign"
    countersigned = edition.countersigned_by_id is not None
    if not editor:
        return "Countersigned; an editor approves" if countersigned else "An editor approves"
    if user.pk not in edition.contributor_ids:
        return "Yours to approve"
    if edition.countersigned_by_id not in (None, user.pk):
        return "Countersigned: yours to approve"
    return "You had a hand in it: another person countersigns, or another editor approves"


def build_scheduled_section(at: dt.datetime) -> DashboardSection:
    """Approved words whose time is to come, the soonest first, under the day on which they go."""
    newer = Edition.objects.filter(
        statement=OuterRef("statement"), state=State.IN_REVIEW, sequence__gt=OuterRef("sequence")
    )
    editions = Edition.objects.approved().filter(released_after(at)).order_by("release_at")
    rows = _load_rows(editions.annotate(newer=Exists(newer)))
    for edition in rows:
        edition.day = format_day(edition.release_at, at)
        edition.time_in_words = format_long(edition.release_at)
        edition.how_long = format_time_until(edition.release_at, at)
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
    """Public statements whose next words are under way, the last worked on first."""
    statements = find_in_progress(at)
    return DashboardSection(
        "pending",
        "Public, with a change under way",
        "No public statement is being changed.",
        list(_annotate_newest_edition(statements).order_by("-changed_at")[: MAX_SECTION_ROWS + 1]),
        queryset=statements,
        list_query="stands=changing",
        template="admin/newsdesk/_pending.html",
    )


def find_in_progress(at: dt.datetime) -> QuerySet[Any]:
    """Public statements whose next words are under way.

    What is in review, held or scheduled is found by its state; what was sent back or only written
    on, among the TAKEN_UP statements last worked on: an archive of old ones is not walked.
    """
    public = Edition.objects.filter(public_at(at), statement=OuterRef("pk")).exclude(
        release_at=None
    )
    approved = Edition.objects.filter(state=State.APPROVED)
    kinds = (
        Edition.objects.filter(state=State.IN_REVIEW),
        approved.filter(release_at=None),
        approved.filter(released_after(at)),
    )
    # A union and no OR: for that, SQLite reads the whole archive.
    first, *others = (kind.order_by().values_list("statement", flat=True) for kind in kinds)
    numbers = first.union(*others, all=True)[: MAX_COUNTED_ROWS + 1]
    found = {*numbers, *_find_edited_since_submission(at)}
    return Statement.objects.filter(Exists(public), pk__in=found)


def _find_edited_since_submission(at: dt.datetime) -> list[int]:
    """Of the statements last worked on, those that were written on after they were submitted."""
    last = Statement.objects.order_by("-changed_at").values("pk")[:MAX_RECENT_STATEMENTS]
    statements = _annotate_newest_edition(Statement.objects.filter(pk__in=last))
    open_words = Q(last_state=State.SENT_BACK) | Q(changed_at__gt=F("last_at"))
    return list(statements.filter(open_words, listed_before(at)).values_list("pk", flat=True))


def build_on_hold_section() -> DashboardSection:
    """Approved words that wait for somebody to name a time."""
    editions = Edition.objects.approved().filter(release_at=None).order_by("approved_at")
    return DashboardSection(
        "held",
        "Held",
        "Nothing is held.",
        _load_rows(editions),
        queryset=editions,
        list_query="stands=held",
    )


def build_urgent_section(user) -> DashboardSection:
    """Urgent releases that no second person has looked at yet."""
    editions = Edition.objects.filter(rule=ApprovalRule.URGENT, second_look_by=None)
    rows = _load_rows(editions.order_by("approved_at"))
    for edition in rows:
        edition.my_own = edition.approved_by_id == user.pk
    return DashboardSection(
        "urgent", "Urgent releases owed a second look", "", rows, queryset=editions
    )


def build_erasures_section(user) -> DashboardSection:
    """Erasures that one manager asked for, and another has to decide."""
    editions = Edition.objects.filter(erasure_asked_by__isnull=False, erased_at=None)
    title = "Erasures that a second manager decides"
    return DashboardSection("erasures", title, "", _load_rows(editions), queryset=editions)


def build_recent_section(at: dt.datetime) -> DashboardSection:
    """What came out last, whatever became of it."""
    editions = Edition.objects.approved().filter(released_by(at)).order_by("-release_at")
    rows = _load_rows(editions, MAX_RECENT_ROWS - 1)
    for edition in rows:
        edition.public = edition.is_public(at)
        edition.time_in_words = format_long(edition.release_at)
    return DashboardSection(
        "recent",
        "Recently public",
        "Nothing has been public yet.",
        rows,
        MAX_RECENT_ROWS,
        has_count=False,
    )


def _load_rows(editions: QuerySet[Edition], most: int = MAX_SECTION_ROWS) -> list[Any]:
    """With room for what the page says beside each: a row is shown once and thrown away."""
    people = ("organisation", "submitted_by", "approved_by", "countersigned_by", "erasure_asked_by")
    return list(editions.select_related(*people).defer("content")[: most + 1])
