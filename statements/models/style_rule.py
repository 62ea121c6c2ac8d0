"""The house style: words and phrases to avoid."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from statements.content.characters import normalise_text


class StyleRule(models.Model):
    """A word or phrase that the organisation avoids, what to use instead, and why. Mutable.

    Plain text, never a pattern. Any space or apostrophe matches any other.
    """

    avoid = models.CharField(
        max_length=120, help_text=_lazy("A word or phrase as it stands in a text, such as PHSE.")
    )
    use = models.CharField(
        max_length=120,
        blank=True,
        help_text=_lazy("What to write instead. Empty means: only point it out."),
    )
    why = models.CharField(
        max_length=300, blank=True, help_text=_lazy("One sentence for the writer.")
    )
    match_case = models.BooleanField(
        _lazy("capitals matter"),
        default=False,
        help_text=_lazy("Find it only in exactly these capital and small letters."),
    )
    active = models.BooleanField(_lazy("in use"), default=True)

    class Meta:
        ordering = ["avoid"]
        constraints = [
            models.UniqueConstraint(
                Lower("avoid"),
                "match_case",
                name="stylerule_avoid_match_case_uniq",
                violation_error_message=(
                    _lazy("There is a rule for this already: change that one.")
                ),
            ),
            models.CheckConstraint(
                condition=~Q(avoid=""),
                name="stylerule_avoid_check",
                violation_error_message=_lazy("Enter the word or phrase to avoid."),
            ),
            models.CheckConstraint(
                condition=~Q(avoid=F("use")),
                name="stylerule_avoid_use_check",
                violation_error_message=_lazy(
                    "The word to use must differ from the word to avoid."
                ),
            ),
        ]

    def __str__(self) -> str:
        return (
            _("“%(use)s”, not “%(avoid)s”") % {"use": self.use, "avoid": self.avoid}
            if self.use
            else _("not “%(avoid)s”") % {"avoid": self.avoid}
        )

    def clean(self) -> None:
        """Normalise the texts, and refuse a rule that would find nothing or change nothing."""
        for name in ("avoid", "use", "why"):
            setattr(self, name, " ".join(normalise_text(getattr(self, name)).split()))
        if not any(char.isalnum() for char in self.avoid):
            raise ValidationError({"avoid": _("Write at least one word that is to be avoided.")})
        if self.avoid == self.use:
            raise ValidationError(
                {
                    "use": _("This would replace “%(avoid)s” by itself: write what to use instead.")
                    % {"avoid": self.avoid}
                }
            )
