"""Sign-off: what people outside replied about an edition or a draft."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from statements.models.draft_version import DraftVersion
from statements.models.edition import Edition
from statements.models.event import hash_text
from statements.models.preview_link import (
    PreviewLink,
    describe_subject,
    format_person,
    one_subject_constraint,
)
from statements.models.statement import Statement


class SignOff(models.Model):
    """A person outside agrees to one exact text, or not yet. Append-only: the last one counts.

    The text is an edition or a saved draft: `digest` is that of the edition, or over the draft's
    text with a `salt`. Triggers hold that it is what the link showed, so that an answer to a draft
    is never one to an edition. Given by a preview link, or by telephone to the colleague in
    `recorded_by`. The reason may quote the statement: an erasure empties it.
    """

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="answers")
    edition = models.ForeignKey(Edition, models.PROTECT, null=True, related_name="answers")
    draft_version = models.ForeignKey(
        DraftVersion, models.PROTECT, null=True, related_name="answers"
    )
    digest = models.CharField(max_length=64)
    salt = models.CharField(max_length=32, blank=True)
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
            one_subject_constraint("signoff", "A reply is about either an edition or a draft."),
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
                condition=Q(draft_version=None, salt="")
                | Q(text_erased_at__isnull=False)
                | Q(draft_version__isnull=False) & ~Q(salt=""),
                name="signoff_salt_check",
                violation_error_message="A reply to a draft has a salted digest.",
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

    @property
    def subject(self) -> str:
        """What was read: “edition 2” or “draft version 6”."""
        return describe_subject(self.edition, self.draft_version)


def digest_draft(version: DraftVersion, salt: str) -> str:
    """Return the digest of an answer to a draft, whose text has no salt of its own.

    Without the salt, it would still confirm a guess at words that were erased.
    """
    return hash_text(salt, version.text)
