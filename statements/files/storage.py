"""The bytes behind a StoredFile: written once, read, proved, and taken away by erasure alone."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from statements.models import Attachment, Edition, EditionFile, StoredFile, random_path


def store_file(
    data: bytes,
    *,
    content_type: str,
    by,
    at: dt.datetime,
    dimensions: tuple[int, int] | None = None,
    of: StoredFile | None = None,
) -> StoredFile:
    """Write the bytes under a random name, and their digest into the record."""
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
    """Forget the names under which these editions carried files, and the bytes that nothing else
    carries: no other edition, and no working copy."""
    rows = EditionFile.objects.filter(edition__in=editions)
    files = list(StoredFile.objects.filter(carried__in=rows, erased_at=None).distinct())
    rows.exclude(name="").update(name="")
    for file in files:
        in_use = file.carried.exclude(name="").exists()
        if not in_use and not Attachment.objects.filter(file__in=[file.pk, file.of_id]).exists():
            _erase_file(file, at=at)


def _erase_file(file: StoredFile, *, at: dt.datetime) -> None:
    """After the commit, for a transaction that is rolled back brings no bytes back."""
    StoredFile.objects.filter(pk=file.pk, erased_at=None).update(erased_at=at)
    transaction.on_commit(lambda: default_storage.delete(file.path))


def find_file_problems(edition: Edition) -> Iterator[str]:
    """What is not as it was with the files that this edition carries, as sentences."""
    if edition.erased_at:
        return
    frozen: set[str] = set()
    for one in edition.content_data.get("files", []) if '"files":' in edition.content else []:
        frozen |= {one["digest"], *(narrower["digest"] for narrower in one["narrower"])}
    carried = [row.file for row in edition.files.all()]
    where = f"edition {edition.sequence} of statement {edition.statement_id}"
    if frozen != {file.digest for file in carried}:
        yield f"The files of {where} are not the files that its text names."
    for file in carried:
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
    """Bytes that were to be erased and lie there still."""
    for file in StoredFile.objects.exclude(erased_at=None).iterator(chunk_size=500):
        if default_storage.exists(file.path):
            yield f"An erased file lies in storage still: {file.path}. Delete it there."
