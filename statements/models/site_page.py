"""Pages about the site, which the law requires of public organisations."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SitePage(models.Model):
    """One of the pages about this site. Mutable.

    Only `site_pages.update_page` writes it, and events keep every text that it had. Without its
    own text it shows the one that comes with the product.
    """

    class Name(models.TextChoices):
        ACCESSIBILITY = "accessibility", _("Accessibility")
        PRIVACY = "privacy", _("Privacy")

    name = models.CharField("page", max_length=20, choices=Name, unique=True, editable=False)
    body = models.TextField("words", blank=True)
    changed_at = models.DateTimeField(null=True, editable=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )

    class Meta:
        ordering = ["name"]
        verbose_name = _("page about this site")
        verbose_name_plural = _("pages about this site")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(name__in=["accessibility", "privacy"]),
                name="sitepage_name_check",
                violation_error_message=_("The page is either accessibility or privacy."),
            ),
            models.CheckConstraint(
                condition=models.Q(body="", changed_at=None)
                | models.Q(changed_at__isnull=False, changed_by__isnull=False),
                name="sitepage_changed_check",
                violation_error_message=_("A changed page records who changed it and when."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_name_display()
