"""The slugs that a speaker, an organisation or a theme had before.

A published address leads to the same page for ever, so no other row can take it.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from organisations.accepted_values import slug_constraint


class FormerSlug(models.Model):
    """A slug that a row had before, or that a row merged into it had.

    A subclass has one foreign key, named after its owner, with `related_name="former_slugs"`.
    """

    slug = models.SlugField(max_length=100, unique=True)
    merged = models.PositiveBigIntegerField(
        null=True, help_text="The id of the merged row that had this slug; search still knows it."
    )

    class Meta:
        abstract = True
        constraints = [slug_constraint("%(class)s")]


class KeepsFormerSlugs(models.Model):
    """Keep the previous slug on save, and refuse the former slug of another row."""

    # Each subclass has the field, and the related manager from its FormerSlug.
    slug: Any
    former_slugs: Any

    class Meta:
        abstract = True

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and keep the previous slug if it changes."""
        rows: models.QuerySet[Any] = type(self)._default_manager.filter(pk=self.pk)  # noqa: SLF001  (Django's public API)
        previous = rows.values_list("slug", flat=True).first()
        super().save(*args, **kwargs)
        if previous is not None and previous != self.slug:
            self.former_slugs.filter(slug=self.slug, merged=None).delete()  # in use again
            self.former_slugs.get_or_create(slug=previous)

    def clean(self) -> None:
        super().clean()
        relation = self._meta.get_field("former_slugs")
        assert isinstance(relation, models.ManyToOneRel), "A former slug has one owner."
        manager = relation.related_model._default_manager  # noqa: SLF001  (Django's public API)
        others = manager.exclude(**{relation.field.name: self.pk})
        if others.filter(slug=self.slug).exists():
            name = self._meta.verbose_name
            raise ValidationError(
                {
                    "slug": _(
                        "“%(slug)s” was the address of another %(name)s, and still leads there."
                    )
                    % {"slug": self.slug, "name": name}
                }
            )
