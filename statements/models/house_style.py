"""What managers lay down for the whole house: its style list, and times in which care is due."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from organisations.models import Organisation
from statements.content import html


class StyleRule(models.Model):
    """A word or phrase that this house avoids, what it uses instead, and why. Mutable.

    Plain words, never a pattern: spaces and apostrophes match those of every kind.
    """

    avoid = models.CharField(
        max_length=120, help_text="A word or phrase as it stands in a text, such as PHSE."
    )
    use = models.CharField(
        max_length=120,
        blank=True,
        help_text="What to write instead. Empty means: only point it out.",
    )
    why = models.CharField(max_length=300, blank=True, help_text="One sentence for the writer.")
    match_case = models.BooleanField(
        "capitals matter",
        default=False,
        help_text="Find it only in exactly these capital and small letters.",
    )
    active = models.BooleanField("in use", default=True)

    class Meta:
        ordering = ["avoid"]
        constraints = [
            models.UniqueConstraint(
                Lower("avoid"),
                "match_case",
                name="stylerule_avoid_match_case_uniq",
                violation_error_message=("There is a rule for this already: change that one."),
            ),
            models.CheckConstraint(
                condition=~Q(avoid=""),
                name="stylerule_avoid_check",
                violation_error_message="Enter the word or phrase to avoid.",
            ),
            models.CheckConstraint(
                condition=~Q(avoid=F("use")),
                name="stylerule_avoid_use_check",
                violation_error_message="The word to use must differ from the word to avoid.",
            ),
        ]

    def __str__(self) -> str:
        return f"“{self.use}”, not “{self.avoid}”" if self.use else f"not “{self.avoid}”"

    def clean(self) -> None:
        for name in ("avoid", "use", "why"):
            setattr(self, name, " ".join(html.normalise_text(getattr(self, name)).split()))
        if not any(char.isalnum() for char in self.avoid):
            raise ValidationError({"avoid": "Write at least one word that is to be avoided."})
        if self.avoid == self.use:
            raise ValidationError(
                {"use": f"This would replace “{self.avoid}” by itself: write what to use instead."}
            )


class SensitivePeriodQuerySet(models.QuerySet["SensitivePeriod"]):
    def in_force_on(self, day) -> "SensitivePeriodQuerySet":
        """Periods in force that day: their first and their last day belong to them."""
        return self.filter(starts_on__lte=day, ends_on__gte=day)

    def for_organisation(self, organisation_id: int) -> "SensitivePeriodQuerySet":
        """Those that bind this publisher: those that name it, and those that name nobody."""
        named = SensitivePeriod.organisations.through.objects.filter(
            organisation_id=organisation_id
        )
        return self.filter(
            Q(organisations=None) | Q(pk__in=named.values("sensitiveperiod_id"))
        ).distinct()


class SensitivePeriod(models.Model):
    """A time before an election, or the like, in which each release needs a reason. Mutable.

    From the first moment of one day to the last of another, in the house's zone. It never blocks.
    """

    name = models.CharField(
        max_length=200, help_text="Such as: Pre-election period for the county council election."
    )
    starts_on = models.DateField("from")
    ends_on = models.DateField("until", help_text="The last day that belongs to it.")
    guidance = models.TextField(
        help_text="What to mind, in a few sentences. It stands in the banner and beside the reason."
    )
    organisations = models.ManyToManyField(
        Organisation,
        blank=True,
        limit_choices_to={"publishes": True},
        verbose_name="only for",
        help_text="Publishers that it binds. None chosen means all.",
    )

    objects = SensitivePeriodQuerySet.as_manager()

    class Meta:
        ordering = ["-ends_on", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="sensitiveperiod_ends_on_check",
                violation_error_message="The last day cannot be before the first day.",
            ),
            models.CheckConstraint(
                condition=~Q(guidance=""),
                name="sensitiveperiod_guidance_check",
                violation_error_message="Enter guidance for this period.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.starts_on:%-d %B %Y} to {self.ends_on:%-d %B %Y}"

    @property
    def organisation_names(self) -> str:
        """The names of those that it binds alone; "" where it binds all."""
        return ", ".join(body.name for body in self.organisations.all())

    def clean(self) -> None:
        if not (self.starts_on and self.ends_on):  # type: ignore[truthy-bool]  # a wrong form has none
            return
        if self.ends_on < self.starts_on:
            raise ValidationError(
                {
                    "ends_on": (
                        f"This period would end on {self.ends_on:%-d %B %Y}, before it begins on "
                        f"{self.starts_on:%-d %B %Y}. Change one of the two dates."
                    )
                }
            )


class LinkCheck(models.Model):
    """What a link in somebody's words answered when the worker last asked. Mutable."""

    url = models.CharField(max_length=2000, unique=True)
    asked_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True, help_text="Null while the worker has not been.")
    problem = models.CharField(max_length=300, blank=True, help_text="Empty: the link is alive.")

    def __str__(self) -> str:
        return f"{self.url}: {self.problem or 'alive'}"
