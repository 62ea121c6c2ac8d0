"""Show the list of imports, one import, and the actions on it."""

import datetime as dt
from typing import TYPE_CHECKING, cast

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from archive import approval as archive_approval
from archive import uploads
from archive.models import ImportRun, Upload
from archive.newsdesk.name_choices import apply_name_choices, load_name_choices
from archive.newsdesk.report_rows import load_doubtful_matches, load_doubtful_rows
from archive.readers.row import UnreadableSource
from statements import clock
from statements.roles import MANAGERS, require_group

if TYPE_CHECKING:
    from django.contrib.auth.models import User

MAX_LIST_ROWS = 50
WORKER_WAIT_WARNING = dt.timedelta(minutes=1)
DOWNLOADS = {"report.csv": _lazy("row by row"), "matches.csv": _lazy("names and matches")}


class ImportUploadForm(forms.Form):
    file = forms.FileField(
        label=_lazy("File"),
        max_length=400,
        help_text=_lazy(
            "A WordPress export (XML), CSV, JSON, JSON Lines, a feed, Markdown, a Word document, a "
            "web page, or a zip with many of them and the pictures and files they name."
        ),
        error_messages={
            "required": _lazy("Choose a file."),
            "empty": _lazy("The file is empty: 0 bytes. Export it again, then bring it here."),
        },
    )


class MappingForm(forms.Form):
    mapping = forms.CharField(
        label=_lazy("Mapping"),
        strip=False,
        help_text=_lazy(
            "Our field = the source’s own names for it. Lines that begin with # say nothing."
        ),
        widget=forms.Textarea(
            attrs={"rows": 22, "spellcheck": "false", "autocapitalize": "off", "class": "toml"}
        ),
        error_messages={
            "required": _lazy("The mapping is empty. Bring the file again for a proposal.")
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """List every upload and import, with the form to upload another file."""
    require_group(request.user, MANAGERS, _("import statements"))
    form = (
        ImportUploadForm(request.POST, request.FILES)
        if request.method == "POST"
        else ImportUploadForm()
    )
    if form.is_valid():
        try:
            upload = uploads.receive(
                form.cleaned_data["file"], by=cast("User", request.user), at=clock.now()
            )
        except UnreadableSource as error:
            form.add_error("file", str(error))
        else:
            return redirect("imports:detail", upload.pk)
    context = {
        **admin.site.each_context(request),
        "title": _("Import"),
        "form": form,
        "largest": settings.MAX_IMPORT_BYTES // 1_000_000,
        "uploads": Upload.objects.exclude(stands=Upload.UploadState.FORGOTTEN).select_related("by")[
            :MAX_LIST_ROWS
        ],
        "runs": ImportRun.objects.select_related("by", "approved_by")[:MAX_LIST_ROWS],
    }
    return TemplateResponse(request, "admin/imports/imports.html", context)


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    require_group(request.user, MANAGERS, _("see an import"))
    return _render_detail(request, _get_upload(pk))


@require_POST
def perform(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Perform an action of archive/uploads.py; if refused, say why and keep the input."""
    require_group(request.user, MANAGERS, _("import statements"))
    upload, by, at = _get_upload(pk), cast("User", request.user), clock.now()
    seen = request.POST.get("seen_digest", "")
    form = None
    try:
        match action:
            case "check":
                form = MappingForm(request.POST)
                if not form.is_valid():
                    return _render_detail(request, upload, form)
                mapping = apply_name_choices(form.cleaned_data["mapping"], request.POST.dict())
                uploads.repeat_dry_run(upload, mapping, by=by, at=at)
            case "agree":
                uploads.approve(upload, seen_digest=seen, by=by, at=at)
                messages.success(
                    request,
                    _("You agreed to this import. %(by)s brings it in.") % {"by": upload.by},
                )
            case "start":
                uploads.start(upload, seen_digest=seen, by=by, at=at)
            case "go-on":
                uploads.resume(upload, by=by, at=at)
            case "forget":
                uploads.delete(upload, by=by)
                messages.success(
                    request, _("“%(upload)s” and its reports were taken away.") % {"upload": upload}
                )
                return redirect("imports:index")
            case _:
                raise Http404(_("There is nothing of that name to do."))
    except UnreadableSource as error:
        upload.refresh_from_db()
        if form is not None:
            form.add_error("mapping", str(error))
            return _render_detail(request, upload, form)
        messages.error(request, str(error))
    return redirect("imports:detail", pk)


@require_safe
def download(request: HttpRequest, pk: int, name: str) -> HttpResponseBase:
    """Download a report for a spreadsheet. The uploaded file itself is never sent out again."""
    require_group(request.user, MANAGERS, _("see an import"))
    upload = _get_upload(pk)
    path = upload.folder_path / name
    if name not in DOWNLOADS or not path.is_file():
        raise Http404(_("There is no such report, or it was forgotten."))
    response = FileResponse(
        path.open("rb"), as_attachment=True, filename=name, content_type="text/csv; charset=utf-8"
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _get_upload(pk: int) -> Upload:
    uploads_left = Upload.objects.exclude(stands=Upload.UploadState.FORGOTTEN)
    return get_object_or_404(uploads_left.select_related("by", "run"), pk=pk)


def _render_detail(
    request: HttpRequest, upload: Upload, form: MappingForm | None = None
) -> HttpResponse:
    at, states = clock.now(), Upload.UploadState
    is_running = upload.is_running(at)
    is_stopped = not is_running and bool(upload.problem or upload.worker)
    is_pending = upload.stands in (states.CHECKING, states.IMPORTING)
    is_checked = upload.stands == states.CHECKED and bool(upload.digest)
    has_report = is_checked or upload.stands == states.IMPORTED
    folder, page = upload.folder_path, request.GET.get("page", "1")
    context = {
        **admin.site.each_context(request),
        "title": upload.name,
        "upload": upload,
        "form": form or MappingForm(initial={"mapping": upload.mapping}),
        "is_running": is_running,
        "is_pending": is_pending and not is_stopped,
        "is_stopped": is_pending and is_stopped,
        "is_overdue": is_pending
        and not (upload.worker or upload.problem)
        and at - upload.at > WORKER_WAIT_WARNING,
        "checked": is_checked,
        "imported": upload.stands == states.IMPORTED,
        "importing": upload.stands == states.IMPORTING,
        "approval": archive_approval.find_approval(upload.digest, by=upload.by)
        if is_checked
        else None,
        "is_first_import": is_checked and archive_approval.is_empty_site(),
        "can_start": is_checked and archive_approval.can_start(upload.digest, by=upload.by),
        "is_own": upload.by == request.user,
        "doubts": load_doubtful_rows(folder / "report.csv", page) if has_report else None,
        "choices": load_name_choices(folder / "matches.csv") if is_checked else [],
        "matches": [] if is_checked else load_doubtful_matches(folder / "matches.csv"),
    }
    return TemplateResponse(request, "admin/imports/one.html", context)
