"""Build the facets of the statement list: the filters that would match something.

They have counts if few enough statements match. Otherwise they show the themes used most recently.
"""

import datetime as dt
import functools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils import timezone

from statements.caching.versioned_lru import VersionedLRU
from statements.published.editions import KIND_LABELS
from statements.published.names import load_recent_themes
from statements.search import backend
from statements.search.backend import SearchHit
from statements.search.filters import Filters, build_filter_query
from statements.search.statement_list import candidate_index
from statements.search.vocabulary import find_facet_values

MAX_COUNTED_RESULTS = 1000
"""Results are counted, ranked and sorted up to this number; above it, readers see “More than”."""
MAX_FACET_OPTIONS = {"theme": 16, "speaker": 8, "organisation": 8}

CountableResults = Sequence[tuple[SearchHit, str]]
"""Hits with the tokens of their names and facets."""
_all_results_cache: VersionedLRU[tuple[CountableResults | None]] = VersionedLRU(max_size=lambda: 1)
"""The results without a filter. In a tuple, because the cache reads None as "nothing stored"."""
_all_facets_cache: VersionedLRU["Facets"] = VersionedLRU(max_size=lambda: 1)
FACET_TOKEN_PATTERN = re.compile(r"\S+:\S+")


@dataclass(frozen=True)
class FacetOption:
    """One value of a filter, and how many statements it would leave, if they were counted."""

    value: str
    name: str
    query_string: str
    is_selected: bool
    count: int | None = None


@dataclass(frozen=True)
class Facets:
    kinds: list[FacetOption]
    years: list[FacetOption] = field(default_factory=list)
    themes: list[FacetOption] = field(default_factory=list)
    speakers: list[FacetOption] = field(default_factory=list)
    organisations: list[FacetOption] = field(default_factory=list)


def countable_results(filters: Filters, *, at: dt.datetime) -> CountableResults | None:
    """Return everything that matches the filters; None if it is too much to count.

    One query; without filters, one query for each cache version.
    """
    if filters.is_impossible:
        return []
    if not filters.is_given:
        return _all_results_cache.get_or_make("", lambda: (_query_results(filters, at),), at=at)[0]
    return _query_results(filters, at)


def _query_results(filters: Filters, at: dt.datetime) -> CountableResults | None:
    return backend.find_all(
        build_filter_query(filters),
        limit=MAX_COUNTED_RESULTS,
        at=at,
        candidates=candidate_index(filters, at=at),
    )


def build_facets(filters: Filters, results: CountableResults | None, *, at: dt.datetime) -> Facets:
    """Return the facets of these results. Without filters, they are cached."""
    if results is None:
        return without_counts(filters, at=at)
    if filters.is_given:
        return with_counts(filters, results)
    return _all_facets_cache.get_or_make("", lambda: with_counts(filters, results), at=at)


def with_counts(filters: Filters, results: CountableResults) -> Facets:
    """Return facets with counts, from all results. One query, for the names of the tokens."""
    token_counts = Counter(token for _, names in results for token in _parse_facet_tokens(names))
    zone = timezone.get_current_timezone()
    years = Counter(str(hit.first_release_at.astimezone(zone).year) for hit, _ in results)
    name_counts = _count_names(token_counts)
    return Facets(
        kinds=[
            _build_kind_option(filters, kind, token_counts[f"kind:{kind}"]) for kind in KIND_LABELS
        ],
        years=[
            FacetOption(
                year, year, filters.to_query_string(year=year), year == filters.year, years[year]
            )
            for year in sorted(years, reverse=True)
        ],
        themes=_build_options(filters, "theme", name_counts),
        speakers=_build_options(filters, "speaker", name_counts),
        organisations=_build_options(filters, "organisation", name_counts),
    )


@functools.lru_cache(maxsize=4 * MAX_COUNTED_RESULTS)
def _parse_facet_tokens(names: str) -> tuple[str, ...]:
    # Cached, because the same rows are counted for many pages and seldom change.
    return tuple(FACET_TOKEN_PATTERN.findall(names))


def without_counts(filters: Filters, *, at: dt.datetime) -> Facets:
    """Return facets without counts. One query, for the themes used most recently."""
    themes = load_recent_themes(at=at)
    return Facets(
        kinds=[_build_kind_option(filters, kind, None) for kind in KIND_LABELS],
        themes=[_build_option(filters, "theme", theme.slug, theme.name, None) for theme in themes],
    )


NameCounts = dict[str, Counter[tuple[str, str]]]
"""Counts by facet, then by today's (slug, name)."""


def _count_names(token_counts: Counter[str]) -> NameCounts:
    counts: NameCounts = {facet: Counter() for facet in MAX_FACET_OPTIONS}
    for token, value in find_facet_values(token_counts).items():
        counts[value.facet][value.slug, value.name] += token_counts[token]
    return counts


def _build_options(filters: Filters, facet: str, name_counts: NameCounts) -> list[FacetOption]:
    ranked = sorted(name_counts[facet].items(), key=lambda item: (-item[1], item[0]))
    shown = ranked[: MAX_FACET_OPTIONS[facet]]
    shown.sort(key=lambda item: item[0][1].casefold())
    return [_build_option(filters, facet, slug, name, count) for (slug, name), count in shown]


def _build_option(
    filters: Filters, facet: str, slug: str, name: str, count: int | None
) -> FacetOption:
    current = filters.names.get(facet)
    is_selected = current is not None and current.slug == slug
    return FacetOption(slug, name, filters.to_query_string(**{facet: slug}), is_selected, count)


def _build_kind_option(filters: Filters, kind: str, count: int | None) -> FacetOption:
    query_string = filters.to_query_string(kind=kind)
    return FacetOption(kind, KIND_LABELS[kind], query_string, kind == filters.kind, count)
