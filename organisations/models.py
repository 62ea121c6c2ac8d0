"""Organisations and people as they are *now*.

Everything here can be edited at any time. An edition has its own copy of names and roles in its
frozen content, so a change here alters no published byte.
"""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from organisations import name_keys, sorting
from organisations.accepted_values import date_constraint, slug_constraint, validate_day
from organisations.slugs import FormerSlug, KeepsFormerSlugs

LAST_CHAR = "\U0010ffff"
CONTACT_UNREACHABLE = _("Give at least one way to reach this contact: e-mail or a phone.")


class Organisation(KeepsFormerSlugs):
    """An organisation that people speak for; one or more of them publish. Mutable."""

    name = models.CharField(max_length=200, unique=True)
    short_name = models.CharField(
        max_length=60,
        blank=True,
        help_text=_("As used in lists and on small screens, such as ADCS."),
    )
    name_in_text = models.CharField(
        _("name in running text"),
        max_length=210,
        blank=True,
        help_text=(
            _(
                "With its article, as in “President of …”: the Association of Directors of "
                "Children’s Services. Empty means the plain name."
            )
        ),
    )
    slug = models.SlugField(max_length=100, unique=True)
    website = models.URLField(blank=True)
    publishes = models.BooleanField(
        default=False, help_text=_("Statements can be published in this organisation’s name.")
    )
    boilerplate = models.TextField(
        blank=True, help_text=_("“About us”, printed under the notes to editors.")
    )
    reuse_terms = models.TextField(
        blank=True, help_text=_("What journalists may reuse, and with which credit.")
    )

    class Meta:
        ordering = ["name"]
        constraints = [slug_constraint("organisation")]

    def __str__(self) -> str:
        return self.name

    @property
    def default_contact(self) -> "Contact | None":
        """Return the usual press contact, for statements that name no other."""
        return self.contacts.filter(is_default=True).first()

    @property
    def in_text(self) -> str:
        """Return the name for use in a sentence, with its article if it takes one."""
        return self.name_in_text or self.name


class FormerOrganisationSlug(FormerSlug):
    """A slug that an organisation had before. No other organisation can take it."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="former_slugs")

    def __str__(self) -> str:
        return f"{self.slug} → {self.organisation}"


class SpeakerQuerySet(models.QuerySet["Speaker"]):
    def with_key(self, key: str) -> "SpeakerQuerySet":
        """Return the speakers one of whose keys begins like this; uses the indexes."""
        return self.filter(begins_with("given_key", key) | begins_with("family_key", key))


def begins_with(column: str, key: str) -> Q:
    """Match the beginning of a key. SQLite uses no index for LIKE, and PostgreSQL one for it."""
    if connection.vendor == "sqlite":
        return Q(**{f"{column}__gte": key, f"{column}__lt": key + LAST_CHAR})
    return Q(**{f"{column}__startswith": key})


class Speaker(KeepsFormerSlugs):
    """A person who speaks, named as printed. Mutable."""

    name = models.CharField(max_length=200, help_text=_("As printed: Dame Jane Smith DBE."))
    slug = models.SlugField(max_length=100, unique=True)
    sorted_under = models.CharField(
        max_length=250,
        blank=True,
        help_text=(
            _(
                "As the list of speakers prints it: Pemberton, Cllr Ruth. Empty means: made from "
                "the name."
            )
        ),
    )
    biography = models.TextField(blank=True)
    given_key = models.CharField(max_length=250, editable=False, db_index=True)
    family_key = models.CharField(max_length=250, editable=False, db_index=True)

    objects = SpeakerQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [slug_constraint("speaker")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and make a new sort key unless a manager wrote it."""
        rows = Speaker.objects.filter(pk=self.pk)
        previous_name = rows.values_list("name", flat=True).first()
        if not self.sorted_under or (
            previous_name and self.sorted_under == sorting.sort_key(previous_name)
        ):
            self.sorted_under = sorting.sort_key(self.name)[:250]
        self.set_keys()
        if kwargs.get("update_fields") is not None and "name" in kwargs["update_fields"]:
            kwargs["update_fields"] = {*kwargs["update_fields"], "given_key", "family_key"}
        super().save(*args, **kwargs)

    def set_keys(self) -> None:
        """Set the keys that find this speaker; `bulk_create` needs it before."""
        self.given_key = name_keys.make_given_key(self.name)
        self.family_key = name_keys.make_family_key(self.name)

    def appointments_in_force_on(self, date: dt.date) -> "models.QuerySet[Appointment]":
        """Return the roles held on that day; a handover day counts for both people."""
        return self.appointments.in_force_on(date)


class FormerSpeakerSlug(FormerSlug):
    """A slug that a speaker, or one merged into them, had before. Nobody else can take it."""

    speaker = models.ForeignKey(Speaker, models.CASCADE, related_name="former_slugs")

    def __str__(self) -> str:
        return f"{self.slug} → {self.speaker}"


class SavedWithEvents(models.Model):
    """Save in one transaction with the event that a receiver writes."""

    class Meta:
        abstract = True

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def in_force_on(self, date: dt.date) -> "AppointmentQuerySet":
        """Return the appointments in force on the date, first and last day included."""
        return self.filter(
            Q(starts_on=None) | Q(starts_on__lte=date), Q(ends_on=None) | Q(ends_on__gte=date)
        )


class Appointment(SavedWithEvents):
    """A role that a person holds at an organisation, first and last day included. Mutable."""

    speaker = models.ForeignKey(Speaker, models.CASCADE, related_name="appointments")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="appointments")
    role = models.CharField(max_length=200, help_text=_("Such as President."))
    starts_on = models.DateField("from", null=True, blank=True, validators=[validate_day])
    ends_on = models.DateField(
        "to",
        null=True,
        blank=True,
        validators=[validate_day],
        help_text=_("The last day in office. Leave empty while it continues."),
    )

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        ordering = ["speaker__name", F("starts_on").desc(nulls_last=True)]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="appointment_ends_on_check",
                violation_error_message=_("An appointment cannot end before it starts."),
            ),
            date_constraint("appointment", "starts_on", "ends_on"),
        ]

    def __str__(self) -> str:
        return f"{self.speaker}, {self.role}, {self.organisation}{self._format_years()}"

    def clean(self) -> None:
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValidationError(
                {
                    "ends_on": (
                        gettext(
                            "This appointment would end on %(ends_on)s, before it starts on "
                            "%(starts_on)s. Change one of the two dates."
                        )
                        % {
                            "ends_on": f"{self.ends_on:%-d %B %Y}",
                            "starts_on": f"{self.starts_on:%-d %B %Y}",
                        }
                    )
                }
            )

    def is_in_force_on(self, date: dt.date) -> bool:
        """Return whether the date is in this appointment, first and last day included."""
        begun = self.starts_on is None or self.starts_on <= date
        return begun and (self.ends_on is None or self.ends_on >= date)

    def _format_years(self) -> str:
        if not (self.starts_on or self.ends_on):
            return ""
        start = str(self.starts_on.year) if self.starts_on else ""
        end = str(self.ends_on.year) if self.ends_on else ""
        return f" ({start}–{end})"


class Contact(SavedWithEvents):
    """A press contact for journalists, by day and at night. Mutable, shown as it is now."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="contacts")
    name = models.CharField(
        max_length=200, help_text=_("A person or an office: ADCS press office.")
    )
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    out_of_hours_phone = models.CharField(_("out-of-hours phone"), max_length=40, blank=True)
    is_default = models.BooleanField(
        _("usual press contact"),
        default=False,
        help_text=_("New statements of this organisation name this contact."),
    )

    class Meta:
        ordering = ["organisation__name", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(is_default=True),
                name="contact_organisation_default_uniq",
                violation_error_message=_("An organisation has one usual press contact."),
            ),
            models.CheckConstraint(
                condition=~Q(email="", phone="", out_of_hours_phone=""),
                name="contact_email_phone_check",
                violation_error_message=CONTACT_UNREACHABLE,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.organisation})"

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and take the place of the contact that was the usual one."""
        if self.is_default:
            others = Contact.objects.filter(organisation=self.organisation_id, is_default=True)
            for other in others.exclude(pk=self.pk):
                other.is_default = False
                other.save(update_fields=["is_default"])
        super().save(*args, **kwargs)

    def clean(self) -> None:
        if not (self.email or self.phone or self.out_of_hours_phone):
            raise ValidationError(CONTACT_UNREACHABLE)

    def validate_constraints(self, exclude: Any = None) -> None:
        """Leave out the constraint that `save` keeps."""
        super().validate_constraints({*(exclude or ()), "is_default"})
