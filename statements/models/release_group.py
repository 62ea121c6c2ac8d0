"""Release groups: statements that go public together."""

from django.db import models

from organisations.accepted_values import time_constraint


class ReleaseGroup(models.Model):
    """Owns the release time of its members, which one approval agrees to.

    A trigger copies the time to the editions that were approved in the group, and no other change
    moves them. Once it has passed, the group has done its work: each member is corrected alone.
    """

    release_at = models.DateTimeField(
        null=True, help_text="When all members go public. Empty: not agreed yet, or on hold."
    )

    class Meta:
        constraints = [time_constraint("releasegroup", "release_at")]

    def __str__(self) -> str:
        return f"Release group {self.pk}"
