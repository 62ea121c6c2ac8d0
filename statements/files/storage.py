"""The bytes of a StoredFile: written once, verified, and deleted only by an erasure."""

import datetime as dt
import hashlib
import logging
from collections.abc import Iterable, Iterator

from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F, Q

from statements.models import (
    Attachment,
    Edition,
    EditionFile,
    Statement,
    StoredFile,
    random_path,
)

logger = logging.getLogger(__name__)


def store_file(
    data: bytes,
    *,
    content_type: str,
    by: User,
    at: dt.datetime,
    dimensions: tuple[int, int] | None = None,
    of: StoredFile | None = None,
    is_tagged: bool | None = None,
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
        is_tagged=is_tagged,
        of=of,
        by=by,
        at=at,
    )


def erase_files(editions: Iterable[Edition], *, digests: Iterable[str], at: dt.datetime) -> None:
    """Erase the names of files in these editions, and the bytes that no other edition carries.

    By the digest, because the same bytes may have been uploaded more than once. A draft that has
    them loses them.
    """
    rows = EditionFile.objects.filter(edition__in=editions)
    digests = {*digests, *rows.values_list("file__digest", flat=True)}
    rows.exclude(name="").update(name="")
    files = find_copies(digests)
    in_use = find_carrying_editions({file.digest for file in files}, but_not=editions)
    for file in files:
        if file.digest not in in_use:
            _erase_file(file, at=at)


def erase_files_of_draft(
    statement: Statement, *, digests: Iterable[str], at: dt.datetime
) -> list[int]:
    """Erase the bytes that nothing but this draft has, and return the numbers of the files."""
    files = find_copies(digests)
    in_use = find_carrying_editions({file.digest for file in files}, but_not=()).keys()
    attached = Attachment.objects.filter(file__in=files).exclude(statement=statement)
    shared = {*in_use, *attached.values_list("file__digest", flat=True)}
    shared |= {*attached.values_list("file__narrower__digest", flat=True)}
    erased = [file for file in files if file.digest not in shared]
    for file in erased:
        _erase_file(file, at=at)
    return [file.pk for file in erased]


def find_carrying_editions(
    digests: Iterable[str], *, but_not: Iterable[Edition]
) -> dict[str, list[Edition]]:
    """Return, by digest, the other editions that carry these bytes, which keeps them."""
    rows = EditionFile.objects.filter(file__digest__in={*digests}, file__erased_at=None)
    rows = rows.exclude(name="").exclude(edition__in=but_not).order_by("edition")
    carrying: dict[str, list[Edition]] = {}
    for row in rows.select_related("edition", "file"):
        editions = carrying.setdefault(row.file.digest, [])
        if row.edition not in editions:
            editions.append(row.edition)
    return carrying


def find_copies(digests: Iterable[str]) -> list[StoredFile]:
    """Return all files with these bytes, and the narrower copies that were made of them."""
    files = StoredFile.objects.filter(erased_at=None)
    same = files.filter(digest__in={*digests})
    narrower = files.filter(of__in=same.values("pk"))
    return list(files.filter(Q(pk__in=same.values("pk")) | Q(pk__in=narrower.values("pk"))))


def _erase_file(file: StoredFile, *, at: dt.datetime) -> None:
    """Delete the bytes after the commit: a rollback could not bring them back."""
    drafts = Statement.objects.filter(attachments__file=file)
    drafts.update(version=F("version") + 1)  # a form that is open must not bring it back
    Attachment.objects.filter(file=file).delete()
    StoredFile.objects.filter(pk=file.pk).update(digest="", erased_at=at)
    transaction.on_commit(lambda: default_storage.delete(file.path))
    logger.info("Erased stored file %s", file.pk)


def delete_erased_bytes() -> None:
    """Delete what a process that stopped after the commit of an erasure left in storage."""
    for file in StoredFile.objects.exclude(erased_at=None).iterator(chunk_size=500):
        default_storage.delete(file.path)


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
