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
from statements.models import Action, Contribution, Edition, Event, Rule, State, Statement
from statements.newsdesk import autosave
from statements.newsdesk.time_format import day_in_words, how_long, said
from statements.publicness import is_listed, listed_before, public_at, released_after, released_by
from statements.roles import EDITORS, MANAGERS, NEWSDESK
from statements.workflow import sensitive_periods

SHOWN = 12
MOST_COUNTED = 1_000
RECENT = 8
TAKEN_UP = 500
"""How many statements back somebody's own drafts are looked for."""


@dataclass
class Section:
    """One list of the front page, with what it says when there is nothing in it."""

    key: str
    title: str
    empty: str
    rows: list = field(default_factory=list)
    most: int = SHOWN
    counted: bool = True
    template: str = "admin/newsdesk/_editions.html"
    of: QuerySet[Any] | None = None  # all of it, counted only where not all is shown
    rest: str = ""  # how the list of statements is asked for all of it

    @cached_property
    def count(self) -> str:
        if len(self.rows) <= self.most:
            return str(len(self.rows))
        assert self.of is not None, "A list that is counted knows what it is a part of."
        counted = self.of.order_by().values("pk")[: MOST_COUNTED + 1].count()
        return f"more than {MOST_COUNTED:,}" if counted > MOST_COUNTED else str(counted)

    @property
    def has_more(self) -> bool:
        return len(self.rows) > self.most

    @property
    def shown(self) -> list:
        return self.rows[: self.most]


def context(user) -> dict:
    """What the template of the front page shows this person now."""
    at = clock.now()
    groups = set(user.groups.values_list("name", flat=True))
    writes = bool(groups.intersection(NEWSDESK))
    typed = unsaved(user, at) if writes else []
    yours, others = waiting(user, at, editor=bool(groups.intersection(EDITORS)))
    return {
        "at": at,
        "today": timezone.localdate(at),
        "sensitive": sensitive_periods.periods_near(at),
        "writes": writes,
        "urgent": urgent(user),
        "erasures": erasures(user) if groups.intersection(MANAGERS) else None,
        "columns": [
            [yours, sent_back(user), drafts(user, at), *typed, others],
            [scheduled(at), held(), pending(at), recent(at)],
        ],
    }


# --- Mine -----------------------------------------------------------------------------------------


def sent_back(user) -> Section:
    """Words of mine that an editor wants changed, with the note, until they are submitted again."""
    note = Event.objects.filter(edition=OuterRef("last_edition"), action=Action.SENT_BACK)
    statements = (
        _taken_up(user)
        .filter(last_state=State.SENT_BACK)
        .annotate(
            note=Subquery(note.order_by("-number").values("note")[:1]),
            sent_back_by=Subquery(note.order_by("-number").values("by_name")[:1]),
        )
    )
    return Section(
        "sent-back",
        "Sent back to me",
        "Nothing was sent back to you.",
        list(statements.order_by("-changed_at")[: SHOWN + 1]),
        of=statements,
        rest=f"stands=sent_back&writer={user.pk}",
        template="admin/newsdesk/_statements.html",
    )


def drafts(user, at: dt.datetime) -> Section:
    """Words of mine that nobody was asked to approve yet, the last written first."""
    statements = unsent(user)
    rows = list(statements.order_by("-changed_at")[: SHOWN + 1])
    for row in rows:
        row.was_public = is_listed(row, at)
    return Section(
        "drafts",
        "My drafts",
        "You have no drafts.",
        rows,
        of=statements,
        rest="stands=my_drafts",
        template="admin/newsdesk/_statements.html",
    )


def unsent(user) -> QuerySet[Any]:
    unasked = Q(last_edition=None) | Q(last_state=State.CANCELLED) | Q(changed_at__gt=F("last_at"))
    # Not exclude(): what was never submitted has no state, and NULL is neither equal nor unequal.
    not_sent_back = Q(last_edition=None) | ~Q(last_state=State.SENT_BACK)
    return _taken_up(user).filter(unasked, not_sent_back)


def unsaved(user, at: dt.datetime) -> list[Section]:
    """What this person typed and never saved; no section where there is none."""
    rows = autosave.offers(user, at=at, everywhere=True)
    title, template = "Text of yours that was never saved", "admin/newsdesk/_unsaved.html"
    return [Section("unsaved", title, "", rows, template=template)] if rows else []


def _taken_up(user) -> QuerySet[Any]:
    """The statements this person had a hand in, each with its newest edition."""
    mine = Contribution.objects.filter(user=user).order_by("-pk").values("statement")[:TAKEN_UP]
    taken_up = Statement.objects.filter(pk__in=list(mine.values_list("statement", flat=True)))
    return _with_newest(taken_up)


def _with_newest(statements: QuerySet[Any]) -> QuerySet[Any]:
    newest = Edition.objects.filter(statement=OuterRef("pk")).order_by("-sequence")
    return statements.annotate(
        last_edition=Subquery(newest.values("pk")[:1]),
        last_state=Subquery(newest.values("state")[:1]),
        last_at=Subquery(newest.values("submitted_at")[:1]),
    )


# --- Everybody's ----------------------------------------------------------------------------------


def waiting(user, at: dt.datetime, *, editor: bool) -> tuple[Section, Section]:
    """Words in review: those this person can act on now, and the rest.

    The soonest release first, be it agreed for an earlier edition or wanted; then the longest
    waiting. All that is in review is sorted for this: as much as a press office has in hand.
    """
    agreed = Edition.objects.approved().filter(released_after(at), statement=OuterRef("statement"))
    asked = Event.objects.filter(
        edition=OuterRef("pk"),
        action=Action.ASKED,
        detail=canonical({"person": user.get_username()}),
    )
    editions = (
        Edition.objects.in_review()
        .annotate(
            agreed_at=Subquery(agreed.order_by("release_at").values("release_at")[:1]),
            due=Coalesce("agreed_at", "wanted_at"),
            asked=Exists(asked),
        )
        .annotate(yours=Case(When(_is_for(user, editor=editor), then=True), default=False))
        .order_by(F("due").asc(nulls_last=True), "submitted_at")
    )
    yours, others = editions.filter(yours=True), editions.filter(yours=False)
    sections = (
        Section("yours", "Waiting for you", "Nothing waits for you.", _first(yours)),
        Section("waiting", "Waiting for others", "Nothing waits for others.", _first(others)),
    )
    for section, of in zip(sections, (yours, others), strict=True):
        section.of, section.rest = of, "stands=in_review"
        for edition in section.rows:
            edition.what_now = _what_now(edition, user, editor=editor)
            edition.agreed = edition.agreed_at and said(edition.agreed_at)
            edition.wanted = edition.wanted_at and said(edition.wanted_at)
    return sections


def _is_for(user, *, editor: bool) -> Q:
    """What this person can do something about: countersign if asked, approve if an editor."""
    theirs = Q(asked=True) & ~Q(countersigned_by=user)
    if editor:
        countersigned = Q(countersigned_by__isnull=False) & ~Q(countersigned_by=user)
        theirs |= ~Q(contributors__contains=f",{user.pk},") | countersigned
    return theirs


def _what_now(edition: Any, user, *, editor: bool) -> str:
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


def scheduled(at: dt.datetime) -> Section:
    """Approved words whose time is to come, the soonest first, under the day on which they go."""
    newer = Edition.objects.filter(
        statement=OuterRef("statement"), state=State.IN_REVIEW, sequence__gt=OuterRef("sequence")
    )
    editions = Edition.objects.approved().filter(released_after(at)).order_by("release_at")
    rows = _first(editions.annotate(newer=Exists(newer)))
    for edition in rows:
        edition.day = day_in_words(edition.release_at, at)
        edition.time_in_words = said(edition.release_at)
        edition.how_long = how_long(edition.release_at, at)
    return Section(
        "scheduled",
        "Scheduled",
        "Nothing is scheduled.",
        rows,
        of=editions,
        rest="stands=scheduled",
        template="admin/newsdesk/_scheduled.html",
    )


def pending(at: dt.datetime) -> Section:
    """Public statements whose next words are under way, the last worked on first."""
    statements = under_way(at)
    return Section(
        "pending",
        "Public, with a change under way",
        "No public statement is being changed.",
        list(_with_newest(statements).order_by("-changed_at")[: SHOWN + 1]),
        of=statements,
        rest="stands=changing",
        template="admin/newsdesk/_pending.html",
    )


def under_way(at: dt.datetime) -> QuerySet[Any]:
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
    numbers = first.union(*others, all=True)[: MOST_COUNTED + 1]
    found = {*numbers, *_written_on(at)}
    return Statement.objects.filter(Exists(public), pk__in=found)


def _written_on(at: dt.datetime) -> list[int]:
    """Of the statements last worked on, those that were written on after they were submitted."""
    last = Statement.objects.order_by("-changed_at").values("pk")[:TAKEN_UP]
    statements = _with_newest(Statement.objects.filter(pk__in=last))
    open_words = Q(last_state=State.SENT_BACK) | Q(changed_at__gt=F("last_at"))
    return list(statements.filter(open_words, listed_before(at)).values_list("pk", flat=True))


def held() -> Section:
    """Approved words that wait for somebody to name a time."""
    editions = Edition.objects.approved().filter(release_at=None).order_by("approved_at")
    return Section(
        "held", "Held", "Nothing is held.", _first(editions), of=editions, rest="stands=held"
    )


def urgent(user) -> Section:
    """Urgent releases that no second person has looked at yet."""
    editions = Edition.objects.filter(rule=Rule.URGENT, second_look_by=None)
    rows = _first(editions.order_by("approved_at"))
    for edition in rows:
        edition.my_own = edition.approved_by_id == user.pk
    return Section("urgent", "Urgent releases owed a second look", "", rows, of=editions)


def erasures(user) -> Section:
    """Erasures that one manager asked for, and another has to decide."""
    editions = Edition.objects.filter(erasure_asked_by__isnull=False, erased_at=None)
    title = "Erasures that a second manager decides"
    return Section("erasures", title, "", _first(editions), of=editions)


def recent(at: dt.datetime) -> Section:
    """What came out last, whatever became of it."""
    editions = Edition.objects.approved().filter(released_by(at)).order_by("-release_at")
    rows = _first(editions, RECENT - 1)
    for edition in rows:
        edition.public = edition.is_public(at)
        edition.time_in_words = said(edition.release_at)
    return Section(
        "recent", "Recently public", "Nothing has been public yet.", rows, RECENT, counted=False
    )


def _first(editions: QuerySet[Edition], most: int = SHOWN) -> list[Any]:
    """With room for what the page says beside each: a row is shown once and thrown away."""
    people = ("organisation", "submitted_by", "approved_by", "countersigned_by", "erasure_asked_by")
    return list(editions.select_related(*people).defer("content")[: most + 1])
