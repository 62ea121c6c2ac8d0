"""Where search looks. All of it derived from editions, and made anew by `reindex_search`.

Rows are written before the release, so that nothing has to happen at it; whoever reads them asks
what is public at that instant. See `statements.search.index`, the only writer.
"""

from django.db import models

from statements.models.edition import Edition
from statements.models.statement import Statement


class SearchRow(models.Model):
    """An edition that is public or has a release time. Mutable; dates follow their edition.

    Its words lie where each database finds them fast: on PostgreSQL in a column `words` of this
    table (tsvector, with a GIN index), on SQLite in the FTS5 table `statements_searchwords`, whose
    rowid is the edition's.
    """

    edition = models.OneToOneField(Edition, models.CASCADE, primary_key=True, related_name="+")
    statement = models.ForeignKey(Statement, models.CASCADE, related_name="+")
    first_release_at = models.DateTimeField()
    release_at = models.DateTimeField()
    live_until = models.DateTimeField()
    headline = models.TextField(help_text="The tokens of the headline, with spaces between.")
    names = models.TextField(
        help_text="The tokens of whoever speaks and of what it belongs to: theme:7, kind:speech."
    )
    summary = models.TextField(help_text="The tokens of the summary.")

    class Meta:
        indexes = [
            # Which are newest? Asked by every search: how far back are the newest thousands?
            models.Index(
                fields=["-first_release_at", "-statement"], name="searchrow_first_release_idx"
            )
        ]

    def __str__(self) -> str:
        return f"Edition {self.edition_id}"


class SearchWord(models.Model):
    """A stem that some indexed edition has or had: says nothing about what is public.

    Spelling offers and the list of languages start here, and must look for a public edition.
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
