"""Events: who did what to which content, when and why."""

import datetime as dt
import hashlib
import json

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _lazy

from statements.models.edition import Edition
from statements.models.statement import Statement

NOTE_KEY = "note"
"""The key of the text that an event's author gave."""


class Action(models.TextChoices):
    """What an event records. Values never change: hashes and exports contain them."""

    SUBMITTED = "submitted", _lazy("submitted")
    SENT_BACK = "sent_back", _lazy("sent back")
    COUNTERSIGNATURE_REQUESTED = "asked", _lazy("asked somebody to countersign")
    COUNTERSIGNED = "countersigned", _lazy("countersigned")
    APPROVED = "approved", _lazy("approved")
    PUBLISHED_NOW = "released", _lazy("published")
    RESCHEDULED = "retimed", _lazy("rescheduled")
    PUT_ON_HOLD = "held", _lazy("put on hold")
    CANCELLED = "cancelled", _lazy("cancelled")
    PUBLISHED_URGENTLY = "released_urgently", _lazy("published urgently")
    SECOND_LOOK_TAKEN = "looked_at", _lazy("took the second look at")
    WITHDRAWN = "withdrawn", _lazy("withdrew")
    RESTORED = "restored", _lazy("restored")
    SUPPRESSED = "suppressed", _lazy("removed from the site")
    ERASURE_REQUESTED = "erasure_asked", _lazy("asked to erase")
    ERASED = "erased", _lazy("erased")
    IMPORTED = "imported", _lazy("imported")
    METADATA_CHANGED = "shelf_changed", _lazy("changed the details of")
    SIGNOFF_REQUESTED = "preview_made", _lazy("asked for sign-off of")
    PREVIEW_REVOKED = "preview_revoked", _lazy("cancelled a link to")
    AGREED = "agreed", _lazy("recorded sign-off of")
    OBJECTED = "not_agreed", _lazy("recorded an objection to")
    ACCOUNT_CHANGED = "account_changed", _lazy("changed the account")
    MERGED = "merged", _lazy("merged")
    RECORD_CHANGED = "record_changed", _lazy("changed the entry")
    PAGE_CHANGED = "page_changed", _lazy("changed the page")
    SEALED = "anchored", _lazy("sealed the record")
    DISCARDED = "discarded", _lazy("discarded, and erased after 30 days in the bin,")
    GROUPED = "grouped", _lazy("put into a release group")
    UNGROUPED = "ungrouped", _lazy("took out of its release group")
    FILE_DOWNLOADED = "file_downloaded", _lazy("downloaded the whole file of")
    BASELINE = "baseline", _lazy("stated every value of")


class EventQuerySet(models.QuerySet["Event"]):
    def with_note(self) -> "EventQuerySet":
        """Select events whose author gave a note that no erasure emptied."""
        return self.filter(
            models.Exists(
                EventText.objects.filter(event=models.OuterRef("pk"), key=NOTE_KEY).exclude(text="")
            )
        )

    def requests_to_countersign(self, person: User) -> "EventQuerySet":
        """Select requests to this person, by id: a user name may change."""
        return self._that_name(person).filter(action=Action.COUNTERSIGNATURE_REQUESTED)

    def requests_to_approve(self, person: User) -> "EventQuerySet":
        """Select submissions that asked this person to decide."""
        return self._that_name(person).filter(action=Action.SUBMITTED)

    def _that_name(self, person: User) -> "EventQuerySet":
        # No user name can look like this: JSON writes a quotation mark in a text as \\".
        entry = f'"person_id":{person.pk}'
        return self.filter(Q(detail__contains=f"{entry},") | Q(detail__contains=f"{entry}}}"))


class Event(models.Model):
    """One line of the audit log. Append-only, and chained by hash within its statement.

    Events without a statement (accounts, seals) form the site chain. `detail` holds ids, codes,
    times and, under "rows", the values of every compared column that the event changed (see
    `statements.audit.compared`). Texts are in `EventText`, and here only as salted hashes.
    """

    class Format(models.IntegerChoices):
        NOTE_IN_HASH = 1, "of an earlier version: the hash covers the note itself"
        STATED_VALUES = 2, "states resulting values, and texts by their hashes"

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
    format = models.PositiveSmallIntegerField(choices=Format, default=Format.STATED_VALUES)
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

    @property
    def asked_person_id(self) -> int | None:
        """The id of the person that a submission or a request asks by name."""
        person_id = json.loads(self.detail).get("person_id") if self.detail else None
        return person_id if isinstance(person_id, int) else None

    @property
    def note(self) -> str:
        """The note that its author gave; "" where there is none or an erasure emptied it."""
        return next((text.text for text in self.texts.all() if text.key == NOTE_KEY), "")

    def compute_hash(self) -> str:
        """Return SHA-256 over this event and the hash of the event before it.

        Names and UUIDs, not row numbers: the chain stays valid in another database.
        """
        return hash_event(
            previous_hash=self.previous_hash,
            statement_uuid=str(self.statement.uuid) if self.statement else "",
            number=self.number,
            edition_uuid=str(self.edition.uuid) if self.edition else "",
            digest=self.digest,
            action=self.action,
            by_name=self.by_name,
            at=self.at,
            note=self.note if self.format == self.Format.NOTE_IN_HASH else None,
            detail=self.detail,
        )


class EventText(models.Model):
    """A text that an event decided, such as its note. Append-only; an erasure empties it.

    The event holds SHA-256 of salt and text, so that the text can go and the chain stays whole.
    """

    event = models.ForeignKey(Event, models.PROTECT, related_name="texts")
    key = models.CharField(
        max_length=200, help_text="“note”, or row and column: withdrawal:7.notice"
    )
    salt = models.CharField(max_length=32, blank=True, help_text="128 random bits, in hexadecimal.")
    text = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "key"],
                name="eventtext_event_key_uniq",
                violation_error_message="This event already has a text with this key.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.key} of event {self.event_id}"


def hash_text(salt: str, text: str) -> str:
    """Return SHA-256 of salt and text, which an event holds in place of the text."""
    return hashlib.sha256((salt + text).encode()).hexdigest()


def hash_event(
    *,
    previous_hash: str,
    statement_uuid: str,
    number: int,
    edition_uuid: str,
    digest: str,
    action: str,
    by_name: str,
    at: dt.datetime,
    note: str | None,
    detail: str,
) -> str:
    """Return SHA-256 over one line of the log; a note is part of it in the first format alone."""
    line: list[str | int] = [previous_hash, statement_uuid, number, edition_uuid, digest, action]
    line += [by_name, at.astimezone(dt.UTC).isoformat()]
    line += [detail] if note is None else [note, detail]
    text = json.dumps(line, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
