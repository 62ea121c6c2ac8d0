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
from archive.mapping import read_mapping
from archive.models import Upload
from archive.readers.row import NothingToRead
from archive.readers.source import find
from archive.tasks import work
from statements.roles import MANAGERS, demand

Stands = Upload.Stands
LONGEST_STEM = 60  # characters; a name in a file system has 255 bytes
LONGEST_MAPPING = 200_000


def receive(file: UploadedFile, *, by, at: dt.datetime) -> Upload:
    """Keep it, look at what is packed in it, and have a dry run made.

    Raises NothingToRead with a sentence; then nothing is kept.
    """
    demand(by, MANAGERS, "import statements")
    if not file.size:
        raise NothingToRead("The file is empty: 0 bytes. Export it again, then bring it here.")
    if file.size > settings.LARGEST_IMPORT:
        raise NothingToRead(
            f"The file is larger than {settings.LARGEST_IMPORT // 1_000_000} MB. Split it, or have "
            "it brought in on the server: manage.py import_statements."
        )
    upload = Upload(
        name=safe_name(file.name or ""), folder=uuid.uuid4().hex, size=file.size, by=by, at=at
    )
    try:
        _keep(file, upload)
        _look_into(upload)
    except NothingToRead:
        shutil.rmtree(upload.place, ignore_errors=True)
        raise
    upload.save()
    _ask_worker(upload)
    return upload


def _keep(file: UploadedFile, upload: Upload) -> None:
    upload.place.mkdir(mode=0o700, parents=True)
    upload.source.parent.mkdir(mode=0o700)
    with upload.source.open("wb") as kept:
        for chunk in file.chunks():
            kept.write(chunk)


def _look_into(upload: Upload) -> None:
    """The table of contents of a zip, which costs little, before anything is unpacked."""
    try:
        files = find(upload.source).files
    except NothingToRead as error:
        raise NothingToRead(str(error).replace(str(upload.source), upload.name)) from error
    if any(file.name.rpartition("/")[2] == MANIFEST for file in files):
        raise NothingToRead(
            "This is an export of this product. It is restored, with all its editions and events, "
            "into an empty database on the server: manage.py import_statements."
        )


def safe_name(name: str) -> str:
    """As it was called, without a path and without what a file system minds."""
    last = name.replace("\\", "/").rpartition("/")[2]
    path = PurePosixPath(re.sub(r"[^\w. ()-]+", "-", last).strip(" .-") or "source")
    return path.stem[:LONGEST_STEM] + path.suffix[:20]


def check_again(upload: Upload, mapping: str, *, by, at: dt.datetime) -> None:
    """Another dry run, by this mapping; `by` answers for it from now on. Raises NothingToRead."""
    demand(by, MANAGERS, "import statements")
    if len(mapping) > LONGEST_MAPPING:
        raise NothingToRead("The mapping is longer than any file needs: 200,000 characters.")
    read_mapping(mapping)
    _change(
        upload,
        [Stands.CHECKING, Stands.CHECKED],
        stands=Stands.CHECKING,
        mapping=mapping,
        by=by,
        at=at,
        digest="",
    )


def agree(upload: Upload, *, seen_digest: str, by, at: dt.datetime) -> None:
    """A second manager agrees to the dry run that was on screen. Raises NothingToRead."""
    _see_same(upload, seen_digest)
    if upload.by == by:
        raise PermissionDenied("You had this dry run made: another manager agrees to it.")
    approval.agree(upload.digest, by=by, at=at)


def start(upload: Upload, *, seen_digest: str, by, at: dt.datetime) -> None:
    """Have it brought in. Raises NothingToRead with a sentence."""
    demand(by, MANAGERS, "import statements")
    _see_same(upload, seen_digest)
    if upload.by != by:
        raise PermissionDenied(f"{upload.by} had this dry run made, and brings it in.")
    if not approval.may_begin(upload.digest, by=by):
        raise NothingToRead(approval.ALONE)
    try:
        with transaction.atomic():
            _change(upload, [Stands.CHECKED], stands=Stands.IMPORTING, at=at)
    except IntegrityError:
        other = Upload.objects.filter(stands=Stands.IMPORTING).first()
        raise NothingToRead(
            f"“{other or 'Another file'}” is being imported now, and one is at a time. Wait until "
            "it is in, or stop it."
        ) from None


def go_on(upload: Upload, *, by, at: dt.datetime) -> None:
    """Take up again what a worker left behind; what is in already is passed over."""
    demand(by, MANAGERS, "import statements")
    _change(upload, [Stands.CHECKING, Stands.IMPORTING], at=at)


def forget(upload: Upload, *, by) -> None:
    """Take away the file and its reports; a run that is under way stops. What is in stays in."""
    demand(by, MANAGERS, "forget an import")
    Upload.objects.filter(pk=upload.pk).update(stands=Stands.FORGOTTEN, worker="", problem="")
    shutil.rmtree(upload.place, ignore_errors=True)


def _see_same(upload: Upload, seen_digest: str) -> None:
    if not upload.digest or seen_digest != upload.digest:
        raise NothingToRead(
            "The dry run was made again since you opened this page. Read the report as it is now."
        )


def _change(upload: Upload, stood: list, *, at: dt.datetime, **fields) -> None:
    """Only if it stands as it should and nobody works on it; then the worker is asked."""
    if Upload.objects.get(pk=upload.pk).is_at_work(at):
        raise NothingToRead("The worker is at it now. Wait until it is done, or stop it.")
    changed = Upload.objects.filter(pk=upload.pk, stands__in=stood).update(
        worker="", beat_at=None, rows=0, problem="", at=at, **fields
    )
    if not changed:
        raise NothingToRead("Somebody else has gone on with this import. Look at it as it is now.")
    upload.refresh_from_db()
    _ask_worker(upload)


def _ask_worker(upload: Upload) -> None:
    transaction.on_commit(lambda: work.enqueue(upload.pk))
