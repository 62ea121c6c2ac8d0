"""The generation of the record: what says to a cache that something public may have changed."""

from django.db import models


class CacheVersion(models.Model):
    """A counter that triggers move in every transaction that the public could see. Mutable.

    The generation is the sum of all rows. Each transaction moves a row that no other holds (see
    statements/integrity/cache_triggers.py), so that no writer ever waits for another because of it;
    and as each
    adds to the sum, it differs after every commit, whichever comes first.
    """

    number = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.number} changes"
