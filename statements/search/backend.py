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
from statements.published.compiled_query import prepared
from statements.published.editions import public_editions, sole_speaker
from statements.search.terms import month, quoted

NEWEST = 5_000
"""How many of the newest rows are looked through first."""
FURTHEST = 60
"""How many times as far back in time is looked after that, before all that there is."""
MOST_MONTHS = 240
PHRASED = 15_000
"""How many of the newest rows are looked through for a phrase of common words: whether words stand
in a row, an index does not know, and each text that has them all is read."""
READ = 5_000
"""Words that so many texts have are common."""
BEGINNING = dt.datetime(1, 1, 1, tzinfo=dt.UTC)

Phrase = tuple[str, ...]
Clause = frozenset[Phrase]
"""Alternatives: a row answers when it has one of these runs of tokens."""
Place = tuple[dt.datetime, int]
"""In the order of the lists: first release, statement."""


@dataclass(frozen=True)
class Question:
    """Every clause of `wanted` and none of `unwanted`, first released from `since` up to `until`,
    and beyond a place in the order: older than it, or newer where it is asked upwards."""

    wanted: tuple[Clause, ...] = ()
    unwanted: tuple[Clause, ...] = ()
    since: dt.datetime = BEGINNING
    until: dt.datetime | None = None
    beyond: Place | None = None
    upwards: bool = False

    @property
    def has_phrases(self) -> bool:
        return any(len(run) > 1 for clause in (*self.wanted, *self.unwanted) for run in clause)


@dataclass(frozen=True)
class Answers:
    """The hits, in order; and the last statement that was looked at, where there are more."""

    hits: list["Hit"]
    looked_to: "Hit | None" = None


class Hit(NamedTuple):
    edition: int
    statement: int
    first_release_at: dt.datetime

    @property
    def place(self) -> Place:
        return self.first_release_at, self.statement


def newest(question: Question, *, most: int, at: dt.datetime) -> Answers:
    """At most so many answers, newest first; oldest first where it is asked upwards.

    From one query to five: how far back the newest thousands go (along newest_in_search), then
    more and more time until there are enough (along search_words). A phrase of common words is
    looked for among the newest PHRASED alone.
    """
    until = min(question.until or at, at)
    question = replace(question, until=until)
    if not question.wanted:
        return Answers(_answers(question, most, at))
    edge, times = _edge(question, NEWEST), 1.0
    if edge is not None and question.has_phrases and _are_common(question, at):
        return _phrased(question, most, at)
    while edge is not None and times < FURTHEST:
        stretch = _stretch(question, edge, times)
        if stretch is None:
            break
        hits = _answers(stretch, most, at)
        if len(hits) >= most:
            return Answers(hits)
        # As far as it takes if the answers go on as they began, and half as far again.
        times *= max(4, 1.5 * most / max(len(hits), 1))
    return Answers(_answers(_within_months(question), most, at))


def _phrased(question: Question, most: int, at: dt.datetime) -> Answers:
    """Through the newest of those that are public: where it ends is told to readers."""
    rows = _dated(question).filter(public_at(at))
    places = rows.values_list("edition_id", "statement_id", "first_release_at")
    last = [Hit(*row) for row in places[PHRASED - 1 : PHRASED + 1]]
    if len(last) < 2:
        return Answers(_answers(_within_months(question), most, at))
    edge = last[0]
    if question.upwards:
        stretch = replace(question, until=edge.first_release_at)
    else:
        stretch = replace(question, since=edge.first_release_at)
    return Answers(_answers(_within_months(stretch), most, at), edge)


def _stretch(question: Question, edge: dt.datetime, times: float) -> Question | None:
    """The question over this much more time than to the edge; None where that is all of it."""
    start = _start(question)
    try:
        end = start + times * (edge - start)
    except OverflowError:
        return None
    if question.upwards:
        return _within_months(replace(question, until=end)) if end < _until(question) else None
    return _within_months(replace(question, since=end)) if end > question.since else None


def _until(question: Question) -> dt.datetime:
    assert question.until is not None, "A question ends now at the latest."
    return question.until


def _start(question: Question) -> dt.datetime:
    """Where the answers begin, in the order in which they are asked for."""
    if question.beyond:
        return question.beyond[0]
    return question.since if question.upwards else _until(question)


def _edge(question: Question, rows: int) -> dt.datetime | None:
    """How far one has to go for so many rows, public or not; None where there are fewer."""
    return _dated(question).values_list("first_release_at", flat=True)[rows : rows + 1].first()


def _dated(question: Question) -> QuerySet[SearchRow]:
    """The rows of the time that is asked for, along newest_in_search."""
    sign = "" if question.upwards else "-"
    within = SearchRow.objects.filter(listed_since(question.since), listed_before(question.until))
    if question.beyond:
        bound = listed_since if question.upwards else listed_before
        within = within.filter(bound(question.beyond[0]))
    return within.order_by(f"{sign}first_release_at", f"{sign}statement_id")


def _within_months(question: Question) -> Question:
    """Ask for the months as well, where they are few enough to say."""
    first, last = question.since, _until(question)
    if question.beyond and question.upwards:
        first = max(first, question.beyond[0])
    elif question.beyond:
        last = min(last, question.beyond[0])
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    if not 0 < count <= MOST_MONTHS:
        return question
    numbers = range(first.year * 12 + first.month - 1, first.year * 12 + first.month - 1 + count)
    days = (dt.datetime(n // 12, n % 12 + 1, 1, tzinfo=dt.UTC) for n in numbers)
    months = frozenset((month(day),) for day in days)
    return replace(question, wanted=(*question.wanted, months))


# --- In either database's own words ---------------------------------------------------------------

# Apart from the rest, so that no planner walks the dates and looks at the words of each row.
POSTGRESQL = """
WITH found AS MATERIALIZED (
    SELECT {columns}, release_at, live_until FROM statements_searchrow WHERE words @@ %s::tsquery
) SELECT {columns} FROM found WHERE """
SQLITE = """
SELECT {columns} FROM statements_search
CROSS JOIN statements_searchrow ON edition_id = statements_search.rowid
WHERE statements_search MATCH %s AND """
EVERYTHING = "SELECT {columns} FROM statements_searchrow WHERE "


def _answers(question: Question, most: int, at: dt.datetime) -> list[Hit]:
    sql, parameters = _select("edition_id, statement_id, first_release_at", question, at)
    order = "ASC" if question.upwards else "DESC"
    sql += f" ORDER BY first_release_at {order}, statement_id {order} LIMIT %s"
    rows = _fetched(sql, [*parameters, most])
    return [Hit(edition, statement, _instant(date)) for edition, statement, date in rows]


def all_answers(
    question: Question, *, most: int, at: dt.datetime, walk: QuerySet | None = None
) -> list[tuple[Hit, str]] | None:
    """Every answer with the tokens of its names, newest first; None where there are more.

    One query, which brings nothing here where there are more. `walk` is no fewer rows than there
    are answers, along an index: it tells soonest that there are more, and search_words is left
    alone.
    """
    question = replace(question, until=min(question.until or at, at))
    columns = "edition_id, statement_id, first_release_at, names"
    sql, parameters = _select(columns, question, at)
    more, known = "SELECT 1 WHERE 1 = 0", ()
    if walk is not None:
        more, known = walk[most : most + 1].query.sql_with_params()
    sql = (
        f"WITH more AS MATERIALIZED ({more}), answers AS MATERIALIZED "  # noqa: S608 - constants
        f"({sql} AND NOT EXISTS (SELECT 1 FROM more) LIMIT %s) "
        f"SELECT * FROM (SELECT {columns}, (SELECT COUNT(*) FROM answers) FROM answers LIMIT "
        "CASE WHEN (SELECT COUNT(*) FROM answers) > %s THEN 1 ELSE %s END) found "
        "UNION ALL SELECT NULL, NULL, NULL, NULL, %s FROM more"
    )
    rows = _fetched(sql, [*known, *parameters, most + 1, most, most, most + 1])
    if rows and rows[0][-1] > most:
        return None
    found = [(Hit(row[0], row[1], _instant(row[2])), row[3]) for row in rows]
    return sorted(found, key=lambda one: one[0].place, reverse=True)


def public_rows(*, at: dt.datetime) -> QuerySet:
    """A row for each public edition, along newest_in_search, to know whether there are many."""
    return _dated(Question(until=at)).filter(public_at(at)).values("pk")


def _select(columns: str, question: Question, at: dt.datetime) -> tuple[str, list]:
    when, parameters = _when(question, at)
    if not question.wanted:
        head = EVERYTHING
    elif connection.vendor == "postgresql":
        head, parameters = POSTGRESQL, [_tsquery(question), *parameters]
    else:
        head, parameters = SQLITE, [_fts5(question), *parameters]
    return head.format(columns=columns) + when, parameters


def _are_common(question: Question, at: dt.datetime) -> bool:
    """Whether many statements have every word of the question, wherever they stand.

    PostgreSQL answers from its statistics.
    """
    alone = [next(iter(clause)) for clause in question.wanted if len(clause) == 1]
    words = tuple(frozenset({(token,)}) for run in alone for token in run)
    if not words:
        return True
    if connection.vendor == "postgresql":
        sql = "EXPLAIN (FORMAT JSON) SELECT 1 FROM statements_searchrow WHERE words @@ %s::tsquery"
        plan = _fetched(sql, [_tsquery(Question(words))])[0][0]
        return plan[0]["Plan"]["Plan Rows"] > READ
    sql, parameters = _select("edition_id", Question(words, until=at), at)
    return bool(_fetched(f"{sql} LIMIT 1 OFFSET %s", [*parameters, READ]))


def _fetched(sql: str, parameters: list) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def _when(question: Question, at: dt.datetime) -> tuple[str, list]:
    conditions: list[tuple[str, list]] = [
        (public_sql(), [at, at]),
        (listed_since_sql(), [question.since]),
        (listed_before_sql(), [question.until]),
    ]
    if question.beyond:
        conditions.append((listed_beyond_sql(upwards=question.upwards), [*question.beyond]))
    values = [value for _, given in conditions for value in given]
    return " AND ".join(text for text, _ in conditions), [_stored(value) for value in values]


def _stored(value):
    if isinstance(value, dt.datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return value


def _instant(value: Any) -> dt.datetime:
    """A date as it comes from either database: SQLite keeps them in UTC, and says so nowhere."""
    found = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)


def _tsquery(question: Question) -> str:
    """Quoted tokens alone: nothing that anybody typed is ever read as an operator."""

    def either(clause: Clause) -> str:
        return "(" + " | ".join(" <-> ".join(map(quoted, one)) for one in sorted(clause)) + ")"

    wanted = [either(clause) for clause in question.wanted]
    return " & ".join(wanted + ["!" + either(clause) for clause in question.unwanted])


def _fts5(question: Question) -> str:
    def either(clause: Iterable[Phrase]) -> str:
        return "(" + " OR ".join('"' + " ".join(one) + '"' for one in sorted(clause)) + ")"

    wanted = " AND ".join(either(clause) for clause in question.wanted)
    if not question.unwanted:
        return wanted
    return f"({wanted}) NOT {either(one for clause in question.unwanted for one in clause)}"


# --- What the rows and their editions say ---------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """The tokens of a row's headline, names and summary."""

    headline: list[str]
    names: list[str]
    summary: list[str]


def told(hits: list[Hit]) -> list[Told]:
    """What the rows of these hits say of themselves, in the order of the hits. One query.

    Nothing, where a statement was withdrawn since the hits were found.
    """
    if not hits:
        return []
    rows = _told(numbers=tuple(hit.edition for hit in hits))
    found = {pk: said for pk, *said in rows}
    return [Told(*(text.split() for text in found.get(hit.edition, ("",) * 3))) for hit in hits]


@prepared
def _told(*, numbers: tuple[int, ...]) -> QuerySet:
    rows = SearchRow.objects.filter(pk__in=numbers)
    return rows.values_list("pk", "headline", "names", "summary")


def editions(hits: list[Hit], *fields: str, at: dt.datetime) -> list[Edition]:
    """The editions of these hits in their order, as far as they are public. One query."""
    if not hits:
        return []
    numbers = tuple(hit.edition for hit in hits)
    found = {
        edition.pk: edition for edition in _editions(numbers=numbers, only=Only(fields), at=at)
    }
    return [found[hit.edition] for hit in hits if hit.edition in found]


@dataclass(frozen=True)
class Only:
    fields: tuple[str, ...]


@prepared
def _editions(*, numbers: tuple[int, ...], only: Only, at: dt.datetime) -> QuerySet:
    rows = public_editions(at=at).filter(pk__in=numbers).only(*only.fields)
    return rows.annotate(speaker_slug=sole_speaker())


def slugs(hits: list[Hit], *, at: dt.datetime) -> list[str]:
    """The public addresses of these hits, in their order. One query."""
    return [edition.slug for edition in editions(hits, "slug", at=at)]
