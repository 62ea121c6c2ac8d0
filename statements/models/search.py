"""The search index. All of it is derived from editions; `reindex_search` rebuilds it.

Rows are written before the release, so that nothing has to happen at that time; queries ask what is
public now. `statements.search.index` is the only writer.
"""

from django.db import models

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
