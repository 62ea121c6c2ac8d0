"""Related Articles: the editors' choice, then by shared themes, then by the same speaker."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, F, IntegerField, OuterRef, Value
from django.db.models.query import QuerySet

from statements.public.editions import KINDS, Named, Opened, chosen_for, public_editions

MOST = 6
CANDIDATES = 12  # newest of each theme and speaker that are looked at; some turn out to be doubles
BROADEST = 5  # themes, and speakers, of one statement that are followed
CHOSEN, THEME, SPEAKER = 0, 1, 2
COLUMNS = ("statement_id", "original", "slug", "headline", "kind", "language", "first_release_at")


@dataclass(frozen=True)
class Related:
    slug: str
    headline: str
    kind: str
    language: str
    released: dt.datetime
    why: str


def related(opened: Opened, speakers: list[Named], *, at: dt.datetime) -> list[Related]:
    """At most six, each saying why. One query, whatever there is.

    Never the statement itself, a translation of it, what an editor blocked, or anything that is
    not public. Of an article in several languages, the one in this language.
    """
    topics, people = opened.themes[:BROADEST], speakers[:BROADEST]
    arms = [_chosen(opened, at)]
    arms += [_newest_of_theme(opened, theme, at) for theme in topics]
    arms += [_newest_of_speaker(opened, speaker, at) for speaker in people]
    rows = arms[0].union(*arms[1:], all=True)
    names = {THEME: {t.pk: t.name for t in topics}, SPEAKER: {p.pk: p.name for p in people}}
    return _best(list(rows), names, opened)


def _chosen(opened: Opened, at: dt.datetime) -> QuerySet:
    chosen = chosen_for(opened.edition.statement_id).filter(blocked=False)
    own_order = chosen.filter(to=OuterRef("statement")).values("position")[:1]
    rows = public_editions(at=at).filter(statement__in=chosen.values("to"))
    return _columns(rows, CHOSEN, own_order)


def _newest_of_theme(opened: Opened, theme: Named, at: dt.datetime) -> QuerySet:
    newest = (
        _suggestable(opened, at)
        .filter(statement__themed__tag=theme.pk, statement__themed__first_release_at__lte=at)
        .order_by("-statement__themed__first_release_at", "-statement__themed__content_object_id")
    )
    return _columns(_first(newest, at), THEME, Value(theme.pk))


def _newest_of_speaker(opened: Opened, speaker: Named, at: dt.datetime) -> QuerySet:
    newest = (
        _suggestable(opened, at)
        .filter(
            voices__speaker=speaker.pk,
            voices__release_at__lte=at,
            voices__live_until__gt=at,
            voices__first_release_at__lte=at,
        )
        .order_by("-voices__first_release_at", "-voices__statement_id")
    )
    return _columns(_first(newest, at), SPEAKER, Value(speaker.pk))


def _first(newest: QuerySet, at: dt.datetime) -> QuerySet:
    """As a subquery: SQLite takes no limit on one arm of a union."""
    return public_editions(at=at).filter(pk__in=newest.values("pk")[:CANDIDATES])


def _suggestable(opened: Opened, at: dt.datetime) -> QuerySet:
    statement_id = opened.edition.statement_id
    blocked = chosen_for(statement_id).filter(blocked=True, to=OuterRef("statement"))
    return public_editions(at=at).filter(~Exists(blocked)).exclude(statement=statement_id)


def _columns(rows: QuerySet, reason: int, detail) -> QuerySet:
    # No order: SQLite takes none on one arm of a union, and `_best` sorts.
    return (
        rows.order_by()
        .annotate(
            original=F("statement__translation_of"),
            reason=Value(reason, output_field=IntegerField()),
            detail=detail,
        )
        .values("reason", "detail", *COLUMNS)
    )


def _best(rows: list[dict], names: dict, opened: Opened) -> list[Related]:
    """One line for each article, the best reasons first, then the newest."""
    reasons: dict[int, list[tuple[int, int]]] = {}
    for row in rows:
        reasons.setdefault(row["statement_id"], []).append((row["reason"], row["detail"]))
    articles = {row["statement_id"]: row for row in rows}

    def rank(pk: int) -> tuple:
        found = reasons[pk]
        place = min((detail for reason, detail in found if reason == CHOSEN), default=0)
        shared = sum(reason == THEME for reason, _ in found)
        newest = -articles[pk]["first_release_at"].timestamp()
        return (min(found)[0], place, -shared, newest, -pk)

    ranked = [articles[pk] for pk in sorted(articles, key=rank)]
    return [
        Related(
            slug=row["slug"],
            headline=row["headline"],
            kind=KINDS[row["kind"]],
            language=row["language"],
            released=row["first_release_at"],
            why=_why(reasons[row["statement_id"]], names),
        )
        for row in _one_language(ranked, reasons, opened)[:MOST]
    ]


def _one_language(ranked: list[dict], reasons: dict, opened: Opened) -> list[dict]:
    """Drop translations of what stands here already; what editors chose stays as they chose it."""
    family = {opened.edition.statement_id, opened.original_id or opened.edition.statement_id}
    ours = opened.edition.language
    spoken = {_family(row) for row in ranked if row["language"] == ours}
    kept: list[dict] = []
    seen = set(family)
    for row in ranked:
        chosen = min(reasons[row["statement_id"]])[0] == CHOSEN
        other_language = row["language"] != ours and _family(row) in spoken
        if chosen or not (_family(row) in seen or other_language):
            kept.append(row)
            seen.add(_family(row))
    return kept


def _family(row: dict) -> int:
    return row["original"] or row["statement_id"]


def _why(found: Iterable[tuple[int, int]], names: dict[int, dict[int, str]]) -> str:
    reason = min(found)[0]
    if reason == CHOSEN:
        return "Chosen by the editors"
    said = [names[which][detail] for which, detail in sorted(set(found)) if which == reason]
    listed = " and ".join(filter(None, [", ".join(said[:-1]), said[-1]]))
    return f"Also on {listed}" if reason == THEME else f"Also by {listed}"
