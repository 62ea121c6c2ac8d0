"""Find the public editions that match a query of tokens, newest first, on either database.

The newest thousands are searched first, by the tokens of their months in the index. So a common
word costs no more than a rare one. The index also holds editions that are not public: the release
dates exclude them, and no number comes from the whole index.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from django.db import connection
from django.db.models.query import QuerySet

from statements.models import Edition, SearchRow
from statements.publicness import (
    listed_before,
    listed_before_sql,
    listed_beyond_sql,
    listed_since,
    listed_since_sql,
    public_at,
    public_sql,
)
from statements.published.compiled_query import compiled_query
from statements.published.editions import public_editions, sole_speaker_slug
from statements.search.terms import format_month_token, quote_token

FIRST_SCAN_ROWS = 5_000
"""The number of newest rows that are searched first."""
MAX_WIDENING_FACTOR = 60
"""A search goes at most this many times further back than the first scan, then through all rows."""
MAX_MONTH_TOKENS = 240
MAX_PHRASE_SCAN_ROWS = 15_000
"""The number of newest rows that are searched for a phrase of common words. The index does not know
whether words follow one another, so every text that has them all must be read."""
MIN_COMMON_ROWS = 5_000
"""Words in more rows than this are common."""
BEGINNING = dt.datetime(1, 1, 1, tzinfo=dt.UTC)

Phrase = tuple[str, ...]
Clause = frozenset[Phrase]
"""Alternatives: a row matches if it contains one of these phrases."""
ListPosition = tuple[dt.datetime, int]
"""A place in the order of the lists: first release, statement."""


@dataclass(frozen=True)
class SearchQuery:
    """What a row must match: every clause of `required`, and none of `excluded`.

    Rows are first released from `since` up to `until`, and follow `cursor`: older than it, or
    newer if `upwards`.
    """

    required: tuple[Clause, ...] = ()
    excluded: tuple[Clause, ...] = ()
    since: dt.datetime = BEGINNING
    until: dt.datetime | None = None
    cursor: ListPosition | None = None
    upwards: bool = False

    @property
    def has_phrases(self) -> bool:
        return any(
            len(phrase) > 1 for clause in (*self.required, *self.excluded) for phrase in clause
        )


@dataclass(frozen=True)
class SearchResult:
    """The hits in order; `searched_back_to` is set if older rows were not searched."""

    hits: list["SearchHit"]
    searched_back_to: "SearchHit | None" = None


class SearchHit(NamedTuple):
    edition_id: int
    statement_id: int
    first_release_at: dt.datetime

    @property
    def position(self) -> ListPosition:
        return self.first_release_at, self.statement_id


def find_newest(query: SearchQuery, *, limit: int, at: dt.datetime) -> SearchResult:
    """Return at most `limit` hits, newest first; oldest first if the query goes upwards.

    This takes one to five queries. The first finds how far back the newest thousands go, along
    searchrow_first_release_idx. The next ones search more and more time, along searchrow_words_idx,
    until there are enough hits. A phrase of common words is only searched for in the newest
    MAX_PHRASE_SCAN_ROWS.
    """
    query = replace(query, until=min(query.until or at, at))
    if not query.required:
        return SearchResult(_find_hits(query, limit, at))
    edge, factor = _find_edge(query, FIRST_SCAN_ROWS), 1.0
    if edge is not None and query.has_phrases and _are_common(query, at):
        return _search_phrases(query, limit, at)
    while edge is not None and factor < MAX_WIDENING_FACTOR:
        widened = _widen(query, edge, factor)
        if widened is None:
            break
        hits = _find_hits(widened, limit, at)
        if len(hits) >= limit:
            return SearchResult(hits)
        # Far enough for the missing hits if they are as frequent as so far, and half as far again.
        factor *= max(4, 1.5 * limit / max(len(hits), 1))
    return SearchResult(_find_hits(_add_month_tokens(query), limit, at))


def _search_phrases(query: SearchQuery, limit: int, at: dt.datetime) -> SearchResult:
    # Readers see how far back the search went, so only public rows may decide it.
    rows = _rows_in_range(query).filter(public_at(at))
    columns = rows.values_list("edition_id", "statement_id", "first_release_at")
    last = [SearchHit(*row) for row in columns[MAX_PHRASE_SCAN_ROWS - 1 : MAX_PHRASE_SCAN_ROWS + 1]]
    if len(last) < 2:
        return SearchResult(_find_hits(_add_month_tokens(query), limit, at))
    edge = last[0]
    if query.upwards:
        narrowed = replace(query, until=edge.first_release_at)
    else:
        narrowed = replace(query, since=edge.first_release_at)
    return SearchResult(_find_hits(_add_month_tokens(narrowed), limit, at), edge)


def _widen(query: SearchQuery, edge: dt.datetime, factor: float) -> SearchQuery | None:
    """Limit the query to `factor` times the time up to the edge; None if that is all of it."""
    start = _get_start(query)
    try:
        end = start + factor * (edge - start)
    except OverflowError:
        return None
    if query.upwards:
        return _add_month_tokens(replace(query, until=end)) if end < _get_until(query) else None
    return _add_month_tokens(replace(query, since=end)) if end > query.since else None


def _get_until(query: SearchQuery) -> dt.datetime:
    assert query.until is not None, "find_newest and find_all set `until` to now at the latest."
    return query.until


def _get_start(query: SearchQuery) -> dt.datetime:
    if query.cursor:
        return query.cursor[0]
    return query.since if query.upwards else _get_until(query)


def _find_edge(query: SearchQuery, rows: int) -> dt.datetime | None:
    """Return the date of the row after this many rows, public or not; None if there are fewer."""
    return _rows_in_range(query).values_list("first_release_at", flat=True)[rows : rows + 1].first()


def _rows_in_range(query: SearchQuery) -> QuerySet[SearchRow]:
    sign = "" if query.upwards else "-"
    rows = SearchRow.objects.filter(listed_since(query.since), listed_before(query.until))
    if query.cursor:
        bound = listed_since if query.upwards else listed_before
        rows = rows.filter(bound(query.cursor[0]))
    return rows.order_by(f"{sign}first_release_at", f"{sign}statement_id")


def _add_month_tokens(query: SearchQuery) -> SearchQuery:
    """Require one of the months in the range, unless it has too many months to list."""
    first, last = query.since, _get_until(query)
    if query.cursor and query.upwards:
        first = max(first, query.cursor[0])
    elif query.cursor:
        last = min(last, query.cursor[0])
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    if not 0 < count <= MAX_MONTH_TOKENS:
        return query
    start = first.year * 12 + first.month - 1
    days = (
        dt.datetime(number // 12, number % 12 + 1, 1, tzinfo=dt.UTC)
        for number in range(start, start + count)
    )
    months = frozenset((format_month_token(day),) for day in days)
    return replace(query, required=(*query.required, months))


# --- SQL for both databases -----------------------------------------------------------------------

# MATERIALIZED, so that no planner walks the dates and checks the words of each row.
POSTGRESQL_SELECT = """
WITH found AS MATERIALIZED (
    SELECT {columns}, release_at, live_until FROM statements_searchrow WHERE words @@ %s::tsquery
) SELECT {columns} FROM found WHERE """
SQLITE_SELECT = """
SELECT {columns} FROM statements_search
CROSS JOIN statements_searchrow ON edition_id = statements_search.rowid
WHERE statements_search MATCH %s AND """
UNFILTERED_SELECT = "SELECT {columns} FROM statements_searchrow WHERE "


def _find_hits(query: SearchQuery, limit: int, at: dt.datetime) -> list[SearchHit]:
    sql, parameters = _build_select("edition_id, statement_id, first_release_at", query, at)
    order = "ASC" if query.upwards else "DESC"
    sql += f" ORDER BY first_release_at {order}, statement_id {order} LIMIT %s"
    rows = _fetch_all(sql, [*parameters, limit])
    return [SearchHit(edition, statement, _to_datetime(date)) for edition, statement, date in rows]


def find_all(
    query: SearchQuery,
    *,
    limit: int,
    at: dt.datetime,
    candidates: QuerySet[Any, Any] | None = None,
) -> list[tuple[SearchHit, str]] | None:
    """Return every hit with the tokens of its names, newest first; None if there are more.

    One query, which fetches nothing if there are more. `candidates` are at least the rows that
    match, along an index: counting them is the quickest way to see that there are more, without
    using searchrow_words_idx.
    """
    query = replace(query, until=min(query.until or at, at))
    columns = "edition_id, statement_id, first_release_at, names"
    sql, parameters = _build_select(columns, query, at)
    more_sql: str = "SELECT 1 WHERE 1 = 0"
    more_parameters: tuple[Any, ...] = ()
    if candidates is not None:
        more_sql, more_parameters = candidates[limit : limit + 1].query.sql_with_params()
    sql = (
        f"WITH more AS MATERIALIZED ({more_sql}), answers AS MATERIALIZED "  # noqa: S608 - constants
        f"({sql} AND NOT EXISTS (SELECT 1 FROM more) LIMIT %s) "
        f"SELECT * FROM (SELECT {columns}, (SELECT COUNT(*) FROM answers) FROM answers LIMIT "
        "CASE WHEN (SELECT COUNT(*) FROM answers) > %s THEN 1 ELSE %s END) found "
        "UNION ALL SELECT NULL, NULL, NULL, NULL, %s FROM more"
    )
    rows = _fetch_all(sql, [*more_parameters, *parameters, limit + 1, limit, limit, limit + 1])
    if rows and rows[0][-1] > limit:
        return None
    results = [(SearchHit(row[0], row[1], _to_datetime(row[2])), row[3]) for row in rows]
    return sorted(results, key=lambda result: result[0].position, reverse=True)


def public_rows(*, at: dt.datetime) -> QuerySet[Any, Any]:
    """Return one row for each public edition, as candidates of `find_all` without a filter."""
    return _rows_in_range(SearchQuery(until=at)).filter(public_at(at)).values("pk")


def _build_select(columns: str, query: SearchQuery, at: dt.datetime) -> tuple[str, list[Any]]:
    conditions, parameters = _build_date_conditions(query, at)
    if not query.required:
        head = UNFILTERED_SELECT
    else:
        is_postgresql = connection.vendor == "postgresql"
        head = POSTGRESQL_SELECT if is_postgresql else SQLITE_SELECT
        parameters = [build_match(query), *parameters]
    return head.format(columns=columns) + conditions, parameters


def _are_common(query: SearchQuery, at: dt.datetime) -> bool:
    """Tell whether many statements contain all words of the query, in any place.

    On PostgreSQL this is an estimate from its statistics.
    """
    phrases = [next(iter(clause)) for clause in query.required if len(clause) == 1]
    words = tuple(frozenset({(token,)}) for phrase in phrases for token in phrase)
    if not words:
        return True
    if connection.vendor == "postgresql":
        sql = "EXPLAIN (FORMAT JSON) SELECT 1 FROM statements_searchrow WHERE words @@ %s::tsquery"
        plan = _fetch_all(sql, [_build_tsquery(SearchQuery(words))])[0][0]
        return bool(plan[0]["Plan"]["Plan Rows"] > MIN_COMMON_ROWS)
    sql, parameters = _build_select("edition_id", SearchQuery(words, until=at), at)
    return bool(_fetch_all(f"{sql} LIMIT 1 OFFSET %s", [*parameters, MIN_COMMON_ROWS]))


def build_match(query: SearchQuery) -> str:
    """Return the words of a query in the notation of the database's index."""
    return _build_tsquery(query) if connection.vendor == "postgresql" else _build_fts5_query(query)


def _fetch_all(sql: str, parameters: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def _build_date_conditions(query: SearchQuery, at: dt.datetime) -> tuple[str, list[Any]]:
    conditions: list[tuple[str, list[Any]]] = [
        (public_sql(), [at, at]),
        (listed_since_sql(), [query.since]),
        (listed_before_sql(), [query.until]),
    ]
    if query.cursor:
        conditions.append((listed_beyond_sql(upwards=query.upwards), [*query.cursor]))
    values = [value for _, parameters in conditions for value in parameters]
    return " AND ".join(sql for sql, _ in conditions), [_adapt_value(value) for value in values]


def _adapt_value(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return value


def _to_datetime(value: str | dt.datetime) -> dt.datetime:
    """Return the value as a datetime with a zone: SQLite stores UTC without saying so."""
    moment = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def _build_tsquery(query: SearchQuery) -> str:
    # Every token is quoted, so nothing that a reader typed can become an operator.
    def any_of(clause: Clause) -> str:
        phrases = (" <-> ".join(map(quote_token, phrase)) for phrase in sorted(clause))
        return "(" + " | ".join(phrases) + ")"

    required = [any_of(clause) for clause in query.required]
    return " & ".join(required + ["!" + any_of(clause) for clause in query.excluded])


def _build_fts5_query(query: SearchQuery) -> str:
    def any_of(phrases: Iterable[Phrase]) -> str:
        return "(" + " OR ".join('"' + " ".join(phrase) + '"' for phrase in sorted(phrases)) + ")"

    required = " AND ".join(any_of(clause) for clause in query.required)
    if not query.excluded:
        return required
    return f"({required}) NOT {any_of(phrase for clause in query.excluded for phrase in clause)}"


# --- The tokens and editions of hits --------------------------------------------------------------


@dataclass(frozen=True)
class RowTokens:
    """The tokens of a row's headline, names and summary."""

    headline: list[str]
    names: list[str]
    summary: list[str]


def load_row_tokens(hits: list[SearchHit]) -> list[RowTokens]:
    """Return the tokens of these hits' rows, in the order of the hits, in one query.

    They are empty if the statement was withdrawn after the hit was found.
    """
    if not hits:
        return []
    rows = _select_row_tokens(numbers=tuple(hit.edition_id for hit in hits))
    texts = {pk: columns for pk, *columns in rows}
    return [
        RowTokens(*(text.split() for text in texts.get(hit.edition_id, ("",) * 3))) for hit in hits
    ]


@compiled_query
def _select_row_tokens(*, numbers: tuple[int, ...]) -> QuerySet[Any, Any]:
    rows = SearchRow.objects.filter(pk__in=numbers)
    return rows.values_list("pk", "headline", "names", "summary")


def load_editions(hits: list[SearchHit], *fields: str, at: dt.datetime) -> list[Edition]:
    """Return the editions of these hits that are public, in the order of the hits. One query."""
    if not hits:
        return []
    numbers = tuple(hit.edition_id for hit in hits)
    rows = _select_editions(numbers=numbers, only=FieldNames(fields), at=at)
    editions = {edition.pk: edition for edition in rows}
    return [editions[hit.edition_id] for hit in hits if hit.edition_id in editions]


@dataclass(frozen=True)
class FieldNames:
    """Names of fields as one value, because a tuple would be a parameter of the compiled query."""

    fields: tuple[str, ...]


@compiled_query
def _select_editions(
    *, numbers: tuple[int, ...], only: FieldNames, at: dt.datetime
) -> QuerySet[Any]:
    rows = public_editions(at=at).filter(pk__in=numbers).only(*only.fields)
    return rows.annotate(speaker_slug=sole_speaker_slug())


def load_slugs(hits: list[SearchHit], *, at: dt.datetime) -> list[str]:
    """Return the slugs of these hits that are public, in the order of the hits. One query."""
    return [edition.slug for edition in load_editions(hits, "slug", at=at)]
