"""Receiving a file that is too large without keeping it, and without losing the form round it."""

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler


class DropWhatIsTooLarge(FileUploadHandler):
    """Stands first. What comes after the limit is read and let go: the disk does not fill, the
    fields of the form that follow still arrive, and the check sees a size above the limit."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return raw_data if start <= settings.LARGEST_FILE else None

    def file_complete(self, file_size: int) -> None:
        return None
