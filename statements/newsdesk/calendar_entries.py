"""What the calendar shows: agreed and requested releases of a span of time.

Agreed times are read along edition_state_release_at_idx, requested ones among the editions in
review and along statement_requested_idx.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.translation import gettext as _

from statements.content.languages import get_text_direction
from statements.models import Edition, SensitivePeriod, State, Statement
from statements.newsdesk.statement_links import get_edition_url, get_statement_url
from statements.newsdesk.statement_rows import (
    RowFlag,
    list_objection_flags,
    load_joint_publishers,
    load_together,
    make_together_flag,
)
from statements.objections import find_objections_of
from statements.publicness import released_before, released_since

MAX_ENTRIES = 500
"""So many releases of a span are read: an archive that was imported has thousands a month."""


@dataclass(frozen=True)
class CalendarEntry:
    """One release, agreed or requested: when, of what, and where its title leads."""

    statement_id: int
    at: dt.datetime
    headline: str
    language: str
    organisation: str
    status: str
    tone: str
    uid: str
    url: str
    is_requested: bool = False
    has_embargo: bool = False
    objections: int = 0
    together: str = ""

    @property
    def time(self) -> str:
        return f"{timezone.localtime(self.at):%H:%M}"

    @property
    def day(self) -> dt.date:
        return timezone.localdate(self.at)

    @property
    def direction(self) -> str:
        return get_text_direction(self.language)

    @property
    def flags(self) -> list[RowFlag]:
        flags = list_objection_flags(self.objections)
        if self.has_embargo:
            flags.append(RowFlag(_("Embargo"), "lock", "embargo"))
        if self.together:
            flags.append(make_together_flag(self.together))
        return flags


def find_entries(
    begins: dt.datetime, ends: dt.datetime, user: User, *, at: dt.datetime
) -> list[CalendarEntry]:
    """Return the releases from `begins` to before `ends`, in order. Six or seven queries."""
    agreed = _with_columns(
        Edition.objects.approved().filter(released_since(begins), released_before(ends))
    ).order_by("release_at")
    requested = _with_columns(
        Edition.objects.in_review().filter(
            requested_release_at__gte=begins, requested_release_at__lt=ends
        )
    )
    drafts = Statement.objects.not_discarded().filter(
        requested_release_at__gte=begins, requested_release_at__lt=ends, editions=None
    )
    entries = [_make_agreed(edition, user, at) for edition in agreed[:MAX_ENTRIES]]
    entries += [_make_requested(edition, user) for edition in requested[:MAX_ENTRIES]]
    entries += [
        _make_draft(draft, user) for draft in drafts.select_related("organisation")[:MAX_ENTRIES]
    ]
    return sorted(_complete(entries, at), key=lambda entry: (entry.at, entry.uid))


def _complete(entries: list[CalendarEntry], at: dt.datetime) -> list[CalendarEntry]:
    """Add joint publishers, release groups, and the objections to what is still to come."""
    pks = list({entry.statement_id for entry in entries})
    joint, together = load_joint_publishers(pks), load_together(pks, at)
    objections = find_objections_of({e.statement_id for e in entries if e.at > at})
    return [
        replace(
            entry,
            organisation=" · ".join(
                filter(None, [entry.organisation, *joint.get(entry.statement_id, [])])
            ),
            objections=len(objections.get(entry.statement_id, [])) if entry.at > at else 0,
            together=together.get(entry.statement_id, ""),
        )
        for entry in entries
    ]


def find_cancelled(begins: dt.datetime, ends: dt.datetime) -> list[tuple[dt.datetime, str]]:
    """Return when something was wanted that was then cancelled or put on hold, and its UID."""
    within = {"requested_release_at__gte": begins, "requested_release_at__lt": ends}
    rows = [
        *_with_columns(Edition.objects.filter(state=State.CANCELLED, **within))[:MAX_ENTRIES],
        *_with_columns(Edition.objects.approved().filter(release_at=None, **within))[:MAX_ENTRIES],
    ]
    return [(_require(edition.requested_release_at), get_uid(edition)) for edition in rows]


def _with_columns(editions: Any) -> Any:
    return editions.select_related("organisation", "statement").defer("content")


def get_uid(edition: Edition) -> str:
    """Return a name that stays the same from the draft to the release, and for each correction."""
    is_first = edition.statement.first_release_at in (None, edition.release_at)
    return str(edition.statement.uuid if is_first else edition.uuid)


def _make_agreed(edition: Edition, user: User, at: dt.datetime) -> CalendarEntry:
    status, tone = _describe_agreed(edition, at)
    return _make_entry(
        edition, user, at=_require(edition.release_at), status=status, tone=tone,
        has_embargo=edition.has_embargo and edition.is_scheduled(at),
    )  # fmt: skip


def _describe_agreed(edition: Edition, at: dt.datetime) -> tuple[str, str]:
    if edition.is_scheduled(at):
        return _("Scheduled"), "scheduled"
    if edition.is_public(at):
        return _("Published"), "published"
    return _("Earlier edition or withdrawn"), "withdrawn"


def _make_requested(edition: Edition, user: User) -> CalendarEntry:
    return _make_entry(
        edition, user, at=_require(edition.requested_release_at), status=_("In review"),
        tone="review", is_requested=True, has_embargo=edition.has_embargo,
    )  # fmt: skip


def _make_entry(edition: Edition, user: User, **values: Any) -> CalendarEntry:
    return CalendarEntry(
        statement_id=edition.statement_id,
        headline=edition.headline,
        language=edition.language,
        organisation=edition.organisation.name,
        uid=get_uid(edition),
        url=get_edition_url(edition, user),
        **values,
    )


def _make_draft(statement: Any, user: User) -> CalendarEntry:
    statement.last_edition = statement.last_state = None
    return CalendarEntry(
        statement_id=statement.pk,
        at=statement.requested_release_at,
        headline=str(statement),
        language=statement.language,
        organisation=statement.organisation.name if statement.organisation else "",
        status=_("Draft"),
        tone="draft",
        uid=str(statement.uuid),
        url=get_statement_url(statement, user),
        is_requested=True,
        has_embargo=statement.has_embargo,
    )


def _require(time: dt.datetime | None) -> dt.datetime:
    assert time is not None, "The query asks for rows with this time."
    return time


def find_periods(first: dt.date, last: dt.date) -> list[SensitivePeriod]:
    """Return the sensitive periods that these days touch."""
    periods = SensitivePeriod.objects.filter(starts_on__lte=last, ends_on__gte=first)
    return list(periods.prefetch_related("organisations").order_by("starts_on"))


def group_by_day(entries: Iterable[CalendarEntry]) -> dict[dt.date, list[CalendarEntry]]:
    days: dict[dt.date, list[CalendarEntry]] = {}
    for entry in entries:
        days.setdefault(entry.day, []).append(entry)
    return days
