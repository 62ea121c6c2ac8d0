"""Autosaved text, and who has a statement open: neither is part of a statement."""

from django.conf import settings
from django.db import models

from statements.models.statement import Statement


class Autosave(models.Model):
    """What one person typed into one open form and did not save. Mutable.

    Only that person sees it. It is no version and makes nobody a contributor. `data` is JSON, field
    name → list of values; "" means that the form was saved or discarded, and data that arrives late
    is dropped.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=40)
    statement = models.ForeignKey(Statement, models.CASCADE, null=True, related_name="autosaves")
    data = models.TextField(blank=True)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "key"],
                name="autosave_user_key_uniq",
                violation_error_message="This form already has an autosave.",
            )
        ]
        indexes = [
            # Which are old enough to delete? Used when somebody begins to type.
            models.Index(fields=["saved_at"], name="autosave_saved_at_idx")
        ]

    def __str__(self) -> str:
        return f"{self.user}’s text of {self.saved_at}"


class Presence(models.Model):
    """A person has the form of a statement open. Mutable; deleted when they close it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    statement = models.ForeignKey(Statement, models.CASCADE, related_name="present")
    opened_at = models.DateTimeField()
    seen_at = models.DateTimeField(db_index=True)
    typed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "statement"],
                name="presence_user_statement_uniq",
                violation_error_message="This person already has this statement open.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} at {self.statement}"
