"""Receiving a file that is too large without keeping it, and without losing the form round it."""

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest

from statements.roles import MANAGERS, is_in_group

IMPORTS_PATH = "/admin/import/"


def max_upload_bytes(request: HttpRequest) -> int:
    """Years of statements may come at once: from a manager, and where imports are brought alone."""
    if request.path == IMPORTS_PATH and is_in_group(request.user, MANAGERS):
        return settings.MAX_IMPORT_BYTES
    return settings.MAX_UPLOAD_BYTES


class MaxSizeUploadHandler(FileUploadHandler):
    """Stands first. What comes after the limit is read and let go: the disk does not fill, the
    fields of the form that follow still arrive, and the check sees a size above the limit."""

    max_bytes: int | None = None

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        if self.max_bytes is None:
            assert self.request is not None, "A handler is made for a request."
            self.max_bytes = max_upload_bytes(self.request)
        return raw_data if start <= self.max_bytes else None

    def file_complete(self, file_size: int) -> None:
        return None
