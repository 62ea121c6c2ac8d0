"""Write the newsdesk's own search index, in the transaction of each save.

A statement has a row in it while its draft, or an edition that is neither public nor scheduled,
says something that the public index does not have. That index holds the rest: most statements of
an archive need no row here. `newsdesk` asks both.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models.signals import post_save

from statements.clock import FOREVER
from statements.content.reading import read_content
from statements.content.schema import Content
from statements.models import (
    DraftSearchRow,
    DraftVersion,
    Edition,
    Passage,
    Statement,
    ThemedStatement,
)
from statements.publicness import not_ended_by
from statements.search.terms import SearchTerms, format_facets, join_terms, terms_of_content

LAST_INSTANT = FOREVER - dt.timedelta(days=1)
"""At this instant every scheduled edition is public that nobody stops."""


def connect_signals() -> None:
    """Index a draft with each version of it that is stored; called when Django starts."""
    post_save.connect(_index_version, sender=DraftVersion, dispatch_uid="draft_search_row")


def _index_version(instance: DraftVersion, created: bool, raw: bool, **kwargs: Any) -> None:
    if created and not raw:
        _write_row(Statement.objects.get(pk=instance.statement_id), read_content(instance.text))


def update_statement(statement: Statement) -> None:
    """Bring the row of this statement up to date with its draft and its editions."""
    saved = Statement.objects.get(pk=statement.pk)
    _write_row(saved, saved.content())


def erase_statement(statement: Statement) -> None:
    """Write the row again, and let no index keep a token of what it held before."""
    update_statement(statement)
    if connection.vendor == "sqlite":  # FTS5 keeps deleted tokens in its segments until it merges
        table = "statements_search_drafts"
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")  # noqa: S608 - a constant


def update_statements(statements: Iterable[Statement]) -> None:
    """Bring the rows of these statements up to date, where a batch was written without saves."""
    for statement in statements:
        _write_row(statement, statement.content())


def _write_row(statement: Statement, draft: Content) -> None:
    documents = [] if statement.discarded_at else _find_missing_documents(statement, draft)
    if not documents and (statement.discarded_at or _has_covered_edition(statement)):
        DraftSearchRow.objects.filter(statement=statement).delete()
        return
    text, vector = join_terms(documents, _list_facets(statement))
    row = DraftSearchRow(
        statement=statement, words=vector if connection.vendor == "postgresql" else text
    )
    DraftSearchRow.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["statement"], update_fields=["words"]
    )


def _find_missing_documents(statement: Statement, draft: Content) -> list[SearchTerms]:
    """Return the terms of the draft and of each edition, unless the public index has the same."""
    readable = statement.editions.filter(suppressed_at=None, erased_at=None)
    covered = set(_covered_editions(statement).values_list("pk", flat=True))
    known = [terms_of_content(e.content_data) for e in readable if e.pk in covered]
    missing: list[SearchTerms] = []
    others = [edition.content_data for edition in readable if edition.pk not in covered]
    for content in (draft, *others):
        terms = terms_of_content(content)
        if terms not in known:
            known.append(terms)
            missing.append(terms)
    return missing


def _covered_editions(statement: Statement) -> Any:
    return Edition.objects.filter(
        not_ended_by(LAST_INSTANT),
        statement=statement,
        release_at__isnull=False,
        suppressed_at=None,
        erased_at=None,
    )


def _has_covered_edition(statement: Statement) -> bool:
    return bool(_covered_editions(statement).exists())


def _list_facets(statement: Statement) -> list[str]:
    """Return the tokens of the draft's kind, publishers, themes and speakers."""
    themes = ThemedStatement.objects.filter(content_object=statement)
    speakers = Passage.objects.filter(statement=statement, speaker__isnull=False)
    return format_facets(
        statement.kind,
        themes=themes.values_list("tag_id", flat=True),
        speakers=speakers.values_list("speaker_id", flat=True).order_by().distinct(),
        organisations=[organisation.pk for organisation in statement.list_publishers()],
    )


def delete_rows(*, first: int, last: int) -> None:
    """Delete the rows of a range of statements, before they are written again."""
    DraftSearchRow.objects.filter(statement__gte=first, statement__lte=last).delete()
