"""What editions are about, in numbers, and which of them are about the same matter.

Derived from the frozen words, made again by `manage.py update_related`, and shown to nobody as it
stands: a page takes of it what is public at that instant. No word stands here: a word is a number,
and a reason the place of words in the text of the edition itself. Where words are suppressed or
erased, the rows go in the same transaction.
"""

from django.db import models
from django.db.models import F, Q

from statements.models.edition import Edition


class DocumentFrequencies(models.Model):
    """In how many public editions each word stood when that was counted. The newest row holds.

    Written once, then `finished_at` when all suggestions have been found by it.
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
    """The most telling words of an edition, each with its weight. Made anew with each count."""

    edition = models.OneToOneField(Edition, models.CASCADE, primary_key=True, related_name="gist")
    keys = models.BinaryField()
    weights = models.BinaryField()
    count = models.PositiveIntegerField(help_text="The word count that it was weighed by.")
    suggested = models.PositiveIntegerField(
        default=0, help_text="The word count by which its suggestions were found."
    )

    def __str__(self) -> str:
        return f"Gist of edition {self.edition_id}"


class TermPosting(models.Model):
    """The few words by which an edition is found as a candidate. Goes with its gist."""

    # Which editions say this word, newest first? Asked for each word of a new edition. There are
    # many such rows: a number of their own, and an index on it, would double them.
    pk = models.CompositePrimaryKey("key", "edition")
    key = models.IntegerField()
    edition = models.ForeignKey(Edition, models.CASCADE, related_name="+", db_index=False)
    weight = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return f"{self.key} in edition {self.edition_id}"


class Suggestion(models.Model):
    """Beneath these exact words, those exact words may be suggested while both are public.

    `places` says where in the content of the first the words stand that both have in common.
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
