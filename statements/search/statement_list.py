"""The list: filters and cursors read from an address, and one page of rows, newest first.

The first filter given walks an index of its own (editionvoice_speaker_first_idx, editionvoice_org_first_idx,
themedstatement_tag_first_idx, edition_kind_first_release_idx, edition_first_release_idx); what else is asked is looked up for each row.
A theme alone is soonest read out of the first of its index, which one plan does for all themes.
"""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.query import QuerySet
from django.http import Http404, QueryDict
from django.utils import timezone

from statements.publicness import listed_before, listed_beyond, listed_since, public_at
from statements.published.compiled_query import compiled_query, replanned_query
from statements.published.dates import last_instant
from statements.published.editions import (
    KIND_LABELS,
    PublicName,
    find_list_position,
    public_editions,
    sole_speaker_slug,
)
from statements.published.names import resolve_names
from statements.published.profiles import candidate_rows
from statements.search import backend
from statements.search.backend import SearchHit, SearchQuery

PAGE_SIZE = 20
THEME_SCAN_ROWS = PAGE_SIZE + 10
"""So many of a theme are looked at before all of it: some of them may have been withdrawn."""
SLUG_PATTERN = re.compile(r"[-a-zA-Z0-9_]{1,100}")
YEAR_PATTERN = re.compile(r"[12][0-9]{3}")
ROW_FIELDS = (
    *("id", "statement_id", "slug", "headline", "summary", "byline", "kind", "language"),
    *("amendment", "first_release_at", "release_at"),
)


@dataclass(frozen=True)
class Filters:
    """What a reader asked for, as far as it is public. `impossible` when some of it is not."""

    names: dict[str, PublicName] = field(default_factory=dict)  # theme, speaker, organisation
    kind: str = ""
    year: str = ""
    is_impossible: bool = False
    q: str = ""
    sort: str = ""

    @property
    def is_given(self) -> bool:
        return bool(self.names or self.kind or self.year or self.q or self.is_impossible)

    def span(self) -> tuple[dt.datetime, dt.datetime] | None:
        """From when to when, the end not included."""
        return year_span(int(self.year)) if self.year else None

    def labels(self) -> list[tuple[str, str, str]]:
        """(parameter, what it says to readers, the query string without it) of each filter."""
        said = [(what, one.name) for what, one in self.names.items()]
        said += [("kind", KIND_LABELS[self.kind])] if self.kind else []
        said += [("year", self.year)] if self.year else []
        return [(what, name, self.to_query_string(**{what: ""})) for what, name in said]

    def to_query_string(self, **changed: str) -> str:
        """These filters as a query string, with some changed, cursors included."""
        given = {what: one.slug for what, one in self.names.items()}
        given |= {"kind": self.kind, "year": self.year, "sort": self.sort} | changed
        given = {"q": self.q} | given
        return urlencode({name: value for name, value in given.items() if value})


@dataclass(frozen=True)
class StatementListPage:
    """Rows with the query strings of the pages beside it; empty where there is none."""

    rows: list
    newer: str
    older: str


def parse_filters(asked: Mapping[str, str], *, at: dt.datetime) -> Filters:
    """Read the filters of an address. An unknown value is a question that nothing answers."""
    slugs = {w: asked[w] for w in ("theme", "speaker", "organisation") if asked.get(w)}
    known = {what: slug for what, slug in slugs.items() if SLUG_PATTERN.fullmatch(slug)}
    people = resolve_names(at=at, **known)
    kind, year = asked.get("kind", ""), asked.get("year", "")
    impossible = (
        len(people) < len(slugs)
        or bool(kind and kind not in KIND_LABELS)
        or bool(year and not YEAR_PATTERN.fullmatch(year))
    )
    q = asked.get("q", "").strip()
    sort = "relevance" if q and asked.get("sort") == "relevance" else ""
    if impossible:
        return Filters(is_impossible=True, q=q, sort=sort)
    return Filters({what: people[what] for what in slugs}, kind, year, q=q, sort=sort)


def find_renamed_query(asked: QueryDict, wanted: Filters) -> str:
    """The address as it is called now, as a query string; empty where nothing was renamed."""
    now = asked.copy()
    for what, one in wanted.names.items():
        now[what] = one.slug
    return now.urlencode() if now != asked else ""


def load_page(
    asked: Mapping[str, str],
    wanted: Filters,
    *,
    at: dt.datetime,
    results: Sequence[tuple[SearchHit, str]] | None = None,
) -> StatementListPage:
    """At most 20 rows. Raises Http404 for a cursor that is no public address.

    `answers` are all that the filters leave, where they are few enough to be known: then several
    filters need not be looked up row by row.
    """
    older, newer = asked.get("older", ""), asked.get("newer", "")
    place = cursor_position(older or newer, at)
    if wanted.is_impossible:
        return StatementListPage([], "", "")
    upwards = bool(newer) and not older
    if results is None or len(wanted.names) + bool(wanted.kind) < 2:
        rows = _load_rows(wanted, _build_parameters(wanted, place, upwards=upwards, at=at))
    else:
        hits = [hit for hit, _ in (results[::-1] if upwards else results)]
        beyond = [hit for hit in hits if not place or (hit.position > place) == upwards]
        beyond = [hit for hit in beyond if hit.position != place]
        rows = backend.load_editions(beyond[: PAGE_SIZE + 1], *ROW_FIELDS, at=at)
    more, rows = len(rows) > PAGE_SIZE, rows[:PAGE_SIZE]
    if upwards:
        rows.reverse()
    above, below = (more, True) if upwards else (place is not None, more)
    return StatementListPage(
        rows,
        newer=wanted.to_query_string(newer=rows[0].slug) if rows and above else "",
        older=wanted.to_query_string(older=rows[-1].slug) if rows and below else "",
    )


def cursor_position(cursor: str, at: dt.datetime) -> tuple[dt.datetime, int] | None:
    """A cursor is the address of the last statement seen: it says nothing that is not public."""
    if not cursor:
        return None
    place = find_list_position(cursor, at=at) if SLUG_PATTERN.fullmatch(cursor) else None
    if place is None:
        raise Http404
    return place


def build_filter_query(wanted: Filters) -> SearchQuery:
    """The filters as tokens, with those of what was merged into a theme or a speaker."""
    clauses = [
        frozenset((f"{what}:{pk}",) for pk in (one.pk, *one.merged_ids))
        for what, one in wanted.names.items()
    ]
    if wanted.kind:
        clauses.append(frozenset({(f"kind:{wanted.kind}",)}))
    if span := wanted.span():
        first, end = span
        last = end - dt.timedelta(microseconds=1)
        return SearchQuery(tuple(clauses), since=first, until=last)
    return SearchQuery(tuple(clauses))


def candidate_index(wanted: Filters, *, at: dt.datetime) -> QuerySet | None:
    """At least what the filters leave, along the one index made for them; None where none is.

    Of a theme what was withdrawn is among it, so that it may pass for very many while it is a few
    short of that: to look at each would be most of what its list costs.
    """
    if not wanted.is_given:
        return backend.public_rows(at=at)
    if not wanted.names and (wanted.kind or wanted.year):
        return _build_query(**_build_parameters(wanted, None, upwards=False, at=at)).values("pk")
    if len(wanted.names) != 1 or wanted.kind or wanted.year:
        return None
    [(what, one)] = wanted.names.items()
    return candidate_rows(what, one.pk, at=at)


@dataclass(frozen=True)
class Ordering:
    """By whom the rows are filtered, the first of them with an index to walk, and whereto."""

    filter_names: tuple[str, ...]
    upwards: bool


def _build_parameters(
    wanted: Filters, place: tuple[dt.datetime, int] | None, *, upwards: bool, at: dt.datetime
) -> dict[str, Any]:
    low, high = _get_bounds(wanted, place, upwards=upwards, at=at)
    date, pk = place or (None, None)
    people = {what: one.pk for what, one in wanted.names.items()}
    return {
        "way": Ordering(tuple(people), upwards),
        **people,
        **({"kind": wanted.kind} if wanted.kind else {}),
        "low": low,
        "high": high,
        "date": date,
        "pk": pk,
        "at": at,
    }


def _load_rows(wanted: Filters, asked: dict[str, Any]) -> list[Any]:
    """A page of them, and one more where there is one."""
    if not wanted.names:
        return _select_unfiltered(**asked)
    if wanted.names.keys() == {"theme"} and not wanted.kind:
        rows = _select_first_of_theme(**asked)
        if len(rows) > PAGE_SIZE or (rows and rows[0].beyond is None):
            return rows
    return _select_filtered(**asked)


@compiled_query
def _select_unfiltered(**asked: Any) -> QuerySet:
    return _build_query(**asked)[: PAGE_SIZE + 1]


@replanned_query
def _select_filtered(**asked: Any) -> QuerySet:
    return _build_query(**asked)[: PAGE_SIZE + 1]


@compiled_query
def _select_first_of_theme(*, way: Ordering, theme: int, at: dt.datetime, **place: Any) -> QuerySet:
    """What is public of the first FIRST, and what else is filed `beyond` them, if anything."""
    first = candidate_rows("theme", theme, at=at).filter(
        _range_filter("", "content_object", upwards=way.upwards, **place)
    )
    if way.upwards:
        first = first.reverse()
    rows = public_editions(at=at).filter(statement__in=first[:THEME_SCAN_ROWS])
    rows = rows.annotate(beyond=Subquery(first[THEME_SCAN_ROWS : THEME_SCAN_ROWS + 1]))
    return _with_row_columns(rows, "first_release_at", "statement_id", way, "beyond")[
        : PAGE_SIZE + 1
    ]


def _build_query(
    *,
    way: Ordering,
    at: dt.datetime,
    low: dt.datetime | None,
    high: dt.datetime,
    date: dt.datetime | None,
    pk: int | None,
    kind: str = "",
    **people: int,
) -> QuerySet:
    """The rows from a place on, along one index.

    All that is asked of the driving index stands in one filter(): in another, Django would join
    its table a second time, and the database would walk everything the first one finds.
    """
    rows, asked, prefix, key = _drive_from_index(
        {what: people[what] for what in way.filter_names}, at
    )
    if kind:
        asked &= Q(kind=kind)
    asked &= _range_filter(prefix, key, upwards=way.upwards, low=low, high=high, date=date, pk=pk)
    return _with_row_columns(rows.filter(asked), f"{prefix}first_release_at", f"{prefix}{key}", way)


def _with_row_columns(rows: QuerySet, when: str, which: str, way: Ordering, *more: str) -> QuerySet:
    """What a list says of them, in its order."""
    sign = "" if way.upwards else "-"
    rows = rows.annotate(speaker_slug=sole_speaker_slug()).order_by(
        f"{sign}{when}", f"{sign}{which}"
    )
    return rows.values_list(*ROW_FIELDS, "speaker_slug", *more, named=True)


def _get_bounds(
    wanted: Filters, place: tuple[dt.datetime, int] | None, *, upwards: bool, at: dt.datetime
) -> tuple[dt.datetime | None, dt.datetime]:
    """From when to when, both included: one bound a side, for of two SQLite's index walks to the
    one that stands first, and reads row after row up to the other."""
    span, date = wanted.span(), place and place[0]
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
    """Between two instants, and beyond a place in the order: among rows of its instant, and those
    on its side."""
    asked = listed_before(high, prefix)
    if low:
        asked &= listed_since(low, prefix)
    if date:
        asked &= listed_beyond(date, pk, upwards=upwards, prefix=prefix, key=key)
    return asked


def _drive_from_index(people: Mapping[str, int], at: dt.datetime):
    """Public editions, what the first filter of people or themes asks, and the way to the row and
    the column whose index is walked."""
    rows, asked, prefix, key = public_editions(at=at), Q(), "", "statement_id"
    for place, (what, number) in enumerate(people.items()):
        if what == "theme":
            condition = Q(statement__themed__tag=number)
            walked = ("statement__themed__", "content_object_id")
        else:
            condition = Q(**{f"voices__{what}": number}) & public_at(at, "voices__")
            walked = ("voices__", "statement_id")
        if place == 0:
            asked, (prefix, key) = condition, walked
        else:
            same = public_editions(at=at).filter(condition, pk=OuterRef("pk"))
            rows = rows.filter(Exists(same))
    return rows, asked, prefix, key


def year_span(year: int) -> tuple[dt.datetime, dt.datetime]:
    """A year as the site's own clock counts it."""
    zone = timezone.get_default_timezone()
    return dt.datetime(year, 1, 1, tzinfo=zone), dt.datetime(year + 1, 1, 1, tzinfo=zone)
