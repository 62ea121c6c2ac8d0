"""Withdrawals of editions."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _lazy

from statements.models.edition import Edition
from statements.models.statement import Statement


class Withdrawal(models.Model):
    """A withdrawal of an edition, with its notice. Append-only: the last one counts.

    Notice and target may repeat the words: an erasure empties them.
    """

    class Kind(models.TextChoices):
        NOTICE = "notice", _lazy("The words, under a notice")
        GONE = "gone", _lazy("Removed from the site")

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="withdrawals")
    statement = models.ForeignKey(Statement, models.PROTECT, related_name="withdrawals")
    kind = models.CharField(max_length=10, choices=Kind)
    from_at = models.DateTimeField()
    notice = models.TextField(help_text="What the public reads in its place.")
    target = models.CharField(
        max_length=300, blank=True, help_text="Where readers of a gone statement are sent."
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    text_erased_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(text_erased_at__isnull=False) | ~Q(notice=""),
                name="withdrawal_notice_check",
                violation_error_message="A withdrawal needs a notice, unless it was erased.",
            ),
            models.CheckConstraint(
                condition=Q(target="") | Q(kind="gone"),
                name="withdrawal_target_check",
                violation_error_message="Only a removed statement redirects.",
            ),
        ]
        indexes = [
            # Withdrawals, newest first, for the corrections log.
            models.Index(fields=["-from_at", "-id"], name="withdrawal_from_at_id_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.edition}, {self.get_kind_display()}"
