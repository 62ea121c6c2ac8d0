"""Who outside the newsdesk was asked to agree, when they looked, and what they answered."""

import datetime as dt
import hashlib
import secrets

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from statements.models.edition import Edition


class PreviewLink(models.Model):
    """One named person may read one exact edition by a link, until a time.

    Whom and what it is for never changes; it is revoked, or it expires. The address it was mailed
    to may be emptied, when there is no more use for it.
    """

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="previews")
    name = models.CharField(max_length=200)
    on_behalf_of = models.CharField(max_length=200, blank=True, help_text="A body, as printed.")
    email = models.EmailField(blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    again_of = models.ForeignKey("self", models.PROTECT, null=True, related_name="sent_again")
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(name=""),
                name="previewlink_name_check",
                violation_error_message="A preview link needs the name of its reader.",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at")),
                name="previewlink_expires_at_check",
                violation_error_message="A preview link expires after it is made.",
            ),
            models.CheckConstraint(
                condition=Q(revoked_by=None, revoked_at=None)
                | Q(revoked_by__isnull=False, revoked_at__isnull=False),
                name="previewlink_revoked_check",
                violation_error_message="A revoked link records who revoked it and when.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.display_name}, edition {self.edition_id}"

    @property
    def display_name(self) -> str:
        return f"{self.name} ({self.on_behalf_of})" if self.on_behalf_of else self.name

    def is_active(self, at: dt.datetime) -> bool:
        return self.revoked_at is None and at < self.expires_at


class PreviewTokenManager(models.Manager["PreviewToken"]):
    def create_token(self, preview: PreviewLink) -> str:
        """A new token of 192 random bits; only its hash is written down."""
        token = secrets.token_urlsafe(24)
        self.create(preview=preview, token_hash=_hash_token(token))
        return token

    def find_preview(self, token: str) -> PreviewLink | None:
        """Whom this token was made for, whether it still works or not.

        Looked up by its hash, so that the time it takes tells nothing about a token nearly right.
        """
        people = ("preview__edition__statement", "preview__made_by")
        key = self.select_related(*people).filter(token_hash=_hash_token(token)).first()
        return key.preview if key else None


def _hash_token(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class PreviewToken(models.Model):
    """SHA-256 of a token that opens a preview. Append-only.

    The token itself is written down nowhere. One is shown to whoever asks; the worker makes another
    for the mail, so that none waits in its queue.
    """

    preview = models.ForeignKey(PreviewLink, models.PROTECT, related_name="keys")
    token_hash = models.CharField(max_length=64, unique=True)

    objects = PreviewTokenManager()

    def __str__(self) -> str:
        return f"A key to {self.preview_id}"


class PreviewVisit(models.Model):
    """A preview was opened. Append-only: the time and nothing else about who did it."""

    preview = models.ForeignKey(PreviewLink, models.PROTECT, related_name="openings")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"Preview {self.preview_id} opened at {self.at}"


class SignOff(models.Model):
    """Somebody agreed to exactly these words, or not yet. Append-only: their newest one counts.

    Given by the link of a preview, or by telephone to the colleague in `recorded_by`. What was
    written may quote the statement: an erasure empties it.
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
                violation_error_message="A reply comes by a link or is recorded by a colleague, never both.",
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
        return f"{self.name} ({self.on_behalf_of})" if self.on_behalf_of else self.name
