"""The list: filters and cursors read from an address, and one page of rows, newest first.

The first filter given walks an index of its own (newest_of_speaker, newest_of_body,
newest_of_theme, newest_of_kind, newest_released); what else is asked is looked up for each row.
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
from statements.published.compiled_query import compiled, prepared
from statements.published.dates import last_instant
from statements.published.editions import (
    KINDS,
    Named,
    address_of,
    public_editions,
    sole_speaker,
)
from statements.published.names import named
from statements.published.profiles import listed_at_least
from statements.search import backend
from statements.search.backend import Hit, Question

PAGE = 20
FIRST = PAGE + 10
"""So many of a theme are looked at before all of it: some of them may have been withdrawn."""
SLUG = re.compile(r"[-a-zA-Z0-9_]{1,100}")
YEAR = re.compile(r"[12][0-9]{3}")
ROW = (
    *("id", "statement_id", "slug", "headline", "summary", "byline", "kind", "language"),
    *("amendment", "first_release_at", "release_at"),
)


@dataclass(frozen=True)
class Filters:
    """What a reader asked for, as far as it is public. `impossible` when some of it is not."""

    people: dict[str, Named] = field(default_factory=dict)  # theme, speaker, organisation
    kind: str = ""
    year: str = ""
    impossible: bool = False
    q: str = ""
    sort: str = ""

    @property
    def is_given(self) -> bool:
        return bool(self.people or self.kind or self.year or self.q or self.impossible)

    def span(self) -> tuple[dt.datetime, dt.datetime] | None:
        """From when to when, the end not included."""
        return year_span(int(self.year)) if self.year else None

    def labels(self) -> list[tuple[str, str, str]]:
        """(parameter, what it says to readers, the query string without it) of each filter."""
        said = [(what, one.name) for what, one in self.people.items()]
        said += [("kind", KINDS[self.kind])] if self.kind else []
        said += [("year", self.year)] if self.year else []
        return [(what, name, self.query(**{what: ""})) for what, name in said]

    def query(self, **changed: str) -> str:
        """These filters as a query string, with some changed, cursors included."""
        given = {what: one.slug for what, one in self.people.items()}
        given |= {"kind": self.kind, "year": self.year, "sort": self.sort} | changed
        given = {"q": self.q} | given
        return urlencode({name: value for name, value in given.items() if value})


@dataclass(frozen=True)
class Page:
    """Rows with the query strings of the pages beside it; empty where there is none."""

    rows: list
    newer: str
    older: str


def filters(asked: Mapping[str, str], *, at: dt.datetime) -> Filters:
    """Read the filters of an address. An unknown value is a question that nothing answers."""
    slugs = {w: asked[w] for w in ("theme", "speaker", "organisation") if asked.get(w)}
    known = {what: slug for what, slug in slugs.items() if SLUG.fullmatch(slug)}
    people = named(at=at, **known)
    kind, year = asked.get("kind", ""), asked.get("year", "")
    impossible = (
        len(people) < len(slugs)
        or bool(kind and kind not in KINDS)
        or bool(year and not YEAR.fullmatch(year))
    )
    q = asked.get("q", "").strip()
    sort = "relevance" if q and asked.get("sort") == "relevance" else ""
    if impossible:
        return Filters(impossible=True, q=q, sort=sort)
    return Filters({what: people[what] for what in slugs}, kind, year, q=q, sort=sort)


def moved(asked: QueryDict, wanted: Filters) -> str:
    """The address as it is called now, as a query string; empty where nothing was renamed."""
    now = asked.copy()
    for what, one in wanted.people.items():
        now[what] = one.slug
    return now.urlencode() if now != asked else ""


def page(
    asked: Mapping[str, str],
    wanted: Filters,
    *,
    at: dt.datetime,
    answers: Sequence[tuple[Hit, str]] | None = None,
) -> Page:
    """At most 20 rows. Raises Http404 for a cursor that is no public address.

    `answers` are all that the filters leave, where they are few enough to be known: then several
    filters need not be looked up row by row.
    """
    older, newer = asked.get("older", ""), asked.get("newer", "")
    place = place_of(older or newer, at)
    if wanted.impossible:
        return Page([], "", "")
    upwards = bool(newer) and not older
    if answers is None or len(wanted.people) + bool(wanted.kind) < 2:
        rows = _rows(wanted, _asked(wanted, place, upwards=upwards, at=at))
    else:
        hits = [hit for hit, _ in (answers[::-1] if upwards else answers)]
        beyond = [hit for hit in hits if not place or (hit.place > place) == upwards]
        beyond = [hit for hit in beyond if hit.place != place]
        rows = backend.editions(beyond[: PAGE + 1], *ROW, at=at)
    more, rows = len(rows) > PAGE, rows[:PAGE]
    if upwards:
        rows.reverse()
    above, below = (more, True) if upwards else (place is not None, more)
    return Page(
        rows,
        newer=wanted.query(newer=rows[0].slug) if rows and above else "",
        older=wanted.query(older=rows[-1].slug) if rows and below else "",
    )


def place_of(cursor: str, at: dt.datetime) -> tuple[dt.datetime, int] | None:
    """A cursor is the address of the last statement seen: it says nothing that is not public."""
    if not cursor:
        return None
    place = address_of(cursor, at=at) if SLUG.fullmatch(cursor) else None
    if place is None:
        raise Http404
    return place


def question_of_filters(wanted: Filters) -> Question:
    """The filters as tokens, with those of what was merged into a theme or a speaker."""
    clauses = [
        frozenset((f"{what}:{pk}",) for pk in (one.pk, *one.merged))
        for what, one in wanted.people.items()
    ]
    if wanted.kind:
        clauses.append(frozenset({(f"kind:{wanted.kind}",)}))
    if span := wanted.span():
        first, end = span
        last = end - dt.timedelta(microseconds=1)
        return Question(tuple(clauses), since=first, until=last)
    return Question(tuple(clauses))


def walk(wanted: Filters, *, at: dt.datetime) -> QuerySet | None:
    """At least what the filters leave, along the one index made for them; None where none is.

    Of a theme what was withdrawn is among it, so that it may pass for very many while it is a few
    short of that: to look at each would be most of what its list costs.
    """
    if not wanted.is_given:
        return backend.public_rows(at=at)
    if not wanted.people and (wanted.kind or wanted.year):
        return _query(**_asked(wanted, None, upwards=False, at=at)).values("pk")
    if len(wanted.people) != 1 or wanted.kind or wanted.year:
        return None
    [(what, one)] = wanted.people.items()
    return listed_at_least(what, one.pk, at=at)


@dataclass(frozen=True)
class Way:
    """By whom the rows are filtered, the first of them with an index to walk, and whereto."""

    people: tuple[str, ...]
    upwards: bool


def _asked(
    wanted: Filters, place: tuple[dt.datetime, int] | None, *, upwards: bool, at: dt.datetime
) -> dict[str, Any]:
    low, high = _bounds(wanted, place, upwards=upwards, at=at)
    date, pk = place or (None, None)
    people = {what: one.pk for what, one in wanted.people.items()}
    return {
        "way": Way(tuple(people), upwards),
        **people,
        **({"kind": wanted.kind} if wanted.kind else {}),
        "low": low,
        "high": high,
        "date": date,
        "pk": pk,
        "at": at,
    }


def _rows(wanted: Filters, asked: dict[str, Any]) -> list[Any]:
    """A page of them, and one more where there is one."""
    if not wanted.people:
        return _walk(**asked)
    if wanted.people.keys() == {"theme"} and not wanted.kind:
        rows = _first_of_theme(**asked)
        if len(rows) > PAGE or (rows and rows[0].beyond is None):
            return rows
    return _of_somebody(**asked)


@prepared
def _walk(**asked: Any) -> QuerySet:
    return _query(**asked)[: PAGE + 1]


@compiled
def _of_somebody(**asked: Any) -> QuerySet:
    return _query(**asked)[: PAGE + 1]


@prepared
def _first_of_theme(*, way: Way, theme: int, at: dt.datetime, **place: Any) -> QuerySet:
    """What is public of the first FIRST, and what else is filed `beyond` them, if anything."""
    first = listed_at_least("theme", theme, at=at).filter(
        _between("", "content_object", upwards=way.upwards, **place)
    )
    if way.upwards:
        first = first.reverse()
    rows = public_editions(at=at).filter(statement__in=first[:FIRST])
    rows = rows.annotate(beyond=Subquery(first[FIRST : FIRST + 1]))
    return _shown(rows, "first_release_at", "statement_id", way, "beyond")[: PAGE + 1]


def _query(
    *,
    way: Way,
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
    rows, asked, prefix, key = _driven({what: people[what] for what in way.people}, at)
    if kind:
        asked &= Q(kind=kind)
    asked &= _between(prefix, key, upwards=way.upwards, low=low, high=high, date=date, pk=pk)
    return _shown(rows.filter(asked), f"{prefix}first_release_at", f"{prefix}{key}", way)


def _shown(rows: QuerySet, when: str, which: str, way: Way, *more: str) -> QuerySet:
    """What a list says of them, in its order."""
    sign = "" if way.upwards else "-"
    rows = rows.annotate(speaker_slug=sole_speaker()).order_by(f"{sign}{when}", f"{sign}{which}")
    return rows.values_list(*ROW, "speaker_slug", *more, named=True)


def _bounds(
    wanted: Filters, place: tuple[dt.datetime, int] | None, *, upwards: bool, at: dt.datetime
) -> tuple[dt.datetime | None, dt.datetime]:
    """From when to when, both included: one bound a side, for of two SQLite's index walks to the
    one that stands first, and reads row after row up to the other."""
    span, date = wanted.span(), place and place[0]
    low = [span[0] if span else None, date if upwards else None]
    high = [at, last_instant(span[1]) if span else None, None if upwards else date]
    return max(filter(None, low), default=None), min(filter(None, high))


def _between(
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


def _driven(people: Mapping[str, int], at: dt.datetime):
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
