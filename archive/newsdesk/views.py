"""The pages of imports: what was brought, one of them and what can be done about it."""

import datetime as dt

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from archive import approval as archive_approval
from archive import uploads
from archive.models import ImportRun, Upload
from archive.newsdesk.report_rows import load_doubtful_matches, load_doubtful_rows
from archive.readers.row import UnreadableSource
from statements import clock
from statements.roles import MANAGERS, require_group

MAX_LIST_ROWS = 50
WORKER_WAIT_WARNING = dt.timedelta(minutes=1)
DOWNLOADS = {"report.csv": "row by row", "matches.csv": "names and matches"}


class ImportUploadForm(forms.Form):
    file = forms.FileField(
        label="File",
        max_length=400,
        help_text="A WordPress export (XML), CSV, JSON, JSON Lines, a feed, Markdown, a Word "
        "document, a web page, or a zip with many of them and the pictures and files they name.",
        error_messages={
            "required": "Choose a file.",
            "empty": "The file is empty: 0 bytes. Export it again, then bring it here.",
        },
    )


class MappingForm(forms.Form):
    mapping = forms.CharField(
        label="Mapping",
        strip=False,
        help_text="Our field = the source’s own names for it. Lines that begin with # say nothing.",
        widget=forms.Textarea(
            attrs={"rows": 22, "spellcheck": "false", "autocapitalize": "off", "class": "toml"}
        ),
        error_messages={"required": "The mapping is empty. Bring the file again for a proposal."},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """Everything that was brought, and the form that brings another file."""
    require_group(request.user, MANAGERS, "import statements")
    form = (
        ImportUploadForm(request.POST, request.FILES)
        if request.method == "POST"
        else ImportUploadForm()
    )
    if form.is_valid():
        try:
            upload = uploads.receive(form.cleaned_data["file"], by=request.user, at=clock.now())
        except UnreadableSource as error:
            form.add_error("file", str(error))
        else:
            return redirect("imports:one", upload.pk)
    context = {
        **admin.site.each_context(request),
        "title": "Import",
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
    require_group(request.user, MANAGERS, "see an import")
    return _render_detail(request, _get_upload(pk))


@require_POST
def perform(request: HttpRequest, pk: int, deed: str) -> HttpResponse:
    """One verb of archive/uploads.py; refused, the page says why and keeps what was typed."""
    require_group(request.user, MANAGERS, "import statements")
    upload, by, at = _get_upload(pk), request.user, clock.now()
    seen = request.POST.get("seen_digest", "")
    form = None
    try:
        match deed:
            case "check":
                form = MappingForm(request.POST)
                if not form.is_valid():
                    return _render_detail(request, upload, form)
                uploads.repeat_dry_run(upload, form.cleaned_data["mapping"], by=by, at=at)
            case "agree":
                uploads.approve(upload, seen_digest=seen, by=by, at=at)
                messages.success(request, f"You agreed to this import. {upload.by} brings it in.")
            case "start":
                uploads.start(upload, seen_digest=seen, by=by, at=at)
            case "go-on":
                uploads.resume(upload, by=by, at=at)
            case "forget":
                uploads.delete(upload, by=by)
                messages.success(request, f"“{upload}” and its reports were taken away.")
                return redirect("imports:imports")
            case _:
                raise Http404("There is nothing of that name to do.")
    except UnreadableSource as error:
        upload.refresh_from_db()
        if form is not None:
            form.add_error("mapping", str(error))
            return _render_detail(request, upload, form)
        messages.error(request, str(error))
    return redirect("imports:one", pk)


@require_safe
def download(request: HttpRequest, pk: int, name: str) -> HttpResponseBase:
    """A report, to be opened in a spreadsheet. What was brought is never sent out again."""
    require_group(request.user, MANAGERS, "see an import")
    upload = _get_upload(pk)
    path = upload.folder_path / name
    if name not in DOWNLOADS or not path.is_file():
        raise Http404("There is no such report, or it was forgotten.")
    response = FileResponse(
        path.open("rb"), as_attachment=True, filename=name, content_type="text/csv; charset=utf-8"
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _get_upload(pk: int) -> Upload:
    known = Upload.objects.exclude(stands=Upload.UploadState.FORGOTTEN)
    return get_object_or_404(known.select_related("by", "run"), pk=pk)


def _render_detail(
    request: HttpRequest, upload: Upload, form: MappingForm | None = None
) -> HttpResponse:
    at, stands = clock.now(), Upload.UploadState
    waits = upload.stands in (stands.CHECKING, stands.IMPORTING)
    checked = upload.stands == stands.CHECKED and bool(upload.digest)
    approval = archive_approval.find_approval(upload.digest, by=upload.by) if checked else None
    reported = checked or upload.stands == stands.IMPORTED
    number = request.GET.get("page", "1")
    context = {
        **admin.site.each_context(request),
        "title": upload.name,
        "upload": upload,
        "form": form or MappingForm(initial={"mapping": upload.mapping}),
        "at_work": upload.is_running(at),
        "waits": waits and (upload.is_running(at) or not (upload.problem or upload.worker)),
        "stopped": waits and not upload.is_running(at) and bool(upload.problem or upload.worker),
        "unasked": waits
        and not upload.worker
        and not upload.problem
        and at - upload.at > WORKER_WAIT_WARNING,
        "checked": checked,
        "imported": upload.stands == stands.IMPORTED,
        "importing": upload.stands == stands.IMPORTING,
        "approval": approval,
        "alone": checked and archive_approval.is_empty_site(),
        "may_begin": checked and archive_approval.can_start(upload.digest, by=upload.by),
        "mine": upload.by == request.user,
        "doubts": load_doubtful_rows(upload.folder_path / "report.csv", number)
        if reported
        else None,
        "matches": load_doubtful_matches(upload.folder_path / "matches.csv") if reported else [],
    }
    return TemplateResponse(request, "admin/imports/one.html", context)
