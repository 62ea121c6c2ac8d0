"""Sending stored bytes: with what headers, and by whom.

Whether somebody may have them is asked before; see public/files.py and newsdesk/files.py.
"""

from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header

FILE_POLICY = "default-src 'none'; sandbox"
"""For a browser that shows the bytes by themselves: nothing in them runs or loads anything."""


def build_file_response(
    request: HttpRequest, *, path: str, name: str, digest: str, content_type: str
) -> HttpResponseBase:
    """The bytes under this name; pictures to look at, everything else to save.

    nginx sends them where FILES_INTERNAL_LOCATION names its location over the storage.
    """
    etag = f'"{digest}"'
    response: HttpResponseBase
    if (unchanged := get_conditional_response(request, etag=etag)) is not None:
        response = unchanged
    elif settings.FILES_INTERNAL_LOCATION:
        response = HttpResponse(content_type=content_type)
        response.headers["X-Accel-Redirect"] = settings.FILES_INTERNAL_LOCATION + path
    else:
        response = FileResponse(default_storage.open(path), content_type=content_type)
    if response.status_code == 200:
        shown = content_type.startswith("image/")
        if (
            content_type == "image/webp"
        ):  # also of a picture that was brought as another, made narrow
            name = f"{Path(name).stem}.webp"
        disposition = content_disposition_header(not shown, name)
        response.headers["Content-Disposition"] = disposition or "inline"
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Content-Security-Policy"] = FILE_POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
