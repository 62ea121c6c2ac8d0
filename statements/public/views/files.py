"""Pictures and files at their public address: theirs while an edition that may be read has them."""

import datetime as dt

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from statements.files.serving import build_file_response
from statements.public.responses import file_gone_response, public_view
from statements.published.files import find_public_file, is_file_gone


@public_view
def file(request: HttpRequest, *, digest: str, name: str, at: dt.datetime) -> HttpResponseBase:
    """The bytes; 410 where they were public and were taken away; else as if there were none."""
    if "\0" in name:  # which no database takes
        raise Http404
    if found := find_public_file(digest, name, at=at):
        response = build_file_response(
            request,
            path=found.path,
            name=found.name,
            digest=found.digest,
            content_type=found.content_type,
        )
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"  # for readers of feeds
        return response
    if is_file_gone(digest, name, at=at):
        return file_gone_response()
    raise Http404
