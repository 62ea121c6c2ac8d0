"""What the same speaker said before and after a statement: a step along an index each way."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models.query import QuerySet

from statements.models import EditionAttribution
from statements.publicness import listed_before, listed_beyond, listed_since, public_at
from statements.published.editions import StatementPage, amendment_tag, public_editions
from statements.published.statement_context import as_extra_rows

MAX_CANDIDATES = 6
"""Each way: this statement and the nearest may each be there in several languages."""
NEIGHBOUR = "neighbour"

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Neighbour:
    slug: str
    headline: str
    language: str
    released_at: dt.datetime
    tag: str
    is_retracted: bool


def build_neighbour_queries(
    *, speaker: int | None, statement: int, date: dt.datetime | None, at: dt.datetime
) -> list[QuerySet]:
    """Public editions of this speaker on both sides of a date that is past; for `surroundings`
    to fetch along.
    """
    if speaker is None or date is None:
        return []
    said = EditionAttribution.objects.filter(public_at(at), speaker=speaker)
    before = said.filter(
        listed_beyond(date, statement, upwards=False), listed_before(date)
    ).order_by("-first_release_at", "-statement_id")
    after = said.filter(
        listed_beyond(date, statement, upwards=True), listed_since(date), listed_before(at)
    ).order_by("first_release_at", "statement_id")
    # As a subquery: SQLite takes no limit on one arm of a union.
    return [
        as_extra_rows(
            public_editions(at=at).filter(pk__in=side.values("edition")[:MAX_CANDIDATES]), NEIGHBOUR
        )
        for side in (before, after)
    ]


def covers_neighbours(
    newest: Sequence[Row], opened: StatementPage, *, limit: int, at: dt.datetime
) -> bool:
    """Whether the newest `most` of the speaker hold all that `nearest` would find."""
    here = _page_position(opened, at)
    return len(newest) < limit or sum(_row_position(row) < here for row in newest) >= MAX_CANDIDATES


def find_neighbour_rows(along: Iterable[Row]) -> list[Row]:
    """What `nearest` found, among all that was fetched along."""
    return [row for row in along if row["along"] == NEIGHBOUR]


def choose_neighbours(
    rows: Iterable[Row], opened: StatementPage, *, at: dt.datetime
) -> tuple[Neighbour | None, Neighbour | None]:
    """The nearest one before and after; of one in several languages, that in this one.

    Never a translation of the statement itself.
    """
    own, here = opened.original_id or opened.edition.statement_id, _page_position(opened, at)
    places = {_row_position(row): row for row in rows if _family_id(row) != own}
    before = [places[place] for place in sorted(places, reverse=True) if place < here]
    after = [places[place] for place in sorted(places) if place > here]
    language = opened.edition.language
    return _pick_language(before, language), _pick_language(after, language)


def _page_position(opened: StatementPage, at: dt.datetime) -> tuple[dt.datetime, int]:
    return opened.edition.first_release_at or at, opened.edition.statement_id


def _row_position(row: Row) -> tuple[dt.datetime, int]:
    return row["first_release_at"], row["statement_id"]


def _pick_language(rows: list[Row], language: str) -> Neighbour | None:
    if not rows:
        return None
    family = [row for row in rows if _family_id(row) == _family_id(rows[0])]
    row = next((row for row in family if row["language"] == language), rows[0])
    return Neighbour(
        row["slug"],
        row["headline"],
        row["language"],
        row["first_release_at"],
        amendment_tag(row["amendment"]),
        is_retracted=row["amendment"] == "retraction",
    )


def _family_id(row: Row) -> int:
    return row["statement__translation_of"] or row["statement_id"]
