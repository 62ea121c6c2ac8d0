"""Responses that send a stored file.

The caller checks the permission first; see public/views/files.py and newsdesk/files.py.
"""

from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header

FILE_POLICY = "default-src 'none'; sandbox"
"""Let nothing in the file run or load anything when a browser opens it directly."""


def build_file_response(
    request: HttpRequest, *, path: str, name: str, digest: str, content_type: str
) -> HttpResponseBase:
    """Return the file under this name: pictures inline, everything else as a download.

    nginx sends the bytes if FILES_INTERNAL_LOCATION names its location over the storage.
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
        if content_type == "image/webp":  # a narrower version of a PNG has the name of the PNG
            name = f"{Path(name).stem}.webp"
        is_download = not content_type.startswith("image/")
        disposition = content_disposition_header(is_download, name)
        response.headers["Content-Disposition"] = disposition or "inline"
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Content-Security-Policy"] = FILE_POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
