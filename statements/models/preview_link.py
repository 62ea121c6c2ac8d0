"""Preview links: who outside may read which edition, and when they opened it."""

import datetime as dt
import hashlib
import secrets

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from statements.models.edition import Edition


def format_person(name: str, on_behalf_of: str) -> str:
    """Return a name, with the organisation that the person speaks for."""
    return f"{name} ({on_behalf_of})" if on_behalf_of else name


class PreviewLink(models.Model):
    """A link by which one named person may read one exact edition, until a time.

    Reader and edition never change; it is revoked, or it expires. `email` may be emptied when it is
    no longer needed.
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
        """The reader's name, with the organisation they speak for."""
        return format_person(self.name, self.on_behalf_of)

    def is_active(self, at: dt.datetime) -> bool:
        """Return whether the link opens the edition at this instant."""
        return self.revoked_at is None and at < self.expires_at


class PreviewTokenManager(models.Manager["PreviewToken"]):
    def create_token(self, preview: PreviewLink) -> str:
        """Return a new token of 192 random bits; only its hash is stored."""
        token = secrets.token_urlsafe(24)
        self.create(preview=preview, token_hash=_hash_token(token))
        return token

    def find_preview(self, token: str) -> PreviewLink | None:
        """Return the link that this token opens, also if it expired or was revoked.

        The lookup is by hash: its duration says nothing about a token that is nearly right.
        """
        tokens = self.select_related("preview__edition__statement", "preview__made_by")
        row = tokens.filter(token_hash=_hash_token(token)).first()
        return row.preview if row else None


def _hash_token(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class PreviewToken(models.Model):
    """SHA-256 of a token that opens a preview link. Append-only.

    The token itself is not stored. One is shown to the colleague who asks for it; the worker makes
    another for the mail, so that none waits in its queue.
    """

    preview = models.ForeignKey(PreviewLink, models.PROTECT, related_name="keys")
    token_hash = models.CharField(max_length=64, unique=True)

    objects = PreviewTokenManager()

    def __str__(self) -> str:
        return f"Token of preview link {self.preview_id}"


class PreviewVisit(models.Model):
    """A time at which a preview link was opened, and nothing about the visitor. Append-only."""

    preview = models.ForeignKey(PreviewLink, models.PROTECT, related_name="openings")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"Preview {self.preview_id} opened at {self.at}"
