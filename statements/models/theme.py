"""Themes: the subjects that statements are filed under."""

from django.core.exceptions import ValidationError
from django.db import models
from taggit.models import ItemBase, TagBase


class Theme(TagBase):
    """A subject, with a sentence on what belongs to it. Mutable; managers keep the list."""

    description = models.TextField(blank=True)

    class Meta:
        ordering = ["name"]

    def clean(self) -> None:
        if FormerThemeSlug.objects.filter(slug=self.slug).exclude(theme=self.pk).exists():
            raise ValidationError(
                {"slug": f"“{self.slug}” was the address of another theme, and leads to it."}
            )

    def save(self, *args, **kwargs) -> None:
        """An address that was used leads here for ever."""
        was = Theme.objects.filter(pk=self.pk).values_list("slug", flat=True).first()
        super().save(*args, **kwargs)
        if was is not None and was != self.slug:
            self.former_slugs.filter(slug=self.slug, merged=None).delete()  # it came back
            FormerThemeSlug.objects.get_or_create(slug=was, theme=self)


class FormerThemeSlug(models.Model):
    """An address that a theme had, or one that was merged into it. No other gets it."""

    slug = models.SlugField(max_length=100, unique=True)
    theme = models.ForeignKey(Theme, models.CASCADE, related_name="former_slugs")
    merged = models.PositiveBigIntegerField(
        null=True, help_text="The row that had it, where that was merged: search knows it by this."
    )

    def __str__(self) -> str:
        return f"{self.slug} → {self.theme}"


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
                fields=["content_object", "tag"],
                name="themedstatement_object_tag_uniq",
                violation_error_message="This statement already has this theme.",
            )
        ]
        indexes = [
            # Which statements belong to this theme, newest first? Asked by the list and its feeds.
            models.Index(
                fields=["tag", "-first_release_at", "-content_object"],
                name="themedstatement_tag_first_idx",
            )
        ]

    def save(self, *args, **kwargs) -> None:
        """Copy the date when the theme is added after the statement was first released.

        As the record has it: the statement in hand may have been read before it was.
        """
        if self.first_release_at is None:
            statements = self._meta.get_field("content_object").related_model._default_manager
            dates = statements.values_list("first_release_at", flat=True)
            self.first_release_at = dates.get(pk=self.content_object_id)
        super().save(*args, **kwargs)
