"""Seals: what the record said on a day, for people who trust neither this site nor its owner."""

from django.db import models
from django.db.models import Q

from statements.models.edition import Edition


class Seal(models.Model):
    """A signed document over a list of released editions. Public, and append-only.

    `document` is the exact text that was signed. A time-stamping authority may date it later.
    """

    number = models.PositiveIntegerField(unique=True)
    sealed_at = models.DateTimeField()
    document = models.TextField()
    signature = models.CharField(max_length=88)
    key_id = models.CharField(max_length=16)
    timestamp = models.BinaryField(default=b"", help_text="The answer of the authority, as DER.")

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"Seal {self.number}"


class SealedEdition(models.Model):
    """An edition in the list of a seal, as SHA-256 of “uuid number digest”. Append-only.

    The digest has a salt, so that the hash of an edition that is erased later confirms no guess.
    """

    seal = models.ForeignKey(Seal, models.PROTECT, related_name="entries")
    edition = models.OneToOneField(Edition, models.PROTECT, related_name="sealed")
    number = models.PositiveIntegerField(help_text="Counts the releases of the statement, from 1.")
    leaf = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(number__gte=1),
                name="sealededition_number_check",
                violation_error_message="Releases are counted from 1.",
            )
        ]

    def __str__(self) -> str:
        return self.leaf
