"""The statements that the same speaker made just before and just after one."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.db.models.query import QuerySet

from statements.models import EditionAttribution
from statements.publicness import listed_before, listed_beyond, listed_since, public_at
from statements.published.compiled_query import compiled_query
from statements.published.editions import NEWEST_FIRST, StatementPage, amendment_tag

MAX_CANDIDATES = 6
"""On each side: this statement and the nearest may each be there in several languages."""
OLDEST_FIRST = ("first_release_at", "statement_id")

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Neighbour:
    """A statement just before or after the open one, as the page links to it."""

    slug: str
    headline: str
    language: str
    released_at: dt.datetime
    tag: str
    is_retracted: bool


def find_neighbours(
    page: StatementPage, *, newest: Sequence[Row] | None = None, at: dt.datetime
) -> tuple[Neighbour | None, Neighbour | None]:
    """Find the nearest statements before and after by the first speaker of this one.

    If a neighbour has translations, take the one in the language of the page. Leave out
    translations of the statement itself. Two queries, or none if `newest` is given: the newest
    rows of the speaker, for which `covers_neighbours` is true.
    """
    rows = _load_candidates(page, at) if newest is None else newest
    family, position = page.original_id or page.edition.statement_id, _page_position(page, at)
    by_position = {_row_position(row): row for row in rows if _family_id(row) != family}
    before = [by_position[key] for key in sorted(by_position, reverse=True) if key < position]
    after = [by_position[key] for key in sorted(by_position) if key > position]
    language = page.edition.language
    return _pick_language(before, language), _pick_language(after, language)


def covers_neighbours(
    newest: Sequence[Row], page: StatementPage, *, limit: int, at: dt.datetime
) -> bool:
    """Tell whether the newest rows of the speaker, up to this limit, include the neighbours."""
    position = _page_position(page, at)
    return (
        len(newest) < limit
        or sum(_row_position(row) < position for row in newest) >= MAX_CANDIDATES
    )


def _load_candidates(page: StatementPage, at: dt.datetime) -> Iterable[Row]:
    if page.speaker_id is None:
        return []
    # An edition in preview may be released later: look around the present.
    position = {
        "statement": page.edition.statement_id,
        "date": min(_page_position(page, at)[0], at),
    }
    speaker = page.speaker_id
    return [
        *_select_earlier(speaker=speaker, **position, at=at),
        *_select_later(speaker=speaker, **position, at=at),
    ]


@compiled_query
def _select_earlier(
    *, speaker: int, statement: int, date: dt.datetime, at: dt.datetime
) -> QuerySet[Any]:
    earlier = listed_beyond(date, statement, upwards=False) & listed_before(date)
    return _public_rows(speaker, at).filter(earlier).order_by(*NEWEST_FIRST)[:MAX_CANDIDATES]


@compiled_query
def _select_later(
    *, speaker: int, statement: int, date: dt.datetime, at: dt.datetime
) -> QuerySet[Any]:
    later = listed_beyond(date, statement, upwards=True) & listed_since(date) & listed_before(at)
    return _public_rows(speaker, at).filter(later).order_by(*OLDEST_FIRST)[:MAX_CANDIDATES]


def _public_rows(speaker: int, at: dt.datetime) -> QuerySet[Any]:
    rows = EditionAttribution.objects.filter(public_at(at), public_at(at, "edition__"))
    selected: QuerySet[Any] = rows.filter(speaker=speaker).values(
        *("statement_id", "first_release_at", "statement__translation_of"),
        slug=F("edition__slug"),
        headline=F("edition__headline"),
        language=F("edition__language"),
        amendment=F("edition__amendment"),
    )
    return selected


def _page_position(page: StatementPage, at: dt.datetime) -> tuple[dt.datetime, int]:
    return page.edition.first_release_at or at, page.edition.statement_id


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
    original: int | None = row["statement__translation_of"]
    return original or row["statement_id"]
