"""Change the state of an upload: receive, check, approve, start, resume, delete.

Each function is one change of an Upload. The worker does the work: see tasks.py.
"""

import datetime as dt
import logging
import re
import shutil
import uuid
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from archive import approval
from archive.exporter import MANIFEST
from archive.mapping import parse_mapping
from archive.models import Upload
from archive.readers.row import UnreadableSource
from archive.readers.source import find_files
from archive.tasks import process_upload
from statements.roles import MANAGERS, require_group

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

UploadState = Upload.UploadState
MAX_STEM_BYTES, MAX_SUFFIX_BYTES = 180, 60
"""A name in a file system has 255 bytes at most, and a character up to four of them."""
MAX_MAPPING_CHARS = 200_000
logger = logging.getLogger(__name__)


def receive(file: "UploadedFile[bytes]", *, by: User, at: dt.datetime) -> Upload:
    """Store the file, check the contents of a zip, and enqueue a dry run.

    Raises UnreadableSource with a sentence; then nothing is stored.
    """
    require_group(by, MANAGERS, _("import statements"))
    if not file.size:
        raise UnreadableSource(
            _("The file is empty: 0 bytes. Export it again, then bring it here.")
        )
    if file.size > settings.MAX_IMPORT_BYTES:
        raise UnreadableSource(
            _(
                "The file is larger than %(most)s MB. Split it, or have it brought in on the "
                "server: manage.py import_statements."
            )
            % {"most": settings.MAX_IMPORT_BYTES // 1_000_000}
        )
    upload = Upload(
        name=make_safe_name(file.name or ""), folder=uuid.uuid4().hex, size=file.size, by=by, at=at
    )
    try:
        _store_file(file, upload)
        _check_contents(upload)
    except UnreadableSource:
        shutil.rmtree(upload.folder_path, ignore_errors=True)
        raise
    upload.save()
    logger.info("Upload %d received from user %d", upload.pk, by.pk)
    _enqueue(upload)
    return upload


def _store_file(file: "UploadedFile[bytes]", upload: Upload) -> None:
    upload.folder_path.mkdir(mode=0o700, parents=True)
    upload.source_path.parent.mkdir(mode=0o700)
    with upload.source_path.open("wb") as target:
        for chunk in file.chunks():
            target.write(chunk)


def _check_contents(upload: Upload) -> None:
    """Check the table of contents of a zip, which is quick, before anything is unpacked."""
    try:
        files = find_files(upload.source_path).files
    except UnreadableSource as error:
        raise UnreadableSource(str(error).replace(str(upload.source_path), upload.name)) from error
    if any(file.name.rpartition("/")[2] == MANIFEST for file in files):
        raise UnreadableSource(
            _(
                "This is an export of this product. It is restored, with all its editions and "
                "events, into an empty database on the server: manage.py import_statements."
            )
        )


def make_safe_name(name: str) -> str:
    """Return the name without its path and without characters that file systems refuse."""
    last_part = name.replace("\\", "/").rpartition("/")[2]
    path = PurePosixPath(re.sub(r"[^\w. ()-]+", "-", last_part).strip(" .-") or "source")
    return _cut(path.stem, MAX_STEM_BYTES) + _cut(path.suffix, MAX_SUFFIX_BYTES)


def _cut(text: str, max_bytes: int) -> str:
    """Return the text up to so many bytes of UTF-8, without half a character."""
    return text.encode("utf-8", "ignore")[:max_bytes].decode("utf-8", "ignore")


def repeat_dry_run(upload: Upload, mapping: str, *, by: User, at: dt.datetime) -> None:
    """Enqueue a dry run with another mapping, now in the name of `by`. Raises UnreadableSource."""
    require_group(by, MANAGERS, _("import statements"))
    if len(mapping) > MAX_MAPPING_CHARS:
        raise UnreadableSource(_("The mapping is longer than any file needs: 200,000 characters."))
    parse_mapping(mapping)
    _change_state(
        upload,
        [UploadState.CHECKING, UploadState.CHECKED],
        stands=UploadState.CHECKING,
        mapping=mapping,
        by=by,
        at=at,
        digest="",
    )


def approve(upload: Upload, *, seen_digest: str, by: User, at: dt.datetime) -> None:
    """Approve, as a second manager, the dry run that was on screen. Raises UnreadableSource."""
    _require_same_digest(upload, seen_digest)
    if upload.by == by:
        raise PermissionDenied(_("You had this dry run made: another manager agrees to it."))
    approval.approve_import(upload.digest, by=by, at=at)


def start(upload: Upload, *, seen_digest: str, by: User, at: dt.datetime) -> None:
    """Enqueue the import. Raises UnreadableSource with a sentence."""
    require_group(by, MANAGERS, _("import statements"))
    _require_same_digest(upload, seen_digest)
    if upload.by != by:
        raise PermissionDenied(
            _("%(by)s had this dry run made, and brings it in.") % {"by": upload.by}
        )
    if not approval.can_start(upload.digest, by=by):
        raise UnreadableSource(approval.SECOND_MANAGER_NEEDED)
    try:
        with transaction.atomic():
            _change_state(upload, [UploadState.CHECKED], stands=UploadState.IMPORTING, at=at)
    except IntegrityError:
        running = Upload.objects.filter(stands=UploadState.IMPORTING).first()
        raise UnreadableSource(
            f"“{running or 'Another file'}” is being imported now, and one is at a time. "
            "Wait until it is in, or stop it."
        ) from None


def resume(upload: Upload, *, by: User, at: dt.datetime) -> None:
    """Resume what a stopped worker left; statements that are imported already are skipped."""
    require_group(by, MANAGERS, _("import statements"))
    _change_state(upload, [UploadState.CHECKING, UploadState.IMPORTING], at=at)


def delete(upload: Upload, *, by: User) -> None:
    """Delete the file and its reports and stop a running import. Imported statements stay."""
    require_group(by, MANAGERS, _("forget an import"))
    Upload.objects.filter(pk=upload.pk).update(stands=UploadState.FORGOTTEN, worker="", problem="")
    shutil.rmtree(upload.folder_path, ignore_errors=True)


def _require_same_digest(upload: Upload, seen_digest: str) -> None:
    if not upload.digest or seen_digest != upload.digest:
        raise UnreadableSource(
            _(
                "The dry run was made again since you opened this page. Read the report as it is "
                "now."
            )
        )


def _change_state(
    upload: Upload, expected: Iterable[UploadState], *, at: dt.datetime, **changes: Any
) -> None:
    if Upload.objects.get(pk=upload.pk).is_running(at):
        raise UnreadableSource(_("The worker is at it now. Wait until it is done, or stop it."))
    changed_count = Upload.objects.filter(pk=upload.pk, stands__in=expected).update(
        worker="", beat_at=None, rows=0, problem="", at=at, **changes
    )
    if not changed_count:
        raise UnreadableSource(
            _("Somebody else has gone on with this import. Look at it as it is now.")
        )
    upload.refresh_from_db()
    _enqueue(upload)


def _enqueue(upload: Upload) -> None:
    transaction.on_commit(lambda: process_upload.enqueue(upload.pk))
