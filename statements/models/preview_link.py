"""Preview links: who outside may read which edition or draft, and when they opened it."""

import datetime as dt
import hashlib
import secrets

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _

from statements.models.draft_version import DraftVersion
from statements.models.edition import Edition
from statements.models.statement import Statement

MAX_PHONE_CHARS = 40


def format_person(name: str, on_behalf_of: str) -> str:
    """Return a name, with the organisation that the person speaks for."""
    return f"{name} ({on_behalf_of})" if on_behalf_of else name


def describe_subject(edition: Edition | None, draft_version: DraftVersion | None) -> str:
    """Return what somebody read: “edition 2” or “draft version 6”."""
    if edition:
        return _("edition %(number)s") % {"number": edition.sequence}
    assert draft_version, "A constraint holds that it is one of the two."
    return _("draft version %(version)s") % {"version": draft_version.version}


def one_subject_constraint(table: str, message: str) -> models.CheckConstraint:
    """Return the constraint that a row is about an edition or a draft version, never both."""
    return models.CheckConstraint(
        condition=Q(edition=None, draft_version__isnull=False)
        | Q(edition__isnull=False, draft_version=None),
        name=f"{table}_one_subject_check",
        violation_error_message=message,
    )


class PreviewLink(models.Model):
    """A link by which one named person may read one edition or saved draft, until a time.

    Reader and what is read never change; it is revoked, or it expires. `email` and `phone` may be
    emptied when they are no longer needed. A trigger holds that both belong to `statement`.
    """

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="previews")
    edition = models.ForeignKey(Edition, models.PROTECT, null=True, related_name="previews")
    draft_version = models.ForeignKey(
        DraftVersion, models.PROTECT, null=True, related_name="previews"
    )
    name = models.CharField(max_length=200)
    on_behalf_of = models.CharField(
        max_length=200, blank=True, help_text="An organisation, as printed."
    )
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=MAX_PHONE_CHARS, blank=True)
    requested_release_at = models.DateTimeField(
        null=True, help_text="As it was when the link was made: the reader is told."
    )
    reply_by = models.DateTimeField(null=True, help_text="A later reply still counts.")
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
            one_subject_constraint(
                "previewlink", "A preview link shows either an edition or a draft version."
            ),
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
                condition=Q(reply_by=None)
                | Q(reply_by__gt=F("made_at"), reply_by__lte=F("expires_at")),
                name="previewlink_reply_by_check",
                violation_error_message="A reply is asked for while the link works.",
            ),
            models.CheckConstraint(
                condition=Q(revoked_by=None, revoked_at=None)
                | Q(revoked_by__isnull=False, revoked_at__isnull=False),
                name="previewlink_revoked_check",
                violation_error_message="A revoked link records who revoked it and when.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.display_name}, {self.subject}"

    @property
    def display_name(self) -> str:
        """The reader's name, with the organisation they speak for."""
        return format_person(self.name, self.on_behalf_of)

    @property
    def subject(self) -> str:
        """What the link shows: “edition 2” or “draft version 6”."""
        return describe_subject(self.edition, self.draft_version)

    def is_active(self, at: dt.datetime) -> bool:
        """Return whether the link opens what it was made for at this instant."""
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
        tokens = self.select_related(
            *("preview__edition", "preview__draft_version", "preview__made_by"),
            *("preview__statement__organisation", "preview__statement__contact"),
        )
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
