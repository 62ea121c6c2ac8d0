"""Which mails people get, until when they are away, and which reminders have been sent."""

import datetime as dt

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models import Q

from organisations.accepted_values import date_constraint, time_constraint, validate_day
from statements.models.edition import Edition


class MailKind(models.TextChoices):
    """A kind of mail that a person may switch off. Its words are on the page of preferences.

    Mail about an urgent publication, an objection after approval and an account is no such kind.
    """

    SUBMITTED = "submitted"
    ASKED = "asked"
    UNDECIDED = "undecided"
    SENT_BACK = "sent_back"
    APPROVED = "approved"
    PUT_ON_HOLD = "put_on_hold"
    GOING_OUT = "going_out"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    AGREED = "agreed"
    OBJECTED = "objected"
    REMARK = "remark"


class SwitchedOffMail(models.Model):
    """One kind of mail that one person does not want. Mutable; without a row they get it."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="switched_off_mails"
    )
    kind = models.CharField(max_length=20)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind"],
                name="switchedoffmail_user_kind_uniq",
                violation_error_message="This kind of mail is switched off already.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=MailKind.values),
                name="switchedoffmail_kind_check",
                violation_error_message="This kind of mail cannot be switched off.",
            ),
        ]

    def __str__(self) -> str:
        return f"No mail “{self.kind}” to {self.user}"


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def on_day(self, day: dt.date) -> "AbsenceQuerySet":
        """Select who is away on this day."""
        return self.filter(until__gt=day)

    def set_until(self, user: User, until: dt.date | None) -> None:
        """Note until when somebody is away; None means that they are here."""
        if until is None:
            self.filter(user=user).delete()
        else:
            self.update_or_create(user=user, defaults={"until": until})


class Absence(models.Model):
    """Until when one person is away: the day on which they are back. Mutable."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="absence"
    )
    until = models.DateField(validators=[validate_day])

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        constraints = [date_constraint("absence", "until")]

    def __str__(self) -> str:
        return f"{self.user} is away until {self.until}"


class SentReminder(models.Model):
    """A mail that the clock sent about an edition and one of its times, so that it is sent once."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="sent_reminders")
    message = models.CharField(max_length=40, help_text="A template in templates/emails/.")
    time = models.DateTimeField(help_text="The release or requested release that it is about.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "message", "time"],
                name="sentreminder_edition_message_time_uniq",
                violation_error_message="This reminder has been sent.",
            ),
            time_constraint("sentreminder", "time"),
        ]

    def __str__(self) -> str:
        return f"{self.message} about edition {self.edition_id}"
