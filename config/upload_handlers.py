"""An upload handler that drops the rest of a file above the size limit."""

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest

from statements.roles import MANAGERS, is_in_group

IMPORTS_PATH = "/admin/import/"


def max_upload_bytes(request: HttpRequest) -> int:
    """Return the size limit: larger for a manager who uploads an import."""
    if request.path == IMPORTS_PATH and is_in_group(request.user, MANAGERS):
        return settings.MAX_IMPORT_BYTES
    return settings.MAX_UPLOAD_BYTES


class MaxSizeUploadHandler(FileUploadHandler):
    """Drop what comes after the limit; it must be the first upload handler.

    The disk does not fill, the other fields of the form still arrive, and the form's own check
    sees a size above the limit.
    """

    max_bytes: int | None = None

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        if self.max_bytes is None:
            assert self.request is not None, "Django gives the handler its request."
            self.max_bytes = max_upload_bytes(self.request)
        return raw_data if start <= self.max_bytes else None

    def file_complete(self, file_size: int) -> None:
        return None
