"""What the same speaker said before and after a statement: a step along an index each way."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models.query import QuerySet

from statements.models import EditionVoice
from statements.publicness import listed_before, listed_beyond, listed_since, public_at
from statements.published.editions import Opened, public_editions, tag_of
from statements.published.statement_context import aside

CANDIDATES = 6
"""Each way: this statement and the nearest may each be there in several languages."""
NEIGHBOUR = "neighbour"

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Neighbour:
    slug: str
    headline: str
    language: str
    released: dt.datetime
    tag: str
    is_retracted: bool


def nearest(
    *, speaker: int | None, statement: int, date: dt.datetime | None, at: dt.datetime
) -> list[QuerySet]:
    """Public editions of this speaker on both sides of a date that is past; for `surroundings`
    to fetch along."""
    if speaker is None or date is None:
        return []
    said = EditionVoice.objects.filter(public_at(at), speaker=speaker)
    before = said.filter(
        listed_beyond(date, statement, upwards=False), listed_before(date)
    ).order_by("-first_release_at", "-statement_id")
    after = said.filter(
        listed_beyond(date, statement, upwards=True), listed_since(date), listed_before(at)
    ).order_by("first_release_at", "statement_id")
    # As a subquery: SQLite takes no limit on one arm of a union.
    return [
        aside(public_editions(at=at).filter(pk__in=side.values("edition")[:CANDIDATES]), NEIGHBOUR)
        for side in (before, after)
    ]


def are_among(newest: Sequence[Row], opened: Opened, *, most: int, at: dt.datetime) -> bool:
    """Whether the newest `most` of the speaker hold all that `nearest` would find."""
    here = _here(opened, at)
    return len(newest) < most or sum(_place(row) < here for row in newest) >= CANDIDATES


def fetched(along: Iterable[Row]) -> list[Row]:
    """What `nearest` found, among all that was fetched along."""
    return [row for row in along if row["along"] == NEIGHBOUR]


def chosen(
    rows: Iterable[Row], opened: Opened, *, at: dt.datetime
) -> tuple[Neighbour | None, Neighbour | None]:
    """The nearest one before and after; of one in several languages, that in this one.

    Never a translation of the statement itself.
    """
    own, here = opened.original_id or opened.edition.statement_id, _here(opened, at)
    places = {_place(row): row for row in rows if _family(row) != own}
    before = [places[place] for place in sorted(places, reverse=True) if place < here]
    after = [places[place] for place in sorted(places) if place > here]
    language = opened.edition.language
    return _first(before, language), _first(after, language)


def _here(opened: Opened, at: dt.datetime) -> tuple[dt.datetime, int]:
    return opened.edition.first_release_at or at, opened.edition.statement_id


def _place(row: Row) -> tuple[dt.datetime, int]:
    return row["first_release_at"], row["statement_id"]


def _first(rows: list[Row], language: str) -> Neighbour | None:
    if not rows:
        return None
    family = [row for row in rows if _family(row) == _family(rows[0])]
    row = next((row for row in family if row["language"] == language), rows[0])
    return Neighbour(
        row["slug"],
        row["headline"],
        row["language"],
        row["first_release_at"],
        tag_of(row["amendment"]),
        is_retracted=row["amendment"] == "retraction",
    )


def _family(row: Row) -> int:
    return row["statement__translation_of"] or row["statement_id"]
