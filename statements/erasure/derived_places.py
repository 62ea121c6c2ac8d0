"""Places that were derived from content: the indexes, and what pages are suggested by."""

from django.db import connection

from statements.erasure.place import Erasure, Place
from statements.models import EditionAttribution, Fingerprints, SavedView
from statements.related import term_vectors
from statements.search import drafts, index
from statements.search.saved_views import quotes_any


def _erase_search_rows(erasure: Erasure) -> None:
    index.erase_editions(erasure.editions)


def _erase_fingerprints(erasure: Erasure) -> None:
    Fingerprints.objects.filter(edition__in=erasure.editions).delete()
    if connection.vendor == "sqlite":  # FTS5 keeps deleted numbers in its segments until it merges
        table = "statements_fingerprints_index"
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")  # noqa: S608 - a constant


def _erase_terms(erasure: Erasure) -> None:
    term_vectors.delete_vectors(erasure.editions)
    term_vectors.delete_frequencies()


def _erase_attributions(erasure: Erasure) -> None:
    EditionAttribution.objects.filter(edition__in=erasure.editions).delete()


def _erase_draft_row(erasure: Erasure) -> None:
    drafts.erase_statement(erasure.statement)


def _erase_saved_views(erasure: Erasure) -> None:
    quoting = [view.pk for view in SavedView.objects.all() if quotes_any(view, erasure.contents)]
    SavedView.objects.filter(pk__in=quoting).delete()


DERIVED_PLACES = [
    Place(
        "The rows of the search index are deleted, and each stem that no other row has.",
        {
            "statements.SearchRow": "headline names summary words",
            "statements.SearchWord": "language stem",
            "statements_search": "words",
        },
        _erase_search_rows,
    ),
    Place(
        "The fingerprints are deleted: they would confirm a guess.",
        {"statements.Fingerprints": "prints", "statements_fingerprints_index": "prints"},
        _erase_fingerprints,
    ),
    Place(
        "Terms and suggestions are deleted, and terms of all editions are counted again.",
        {
            "statements.TermVector": "keys weights",
            "statements.TermPosting": "key",
            "statements.Suggestion": "shared_spans",
            "statements.DocumentFrequencies": "keys counts",
        },
        _erase_terms,
    ),
    Place(
        "Saved views of the list are deleted if they search for words that the content has.",
        {"statements.SavedView": "name query"},
        _erase_saved_views,
    ),
    Place(
        "The edition leaves the lists of its speakers and organisations.",
        {"statements.EditionAttribution": ""},
        _erase_attributions,
    ),
]

REWRITTEN_PLACES = [
    Place(
        "The row of the newsdesk's search index is written again, from what is left.",
        {"statements.DraftSearchRow": "words", "statements_search_drafts": "words"},
        _erase_draft_row,
    )
]
"""Places that are derived from what the others leave, and come last."""
