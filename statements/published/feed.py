"""The newest statements of everything, of a theme, a speaker or a body, as feeds carry them.

One query or two. The first walks edition_first_release_idx, themedstatement_tag_first_idx, editionattribution_speaker_idx or
editionattribution_org_idx for the entries and finds the subject by its slug on the way. The second asks what
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

from organisations.models import FormerOrganisationSlug, FormerSpeakerSlug, Organisation, Speaker
from statements.caching.version import version_at
from statements.caching.versioned_lru import VersionedLRU
from statements.models import (
    Amendment,
    Edition,
    EditionAttribution,
    FormerThemeSlug,
    Theme,
    ThemedStatement,
    Withdrawal,
)
from statements.publicness import has_earlier_release, listed_before, public_at
from statements.published.compiled_query import compiled_query
from statements.published.editions import (
    KIND_LABELS,
    NEWEST_FIRST,
    PublicName,
    past_editions,
    public_editions,
    withdrawn_editions,
)
from statements.published.names import PUBLIC_QUERYSETS

MAX_ENTRIES = 50
MAX_WITHDRAWALS_SCANNED = (
    100  # of all statements: how far back a feed looks for what was taken back
)
NOTE_ARM, WITHDRAWAL_ARM, CONTENT_ARM, NAME_ARM = 0, 1, 2, 3
SILENT_AMENDMENTS = ("", Amendment.TYPO)
ARM_COLUMNS = ("arm", "whose", "place", "uid", "moment", "word", "said", "way")
ENTRY_COLUMNS = (
    *("id", "statement_id", "digest", "kind", "slug", "amendment", "public_note"),
    *("release_at", "first_release_at", "uid", "filed", "looks_back"),
)
MAX_CACHED_CONTENT_CHARS = 4_000_000
"""Characters of words that are kept in memory."""
CONTENT_VERSION = "what has this digest"
_content_cache: VersionedLRU[str] = VersionedLRU(
    max_size=lambda: MAX_CACHED_CONTENT_CHARS, getsizeof=len
)
"""By their digests. No other words have the same, so nothing makes them wrong; whoever is handed no
digest by the door finds none."""
MAX_CACHED_THEMES = 2_000
_theme_name_cache: VersionedLRU[str] = VersionedLRU(max_size=lambda: MAX_CACHED_THEMES)
"""What themes are called, until the record changes."""


@dataclass(frozen=True)
class CorrectionNote:
    """What readers are told about a change: was wrong, is right."""

    label: str
    text: str
    released_at: dt.datetime


class FeedEntry(NamedTuple):
    """A statement that stands. `uid` is the statement’s own UUID, the same through every edition,
    as the database writes it.
    """

    uid: str
    content: str
    kind: str
    slug: str
    amendment: str
    published_at: dt.datetime
    updated_at: dt.datetime
    notes: tuple[CorrectionNote, ...]  # the newest first
    themes: tuple[str, ...]


@dataclass(frozen=True)
class WithdrawnEntry:
    """A statement that was withdrawn: no word of it. `slug` only where a page says the notice."""

    uid: str
    withdrawn_at: dt.datetime
    notice: str
    slug: str


@dataclass(frozen=True)
class Feed:
    profile: PublicName | None  # None: everything
    entries: list[FeedEntry]
    withdrawn_entries: list[WithdrawnEntry]  # the latest first

    @property
    def updated_at(self) -> dt.datetime | None:
        """When any of it last changed; None while nothing was ever published."""
        changed = [one.updated_at for one in self.entries]
        return max([*changed, *(one.withdrawn_at for one in self.withdrawn_entries)], default=None)


@dataclass(frozen=True)
class FeedSource:
    """Under whom or what statements are listed: where each is named, in the order of the list."""

    model: type[Model]
    former_slug_model: type[Model]
    relation: str
    foreign_key: str
    tie_breaker: str

    def slug_expression(self, slug: str) -> Coalesce:
        """The row that has this slug now, else the one that had it."""
        whose = self.model._meta.model_name or ""
        return Coalesce(
            self.model._default_manager.filter(slug=slug).values("pk")[:1],
            self.former_slug_model._default_manager.filter(slug=slug).values(whose)[:1],
        )


FEED_SOURCES = {
    "theme": FeedSource(Theme, FormerThemeSlug, "statement__themed", "tag", "content_object_id"),
    "speaker": FeedSource(Speaker, FormerSpeakerSlug, "voices", "speaker", "statement_id"),
    "organisation": FeedSource(
        Organisation, FormerOrganisationSlug, "voices", "organisation", "statement_id"
    ),
}


def load_feed(what: str = "", slug: str = "", *, at: dt.datetime) -> Feed | None:
    """The feed of the theme, speaker or organisation at this address, or at one that it had.

    `what` empty means everything. None for a subject without a public edition, as for one that
    does not exist.
    """
    rows = (
        _select_newest_of_source(listed=FEED_SOURCES[what], slug=slug, at=at)
        if what
        else _select_newest(at=at)
    )
    if what and not rows:
        return None
    subject = (
        PublicName(rows[0].subject, rows[0].subject_slug, rows[0].subject_name) if what else None
    )
    return _build_feed(subject, what, rows, at)


@compiled_query
def _select_newest(*, at: dt.datetime) -> QuerySet:
    editions = public_editions(at=at).order_by(*NEWEST_FIRST)
    return editions.annotate(**_build_annotations(at)).values_list(*ENTRY_COLUMNS, named=True)[
        :MAX_ENTRIES
    ]


@compiled_query
def _select_newest_of_source(*, listed: FeedSource, slug: str, at: dt.datetime) -> QuerySet:
    """One filter() for all that is asked of the index, or Django would join its table again."""
    walked, one = listed.relation, f"{listed.relation}__{listed.foreign_key}"
    asked = Q(**{one: listed.slug_expression(slug)}) & listed_before(at, f"{walked}__")
    if walked == "voices":
        asked &= public_at(at, "voices__")
    rows = public_editions(at=at).filter(asked)
    rows = rows.order_by(f"-{walked}__first_release_at", f"-{walked}__{listed.tie_breaker}")
    told = {"subject": F(one), "subject_slug": F(f"{one}__slug"), "subject_name": F(f"{one}__name")}
    return rows.annotate(**told, **_build_annotations(at)).values_list(
        *ENTRY_COLUMNS, *told, named=True
    )[:MAX_ENTRIES]


class ConcatenatedIds(Aggregate):
    """The numbers of a group as a text, with commas; None for none."""

    function = "GROUP_CONCAT"

    def __init__(self, of: str) -> None:
        super().__init__(Cast(of, CharField()), Value(","), output_field=CharField())

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> tuple[str, Any]:
        return self.as_sql(compiler, connection, function="STRING_AGG", **more)


def _build_annotations(at: dt.datetime) -> dict[str, Any]:
    """Under which themes, and whether anything at all was withdrawn since the entry came out."""
    filed = ThemedStatement.objects.filter(content_object=OuterRef("statement"))
    themes = filed.order_by().values("content_object").annotate(all=ConcatenatedIds("tag_id"))
    last = Withdrawal.objects.filter(from_at__lte=at).order_by("-from_at").values("from_at")[:1]
    return {
        "uid": Cast("statement__uuid", CharField()),
        "filed": Subquery(themes.values("all")),
        "looks_back": Case(
            When(listed_before(Subquery(last)), then=Value(True)), default=Value(False)
        ),
    }


# --- What is told of them -------------------------------------------------------------------------


def _build_feed(subject: PublicName | None, what: str, rows: list, at: dt.datetime) -> Feed:
    """The entries with their notes and themes, and what was withdrawn since the oldest of them."""
    key = version_at(at)
    filed = {row.id: row.filed.split(",") if row.filed else [] for row in rows}
    names = {
        pk: _theme_name_cache.get(key, pk) for pk in {pk for pks in filed.values() for pk in pks}
    }
    words = {row.digest: _content_cache.get(CONTENT_VERSION, row.digest) for row in rows}
    asked = {
        "changed": _pad_ids(one.statement_id for one in rows if has_earlier_release(one)),
        "wordless": _pad_ids(one.id for one in rows if words[one.digest] is None),
        "nameless": _pad_ids(sorted(int(pk) for pk, name in names.items() if name is None)),
        **_withdrawal_parameters(subject, what, rows),
    }
    around = _select_details(**asked, at=at) if any(asked.values()) else []
    taken_back: dict[int, WithdrawnEntry] = {}
    notes: dict[int, list[CorrectionNote]] = {}
    for arm, whose, _, uid, moment, word, said, way in sorted(
        around, key=lambda one: one[2], reverse=True
    ):
        if arm == CONTENT_ARM:
            words[word] = said
            _content_cache.set(CONTENT_VERSION, word, said)
        elif arm == NAME_ARM:
            names[str(whose)] = said
            _theme_name_cache.set(key, str(whose), said)
        elif arm == WITHDRAWAL_ARM:
            taken_back.setdefault(whose, WithdrawnEntry(uid, moment, said, way))
        else:
            notes.setdefault(whose, []).append(CorrectionNote(Amendment(word).label, said, moment))
    entries = [
        FeedEntry(
            uid=row.uid,
            content=content,
            kind=KIND_LABELS[row.kind],
            slug=row.slug,
            amendment=row.amendment,
            published_at=row.first_release_at,
            updated_at=row.release_at,
            notes=(*_build_own_note(row), *notes.get(row.statement_id, [])),
            themes=tuple(
                sorted(filter(None, (names[pk] for pk in filed[row.id])), key=str.casefold)
            ),
        )
        for row in rows
        if (content := words[row.digest])  # none: the record changed between the two questions
    ]
    return Feed(subject, entries, list(taken_back.values()))


def _pad_ids(numbers: Iterable[int]) -> tuple[int, ...]:
    """As many as there may be entries, or none: every power of two, to which `prepared` fills them,
    is else another query to prepare, times those of the other two.
    """
    found = tuple(numbers)
    return found + found[-1:] * (MAX_ENTRIES - len(found))


def _build_own_note(row: Any) -> list[CorrectionNote]:
    if row.amendment in SILENT_AMENDMENTS:
        return []
    return [CorrectionNote(Amendment(row.amendment).label, row.public_note, row.release_at)]


def _withdrawal_parameters(subject: PublicName | None, what: str, rows: list) -> dict[str, Any]:
    """Whose withdrawals since the oldest entry; of all time where there is none."""
    if rows and not rows[-1].looks_back:
        return {"withdrawals": False}
    return {
        "withdrawals": True,
        "since": rows[-1].first_release_at if rows else None,
        "listed": FEED_SOURCES.get(what),
        "subject": subject.pk if subject else None,
    }


@compiled_query
def _select_details(
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
        notes = (
            past_editions(at=at)
            .filter(statement__in=changed)
            .exclude(amendment__in=SILENT_AMENDMENTS)
        )
        arms += [
            _with_arm_columns(
                notes, NOTE_ARM, F("statement_id"), uid, F("sequence"), F("release_at"),
                F("amendment"), F("public_note"), nothing,
            )
        ]  # fmt: skip
    if withdrawals:
        way = Case(When(Exists(_query_under_notice(at)), F("edition__slug")), default=nothing)
        arms += [
            _with_arm_columns(
                _query_withdrawals(**whose, at=at), WITHDRAWAL_ARM, F("statement_id"), uid, F("pk"),
                F("from_at"), nothing, F("notice"), way,
            )
        ]  # fmt: skip
    if wordless:
        editions = public_editions(at=at).filter(pk__in=wordless)
        arms += [
            _with_arm_columns(
                editions, CONTENT_ARM, F("statement_id"), uid, F("pk"), F("release_at"), F("digest"),
                F("content"), nothing,
            )
        ]  # fmt: skip
    if nameless:
        arms += [
            _with_arm_columns(
                PUBLIC_QUERYSETS["theme"](at).filter(pk__in=nameless), NAME_ARM, F("pk"), nothing, F("pk"),
                Value(None, DateTimeField()), nothing, F("name"), nothing,
            )
        ]  # fmt: skip
    first, *others = arms
    return first.union(*others, all=True) if others else first


def _with_arm_columns(
    rows: QuerySet, arm: int, whose, uid, place, moment, word, said, way
) -> QuerySet:
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
        .values_list(*ARM_COLUMNS)
    )


def _query_withdrawals(
    *, listed: FeedSource | None, subject: int | None, since: dt.datetime | None, at: dt.datetime
) -> QuerySet[Withdrawal]:
    """Of statements that do not stand now: a restored one is an entry again."""
    latest = Withdrawal.objects.filter(from_at__lte=at).order_by("-pk").values("pk")
    stands = public_editions(at=at).filter(statement=OuterRef("statement"))
    found = Withdrawal.objects.filter(~Exists(stands), pk__in=latest[:MAX_WITHDRAWALS_SCANNED])
    if since:
        found = found.filter(from_at__gte=since)
    if listed is None:
        return found
    if listed.model is Theme:
        filed = ThemedStatement.objects.filter(tag=subject, content_object=OuterRef("statement"))
        return found.filter(Exists(filed))
    voices = EditionAttribution.objects.filter(
        **{listed.foreign_key: subject}, edition=OuterRef("edition")
    )
    return found.filter(Exists(voices))


def _query_under_notice(at: dt.datetime) -> QuerySet[Edition]:
    return withdrawn_editions(at=at).filter(pk=OuterRef("edition"))
