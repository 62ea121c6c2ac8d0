"""Remarks of the newsdesk about an edition."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from statements.models.edition import Edition


class Remark(models.Model):
    """One remark in the thread of an edition. Append-only.

    It may quote the statement: an erasure empties it.
    """

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="remarks")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=150, help_text="Their user name that day.")
    at = models.DateTimeField()
    text = models.TextField()
    text_erased_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(text_erased_at__isnull=False) | ~Q(text=""),
                name="remark_text_check",
                violation_error_message="A remark needs text, unless it was erased.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.by_name} on edition {self.edition_id}"
