"""Who outside the newsdesk was asked to agree, when they looked, and what they answered."""

import datetime as dt
import hashlib
import secrets

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from statements.models.edition import Edition


class Preview(models.Model):
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
            models.CheckConstraint(condition=~Q(name=""), name="preview_is_for_a_named_person"),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at")), name="preview_expires_after_it_is_made"
            ),
            models.CheckConstraint(
                condition=Q(revoked_by=None, revoked_at=None)
                | Q(revoked_by__isnull=False, revoked_at__isnull=False),
                name="revocation_names_person_and_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.whom}, edition {self.edition_id}"

    @property
    def whom(self) -> str:
        return f"{self.name} ({self.on_behalf_of})" if self.on_behalf_of else self.name

    def works(self, at: dt.datetime) -> bool:
        return self.revoked_at is None and at < self.expires_at


class PreviewKeyManager(models.Manager["PreviewKey"]):
    def new(self, preview: Preview) -> str:
        """A new token of 192 random bits; only its hash is written down."""
        token = secrets.token_urlsafe(24)
        self.create(preview=preview, token_hash=_hash(token))
        return token

    def preview_of(self, token: str) -> Preview | None:
        """Whom this token was made for, whether it still works or not.

        Looked up by its hash, so that the time it takes tells nothing about a token nearly right.
        """
        people = ("preview__edition__statement", "preview__made_by")
        key = self.select_related(*people).filter(token_hash=_hash(token)).first()
        return key.preview if key else None


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class PreviewKey(models.Model):
    """SHA-256 of a token that opens a preview. Append-only.

    The token itself is written down nowhere. One is shown to whoever asks; the worker makes another
    for the mail, so that none waits in its queue.
    """

    preview = models.ForeignKey(Preview, models.PROTECT, related_name="keys")
    token_hash = models.CharField(max_length=64, unique=True)

    objects = PreviewKeyManager()

    def __str__(self) -> str:
        return f"A key to {self.preview_id}"


class Opening(models.Model):
    """A preview was opened. Append-only: the time and nothing else about who did it."""

    preview = models.ForeignKey(Preview, models.PROTECT, related_name="openings")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"Preview {self.preview_id} opened at {self.at}"


class Answer(models.Model):
    """Somebody agreed to exactly these words, or not yet. Append-only: their newest one counts.

    Given by the link of a preview, or by telephone to the colleague in `recorded_by`. What was
    written may quote the statement: an erasure empties it.
    """

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="answers")
    digest = models.CharField(max_length=64)
    preview = models.ForeignKey(Preview, models.PROTECT, null=True, related_name="answers")
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
                name="answer_comes_by_link_or_by_a_colleague",
            ),
            models.CheckConstraint(
                condition=Q(agrees=True) | Q(text_erased_at__isnull=False) | ~Q(text=""),
                name="not_yet_says_why",
            ),
            models.CheckConstraint(
                condition=Q(given_at__lte=F("recorded_at")), name="answer_given_before_recorded"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.whom}: {'agreed' if self.agrees else 'not yet'}"

    @property
    def whom(self) -> str:
        return f"{self.name} ({self.on_behalf_of})" if self.on_behalf_of else self.name
