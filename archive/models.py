"""What came from where, who agreed to it, and which addresses of the old site lead here."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from statements.models import Statement


class ImportApproval(models.Model):
    """A manager has read the report of a dry run and agrees to exactly that lot. Only added to."""

    digest = models.CharField(max_length=64, help_text="Of the files, the mapping, the options.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["digest", "by"], name="import_is_approved_once_by_each")
        ]

    def __str__(self) -> str:
        return f"{self.by} agreed to {self.digest[:12]}"


class ImportRun(models.Model):
    """One lot that was brought in, or is being. Goes on where it stopped when it is run again."""

    digest = models.CharField(max_length=64, unique=True)
    sources = models.TextField(help_text="The files, by name.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    into_empty_site = models.BooleanField(default=False)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    counts = models.JSONField(default=dict)

    class Meta:
        ordering = ["-started_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(into_empty_site=True)
                | (Q(approved_by__isnull=False) & ~Q(approved_by=F("by"))),
                name="import_takes_two_people",
            )
        ]

    def __str__(self) -> str:
        return f"{self.sources} ({self.started_at:%-d %B %Y})"


class ImportedStatement(models.Model):
    """Which item of which source a statement came from, and how it stood when it came. Mutable."""

    source = models.CharField(max_length=200)
    identifier = models.CharField(max_length=500)
    row_digest = models.CharField(max_length=64, help_text="Of all that the source said of it.")
    statement = models.OneToOneField(Statement, models.PROTECT, related_name="imported")
    version = models.PositiveIntegerField(help_text="Of the statement, as the import left it.")
    digest = models.CharField(
        max_length=64, blank=True, help_text="Of the edition; a draft’s is empty."
    )
    run = models.ForeignKey(ImportRun, models.PROTECT, related_name="statements")
    file = models.CharField(max_length=300)
    row = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "identifier"], name="imported_once_from_its_source"
            )
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.identifier}"


class OldAddress(models.Model):
    """A path of the old site, query included, and the statement it led to. Only added to."""

    path = models.CharField(max_length=500, unique=True)
    statement = models.ForeignKey(Statement, models.CASCADE, related_name="old_addresses")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(path__startswith="/") & ~Q(path__startswith="//"),
                name="old_address_is_a_local_path",
            )
        ]

    def __str__(self) -> str:
        return self.path
