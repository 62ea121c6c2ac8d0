"""Related Articles: the editors' choice, then what is most alike in words, themes and speakers.

What is alike in its words was found before (see `statements.related`) and is only read here, as
far as it is public now. Where nothing was found yet, themes and speakers are enough. The newest of
a theme or a speaker are the same for every page, so they are asked for once between two changes of
the record.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, IntegerField, OuterRef, Value
from django.db.models.query import QuerySet

from statements.caching.version import version_at
from statements.caching.versioned_lru import VersionedLRU
from statements.publicness import listed_before, public_at
from statements.published import neighbours
from statements.published.compiled_query import replanned_query
from statements.published.editions import (
    KIND_LABELS,
    StatementPage,
    amendment_tag,
    editor_picks,
    public_editions,
)
from statements.published.statement_context import StatementContext, as_extra_rows

MAX_RELATED_ARTICLES = 6
MAX_NEWEST_ROWS = (
    14  # of each theme and speaker are looked at; the statement itself may be among them
)
MAX_PROFILES_FOLLOWED = 5  # themes, and speakers, of one statement that are followed
MAX_CACHED_LISTS = 500
"""Themes and speakers whose newest are kept: some 4 MB at most."""
CHOSEN, BLOCKED, SIMILAR = "chosen", "blocked", "alike"
THEME, SPEAKER = range(2)
POINTS = {THEME: 20, SPEAKER: 10}  # for each that is shared; equal words have 1000
MIN_SIMILARITY = 100  # from here on words are reason enough; below, they rank what shares more
ORIGINAL_FIELD = "statement__translation_of"
COLUMNS = (
    *("statement_id", ORIGINAL_FIELD, "slug", "headline", "kind", "language", "first_release_at"),
    "amendment",
)

Row = Mapping[str, Any]
ProfileKey = tuple[int, int]
"""THEME or SPEAKER, and which."""
newest_cache: VersionedLRU[list[Row]] = VersionedLRU(max_size=lambda: MAX_CACHED_LISTS)


@dataclass(frozen=True)
class RelatedArticle:
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
    opened: StatementPage, around: StatementContext, *, at: dt.datetime
) -> list[RelatedArticle]:
    """At most six, each saying why; `around` must have been asked with what is `along`.

    Never the statement itself, a translation of it, what an editor blocked, or anything that is
    not public. Of an article in several languages, the one in this language. One query, and none
    where the newest of all its themes and speakers are known.
    """
    topics, people = opened.themes[:MAX_PROFILES_FOLLOWED], around.speakers[:MAX_PROFILES_FOLLOWED]
    names = {(THEME, one.pk): one.name for one in topics}
    names |= {(SPEAKER, one.pk): one.name for one in people}
    ranked = _rank_candidates(opened, around.extra_rows, _load_newest(list(names), at))
    return [
        RelatedArticle(
            statement_id=one.row["statement_id"],
            slug=one.row["slug"],
            headline=one.row["headline"],
            kind=KIND_LABELS[one.row["kind"]],
            language=one.row["language"],
            released_at=one.row["first_release_at"],
            tag=amendment_tag(one.row["amendment"]),
            is_retracted=one.row["amendment"] == "retraction",
            reason=_format_reason(one, names, opened),
            is_chosen=one.is_chosen,
        )
        for one in _drop_translations(ranked, opened)[:MAX_RELATED_ARTICLES]
    ]


def cached_recent_by_speaker(opened: StatementPage, *, at: dt.datetime) -> list[Row] | None:
    """The newest of whoever speaks first in it, where they are known already and hold what was
    said just before and after it.
    """
    newest = (
        newest_cache.get(version_at(at), (SPEAKER, opened.speaker_id))
        if opened.speaker_id
        else None
    )
    if newest is None or not neighbours.covers_neighbours(
        newest, opened, limit=MAX_NEWEST_ROWS, at=at
    ):
        return None
    return newest


# --- What is found --------------------------------------------------------------------------------


def build_extra_queries(
    *,
    statement: int,
    edition: int,
    speaker: int | None,
    date: dt.datetime | None,
    at: dt.datetime,
) -> list[QuerySet]:
    """What stands beneath this one statement alone, for `surroundings` to fetch along."""
    beside = neighbours.build_neighbour_queries(
        speaker=speaker, statement=statement, date=date, at=at
    )
    return [
        *beside,
        _query_chosen(statement, at),
        _query_blocked(statement, at),
        _query_similar(edition, at),
    ]


def _query_chosen(statement: int, at: dt.datetime) -> QuerySet:
    chosen = editor_picks(statement).filter(blocked=False)
    own_order = chosen.filter(to=OuterRef("statement")).values("position")[:1]
    rows = public_editions(at=at).filter(statement__in=chosen.values("to"))
    return as_extra_rows(rows, CHOSEN, detail=own_order)


def _query_blocked(statement: int, at: dt.datetime) -> QuerySet:
    blocked = editor_picks(statement).filter(blocked=True)
    return as_extra_rows(public_editions(at=at).filter(statement__in=blocked.values("to")), BLOCKED)


def _query_similar(edition: int, at: dt.datetime) -> QuerySet:
    """What is alike in its words: some twenty rows by the key of what was found before."""
    alike = public_editions(at=at).filter(suggested_beneath__edition=edition)
    points, places = F("suggested_beneath__similarity"), F("suggested_beneath__shared_spans")
    return as_extra_rows(alike, SIMILAR, detail=points, places=places)


def _load_newest(subjects: list[ProfileKey], at: dt.datetime) -> dict[ProfileKey, list[Row]]:
    """Of each as many rows as are looked at; those that are not known yet by one query."""
    key = version_at(at)
    held = {one: newest_cache.get(key, one) for one in subjects}
    known = {one: rows for one, rows in held.items() if rows is not None}
    if missing := [one for one in subjects if one not in known]:
        asked = {
            "themes": tuple(pk for what, pk in missing if what == THEME),
            "speakers": tuple(pk for what, pk in missing if what == SPEAKER),
        }
        found = _select_newest(at=at, **asked)
        for one in missing:  # once each: what is asked for thrice is found twice for the last
            own = {row["statement_id"]: row for row in found if (row["what"], row["which"]) == one}
            known[one] = list(own.values())
            newest_cache.set(key, one, known[one])
    return known


@replanned_query  # seldom asked; one plan for all would read all that ever was said by somebody
def _select_newest(
    *, themes: tuple[int, ...], speakers: tuple[int, ...], at: dt.datetime
) -> QuerySet:
    arms = [_query_newest_of_theme(theme, at) for theme in themes]
    arms += [_query_newest_of_speaker(speaker, at) for speaker in speakers]
    return arms[0].union(*arms[1:], all=True)


def _query_newest_of_theme(theme: int, at: dt.datetime) -> QuerySet:
    newest = (
        public_editions(at=at)
        .filter(listed_before(at, "statement__themed__"), statement__themed__tag=theme)
        .order_by("-statement__themed__first_release_at", "-statement__themed__content_object_id")
    )
    return _take_newest(newest, THEME, theme, at)


def _query_newest_of_speaker(speaker: int, at: dt.datetime) -> QuerySet:
    newest = (
        public_editions(at=at)
        .filter(public_at(at, "voices__"), listed_before(at, "voices__"), voices__speaker=speaker)
        .order_by("-voices__first_release_at", "-voices__statement_id")
    )
    return _take_newest(newest, SPEAKER, speaker, at)


def _take_newest(newest: QuerySet, what: int, which: int, at: dt.datetime) -> QuerySet:
    """As a subquery: SQLite takes neither limit nor order on one arm of a union."""
    rows = public_editions(at=at).filter(pk__in=newest.values("pk")[:MAX_NEWEST_ROWS]).order_by()
    told = {"what": Value(what, IntegerField()), "which": Value(which, IntegerField())}
    return rows.annotate(**told).values(*told, *COLUMNS)


# --- Which of it ----------------------------------------------------------------------------------


@dataclass(slots=True)
class _Candidate:
    """One article, and all that speaks for it."""

    row: Row
    position: int | None = None  # among what the editors chose
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
        """The statement that this is, or is a translation of."""
        return self.row[ORIGINAL_FIELD] or self.row["statement_id"]

    def rank_key(self) -> tuple:
        points = self.similarity + sum(POINTS[what] for what, _ in self.shared_profiles)
        return (self.position is None, self.position or 0, -points)

    def date_key(self) -> tuple:
        return (self.row["first_release_at"], self.row["statement_id"])


def _rank_candidates(
    opened: StatementPage, own: Iterable[Row], newest: Mapping[ProfileKey, list[Row]]
) -> list[_Candidate]:
    """One for each article, the best reasons first, then the newest."""
    candidates: dict[int, _Candidate] = {}
    never = {opened.edition.statement_id}

    def candidate(row: Row) -> _Candidate:
        pk = row["statement_id"]
        if pk not in candidates:
            candidates[pk] = _Candidate(row)
        return candidates[pk]

    for row in own:
        if row["along"] == CHOSEN:
            candidate(row).position = row["detail"]
        elif row["along"] == SIMILAR:
            one = candidate(row)
            one.similarity, one.shared_spans = row["detail"], row["places"]
        elif row["along"] == BLOCKED:
            never.add(row["statement_id"])
    for subject, rows in newest.items():
        for row in rows:
            candidate(row).shared_profiles.append(subject)
    found = [one for pk, one in candidates.items() if pk not in never and one.has_reason]
    found.sort(key=_Candidate.date_key, reverse=True)
    return sorted(found, key=_Candidate.rank_key)


def _drop_translations(ranked: list[_Candidate], opened: StatementPage) -> list[_Candidate]:
    """Drop translations of what stands here already; what editors chose stays as they chose it."""
    seen = {opened.edition.statement_id, opened.original_id or opened.edition.statement_id}
    ours = opened.edition.language
    spoken = {one.family_id for one in ranked if one.row["language"] == ours}
    kept: list[_Candidate] = []
    for one in ranked:
        other_language = one.row["language"] != ours and one.family_id in spoken
        if one.is_chosen or not (one.family_id in seen or other_language):
            kept.append(one)
            seen.add(one.family_id)
    return kept


def _format_reason(one: _Candidate, names: Mapping[ProfileKey, str], opened: StatementPage) -> str:
    """What speaks for it most. Its words are quoted as they stand on the page that is open."""
    if one.is_chosen:
        return "Chosen by the editors"
    if one.shared_spans and one.similarity >= MIN_SIMILARITY:
        return f"About the same matter: {', '.join(_extract_spans(one.shared_spans, opened))}"
    for what, said in ((THEME, "Also on"), (SPEAKER, "Also by")):
        shared = [name for at, name in names.items() if at[0] == what and at in one.shared_profiles]
        if shared:
            return f"{said} {' and '.join(filter(None, [', '.join(shared[:-1]), shared[-1]]))}"
    return "About the same matter"


def _extract_spans(places: str, opened: StatementPage) -> list[str]:
    spans = (map(int, place.split("-")) for place in places.split(","))
    return [opened.edition.content[start:end] for start, end in spans]
