"""Related articles: the terms of each edition, and which editions are similar.

Derived from frozen content; `manage.py update_related` rebuilds it. Pages show only what is public
at that instant. These tables hold no words: a term is a number, and shared passages are positions
in an edition's text. When an edition is suppressed or erased, its rows go in the same transaction.
"""

from django.db import models
from django.db.models import F, Q

from statements.models.edition import Edition


class DocumentFrequencies(models.Model):
    """How many public editions had each term when they were counted. The last row counts.

    Written once; `finished_at` is set when all suggestions have been found with it.
    """

    made_at = models.DateTimeField()
    public = models.PositiveIntegerField(help_text="How many editions were public then.")
    editions = models.PositiveIntegerField(help_text="How many of them were counted: the newest.")
    keys = models.BinaryField()
    counts = models.BinaryField()
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"Words of {self.editions} editions"


class TermVector(models.Model):
    """The most characteristic terms of an edition, with weights. Rebuilt with each count."""

    edition = models.OneToOneField(Edition, models.CASCADE, primary_key=True, related_name="gist")
    keys = models.BinaryField()
    weights = models.BinaryField()
    count = models.PositiveIntegerField(help_text="The word count that it was weighed by.")
    suggested = models.PositiveIntegerField(
        default=0, help_text="The word count by which its suggestions were found."
    )

    def __str__(self) -> str:
        return f"Terms of edition {self.edition_id}"


class TermPosting(models.Model):
    """A term by which an edition is found as a candidate. Deleted with its term vector."""

    # Editions with this term, newest first, for each term of a new edition. There are many such
    # rows: a primary key of their own, with its index, would double their size.
    pk = models.CompositePrimaryKey("key", "edition")
    key = models.IntegerField()
    edition = models.ForeignKey(Edition, models.CASCADE, related_name="+", db_index=False)
    weight = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return f"{self.key} in edition {self.edition_id}"


class Suggestion(models.Model):
    """An edition that may be suggested under another one while both are public.

    `shared_spans` says where the content of the first has the words that both share.
    """

    pk = models.CompositePrimaryKey("edition", "to")
    edition = models.ForeignKey(Edition, models.CASCADE, related_name="suggestions", db_index=False)
    to = models.ForeignKey(Edition, models.CASCADE, related_name="suggested_beneath")
    similarity = models.PositiveSmallIntegerField(
        help_text="From 0 to 1000, which is the same words."
    )
    shared_spans = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(edition=F("to")),
                name="suggestion_edition_to_check",
                violation_error_message="An edition cannot be suggested beneath itself.",
            ),
        ]

    def __str__(self) -> str:
        return f"Edition {self.edition_id} → {self.to_id}"
