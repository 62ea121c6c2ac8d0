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

from statements.caching.version import key_at
from statements.caching.versioned_lru import Kept
from statements.publicness import listed_before, public_at
from statements.published import neighbours
from statements.published.compiled_query import compiled
from statements.published.editions import (
    KINDS,
    Opened,
    chosen_for,
    public_editions,
    tag_of,
)
from statements.published.statement_context import Surroundings, aside

MOST = 6
NEWEST = 14  # of each theme and speaker are looked at; the statement itself may be among them
BROADEST = 5  # themes, and speakers, of one statement that are followed
LISTS = 500
"""Themes and speakers whose newest are kept: some 4 MB at most."""
CHOSEN, BLOCKED, ALIKE = "chosen", "blocked", "alike"
THEME, SPEAKER = range(2)
POINTS = {THEME: 20, SPEAKER: 10}  # for each that is shared; equal words have 1000
SAME_MATTER = 100  # from here on words are reason enough; below, they rank what shares more
ORIGINAL = "statement__translation_of"
COLUMNS = (
    *("statement_id", ORIGINAL, "slug", "headline", "kind", "language", "first_release_at"),
    "amendment",
)

Row = Mapping[str, Any]
Subject = tuple[int, int]
"""THEME or SPEAKER, and which."""
lists: Kept[list[Row]] = Kept(most=lambda: LISTS)


@dataclass(frozen=True)
class Related:
    statement_id: int
    slug: str
    headline: str
    kind: str
    language: str
    released: dt.datetime
    tag: str
    is_retracted: bool
    why: str
    is_chosen: bool


def related(opened: Opened, around: Surroundings, *, at: dt.datetime) -> list[Related]:
    """At most six, each saying why; `around` must have been asked with what is `along`.

    Never the statement itself, a translation of it, what an editor blocked, or anything that is
    not public. Of an article in several languages, the one in this language. One query, and none
    where the newest of all its themes and speakers are known.
    """
    topics, people = opened.themes[:BROADEST], around.speakers[:BROADEST]
    names = {(THEME, one.pk): one.name for one in topics}
    names |= {(SPEAKER, one.pk): one.name for one in people}
    ranked = _ranked(opened, around.along, _newest_of(list(names), at))
    return [
        Related(
            statement_id=one.row["statement_id"],
            slug=one.row["slug"],
            headline=one.row["headline"],
            kind=KINDS[one.row["kind"]],
            language=one.row["language"],
            released=one.row["first_release_at"],
            tag=tag_of(one.row["amendment"]),
            is_retracted=one.row["amendment"] == "retraction",
            why=_why(one, names, opened),
            is_chosen=one.is_chosen,
        )
        for one in _one_language(ranked, opened)[:MOST]
    ]


def said_lately(opened: Opened, *, at: dt.datetime) -> list[Row] | None:
    """The newest of whoever speaks first in it, where they are known already and hold what was
    said just before and after it."""
    newest = lists.find(key_at(at), (SPEAKER, opened.speaker_id)) if opened.speaker_id else None
    if newest is None or not neighbours.are_among(newest, opened, most=NEWEST, at=at):
        return None
    return newest


# --- What is found --------------------------------------------------------------------------------


def along(
    *,
    statement: int,
    edition: int,
    speaker: int | None,
    date: dt.datetime | None,
    at: dt.datetime,
) -> list[QuerySet]:
    """What stands beneath this one statement alone, for `surroundings` to fetch along."""
    beside = neighbours.nearest(speaker=speaker, statement=statement, date=date, at=at)
    return [*beside, _chosen(statement, at), _blocked(statement, at), _alike(edition, at)]


def _chosen(statement: int, at: dt.datetime) -> QuerySet:
    chosen = chosen_for(statement).filter(blocked=False)
    own_order = chosen.filter(to=OuterRef("statement")).values("position")[:1]
    rows = public_editions(at=at).filter(statement__in=chosen.values("to"))
    return aside(rows, CHOSEN, detail=own_order)


def _blocked(statement: int, at: dt.datetime) -> QuerySet:
    blocked = chosen_for(statement).filter(blocked=True)
    return aside(public_editions(at=at).filter(statement__in=blocked.values("to")), BLOCKED)


def _alike(edition: int, at: dt.datetime) -> QuerySet:
    """What is alike in its words: some twenty rows by the key of what was found before."""
    alike = public_editions(at=at).filter(suggested_beneath__edition=edition)
    points, places = F("suggested_beneath__alike"), F("suggested_beneath__places")
    return aside(alike, ALIKE, detail=points, places=places)


def _newest_of(subjects: list[Subject], at: dt.datetime) -> dict[Subject, list[Row]]:
    """Of each as many rows as are looked at; those that are not known yet by one query."""
    key = key_at(at)
    held = {one: lists.find(key, one) for one in subjects}
    known = {one: rows for one, rows in held.items() if rows is not None}
    if missing := [one for one in subjects if one not in known]:
        asked = {
            "themes": tuple(pk for what, pk in missing if what == THEME),
            "speakers": tuple(pk for what, pk in missing if what == SPEAKER),
        }
        found = _newest(at=at, **asked)
        for one in missing:  # once each: what is asked for thrice is found twice for the last
            own = {row["statement_id"]: row for row in found if (row["what"], row["which"]) == one}
            known[one] = list(own.values())
            lists.put(key, one, known[one])
    return known


@compiled  # seldom asked; one plan for all would read all that ever was said by somebody
def _newest(*, themes: tuple[int, ...], speakers: tuple[int, ...], at: dt.datetime) -> QuerySet:
    arms = [_newest_of_theme(theme, at) for theme in themes]
    arms += [_newest_of_speaker(speaker, at) for speaker in speakers]
    return arms[0].union(*arms[1:], all=True)


def _newest_of_theme(theme: int, at: dt.datetime) -> QuerySet:
    newest = (
        public_editions(at=at)
        .filter(listed_before(at, "statement__themed__"), statement__themed__tag=theme)
        .order_by("-statement__themed__first_release_at", "-statement__themed__content_object_id")
    )
    return _first(newest, THEME, theme, at)


def _newest_of_speaker(speaker: int, at: dt.datetime) -> QuerySet:
    newest = (
        public_editions(at=at)
        .filter(public_at(at, "voices__"), listed_before(at, "voices__"), voices__speaker=speaker)
        .order_by("-voices__first_release_at", "-voices__statement_id")
    )
    return _first(newest, SPEAKER, speaker, at)


def _first(newest: QuerySet, what: int, which: int, at: dt.datetime) -> QuerySet:
    """As a subquery: SQLite takes neither limit nor order on one arm of a union."""
    rows = public_editions(at=at).filter(pk__in=newest.values("pk")[:NEWEST]).order_by()
    told = {"what": Value(what, IntegerField()), "which": Value(which, IntegerField())}
    return rows.annotate(**told).values(*told, *COLUMNS)


# --- Which of it ----------------------------------------------------------------------------------


@dataclass(slots=True)
class _Candidate:
    """One article, and all that speaks for it."""

    row: Row
    place: int | None = None  # among what the editors chose
    alike: int = 0
    places: str = ""
    shared: list[Subject] = field(default_factory=list)

    @property
    def is_chosen(self) -> bool:
        return self.place is not None

    @property
    def is_reason_enough(self) -> bool:
        return self.is_chosen or bool(self.shared) or self.alike >= SAME_MATTER

    @property
    def family(self) -> int:
        """The statement that this is, or is a translation of."""
        return self.row[ORIGINAL] or self.row["statement_id"]

    def rank(self) -> tuple:
        points = self.alike + sum(POINTS[what] for what, _ in self.shared)
        return (self.place is None, self.place or 0, -points)

    def date(self) -> tuple:
        return (self.row["first_release_at"], self.row["statement_id"])


def _ranked(
    opened: Opened, own: Iterable[Row], newest: Mapping[Subject, list[Row]]
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
            candidate(row).place = row["detail"]
        elif row["along"] == ALIKE:
            one = candidate(row)
            one.alike, one.places = row["detail"], row["places"]
        elif row["along"] == BLOCKED:
            never.add(row["statement_id"])
    for subject, rows in newest.items():
        for row in rows:
            candidate(row).shared.append(subject)
    found = [one for pk, one in candidates.items() if pk not in never and one.is_reason_enough]
    found.sort(key=_Candidate.date, reverse=True)
    return sorted(found, key=_Candidate.rank)


def _one_language(ranked: list[_Candidate], opened: Opened) -> list[_Candidate]:
    """Drop translations of what stands here already; what editors chose stays as they chose it."""
    seen = {opened.edition.statement_id, opened.original_id or opened.edition.statement_id}
    ours = opened.edition.language
    spoken = {one.family for one in ranked if one.row["language"] == ours}
    kept: list[_Candidate] = []
    for one in ranked:
        other_language = one.row["language"] != ours and one.family in spoken
        if one.is_chosen or not (one.family in seen or other_language):
            kept.append(one)
            seen.add(one.family)
    return kept


def _why(one: _Candidate, names: Mapping[Subject, str], opened: Opened) -> str:
    """What speaks for it most. Its words are quoted as they stand on the page that is open."""
    if one.is_chosen:
        return "Chosen by the editors"
    if one.places and one.alike >= SAME_MATTER:
        return f"About the same matter: {', '.join(_words_at(one.places, opened))}"
    for what, said in ((THEME, "Also on"), (SPEAKER, "Also by")):
        shared = [name for at, name in names.items() if at[0] == what and at in one.shared]
        if shared:
            return f"{said} {' and '.join(filter(None, [', '.join(shared[:-1]), shared[-1]]))}"
    return "About the same matter"


def _words_at(places: str, opened: Opened) -> list[str]:
    spans = (map(int, place.split("-")) for place in places.split(","))
    return [opened.edition.content[start:end] for start, end in spans]
