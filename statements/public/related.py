"""Related Articles: the editors' choice, then what is most alike in words, themes and speakers.

What is alike in its words was found before (see `statements.suggesting`) and is only read here, as
far as it is public now. Where nothing was found yet, themes and speakers are enough.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import CharField, Exists, F, IntegerField, OuterRef, Value
from django.db.models.query import QuerySet

from statements.public.editions import KINDS, Named, Opened, chosen_for, public_editions
from statements.public.prepared import prepared

MOST = 6
CANDIDATES = 12  # newest of each theme and speaker that are looked at; some turn out to be doubles
BROADEST = 5  # themes, and speakers, of one statement that are followed
CHOSEN, THEME, WORDS, SPEAKER = range(4)
POINTS = {THEME: 20, SPEAKER: 10}  # for each that is shared; equal words have 1000
SAME_MATTER = 100  # from here on words are reason enough; below, they rank what shares more
NOWHERE = Value("", output_field=CharField())
COLUMNS = ("statement_id", "original", "slug", "headline", "kind", "language", "first_release_at")


@dataclass(frozen=True)
class Related:
    statement_id: int
    slug: str
    headline: str
    kind: str
    language: str
    released: dt.datetime
    why: str
    is_chosen: bool


def related(opened: Opened, speakers: list[Named], *, at: dt.datetime) -> list[Related]:
    """At most six, each saying why. One query, whatever there is.

    Never the statement itself, a translation of it, what an editor blocked, or anything that is
    not public. Of an article in several languages, the one in this language.
    """
    topics, people = opened.themes[:BROADEST], speakers[:BROADEST]
    rows = _candidates(
        statement=opened.edition.statement_id,
        edition=opened.edition.pk,
        themes=tuple(theme.pk for theme in topics),
        speakers=tuple(speaker.pk for speaker in people),
        at=at,
    )
    names = {THEME: {t.pk: t.name for t in topics}, SPEAKER: {p.pk: p.name for p in people}}
    return _best(rows, names, opened)


@prepared
def _candidates(
    *,
    statement: int,
    edition: int,
    themes: tuple[int, ...],
    speakers: tuple[int, ...],
    at: dt.datetime,
) -> QuerySet:
    arms = [_chosen(statement, at), _alike(statement, edition, at)]
    arms += [_newest_of_theme(statement, theme, at) for theme in themes]
    arms += [_newest_of_speaker(statement, speaker, at) for speaker in speakers]
    return arms[0].union(*arms[1:], all=True)


def _chosen(statement: int, at: dt.datetime) -> QuerySet:
    chosen = chosen_for(statement).filter(blocked=False)
    own_order = chosen.filter(to=OuterRef("statement")).values("position")[:1]
    rows = public_editions(at=at).filter(statement__in=chosen.values("to"))
    return _columns(rows, CHOSEN, own_order)


def _newest_of_theme(statement: int, theme: int, at: dt.datetime) -> QuerySet:
    newest = (
        _suggestable(statement, at)
        .filter(statement__themed__tag=theme, statement__themed__first_release_at__lte=at)
        .order_by("-statement__themed__first_release_at", "-statement__themed__content_object_id")
    )
    return _columns(_first(newest, at), THEME, Value(theme))


def _newest_of_speaker(statement: int, speaker: int, at: dt.datetime) -> QuerySet:
    newest = (
        _suggestable(statement, at)
        .filter(
            voices__speaker=speaker,
            voices__release_at__lte=at,
            voices__live_until__gt=at,
            voices__first_release_at__lte=at,
        )
        .order_by("-voices__first_release_at", "-voices__statement_id")
    )
    return _columns(_first(newest, at), SPEAKER, Value(speaker))


def _alike(statement: int, edition: int, at: dt.datetime) -> QuerySet:
    """What is alike in its words: some twenty rows by the key of what was found before."""
    alike = _suggestable(statement, at).filter(suggested_beneath__edition=edition)
    points, places = F("suggested_beneath__alike"), F("suggested_beneath__places")
    return _columns(alike, WORDS, points, places)


def _first(newest: QuerySet, at: dt.datetime) -> QuerySet:
    """As a subquery: SQLite takes no limit on one arm of a union."""
    return public_editions(at=at).filter(pk__in=newest.values("pk")[:CANDIDATES])


def _suggestable(statement: int, at: dt.datetime) -> QuerySet:
    blocked = chosen_for(statement).filter(blocked=True, to=OuterRef("statement"))
    return public_editions(at=at).filter(~Exists(blocked)).exclude(statement=statement)


def _columns(rows: QuerySet, reason: int, detail, places=NOWHERE) -> QuerySet:
    # No order: SQLite takes none on one arm of a union, and `_best` sorts.
    return (
        rows.order_by()
        .annotate(
            original=F("statement__translation_of"),
            reason=Value(reason, output_field=IntegerField()),
            detail=detail,
            places=places,
        )
        .values("reason", "detail", "places", *COLUMNS)
    )


@dataclass
class _Candidate:
    """One article, and all that speaks for it: reason → what exactly."""

    row: dict[str, Any]
    found: dict[int, set[int]] = field(default_factory=dict)
    places: str = ""

    @property
    def is_chosen(self) -> bool:
        return CHOSEN in self.found

    @property
    def alike(self) -> int:
        return max(self.found.get(WORDS, ()), default=0)

    @property
    def is_reason_enough(self) -> bool:
        return self.alike >= SAME_MATTER or self.found.keys() != {WORDS}

    @property
    def family(self) -> int:
        """The statement that this is, or is a translation of."""
        return self.row["original"] or self.row["statement_id"]

    def points(self, reason: int) -> int:
        return POINTS[reason] * len(self.found.get(reason, ()))

    def rank(self) -> tuple:
        place = min(self.found.get(CHOSEN, ()), default=0)
        points = self.alike + self.points(THEME) + self.points(SPEAKER)
        newest = self.row["first_release_at"].timestamp()
        return (not self.is_chosen, place, -points, -newest, -self.row["statement_id"])


def _best(rows: Iterable[dict], names: dict[int, dict[int, str]], opened: Opened) -> list[Related]:
    """One line for each article, the best reasons first, then the newest."""
    candidates: dict[int, _Candidate] = {}
    for row in rows:
        candidate = candidates.setdefault(row["statement_id"], _Candidate(row))
        candidate.found.setdefault(row["reason"], set()).add(row["detail"])
        candidate.places = candidate.places or row["places"]
    worth_it = [one for one in candidates.values() if one.is_reason_enough]
    ranked = sorted(worth_it, key=_Candidate.rank)
    return [
        Related(
            statement_id=one.row["statement_id"],
            slug=one.row["slug"],
            headline=one.row["headline"],
            kind=KINDS[one.row["kind"]],
            language=one.row["language"],
            released=one.row["first_release_at"],
            why=_why(one, names, opened),
            is_chosen=one.is_chosen,
        )
        for one in _one_language(ranked, opened)[:MOST]
    ]


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


def _why(one: _Candidate, names: dict[int, dict[int, str]], opened: Opened) -> str:
    """What speaks for it most. Its words are quoted as they stand on the page that is open."""
    if one.is_chosen:
        return "Chosen by the editors"
    if one.places and one.alike >= SAME_MATTER:
        return f"About the same matter: {', '.join(_words_at(one.places, opened))}"
    for reason, said in ((THEME, "Also on"), (SPEAKER, "Also by")):
        shared = [name for pk, name in names[reason].items() if pk in one.found.get(reason, ())]
        if shared:
            return f"{said} {' and '.join(filter(None, [', '.join(shared[:-1]), shared[-1]]))}"
    return "About the same matter"


def _words_at(places: str, opened: Opened) -> list[str]:
    spans = (map(int, place.split("-")) for place in places.split(","))
    return [opened.edition.content[start:end] for start, end in spans]
