"""Serve pictures and files to the newsdesk, whether or not they are public."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from statements.files.serving import build_file_response
from statements.models import StoredFile


@require_safe
def serve_file(request: HttpRequest, digest: str, name: str) -> HttpResponseBase:
    """Serve the file with this digest to everybody who may read what is in review."""
    if not request.user.has_perm("statements.view_edition"):
        raise PermissionDenied(_("To see what is attached you need to be on the newsdesk."))
    file = StoredFile.objects.filter(digest=digest, erased_at=None).first()
    if file is None:
        raise Http404(_("There is no such file, or it was erased."))
    return build_file_response(
        request,
        path=file.path,
        name=name.replace("\0", ""),
        digest=digest,
        content_type=file.content_type,
    )


def file_url(digest: str, name: str) -> str:
    return reverse("admin:statements_file", args=[digest, name])
