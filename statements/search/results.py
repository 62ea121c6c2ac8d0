"""Answer a search with filters, page by page.

Results are sorted by date, or by relevance among the newest thousand. Relevance depends on where in
a statement the words are. It does not depend on how rare they are, because that would reveal
something about text that is not public.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.http import Http404

from statements.models import Edition
from statements.search import backend
from statements.search.backend import (
    Clause,
    ListPosition,
    RowTokens,
    SearchHit,
    SearchQuery,
    SearchResult,
)
from statements.search.excerpts import build_excerpt
from statements.search.facets import MAX_COUNTED_RESULTS, Facets, with_counts, without_counts
from statements.search.filters import Filters, build_filter_query
from statements.search.query import ParsedQuery, build_clauses, contains_phrase, parse_query
from statements.search.spelling import suggest
from statements.search.statement_list import PAGE_SIZE, ROW_FIELDS, cursor_position
from statements.search.vocabulary import Vocabulary, load_vocabulary

HEADLINE_WEIGHT, NAMES_WEIGHT, SUMMARY_WEIGHT, BODY_WEIGHT = 8, 5, 3, 1


@dataclass(frozen=True)
class ResultsPage:
    """One page of results. `count` is at most MAX_COUNTED_RESULTS; then `has_more` is set."""

    query: ParsedQuery
    rows: list[Edition]
    count: int = 0
    has_more: bool = False
    newer: str = ""
    older: str = ""
    searched_back_to: dt.datetime | None = None  # set if older statements were not searched
    continue_query: str = ""  # the query string that searches the older ones
    other_order_query: str = ""  # the query string of the same search in the other order
    suggestion: str = ""  # another search that has results, if this one has none
    suggestion_query: str = ""
    unfiltered_query: str = ""  # the query string of the same search without filters
    facets: Facets | None = None

    @property
    def count_label(self) -> str:
        if self.has_more:
            return f"More than {self.count:,} statements"
        return "1 statement" if self.count == 1 else f"{self.count:,} statements"


@dataclass(frozen=True)
class _HitsOnPage:
    """The hits of one page, with the query strings of the newer and older page."""

    hits: list[SearchHit]
    newer: str = ""
    older: str = ""


def search(parameters: Mapping[str, str], filters: Filters, *, at: dt.datetime) -> ResultsPage:
    """Return at most 20 results with excerpts. Raise Http404 for an unknown cursor.

    Two queries load the vocabulary, one to four the hits, three their rows, slugs and names, and
    one the facets.
    """
    parsed = parse_query(filters.q)
    if parsed.problem or filters.is_impossible:
        return ResultsPage(parsed, [], facets=with_counts(filters, []))
    vocabulary = load_vocabulary()
    query = build_search_query(parsed, filters, vocabulary)
    result = _find_hits(parameters, query, at)
    if not result.hits and not result.searched_back_to:
        return _no_results(parsed, filters, vocabulary, at)
    return _build_page(parameters, parsed, filters, query, result, at)


def _find_hits(parameters: Mapping[str, str], query: SearchQuery, at: dt.datetime) -> SearchResult:
    """Return the newest hits; from the cursor on if it is beyond what was searched."""
    result = backend.find_newest(query, limit=MAX_COUNTED_RESULTS + 1, at=at)
    if not result.searched_back_to:
        return result
    cursor = cursor_position(parameters.get("older", ""), at)
    if cursor and cursor <= result.searched_back_to.position:
        return backend.find_newest(
            replace(query, cursor=cursor), limit=MAX_COUNTED_RESULTS + 1, at=at
        )
    return result


def _build_page(
    parameters: Mapping[str, str],
    parsed: ParsedQuery,
    filters: Filters,
    query: SearchQuery,
    result: SearchResult,
    at: dt.datetime,
) -> ResultsPage:
    hits, last = result.hits, result.searched_back_to
    counted, has_more = hits[:MAX_COUNTED_RESULTS], len(hits) > MAX_COUNTED_RESULTS
    row_tokens = backend.load_row_tokens(counted) if filters.sort or not has_more else []
    if filters.sort == "relevance":
        page = _page_by_relevance(parameters, query, counted, row_tokens, filters)
    else:
        page = _page_by_date(parameters, query, hits, filters, at)
    older_slugs = backend.load_slugs([last], at=at) if last else []
    return ResultsPage(
        parsed,
        _load_rows(page.hits, parsed, at),
        count=len(counted),
        has_more=has_more,
        newer=page.newer,
        older=page.older,
        searched_back_to=last.first_release_at if last else None,
        continue_query=(
            filters.to_query_string(sort="", older=older_slugs[0]) if older_slugs else ""
        ),
        other_order_query=filters.to_query_string(sort="" if filters.sort else "relevance"),
        facets=_build_facets(filters, hits, row_tokens, at),
    )


def _build_facets(
    filters: Filters, hits: list[SearchHit], row_tokens: list[RowTokens], at: dt.datetime
) -> Facets:
    if len(hits) > MAX_COUNTED_RESULTS:
        return without_counts(filters, at=at)
    return with_counts(
        filters,
        [(hit, " ".join(tokens.names)) for hit, tokens in zip(hits, row_tokens, strict=True)],
    )


def _no_results(
    parsed: ParsedQuery, filters: Filters, vocabulary: Vocabulary, at: dt.datetime
) -> ResultsPage:
    facets = with_counts(filters, [])
    suggestion = suggest(parsed, vocabulary, at=at)
    if suggestion and _has_results(suggestion, filters, vocabulary, at):
        text = suggestion.to_query_text()
        query_string = filters.to_query_string(q=text)
        return ResultsPage(
            parsed, [], suggestion=text, suggestion_query=query_string, facets=facets
        )
    everywhere = Filters(q=filters.q, sort=filters.sort).to_query_string()
    return ResultsPage(parsed, [], unfiltered_query=everywhere, facets=facets)


def _has_results(
    parsed: ParsedQuery, filters: Filters, vocabulary: Vocabulary, at: dt.datetime
) -> bool:
    query = build_search_query(parsed, filters, vocabulary)
    return bool(backend.find_newest(query, limit=1, at=at).hits)


def build_search_query(
    parsed: ParsedQuery, filters: Filters, vocabulary: Vocabulary
) -> SearchQuery:
    """Turn the search and the filters into tokens."""
    query = build_filter_query(filters)
    return replace(
        query,
        required=(*build_clauses(parsed.required_terms, vocabulary), *query.required),
        excluded=tuple(build_clauses(parsed.excluded_terms, vocabulary)),
    )


# --- By date --------------------------------------------------------------------------------------


def _page_by_date(
    parameters: Mapping[str, str],
    query: SearchQuery,
    hits: list[SearchHit],
    filters: Filters,
    at: dt.datetime,
) -> _HitsOnPage:
    older, newer = parameters.get("older", ""), parameters.get("newer", "")
    cursor = cursor_position(older or newer, at)
    if cursor is None:
        shown, has_newer, has_older = hits[:PAGE_SIZE], False, len(hits) > PAGE_SIZE
    elif older:
        rest = _hits_below(cursor, query, hits, at)
        shown, has_newer, has_older = rest[:PAGE_SIZE], True, len(rest) > PAGE_SIZE
    else:
        rest = _hits_above(cursor, query, hits, at)
        shown, has_newer, has_older = rest[-PAGE_SIZE:], len(rest) > PAGE_SIZE, True
    slugs = backend.load_slugs([shown[0], shown[-1]], at=at) if shown else []
    if not slugs:  # nothing to show, or both were withdrawn since they were found
        return _HitsOnPage(shown)
    return _HitsOnPage(
        shown,
        filters.to_query_string(newer=slugs[0]) if has_newer else "",
        filters.to_query_string(older=slugs[-1]) if has_older else "",
    )


def _hits_below(
    cursor: ListPosition, query: SearchQuery, hits: list[SearchHit], at: dt.datetime
) -> list[SearchHit]:
    """Return the hits after the cursor; beyond the newest thousand they are searched for."""
    rest = [hit for hit in hits if hit.position < cursor]
    if len(hits) > MAX_COUNTED_RESULTS and len(rest) <= PAGE_SIZE:
        return backend.find_newest(replace(query, cursor=cursor), limit=PAGE_SIZE + 1, at=at).hits
    return rest


def _hits_above(
    cursor: ListPosition, query: SearchQuery, hits: list[SearchHit], at: dt.datetime
) -> list[SearchHit]:
    """Return the hits before the cursor; beyond the newest thousand they are searched for."""
    rest = [hit for hit in hits if hit.position > cursor]
    if len(rest) == len(hits):
        upwards = replace(query, cursor=cursor, upwards=True)
        return backend.find_newest(upwards, limit=PAGE_SIZE + 1, at=at).hits[::-1]
    return rest


# --- By relevance ---------------------------------------------------------------------------------


def _page_by_relevance(
    parameters: Mapping[str, str],
    query: SearchQuery,
    hits: list[SearchHit],
    row_tokens: list[RowTokens],
    filters: Filters,
) -> _HitsOnPage:
    number = parameters.get("page", "1")
    if not number.isdecimal() or not 1 <= int(number) <= MAX_COUNTED_RESULTS // PAGE_SIZE:
        raise Http404
    page = int(number)
    ranked = sorted(range(len(hits)), key=lambda n: -_relevance(row_tokens[n], query.required))
    return _HitsOnPage(
        [hits[place] for place in ranked[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]],
        filters.to_query_string(page=str(page - 1)) if page > 1 else "",
        filters.to_query_string(page=str(page + 1)) if len(hits) > page * PAGE_SIZE else "",
    )


def _relevance(tokens: RowTokens, clauses: tuple[Clause, ...]) -> int:
    """Rate how prominent the matches are. A headline with all of them counts once more."""
    weighted_texts = (
        (tokens.headline, HEADLINE_WEIGHT),
        (tokens.names, NAMES_WEIGHT),
        (tokens.summary, SUMMARY_WEIGHT),
    )
    weights = [
        next(
            (weight for text, weight in weighted_texts if _contains_clause(text, clause)),
            BODY_WEIGHT,
        )
        for clause in clauses
    ]
    bonus = HEADLINE_WEIGHT if weights and min(weights) == HEADLINE_WEIGHT else 0
    return sum(weights) + bonus


def _contains_clause(tokens: list[str], clause: Clause) -> bool:
    return any(
        phrase[0] in tokens and (len(phrase) == 1 or contains_phrase(phrase, tokens))
        for phrase in clause
    )


# --- Rows -----------------------------------------------------------------------------------------


def _load_rows(hits: list[SearchHit], parsed: ParsedQuery, at: dt.datetime) -> list[Edition]:
    editions = backend.load_editions(hits, *ROW_FIELDS, "content", at=at)
    for edition in editions:
        terms = [term.to_phrases([edition.language]) for term in parsed.required_terms]
        excerpt = build_excerpt(edition.content_data, terms)
        edition.excerpt = excerpt  # type: ignore[attr-defined]  # as an annotation would add it
    return editions
