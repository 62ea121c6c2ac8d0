"""Names that a draft proposes: a speaker, an organisation, a role or a theme not confirmed yet."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from organisations.models import Appointment, Organisation, Speaker
from statements.models.statement import Statement
from statements.models.theme import Theme

NAME_COLUMNS = ("speaker", "appointment", "organisation", "theme")


def is_confirmed() -> Q:
    """Match the speakers, organisations, roles or themes that no draft only proposes."""
    return Q(proposals=None)


def is_usable_in(statement_id: int | None, prefix: str = "") -> Q:
    """Match what this draft may name: all that is confirmed, and what it proposes itself."""
    confirmed = Q(**{f"{prefix}proposals": None})
    if statement_id is None:
        return confirmed
    return confirmed | Q(**{f"{prefix}proposals__statement": statement_id})


class ProposedName(models.Model):
    """Says that a name is only proposed, and by which draft. Approval deletes the row.

    While it exists, only the drafts that propose the name offer it, and triggers keep it out of
    everything public: no edition or theme list with a release time can refer to it. Several drafts
    may propose the same organisation or theme; the first approval confirms it for all.
    """

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="proposed_names")
    speaker = models.ForeignKey(Speaker, models.CASCADE, null=True, related_name="proposals")
    appointment = models.ForeignKey(
        Appointment, models.CASCADE, null=True, related_name="proposals"
    )
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, null=True, related_name="proposals"
    )
    theme = models.ForeignKey(Theme, models.CASCADE, null=True, related_name="proposals")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            *(
                models.UniqueConstraint(
                    fields=["statement", column],
                    name=f"proposedname_statement_{column}_uniq",
                    violation_error_message="This draft proposes this already.",
                )
                for column in ("speaker", "appointment", "organisation", "theme")
            ),
            models.CheckConstraint(
                condition=Q(speaker__isnull=False, appointment=None, organisation=None, theme=None)
                | Q(speaker=None, appointment__isnull=False, organisation=None, theme=None)
                | Q(speaker=None, appointment=None, organisation__isnull=False, theme=None)
                | Q(speaker=None, appointment=None, organisation=None, theme__isnull=False),
                name="proposedname_one_name_check",
                violation_error_message="A proposal names exactly one thing.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, proposed"

    @property
    def kind(self) -> str:
        """Return which of the four kinds of names it is."""
        return next(column for column in NAME_COLUMNS if getattr(self, f"{column}_id"))

    @property
    def name(self) -> Any:
        """Return the speaker, appointment, organisation or theme."""
        return getattr(self, self.kind)
