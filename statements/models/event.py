"""Events: who did what to which content, when and why."""

import datetime as dt
import hashlib
import json

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models import Q

from statements.models.edition import Edition
from statements.models.statement import Statement


class Action(models.TextChoices):
    """What an event records. Values never change: hashes and exports contain them."""

    SUBMITTED = "submitted", "submitted"
    SENT_BACK = "sent_back", "sent back"
    COUNTERSIGNATURE_REQUESTED = "asked", "asked somebody to countersign"
    COUNTERSIGNED = "countersigned", "countersigned"
    APPROVED = "approved", "approved"
    PUBLISHED_NOW = "released", "published"
    RESCHEDULED = "retimed", "rescheduled"
    PUT_ON_HOLD = "held", "put on hold"
    CANCELLED = "cancelled", "cancelled"
    PUBLISHED_URGENTLY = "released_urgently", "published urgently"
    SECOND_LOOK_TAKEN = "looked_at", "took the second look at"
    WITHDRAWN = "withdrawn", "withdrew"
    RESTORED = "restored", "restored"
    SUPPRESSED = "suppressed", "removed the earlier wording of"
    ERASURE_REQUESTED = "erasure_asked", "asked to erase"
    ERASED = "erased", "erased"
    IMPORTED = "imported", "imported"
    METADATA_CHANGED = "shelf_changed", "changed the metadata of"
    SIGNOFF_REQUESTED = "preview_made", "asked for sign-off of"
    PREVIEW_REVOKED = "preview_revoked", "revoked a link to"
    AGREED = "agreed", "recorded sign-off of"
    OBJECTED = "not_agreed", "recorded an objection to"
    ACCOUNT_CHANGED = "account_changed", "changed the account"
    MERGED = "merged", "merged"
    RECORD_CHANGED = "record_changed", "changed the entry"
    PAGE_CHANGED = "page_changed", "changed the page"
    SEALED = "anchored", "sealed the record"


class EventQuerySet(models.QuerySet["Event"]):
    def requests_to_countersign(self, person: User) -> "EventQuerySet":
        """Select requests to this person, by id: a user name may change."""
        # The id is the last key of the canonical JSON, so that no user name can look like it.
        return self.filter(
            action=Action.COUNTERSIGNATURE_REQUESTED, detail__endswith=f'"person_id":{person.pk}}}'
        )


class Event(models.Model):
    """One line of the audit log. Append-only, and chained by hash within its statement.

    Events without a statement (accounts, seals) form the site chain.
    """

    statement = models.ForeignKey(Statement, models.PROTECT, null=True, related_name="events")
    number = models.PositiveIntegerField(help_text="Counts the events of one chain, from 1.")
    edition = models.ForeignKey(Edition, models.PROTECT, null=True, related_name="events")
    digest = models.CharField(max_length=64, blank=True)
    action = models.CharField(max_length=20, choices=Action)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="events"
    )
    by_name = models.CharField(max_length=150, blank=True, help_text="Their user name that day.")
    at = models.DateTimeField()
    note = models.TextField(blank=True)
    detail = models.TextField(blank=True, help_text="What changed, as canonical JSON.")
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)
    # Over the hash, so not part of it; empty in exports of earlier versions.
    signature = models.CharField(max_length=88, blank=True)
    key_id = models.CharField(max_length=16, blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["statement", "number"],
                name="event_statement_number_uniq",
                violation_error_message="This statement already has an event with this number.",
            ),
            models.UniqueConstraint(
                fields=["number"],
                condition=Q(statement=None),
                name="event_site_number_uniq",
                violation_error_message="The site chain already has an event with this number.",
            ),
        ]
        indexes = [
            # The last events, for the dashboard.
            models.Index(fields=["-at"], name="event_at_idx"),
            # The last reason for an urgent publication, and how many there are, for managers.
            models.Index(fields=["action", "-id"], name="event_action_id_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.by_name or 'The system'} {self.get_action_display()}"

    def compute_hash(self) -> str:
        """Return SHA-256 over this event and the hash of the event before it.

        Names and UUIDs, not row numbers: the chain stays valid in another database.
        """
        line = [
            self.previous_hash,
            str(self.statement.uuid) if self.statement else "",
            self.number,
            str(self.edition.uuid) if self.edition else "",
            self.digest,
            self.action,
            self.by_name,
            self.at.astimezone(dt.UTC).isoformat(),
            self.note,
            self.detail,
        ]
        text = json.dumps(line, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()
