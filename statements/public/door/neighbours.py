"""What the same speaker said before and after a statement: a step along an index each way."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.db.models.query import QuerySet

from statements.models import EditionVoice
from statements.public.door.around import aside
from statements.public.editions import Opened, public_editions

CANDIDATES = 6
"""Each way: this statement and the nearest may each be there in several languages."""
NEIGHBOUR = "neighbour"


@dataclass(frozen=True)
class Neighbour:
    slug: str
    headline: str
    language: str
    released: dt.datetime


def nearest(
    *, speaker: int | None, statement: int, date: dt.datetime | None, at: dt.datetime
) -> list[QuerySet]:
    """Public editions of this speaker on both sides of a date that is past; for `surroundings`
    to fetch along."""
    if speaker is None or date is None:
        return []
    said = EditionVoice.objects.filter(speaker=speaker, release_at__lte=at, live_until__gt=at)
    before = said.filter(
        Q(first_release_at__lt=date) | Q(statement_id__lt=statement), first_release_at__lte=date
    ).order_by("-first_release_at", "-statement_id")
    after = said.filter(
        Q(first_release_at__gt=date) | Q(statement_id__gt=statement),
        first_release_at__gte=date,
        first_release_at__lte=at,
    ).order_by("first_release_at", "statement_id")
    # As a subquery: SQLite takes no limit on one arm of a union.
    return [
        aside(public_editions(at=at).filter(pk__in=side.values("edition")[:CANDIDATES]), NEIGHBOUR)
        for side in (before, after)
    ]


def chosen(
    rows: Iterable[dict[str, Any]], opened: Opened, *, at: dt.datetime
) -> tuple[Neighbour | None, Neighbour | None]:
    """The nearest one before and after; of one in several languages, that in this one.

    Never a translation of the statement itself.
    """
    own = opened.original_id or opened.edition.statement_id
    here = (opened.edition.first_release_at or at, opened.edition.statement_id)
    places = {
        (row["first_release_at"], row["statement_id"]): row
        for row in rows
        if row["along"] == NEIGHBOUR and _family(row) != own
    }
    before = [places[place] for place in sorted(places, reverse=True) if place < here]
    after = [places[place] for place in sorted(places) if place > here]
    language = opened.edition.language
    return _first(before, language), _first(after, language)


def _first(rows: list[dict[str, Any]], language: str) -> Neighbour | None:
    if not rows:
        return None
    family = [row for row in rows if _family(row) == _family(rows[0])]
    row = next((row for row in family if row["language"] == language), rows[0])
    return Neighbour(row["slug"], row["headline"], row["language"], row["first_release_at"])


def _family(row: dict[str, Any]) -> int:
    return row["statement__translation_of"] or row["statement_id"]
