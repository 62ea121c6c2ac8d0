"""The search indexes. All are derived from editions and drafts; `reindex_search` rebuilds them.

Rows are written before the release, so that nothing has to happen at that time; queries ask what is
public now. `statements.search.index` is the only writer of the public index, and
`statements.search.drafts` of the newsdesk's.
"""

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from statements.models.edition import Edition
from statements.models.statement import Statement


class SearchRow(models.Model):
    """An edition that has a release time. Mutable; times follow the edition.

    Its words are in a column `words` of this table on PostgreSQL (tsvector, with a GIN index), and
    in the FTS5 table `statements_search` on SQLite, whose rowid is the edition's.
    """

    edition = models.OneToOneField(Edition, models.CASCADE, primary_key=True, related_name="+")
    statement = models.ForeignKey(Statement, models.CASCADE, related_name="+")
    first_release_at = models.DateTimeField()
    release_at = models.DateTimeField()
    live_until = models.DateTimeField()
    headline = models.TextField(help_text="The tokens of the headline, with spaces between.")
    names = models.TextField(
        help_text="The tokens of speakers, organisations, themes and kind, such as theme:7."
    )
    summary = models.TextField(help_text="The tokens of the summary.")

    class Meta:
        indexes = [
            # How far back do the newest thousands reach? Used by every search.
            models.Index(
                fields=["-first_release_at", "-statement"], name="searchrow_first_release_idx"
            )
        ]

    def __str__(self) -> str:
        return f"Edition {self.edition_id}"


class SearchWord(models.Model):
    """A stem that an indexed edition has or had, public or not.

    Spelling suggestions and the list of languages begin here, and must check for a public edition.
    """

    language = models.CharField(max_length=12)
    stem = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["language", "stem"],
                name="searchword_language_stem_uniq",
                violation_error_message="This language already has this stem.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.stem} ({self.language})"


class TokensField(models.Field[str, Any]):
    """Hold tokens in the form that each database indexes best, in its own notation.

    That is a tsvector with a GIN index on PostgreSQL, and a text with an FTS5 index on SQLite. They
    are looked up by SQL, and never read back.
    """

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "tsvector" if connection.vendor == "postgresql" else "text"


class DraftSearchRow(models.Model):
    """The words of a statement that no public or scheduled edition has. Mutable.

    They are those of its draft and of its other editions. Only the newsdesk's search reads this
    table, and its index `statements_search_drafts` on SQLite: the public search has tables of its
    own, so that no mistake in a query of a public page can find unreleased words.
    """

    statement = models.OneToOneField(
        Statement, models.CASCADE, primary_key=True, related_name="draft_search_row"
    )
    words = TokensField()

    def __str__(self) -> str:
        return f"Statement {self.statement_id}"
