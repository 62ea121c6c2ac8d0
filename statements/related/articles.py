"""Find the related articles of a statement: what editors chose, then what is most similar.

`statements.related.tasks` compares editions in advance; this reads the results that are public now.
Where there are none yet, shared themes and speakers are enough. The newest of each theme and
speaker are the same for every page, so they are loaded once between two changes of the record.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, IntegerField, OuterRef, Subquery, Value
from django.db.models.query import QuerySet

from statements.caching.version import version_at
from statements.caching.versioned_lru import VersionedLRU
from statements.models import EditionAttribution
from statements.publicness import listed_before, public_at
from statements.published import neighbours
from statements.published.compiled_query import compiled_query
from statements.published.editions import (
    KIND_LABELS,
    NEWEST_FIRST,
    StatementPage,
    amendment_tag,
    editor_picks,
    public_editions,
)
from statements.published.statement_context import StatementContext

MAX_RELATED_ARTICLES = 6
MAX_NEWEST_ROWS = 14
"""Of each theme and speaker; the open statement may be among them."""
MAX_PROFILES_FOLLOWED = 5
"""Themes of a statement, and speakers, whose newest are considered."""
MAX_CACHED_LISTS = 500
"""Themes and speakers whose newest are cached: 4 MB at most."""
THEME, SPEAKER = range(2)
POINTS = {THEME: 20, SPEAKER: 10}
"""For each that is shared; equal words have 1000."""
MIN_SIMILARITY = 100
"""From here on similar words are a reason; below, they only rank what shares a profile."""
ORIGINAL_FIELD = "statement__translation_of"
COLUMNS = (
    *("statement_id", ORIGINAL_FIELD, "slug", "headline", "kind", "language", "first_release_at"),
    "amendment",
)

Row = Mapping[str, Any]
ProfileKey = tuple[int, int]
"""THEME or SPEAKER, and its id."""
newest_cache: VersionedLRU[list[Row]] = VersionedLRU(max_size=lambda: MAX_CACHED_LISTS)


@dataclass(frozen=True)
class RelatedArticle:
    """A public statement that the page of another one suggests, and why."""

    statement_id: int
    slug: str
    headline: str
    kind: str
    language: str
    released_at: dt.datetime
    tag: str
    is_retracted: bool
    reason: str
    is_chosen: bool


def find_related_articles(
    page: StatementPage, context: StatementContext, *, at: dt.datetime
) -> list[RelatedArticle]:
    """Find at most six related articles, each with the reason.

    Never the statement itself, a translation of it, what an editor blocked, or anything that is
    not public. Of an article in several languages, the one in this language. Three queries, and
    two where the newest of all its themes and speakers are cached.
    """
    themes = page.themes[:MAX_PROFILES_FOLLOWED]
    speakers = context.speakers[:MAX_PROFILES_FOLLOWED]
    names = {(THEME, theme.pk): theme.name for theme in themes}
    names |= {(SPEAKER, speaker.pk): speaker.name for speaker in speakers}
    candidates = _collect_candidates(
        picks=_select_picks(statement=page.edition.statement_id, at=at),
        similar=_select_similar(edition=page.edition.pk, at=at),
        newest=_load_newest(list(names), at),
    )
    candidates.pop(page.edition.statement_id, None)
    ranked = _drop_translations(_rank_candidates(candidates.values()), page)
    return [
        _build_article(candidate, _format_reason(candidate, names, page))
        for candidate in ranked[:MAX_RELATED_ARTICLES]
    ]


def cached_recent_by_speaker(page: StatementPage, *, at: dt.datetime) -> list[Row] | None:
    """Return the newest of the first speaker if they are cached and include the neighbours."""
    if not page.speaker_id:
        return None
    newest = newest_cache.get(version_at(at), (SPEAKER, page.speaker_id))
    if newest is None or not neighbours.covers_neighbours(
        newest, page, limit=MAX_NEWEST_ROWS, at=at
    ):
        return None
    return newest


def _build_article(candidate: "_RelatedCandidate", reason: str) -> RelatedArticle:
    row = candidate.row
    return RelatedArticle(
        statement_id=row["statement_id"],
        slug=row["slug"],
        headline=row["headline"],
        kind=KIND_LABELS[row["kind"]],
        language=row["language"],
        released_at=row["first_release_at"],
        tag=amendment_tag(row["amendment"]),
        is_retracted=row["amendment"] == "retraction",
        reason=reason,
        is_chosen=candidate.is_chosen,
    )


# --- Queries --------------------------------------------------------------------------------------


@compiled_query
def _select_picks(*, statement: int, at: dt.datetime) -> QuerySet[Any]:
    picks = editor_picks(statement)
    pick = picks.filter(to=OuterRef("statement"))
    rows: QuerySet[Any] = (
        public_editions(at=at)
        .filter(statement__in=picks.values("to"))
        .values(
            *COLUMNS,
            position=Subquery(pick.values("position")),
            blocked=Subquery(pick.values("blocked")),
        )
    )
    return rows


@compiled_query
def _select_similar(*, edition: int, at: dt.datetime) -> QuerySet[Any]:
    """Select the suggestions with similar words: about twenty rows."""
    rows: QuerySet[Any] = (
        public_editions(at=at)
        .filter(suggested_beneath__edition=edition)
        .values(
            *COLUMNS,
            similarity=F("suggested_beneath__similarity"),
            shared_spans=F("suggested_beneath__shared_spans"),
        )
    )
    return rows


def _load_newest(profiles: list[ProfileKey], at: dt.datetime) -> dict[ProfileKey, list[Row]]:
    """Load the newest of each profile; those that are not cached by one query."""
    version = version_at(at)
    cached = {profile: newest_cache.get(version, profile) for profile in profiles}
    newest = {profile: rows for profile, rows in cached.items() if rows is not None}
    if missing := [profile for profile in profiles if profile not in newest]:
        rows = _select_newest(
            themes=tuple(pk for profile, pk in missing if profile == THEME),
            speakers=tuple(pk for profile, pk in missing if profile == SPEAKER),
            at=at,
        )
        for key in missing:
            # By statement: the last profile is asked for twice where the tuple was padded.
            own = {
                row["statement_id"]: row
                for row in rows
                if (row["profile"], row["profile_id"]) == key
            }
            newest[key] = list(own.values())
            newest_cache.set(version, key, newest[key])
    return newest


@compiled_query
def _select_newest(
    *, themes: tuple[int, ...], speakers: tuple[int, ...], at: dt.datetime
) -> QuerySet[Any]:
    first, *others = [
        *(_query_newest(THEME, theme, _newest_of_theme(theme, at), at) for theme in themes),
        *(_query_newest(SPEAKER, pk, _newest_of_speaker(pk, at), at) for pk in speakers),
    ]
    return first.union(*others, all=True)


def _newest_of_theme(theme: int, at: dt.datetime) -> QuerySet[Any]:
    return (
        public_editions(at=at)
        .filter(listed_before(at, "statement__themed__"), statement__themed__tag=theme)
        .order_by("-statement__themed__first_release_at", "-statement__themed__content_object_id")
        .values("pk")[:MAX_NEWEST_ROWS]
    )


def _newest_of_speaker(speaker: int, at: dt.datetime) -> QuerySet[Any]:
    return (
        EditionAttribution.objects.filter(public_at(at), listed_before(at), speaker=speaker)
        .order_by(*NEWEST_FIRST)
        .values("edition")[:MAX_NEWEST_ROWS]
    )


def _query_newest(profile: int, pk: int, newest: QuerySet[Any], at: dt.datetime) -> QuerySet[Any]:
    # As a subquery: SQLite takes neither a limit nor an order in one part of a union.
    rows: QuerySet[Any] = (
        public_editions(at=at)
        .filter(pk__in=newest)
        .order_by()
        .values(
            *COLUMNS, profile=Value(profile, IntegerField()), profile_id=Value(pk, IntegerField())
        )
    )
    return rows


# --- Ranking --------------------------------------------------------------------------------------


@dataclass(slots=True)
class _RelatedCandidate:
    """One article with every reason to suggest it."""

    row: Row
    position: int | None = None  # among the articles that editors chose
    similarity: int = 0
    shared_spans: str = ""
    shared_profiles: list[ProfileKey] = field(default_factory=list)

    @property
    def is_chosen(self) -> bool:
        return self.position is not None

    @property
    def has_reason(self) -> bool:
        return self.is_chosen or bool(self.shared_profiles) or self.similarity >= MIN_SIMILARITY

    @property
    def family_id(self) -> int:
        """Return the statement that this is, or is a translation of."""
        original: int | None = self.row[ORIGINAL_FIELD]
        return original or self.row["statement_id"]

    def rank_key(self) -> tuple[bool, int, int]:
        points = self.similarity + sum(POINTS[profile] for profile, _ in self.shared_profiles)
        return (self.position is None, self.position or 0, -points)

    def date_key(self) -> tuple[dt.datetime, int]:
        return (self.row["first_release_at"], self.row["statement_id"])


def _collect_candidates(
    *, picks: Iterable[Row], similar: Iterable[Row], newest: Mapping[ProfileKey, list[Row]]
) -> dict[int, _RelatedCandidate]:
    candidates: dict[int, _RelatedCandidate] = {}

    def get_candidate(row: Row) -> _RelatedCandidate:
        return candidates.setdefault(row["statement_id"], _RelatedCandidate(row))

    for row in similar:
        candidate = get_candidate(row)
        candidate.similarity, candidate.shared_spans = row["similarity"], row["shared_spans"]
    for profile, rows in newest.items():
        for row in rows:
            get_candidate(row).shared_profiles.append(profile)
    for row in picks:
        if row["blocked"]:
            candidates.pop(row["statement_id"], None)
        else:
            get_candidate(row).position = row["position"]
    return candidates


def _rank_candidates(candidates: Iterable[_RelatedCandidate]) -> list[_RelatedCandidate]:
    """Sort by the best reason, then the newest first; drop those without a reason."""
    ranked = [candidate for candidate in candidates if candidate.has_reason]
    ranked.sort(key=_RelatedCandidate.date_key, reverse=True)
    return sorted(ranked, key=_RelatedCandidate.rank_key)


def _drop_translations(
    ranked: list[_RelatedCandidate], page: StatementPage
) -> list[_RelatedCandidate]:
    """Keep each article in one language only; what editors chose stays as they chose it."""
    seen = {page.edition.statement_id, page.original_id or page.edition.statement_id}
    language = page.edition.language
    in_language = {
        candidate.family_id for candidate in ranked if candidate.row["language"] == language
    }
    articles: list[_RelatedCandidate] = []
    for candidate in ranked:
        family = candidate.family_id
        has_better = candidate.row["language"] != language and family in in_language
        if candidate.is_chosen or not (family in seen or has_better):
            articles.append(candidate)
            seen.add(family)
    return articles


def _format_reason(
    candidate: _RelatedCandidate, names: Mapping[ProfileKey, str], page: StatementPage
) -> str:
    """Return the strongest reason; shared words are quoted from the open page."""
    if candidate.is_chosen:
        return "Chosen by the editors"
    if candidate.shared_spans and candidate.similarity >= MIN_SIMILARITY:
        spans = _extract_spans(candidate.shared_spans, page)
        return f"About the same matter: {', '.join(spans)}"
    for profile, label in ((THEME, "Also on"), (SPEAKER, "Also by")):
        shared = [
            name
            for key, name in names.items()
            if key[0] == profile and key in candidate.shared_profiles
        ]
        if shared:
            return f"{label} {' and '.join(filter(None, [', '.join(shared[:-1]), shared[-1]]))}"
    return "About the same matter"


def _extract_spans(spans: str, page: StatementPage) -> list[str]:
    bounds = (map(int, span.split("-")) for span in spans.split(","))
    return [page.edition.content[start:end] for start, end in bounds]
