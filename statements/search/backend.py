"""The newest public editions that answer a question of tokens, the same on either database.

Whatever is asked, the newest thousands are looked through first: their months stand in the index
as tokens, so a common word costs no more than a rare one. Rows of editions that are not public
lie in the index as well; dates keep them out, and no figure is taken from what it holds.
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
"""How many of the newest rows are looked through first."""
MAX_WIDENING_FACTOR = 60
"""How many times as far back in time is looked after that, before all that there is."""
MAX_MONTH_TOKENS = 240
MAX_PHRASE_SCAN_ROWS = 15_000
"""How many of the newest rows are looked through for a phrase of common words: whether words stand
in a row, an index does not know, and each text that has them all is read."""
MIN_COMMON_ROWS = 5_000
"""Words that so many texts have are common."""
BEGINNING = dt.datetime(1, 1, 1, tzinfo=dt.UTC)

Phrase = tuple[str, ...]
Clause = frozenset[Phrase]
"""Alternatives: a row answers when it has one of these runs of tokens."""
ListPosition = tuple[dt.datetime, int]
"""In the order of the lists: first release, statement."""


@dataclass(frozen=True)
class SearchQuery:
    """Every clause of `wanted` and none of `unwanted`, first released from `since` up to `until`,
    and beyond a place in the order: older than it, or newer where it is asked upwards."""

    required: tuple[Clause, ...] = ()
    excluded: tuple[Clause, ...] = ()
    since: dt.datetime = BEGINNING
    until: dt.datetime | None = None
    cursor: ListPosition | None = None
    upwards: bool = False

    @property
    def has_phrases(self) -> bool:
        return any(len(run) > 1 for clause in (*self.required, *self.excluded) for run in clause)


@dataclass(frozen=True)
class SearchResult:
    """The hits, in order; and the last statement that was looked at, where there are more."""

    hits: list["SearchHit"]
    searched_back_to: "SearchHit | None" = None


class SearchHit(NamedTuple):
    edition_id: int
    statement_id: int
    first_release_at: dt.datetime

    @property
    def position(self) -> ListPosition:
        return self.first_release_at, self.statement_id


def find_newest(question: SearchQuery, *, limit: int, at: dt.datetime) -> SearchResult:
    """At most so many answers, newest first; oldest first where it is asked upwards.

    From one query to five: how far back the newest thousands go (along searchrow_first_release_idx), then
    more and more time until there are enough (along searchrow_words_idx). A phrase of common words is
    looked for among the newest PHRASED alone.
    """
    until = min(question.until or at, at)
    question = replace(question, until=until)
    if not question.required:
        return SearchResult(_find_hits(question, limit, at))
    edge, times = _find_edge(question, FIRST_SCAN_ROWS), 1.0
    if edge is not None and question.has_phrases and _are_common(question, at):
        return _search_phrases(question, limit, at)
    while edge is not None and times < MAX_WIDENING_FACTOR:
        stretch = _widen(question, edge, times)
        if stretch is None:
            break
        hits = _find_hits(stretch, limit, at)
        if len(hits) >= limit:
            return SearchResult(hits)
        # As far as it takes if the answers go on as they began, and half as far again.
        times *= max(4, 1.5 * limit / max(len(hits), 1))
    return SearchResult(_find_hits(_add_month_tokens(question), limit, at))


def _search_phrases(question: SearchQuery, most: int, at: dt.datetime) -> SearchResult:
    """Through the newest of those that are public: where it ends is told to readers."""
    rows = _rows_in_range(question).filter(public_at(at))
    places = rows.values_list("edition_id", "statement_id", "first_release_at")
    last = [SearchHit(*row) for row in places[MAX_PHRASE_SCAN_ROWS - 1 : MAX_PHRASE_SCAN_ROWS + 1]]
    if len(last) < 2:
        return SearchResult(_find_hits(_add_month_tokens(question), most, at))
    edge = last[0]
    if question.upwards:
        stretch = replace(question, until=edge.first_release_at)
    else:
        stretch = replace(question, since=edge.first_release_at)
    return SearchResult(_find_hits(_add_month_tokens(stretch), most, at), edge)


def _widen(question: SearchQuery, edge: dt.datetime, times: float) -> SearchQuery | None:
    """The question over this much more time than to the edge; None where that is all of it."""
    start = _get_start(question)
    try:
        end = start + times * (edge - start)
    except OverflowError:
        return None
    if question.upwards:
        return (
            _add_month_tokens(replace(question, until=end)) if end < _get_until(question) else None
        )
    return _add_month_tokens(replace(question, since=end)) if end > question.since else None


def _get_until(question: SearchQuery) -> dt.datetime:
    assert question.until is not None, "A question ends now at the latest."
    return question.until


def _get_start(question: SearchQuery) -> dt.datetime:
    """Where the answers begin, in the order in which they are asked for."""
    if question.cursor:
        return question.cursor[0]
    return question.since if question.upwards else _get_until(question)


def _find_edge(question: SearchQuery, rows: int) -> dt.datetime | None:
    """How far one has to go for so many rows, public or not; None where there are fewer."""
    return (
        _rows_in_range(question).values_list("first_release_at", flat=True)[rows : rows + 1].first()
    )


def _rows_in_range(question: SearchQuery) -> QuerySet[SearchRow]:
    """The rows of the time that is asked for, along searchrow_first_release_idx."""
    sign = "" if question.upwards else "-"
    within = SearchRow.objects.filter(listed_since(question.since), listed_before(question.until))
    if question.cursor:
        bound = listed_since if question.upwards else listed_before
        within = within.filter(bound(question.cursor[0]))
    return within.order_by(f"{sign}first_release_at", f"{sign}statement_id")


def _add_month_tokens(question: SearchQuery) -> SearchQuery:
    """Ask for the months as well, where they are few enough to say."""
    first, last = question.since, _get_until(question)
    if question.cursor and question.upwards:
        first = max(first, question.cursor[0])
    elif question.cursor:
        last = min(last, question.cursor[0])
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    if not 0 < count <= MAX_MONTH_TOKENS:
        return question
    numbers = range(first.year * 12 + first.month - 1, first.year * 12 + first.month - 1 + count)
    days = (dt.datetime(n // 12, n % 12 + 1, 1, tzinfo=dt.UTC) for n in numbers)
    months = frozenset((format_month_token(day),) for day in days)
    return replace(question, required=(*question.required, months))


# --- In either database's own words ---------------------------------------------------------------

# Apart from the rest, so that no planner walks the dates and looks at the words of each row.
POSTGRESQL_SELECT = """
WITH found AS MATERIALIZED (
    SELECT {columns}, release_at, live_until FROM statements_searchrow WHERE words @@ %s::tsquery
) SELECT {columns} FROM found WHERE """
SQLITE_SELECT = """
SELECT {columns} FROM statements_search
CROSS JOIN statements_searchrow ON edition_id = statements_search.rowid
WHERE statements_search MATCH %s AND """
UNFILTERED_SELECT = "SELECT {columns} FROM statements_searchrow WHERE "


def _find_hits(question: SearchQuery, most: int, at: dt.datetime) -> list[SearchHit]:
    sql, parameters = _build_select("edition_id, statement_id, first_release_at", question, at)
    order = "ASC" if question.upwards else "DESC"
    sql += f" ORDER BY first_release_at {order}, statement_id {order} LIMIT %s"
    rows = _fetch_all(sql, [*parameters, most])
    return [SearchHit(edition, statement, _to_datetime(date)) for edition, statement, date in rows]


def find_all(
    question: SearchQuery, *, limit: int, at: dt.datetime, candidates: QuerySet | None = None
) -> list[tuple[SearchHit, str]] | None:
    """Every answer with the tokens of its names, newest first; None where there are more.

    One query, which brings nothing here where there are more. `walk` is no fewer rows than there
    are answers, along an index: it tells soonest that there are more, and searchrow_words_idx is left
    alone.
    """
    question = replace(question, until=min(question.until or at, at))
    columns = "edition_id, statement_id, first_release_at, names"
    sql, parameters = _build_select(columns, question, at)
    more, known = "SELECT 1 WHERE 1 = 0", ()
    if candidates is not None:
        more, known = candidates[limit : limit + 1].query.sql_with_params()
    sql = (
        f"WITH more AS MATERIALIZED ({more}), answers AS MATERIALIZED "  # noqa: S608 - constants
        f"({sql} AND NOT EXISTS (SELECT 1 FROM more) LIMIT %s) "
        f"SELECT * FROM (SELECT {columns}, (SELECT COUNT(*) FROM answers) FROM answers LIMIT "
        "CASE WHEN (SELECT COUNT(*) FROM answers) > %s THEN 1 ELSE %s END) found "
        "UNION ALL SELECT NULL, NULL, NULL, NULL, %s FROM more"
    )
    rows = _fetch_all(sql, [*known, *parameters, limit + 1, limit, limit, limit + 1])
    if rows and rows[0][-1] > limit:
        return None
    found = [(SearchHit(row[0], row[1], _to_datetime(row[2])), row[3]) for row in rows]
    return sorted(found, key=lambda one: one[0].position, reverse=True)


def public_rows(*, at: dt.datetime) -> QuerySet:
    """A row for each public edition, along searchrow_first_release_idx, to know whether there are many."""
    return _rows_in_range(SearchQuery(until=at)).filter(public_at(at)).values("pk")


def _build_select(columns: str, question: SearchQuery, at: dt.datetime) -> tuple[str, list]:
    when, parameters = _build_date_conditions(question, at)
    if not question.required:
        head = UNFILTERED_SELECT
    elif connection.vendor == "postgresql":
        head, parameters = POSTGRESQL_SELECT, [_build_tsquery(question), *parameters]
    else:
        head, parameters = SQLITE_SELECT, [_build_fts5_query(question), *parameters]
    return head.format(columns=columns) + when, parameters


def _are_common(question: SearchQuery, at: dt.datetime) -> bool:
    """Whether many statements have every word of the question, wherever they stand.

    PostgreSQL answers from its statistics.
    """
    alone = [next(iter(clause)) for clause in question.required if len(clause) == 1]
    words = tuple(frozenset({(token,)}) for run in alone for token in run)
    if not words:
        return True
    if connection.vendor == "postgresql":
        sql = "EXPLAIN (FORMAT JSON) SELECT 1 FROM statements_searchrow WHERE words @@ %s::tsquery"
        plan = _fetch_all(sql, [_build_tsquery(SearchQuery(words))])[0][0]
        return plan[0]["Plan"]["Plan Rows"] > MIN_COMMON_ROWS
    sql, parameters = _build_select("edition_id", SearchQuery(words, until=at), at)
    return bool(_fetch_all(f"{sql} LIMIT 1 OFFSET %s", [*parameters, MIN_COMMON_ROWS]))


def _fetch_all(sql: str, parameters: list) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def _build_date_conditions(question: SearchQuery, at: dt.datetime) -> tuple[str, list]:
    conditions: list[tuple[str, list]] = [
        (public_sql(), [at, at]),
        (listed_since_sql(), [question.since]),
        (listed_before_sql(), [question.until]),
    ]
    if question.cursor:
        conditions.append((listed_beyond_sql(upwards=question.upwards), [*question.cursor]))
    values = [value for _, given in conditions for value in given]
    return " AND ".join(text for text, _ in conditions), [_adapt_value(value) for value in values]


def _adapt_value(value):
    if isinstance(value, dt.datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return value


def _to_datetime(value: Any) -> dt.datetime:
    """A date as it comes from either database: SQLite keeps them in UTC, and says so nowhere."""
    found = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)


def _build_tsquery(question: SearchQuery) -> str:
    """Quoted tokens alone: nothing that anybody typed is ever read as an operator."""

    def either(clause: Clause) -> str:
        return "(" + " | ".join(" <-> ".join(map(quote_token, one)) for one in sorted(clause)) + ")"

    wanted = [either(clause) for clause in question.required]
    return " & ".join(wanted + ["!" + either(clause) for clause in question.excluded])


def _build_fts5_query(question: SearchQuery) -> str:
    def either(clause: Iterable[Phrase]) -> str:
        return "(" + " OR ".join('"' + " ".join(one) + '"' for one in sorted(clause)) + ")"

    wanted = " AND ".join(either(clause) for clause in question.required)
    if not question.excluded:
        return wanted
    return f"({wanted}) NOT {either(one for clause in question.excluded for one in clause)}"


# --- What the rows and their editions say ---------------------------------------------------------


@dataclass(frozen=True)
class RowTokens:
    """The tokens of a row's headline, names and summary."""

    headline: list[str]
    names: list[str]
    summary: list[str]


def load_row_tokens(hits: list[SearchHit]) -> list[RowTokens]:
    """What the rows of these hits say of themselves, in the order of the hits. One query.

    Nothing, where a statement was withdrawn since the hits were found.
    """
    if not hits:
        return []
    rows = _select_row_tokens(numbers=tuple(hit.edition_id for hit in hits))
    found = {pk: said for pk, *said in rows}
    return [
        RowTokens(*(text.split() for text in found.get(hit.edition_id, ("",) * 3))) for hit in hits
    ]


@compiled_query
def _select_row_tokens(*, numbers: tuple[int, ...]) -> QuerySet:
    rows = SearchRow.objects.filter(pk__in=numbers)
    return rows.values_list("pk", "headline", "names", "summary")


def load_editions(hits: list[SearchHit], *fields: str, at: dt.datetime) -> list[Edition]:
    """The editions of these hits in their order, as far as they are public. One query."""
    if not hits:
        return []
    numbers = tuple(hit.edition_id for hit in hits)
    found = {
        edition.pk: edition
        for edition in _select_editions(numbers=numbers, only=FieldNames(fields), at=at)
    }
    return [found[hit.edition_id] for hit in hits if hit.edition_id in found]


@dataclass(frozen=True)
class FieldNames:
    fields: tuple[str, ...]


@compiled_query
def _select_editions(*, numbers: tuple[int, ...], only: FieldNames, at: dt.datetime) -> QuerySet:
    rows = public_editions(at=at).filter(pk__in=numbers).only(*only.fields)
    return rows.annotate(speaker_slug=sole_speaker_slug())


def load_slugs(hits: list[SearchHit], *, at: dt.datetime) -> list[str]:
    """The public addresses of these hits, in their order. One query."""
    return [edition.slug for edition in load_editions(hits, "slug", at=at)]
