"""Themes: the subjects that statements are filed under."""

from typing import Any

from django.db import models
from taggit.models import ItemBase, TagBase

from organisations.accepted_values import slug_constraint
from organisations.slugs import FormerSlug, KeepsFormerSlugs
from statements.content.slugs import slug_base
from statements.integrity.keys import keyed_hash


class Theme(KeepsFormerSlugs, TagBase):  # type: ignore[django-manager-missing, misc]  # taggit has no types
    """A subject, with a sentence on what it covers. Mutable; managers keep the list."""

    slug = models.SlugField("address", max_length=100, unique=True)  # ASCII, unlike taggit's
    description = models.TextField(blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [slug_constraint("theme")]

    def slugify(self, tag: str, i: int | None = None) -> str:
        """Return an ASCII slug for this name; if taggit says that it is taken, it gets letters.

        A number would tell that another theme has this slug, also one that is not public.
        """
        base = slug_base(tag, default="theme")
        return base if i is None else f"{base}-{keyed_hash('slug', f'theme {tag} {i}')[:8]}"


class FormerThemeSlug(FormerSlug):
    """A slug that a theme, or one merged into it, had before. No other theme can take it."""

    theme = models.ForeignKey(Theme, models.CASCADE, related_name="former_slugs")

    def __str__(self) -> str:
        return f"{self.slug} → {self.theme}"


class ThemedStatement(ItemBase):  # type: ignore[misc]  # taggit has no types
    """A statement filed under a theme. This is metadata, outside the approved content.

    The workflow copies `first_release_at` here, so that a theme's list walks one index.
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
            # The statements of a theme, newest first, for its list and feeds.
            models.Index(
                fields=["tag", "-first_release_at", "-content_object"],
                name="themedstatement_tag_first_idx",
            )
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Copy the first release time of a statement that is already released.

        Read it from the database: the statement in memory may be older than its release.
        """
        if self.first_release_at is None:
            model = self._meta.get_field("content_object").related_model
            statements = model._default_manager  # noqa: SLF001  (Django's public API)
            dates = statements.values_list("first_release_at", flat=True)
            self.first_release_at = dates.get(pk=self.content_object_id)
        super().save(*args, **kwargs)
