"""Release statements together: a release group owns the time of all its members.

One approval takes every member. From then on one time counts for all, until it has passed; then
each is corrected alone. Whatever changes a group locks the group first and then its members in
order, so that two people who act on two members never wait for each other.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from statements.audit.events import write_event
from statements.audit.state import lock_and_read
from statements.content.quotation_marks import quote_headline
from statements.models import Action, Edition, ReleaseGroup, StaleVersion, State, Statement
from statements.publicness import is_released, public_at
from statements.readiness import Problem
from statements.roles import NEWSDESK, require_group
from statements.workflow.rules import problems_for
from statements.workflow.scheduling import reconcile
from statements.workflow.transitions import raise_if, require_digest, require_role, transition


@dataclass(frozen=True)
class Member:
    """A statement of a group, and its newest edition that is in review or approved, if any."""

    statement: Statement
    edition: Edition | None

    @property
    def is_approved(self) -> bool:
        return self.edition is not None and self.edition.state == State.APPROVED

    @property
    def title(self) -> str:
        return quote_headline(str(self.edition.headline if self.edition else self.statement))


@dataclass(frozen=True)
class SeenEdition:
    """The digest of an edition and the version of its draft, as they were on the screen."""

    digest: str
    version: int


# --- Who releases together ------------------------------------------------------------------------


def find_open_group(statement: Statement, at: dt.datetime) -> ReleaseGroup | None:
    """Return the group of the statement, unless its time has passed: it has done its work then."""
    group = statement.release_group
    return None if group is None or is_released(group, at) else group


def list_members(group: ReleaseGroup) -> list[Member]:
    """Return the members in the order in which they were written, the first one first."""
    return _build_members(group.members.order_by("pk"))


def _build_members(statements: Iterable[Statement]) -> list[Member]:
    rows = {statement.pk: statement for statement in statements}
    decided_on: dict[int, Edition] = {}
    editions = Edition.objects.filter(
        statement__in=rows, state__in=[State.IN_REVIEW, State.APPROVED]
    )
    for edition in editions.select_related("countersigned_by").order_by("sequence"):
        edition.statement = rows[edition.statement_id]
        decided_on[edition.statement_id] = edition
    return [Member(row, decided_on.get(pk)) for pk, row in rows.items()]


def list_together(edition: Edition, at: dt.datetime) -> list[Edition]:
    """Return every edition that a decision about the release of this one is about.

    In review, these are the editions that its group decides on; approved, those that were approved
    with it. Alone, or once its time has passed, it is the edition itself.
    """
    statement = edition.statement
    group = find_open_group(statement, at)
    if group is None:
        return [edition]
    if edition.state == State.IN_REVIEW:
        editions = [member.edition for member in list_members(group) if member.edition]
    else:
        rows = group.editions.approved().select_related("statement", "organisation")
        editions = list(rows.order_by("statement"))
    if edition.pk not in {row.pk for row in editions}:
        return [edition]
    return [edition if row.pk == edition.pk else row for row in editions]


def list_released_together(statement: Statement, at: dt.datetime) -> list[Edition]:
    """Return the public editions of what was released in one group with this statement."""
    group = statement.release_group
    if group is None or find_open_group(statement, at):
        return []
    public = Edition.objects.approved().filter(public_at(at), statement__release_group=group)
    return list(public.exclude(statement=statement).select_related("statement").order_by("pk"))


def name_others(statement: Statement) -> str:
    """Return the headlines of the other members: “A” and “B”."""
    others = Statement.objects.filter(release_group=statement.release_group_id)
    titles = [
        quote_headline(str(other)) for other in others.exclude(pk=statement.pk).order_by("pk")
    ]
    return _(" and ").join(filter(None, [", ".join(titles[:-1]), *titles[-1:]]))


# --- Problems -------------------------------------------------------------------------------------


def alone_problems(edition: Edition, at: dt.datetime) -> list[Problem]:
    """Return why this edition is not approved or published by itself; empty: no group."""
    if find_open_group(edition.statement, at) is None:
        return []
    others = name_others(edition.statement)
    return [
        Problem(
            "",
            _("It goes public together with %(others)s.") % {"others": others}
            if others
            else _("It is in a release group."),
            _("Decide on them together, or take it out of the group before it is approved."),
        )
    ]


def approval_problems(members: Sequence[Member], *, by: User, at: dt.datetime) -> list[Problem]:
    """Return why this person cannot approve the group now: the hands of every member count."""
    editions = [member.edition for member in members if member.edition]
    for edition in editions:
        role = [p for p in problems_for("approve", edition, by=by, at=at) if p.field == "role"]
        if role:
            return role
    if editions and all(edition.state == State.APPROVED for edition in editions):
        return [Problem("", _("These were approved together already."))]
    return [problem for member in members for problem in _member_problems(member, by=by, at=at)]


def _member_problems(member: Member, *, by: User, at: dt.datetime) -> list[Problem]:
    if member.edition is None:
        return [
            Problem(
                "",
                _("%(title)s is not in review.") % {"title": member.title},
                _("Have it submitted, or take it out of the group."),
            )
        ]
    name = "reschedule" if member.is_approved else "approve"
    return [
        Problem(problem.field, f"{member.title}: {problem.message}", problem.hint)
        for problem in problems_for(name, member.edition, by=by, at=at)
    ]


def join_problems(statement: Statement, other: Statement) -> list[Problem]:
    """Return why two statements cannot go public together."""
    if statement.pk == other.pk:
        return [Problem("other", _("Choose another statement."))]
    if statement.organisation_id != other.organisation_id:
        return [
            Problem(
                "other",
                _("%(title)s is published by another organisation.")
                % {"title": quote_headline(str(other))},
                _("Statements of the same publisher go public together."),
            )
        ]
    groups = {statement.release_group_id, other.release_group_id} - {None}
    if len(groups) == 2:
        return [
            Problem(
                "other",
                _("Both are in a release group already."),
                _("Take one of them out of its group first."),
            )
        ]
    if groups and statement.release_group_id == other.release_group_id:
        return [Problem("other", _("They go public together already."))]
    return [problem for row in (statement, other) for problem in approved_problems(row)]


def approved_problems(statement: Statement) -> list[Problem]:
    """Return why a statement joins and leaves no group: somebody has decided on it."""
    title = {"title": quote_headline(str(statement))}
    if statement.discarded_at:
        return [Problem("other", _("%(title)s is in the bin.") % title)]
    rows = Statement.objects.filter(pk=statement.pk)
    if statement.release_group_id:
        rows |= Statement.objects.filter(release_group=statement.release_group_id)
    if Edition.objects.approved().filter(statement__in=rows.values("pk")).exists():
        return [
            Problem(
                "other",
                _("%(title)s is approved already, or goes public with what is.") % title,
                _("Only statements that nobody has approved yet are put into a group."),
            )
        ]
    return []


# --- Locks and times ------------------------------------------------------------------------------


def lock_members(*pks: int) -> dict[int, Statement]:
    """Lock these statements and all that are in a group with them; return them by id, in order."""
    found = Statement.objects.filter(pk__in=pks).exclude(release_group=None)
    groups = sorted(set(found.values_list("release_group", flat=True)))
    # One by one: the order of the locks of one query is not certain.
    for group in groups:
        ReleaseGroup.objects.select_for_update().get(pk=group)
    members = Statement.objects.filter(release_group__in=groups).values_list("pk", flat=True)
    locked = {pk: lock_and_read(pk) for pk in sorted({*members, *pks})}
    if {row.release_group_id for row in locked.values()} - {None, *groups}:
        raise StaleVersion(
            _("Someone changed the release group while you were deciding. Look again.")
        )
    return locked


def list_locked_members(group: ReleaseGroup) -> list[Member]:
    """Lock a group and all its members, and return them."""
    first = group.members.values_list("pk", flat=True).first()
    locked = lock_members(first).values() if first else ()
    return _build_members(row for row in locked if row.release_group_id == group.pk)


def lock_together(
    transition_name: str,
    edition: Edition,
    *,
    by: User,
    at: dt.datetime,
    seen_digest: str | None = None,
) -> list[Edition]:
    """Lock an edition for a transition, with all that were approved in a group with it.

    The given one is first, and if it is in no group, the only one. What refuses one refuses all.
    """
    require_role(transition_name, by)
    editions = _lock_approved(edition)
    require_digest(editions[0], seen_digest)
    for row in editions:
        raise_if(problems_for(transition_name, row, by=by, at=at))
    return editions


def _lock_approved(edition: Edition) -> list[Edition]:
    statements = lock_members(edition.statement_id)
    edition = Edition.objects.get(pk=edition.pk)
    editions = [edition]
    if edition.release_group_id and edition.state == State.APPROVED:
        together = Edition.objects.approved().filter(release_group=edition.release_group_id)
        editions += together.exclude(pk=edition.pk).order_by("statement")
    for row in editions:
        row.statement = statements.get(row.statement_id) or lock_and_read(row.statement_id)
    return editions


def set_release_time(
    editions: Sequence[Edition], release_at: dt.datetime | None, *, by: User, at: dt.datetime
) -> None:
    """Set the time of an approved edition, or of all that were approved in its group."""
    first = editions[0]
    if first.release_group_id is None:
        reconcile(first.statement, by=by, at=at, new_release_times={first.pk: release_at})
        return
    ReleaseGroup.objects.filter(pk=first.release_group_id).update(release_at=release_at)
    for edition in editions:
        reconcile(edition.statement, by=by, at=at)


# --- Join and leave -------------------------------------------------------------------------------


@transition
def publish_together(
    statement: Statement, other: Statement, *, by: User, at: dt.datetime
) -> ReleaseGroup:
    """Put two statements that nobody has approved into one release group."""
    require_group(by, NEWSDESK, _("publish statements together"))
    locked = lock_members(statement.pk, other.pk)
    statement, other = locked[statement.pk], locked[other.pk]
    raise_if(join_problems(statement, other))
    group = statement.release_group or other.release_group or ReleaseGroup.objects.create()
    for row in (statement, other):
        if row.release_group_id is None:
            Statement.objects.filter(pk=row.pk).update(release_group=group)
    for row, partner in ((statement, other), (other, statement)):
        write_event(row, Action.GROUPED, by=by, at=at, detail=_describe(group, [partner]))
    return group


@transition
def take_out(statement: Statement, *, by: User, at: dt.datetime) -> None:
    """Take a statement out of its group, before the group is approved."""
    require_group(by, NEWSDESK, _("take a statement out of its group"))
    locked = lock_members(statement.pk)
    statement = locked[statement.pk]
    if statement.release_group_id is None:
        return
    raise_if(approved_problems(statement))
    leave(statement, locked, by=by, at=at)


def leave(
    statement: Statement, locked: Mapping[int, Statement], *, by: User, at: dt.datetime
) -> None:
    """Take a locked statement out of its group. One that is left alone leaves it too.

    What was approved in the group stays in it, alone: its time is that of the group.
    """
    group = statement.release_group
    if group is None:
        return
    others = [
        row for row in locked.values() if row.release_group_id == group.pk and row != statement
    ]
    leaving = [statement]
    if len(others) == 1 and not group.editions.approved().filter(statement=others[0]).exists():
        leaving += others
    Statement.objects.filter(pk__in=[row.pk for row in leaving]).update(release_group=None)
    for row in leaving:
        row.release_group = None
    write_event(statement, Action.UNGROUPED, by=by, at=at, detail=_describe(group, others))
    for row in others:
        write_event(row, Action.UNGROUPED, by=by, at=at, detail=_describe(group, [statement]))


def leave_when_cancelled(
    edition: Edition, locked: Mapping[int, Statement], *, by: User, at: dt.datetime
) -> None:
    """Take the statement of an edition that was just cancelled out of its group.

    It stays where another of its editions was approved in the group.
    """
    group = find_open_group(edition.statement, at)
    if group and not group.editions.approved().filter(statement=edition.statement_id).exists():
        leave(edition.statement, locked, by=by, at=at)


def _describe(group: ReleaseGroup, others: Iterable[Statement]) -> dict[str, object]:
    return {"release_group": group.pk, "with": [other.pk for other in others]}
