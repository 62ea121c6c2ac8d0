"""Results of checking the links in statements."""

from django.db import models


class LinkCheck(models.Model):
    """What the worker found when it last asked for a link in a statement. Mutable."""

    url = models.CharField(max_length=2000, unique=True)
    asked_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True, help_text="Null while the worker has not been.")
    problem = models.CharField(max_length=300, blank=True, help_text="Empty: the link is alive.")

    def __str__(self) -> str:
        return f"{self.url}: {self.problem or 'alive'}"
