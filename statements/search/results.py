"""Search: what was typed and the filters beside it, answered page by page.

By date, or by relevance among the newest thousand answers. Relevance asks where in a statement the
words stand, and never how rare they are: that would tell of words that are not public.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.http import Http404

from statements.search import backend
from statements.search.backend import Clause, RowTokens, SearchHit, SearchQuery, SearchResult
from statements.search.excerpts import build_excerpt
from statements.search.facets import MAX_COUNTED_RESULTS, Facets, with_counts, without_counts
from statements.search.query import ParsedQuery, build_clauses, contains_phrase, parse_query
from statements.search.spelling import suggest
from statements.search.statement_list import (
    PAGE_SIZE,
    ROW_FIELDS,
    Filters,
    build_filter_query,
    cursor_position,
)
from statements.search.stemming import base_language
from statements.search.vocabulary import Vocabulary, load_vocabulary

HEADLINE_WEIGHT, NAMES_WEIGHT, SUMMARY_WEIGHT, WORDS_WEIGHT = 8, 5, 3, 1


@dataclass(frozen=True)
class ResultsPage:
    """One page of answers. `count` stops at MOST, and then there are `more`."""

    query: ParsedQuery
    rows: list
    count: int = 0
    has_more: bool = False
    newer: str = ""
    older: str = ""
    searched_back_to: dt.datetime | None = None  # how far back, where not through all there is
    continue_query: str = ""  # the query string that looks on from there
    other_order_query: str = ""  # the query string of the same search in the other order
    suggestion: str = ""  # what may have been meant, where nothing answers
    suggestion_query: str = ""
    unfiltered_query: str = ""  # the query string of the same search without its filters
    facets: Facets | None = None

    @property
    def count_label(self) -> str:
        """How many there are."""
        if self.has_more:
            return f"More than {self.count:,} statements"
        return "1 statement" if self.count == 1 else f"{self.count:,} statements"


def search(parameters: Mapping[str, str], wanted: Filters, *, at: dt.datetime) -> ResultsPage:
    """At most 20 answers with their extracts. Raises Http404 for a cursor that leads nowhere.

    Two queries for the books, from one to four for the answers, three for their rows, addresses
    and names; one for what stands beside them.
    """
    question_asked = parse_query(wanted.q)
    if question_asked.problem or wanted.is_impossible:
        return ResultsPage(question_asked, [], facets=with_counts(wanted, []))
    books = load_vocabulary()
    question = build_search_query(question_asked, wanted, books)
    answers = _find_answers(parameters, question, at)
    hits, last = answers.hits, answers.searched_back_to
    if not hits and not last:
        return _no_results(question_asked, wanted, books, at)
    told = (
        backend.load_row_tokens(hits[:MAX_COUNTED_RESULTS])
        if wanted.sort or len(hits) <= MAX_COUNTED_RESULTS
        else []
    )
    if wanted.sort == "relevance":
        page = _page_by_relevance(parameters, question, hits[:MAX_COUNTED_RESULTS], told, wanted)
    else:
        page = _page_by_date(parameters, question, hits, wanted, at)
    shown, newer, older = page
    return ResultsPage(
        question_asked,
        _load_rows(shown, question_asked, at),
        count=min(len(hits), MAX_COUNTED_RESULTS),
        has_more=len(hits) > MAX_COUNTED_RESULTS,
        newer=newer,
        older=older,
        searched_back_to=last.first_release_at if last else None,
        continue_query=wanted.to_query_string(sort="", older=backend.load_slugs([last], at=at)[0])
        if last
        else "",
        other_order_query=wanted.to_query_string(sort="" if wanted.sort else "relevance"),
        facets=_build_facets(wanted, hits, told, at),
    )


def _find_answers(
    parameters: Mapping[str, str], question: SearchQuery, at: dt.datetime
) -> SearchResult:
    """The newest; or those from the cursor on, where it lies beyond what was looked through."""
    answers = backend.find_newest(question, limit=MAX_COUNTED_RESULTS + 1, at=at)
    place = cursor_position(parameters.get("older", ""), at) if answers.searched_back_to else None
    if place and answers.searched_back_to and place <= answers.searched_back_to.position:
        return backend.find_newest(
            replace(question, cursor=place), limit=MAX_COUNTED_RESULTS + 1, at=at
        )
    return answers


def _build_facets(
    wanted: Filters, hits: list[SearchHit], told: list[RowTokens], at: dt.datetime
) -> Facets:
    if len(hits) > MAX_COUNTED_RESULTS:
        return without_counts(wanted, at=at)
    return with_counts(
        wanted, [(hit, " ".join(one.names)) for hit, one in zip(hits, told, strict=True)]
    )


def _no_results(
    read: ParsedQuery, wanted: Filters, books: Vocabulary, at: dt.datetime
) -> ResultsPage:
    """No answer; perhaps an offer, which has been looked for and has one."""
    everywhere = Filters(q=wanted.q, sort=wanted.sort).to_query_string()
    other = suggest(read, books, at=at)
    if other and backend.find_newest(build_search_query(other, wanted, books), limit=1, at=at).hits:
        query = wanted.to_query_string(q=other.to_query_text())
        return ResultsPage(
            read,
            [],
            suggestion=other.to_query_text(),
            suggestion_query=query,
            facets=with_counts(wanted, []),
        )
    return ResultsPage(read, [], unfiltered_query=everywhere, facets=with_counts(wanted, []))


def build_search_query(read: ParsedQuery, wanted: Filters, books: Vocabulary) -> SearchQuery:
    """What was typed and the filters, as tokens."""
    question = build_filter_query(wanted)
    typed = build_clauses(read.required_terms, books)
    return replace(
        question,
        required=(*typed, *question.required),
        excluded=tuple(build_clauses(read.excluded_terms, books)),
    )


# --- By date --------------------------------------------------------------------------------------


def _page_by_date(
    parameters: Mapping[str, str],
    question: SearchQuery,
    hits: list[SearchHit],
    wanted: Filters,
    at: dt.datetime,
) -> tuple[list[SearchHit], str, str]:
    """The hits of this page, and the query strings of the newer and the older one.

    Beyond the newest thousand it is asked anew from the cursor on.
    """
    older, newer = parameters.get("older", ""), parameters.get("newer", "")
    place = cursor_position(older or newer, at)
    if place is None:
        shown, above, below = hits[:PAGE_SIZE], False, len(hits) > PAGE_SIZE
    elif older:
        rest = [hit for hit in hits if hit.position < place]
        if len(hits) > MAX_COUNTED_RESULTS and len(rest) <= PAGE_SIZE:
            rest = backend.find_newest(
                replace(question, cursor=place), limit=PAGE_SIZE + 1, at=at
            ).hits
        shown, above, below = rest[:PAGE_SIZE], True, len(rest) > PAGE_SIZE
    else:
        rest = [hit for hit in hits if hit.position > place]
        if len(rest) == len(hits):
            upwards = replace(question, cursor=place, upwards=True)
            rest = backend.find_newest(upwards, limit=PAGE_SIZE + 1, at=at).hits[::-1]
        shown, above, below = rest[-PAGE_SIZE:], len(rest) > PAGE_SIZE, True
    if not shown:
        return [], "", ""
    slugs = backend.load_slugs([shown[0], shown[-1]], at=at)
    if not slugs:  # both were withdrawn since they were found
        return shown, "", ""
    return (
        shown,
        wanted.to_query_string(newer=slugs[0]) if above else "",
        wanted.to_query_string(older=slugs[-1]) if below else "",
    )


# --- By relevance ---------------------------------------------------------------------------------


def _page_by_relevance(
    parameters: Mapping[str, str],
    question: SearchQuery,
    hits: list[SearchHit],
    told: list[RowTokens],
    wanted: Filters,
) -> tuple[list[SearchHit], str, str]:
    """The same by page number; answers that are equally good stay in the order of the dates."""
    number = parameters.get("page", "1")
    if not number.isdecimal() or not 1 <= int(number) <= MAX_COUNTED_RESULTS // PAGE_SIZE:
        raise Http404
    page = int(number)
    places = sorted(range(len(hits)), key=lambda n: -_relevance(told[n], question.required))
    shown = [hits[place] for place in places[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]]
    return (
        shown,
        wanted.to_query_string(page=str(page - 1)) if page > 1 else "",
        wanted.to_query_string(page=str(page + 1)) if len(hits) > page * PAGE_SIZE else "",
    )


def _relevance(told: RowTokens, clauses: tuple[Clause, ...]) -> int:
    """How prominently a statement says what was asked; most of all when its headline says all."""
    places = (
        (told.headline, HEADLINE_WEIGHT),
        (told.names, NAMES_WEIGHT),
        (told.summary, SUMMARY_WEIGHT),
    )
    worths = [
        next((worth for tokens, worth in places if _contains_clause(tokens, one)), WORDS_WEIGHT)
        for one in clauses
    ]
    whole = HEADLINE_WEIGHT if worths and min(worths) == HEADLINE_WEIGHT else 0
    return sum(worths) + whole


def _contains_clause(tokens: list[str], one: Clause) -> bool:
    return any(
        phrase[0] in tokens and (len(phrase) == 1 or contains_phrase(phrase, tokens))
        for phrase in one
    )


# --- What is shown --------------------------------------------------------------------------------


def _load_rows(hits: list[SearchHit], read: ParsedQuery, at: dt.datetime) -> list:
    """Editions as the list shows them, each with its `extract`."""
    editions = backend.load_editions(hits, *ROW_FIELDS, "content", at=at)
    for edition in editions:
        pieces = [
            piece.to_phrases([base_language(edition.language)]) for piece in read.required_terms
        ]
        edition.extract = build_excerpt(edition.content_data, pieces)  # type: ignore[attr-defined]
    return editions
