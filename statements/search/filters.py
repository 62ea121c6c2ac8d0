"""Parse the filters of the statement list from an address, and turn them into a search query."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils import timezone

from statements.published.dates import last_instant
from statements.published.editions import KIND_LABELS, PublicName
from statements.published.names import resolve_names
from statements.search.backend import SearchQuery

SLUG_PATTERN = re.compile(r"[-a-zA-Z0-9_]{1,100}")
YEAR_PATTERN = re.compile(r"[12][0-9]{3}")
NAME_FILTERS = ("theme", "speaker", "organisation")


@dataclass(frozen=True)
class Filters:
    """The filters and the search of a reader; `is_impossible` if nothing public can match."""

    names: dict[str, PublicName] = field(default_factory=dict)
    """The chosen theme, speaker and organisation, by the name of the filter."""
    kind: str = ""
    year: str = ""
    is_impossible: bool = False
    q: str = ""
    sort: str = ""

    @property
    def is_given(self) -> bool:
        return bool(self.names or self.kind or self.year or self.q or self.is_impossible)

    def span(self) -> tuple[dt.datetime, dt.datetime] | None:
        """Return the start and the end of the year; the end is not included."""
        return year_span(int(self.year)) if self.year else None

    def labels(self) -> list[tuple[str, str, str]]:
        """Return (parameter, label, query string without it) of each filter."""
        labels = [(parameter, name.name) for parameter, name in self.names.items()]
        labels += [("kind", KIND_LABELS[self.kind])] if self.kind else []
        labels += [("year", self.year)] if self.year else []
        return [
            (parameter, label, self.to_query_string(**{parameter: ""}))
            for parameter, label in labels
        ]

    def to_query_string(self, **changed: str) -> str:
        """Return these filters as a query string, with changes; cursors can be added."""
        given = {parameter: name.slug for parameter, name in self.names.items()}
        given |= {"kind": self.kind, "year": self.year, "sort": self.sort} | changed
        given = {"q": self.q} | given
        return urlencode({name: value for name, value in given.items() if value})


def parse_filters(parameters: Mapping[str, str], *, at: dt.datetime) -> Filters:
    """Parse the filters of an address. With an unknown value, nothing can match."""
    slugs = {name: parameters[name] for name in NAME_FILTERS if parameters.get(name)}
    well_formed = {name: slug for name, slug in slugs.items() if SLUG_PATTERN.fullmatch(slug)}
    names = resolve_names(at=at, **well_formed)
    kind, year = parameters.get("kind", ""), parameters.get("year", "")
    is_impossible = (
        len(names) < len(slugs)
        or bool(kind and kind not in KIND_LABELS)
        or bool(year and not YEAR_PATTERN.fullmatch(year))
    )
    q = parameters.get("q", "").strip()
    sort = "relevance" if q and parameters.get("sort") == "relevance" else ""
    if is_impossible:
        return Filters(is_impossible=True, q=q, sort=sort)
    return Filters({name: names[name] for name in slugs}, kind, year, q=q, sort=sort)


def find_renamed_query(parameters: QueryDict, filters: Filters) -> str:
    """Return the query string with today's slugs; empty if none of them was renamed."""
    current = parameters.copy()
    for parameter, name in filters.names.items():
        current[parameter] = name.slug
    return current.urlencode() if current != parameters else ""


def build_filter_query(filters: Filters) -> SearchQuery:
    """Turn the filters into tokens, those of merged themes and speakers included."""
    clauses = [
        frozenset((f"{facet}:{pk}",) for pk in (name.pk, *name.merged_ids))
        for facet, name in filters.names.items()
    ]
    if filters.kind:
        clauses.append(frozenset({(f"kind:{filters.kind}",)}))
    if span := filters.span():
        start, end = span
        return SearchQuery(tuple(clauses), since=start, until=last_instant(end))
    return SearchQuery(tuple(clauses))


def year_span(year: int) -> tuple[dt.datetime, dt.datetime]:
    """Return the start and the end of a year in the site's own time zone."""
    zone = timezone.get_default_timezone()
    return dt.datetime(year, 1, 1, tzinfo=zone), dt.datetime(year + 1, 1, 1, tzinfo=zone)
