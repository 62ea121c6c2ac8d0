"""Editions: exact content, frozen by submit, with the decision and the times."""

import datetime as dt
import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _lazy

from organisations.accepted_values import date_constraint, slug_constraint, time_constraint
from organisations.models import Appointment, Organisation, Speaker
from statements import publicness
from statements.clock import FOREVER
from statements.content.kinds import AMENDMENTS, PUBLIC_AMENDMENTS
from statements.content.reading import read_content
from statements.content.schema import ERASED
from statements.models.release_group import ReleaseGroup
from statements.models.statement import Statement, StatementKind
from statements.release_dates import ReleaseDate, get_release_date


class State(models.TextChoices):
    """What the newsdesk decided. Whether an edition is public depends on the clock as well."""

    IN_REVIEW = "in_review", _lazy("In review")
    SENT_BACK = "sent_back", _lazy("Sent back")
    APPROVED = "approved", _lazy("Approved")
    CANCELLED = "cancelled", _lazy("Cancelled")


class ApprovalRule(models.TextChoices):
    """The rule by which an edition was approved."""

    ORDINARY = "ordinary", _lazy("Two people")
    URGENT = "urgent", _lazy("Urgent release")
    IMPORT = "import", _lazy("Import")


class Amendment(models.TextChoices):
    """What an edition is to the public one before it."""

    TYPO = "typo", AMENDMENTS["typo"]
    UPDATE = "update", AMENDMENTS["update"]
    CLARIFICATION = "clarification", AMENDMENTS["clarification"]
    CORRECTION = "correction", AMENDMENTS["correction"]
    RETRACTION = "retraction", AMENDMENTS["retraction"]

    @property
    def public_label(self) -> str:
        """Its name where readers see it."""
        return PUBLIC_AMENDMENTS[self.value]


class EditionQuerySet(models.QuerySet["Edition"]):
    """Queries of the newsdesk. Those for public pages are in `statements.published`."""

    def approved(self) -> "EditionQuerySet":
        """Select approved editions."""
        return self.filter(state=State.APPROVED)

    def not_yet_public(self, at: dt.datetime) -> "EditionQuerySet":
        """Select approved editions that are on hold or scheduled for later than `at`."""
        return self.approved().filter(Q(release_at=None) | publicness.released_after(at))

    def in_review(self) -> "EditionQuerySet":
        """Select editions in review."""
        return self.filter(state=State.IN_REVIEW)


def _second_person_condition() -> Q:
    """Require two people: the approver is no contributor, or another person countersigned."""
    approver = Concat(
        models.Value(","),
        models.functions.Cast(F("approved_by_id"), models.CharField()),
        models.Value(","),
    )
    contributed = models.Q(contributors__contains=approver)
    return ~contributed | (
        Q(countersigned_by__isnull=False) & ~Q(countersigned_by=F("approved_by"))
    )


class Edition(models.Model):
    """The exact content submitted, numbered within its statement.

    Content immutable: triggers refuse to change it or to delete the row. Only `workflow` changes
    decision and times. `statements.publicness` says when it is public.
    """

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="editions")
    sequence = models.PositiveIntegerField(help_text="Counts what was submitted, from 1.")
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    content = models.TextField(help_text="The exact text that was hashed.")
    digest = models.CharField(max_length=64)
    headline = models.CharField(max_length=500)
    summary = models.TextField(blank=True)
    byline = models.CharField(max_length=500, blank=True)
    kind = models.CharField(max_length=20, choices=StatementKind)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    language = models.CharField(max_length=12)
    dated_on = models.DateField(null=True)
    slug = models.SlugField(max_length=100)
    amendment = models.CharField(max_length=20, choices=Amendment, blank=True)
    public_note = models.TextField(blank=True)

    state = models.CharField(max_length=20, choices=State, default=State.IN_REVIEW)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()
    requested_release_at = models.DateTimeField(
        null=True, help_text="When its writers would like it to go out. It binds nobody."
    )
    embargo_line = models.CharField(max_length=300, blank=True, help_text="As in the document.")
    embargo_until = models.DateTimeField(
        null=True, help_text="A release before it needs a reason. Empty, with a line: not known."
    )
    contributors = models.TextField(help_text="Who had a hand in the words: ,3,17,")
    countersigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    countersigned_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True)
    rule = models.CharField(max_length=10, choices=ApprovalRule, blank=True)
    second_look_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    second_look_at = models.DateTimeField(null=True)

    release_group = models.ForeignKey(
        ReleaseGroup,
        models.PROTECT,
        null=True,
        related_name="editions",
        db_index=False,
        help_text="The group that it was approved in, which owns its release time.",
    )
    release_at = models.DateTimeField(null=True)
    live_until = models.DateTimeField(default=FOREVER)
    first_release_at = models.DateTimeField(null=True)
    first_released_on = models.DateField(
        null=True, help_text="The day of the first release, where its source gave no time."
    )
    suppressed_at = models.DateTimeField(null=True)
    erasure_asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    erased_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    erased_at = models.DateTimeField(null=True)

    objects = EditionQuerySet.as_manager()

    class Meta:
        ordering = ["statement", "sequence"]
        constraints = [
            models.UniqueConstraint(
                fields=["statement", "sequence"],
                name="edition_statement_sequence_uniq",
                violation_error_message="This statement already has an edition with this number.",
            ),
            models.UniqueConstraint(
                fields=["statement"],
                condition=Q(state="in_review"),
                name="edition_statement_review_uniq",
                violation_error_message="Only one edition of a statement can be in review.",
            ),
            models.UniqueConstraint(
                fields=["statement", "release_group"],
                condition=Q(state="approved", release_group__isnull=False),
                name="edition_statement_group_uniq",
                violation_error_message="A release group has one edition of each member.",
            ),
            models.CheckConstraint(
                condition=Q(approved_at=None) | ~Q(rule="ordinary") | _second_person_condition(),
                name="edition_approved_by_check",
                violation_error_message="An ordinary approval needs a second person.",
            ),
            models.CheckConstraint(
                condition=Q(contributors__startswith=",", contributors__endswith=",")
                & (Q(rule="import") | ~Q(contributors=",")),
                name="edition_contributors_check",
                violation_error_message=(
                    "An edition needs at least one contributor, unless it was imported."
                ),
            ),
            models.CheckConstraint(
                condition=(
                    Q(approved_by=None, approved_at=None, rule="")
                    | Q(approved_by__isnull=False, approved_at__isnull=False)
                    & Q(rule__in=["ordinary", "urgent", "import"])
                ),
                name="edition_approval_check",
                violation_error_message="An approval records person, time and rule together.",
            ),
            models.CheckConstraint(
                condition=(
                    Q(state__in=["in_review", "sent_back"], approved_at=None, release_at=None)
                    | Q(state="approved", approved_at__isnull=False)
                    | Q(state="cancelled", release_at=None)
                ),
                name="edition_state_release_at_check",
                violation_error_message="Only an approved edition has a release time.",
            ),
            models.CheckConstraint(
                condition=Q(release_at=None)
                | Q(release_at__gte=F("approved_at"))
                | Q(rule="import"),
                name="edition_release_approved_check",
                violation_error_message=(
                    "An edition is not released before its approval, unless it was imported."
                ),
            ),
            models.CheckConstraint(
                condition=Q(release_at=None) | Q(live_until__gte=F("release_at")),
                name="edition_live_until_check",
                violation_error_message="An edition cannot end before its release.",
            ),
            models.CheckConstraint(
                condition=Q(release_at=None) | Q(first_release_at__lte=F("release_at")),
                name="edition_first_release_at_check",
                violation_error_message=(
                    "The first release of a statement is not later than this release."
                ),
            ),
            models.CheckConstraint(
                condition=Q(countersigned_by=None, countersigned_at=None)
                | Q(countersigned_by__isnull=False, countersigned_at__isnull=False),
                name="edition_countersigned_check",
                violation_error_message="A countersignature records person and time together.",
            ),
            models.CheckConstraint(
                condition=Q(second_look_by=None)
                | (Q(rule="urgent") & ~Q(second_look_by=F("approved_by"))),
                name="edition_second_look_by_check",
                violation_error_message=(
                    "The second look at an urgent publication is another person’s."
                ),
            ),
            models.CheckConstraint(
                condition=Q(erased_at=None, erased_by=None)
                | (
                    Q(erased_at__isnull=False, content=ERASED)
                    & ~Q(erased_by=F("erasure_asked_by"))
                    & Q(erased_by__isnull=False, erasure_asked_by__isnull=False)
                ),
                name="edition_erased_by_check",
                violation_error_message="An erasure needs two managers.",
            ),
            models.CheckConstraint(
                condition=Q(first_released_on=None) | Q(rule="import") | Q(sequence__gt=1),
                name="edition_first_released_on_check",
                violation_error_message="Only what was imported came out on a day without a time.",
            ),
            slug_constraint("edition"),
            date_constraint("edition", "dated_on"),
            date_constraint("edition", "first_released_on"),
            time_constraint("edition", "requested_release_at"),
            time_constraint("edition", "embargo_until"),
            time_constraint("edition", "release_at"),
        ]
        indexes = [
            # The newest editions, for every list and feed.
            models.Index(
                fields=["-first_release_at", "-statement"],
                name="edition_first_release_idx",
                condition=Q(release_at__isnull=False),
            ),
            # The newest of one kind, for the filters of the list.
            models.Index(
                fields=["kind", "-first_release_at", "-statement"],
                name="edition_kind_first_release_idx",
                condition=Q(release_at__isnull=False),
            ),
            # The public edition of a statement, for its page and for themes.
            models.Index(
                fields=["statement", "release_at"],
                name="edition_statement_release_idx",
                condition=Q(release_at__isnull=False),
            ),
            # Amendments, newest first, for the corrections log.
            models.Index(
                fields=["-release_at", "-id"],
                name="edition_amendment_release_idx",
                condition=Q(release_at__isnull=False) & ~Q(amendment=""),
            ),
            # What is scheduled next and what is on hold, for the dashboard.
            models.Index(fields=["state", "release_at"], name="edition_state_release_at_idx"),
            # What was approved in a release group.
            models.Index(
                fields=["release_group"],
                name="edition_release_group_idx",
                condition=Q(release_group__isnull=False),
            ),
            # The last and the next end of an edition, for the cache version.
            models.Index(
                fields=["live_until"],
                name="edition_live_until_idx",
                condition=Q(live_until__lt=FOREVER),
            ),
            # Urgent publications without a second look, for the dashboard.
            models.Index(
                fields=["approved_at"],
                name="edition_second_look_idx",
                condition=Q(rule="urgent", second_look_by=None),
            ),
            # Erasures that wait for a second manager, for the dashboard.
            models.Index(
                fields=["id"],
                name="edition_erasure_asked_idx",
                condition=Q(erasure_asked_by__isnull=False, erased_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.headline} (edition {self.sequence})"

    @property
    def content_data(self) -> dict[str, Any]:
        """The frozen content as plain data, in the shape of schema 2 whatever its schema is."""
        return read_content(self.content)

    @property
    def first_released(self) -> ReleaseDate | None:
        """When its statement first came out: an instant, or a day."""
        return self.first_released_on or self.first_release_at

    @property
    def released(self) -> ReleaseDate | None:
        """When this edition came out: an instant, or a day."""
        if self.release_at is None:
            return None
        return get_release_date(self.release_at, self.first_release_at, self.first_released_on)

    @property
    def contributor_ids(self) -> set[int]:
        """The ids of the contributors."""
        return {int(pk) for pk in self.contributors.split(",") if pk}

    @property
    def has_embargo(self) -> bool:
        return bool(self.embargo_line or self.embargo_until)

    @property
    def is_on_hold(self) -> bool:
        """Whether it is approved, without a release time."""
        return self.state == State.APPROVED and self.release_at is None

    def is_scheduled(self, at: dt.datetime) -> bool:
        """Return whether it is released after this instant."""
        return publicness.is_scheduled(self, at)

    def is_public(self, at: dt.datetime) -> bool:
        """Return whether it is public at this instant."""
        return publicness.is_public(self, at)

    def is_released(self, at: dt.datetime) -> bool:
        """Return whether it was released at this instant or before, ended or not."""
        return publicness.is_released(self, at)


class EditionAttribution(models.Model):
    """Lists an edition under a speaker or an organisation, with the edition's times.

    `appointment` is the role in which the speaker speaks, the first one if there are several. A
    role appears in public once a public edition has it here.
    """

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="voices")
    speaker = models.ForeignKey(Speaker, models.PROTECT, null=True, related_name="voices")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="voices")
    appointment = models.ForeignKey(
        Appointment, models.SET_NULL, null=True, related_name="voices", db_index=False
    )
    statement = models.ForeignKey(Statement, models.PROTECT, related_name="+")
    first_release_at = models.DateTimeField(null=True)
    release_at = models.DateTimeField(null=True)
    live_until = models.DateTimeField(default=FOREVER)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "speaker"],
                name="editionattribution_edition_speaker_uniq",
                violation_error_message="The edition already lists this speaker.",
            ),
            models.UniqueConstraint(
                fields=["edition", "organisation"],
                name="editionattribution_edition_organisation_uniq",
                violation_error_message="The edition already lists this organisation.",
            ),
            models.CheckConstraint(
                condition=Q(speaker=None, organisation__isnull=False)
                | Q(speaker__isnull=False, organisation=None),
                name="editionattribution_speaker_organisation_check",
                violation_error_message=(
                    "An attribution names a speaker or an organisation, never both."
                ),
            ),
            models.CheckConstraint(
                condition=Q(appointment=None) | Q(speaker__isnull=False),
                name="editionattribution_appointment_check",
                violation_error_message="Only a speaker has a role.",
            ),
        ]
        indexes = [
            # Editions of a speaker or an organisation, newest first, for their pages and feeds.
            models.Index(
                fields=["speaker", "-first_release_at", "-statement"],
                name="editionattribution_speaker_idx",
                condition=Q(release_at__isnull=False),
            ),
            models.Index(
                fields=["organisation", "-first_release_at", "-statement"],
                name="editionattribution_org_idx",
                condition=Q(release_at__isnull=False),
            ),
            # The last public edition of a role, for the same pages.
            models.Index(
                fields=["appointment", "-first_release_at", "-statement"],
                name="editionattribution_appt_idx",
                condition=Q(release_at__isnull=False, appointment__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.speaker or self.organisation} in {self.edition_id}"
