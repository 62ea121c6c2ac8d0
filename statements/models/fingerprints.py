"""What the check of a quotation looks up: which editions may hold these words."""

from collections.abc import Iterable
from typing import Any

from django.db import models

from statements.models.edition import Edition
from statements.quotations.matching import fingerprint_content


class FingerprintField(models.Field):
    """Whole numbers, held by the index that each database is best at: GIN over an array, or FTS5
    over a line of words. They are looked up by SQL, and never read back."""

    def db_type(self, connection) -> str:
        return "integer[]" if connection.vendor == "postgresql" else "text"

    def get_db_prep_value(self, value: Iterable[int], connection, prepared: bool = False) -> Any:
        if connection.vendor == "postgresql":
            return list(value)
        return to_fts_tokens(value)


def to_fts_tokens(prints: Iterable[int], between: str = " ") -> str:
    """The numbers as words of an FTS5 index or query."""
    return between.join(f"{number:06x}" for number in prints)


class FingerprintsManager(models.Manager["Fingerprints"]):
    def store(self, editions: Iterable[Edition]) -> None:
        """Write those of these editions, in place of any that were there."""
        self.bulk_create(
            [Fingerprints.from_edition(edition) for edition in editions],
            update_conflicts=True,
            unique_fields=["edition"],
            update_fields=["prints"],
        )

    def unindexed_editions(self) -> models.QuerySet[Edition]:
        """Approved editions that could not be found by their words."""
        return Edition.objects.approved().filter(
            fingerprints=None, suppressed_at=None, erased_at=None
        )


class Fingerprints(models.Model):
    """Numbers made from the runs of words of one approved edition; mutable, and made anew at will.

    Written when the edition is approved, so that at its release nothing is left to do. A trigger
    takes them away with the words: the numbers of what was erased would still answer a guess.
    """

    edition = models.OneToOneField(Edition, models.CASCADE, primary_key=True)
    prints = FingerprintField()

    objects = FingerprintsManager()

    class Meta:
        verbose_name_plural = "fingerprints"

    def __str__(self) -> str:
        return f"Fingerprints of edition {self.edition_id}"

    @classmethod
    def from_edition(cls, edition: Edition) -> "Fingerprints":
        return cls(edition=edition, prints=sorted(fingerprint_content(edition.content_data)))
