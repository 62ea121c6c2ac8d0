"""Sign-off: what people outside replied about an edition."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from statements.models.edition import Edition
from statements.models.preview_link import PreviewLink, format_person


class SignOff(models.Model):
    """A person outside agrees to one exact edition, or not yet. Append-only: the last one counts.

    Given by a preview link, or by telephone to the colleague in `recorded_by`. The text may quote
    the statement: an erasure empties it.
    """

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="answers")
    digest = models.CharField(max_length=64)
    preview = models.ForeignKey(PreviewLink, models.PROTECT, null=True, related_name="answers")
    name = models.CharField(max_length=200)
    on_behalf_of = models.CharField(max_length=200, blank=True)
    agrees = models.BooleanField()
    text = models.TextField(blank=True)
    given_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField()
    text_erased_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(preview__isnull=False, recorded_by=None)
                | Q(preview=None, recorded_by__isnull=False),
                name="signoff_preview_recorded_by_check",
                violation_error_message=(
                    "A reply comes by a link or is recorded by a colleague, never both."
                ),
            ),
            models.CheckConstraint(
                condition=Q(agrees=True) | Q(text_erased_at__isnull=False) | ~Q(text=""),
                name="signoff_agrees_text_check",
                violation_error_message="An objection needs a reason, unless it was erased.",
            ),
            models.CheckConstraint(
                condition=Q(given_at__lte=F("recorded_at")),
                name="signoff_given_at_check",
                violation_error_message="A reply cannot be recorded before it was given.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.display_name}: {'agreed' if self.agrees else 'not yet'}"

    @property
    def display_name(self) -> str:
        """The person's name, with the organisation they speak for."""
        return format_person(self.name, self.on_behalf_of)
