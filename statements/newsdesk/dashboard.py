"""The dashboard: what needs this user now, what goes out next, and what else is under way.

Each list is one query that walks an index and stops after MAX_SECTION_ROWS, so its cost does not
grow with the archive. If there are more rows, a second query counts them up to MAX_COUNTED_ROWS.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.query import QuerySet
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from statements import clock
from statements.content.languages import get_text_direction
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
from statements.newsdesk.dashboard_needs import (
    NeedsSection,
    build_review_sections,
    find_newly_objected,
    load_erasures,
    load_urgent,
    set_objections,
    set_together,
)
from statements.newsdesk.dashboard_section import (
    MAX_COUNTED_ROWS,
    MAX_SECTION_ROWS,
    DashboardSection,
    load_rows,
)
from statements.newsdesk.first_run import load_first_run
from statements.newsdesk.next_days import NextDays, load_next_days
from statements.newsdesk.statement_links import (
    annotate_newest_edition,
    get_edition_url,
    get_statement_url,
)
from statements.newsdesk.time_format import format_long
from statements.newsdesk.user_names import get_display_name
from statements.publicness import is_listed, listed_before, public_at, released_after, released_by
from statements.roles import EDITORS, MANAGERS, NEWSDESK
from statements.workflow import sensitive_periods

MAX_RECENT_ROWS = 8
MAX_RECENT_STATEMENTS = 500
"""How many of the last statements are searched for drafts and unfinished changes."""


def build_context(user: User) -> dict[str, Any]:
    at = clock.now()
    groups = set(user.groups.values_list("name", flat=True))
    can_write, is_editor = bool(groups.intersection(NEWSDESK)), bool(groups.intersection(EDITORS))
    needs, waiting = build_review_sections(user, at, is_editor=is_editor)
    needs.sent_back = build_sent_back_section(user)
    next_days, urgent = load_next_days(at), load_urgent(user)
    on_hold = build_on_hold_section()
    sections: list[DashboardSection] = [
        needs.sent_back,
        build_drafts_section(user, at),
        *(build_unsaved_sections(user, at) if can_write else []),
        *([] if is_editor else build_urgent_sections(urgent)),
        waiting,
        build_in_progress_section(at),
        build_recent_section(at),
    ]
    rows = [*needs.rows, *next_days.rows]
    for section in (*sections, on_hold):
        rows += section.rows if section.key not in ("unsaved", "recent", "urgent") else []
    set_objections(rows)
    set_together(rows, at)
    if is_editor:
        needs.also += [*find_newly_objected(next_days.scheduled), *urgent]
    first_run = None
    if groups.intersection(MANAGERS):
        needs.also += load_erasures(user)
        first_run = load_first_run(user, at)
    _describe_rows(user, at, needs, next_days, [*sections, on_hold])
    return {
        "at": at,
        "today": timezone.localdate(at),
        "now": f"{formats.date_format(timezone.localtime(at), 'l j F Y')}, "
        f"{timezone.localtime(at):%H:%M}",
        "sensitive": sensitive_periods.relevant_periods(at),
        "can_write": can_write,
        "first_run": first_run,
        "needs": needs,
        "next_days": next_days,
        "sections": sections,
        "on_hold": on_hold,
    }


def _describe_rows(
    user: User,
    at: dt.datetime,
    needs: NeedsSection,
    next_days: NextDays,
    sections: Iterable[DashboardSection],
) -> None:
    """Set where each title leads, in which direction it runs, who sent it and when."""
    rows: list[Any] = [
        row for section in sections if section.key != "unsaved" for row in section.rows
    ]
    rows += [*next_days.rows, *needs.rows, *needs.also]
    for row in rows:
        row.url = _get_title_url(row, user)
        row.direction = get_text_direction(row.language)
        _describe_people_and_times(row, at)
    for row in needs.rows:
        row.url = reverse("admin:statements_edition_review", args=[row.pk])


def _describe_people_and_times(row: Any, at: dt.datetime) -> None:
    if hasattr(row, "changed_at"):  # a statement
        row.saved = autosave.format_recent_time(row.changed_at, at)
        return
    row.sender = get_display_name(row.submitted_by)
    row.approver = get_display_name(row.approved_by) if row.approved_by else ""
    row.release_in_words = format_long(row.release_at) if row.release_at else ""
    row.sent = autosave.format_recent_time(row.submitted_at, at)


def _get_title_url(row: Any, user: User) -> str:
    """Return where the title of a row leads."""
    if isinstance(row, Statement):
        return get_statement_url(row, user)
    if (row.rule == ApprovalRule.URGENT and not row.second_look_by_id) or row.erasure_asked_by_id:
        return reverse("admin:statements_edition_review", args=[row.pk])
    return get_edition_url(row, user)


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
        _("Sent back to you"),
        _("Nothing has been sent back to you."),
        list(statements.order_by("-changed_at")[: MAX_SECTION_ROWS + 1]),
        queryset=statements,
        list_query=f"status=sent_back&writer={user.pk}",
        template="admin/newsdesk/_dashboard_statements.html",
    )


def build_drafts_section(user: User, at: dt.datetime) -> DashboardSection:
    """List the user's unsubmitted drafts, the last changed first."""
    statements = find_unsubmitted(user)
    rows = list(statements.order_by("-changed_at")[: MAX_SECTION_ROWS + 1])
    for row in rows:
        row.was_public = is_listed(row, at)
    return DashboardSection(
        "drafts",
        _("My drafts"),
        _("You have no drafts."),
        rows,
        queryset=statements,
        list_query="status=my_drafts",
        template="admin/newsdesk/_dashboard_statements.html",
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
    title, template = _("Your unsaved words"), "admin/newsdesk/_dashboard_unsaved.html"
    return [DashboardSection("unsaved", title, "", rows, template=template)] if rows else []


def _find_own_statements(user: User) -> QuerySet[Any]:
    contributions = (
        Contribution.objects.filter(user=user)
        .order_by("-pk")
        .values_list("statement", flat=True)[:MAX_RECENT_STATEMENTS]
    )
    return annotate_newest_edition(
        Statement.objects.not_discarded().filter(pk__in=list(contributions))
    )


# --- Everybody's ----------------------------------------------------------------------------------


def build_in_progress_section(at: dt.datetime) -> DashboardSection:
    """List the published statements with an unfinished change, the last changed first."""
    statements = find_in_progress(at)
    return DashboardSection(
        "in-progress",
        _("Published, with a change on the way"),
        _("No published statement is being changed."),
        list(annotate_newest_edition(statements).order_by("-changed_at")[: MAX_SECTION_ROWS + 1]),
        queryset=statements,
        list_query="status=changing",
        template="admin/newsdesk/_dashboard_statements.html",
    )


def find_in_progress(at: dt.datetime) -> QuerySet[Any]:
    """Return the published statements with an unfinished change.

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
    newest = Statement.objects.not_discarded().order_by("-changed_at")
    recent = newest.values("pk")[:MAX_RECENT_STATEMENTS]
    statements = annotate_newest_edition(Statement.objects.filter(pk__in=recent))
    is_edited = Q(last_state=State.SENT_BACK) | Q(changed_at__gt=F("last_at"))
    return list(statements.filter(is_edited, listed_before(at)).values_list("pk", flat=True))


def build_on_hold_section() -> DashboardSection:
    """List the approved editions without a release time."""
    editions = Edition.objects.approved().filter(release_at=None).order_by("approved_at")
    return DashboardSection(
        "on-hold",
        _("On hold"),
        _("Nothing is on hold."),
        load_rows(editions),
        queryset=editions,
        list_query="status=on_hold",
    )


def build_urgent_sections(urgent: list[Any]) -> list[DashboardSection]:
    """List the urgent publications that need a second look, for those who cannot take it."""
    title = _("Urgent releases that need a second look")
    return [DashboardSection("urgent", title, "", urgent, len(urgent))] if urgent else []


def build_recent_section(at: dt.datetime) -> DashboardSection:
    """List what was published last, each statement once, even if it is no longer public."""
    editions = Edition.objects.approved().filter(released_by(at)).order_by("-release_at")
    newest: dict[int, Any] = {}
    for edition in load_rows(editions, MAX_RECENT_ROWS - 1):
        newest.setdefault(edition.statement_id, edition)
    rows = list(newest.values())
    for edition in rows:
        edition.is_public_now = edition.is_public(at)
        edition.time_in_words = format_long(edition.released)
    return DashboardSection(
        "recent",
        _("Recently published"),
        _("You have not published anything yet."),
        rows,
        MAX_RECENT_ROWS,
        has_count=False,
        list_query="status=published",
        list_label=_("See all published"),
    )
