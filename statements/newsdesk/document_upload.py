"""“New draft from a document”: paste it or bring a file, and go on writing in the form."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html

from statements import clock
from statements.drafting.from_document import DraftResult, create_draft
from statements.parsing.document import parse_document, parse_paste
from statements.parsing.docx_package import MAX_FILE_BYTES
from statements.parsing.draft import Draft, ParseError

MAX_MESSAGES = 3
"""Sentences at the head of the form; a longer list is read in its own place."""
MAX_HTML_CHARS = 2_000_000


class DocumentUploadForm(forms.Form):
    text = forms.CharField(
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 18, "class": "vLargeTextField"}),
        help_text=(
            "The whole document: headline, who speaks, the quoted words, notes to editors. "
            "Nothing is submitted; you go on in the form."
        ),
    )
    file = forms.FileField(
        required=False,
        label="Or a file",
        help_text=(
            f"Word (.docx), up to {MAX_FILE_BYTES // 1_000_000} MB, or plain text (.txt). "
            "You can drop it here as well."
        ),
        widget=forms.FileInput(attrs={"accept": ".docx,.txt,text/plain"}),
    )
    rich = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        # NUL characters and the like are the reader's to judge, in better sentences.
        self.fields["text"].validators = self.fields["rich"].validators = []

    def clean(self) -> dict:
        super().clean()
        text, file = self.cleaned_data.get("text"), self.cleaned_data.get("file")
        if self.errors:
            return self.cleaned_data
        if bool((text or "").strip()) == bool(file):
            raise forms.ValidationError(
                "Paste the text or choose a file: one of the two, so that it is clear which counts."
            )
        self.cleaned_data["draft"] = self._parse(text or "", file)
        return self.cleaned_data

    def _parse(self, text: str, file) -> Draft | None:
        rich = self.cleaned_data.get("rich") or ""
        try:
            if file:
                return parse_document(file.read(MAX_FILE_BYTES + 1))
            return parse_paste(text, rich if len(rich) <= MAX_HTML_CHARS else "")
        except ParseError as error:
            self.add_error("file" if file else "text", str(error))
            return None


def upload_document(request: HttpRequest, model_admin) -> HttpResponse:
    """Show the form; on POST make the draft and open it, with what was found and made as
    messages."""
    form = DocumentUploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        drafted = create_draft(form.cleaned_data["draft"], by=request.user, at=clock.now())
        _add_messages(request, drafted)
        return HttpResponseRedirect(
            reverse("admin:statements_statement_change", args=[drafted.statement.pk])
        )
    context = {
        **model_admin.admin_site.each_context(request),
        "title": "New draft from a document",
        "opts": model_admin.opts,
        "form": form,
        "media": model_admin.media,
    }
    return TemplateResponse(request, "admin/statements/statement/from_document.html", context)


def _add_messages(request: HttpRequest, drafted: DraftResult) -> None:
    messages.success(request, "Here is the draft. Read it against the document before you go on.")
    if len(drafted.messages) <= MAX_MESSAGES:
        for sentence in drafted.messages:
            messages.info(request, sentence)
        return
    messages.warning(
        request,
        format_html(
            'What was made, changed or dropped, {} things in all, is listed under <a href="#{}">'
            "Left over from the document</a>.",
            len(drafted.messages),
            "id_leftover_text",
        ),
    )
