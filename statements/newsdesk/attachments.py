"""Pictures and files on the form: an upload is checked before anything is locked, and is kept
when the form comes back for another reason, so that nobody has to choose it twice."""

import datetime as dt
from contextlib import suppress
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core import signing
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html

from statements.files import validation
from statements.files.document_types import FileRejected, format_size, get_type_label
from statements.models import Attachment, StoredFile
from statements.newsdesk.files import file_url
from statements.newsdesk.ordered_formset import OrderedForm, OrderedFormSet
from statements.newsdesk.rich_text import LineField

TOKEN_SALT = "attachment that is not saved yet"
MAX_TOKEN_AGE_SECONDS = 24 * 60 * 60  # seconds in which the form is sent again


def check_uploads(request: HttpRequest) -> None:
    """Look into every file that came with the form now: decoding a picture takes a second, and
    nobody else could save in the meantime once the statement is locked."""
    for _, uploads in request.FILES.lists():
        for upload in uploads:
            with suppress(FileRejected):  # said beside the field, by the form
                validation.validate_upload(upload)


class AttachmentForm(OrderedForm):
    """A place for one file, chosen by this person at this time."""

    upload = forms.FileField(
        label="File",
        required=False,
        help_text="A picture, PDF, Word, Excel, OpenDocument, CSV or text file. Nobody outside "
        "sees it before the statement is public. Documents keep their author’s name and tracked "
        "changes: a PDF is safest.",
        widget=forms.FileInput,
    )
    kept = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Attachment
        fields: list[str] = []

    def __init__(self, *args, by, at: dt.datetime, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.by, self.at = by, at

    def clean(self) -> dict:
        super().clean()
        upload = self.cleaned_data.get("upload")
        try:
            if upload:
                self._store(validation.validate_upload(upload))
            elif self.cleaned_data.get("kept"):
                self._reuse_stored(self.cleaned_data["kept"])
        except FileRejected as refusal:
            name = getattr(upload, "name", "")
            self.add_error("upload", f"“{name}” was not attached. {refusal}")
        if self.instance.file_id is None and not self.errors.get("upload"):
            self.add_error("upload", "Choose a file, or remove this row.")
        return self.cleaned_data

    def _store(self, accepted: validation.AcceptedFile) -> None:
        """Stored now, whatever else the form says; a token in the form that comes back means it."""
        self.instance.file = validation.store_upload(accepted, by=self.by, at=self.at)
        self.instance.name = accepted.name
        token = signing.dumps(
            [self.instance.file.pk, self.instance.name, self.by.pk], salt=TOKEN_SALT, compress=True
        )
        data: Any = self.data.copy()  # type: ignore[attr-defined]  # what was posted cannot change
        data[self.add_prefix("kept")] = token
        self.data = data

    def _reuse_stored(self, token: str) -> None:
        try:
            pk, name, by = signing.loads(token, salt=TOKEN_SALT, max_age=MAX_TOKEN_AGE_SECONDS)
        except signing.BadSignature:
            pk = by = None
        file = StoredFile.objects.filter(pk=pk, by=self.by, erased_at=None).first()
        if file is None or by != self.by.pk:
            self.add_error("upload", "The file was kept for a day, and is not any more: choose it.")
            return
        self.instance.file, self.instance.name = file, name


class AttachmentInline(admin.StackedInline):
    model = Attachment
    form = AttachmentForm
    formset = OrderedFormSet
    formfield_overrides = {
        models.CharField: {"form_class": LineField},
        models.TextField: {
            "form_class": LineField,
            "widget": AdminTextareaWidget(attrs={"rows": 2}),
        },
    }
    ordering = ["position", "pk"]
    extra = 1  # so that it works without scripts
    verbose_name_plural = "Pictures and files"
    readonly_fields = ["attached"]
    classes = ["collapse"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "attached",
                    "upload",
                    "kept",
                    "title",
                    "alt",
                    ("credit", "terms"),
                    "place",
                ]
            },
        )
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Attachment]:
        return super().get_queryset(request).select_related("file")

    @admin.display(description="attached")
    def attached(self, attachment: Attachment) -> str:
        """The file that is in this place, to look at."""
        if not attachment.file_id:
            return "Nothing yet"
        file = attachment.file
        address = file_url(file.digest, attachment.name)
        what = f"{get_type_label(file.content_type)}, {format_size(file.size)}"
        if not file.is_picture:
            return format_html('<a href="{}">{}</a> ({})', address, attachment.name, what)
        small = file.narrower.order_by("width").first() or file
        return format_html(
            '<a class="attached" href="{}">'
            '<img src="{}" alt="" width="{}" height="{}"> {}</a> ({})',
            address,
            file_url(small.digest, attachment.name),
            *_fit_size(small, 120),
            attachment.name,
            what,
        )


def _fit_size(file: StoredFile, most: int) -> tuple[int, int]:
    """Width and height of the picture within a square of this many pixels."""
    width, height = file.width or 1, file.height or 1
    scale = min(1, most / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))
