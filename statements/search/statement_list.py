"""Load one page of the statement list, newest first, for the given filters and cursor.

The first filter is read along its own index: editionattribution_speaker_idx,
editionattribution_org_idx, themedstatement_tag_first_idx, edition_kind_first_release_idx or
edition_first_release_idx. The other filters are checked row by row. A theme alone is fastest from
the first rows of its index, because one query plan fits all themes.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.query import QuerySet
from django.http import Http404

from statements.models import Edition
from statements.publicness import listed_before, listed_beyond, listed_since, public_at
from statements.published.compiled_query import compiled_query
from statements.published.dates import last_instant
from statements.published.editions import find_list_position, public_editions, sole_speaker_slug
from statements.published.profiles import candidate_rows
from statements.search import backend
from statements.search.backend import ListPosition, SearchHit
from statements.search.filters import SLUG_PATTERN, Filters

PAGE_SIZE = 20
THEME_SCAN_ROWS = PAGE_SIZE + 10
"""The first rows of a theme that are read before all of it. Some may have been withdrawn."""
ROW_FIELDS = (
    *("id", "statement_id", "slug", "headline", "summary", "byline", "kind", "language"),
    *("amendment", "first_release_at", "release_at"),
)


@dataclass(frozen=True)
class StatementListPage:
    """Rows with the query strings of the newer and older page; empty if there is none."""

    rows: list[Any]
    newer: str
    older: str


def load_page(
    parameters: Mapping[str, str],
    filters: Filters,
    *,
    at: dt.datetime,
    results: Sequence[tuple[SearchHit, str]] | None = None,
) -> StatementListPage:
    """Return at most 20 rows. Raise Http404 for a cursor that is not a public address.

    `results` are all statements that match the filters, if they are few enough to be known. Then
    several filters need not be checked row by row.
    """
    older, newer = parameters.get("older", ""), parameters.get("newer", "")
    cursor = cursor_position(older or newer, at)
    if filters.is_impossible:
        return StatementListPage([], "", "")
    upwards = bool(newer) and not older
    if results is None or len(filters.names) + bool(filters.kind) < 2:
        rows = _load_rows(filters, _build_parameters(filters, cursor, upwards=upwards, at=at))
    else:
        hits = [hit for hit, _ in (results[::-1] if upwards else results)]
        hits = [
            hit
            for hit in hits
            if not cursor or (hit.position != cursor and (hit.position > cursor) == upwards)
        ]
        rows = backend.load_editions(hits[: PAGE_SIZE + 1], *ROW_FIELDS, at=at)
    has_more, rows = len(rows) > PAGE_SIZE, rows[:PAGE_SIZE]
    if upwards:
        rows.reverse()
    has_newer, has_older = (has_more, True) if upwards else (cursor is not None, has_more)
    return StatementListPage(
        rows,
        newer=filters.to_query_string(newer=rows[0].slug) if rows and has_newer else "",
        older=filters.to_query_string(older=rows[-1].slug) if rows and has_older else "",
    )


def cursor_position(cursor: str, at: dt.datetime) -> ListPosition | None:
    """Return the position of a cursor: the slug of the last statement seen, which is public."""
    if not cursor:
        return None
    position = find_list_position(cursor, at=at) if SLUG_PATTERN.fullmatch(cursor) else None
    if position is None:
        raise Http404
    return position


def candidate_index(filters: Filters, *, at: dt.datetime) -> QuerySet[Any, Any] | None:
    """Return at least the rows that match, along the one index for them; None without an index.

    The rows of a theme include statements that were withdrawn: to check each would be most of the
    cost of its list. So a theme that is slightly below the limit may count as above it.
    """
    if not filters.is_given:
        return backend.public_rows(at=at)
    if not filters.names and (filters.kind or filters.year):
        return _build_query(**_build_parameters(filters, None, upwards=False, at=at)).values("pk")
    if len(filters.names) != 1 or filters.kind or filters.year:
        return None
    [(facet, name)] = filters.names.items()
    return candidate_rows(facet, name.pk, at=at)


@dataclass(frozen=True)
class Ordering:
    """The named filters, the one whose index is read first, and the direction."""

    filter_names: tuple[str, ...]
    upwards: bool


def _build_parameters(
    filters: Filters, cursor: ListPosition | None, *, upwards: bool, at: dt.datetime
) -> dict[str, Any]:
    low, high = _get_bounds(filters, cursor, upwards=upwards, at=at)
    date, pk = cursor or (None, None)
    name_ids = {facet: name.pk for facet, name in filters.names.items()}
    return {
        "ordering": Ordering(tuple(name_ids), upwards),
        **name_ids,
        **({"kind": filters.kind} if filters.kind else {}),
        "low": low,
        "high": high,
        "date": date,
        "pk": pk,
        "at": at,
    }


def _load_rows(filters: Filters, parameters: dict[str, Any]) -> list[Any]:
    if not filters.names:
        return _select_unfiltered(**parameters)
    if filters.names.keys() == {"theme"} and not filters.kind:
        rows = _select_first_of_theme(**parameters)
        if len(rows) > PAGE_SIZE or (rows and rows[0].next_candidate is None):
            return rows
    return _select_filtered(**parameters)


@compiled_query
def _select_unfiltered(**parameters: Any) -> QuerySet[Any, Any]:
    return _build_query(**parameters)[: PAGE_SIZE + 1]


@compiled_query
def _select_filtered(**parameters: Any) -> QuerySet[Any, Any]:
    return _build_query(**parameters)[: PAGE_SIZE + 1]


@compiled_query
def _select_first_of_theme(
    *, ordering: Ordering, theme: int, at: dt.datetime, **bounds: Any
) -> QuerySet[Any, Any]:
    """Select the public rows among the first of a theme, and whether there are candidates after."""
    upwards = ordering.upwards
    candidates = candidate_rows("theme", theme, at=at).filter(
        _range_filter("", "content_object", upwards=upwards, **bounds)
    )
    if upwards:
        candidates = candidates.reverse()
    rows = public_editions(at=at).filter(statement__in=candidates[:THEME_SCAN_ROWS])
    rows = rows.annotate(next_candidate=Subquery(candidates[THEME_SCAN_ROWS : THEME_SCAN_ROWS + 1]))
    return _with_row_columns(
        rows, "first_release_at", "statement_id", "next_candidate", upwards=upwards
    )[: PAGE_SIZE + 1]


def _build_query(
    *,
    ordering: Ordering,
    at: dt.datetime,
    low: dt.datetime | None,
    high: dt.datetime,
    date: dt.datetime | None,
    pk: int | None,
    kind: str = "",
    **name_ids: int,
) -> QuerySet[Any, Any]:
    """Select the rows after a position, along one index.

    All conditions on the table of that index are in one filter(). With a second one, Django would
    join the table again, and the database would read everything that the first one finds.
    """
    upwards = ordering.upwards
    rows, condition, prefix, key = _drive_from_index(
        {facet: name_ids[facet] for facet in ordering.filter_names}, at
    )
    if kind:
        condition &= Q(kind=kind)
    condition &= _range_filter(prefix, key, upwards=upwards, low=low, high=high, date=date, pk=pk)
    return _with_row_columns(
        rows.filter(condition), f"{prefix}first_release_at", f"{prefix}{key}", upwards=upwards
    )


def _with_row_columns(
    rows: QuerySet[Edition], date: str, key: str, *columns: str, upwards: bool
) -> QuerySet[Any, Any]:
    sign = "" if upwards else "-"
    ordered = rows.annotate(speaker_slug=sole_speaker_slug()).order_by(
        f"{sign}{date}", f"{sign}{key}"
    )
    return ordered.values_list(*ROW_FIELDS, "speaker_slug", *columns, named=True)


def _get_bounds(
    filters: Filters, cursor: ListPosition | None, *, upwards: bool, at: dt.datetime
) -> tuple[dt.datetime | None, dt.datetime]:
    # One bound on each side, both inclusive. With two, SQLite starts its index walk at the first
    # one that is written, and reads every row up to the other.
    span, date = filters.span(), cursor and cursor[0]
    low = [span[0] if span else None, date if upwards else None]
    high = [at, last_instant(span[1]) if span else None, None if upwards else date]
    return max(filter(None, low), default=None), min(filter(None, high))


def _range_filter(
    prefix: str,
    key: str,
    *,
    upwards: bool,
    low: dt.datetime | None,
    high: dt.datetime,
    date: dt.datetime | None,
    pk: int | None,
) -> Q:
    condition = listed_before(high, prefix)
    if low:
        condition &= listed_since(low, prefix)
    if date:
        condition &= listed_beyond(date, pk, upwards=upwards, prefix=prefix, key=key)
    return condition


def _drive_from_index(
    name_ids: Mapping[str, int], at: dt.datetime
) -> tuple[QuerySet[Edition], Q, str, str]:
    """Return public editions, the condition of the first named filter, and its table and key.

    The other named filters are already applied to the editions.
    """
    rows, first_condition, prefix, key = public_editions(at=at), Q(), "", "statement_id"
    for place, (facet, pk) in enumerate(name_ids.items()):
        if facet == "theme":
            condition = Q(statement__themed__tag=pk)
            table = ("statement__themed__", "content_object_id")
        else:
            condition = Q(**{f"voices__{facet}": pk}) & public_at(at, "voices__")
            table = ("voices__", "statement_id")
        if place == 0:
            first_condition, (prefix, key) = condition, table
        else:
            matching = public_editions(at=at).filter(condition, pk=OuterRef("pk"))
            rows = rows.filter(Exists(matching))
    return rows, first_condition, prefix, key
