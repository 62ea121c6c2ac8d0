"""The newest statements of everything, or of one theme, speaker or organisation, for feeds.

Five queries at most, for any number of entries: the entries, their themes, what was withdrawn,
the notes of earlier editions where there are any, and the content that is not cached. The first
walks edition_first_release_idx, themedstatement_tag_first_idx, editionattribution_speaker_idx or
editionattribution_org_idx, and finds the profile by its slug on the way.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import CharField, Exists, F, Manager, OuterRef, Q, Subquery
from django.db.models.functions import Cast, Coalesce
from django.db.models.query import QuerySet

from organisations.models import FormerOrganisationSlug, FormerSpeakerSlug, Organisation, Speaker
from statements.caching.versioned_lru import VersionedLRU
from statements.models import (
    Amendment,
    EditionAttribution,
    FormerThemeSlug,
    Theme,
    ThemedStatement,
    Withdrawal,
)
from statements.publicness import has_earlier_release, listed_before, public_at
from statements.published.compiled_query import compiled_query
from statements.published.editions import (
    ERASED_NOTICE,
    KIND_LABELS,
    NEWEST_FIRST,
    PublicName,
    intact_editions,
    public_editions,
    withdrawn_editions,
)
from statements.release_dates import get_release_date

MAX_ENTRIES = 50
MAX_WITHDRAWALS_SCANNED = 100
"""Of all statements: how far back a feed looks for withdrawals."""
SILENT_AMENDMENTS = ("", Amendment.TYPO)
ENTRY_COLUMNS = (
    *("id", "statement_id", "digest", "kind", "slug", "amendment", "public_note"),
    *("release_at", "first_release_at", "first_released_on", "approved_at", "uid"),
)
MAX_CACHED_CONTENT_CHARS = 4_000_000
CONTENT_VERSION = "content by digest"
"""No change of the record makes content wrong that is found by its digest."""
_content_cache: VersionedLRU[str] = VersionedLRU(
    max_size=lambda: MAX_CACHED_CONTENT_CHARS, getsizeof=len
)


@dataclass(frozen=True)
class CorrectionNote:
    """A note that explains a change to readers: what was wrong, what is right."""

    label: str
    text: str
    released_at: dt.datetime


class FeedEntry(NamedTuple):
    """A public statement. `uid` is the UUID of the statement, the same through every edition.

    `published_on` is its day where nobody knows its time: then `published_at` only sorts it, and
    `updated_at` is when it was imported, or amended since.
    """

    uid: str
    content: str
    kind: str
    slug: str
    amendment: str
    published_at: dt.datetime
    updated_at: dt.datetime
    published_on: dt.date | None
    notes: tuple[CorrectionNote, ...]  # the newest first
    themes: tuple[str, ...]


@dataclass(frozen=True)
class WithdrawnEntry:
    """A withdrawn statement, without its content; `slug` only where a page shows the notice."""

    uid: str
    withdrawn_at: dt.datetime
    notice: str
    slug: str


@dataclass(frozen=True)
class Feed:
    """The entries of a feed; `profile` is None for the feed of everything."""

    profile: PublicName | None
    entries: list[FeedEntry]
    withdrawn_entries: list[WithdrawnEntry]  # the latest first

    @property
    def updated_at(self) -> dt.datetime | None:
        """Return when any of it last changed, None while nothing was ever published."""
        times = [entry.updated_at for entry in self.entries]
        times += [entry.withdrawn_at for entry in self.withdrawn_entries]
        return max(times, default=None)


@dataclass(frozen=True)
class FeedSource:
    """One type of profile: its models, and how its list of statements is reached and sorted."""

    slugs: Manager[Any]
    former_slugs: Manager[Any]
    former_slug_key: str
    relation: str
    foreign_key: str
    tie_breaker: str

    def slug_expression(self, slug: str) -> Coalesce:
        """Return the id of the row that has this slug now, else of the one that had it."""
        return Coalesce(
            self.slugs.filter(slug=slug).values("pk")[:1],
            self.former_slugs.filter(slug=slug).values(self.former_slug_key)[:1],
        )


FEED_SOURCES = {
    "theme": FeedSource(
        slugs=Theme.objects,
        former_slugs=FormerThemeSlug.objects,
        former_slug_key="theme",
        relation="statement__themed",
        foreign_key="tag",
        tie_breaker="content_object_id",
    ),
    "speaker": FeedSource(
        slugs=Speaker.objects,
        former_slugs=FormerSpeakerSlug.objects,
        former_slug_key="speaker",
        relation="voices",
        foreign_key="speaker",
        tie_breaker="statement_id",
    ),
    "organisation": FeedSource(
        slugs=Organisation.objects,
        former_slugs=FormerOrganisationSlug.objects,
        former_slug_key="organisation",
        relation="voices",
        foreign_key="organisation",
        tie_breaker="statement_id",
    ),
}


def load_feed(profile_type: str = "", slug: str = "", *, at: dt.datetime) -> Feed | None:
    """Load the feed of the theme, speaker or organisation at this address, or a former one.

    `profile_type` is empty for the feed of everything. Returns None for a profile without a public
    edition, as for one that does not exist.
    """
    if not profile_type:
        return _build_feed(None, None, _select_newest(at=at), at)
    source = FEED_SOURCES[profile_type]
    rows = _select_newest_of_source(source=source, slug=slug, at=at)
    if not rows:
        return None
    profile = PublicName(rows[0].profile_id, rows[0].profile_slug, rows[0].profile_name)
    return _build_feed(profile, source, rows, at)


@compiled_query
def _select_newest(*, at: dt.datetime) -> QuerySet[Any]:
    editions = public_editions(at=at).annotate(uid=_uid()).order_by(*NEWEST_FIRST)
    return editions.values_list(*ENTRY_COLUMNS, named=True)[:MAX_ENTRIES]


@compiled_query
def _select_newest_of_source(*, source: FeedSource, slug: str, at: dt.datetime) -> QuerySet[Any]:
    """Keep all conditions on the index in one filter(), or Django would join its table twice."""
    relation, profile = source.relation, f"{source.relation}__{source.foreign_key}"
    is_listed = Q(**{profile: source.slug_expression(slug)}) & listed_before(at, f"{relation}__")
    if relation == "voices":
        is_listed &= public_at(at, "voices__")
    columns = {
        "uid": _uid(),
        "profile_id": F(profile),
        "profile_slug": F(f"{profile}__slug"),
        "profile_name": F(f"{profile}__name"),
    }
    return (
        public_editions(at=at)
        .filter(is_listed)
        .order_by(f"-{relation}__first_release_at", f"-{relation}__{source.tie_breaker}")
        .annotate(**columns)
        .values_list(*ENTRY_COLUMNS, "profile_id", "profile_slug", "profile_name", named=True)[
            :MAX_ENTRIES
        ]
    )


def _uid() -> Cast:
    """Return the UUID as the text that the database writes, because nothing computes with it."""
    return Cast("statement__uuid", CharField())


# --- Details of the entries -----------------------------------------------------------------------


def _build_feed(
    profile: PublicName | None, source: FeedSource | None, rows: list[Any], at: dt.datetime
) -> Feed:
    themes, notes, contents = _load_themes(rows), _load_notes(rows, at), _load_contents(rows, at)
    entries = [
        FeedEntry(
            uid=row.uid,
            content=contents[row.digest],
            kind=KIND_LABELS[row.kind],
            slug=row.slug,
            amendment=row.amendment,
            published_at=row.first_release_at,
            updated_at=_find_update(row),
            published_on=row.first_released_on,
            notes=(*_build_own_note(row), *notes[row.statement_id]),
            themes=tuple(sorted(themes[row.statement_id], key=str.casefold)),
        )
        for row in rows
        if row.digest in contents  # not where the record changed between the queries
    ]
    return Feed(profile, entries, _load_withdrawn_entries(profile, source, rows, at))


def _find_update(row: Any) -> dt.datetime:
    released = get_release_date(row.release_at, row.first_release_at, row.first_released_on)
    return released if isinstance(released, dt.datetime) else row.approved_at


def _build_own_note(row: Any) -> list[CorrectionNote]:
    if row.amendment in SILENT_AMENDMENTS:
        return []
    return [CorrectionNote(Amendment(row.amendment).public_label, row.public_note, row.release_at)]


def _load_themes(rows: Iterable[Any]) -> dict[int, list[str]]:
    """Load the names of the themes of each statement: what is public makes its themes public."""
    themes: dict[int, list[str]] = defaultdict(list)
    if statements := tuple(row.statement_id for row in rows):
        for statement, name in _select_themes(statements=statements):
            themes[statement].append(name)
    return themes


@compiled_query
def _select_themes(*, statements: tuple[int, ...]) -> QuerySet[Any]:
    rows = ThemedStatement.objects.filter(content_object__in=statements).order_by()
    selected: QuerySet[Any] = rows.values_list("content_object", "tag__name")
    return selected


def _load_notes(rows: Iterable[Any], at: dt.datetime) -> dict[int, list[CorrectionNote]]:
    """Load the notes of earlier editions of each statement, the newest first."""
    notes: dict[int, list[CorrectionNote]] = defaultdict(list)
    if statements := tuple(row.statement_id for row in rows if has_earlier_release(row)):
        for statement, amendment, note, released_at in _select_notes(statements=statements, at=at):
            label = Amendment(amendment).public_label
            notes[statement].append(CorrectionNote(label, note, released_at))
    return notes


@compiled_query
def _select_notes(*, statements: tuple[int, ...], at: dt.datetime) -> QuerySet[Any]:
    return (
        intact_editions(at=at)
        .filter(statement__in=statements)
        .exclude(amendment__in=SILENT_AMENDMENTS)
        .order_by("-sequence")
        .values_list("statement_id", "amendment", "public_note", "release_at")
    )


def _load_contents(rows: Iterable[Any], at: dt.datetime) -> dict[str, str]:
    cached = {row.digest: _content_cache.get(CONTENT_VERSION, row.digest) for row in rows}
    contents = {digest: content for digest, content in cached.items() if content}
    if editions := tuple(row.id for row in rows if row.digest not in contents):
        for digest, content in _select_contents(editions=editions, at=at):
            contents[digest] = content
            _content_cache.set(CONTENT_VERSION, digest, content)
    return contents


@compiled_query
def _select_contents(*, editions: tuple[int, ...], at: dt.datetime) -> QuerySet[Any]:
    return public_editions(at=at).filter(pk__in=editions).values_list("digest", "content")


# --- What was withdrawn ---------------------------------------------------------------------------


def _load_withdrawn_entries(
    profile: PublicName | None, source: FeedSource | None, rows: list[Any], at: dt.datetime
) -> list[WithdrawnEntry]:
    """Load what was withdrawn since the first release of the oldest entry, the latest first."""
    withdrawals = _select_withdrawals(
        source=source,
        profile=profile.pk if profile else None,
        since=rows[-1].first_release_at if rows else None,
        at=at,
    )
    entries: dict[int, WithdrawnEntry] = {}
    for statement, uid, withdrawn_at, notice, slug in withdrawals:
        entries.setdefault(
            statement, WithdrawnEntry(uid, withdrawn_at, notice or ERASED_NOTICE, slug or "")
        )
    return list(entries.values())


@compiled_query
def _select_withdrawals(
    *, source: FeedSource | None, profile: int | None, since: dt.datetime | None, at: dt.datetime
) -> QuerySet[Any]:
    """Select withdrawals of statements that are not public: a restored one is an entry again."""
    latest = Withdrawal.objects.filter(from_at__lte=at).order_by("-pk").values("pk")
    public = public_editions(at=at).filter(statement=OuterRef("statement"))
    under_notice = withdrawn_editions(at=at).filter(pk=OuterRef("edition"))
    rows = Withdrawal.objects.filter(~Exists(public), pk__in=latest[:MAX_WITHDRAWALS_SCANNED])
    if since:
        rows = rows.filter(from_at__gte=since)
    if source:
        rows = rows.filter(Exists(_listed_under(source, profile)))
    slug = Subquery(under_notice.values("slug"))
    return rows.order_by("-pk").values_list("statement_id", _uid(), "from_at", "notice", slug)


def _listed_under(source: FeedSource, profile: int | None) -> QuerySet[Any]:
    if source.foreign_key == "tag":
        rows: QuerySet[Any] = ThemedStatement.objects.filter(
            tag=profile, content_object=OuterRef("statement")
        )
        return rows
    return EditionAttribution.objects.filter(
        **{source.foreign_key: profile}, edition=OuterRef("edition")
    )
