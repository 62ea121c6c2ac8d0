"""Remarks of the newsdesk about an edition or a version of a draft."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from statements.models.edition import Edition
from statements.models.statement import Statement


class Remark(models.Model):
    """One remark on an edition, or on a saved version of the draft; perhaps on one passage of it.

    Text, place and person never change; it is resolved and reopened. It may quote the statement: an
    erasure empties it.
    """

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="remarks")
    edition = models.ForeignKey(Edition, models.PROTECT, null=True, related_name="remarks")
    version = models.PositiveIntegerField(
        null=True, help_text="Of the draft, where it is on no edition."
    )
    block_id = models.CharField(
        max_length=32, blank=True, help_text="The passage. Empty: on the whole."
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=150, help_text="Their user name that day.")
    at = models.DateTimeField()
    text = models.TextField()
    text_erased_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(text_erased_at__isnull=False) | ~Q(text=""),
                name="remark_text_check",
                violation_error_message="A remark needs text, unless it was erased.",
            ),
            models.CheckConstraint(
                condition=Q(edition=None, version__isnull=False)
                | Q(edition__isnull=False, version=None),
                name="remark_edition_version_check",
                violation_error_message="A remark is on an edition or on a version of the draft.",
            ),
            models.CheckConstraint(
                condition=Q(resolved_by=None, resolved_at=None)
                | Q(resolved_by__isnull=False, resolved_at__isnull=False),
                name="remark_resolved_check",
                violation_error_message="A resolved remark records who resolved it and when.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.by_name} on statement {self.statement_id}"
