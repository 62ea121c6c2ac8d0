"""The front page: what is waiting, for me and for everybody.

Each list is one query that walks an index and stops after SHOWN rows, so that its cost does not
grow with the archive. Its number is right up to SHOWN, and then says that there are more.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.query import QuerySet
from django.utils import timezone

from statements import clock, sensitive
from statements.models import Action, Contribution, Edition, Event, Rule, State, Statement
from statements.newsdesk.spoken_time import how_long, said
from statements.roles import EDITORS, MANAGERS, NEWSDESK

SHOWN = 12
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

    @property
    def count(self) -> str:
        return f"more than {self.most}" if len(self.rows) > self.most else str(len(self.rows))

    @property
    def shown(self) -> list:
        return self.rows[: self.most]


def context(user) -> dict:
    """What the template of the front page shows this person now."""
    at = clock.now()
    groups = set(user.groups.values_list("name", flat=True))
    decides = bool(groups.intersection(EDITORS))
    return {
        "at": at,
        "today": timezone.localdate(at),
        "sensitive": sensitive.periods_near(at),
        "writes": bool(groups.intersection(NEWSDESK)),
        "urgent": urgent(user),
        "erasures": erasures(user) if groups.intersection(MANAGERS) else None,
        "columns": [
            [sent_back(user), drafts(user, at), waiting(user, editor=decides)],
            [scheduled(at), held(), recent(at)],
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
        template="admin/newsdesk/_statements.html",
    )


def drafts(user, at: dt.datetime) -> Section:
    """Words of mine that nobody was asked to approve yet, the last written first."""
    unsent = Q(last_edition=None) | Q(last_state=State.CANCELLED) | Q(changed_at__gt=F("last_at"))
    # Not exclude(): what was never submitted has no state, and NULL is neither equal nor unequal.
    not_sent_back = Q(last_edition=None) | ~Q(last_state=State.SENT_BACK)
    statements = _taken_up(user).filter(unsent, not_sent_back)
    rows = list(statements.order_by("-changed_at")[: SHOWN + 1])
    for row in rows:
        row.was_public = row.first_release_at is not None and row.first_release_at <= at
    return Section(
        "drafts",
        "My drafts",
        "You have no drafts.",
        rows,
        template="admin/newsdesk/_statements.html",
    )


def _taken_up(user) -> QuerySet[Any]:
    """The statements this person had a hand in, each with its newest edition."""
    mine = Contribution.objects.filter(user=user).order_by("-pk").values("statement")[:TAKEN_UP]
    newest = Edition.objects.filter(statement=OuterRef("pk")).order_by("-sequence")
    return Statement.objects.filter(pk__in=list(mine.values_list("statement", flat=True))).annotate(
        last_edition=Subquery(newest.values("pk")[:1]),
        last_state=Subquery(newest.values("state")[:1]),
        last_at=Subquery(newest.values("submitted_at")[:1]),
    )


# --- Everybody's ----------------------------------------------------------------------------------


def waiting(user, *, editor: bool) -> Section:
    """Words in review, the longest waiting first, each saying what this person can do for it."""
    rows = _first(Edition.objects.in_review().order_by("submitted_at"))
    for edition in rows:
        edition.what_now = _what_now(edition, user, editor=editor)
    return Section("waiting", "Waiting for review", "Nothing is waiting for review.", rows)


def _what_now(edition: Edition, user, *, editor: bool) -> str:
    countersigned = edition.countersigned_by_id is not None
    if not editor:
        return "Countersigned; an editor approves" if countersigned else "An editor approves"
    if user.pk not in edition.contributor_ids:
        return "Yours to approve"
    if edition.countersigned_by_id not in (None, user.pk):
        return "Countersigned: yours to approve"
    return "You had a hand in it: another person countersigns, or another editor approves"


def scheduled(at: dt.datetime) -> Section:
    """Approved words whose time is to come, the soonest first."""
    newer = Edition.objects.filter(
        statement=OuterRef("statement"), state=State.IN_REVIEW, sequence__gt=OuterRef("sequence")
    )
    editions = Edition.objects.approved().filter(release_at__gt=at).order_by("release_at")
    rows = _first(editions.annotate(newer=Exists(newer)))
    for edition in rows:
        edition.time_in_words = said(edition.release_at)
        edition.how_long = how_long(edition.release_at, at)
    return Section("scheduled", "Scheduled", "Nothing is scheduled.", rows)


def held() -> Section:
    """Approved words that wait for somebody to name a time."""
    editions = Edition.objects.approved().filter(release_at=None).order_by("approved_at")
    return Section("held", "Held", "Nothing is held.", _first(editions))


def urgent(user) -> Section:
    """Urgent releases that no second person has looked at yet."""
    editions = Edition.objects.filter(rule=Rule.URGENT, second_look_by=None)
    rows = _first(editions.order_by("approved_at"))
    for edition in rows:
        edition.my_own = edition.approved_by_id == user.pk
    return Section("urgent", "Urgent releases owed a second look", "", rows)


def erasures(user) -> Section:
    """Erasures that one manager asked for, and another has to decide."""
    editions = Edition.objects.filter(erasure_asked_by__isnull=False, erased_at=None)
    return Section("erasures", "Erasures that a second manager decides", "", _first(editions))


def recent(at: dt.datetime) -> Section:
    """What came out last, whatever became of it."""
    editions = Edition.objects.approved().filter(release_at__lte=at).order_by("-release_at")
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
