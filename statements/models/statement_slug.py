"""Addresses of statements: each belongs to one for ever."""

from collections.abc import Iterable

from django.db import models
from django.db.models import Q

from organisations.accepted_values import slug_constraint
from statements.integrity.keys import keyed_hash
from statements.models.statement import Statement


class StatementSlugQuerySet(models.QuerySet["StatementSlug"]):
    def find_taken(self, slugs: Iterable[str], but_not: Statement | None = None) -> set[str]:
        """Return those of these slugs that nobody can take, or nobody but this statement."""
        hashes = {hash_slug(slug): slug for slug in slugs}
        rows = self.filter(Q(slug__in=hashes.values()) | Q(slug__in=hashes.keys()))
        if but_not is not None:
            rows = rows.exclude(statement=but_not.pk, erased_at=None)
        return {hashes.get(slug, slug) for slug in rows.values_list("slug", flat=True)}

    def find_erased(self, slug: str) -> "StatementSlugQuerySet":
        """Select the erased address that was this slug."""
        return self.filter(slug=hash_slug(slug), erased_at__isnull=False)


def hash_slug(slug: str) -> str:
    """Return what is kept of an erased slug: it can be recognised, and not be read."""
    return keyed_hash("slug", slug)


class StatementSlug(models.Model):
    """The last part of an address, which belongs to one statement for ever. Append-only.

    Reserved when an edition with it is submitted; answers from `public_from` on. A slug is made
    from a headline, so an erasure replaces it by its keyed hash, and the address answers 410.
    """

    slug = models.SlugField(max_length=100, unique=True)
    statement = models.ForeignKey(Statement, models.PROTECT, related_name="addresses")
    public_from = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)

    objects = StatementSlugQuerySet.as_manager()

    class Meta:
        constraints = [slug_constraint("statementslug")]

    def __str__(self) -> str:
        return self.slug
