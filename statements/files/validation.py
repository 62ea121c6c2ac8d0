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
from statements.files.document_types import TYPES, NotTaken, document_type
from statements.models import StoredFile

LONGEST_STEM = 80


@dataclass(frozen=True)
class Accepted:
    """What an upload turned out to be: bytes to keep, under a name for readers to save it by."""

    name: str
    data: bytes
    content_type: str
    size: tuple[int, int] | None = None
    narrower: list[images.Picture] = field(default_factory=list)


def checked(upload: UploadedFile) -> Accepted:
    """What this upload is; raises NotTaken with a sentence. Read and decoded once, however often
    it is asked."""
    if not hasattr(upload, "was_checked"):
        try:
            upload.was_checked = _checked(upload)  # type: ignore[attr-defined]
        except NotTaken as refusal:
            upload.was_checked = refusal  # type: ignore[attr-defined]
    if isinstance(upload.was_checked, NotTaken):  # type: ignore[attr-defined]
        raise upload.was_checked  # type: ignore[attr-defined]
    return upload.was_checked  # type: ignore[attr-defined]


def _checked(upload: UploadedFile) -> Accepted:
    name = upload.name or ""
    if not upload.size:
        raise NotTaken("It is empty: 0 bytes. Save it again, then attach it.")
    if upload.size > settings.LARGEST_FILE:
        raise NotTaken(
            f"It is larger than {settings.LARGEST_FILE // 1_000_000} MB. Save it smaller, or split "
            "it."
        )
    upload.seek(0)
    data = upload.read()
    if images.looks_like_a_picture(data):
        return _picture(data, name)
    content_type = document_type(data, name)
    return Accepted(safe_name(name, content_type), data, content_type)


def _picture(data: bytes, name: str) -> Accepted:
    try:
        full, narrower = images.written_anew(data, most_pixels=settings.MOST_PIXELS)
    except images.NotAPicture as refusal:
        raise NotTaken(str(refusal)) from refusal
    return Accepted(
        safe_name(name, full.content_type),
        full.data,
        full.content_type,
        (full.width, full.height),
        narrower,
    )


def safe_name(name: str, content_type: str) -> str:
    """Letters, figures and hyphens, with the ending of what it is: no path, no second ending."""
    _, ending = TYPES[content_type]
    last = html.normalise(name).replace("\\", "/").rpartition("/")[2]
    stem = slugify(PurePosixPath(last).stem.replace(".", "-"), allow_unicode=True)
    stem = stem[:LONGEST_STEM].strip("-_")
    return f"{stem or 'file'}.{ending}"


def digest_of(accepted: Accepted) -> str:
    """Under which these bytes are stored."""
    return hashlib.sha256(accepted.data).hexdigest()


def keep(accepted: Accepted, *, by, at: dt.datetime) -> StoredFile:
    """Store what was accepted, and of a picture the narrower ones beside it."""
    file = storage.keep(
        accepted.data, content_type=accepted.content_type, size=accepted.size, by=by, at=at
    )
    for one in accepted.narrower:
        storage.keep(
            one.data,
            content_type=one.content_type,
            size=(one.width, one.height),
            of=file,
            by=by,
            at=at,
        )
    return file
