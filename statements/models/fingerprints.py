"""Store the fingerprints that the quotation check finds editions by."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from statements.models.edition import Edition


class FingerprintField(models.Field[Iterable[int], Any]):
    """Hold whole numbers in the form that each database indexes best.

    That is an array with a GIN index on PostgreSQL, and words with an FTS5 index on SQLite. They
    are looked up by SQL, and never read back.
    """

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "integer[]" if connection.vendor == "postgresql" else "text"

    def get_db_prep_value(
        self, value: Iterable[int], connection: BaseDatabaseWrapper, prepared: bool = False
    ) -> Any:
        if connection.vendor == "postgresql":
            return list(value)
        return to_fts_tokens(value)


def to_fts_tokens(prints: Iterable[int], separator: str = " ") -> str:
    """Return the numbers as words of an FTS5 index or query."""
    return separator.join(f"{number:06x}" for number in prints)


class FingerprintsManager(models.Manager["Fingerprints"]):
    def unindexed_editions(self) -> models.QuerySet[Edition]:
        """Return approved editions that the quotation check cannot find yet."""
        return Edition.objects.approved().filter(
            fingerprints=None, suppressed_at=None, erased_at=None
        )


class Fingerprints(models.Model):
    """Hold numbers made from the word sequences of one approved edition.

    They are written at approval, so that nothing is left to do at the release, and can be computed
    again at any time. A trigger deletes them with the content: the numbers of erased text would
    still confirm a guess.
    """

    edition = models.OneToOneField(Edition, models.CASCADE, primary_key=True)
    prints = FingerprintField()

    objects = FingerprintsManager()

    class Meta:
        verbose_name_plural = "fingerprints"

    def __str__(self) -> str:
        return f"Fingerprints of edition {self.edition_id}"
