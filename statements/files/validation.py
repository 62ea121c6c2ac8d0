"""From an upload to stored bytes: checked by content and size, pictures written anew."""

import datetime as dt
import hashlib
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import slugify

from statements.content import html
from statements.files import images, storage
from statements.files.document_types import FILE_TYPES, FileRejected, detect_document_type
from statements.models import StoredFile

MAX_STEM_CHARS = 80


@dataclass(frozen=True)
class AcceptedFile:
    """What an upload turned out to be: bytes to keep, under a name for readers to save it by."""

    name: str
    data: bytes
    content_type: str
    dimensions: tuple[int, int] | None = None
    narrower: list[images.EncodedImage] = field(default_factory=list)


def validate_upload(upload: UploadedFile) -> AcceptedFile:
    """What this upload is; raises NotTaken with a sentence. Read and decoded once, however often
    it is asked."""
    if not hasattr(upload, "was_checked"):
        try:
            upload.was_checked = _validate(upload)  # type: ignore[attr-defined]
        except FileRejected as refusal:
            upload.was_checked = refusal  # type: ignore[attr-defined]
    if isinstance(upload.was_checked, FileRejected):  # type: ignore[attr-defined]
        raise upload.was_checked  # type: ignore[attr-defined]
    return upload.was_checked  # type: ignore[attr-defined]


def _validate(upload: UploadedFile) -> AcceptedFile:
    name = upload.name or ""
    if not upload.size:
        raise FileRejected("It is empty: 0 bytes. Save it again, then attach it.")
    if upload.size > settings.MAX_UPLOAD_BYTES:
        raise FileRejected(
            f"It is larger than {settings.MAX_UPLOAD_BYTES // 1_000_000} MB. Save it smaller, or split "
            "it."
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
    """Letters, figures and hyphens, with the ending of what it is: no path, no second ending."""
    _, ending = FILE_TYPES[content_type]
    last = html.normalise_text(name).replace("\\", "/").rpartition("/")[2]
    stem = slugify(PurePosixPath(last).stem.replace(".", "-"), allow_unicode=True)
    stem = stem[:MAX_STEM_CHARS].strip("-_")
    return f"{stem or 'file'}.{ending}"


def compute_digest(accepted: AcceptedFile) -> str:
    """Under which these bytes are stored."""
    return hashlib.sha256(accepted.data).hexdigest()


def store_upload(accepted: AcceptedFile, *, by, at: dt.datetime) -> StoredFile:
    """Store what was accepted, and of a picture the narrower ones beside it."""
    file = storage.store_file(
        accepted.data,
        content_type=accepted.content_type,
        dimensions=accepted.dimensions,
        by=by,
        at=at,
    )
    for one in accepted.narrower:
        storage.store_file(
            one.data,
            content_type=one.content_type,
            dimensions=(one.width, one.height),
            of=file,
            by=by,
            at=at,
        )
    return file
