"""Bytes to attach, good and bad, and a working copy that carries them."""

import io
import zipfile

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from statements.files import validation
from statements.models import Attachment, Statement
from tests.cast import NOON

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
EXIF_PLACE = "Aberwen, 51.5 N"  # what a camera writes down


def make_picture(
    width=1200, height=800, form="JPEG", *, orientation=1, mode="RGB", **save
) -> bytes:
    """Half red and half blue, with EXIF that says where it was taken."""
    image = Image.new(mode, (width, height), "red")
    image.paste("blue", (width // 2, 0, width, height))
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = EXIF_PLACE
    out = io.BytesIO()
    image.save(out, form, exif=exif, **save)
    return out.getvalue()


def make_zip(**parts: str) -> bytes:
    """A zip archive; __ in a name is a slash, and _types the table of contents of Office files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(
                "[Content_Types].xml" if name == "_types" else name.replace("__", "/"), text
            )
    return out.getvalue()


def make_docx(**more: str) -> bytes:
    return make_zip(_types="<Types/>", **{"word__document.xml": "<w/>", **more})


def make_upload(name: str, data: bytes) -> SimpleUploadedFile:
    """As a browser sends it; what it claims to be is never believed."""
    return SimpleUploadedFile(name, data, content_type="text/html")


def attach_file(statement: Statement, by, name="photo.jpg", data: bytes | None = None, **fields):
    """Put a file into the working copy, as a save of the form does."""
    accepted = validation.validate_upload(
        make_upload(name, make_picture() if data is None else data)
    )
    fields = {"alt": "A flag" if accepted.dimensions else ""} | fields
    statement.refresh_from_db()
    statement.record_save(by=by, seen_version=statement.version)
    return Attachment.objects.create(
        statement=statement,
        file=validation.store_upload(accepted, by=by, at=NOON),
        name=accepted.name,
        position=statement.attachments.count(),
        **fields,
    )


def file_url(attachment: Attachment) -> str:
    return f"/files/{attachment.file.digest}/{attachment.name}"


def read_body(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content
