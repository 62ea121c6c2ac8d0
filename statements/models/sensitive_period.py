"""Periods in which a release needs a reason."""

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from organisations.accepted_values import date_constraint, validate_day
from organisations.models import Organisation


class SensitivePeriodQuerySet(models.QuerySet["SensitivePeriod"]):
    def in_force_on(self, day: dt.date) -> "SensitivePeriodQuerySet":
        """Select periods in force on a day, first and last day included."""
        return self.filter(starts_on__lte=day, ends_on__gte=day)

    def for_publishers(self, organisations: Iterable[int]) -> "SensitivePeriodQuerySet":
        """Select periods that apply to one of these publishers, and those for all."""
        named = SensitivePeriod.organisations.through.objects.filter(
            organisation_id__in=organisations
        )
        return self.filter(
            Q(organisations=None) | Q(pk__in=named.values("sensitiveperiod_id"))
        ).distinct()


class SensitivePeriod(models.Model):
    """A time, such as before an election, in which each release needs a reason. Mutable.

    From the beginning of one day to the end of another, in the site's time zone. It never blocks.
    """

    name = models.CharField(
        max_length=200,
        help_text=_lazy("Such as: Pre-election period for the county council election."),
    )
    starts_on = models.DateField("from", validators=[validate_day])
    ends_on = models.DateField(
        "until", validators=[validate_day], help_text=_lazy("The last day that belongs to it.")
    )
    guidance = models.TextField(
        help_text=_lazy(
            "What to mind, in a few sentences. It stands in the banner and beside the reason."
        )
    )
    organisations = models.ManyToManyField(
        Organisation,
        blank=True,
        limit_choices_to={"publishes": True},
        verbose_name=_lazy("only for"),
        help_text=_lazy("Publishers that it binds. None chosen means all."),
    )

    objects = SensitivePeriodQuerySet.as_manager()

    class Meta:
        ordering = ["-ends_on", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="sensitiveperiod_ends_on_check",
                violation_error_message=_lazy("The last day cannot be before the first day."),
            ),
            models.CheckConstraint(
                condition=~Q(guidance=""),
                name="sensitiveperiod_guidance_check",
                violation_error_message=_lazy("Enter guidance for this period."),
            ),
            date_constraint("sensitiveperiod", "starts_on", "ends_on"),
        ]

    def __str__(self) -> str:
        return _("%(name)s, %(starts_on)s to %(ends_on)s") % {
            "name": self.name,
            "starts_on": f"{self.starts_on:%-d %B %Y}",
            "ends_on": f"{self.ends_on:%-d %B %Y}",
        }

    @property
    def organisation_names(self) -> str:
        """The names of the organisations that it applies to; "" if it applies to all."""
        return ", ".join(organisation.name for organisation in self.organisations.all())

    def clean(self) -> None:
        """Refuse a period that ends before it begins."""
        if not (self.starts_on and self.ends_on):  # type: ignore[truthy-bool]  # empty after a form error
            return
        if self.ends_on < self.starts_on:
            raise ValidationError(
                {
                    "ends_on": (
                        _(
                            "This period would end on %(ends_on)s, before it begins on "
                            "%(starts_on)s. Change one of the two dates."
                        )
                        % {
                            "ends_on": f"{self.ends_on:%-d %B %Y}",
                            "starts_on": f"{self.starts_on:%-d %B %Y}",
                        }
                    )
                }
            )
