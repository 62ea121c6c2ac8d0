"""Record where statements were imported from, who approved it, and redirects of the old site."""

import datetime as dt
from pathlib import Path

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _lazy

from statements.integrity.keys import keyed_hash
from statements.models import Statement, StoredFile

WORKER_TIMEOUT = dt.timedelta(minutes=2)
"""A worker that was silent for this long has stopped."""


class ImportDryRun(models.Model):
    """What a dry run found: its digest is what a second manager approves. Rows are only added."""

    digest = models.CharField(max_length=64, unique=True, help_text="Keyed, of the fields below.")
    source_digest = models.CharField(max_length=64, help_text="Keyed, of files and mapping.")
    at = models.DateTimeField(help_text="Its clock, by which the import decides too.")
    outcomes = models.BinaryField(help_text="A keyed hash of what became of each row.")

    def __str__(self) -> str:
        return f"Dry run of {self.at:%-d %B %Y, %H:%M}: {self.digest[:12]}"


class ImportApproval(models.Model):
    """A manager's approval of exactly one dry run. Rows are only added."""

    digest = models.CharField(max_length=64, help_text="Of the dry run.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["digest", "by"],
                name="importapproval_digest_by_uniq",
                violation_error_message="You have already approved this import.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.by} agreed to {self.digest[:12]}"


class ImportRun(models.Model):
    """The import of one source. Running it again resumes it where it stopped."""

    digest = models.CharField(
        max_length=64, unique=True, help_text="Of the dry run, or else of the source."
    )
    dry_run = models.ForeignKey(
        ImportDryRun,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="Null for an import into an empty site without one.",
    )
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
                name="importrun_approved_by_check",
                violation_error_message=(
                    "An import into a site with statements needs a second person."
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.sources} ({self.started_at:%-d %B %Y})"

    @property
    def planned_at(self) -> dt.datetime:
        """Return the clock that decides what is public: that of the dry run, also on a resume."""
        return self.dry_run.at if self.dry_run else self.started_at


class Upload(models.Model):
    """A file that a manager uploaded to the newsdesk, and the progress of its import. Mutable.

    The bytes and the reports are in its own folder under IMPORTS_DIR, which nothing serves.
    `worker` is the token of the process that works on it: that process updates `beat_at` every
    second, and stops once another has replaced it.
    """

    class UploadState(models.TextChoices):
        CHECKING = "checking", _lazy("Dry run")
        CHECKED = "checked", _lazy("Dry run made")
        IMPORTING = "importing", _lazy("Being imported")
        IMPORTED = "imported", _lazy("Imported")
        FORGOTTEN = "forgotten", _lazy("Forgotten")

    name = models.CharField(max_length=200)
    folder = models.CharField(max_length=32, unique=True)
    size = models.PositiveBigIntegerField(help_text="In bytes.")
    mapping = models.TextField(blank=True, help_text="As TOML; empty until one was proposed.")
    stands = models.CharField(
        max_length=10, choices=UploadState.choices, default=UploadState.CHECKING
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        help_text="Who had the last dry run made, and brings it in.",
    )
    at = models.DateTimeField(help_text="When that, or the import, was asked for.")
    digest = models.CharField(max_length=64, blank=True, help_text="Of the last dry run.")
    rows = models.PositiveBigIntegerField(default=0, help_text="Gone through so far.")
    of_rows = models.PositiveBigIntegerField(default=0, help_text="As the dry run counted them.")
    summary = models.JSONField(default=dict)
    problem = models.TextField(blank=True, help_text="Why the last run did not end, a sentence.")
    worker = models.CharField(max_length=32, blank=True)
    beat_at = models.DateTimeField(null=True)
    run = models.ForeignKey(ImportRun, models.PROTECT, null=True, related_name="uploads")

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["stands"],
                condition=Q(stands="importing"),
                name="upload_stands_importing_uniq",
                violation_error_message="Another import is running.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def is_running(self, at: dt.datetime) -> bool:
        return bool(self.worker and self.beat_at and at - self.beat_at < WORKER_TIMEOUT)

    @property
    def folder_path(self) -> Path:
        return Path(settings.IMPORTS_DIR) / self.folder

    @property
    def source_path(self) -> Path:
        return self.folder_path / "source" / self.name


def hash_identifier(source: str, identifier: str) -> str:
    """Return what is kept of an item whose words were erased: the next import recognises it."""
    return keyed_hash("import", f"{source}\0{identifier}")


class ImportedStatement(models.Model):
    """The source item that a statement came from, and its state after the import. Mutable.

    An identifier may be a headline: an erasure replaces it by its keyed hash.
    """

    source = models.CharField(max_length=200)
    identifier = models.CharField(max_length=500)
    row_digest = models.CharField(
        max_length=64, help_text="Keyed, of all that the source said of it."
    )
    statement = models.OneToOneField(Statement, models.PROTECT, related_name="imported")
    version = models.PositiveIntegerField(help_text="Of the statement, as the import left it.")
    words_hash = models.CharField(
        max_length=64, blank=True, help_text="Keyed, of the words; a draft’s is empty."
    )
    run = models.ForeignKey(ImportRun, models.PROTECT, related_name="statements")
    file = models.CharField(max_length=300)
    row = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "identifier"],
                name="importedstatement_source_identifier_uniq",
                violation_error_message="This item was already imported from this source.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.identifier}"


def hash_path(path: str) -> str:
    """Return what is kept of an erased path of the old site, as a path."""
    return "/" + keyed_hash("old address", path)


class LegacyRedirect(models.Model):
    """A path of the old site, with its query, and the statement it led to. Rows are only added.

    With `file`, the path led to that file of the statement. An erasure replaces the path by its
    keyed hash, and the old address then answers 410.
    """

    path = models.CharField(max_length=500, unique=True)
    erased_at = models.DateTimeField(null=True)
    statement = models.ForeignKey(Statement, models.CASCADE, related_name="old_addresses")
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(path__startswith="/") & ~Q(path__startswith="//"),
                name="legacyredirect_path_check",
                violation_error_message="The old address must be a path on this site.",
            )
        ]

    def __str__(self) -> str:
        return self.path
