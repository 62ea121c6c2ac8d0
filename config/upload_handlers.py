"""Receiving a file that is too large without keeping it, and without losing the form round it."""

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest

from statements.roles import MANAGERS, holds

IMPORTS = "/admin/import/"


def largest(request: HttpRequest) -> int:
    """Years of statements may come at once: from a manager, and where imports are brought alone."""
    if request.path == IMPORTS and holds(request.user, MANAGERS):
        return settings.LARGEST_IMPORT
    return settings.LARGEST_FILE


class DropWhatIsTooLarge(FileUploadHandler):
    """Stands first. What comes after the limit is read and let go: the disk does not fill, the
    fields of the form that follow still arrive, and the check sees a size above the limit."""

    limit: int | None = None

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        if self.limit is None:
            assert self.request is not None, "A handler is made for a request."
            self.limit = largest(self.request)
        return raw_data if start <= self.limit else None

    def file_complete(self, file_size: int) -> None:
        return None
