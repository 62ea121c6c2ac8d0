"""The bytes of a StoredFile: written once, verified, and deleted only by an erasure."""

import datetime as dt
import hashlib
import logging
from collections.abc import Iterable, Iterator

from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from statements.models import Attachment, Edition, EditionFile, StoredFile, random_path

logger = logging.getLogger(__name__)


def store_file(
    data: bytes,
    *,
    content_type: str,
    by: User,
    at: dt.datetime,
    dimensions: tuple[int, int] | None = None,
    of: StoredFile | None = None,
) -> StoredFile:
    """Write the bytes under a random name and return their row."""
    width, height = dimensions or (None, None)
    return StoredFile.objects.create(
        path=default_storage.save(random_path(), ContentFile(data)),
        digest=hashlib.sha256(data).hexdigest(),
        size=len(data),
        content_type=content_type,
        width=width,
        height=height,
        of=of,
        by=by,
        at=at,
    )


def erase_files(editions: Iterable[Edition], *, at: dt.datetime) -> None:
    """Erase the names of files in these editions, and the files that nothing else uses.

    Another edition, or a draft, can use the same file.
    """
    rows = EditionFile.objects.filter(edition__in=editions)
    files = list(StoredFile.objects.filter(carried__in=rows, erased_at=None).distinct())
    rows.exclude(name="").update(name="")
    for file in files:
        in_use = file.carried.exclude(name="").exists()
        if not in_use and not Attachment.objects.filter(file__in=[file.pk, file.of_id]).exists():
            _erase_file(file, at=at)


def _erase_file(file: StoredFile, *, at: dt.datetime) -> None:
    """Delete the bytes after the commit: a rollback could not bring them back."""
    StoredFile.objects.filter(pk=file.pk, erased_at=None).update(erased_at=at)
    transaction.on_commit(lambda: default_storage.delete(file.path))
    logger.info("Erased stored file %s", file.pk)


def find_file_problems(edition: Edition) -> Iterator[str]:
    """Yield a sentence for each file of the edition that is missing or changed."""
    if edition.erased_at:
        return
    digests: set[str] = set()
    for entry in edition.content_data.get("files", []) if '"files":' in edition.content else []:
        digests |= {entry["digest"], *(narrower["digest"] for narrower in entry["narrower"])}
    files = [row.file for row in edition.files.all()]
    where = f"edition {edition.sequence} of statement {edition.statement_id}"
    if digests != {file.digest for file in files}:
        yield f"The files of {where} are not the files that its text names."
    for file in files:
        yield from _check_file(file, where)


def _check_file(file: StoredFile, where: str) -> Iterator[str]:
    try:
        with default_storage.open(file.path) as opened:
            digest = hashlib.sha256(opened.read()).hexdigest()
    except FileNotFoundError:
        yield f"A file of {where} is missing from storage: {file.path}."
        return
    if digest != file.digest:
        yield f"A file of {where} is not the file that was stored: {file.path}."


def find_undeleted_files() -> Iterator[str]:
    """Yield a sentence for each erased file whose bytes are still in storage."""
    for file in StoredFile.objects.exclude(erased_at=None).iterator(chunk_size=500):
        if default_storage.exists(file.path):
            yield f"An erased file is still in storage: {file.path}. Delete it there."
