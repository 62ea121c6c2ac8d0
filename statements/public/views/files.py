"""Send pictures and files at their public URL while a readable edition carries them."""

import datetime as dt

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from statements.files.serving import build_file_response
from statements.public.responses import public_view, text_response
from statements.published.files import find_public_file, is_file_gone


@public_view
def file(request: HttpRequest, *, digest: str, name: str, at: dt.datetime) -> HttpResponseBase:
    """Send the bytes, or 410 if they were public and were taken away, or 404."""
    if "\0" in name:  # which no database accepts
        raise Http404
    if public_file := find_public_file(digest, name, at=at):
        response = build_file_response(
            request,
            path=public_file.path,
            name=public_file.name,
            digest=public_file.digest,
            content_type=public_file.content_type,
        )
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"  # for feed readers
        return response
    if is_file_gone(digest, name, at=at):
        return text_response("This file was taken back by those who published it.\n", status=410)
    raise Http404
