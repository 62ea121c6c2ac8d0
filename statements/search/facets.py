"""What stands beside a list: the filters that would leave something, with how many.

Numbers only while the answers are few enough to be counted; beyond that, the themes in use last.
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
from statements.search.statement_list import Filters, build_filter_query, candidate_index
from statements.search.vocabulary import find_facet_values

MAX_COUNTED_RESULTS = 1000
"""Answers are counted, ranked and sorted up to so many; what there is beyond is “more”."""
MAX_FACET_OPTIONS = {"theme": 16, "speaker": 8, "organisation": 8}

CountableResults = Sequence[tuple[SearchHit, str]]
"""Each with the tokens of its names and of where it is filed."""
_all_results_cache: VersionedLRU[tuple[CountableResults | None]] = VersionedLRU(max_size=lambda: 1)
"""All there are on the record, or that they are too many; in a tuple, as None is nothing kept."""
_all_facets_cache: VersionedLRU["Facets"] = VersionedLRU(max_size=lambda: 1)
FACET_TOKEN_PATTERN = re.compile(r"\S+:\S+")
"""A token of where a statement is filed; each stands once in its row."""


@dataclass(frozen=True)
class FacetOption:
    """A filter that can be put in the place of the one that is there; `number` when counted."""

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


def countable_results(wanted: Filters, *, at: dt.datetime) -> CountableResults | None:
    """All that the filters leave; None where it is too much to count.

    One query; for the whole record, one between two changes of it.
    """
    if wanted.is_impossible:
        return []
    if not wanted.is_given:
        return _all_results_cache.get_or_make("", lambda: (_query_results(wanted, at),), at=at)[0]
    return _query_results(wanted, at)


def _query_results(wanted: Filters, at: dt.datetime) -> CountableResults | None:
    question = build_filter_query(wanted)
    return backend.find_all(
        question, limit=MAX_COUNTED_RESULTS, at=at, candidates=candidate_index(wanted, at=at)
    )


def build_facets(wanted: Filters, known: CountableResults | None, *, at: dt.datetime) -> Facets:
    """What stands beside all there is, is made once between two changes of it."""
    if known is None:
        return without_counts(wanted, at=at)
    if wanted.is_given:
        return with_counts(wanted, known)
    return _all_facets_cache.get_or_make("", lambda: with_counts(wanted, known), at=at)


def with_counts(wanted: Filters, known: CountableResults) -> Facets:
    """With numbers, from all the answers there are. One query, for what the tokens are called."""
    tokens = Counter(token for _, names in known for token in _parse_facet_tokens(names))
    zone = timezone.get_current_timezone()
    years = Counter(str(hit.first_release_at.astimezone(zone).year) for hit, _ in known)
    named = _count_names(tokens)
    return Facets(
        kinds=[_build_kind_option(wanted, kind, tokens[f"kind:{kind}"]) for kind in KIND_LABELS],
        years=[
            FacetOption(
                year, year, wanted.to_query_string(year=year), year == wanted.year, years[year]
            )
            for year in sorted(years, reverse=True)
        ],
        themes=_build_options(wanted, "theme", named),
        speakers=_build_options(wanted, "speaker", named),
        organisations=_build_options(wanted, "organisation", named),
    )


@functools.lru_cache(maxsize=4 * MAX_COUNTED_RESULTS)
def _parse_facet_tokens(names: str) -> tuple[str, ...]:
    """The tokens of where a row is filed. Rows are counted again and again, and seldom change."""
    return tuple(FACET_TOKEN_PATTERN.findall(names))


def without_counts(wanted: Filters, *, at: dt.datetime) -> Facets:
    """Without numbers: too many answers to count. One query, for the themes in use last."""
    recent = load_recent_themes(at=at)
    return Facets(
        kinds=[_build_kind_option(wanted, kind, None) for kind in KIND_LABELS],
        themes=[_build_option(wanted, "theme", theme.slug, theme.name, None) for theme in recent],
    )


def _count_names(tokens: Counter[str]) -> dict[str, Counter[tuple[str, str]]]:
    """theme, speaker, organisation → (slug, name) as of now → how many."""
    found: dict[str, Counter[tuple[str, str]]] = {what: Counter() for what in MAX_FACET_OPTIONS}
    for token, filed in find_facet_values(tokens).items():
        found[filed.facet][filed.slug, filed.name] += tokens[token]
    return found


def _build_options(wanted: Filters, what: str, named: dict[str, Counter]) -> list[FacetOption]:
    """Those that stand most often, by name."""
    often = sorted(named[what].items(), key=lambda one: (-one[1], one[0]))[
        : MAX_FACET_OPTIONS[what]
    ]
    often.sort(key=lambda one: one[0][1].casefold())
    return [_build_option(wanted, what, slug, name, number) for (slug, name), number in often]


def _build_option(
    wanted: Filters, what: str, slug: str, name: str, number: int | None
) -> FacetOption:
    given = wanted.names.get(what)
    chosen = given is not None and given.slug == slug
    return FacetOption(slug, name, wanted.to_query_string(**{what: slug}), chosen, number)


def _build_kind_option(wanted: Filters, kind: str, number: int | None) -> FacetOption:
    return FacetOption(
        kind, KIND_LABELS[kind], wanted.to_query_string(kind=kind), kind == wanted.kind, number
    )
