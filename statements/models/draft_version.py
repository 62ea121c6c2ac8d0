"""Draft versions: what a draft said after each save, and who saved it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from statements.models.statement import Statement


class DraftVersion(models.Model):
    """The content of a draft as one person saved it. Append-only.

    `by` is empty where the workflow changed the draft: submission clears the correction note. An
    erasure empties the text.
    """

    statement = models.ForeignKey(Statement, models.CASCADE, related_name="draft_versions")
    version = models.PositiveIntegerField(help_text="Of the statement.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    text = models.TextField(blank=True, help_text="The content, as canonical JSON.")
    text_erased_at = models.DateTimeField(null=True)
    restored_from = models.PositiveIntegerField(
        null=True, help_text="The version whose words this one has again."
    )

    class Meta:
        ordering = ["version"]
        constraints = [
            models.UniqueConstraint(
                fields=["statement", "version"],
                name="draftversion_statement_version_uniq",
                violation_error_message="This version was saved already.",
            ),
            models.CheckConstraint(
                condition=Q(text_erased_at__isnull=False) | ~Q(text=""),
                name="draftversion_text_check",
                violation_error_message="A version holds its content, unless it was erased.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.statement_id}, version {self.version}"
