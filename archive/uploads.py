"""What a manager brings to the newsdesk: kept, asked about, brought in by the worker, forgotten.

Each verb is one change of an Upload. The work itself is that of the command: see background.py.
"""

import datetime as dt
import re
import shutil
import uuid
from pathlib import PurePosixPath

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction

from archive import approval
from archive.exporter import MANIFEST
from archive.mapping import parse_mapping
from archive.models import Upload
from archive.readers.row import UnreadableSource
from archive.readers.source import find_files
from archive.tasks import process_upload
from statements.roles import MANAGERS, require_group

UploadState = Upload.UploadState
MAX_STEM_CHARS = 60  # characters; a name in a file system has 255 bytes
MAX_MAPPING_CHARS = 200_000


def receive(file: UploadedFile, *, by, at: dt.datetime) -> Upload:
    """Keep it, look at what is packed in it, and have a dry run made.

    Raises NothingToRead with a sentence; then nothing is kept.
    """
    require_group(by, MANAGERS, "import statements")
    if not file.size:
        raise UnreadableSource("The file is empty: 0 bytes. Export it again, then bring it here.")
    if file.size > settings.MAX_IMPORT_BYTES:
        raise UnreadableSource(
            f"The file is larger than {settings.MAX_IMPORT_BYTES // 1_000_000} MB. Split it, or have "
            "it brought in on the server: manage.py import_statements."
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
    _enqueue(upload)
    return upload


def _store_file(file: UploadedFile, upload: Upload) -> None:
    upload.folder_path.mkdir(mode=0o700, parents=True)
    upload.source_path.parent.mkdir(mode=0o700)
    with upload.source_path.open("wb") as kept:
        for chunk in file.chunks():
            kept.write(chunk)


def _check_contents(upload: Upload) -> None:
    """The table of contents of a zip, which costs little, before anything is unpacked."""
    try:
        files = find_files(upload.source_path).files
    except UnreadableSource as error:
        raise UnreadableSource(str(error).replace(str(upload.source_path), upload.name)) from error
    if any(file.name.rpartition("/")[2] == MANIFEST for file in files):
        raise UnreadableSource(
            "This is an export of this product. It is restored, with all its editions and events, "
            "into an empty database on the server: manage.py import_statements."
        )


def make_safe_name(name: str) -> str:
    """As it was called, without a path and without what a file system minds."""
    last = name.replace("\\", "/").rpartition("/")[2]
    path = PurePosixPath(re.sub(r"[^\w. ()-]+", "-", last).strip(" .-") or "source")
    return path.stem[:MAX_STEM_CHARS] + path.suffix[:20]


def repeat_dry_run(upload: Upload, mapping: str, *, by, at: dt.datetime) -> None:
    """Another dry run, by this mapping; `by` answers for it from now on. Raises NothingToRead."""
    require_group(by, MANAGERS, "import statements")
    if len(mapping) > MAX_MAPPING_CHARS:
        raise UnreadableSource("The mapping is longer than any file needs: 200,000 characters.")
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


def approve(upload: Upload, *, seen_digest: str, by, at: dt.datetime) -> None:
    """A second manager agrees to the dry run that was on screen. Raises NothingToRead."""
    _require_same_digest(upload, seen_digest)
    if upload.by == by:
        raise PermissionDenied("You had this dry run made: another manager agrees to it.")
    approval.approve_import(upload.digest, by=by, at=at)


def start(upload: Upload, *, seen_digest: str, by, at: dt.datetime) -> None:
    """Have it brought in. Raises NothingToRead with a sentence."""
    require_group(by, MANAGERS, "import statements")
    _require_same_digest(upload, seen_digest)
    if upload.by != by:
        raise PermissionDenied(f"{upload.by} had this dry run made, and brings it in.")
    if not approval.can_start(upload.digest, by=by):
        raise UnreadableSource(approval.SECOND_MANAGER_NEEDED)
    try:
        with transaction.atomic():
            _change_state(upload, [UploadState.CHECKED], stands=UploadState.IMPORTING, at=at)
    except IntegrityError:
        other = Upload.objects.filter(stands=UploadState.IMPORTING).first()
        raise UnreadableSource(
            f"“{other or 'Another file'}” is being imported now, and one is at a time. Wait until "
            "it is in, or stop it."
        ) from None


def resume(upload: Upload, *, by, at: dt.datetime) -> None:
    """Take up again what a worker left behind; what is in already is passed over."""
    require_group(by, MANAGERS, "import statements")
    _change_state(upload, [UploadState.CHECKING, UploadState.IMPORTING], at=at)


def delete(upload: Upload, *, by) -> None:
    """Take away the file and its reports; a run that is under way stops. What is in stays in."""
    require_group(by, MANAGERS, "forget an import")
    Upload.objects.filter(pk=upload.pk).update(stands=UploadState.FORGOTTEN, worker="", problem="")
    shutil.rmtree(upload.folder_path, ignore_errors=True)


def _require_same_digest(upload: Upload, seen_digest: str) -> None:
    if not upload.digest or seen_digest != upload.digest:
        raise UnreadableSource(
            "The dry run was made again since you opened this page. Read the report as it is now."
        )


def _change_state(upload: Upload, stood: list, *, at: dt.datetime, **fields) -> None:
    """Only if it stands as it should and nobody works on it; then the worker is asked."""
    if Upload.objects.get(pk=upload.pk).is_running(at):
        raise UnreadableSource("The worker is at it now. Wait until it is done, or stop it.")
    changed = Upload.objects.filter(pk=upload.pk, stands__in=stood).update(
        worker="", beat_at=None, rows=0, problem="", at=at, **fields
    )
    if not changed:
        raise UnreadableSource(
            "Somebody else has gone on with this import. Look at it as it is now."
        )
    upload.refresh_from_db()
    _enqueue(upload)


def _enqueue(upload: Upload) -> None:
    transaction.on_commit(lambda: process_upload.enqueue(upload.pk))
