"""Files that are published with a statement: stored bytes, and their place in draft and edition."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from statements.content import schema
from statements.models.edition import Edition
from statements.models.statement import Statement


class StoredFile(models.Model):
    """Validated bytes under a random name in the default storage.

    Immutable: triggers refuse to change or delete the row. `erased_at` says that the bytes were
    deleted, and their digest with them. Narrower copies of a picture, for small screens, refer to
    it by `of`.
    """

    path = models.CharField(max_length=100, unique=True, help_text="Its random name in storage.")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the bytes.")
    size = models.PositiveBigIntegerField(help_text="In bytes.")
    content_type = models.CharField(max_length=100, help_text="As our own check found it.")
    width = models.PositiveIntegerField(null=True, help_text="In pixels; of pictures alone.")
    height = models.PositiveIntegerField(null=True)
    is_tagged = models.BooleanField(
        null=True, help_text="Of PDFs: whether a screen reader finds headings and tables in it."
    )
    of = models.ForeignKey("self", models.PROTECT, null=True, related_name="narrower")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            # Which file has this digest? Used whenever a file is served.
            models.Index(fields=["digest"], name="storedfile_digest_idx")
        ]

    def __str__(self) -> str:
        return f"{self.content_type}, {self.size:,} bytes"

    @property
    def is_picture(self) -> bool:
        """Whether browsers show it as a picture."""
        return self.content_type.startswith("image/")

    def to_dict(self) -> dict[str, Any]:
        """Return what frozen content says about these bytes."""
        values = {"digest": self.digest, "size": self.size, "type": self.content_type}
        return values | ({"width": self.width, "height": self.height} if self.is_picture else {})


def random_path() -> str:
    """Return a random path in one of 256 folders, so that nobody can guess it."""
    name = uuid.uuid4().hex
    return f"{name[:2]}/{name}"


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def in_order(self) -> "AttachmentQuerySet":
        """Return attachments in their order, with what freezing needs."""
        return (
            self.select_related("file")
            .prefetch_related("file__narrower")
            .order_by("position", "pk")
        )


class Attachment(models.Model):
    """A file in the draft, with its caption and description. Mutable.

    Replacing the file does not touch the bytes that an edition carries.
    """

    statement = models.ForeignKey(Statement, models.CASCADE, related_name="attachments")
    position = models.PositiveIntegerField(default=0)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="attachments")
    name = models.CharField(max_length=120, help_text=_("Under which readers save it."))
    title = models.CharField(
        _("title or caption"),
        max_length=300,
        blank=True,
        help_text=_("What readers see beside it."),
    )
    alt = models.TextField(
        "description",
        blank=True,
        help_text=_("Pictures only: what it shows, for people who cannot see it."),
    )
    credit = models.CharField(
        max_length=200, blank=True, help_text=_("Who made it, as printed beside it.")
    )
    terms = models.CharField(
        _("terms of use"),
        max_length=300,
        blank=True,
        help_text=_("Such as “Free for editorial use”."),
    )
    is_accessible_version = models.BooleanField(
        default=False,
        help_text="Documents only: the document before it, in a form that more people can read.",
    )

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("picture or file")
        constraints = [
            models.CheckConstraint(
                condition=~Q(name=""),
                name="attachment_name_check",
                violation_error_message=_("A file needs a name."),
            )
        ]

    def __str__(self) -> str:
        return self.title or self.name

    def content(self) -> dict[str, Any]:
        """Return the file as it would be frozen, its bytes by their digests."""
        narrower = sorted(self.file.narrower.all(), key=lambda file: file.width or 0)
        values = schema.read_columns(schema.FILE_FIELDS, self) | self.file.to_dict()
        if self.file.is_picture:
            values["is_accessible_version"] = False
        else:
            values["alt"] = ""
        return schema.freeze(
            schema.FILE_FIELDS, values | {"narrower": [file.to_dict() for file in narrower]}
        )


class EditionFile(models.Model):
    """A file that an edition carries, and its name there. Append-only.

    The file is served while such an edition is readable. Erasure empties the name.
    """

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="files")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="carried")
    name = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "file"],
                name="editionfile_edition_file_uniq",
                violation_error_message=_("The edition already carries this file."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} in {self.edition_id}"
