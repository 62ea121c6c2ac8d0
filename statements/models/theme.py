"""Themes: the subjects that statements are filed under."""

from django.db import models
from taggit.models import ItemBase, TagBase


class Theme(TagBase):
    """A subject, with a sentence on what belongs to it. Mutable; managers keep the list."""

    description = models.TextField(blank=True)

    class Meta:
        ordering = ["name"]


class ThemedStatement(ItemBase):
    """A statement filed under a theme. Lies on the shelf: outside the approved words.

    `first_release_at` is copied here by the workflow, so that a theme's list walks one index.
    """

    tag = models.ForeignKey(Theme, models.CASCADE, related_name="items")
    content_object = models.ForeignKey(
        "statements.Statement", models.CASCADE, related_name="themed"
    )
    first_release_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["content_object", "tag"], name="statement_is_filed_once_under_a_theme"
            )
        ]
        indexes = [
            # Which statements belong to this theme, newest first? Asked by the list and its feeds.
            models.Index(
                fields=["tag", "-first_release_at", "-content_object"], name="newest_of_theme"
            )
        ]

    def save(self, *args, **kwargs) -> None:
        """Copy the date when the theme is added after the statement was first released."""
        if self.first_release_at is None:
            self.first_release_at = self.content_object.first_release_at
        super().save(*args, **kwargs)
