"""Pictures and files on the statement form.

An upload is validated before the statement is locked. It is stored even if the form comes back for
another reason, so that nobody has to choose the file twice.
"""

import datetime as dt
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.contrib.auth.models import User
from django.core import signing
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from statements.files import validation
from statements.files.document_types import FileRejected, format_size, get_type_label
from statements.files.pdf_tags import find_is_tagged
from statements.files.validation import AcceptedFile
from statements.models import Attachment, StoredFile
from statements.newsdesk.files import file_url
from statements.newsdesk.ordered_formset import OrderedForm, OrderedFormSet
from statements.newsdesk.rich_text import TEXT_FIELDS, LongTextField

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

TOKEN_SALT = "attachment that is not saved yet"
MAX_TOKEN_AGE_SECONDS = 24 * 60 * 60  # in which the form is sent again
MAX_THUMBNAIL_PIXELS = 120

_results: "WeakKeyDictionary[UploadedFile[Any], AcceptedFile | FileRejected]" = WeakKeyDictionary()
"""What each upload of the running requests turned out to be."""


def validate_uploads(request: HttpRequest) -> None:
    """Validate every file that came with the form, before the statement is locked.

    Decoding a picture takes a second, in which nobody else could save.
    """
    for _name, uploads in request.FILES.lists():
        for upload in uploads:
            with suppress(FileRejected):  # the form shows the message at its field
                validate_once(upload)


def validate_once(upload: "UploadedFile[Any]") -> AcceptedFile:
    """Validate the upload, or return the result from before; raise `FileRejected`."""
    result = _results.get(upload)
    if result is None:
        try:
            result = _look_for_tags(validation.validate_upload(upload))
        except FileRejected as rejection:
            result = rejection
        _results[upload] = result
    if isinstance(result, FileRejected):
        raise result
    return result


def _look_for_tags(accepted: AcceptedFile) -> AcceptedFile:
    return replace(accepted, is_tagged=find_is_tagged(accepted.data, accepted.content_type))


class AttachmentForm(OrderedForm):
    """One file, with its description."""

    upload = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        help_text=gettext_lazy(
            "A picture, PDF, Word, Excel, OpenDocument, CSV or text file. Nobody outside sees it "
            "before the statement is public. Documents keep their author’s name and tracked "
            "changes: a PDF is safest."
        ),
        widget=forms.FileInput,
    )
    upload_token = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Attachment
        fields: list[str] = []

    def __init__(self, *args: Any, by: User, at: dt.datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by, self.at = by, at

    def describe_file(self) -> str:
        """Return a link to the file of this row, with a thumbnail of a picture; "" without one."""
        if not self.instance.file_id:
            return ""
        file, name = self.instance.file, self.instance.name
        url = file_url(file.digest, name)
        facts = f"{get_type_label(file.content_type)}, {format_size(file.size)}"
        if not file.is_picture:
            return format_html('<a href="{}">{}</a> ({})', url, name, facts)
        smallest = min([file, *file.narrower.all()], key=lambda copy: copy.width or 0)
        return format_html(
            '<a href="{}"><img src="{}" alt="" width="{}" height="{}"> {}</a> ({})',
            *(url, file_url(smallest.digest, name)),
            *_fit_size(smallest, MAX_THUMBNAIL_PIXELS),
            *(name, facts),
        )

    def clean(self) -> dict[str, Any]:
        super().clean()
        upload = self.cleaned_data.get("upload")
        try:
            if upload:
                self._store(validate_once(upload))
            elif self.cleaned_data.get("upload_token"):
                self._reuse_stored(self.cleaned_data["upload_token"])
        except FileRejected as rejection:
            name = getattr(upload, "name", "")
            self.add_error(
                "upload",
                _("“%(name)s” was not attached. %(rejection)s")
                % {"name": name, "rejection": rejection},
            )
        if self.instance.file_id is None and not self.errors.get("upload"):
            self.add_error("upload", _("Choose a file, or remove this row."))
        return self.cleaned_data

    def _store(self, accepted: AcceptedFile) -> None:
        """Store the file now, and give the form a token for it in case the form comes back."""
        self.instance.file = validation.store_upload(accepted, by=self.by, at=self.at)
        self.instance.name = accepted.name
        token = signing.dumps(
            [self.instance.file.pk, self.instance.name, self.by.pk], salt=TOKEN_SALT, compress=True
        )
        posted: Any = self.data
        data = posted.copy()  # the posted data are immutable
        data[self.add_prefix("upload_token")] = token
        self.data = data

    def _reuse_stored(self, token: str) -> None:
        try:
            pk, name, by = signing.loads(token, salt=TOKEN_SALT, max_age=MAX_TOKEN_AGE_SECONDS)
        except signing.BadSignature:
            pk = by = None
        file = StoredFile.objects.filter(pk=pk, by=self.by, erased_at=None).first()
        if file is None or by != self.by.pk:
            self.add_error(
                "upload", _("The file is no longer stored after a day: choose it again.")
            )
            return
        self.instance.file, self.instance.name = file, name


class AttachmentInline(admin.StackedInline):  # type: ignore[type-arg]  # no type at run time
    model = Attachment
    form = AttachmentForm
    formset = OrderedFormSet
    formfield_overrides = TEXT_FIELDS | {
        models.TextField: {
            "form_class": LongTextField,
            "widget": AdminTextareaWidget(attrs={"rows": 2}),
        },
    }
    ordering = ["position", "pk"]
    extra = 1  # so that it works without scripts
    verbose_name_plural = gettext_lazy("Pictures and files")
    fields = ["upload", "upload_token", "title", "alt", "credit", "terms"]
    fields += ["is_accessible_version", "place"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Attachment]:
        rows = super().get_queryset(request).select_related("file")
        return rows.prefetch_related("file__narrower")


def _fit_size(file: StoredFile, max_pixels: int) -> tuple[int, int]:
    width, height = file.width or 1, file.height or 1
    scale = min(1, max_pixels / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))
