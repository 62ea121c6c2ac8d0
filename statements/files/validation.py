"""Check uploads by content and size, encode pictures again, and store them."""

import datetime as dt
import hashlib
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any
from weakref import WeakKeyDictionary

from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import slugify
from django.utils.translation import gettext as _

from statements.content.characters import normalise_text
from statements.files import images, storage
from statements.files.document_types import FILE_TYPES, FileRejected, detect_document_type
from statements.models import StoredFile

MAX_STEM_CHARS = 80


@dataclass(frozen=True)
class AcceptedFile:
    """A checked upload: the bytes to store, and a safe name for readers."""

    name: str
    data: bytes
    content_type: str
    dimensions: tuple[int, int] | None = None
    narrower: list[images.EncodedImage] = field(default_factory=list)
    is_tagged: bool | None = None
    """Of a PDF that somebody attaches by hand; imports do not take the time to look."""


# Decoding a picture takes a second. The newsdesk checks each upload before it locks the statement,
# so that the form, which checks it again under the lock, finds the result here.
_results: WeakKeyDictionary[UploadedFile[Any], AcceptedFile | FileRejected] = WeakKeyDictionary()


def validate_upload(upload: UploadedFile[Any]) -> AcceptedFile:
    """Return the checked upload, or raise FileRejected. Each upload is decoded once."""
    if upload not in _results:
        try:
            _results[upload] = _validate(upload)
        except FileRejected as refusal:
            _results[upload] = refusal
    result = _results[upload]
    if isinstance(result, FileRejected):
        raise result
    return result


def _validate(upload: UploadedFile[Any]) -> AcceptedFile:
    name = upload.name or ""
    if not upload.size:
        raise FileRejected(_("It is empty: 0 bytes. Save it again, then attach it."))
    if upload.size > settings.MAX_UPLOAD_BYTES:
        raise FileRejected(
            _("It is larger than %(most)s MB. Save it smaller, or split it.")
            % {"most": settings.MAX_UPLOAD_BYTES // 1_000_000}
        )
    upload.seek(0)
    data = upload.read()
    if images.is_image(data):
        return _accept_image(data, name)
    content_type = detect_document_type(data, name)
    return AcceptedFile(make_safe_name(name, content_type), data, content_type)


def _accept_image(data: bytes, name: str) -> AcceptedFile:
    try:
        full, narrower = images.reencode(data, max_pixels=settings.MAX_IMAGE_PIXELS)
    except images.InvalidImage as refusal:
        raise FileRejected(str(refusal)) from refusal
    return AcceptedFile(
        make_safe_name(name, full.content_type),
        full.data,
        full.content_type,
        (full.width, full.height),
        narrower,
    )


def make_safe_name(name: str, content_type: str) -> str:
    """Return letters, digits and hyphens with the extension of the content type."""
    _, extension = FILE_TYPES[content_type]
    file_name = normalise_text(name).replace("\\", "/").rpartition("/")[2]
    stem = slugify(PurePosixPath(file_name).stem.replace(".", "-"), allow_unicode=True)
    stem = stem[:MAX_STEM_CHARS].strip("-_")
    return f"{stem or 'file'}.{extension}"


def compute_digest(accepted: AcceptedFile) -> str:
    return hashlib.sha256(accepted.data).hexdigest()


def store_upload(accepted: AcceptedFile, *, by: User, at: dt.datetime) -> StoredFile:
    """Store the file, and the narrower versions of a picture."""
    file = storage.store_file(
        accepted.data,
        content_type=accepted.content_type,
        dimensions=accepted.dimensions,
        is_tagged=accepted.is_tagged,
        by=by,
        at=at,
    )
    for image in accepted.narrower:
        storage.store_file(
            image.data,
            content_type=image.content_type,
            dimensions=(image.width, image.height),
            of=file,
            by=by,
            at=at,
        )
    return file
