"""Write the search index: rows that follow the editions, in the transaction of each change.

An edition has a row from the moment it has a release time until it ends, and none after its content
was suppressed or erased. Whether a row is public is decided by the query (`search.backend`).
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import Max, QuerySet

from statements.models import (
    Edition,
    EditionAttribution,
    SearchRow,
    SearchWord,
    Statement,
    ThemedStatement,
)
from statements.publicness import not_ended_by
from statements.search import drafts
from statements.search.terms import EditionFacets, SearchTerms, quote_token, terms_of_content

BATCH_ROWS = 500
ROW_COLUMNS = (
    *("edition_id", "statement_id", "first_release_at", "release_at", "live_until"),
    *("headline", "names", "summary"),
)


def update_statement(statement: Statement, *, at: dt.datetime) -> None:
    """Bring the rows of this statement up to date with its editions, and the newsdesk's too."""
    editions = list(indexable_editions(at).filter(statement=statement))
    delete_rows(SearchRow.objects.filter(statement=statement).exclude(edition__in=editions))
    index_editions(editions)
    drafts.update_statement(statement)


def delete_rows(rows: QuerySet[SearchRow]) -> None:
    """Delete these rows, and their tokens."""
    edition_ids = list(rows.values_list("pk", flat=True))
    if edition_ids and connection.vendor == "sqlite":
        _delete_sqlite(edition_ids)
    SearchRow.objects.filter(pk__in=edition_ids).delete()


def erase_editions(editions: list[Edition]) -> None:
    """Delete the rows of these editions, and every stem that no other row contains.

    Call it before their content is erased, because it reads the stems from it.
    """
    delete_rows(SearchRow.objects.filter(edition__in=editions))
    for edition in editions:
        for token in terms_of_content(edition.content_data).list_stems():
            stem, _, language = token.rpartition(".")
            if not _is_indexed(token):
                SearchWord.objects.filter(language=language, stem=stem).delete()
    if connection.vendor == "sqlite":  # FTS5 keeps deleted tokens in its segments until it merges
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO statements_search (statements_search) VALUES ('optimize')")


def index_editions(
    editions: list[Edition],
    known_stems: set[str] | None = None,
    precomputed: Mapping[int, SearchTerms] | None = None,
) -> None:
    """Write the rows of these editions, new or not, in three or four queries.

    `known_stems` remembers the stems that are stored, for a caller with many batches.
    `precomputed` are the terms of content that was analysed before, by the id of the statement.
    """
    if not editions:
        return
    facets, precomputed = _load_facets(editions), precomputed or {}
    terms = {
        edition.pk: (
            precomputed.get(edition.statement_id) or terms_of_content(edition.content_data)
        ).with_facets(facets[edition.pk])
        for edition in editions
    }
    rows = [_make_row(edition, terms[edition.pk]) for edition in editions]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            _write_postgresql(cursor, rows, terms)
        else:
            _write_sqlite(cursor, rows, terms)
    _save_stems(terms, known_stems if known_stems is not None else set())


def rebuild_index(*, at: dt.datetime) -> Iterator[tuple[int, int]]:
    """Write every row again, a batch of statements in a transaction; yield (done, total).

    Both numbers are primary keys of statements: nothing is counted, and the memory stays flat.
    """
    last = Statement.objects.aggregate(last=Max("pk"))["last"] or 0
    known_stems: set[str] = set()
    for start in range(1, last + 1, BATCH_ROWS):
        statement_ids = range(start, min(start + BATCH_ROWS, last + 1))
        with transaction.atomic():
            _rebuild_range(statement_ids, known_stems, at)
        yield statement_ids[-1], last
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE statements_searchrow")


def _rebuild_range(statement_ids: range, known_stems: set[str], at: dt.datetime) -> None:
    bounds = {"statement__gte": statement_ids[0], "statement__lte": statement_ids[-1]}
    # Locked, so that a transition that is changing one of them writes its rows last.
    locked = Statement.objects.select_for_update(no_key=True).order_by("pk")
    statements = list(locked.filter(pk__gte=statement_ids[0], pk__lte=statement_ids[-1]))
    delete_rows(SearchRow.objects.filter(**bounds))
    index_editions(list(indexable_editions(at).filter(**bounds)), known_stems)
    drafts.update_statements(statements)


def indexable_editions(at: dt.datetime) -> QuerySet[Edition]:
    """Return editions that are public, or will be if nobody stops them."""
    return Edition.objects.filter(
        not_ended_by(at), release_at__isnull=False, suppressed_at=None, erased_at=None
    )


# --- The content of a row -------------------------------------------------------------------------


def _load_facets(editions: list[Edition]) -> dict[int, EditionFacets]:
    themes: dict[int, set[int]] = defaultdict(set)
    speakers: dict[int, set[int]] = defaultdict(set)
    organisations: dict[int, set[int]] = defaultdict(set)
    statement_ids = {edition.statement_id for edition in editions}
    themed = ThemedStatement.objects.filter(content_object__in=statement_ids)
    for statement_id, theme_id in themed.values_list("content_object_id", "tag_id"):
        themes[statement_id].add(theme_id)
    attributions = EditionAttribution.objects.filter(edition__in=editions).values_list(
        "edition_id", "speaker_id", "organisation_id"
    )
    for edition_id, speaker_id, organisation_id in attributions:
        if speaker_id:
            speakers[edition_id].add(speaker_id)
        elif organisation_id:
            organisations[edition_id].add(organisation_id)
    return {
        edition.pk: EditionFacets(
            kind=edition.kind,
            first_release_at=edition.first_release_at or edition.submitted_at,
            themes=themes[edition.statement_id],
            speakers=speakers[edition.pk],
            organisations=organisations[edition.pk],
        )
        for edition in editions
    }


Row = tuple[Any, ...]
"""The values of ROW_COLUMNS."""


def _make_row(edition: Edition, terms: SearchTerms) -> Row:
    times: Row = (edition.first_release_at, edition.release_at, edition.live_until)
    if connection.vendor == "sqlite":
        times = tuple(map(connection.ops.adapt_datetimefield_value, times))
    names = f"{terms.names} {terms.facets}"
    return (edition.pk, edition.statement_id, *times, terms.headline, names, terms.summary)


def _save_stems(terms: dict[int, SearchTerms], known_stems: set[str]) -> None:
    # Sorted, so that two transactions with the same stems never wait for each other.
    stems = set().union(*(edition_terms.list_stems() for edition_terms in terms.values()))
    new = sorted(stems - known_stems)
    parts = [token.rpartition(".") for token in new]
    SearchWord.objects.bulk_create(
        [SearchWord(language=language, stem=stem) for stem, _, language in parts],
        batch_size=BATCH_ROWS,
        ignore_conflicts=True,
    )
    known_stems.update(new)


# --- PostgreSQL -----------------------------------------------------------------------------------


def _write_postgresql(
    cursor: CursorWrapper, rows: list[Row], terms: dict[int, SearchTerms]
) -> None:
    placeholders = ", ".join(["%s"] * len(ROW_COLUMNS))
    assignments = ", ".join(f"{name} = EXCLUDED.{name}" for name in (*ROW_COLUMNS[1:], "words"))
    for batch in _split_batches(rows, BATCH_ROWS):
        cursor.execute(
            f"INSERT INTO statements_searchrow ({', '.join(ROW_COLUMNS)}, words) VALUES "  # noqa: S608 - constants
            + ", ".join([f"({placeholders}, %s::tsvector)"] * len(batch))
            + f" ON CONFLICT (edition_id) DO UPDATE SET {assignments}",
            [value for row in batch for value in (*row, terms[row[0]].to_tsvector())],
        )


@contextmanager
def bulk_indexing() -> Iterator[None]:
    """Add tokens to the PostgreSQL index by the megabyte while thousands of rows are written.

    Row by row, this would cost seven times as much. Searches in the meantime find everything, and
    read the pending tokens too. An interrupted import does no harm: the next one cleans up.
    """
    if connection.vendor != "postgresql" or not _owns_index():
        yield
        return
    _alter_index("fastupdate = on")
    try:
        yield
    finally:
        _alter_index("fastupdate = off")
        with connection.cursor() as cursor:
            cursor.execute("SELECT gin_clean_pending_list('searchrow_words_idx')")


def _owns_index() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_has_role(relowner, 'USAGE') FROM pg_class"
            " WHERE oid = to_regclass('searchrow_words_idx')"
        )
        row: Row | None = cursor.fetchone()
        return row == (True,)


def _alter_index(setting: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER INDEX searchrow_words_idx SET ({setting})")


# --- SQLite ---------------------------------------------------------------------------------------


def _write_sqlite(cursor: CursorWrapper, rows: list[Row], terms: dict[int, SearchTerms]) -> None:
    _delete_sqlite(terms)
    columns, placeholders = ", ".join(ROW_COLUMNS), ", ".join(["%s"] * len(ROW_COLUMNS))
    cursor.executemany(
        f"INSERT OR REPLACE INTO statements_searchrow ({columns}) VALUES ({placeholders})",  # noqa: S608 - constants
        rows,
    )
    cursor.executemany(
        "INSERT INTO statements_search (rowid, words) VALUES (%s, %s)",
        [(pk, edition_terms.to_text()) for pk, edition_terms in terms.items()],
    )


def _delete_sqlite(edition_ids: Iterable[int]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "DELETE FROM statements_search WHERE rowid = %s", [(pk,) for pk in edition_ids]
        )


def _is_indexed(token: str) -> bool:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT 1 FROM statements_searchrow WHERE words @@ %s::tsquery LIMIT 1",
                [quote_token(token)],
            )
        else:
            cursor.execute(
                "SELECT 1 FROM statements_search WHERE statements_search MATCH %s LIMIT 1",
                [f'"{token}"'],
            )
        return cursor.fetchone() is not None


def _split_batches(rows: list[Row], size: int) -> Iterator[list[Row]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
