"""The cache version, which says that something public may have changed."""

from django.db import models


class CacheVersion(models.Model):
    """A counter that triggers raise in every transaction that the public could see. Mutable.

    The cache version is the sum of all rows. Each transaction raises a row that no other has locked
    (see integrity/cache_triggers.py), so that no writer waits for another. As each adds to the sum,
    it differs after every commit, in any order.
    """

    number = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.number} changes"
