"""Writing where search looks: rows that follow the editions, in the transaction of each verb.

An edition has a row from the moment it has a release time until it ends, and none once its words
were taken back. What is public is asked by whoever reads (`statements.published.search_rows`).
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from django.db import connection, transaction
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
from statements.search.terms import EditionFacets, SearchTerms, quote_token, terms_of_content

BATCH_ROWS = 500
ROW_COLUMNS = (
    *("edition_id", "statement_id", "first_release_at", "release_at", "live_until"),
    *("headline", "names", "summary"),
)


def update_statement(statement: Statement, *, at: dt.datetime) -> None:
    """Let the rows of this statement's editions say what the editions say now."""
    editions = list(indexable_editions(at).filter(statement=statement))
    delete_rows(SearchRow.objects.filter(statement=statement).exclude(edition__in=editions))
    index_editions(editions)


def delete_rows(rows: QuerySet[SearchRow]) -> None:
    """Take these rows away."""
    editions = list(rows.values_list("pk", flat=True))
    if editions and connection.vendor == "sqlite":
        _delete_sqlite(editions)
    SearchRow.objects.filter(pk__in=editions).delete()


def erase_editions(editions: list[Edition]) -> None:
    """Take the words of these editions away, and every stem that nothing else holds.

    Call it while they still have their words.
    """
    delete_rows(SearchRow.objects.filter(edition__in=editions))
    for edition in editions:
        for token in terms_of_content(edition.content_data).list_stems():
            stem, _, language = token.rpartition(".")
            if not _is_indexed(token):
                SearchWord.objects.filter(language=language, stem=stem).delete()
    if connection.vendor == "sqlite":  # which keeps what was deleted until it tidies up
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO statements_search (statements_search) VALUES ('optimize')")


def index_editions(
    editions: list[Edition],
    known_stems: set[str] | None = None,
    precomputed: Mapping[str, SearchTerms] | None = None,
) -> None:
    """Write the rows of these editions, whether or not they had any. Three queries or four.

    `known` remembers the stems that are kept already, for whoever calls this again and again.
    `read` are the terms of words that were read before, by the digest of those words.
    """
    if not editions:
        return
    places, precomputed = _load_facets(editions), precomputed or {}
    found = {
        edition.pk: (
            precomputed.get(edition.digest) or terms_of_content(edition.content_data)
        ).with_facets(places[edition.pk])
        for edition in editions
    }
    rows = [_make_row(edition, found[edition.pk]) for edition in editions]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            _write_postgresql(cursor, rows, found)
        else:
            _write_sqlite(cursor, rows, found)
    _save_stems(found, known_stems if known_stems is not None else set())


def rebuild_index(*, at: dt.datetime) -> Iterator[tuple[int, int]]:
    """Make every row anew, a batch of statements in a transaction; yields (done, of how many).

    Both by row number of the statements: nothing is counted, and the memory stays as it is.
    """
    last = Statement.objects.aggregate(last=Max("pk"))["last"] or 0
    known: set[str] = set()
    for start in range(1, last + 1, BATCH_ROWS):
        numbers = range(start, min(start + BATCH_ROWS, last + 1))
        with transaction.atomic():
            _rebuild_range(numbers, known, at)
        yield numbers[-1], last
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE statements_searchrow")


def _rebuild_range(numbers: range, known: set[str], at: dt.datetime) -> None:
    within = {"statement__gte": numbers[0], "statement__lte": numbers[-1]}
    # Locked, so that a verb which is at work on one of them has the last word.
    locked = Statement.objects.select_for_update(no_key=True).order_by("pk")
    list(locked.filter(pk__gte=numbers[0], pk__lte=numbers[-1]).values_list("pk"))
    delete_rows(SearchRow.objects.filter(**within))
    index_editions(list(indexable_editions(at).filter(**within)), known)


def indexable_editions(at: dt.datetime) -> QuerySet[Edition]:
    """Editions that are public, or will be unless somebody stops them."""
    return Edition.objects.filter(
        not_ended_by(at), release_at__isnull=False, suppressed_at=None, erased_at=None
    )


# --- What stands in a row -------------------------------------------------------------------------


def _load_facets(editions: list[Edition]) -> dict[int, EditionFacets]:
    themes: dict[int, set[int]] = defaultdict(set)
    speakers: dict[int, set[int]] = defaultdict(set)
    bodies: dict[int, set[int]] = defaultdict(set)
    statements = {edition.statement_id for edition in editions}
    filed = ThemedStatement.objects.filter(content_object__in=statements)
    for statement, theme in filed.values_list("content_object_id", "tag_id"):
        themes[statement].add(theme)
    voices = EditionAttribution.objects.filter(edition__in=editions)
    for edition_pk, speaker, body in voices.values_list(
        "edition_id", "speaker_id", "organisation_id"
    ):
        (speakers if speaker else bodies)[edition_pk].add(speaker or body)
    return {
        edition.pk: EditionFacets(
            kind=edition.kind,
            first_release_at=edition.first_release_at or edition.submitted_at,
            themes=themes[edition.statement_id],
            speakers=speakers[edition.pk],
            organisations=bodies[edition.pk],
        )
        for edition in editions
    }


def _make_row(edition: Edition, found: SearchTerms) -> tuple:
    times: tuple = (edition.first_release_at, edition.release_at, edition.live_until)
    if connection.vendor == "sqlite":
        times = tuple(map(connection.ops.adapt_datetimefield_value, times))
    names = f"{found.names} {found.facets}"
    return (edition.pk, edition.statement_id, *times, found.headline, names, found.summary)


def _save_stems(found: dict[int, SearchTerms], known: set[str]) -> None:
    """In order, so that two verbs that keep the same stems never wait for each other."""
    new = sorted(set().union(*(one.list_stems() for one in found.values())) - known)
    kept = [token.rpartition(".") for token in new]
    SearchWord.objects.bulk_create(
        [SearchWord(language=language, stem=stem) for stem, _, language in kept],
        batch_size=BATCH_ROWS,
        ignore_conflicts=True,
    )
    known.update(new)


# --- PostgreSQL -----------------------------------------------------------------------------------


def _write_postgresql(cursor, rows: list[tuple], found: dict[int, SearchTerms]) -> None:
    places = ", ".join(["%s"] * len(ROW_COLUMNS))
    changed = ", ".join(f"{name} = EXCLUDED.{name}" for name in (*ROW_COLUMNS[1:], "words"))
    for batch in _split_batches(rows, BATCH_ROWS):
        cursor.execute(
            f"INSERT INTO statements_searchrow ({', '.join(ROW_COLUMNS)}, words) VALUES "  # noqa: S608
            + ", ".join([f"({places}, %s::tsvector)"] * len(batch))
            + f" ON CONFLICT (edition_id) DO UPDATE SET {changed}",
            [value for row in batch for value in (*row, found[row[0]].to_tsvector())],
        )


@contextmanager
def bulk_indexing() -> Iterator[None]:
    """While thousands of rows are written: their words go into the index by the megabyte.

    One by one it costs seven times as much. Whoever searches meanwhile finds everything, and reads
    what was gathered besides. Nothing is lost by a stop: the next one who gathers puts it right.
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
        return cursor.fetchone() == (True,)


def _alter_index(setting: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER INDEX searchrow_words_idx SET ({setting})")


# --- SQLite ---------------------------------------------------------------------------------------


def _write_sqlite(cursor, rows: list[tuple], found: dict[int, SearchTerms]) -> None:
    _delete_sqlite(found)
    places = ", ".join(["%s"] * len(ROW_COLUMNS))
    cursor.executemany(
        f"INSERT OR REPLACE INTO statements_searchrow ({', '.join(ROW_COLUMNS)}) VALUES ({places})",  # noqa: S608
        rows,
    )
    cursor.executemany(
        "INSERT INTO statements_search (rowid, words) VALUES (%s, %s)",
        [(pk, one.to_text()) for pk, one in found.items()],
    )


def _delete_sqlite(editions: Iterable[int]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "DELETE FROM statements_search WHERE rowid = %s", [(pk,) for pk in editions]
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


def _split_batches(rows: list[tuple], size: int) -> Iterator[list[tuple]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
