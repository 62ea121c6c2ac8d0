"""Organisations that publish a joint statement beside its first publisher."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from organisations.models import Organisation
from statements.models.statement import Statement


class JointPublisher(models.Model):
    """An organisation that publishes the draft together with its first publisher. Mutable.

    An edition has its own copy in its content.
    """

    statement = models.ForeignKey(Statement, models.CASCADE, related_name="joint_publishers")
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        related_name="+",
        limit_choices_to={"publishes": True},
        verbose_name=_("organisation"),
    )
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["statement", "organisation"],
                name="jointpublisher_statement_organisation_uniq",
                violation_error_message=_("This organisation publishes the statement already."),
            )
        ]

    def __str__(self) -> str:
        return str(self.organisation)
