"""Files that go out with the words: the bytes as they were stored, and their place with a text."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from statements.content import schema
from statements.models.edition import Edition
from statements.models.statement import Statement


class StoredFile(models.Model):
    """Bytes as they passed the checks, under a random name in the default storage.

    Immutable: triggers refuse to change or delete the row. `erased_at` says that its bytes were
    taken away. A picture has narrower ones beside it (`of`), for smaller screens.
    """

    path = models.CharField(max_length=100, unique=True, help_text="Its random name in storage.")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the bytes.")
    size = models.PositiveBigIntegerField(help_text="In bytes.")
    content_type = models.CharField(max_length=100, help_text="As our own check found it.")
    width = models.PositiveIntegerField(null=True, help_text="In pixels; of pictures alone.")
    height = models.PositiveIntegerField(null=True)
    of = models.ForeignKey("self", models.PROTECT, null=True, related_name="narrower")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            # Which bytes does this address mean? Asked whenever a file is served.
            models.Index(fields=["digest"], name="storedfile_digest_idx")
        ]

    def __str__(self) -> str:
        return f"{self.content_type}, {self.size:,} bytes"

    @property
    def is_picture(self) -> bool:
        return self.content_type.startswith("image/")

    def to_dict(self) -> dict:
        """What a frozen text says of these bytes."""
        found = {"digest": self.digest, "size": self.size, "type": self.content_type}
        return found | ({"width": self.width, "height": self.height} if self.is_picture else {})


def random_path() -> str:
    """A name that tells nothing and that nobody guesses, in one of 256 folders."""
    name = uuid.uuid4().hex
    return f"{name[:2]}/{name}"


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def in_order(self) -> "AttachmentQuerySet":
        return (
            self.select_related("file")
            .prefetch_related("file__narrower")
            .order_by("position", "pk")
        )


class Attachment(models.Model):
    """The place of a file in the working copy, and what is said of it. Mutable.

    Another file put in its place leaves the bytes that an edition carries as they are.
    """

    statement = models.ForeignKey(Statement, models.CASCADE, related_name="attachments")
    position = models.PositiveIntegerField(default=0)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="attachments")
    name = models.CharField(max_length=120, help_text="Under which readers save it.")
    title = models.CharField(
        "title or caption", max_length=300, blank=True, help_text="What readers see beside it."
    )
    alt = models.TextField(
        "description",
        blank=True,
        help_text="Pictures only: what it shows, for those who cannot see it.",
    )
    credit = models.CharField(
        max_length=200, blank=True, help_text="Who made it, as printed beside it."
    )
    terms = models.CharField(
        "terms of use", max_length=300, blank=True, help_text="Such as “Free for editorial use”."
    )

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = "picture or file"
        constraints = [
            models.CheckConstraint(
                condition=~Q(name=""),
                name="attachment_name_check",
                violation_error_message="A file needs a name.",
            )
        ]

    def __str__(self) -> str:
        return self.title or self.name

    def content(self) -> dict:
        """Return the file as it would be frozen: its bytes by their digests."""
        narrower = sorted(self.file.narrower.all(), key=lambda one: one.width or 0)
        values = schema.read_columns(schema.FILE_FIELDS, self) | self.file.to_dict()
        if not self.file.is_picture:
            values["alt"] = ""
        return schema.freeze(
            schema.FILE_FIELDS, values | {"narrower": [one.to_dict() for one in narrower]}
        )


class EditionFile(models.Model):
    """An edition carries these bytes under this name. Only ever added to.

    Its address answers while such an edition may be read. Erasure empties the name.
    """

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="files")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="carried")
    name = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "file"],
                name="editionfile_edition_file_uniq",
                violation_error_message="The edition already carries this file.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} in {self.edition_id}"
