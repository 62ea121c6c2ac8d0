"""The newest statements of everything, of a theme, a speaker or a body, as feeds carry them.

Two queries. The first walks newest_released, newest_of_theme, newest_of_speaker or newest_of_body
for the entries and finds the subject by its slug on the way; the second asks, for those entries
alone, what was said about their changes, and looks through the latest withdrawals of all.
"""

import datetime as dt
import uuid
from dataclasses import dataclass, field
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Exists,
    F,
    IntegerField,
    Model,
    OuterRef,
    UUIDField,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.db.models.query import QuerySet

from organisations.models import FormerOrganisationSlug, FormerSlug, Organisation, Speaker
from statements.models import (
    Amendment,
    Edition,
    EditionVoice,
    FormerThemeSlug,
    Theme,
    ThemedStatement,
    Withdrawal,
)
from statements.public.editions import (
    KINDS,
    NEWEST_FIRST,
    Named,
    past_editions,
    public_editions,
    withdrawn_editions,
)
from statements.public.prepared import compiled, prepared

NEWEST = 50
LATEST_WITHDRAWALS = 100  # of all statements: how far back a feed looks for what was taken back
NOTE, FILED, TAKEN_BACK = 0, 1, 2
UNSAID = ("", Amendment.TYPO)
TOLD = ("arm", "whose", "place", "uid", "moment", "word", "said", "way")
ENTRY = (
    *("statement_id", "content", "kind", "slug", "amendment", "public_note"),
    *("release_at", "first_release_at", "statement__uuid"),
)


@dataclass(frozen=True)
class Note:
    """What readers are told about a change: was wrong, is right."""

    label: str
    text: str
    released: dt.datetime


@dataclass(frozen=True)
class Entry:
    """A statement that stands. `uuid` is the statement’s own, the same through every edition."""

    uuid: uuid.UUID
    content: str
    kind: str
    slug: str
    amendment: str
    published: dt.datetime
    updated: dt.datetime
    notes: list[Note] = field(default_factory=list)  # the newest first
    themes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class TakenBack:
    """A statement that was withdrawn: no word of it. `slug` only where a page says the notice."""

    uuid: uuid.UUID
    since: dt.datetime
    notice: str
    slug: str


@dataclass(frozen=True)
class Feed:
    subject: Named | None  # None: everything
    entries: list[Entry]
    taken_back: list[TakenBack]  # the latest first

    @property
    def updated(self) -> dt.datetime | None:
        """When any of it last changed; None while nothing was ever published."""
        changed = [one.updated for one in self.entries]
        return max([*changed, *(one.since for one in self.taken_back)], default=None)


@dataclass(frozen=True)
class Listed:
    """Under whom or what statements are listed: where each is named, in the order of the list."""

    model: type[Model]
    former: type[Model]
    walked: str
    column: str
    last: str

    def called(self, slug: str) -> Coalesce:
        """The row that has this slug now, else the one that had it."""
        whose = self.model._meta.model_name or ""
        return Coalesce(
            self.model._default_manager.filter(slug=slug).values("pk")[:1],
            self.former._default_manager.filter(slug=slug).values(whose)[:1],
        )


LISTED = {
    "theme": Listed(Theme, FormerThemeSlug, "statement__themed", "tag", "content_object_id"),
    "speaker": Listed(Speaker, FormerSlug, "voices", "speaker", "statement_id"),
    "organisation": Listed(
        Organisation, FormerOrganisationSlug, "voices", "organisation", "statement_id"
    ),
}


def newest(what: str = "", slug: str = "", *, at: dt.datetime) -> Feed | None:
    """The feed of the theme, speaker or organisation at this address, or at one that it had.

    `what` empty means everything. None for a subject without a public edition, as for one that
    does not exist.
    """
    rows = _rows(listed=LISTED[what], slug=slug, at=at) if what else _everything(at=at)
    if what and not rows:
        return None
    subject = Named(rows[0].subject, rows[0].subject_slug, rows[0].subject_name) if what else None
    return _told(subject, what, rows, at)


@prepared
def _everything(*, at: dt.datetime) -> QuerySet:
    editions = public_editions(at=at).filter(first_release_at__lte=at).order_by(*NEWEST_FIRST)
    return editions.values_list(*ENTRY, named=True)[:NEWEST]


@compiled
def _rows(*, listed: Listed, slug: str, at: dt.datetime) -> QuerySet:
    """One filter() for all that is asked of the index, or Django would join its table again."""
    walked, one = listed.walked, f"{listed.walked}__{listed.column}"
    asked = {one: listed.called(slug), f"{walked}__first_release_at__lte": at}
    if walked == "voices":
        asked |= {"voices__release_at__lte": at, "voices__live_until__gt": at}
    rows = public_editions(at=at).filter(**asked)
    rows = rows.order_by(f"-{walked}__first_release_at", f"-{walked}__{listed.last}")
    told = {"subject": F(one), "subject_slug": F(f"{one}__slug"), "subject_name": F(f"{one}__name")}
    return rows.annotate(**told).values_list(*ENTRY, *told, named=True)[:NEWEST]


# --- What is told of them -------------------------------------------------------------------------


def _told(subject: Named | None, what: str, rows: list, at: dt.datetime) -> Feed:
    """The entries with their notes and themes, and what was withdrawn since the oldest of them."""
    entries = {row.statement_id: _entry(row) for row in rows}
    for row in rows:
        if row.amendment not in UNSAID:
            label = Amendment(row.amendment).label
            entries[row.statement_id].notes.append(Note(label, row.public_note, row.release_at))
    taken_back: dict[int, TakenBack] = {}
    for arm, whose, _, uid, moment, word, said, way in sorted(
        _around(
            statements=tuple(entries) or (0,),
            listed=LISTED.get(what),
            subject=subject.pk if subject else None,
            since=rows[-1].first_release_at if rows else None,
            at=at,
        ),
        key=lambda one: (one[0], one[2]),
        reverse=True,
    ):
        if arm == TAKEN_BACK:
            taken_back.setdefault(whose, TakenBack(uid, moment, said, way))
        elif arm == FILED:
            entries[whose].themes.append(said)
        else:
            entries[whose].notes.append(Note(Amendment(word).label, said, moment))
    for entry in entries.values():
        entry.themes.sort(key=str.casefold)
    return Feed(subject, list(entries.values()), list(taken_back.values()))


def _entry(row: Any) -> Entry:
    return Entry(
        uuid=row.statement__uuid,
        content=row.content,
        kind=KINDS[row.kind],
        slug=row.slug,
        amendment=row.amendment,
        published=row.first_release_at,
        updated=row.release_at,
    )


@prepared
def _around(
    *,
    statements: tuple[int, ...],
    listed: Listed | None,
    subject: int | None,
    since: dt.datetime | None,
    at: dt.datetime,
) -> QuerySet:
    notes = past_editions(at=at).filter(statement__in=statements).exclude(amendment__in=UNSAID)
    filed = ThemedStatement.objects.filter(content_object__in=statements)
    nothing = Value("", output_field=CharField())
    return _columns(
        notes, NOTE, F("statement_id"), F("statement__uuid"), F("sequence"), F("release_at"),
        F("amendment"), F("public_note"), nothing,
    ).union(
        _columns(
            filed, FILED, F("content_object_id"), Value(None, UUIDField()), F("tag_id"),
            F("first_release_at"), nothing, F("tag__name"), nothing,
        ),
        _columns(
            _withdrawals(listed, subject, since, at), TAKEN_BACK, F("statement_id"),
            F("statement__uuid"), F("pk"), F("from_at"), nothing, F("notice"),
            Case(When(Exists(_under_notice(at)), F("edition__slug")), default=nothing),
        ),
        all=True,
    )  # fmt: skip


def _columns(rows: QuerySet, arm: int, whose, uid, place, moment, word, said, way) -> QuerySet:
    # No order: SQLite takes none on one arm of a union, and `_told` sorts.
    return (
        rows.order_by()
        .annotate(
            arm=Value(arm, output_field=IntegerField()),
            whose=whose,
            place=place,
            uid=uid,
            moment=moment,
            word=word,
            said=said,
            way=way,
        )
        .values_list(*TOLD)
    )


def _withdrawals(
    listed: Listed | None, subject: int | None, since: dt.datetime | None, at: dt.datetime
) -> QuerySet[Withdrawal]:
    """Of statements that do not stand now: a restored one is an entry again."""
    latest = Withdrawal.objects.filter(from_at__lte=at).order_by("-pk").values("pk")
    stands = public_editions(at=at).filter(statement=OuterRef("statement"))
    found = Withdrawal.objects.filter(~Exists(stands), pk__in=latest[:LATEST_WITHDRAWALS])
    if since:
        found = found.filter(from_at__gte=since)
    if listed is None:
        return found
    if listed.model is Theme:
        filed = ThemedStatement.objects.filter(tag=subject, content_object=OuterRef("statement"))
        return found.filter(Exists(filed))
    voices = EditionVoice.objects.filter(**{listed.column: subject}, edition=OuterRef("edition"))
    return found.filter(Exists(voices))


def _under_notice(at: dt.datetime) -> QuerySet[Edition]:
    return withdrawn_editions(at=at).filter(pk=OuterRef("edition"))
