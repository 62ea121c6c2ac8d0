"""The newest statements of everything, of a theme, a speaker or a body, as feeds carry them.

One query or two. The first walks newest_released, newest_of_theme, newest_of_speaker or
newest_of_body for the entries and finds the subject by its slug on the way. The second asks what
the first finds missing: words that are not at hand, what was said about changes, and withdrawals.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import (
    Aggregate,
    Case,
    CharField,
    DateTimeField,
    Exists,
    F,
    IntegerField,
    Model,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce
from django.db.models.query import QuerySet

from organisations.models import FormerOrganisationSlug, FormerSlug, Organisation, Speaker
from statements.caching.version import key_at
from statements.caching.versioned_lru import Kept
from statements.models import (
    Amendment,
    Edition,
    EditionVoice,
    FormerThemeSlug,
    Theme,
    ThemedStatement,
    Withdrawal,
)
from statements.publicness import has_earlier_release, listed_before, public_at
from statements.published.compiled_query import compiled, prepared
from statements.published.editions import (
    KINDS,
    NEWEST_FIRST,
    Named,
    past_editions,
    public_editions,
    withdrawn_editions,
)
from statements.published.names import PUBLIC_NAMES

NEWEST = 50
LATEST_WITHDRAWALS = 100  # of all statements: how far back a feed looks for what was taken back
NOTE, TAKEN_BACK, WORDS, NAME = 0, 1, 2, 3
UNSAID = ("", Amendment.TYPO)
TOLD = ("arm", "whose", "place", "uid", "moment", "word", "said", "way")
ENTRY = (
    *("id", "statement_id", "digest", "kind", "slug", "amendment", "public_note"),
    *("release_at", "first_release_at", "uid", "filed", "looks_back"),
)
AT_HAND = 4_000_000
"""Characters of words that are kept in memory."""
FOR_EVER = "what has this digest"
_words: Kept[str] = Kept(most=lambda: AT_HAND, weight=len)
"""By their digests. No other words have the same, so nothing makes them wrong; whoever is handed no
digest by the door finds none."""
THEMES = 2_000
_themes: Kept[str] = Kept(most=lambda: THEMES)
"""What themes are called, until the record changes."""


@dataclass(frozen=True)
class Note:
    """What readers are told about a change: was wrong, is right."""

    label: str
    text: str
    released: dt.datetime


class Entry(NamedTuple):
    """A statement that stands. `uid` is the statement’s own UUID, the same through every edition,
    as the database writes it."""

    uid: str
    content: str
    kind: str
    slug: str
    amendment: str
    published: dt.datetime
    updated: dt.datetime
    notes: list[Note]  # the newest first
    themes: list[str]


@dataclass(frozen=True)
class TakenBack:
    """A statement that was withdrawn: no word of it. `slug` only where a page says the notice."""

    uid: str
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
    editions = public_editions(at=at).order_by(*NEWEST_FIRST)
    return editions.annotate(**_more(at)).values_list(*ENTRY, named=True)[:NEWEST]


@compiled
def _rows(*, listed: Listed, slug: str, at: dt.datetime) -> QuerySet:
    """One filter() for all that is asked of the index, or Django would join its table again."""
    walked, one = listed.walked, f"{listed.walked}__{listed.column}"
    asked = Q(**{one: listed.called(slug)}) & listed_before(at, f"{walked}__")
    if walked == "voices":
        asked &= public_at(at, "voices__")
    rows = public_editions(at=at).filter(asked)
    rows = rows.order_by(f"-{walked}__first_release_at", f"-{walked}__{listed.last}")
    told = {"subject": F(one), "subject_slug": F(f"{one}__slug"), "subject_name": F(f"{one}__name")}
    return rows.annotate(**told, **_more(at)).values_list(*ENTRY, *told, named=True)[:NEWEST]


class Numbers(Aggregate):
    """The numbers of a group as a text, with commas; None for none."""

    function = "GROUP_CONCAT"

    def __init__(self, of: str) -> None:
        super().__init__(Cast(of, CharField()), Value(","), output_field=CharField())

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> tuple[str, Any]:
        return self.as_sql(compiler, connection, function="STRING_AGG", **more)


def _more(at: dt.datetime) -> dict[str, Any]:
    """Under which themes, and whether anything at all was withdrawn since the entry came out."""
    filed = ThemedStatement.objects.filter(content_object=OuterRef("statement"))
    themes = filed.order_by().values("content_object").annotate(all=Numbers("tag_id"))
    last = Withdrawal.objects.filter(from_at__lte=at).order_by("-from_at").values("from_at")[:1]
    return {
        "uid": Cast("statement__uuid", CharField()),
        "filed": Subquery(themes.values("all")),
        "looks_back": Case(
            When(listed_before(Subquery(last)), then=Value(True)), default=Value(False)
        ),
    }


# --- What is told of them -------------------------------------------------------------------------


def _told(subject: Named | None, what: str, rows: list, at: dt.datetime) -> Feed:
    """The entries with their notes and themes, and what was withdrawn since the oldest of them."""
    key = key_at(at)
    filed = {row.id: row.filed.split(",") if row.filed else [] for row in rows}
    names = {pk: _themes.find(key, pk) for pk in {pk for pks in filed.values() for pk in pks}}
    words = {row.digest: _words.find(FOR_EVER, row.digest) for row in rows}
    asked = {
        "changed": _padded(one.statement_id for one in rows if has_earlier_release(one)),
        "wordless": _padded(one.id for one in rows if words[one.digest] is None),
        "nameless": _padded(sorted(int(pk) for pk, name in names.items() if name is None)),
        **_looked_back(subject, what, rows),
    }
    around = _around(**asked, at=at) if any(asked.values()) else []
    taken_back: dict[int, TakenBack] = {}
    notes: dict[int, list[Note]] = {}
    for arm, whose, _, uid, moment, word, said, way in sorted(
        around, key=lambda one: one[2], reverse=True
    ):
        if arm == WORDS:
            words[word] = said
            _words.put(FOR_EVER, word, said)
        elif arm == NAME:
            names[str(whose)] = said
            _themes.put(key, str(whose), said)
        elif arm == TAKEN_BACK:
            taken_back.setdefault(whose, TakenBack(uid, moment, said, way))
        else:
            notes.setdefault(whose, []).append(Note(Amendment(word).label, said, moment))
    entries = [
        Entry(
            uid=row.uid,
            content=content,
            kind=KINDS[row.kind],
            slug=row.slug,
            amendment=row.amendment,
            published=row.first_release_at,
            updated=row.release_at,
            notes=[*_own_note(row), *notes.get(row.statement_id, [])],
            themes=sorted(filter(None, (names[pk] for pk in filed[row.id])), key=str.casefold),
        )
        for row in rows
        if (content := words[row.digest])  # none: the record changed between the two questions
    ]
    return Feed(subject, entries, list(taken_back.values()))


def _padded(numbers: Iterable[int]) -> tuple[int, ...]:
    """As many as there may be entries, or none: every power of two, to which `prepared` fills them,
    is else another query to prepare, times those of the other two."""
    found = tuple(numbers)
    return found + found[-1:] * (NEWEST - len(found))


def _own_note(row: Any) -> list[Note]:
    if row.amendment in UNSAID:
        return []
    return [Note(Amendment(row.amendment).label, row.public_note, row.release_at)]


def _looked_back(subject: Named | None, what: str, rows: list) -> dict[str, Any]:
    """Whose withdrawals since the oldest entry; of all time where there is none."""
    if rows and not rows[-1].looks_back:
        return {"withdrawals": False}
    return {
        "withdrawals": True,
        "since": rows[-1].first_release_at if rows else None,
        "listed": LISTED.get(what),
        "subject": subject.pk if subject else None,
    }


@prepared
def _around(
    *,
    changed: tuple[int, ...],
    wordless: tuple[int, ...],
    nameless: tuple[int, ...],
    withdrawals: bool,
    at: dt.datetime,
    **whose: Any,
) -> QuerySet:
    """Only what there is to ask: each arm costs the database, whether it finds anything or not."""
    nothing, arms = Value("", output_field=CharField()), []
    uid = Cast("statement__uuid", CharField())
    if changed:
        notes = past_editions(at=at).filter(statement__in=changed).exclude(amendment__in=UNSAID)
        arms += [
            _columns(
                notes, NOTE, F("statement_id"), uid, F("sequence"), F("release_at"),
                F("amendment"), F("public_note"), nothing,
            )
        ]  # fmt: skip
    if withdrawals:
        way = Case(When(Exists(_under_notice(at)), F("edition__slug")), default=nothing)
        arms += [
            _columns(
                _withdrawals(**whose, at=at), TAKEN_BACK, F("statement_id"), uid, F("pk"),
                F("from_at"), nothing, F("notice"), way,
            )
        ]  # fmt: skip
    if wordless:
        editions = public_editions(at=at).filter(pk__in=wordless)
        arms += [
            _columns(
                editions, WORDS, F("statement_id"), uid, F("pk"), F("release_at"), F("digest"),
                F("content"), nothing,
            )
        ]  # fmt: skip
    if nameless:
        arms += [
            _columns(
                PUBLIC_NAMES["theme"](at).filter(pk__in=nameless), NAME, F("pk"), nothing, F("pk"),
                Value(None, DateTimeField()), nothing, F("name"), nothing,
            )
        ]  # fmt: skip
    first, *others = arms
    return first.union(*others, all=True) if others else first


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
    *, listed: Listed | None, subject: int | None, since: dt.datetime | None, at: dt.datetime
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
