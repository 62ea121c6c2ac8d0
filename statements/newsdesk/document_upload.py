"""“Start from a document”: paste a text or upload a file, and continue in the form."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from statements.drafting.from_document import DraftResult, create_draft
from statements.newsdesk import earlier_statements
from statements.newsdesk.passage_form import MAX_PASSAGES
from statements.newsdesk.request_values import get_user
from statements.newsdesk.staff_request import get_time
from statements.parsing.document import parse_document, parse_paste
from statements.parsing.document_formats import MAX_FILE_BYTES
from statements.parsing.draft import Draft, ParseError

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

MAX_MESSAGES = 3
"""Sentences above the form; the form shows a longer list under “Left out of the draft”."""
MAX_HTML_CHARS = 2_000_000
ACCEPTED_FILES = ".docx,.odt,.fodt,.rtf,.pdf,.eml,.zip,.html,.htm,.txt,text/plain"


class DocumentUploadForm(forms.Form):
    file = forms.FileField(
        required=False,
        label=gettext_lazy("Choose a Word or text file"),
        help_text=gettext_lazy(
            "Word, OpenDocument, rich text, PDF with text, an email, a page of Google Docs or "
            "plain text, up to %(megabytes)d MB. You can also drop it here."
        )
        % {"megabytes": MAX_FILE_BYTES // 1_000_000},
        widget=forms.FileInput(attrs={"accept": ACCEPTED_FILES}),
    )
    text = forms.CharField(
        required=False,
        strip=False,
        label=gettext_lazy("Paste the text"),
        widget=forms.Textarea(attrs={"rows": 9}),
    )
    rich = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The parser explains NUL characters and the like better than Django's validators.
        self.fields["text"].validators = self.fields["rich"].validators = []

    def clean(self) -> dict[str, Any]:
        super().clean()
        text, file = self.cleaned_data.get("text"), self.cleaned_data.get("file")
        if self.errors:
            return self.cleaned_data
        if bool((text or "").strip()) == bool(file):
            raise forms.ValidationError(
                _(
                    "Paste the text or choose a file: one of the two, so that it is clear which "
                    "counts."
                )
            )
        self.cleaned_data["draft"] = self._parse(text or "", file)
        return self.cleaned_data

    def _parse(self, text: str, file: "UploadedFile[Any] | None") -> Draft | None:
        rich = self.cleaned_data.get("rich") or ""
        try:
            if file:
                draft = parse_document(file.read(MAX_FILE_BYTES + 1))
            else:
                draft = parse_paste(text, rich if len(rich) <= MAX_HTML_CHARS else "")
            refuse_many_passages(draft)
        except ParseError as error:
            self.add_error("file" if file else "text", str(error))
            return None
        return draft


def refuse_many_passages(draft: Draft) -> None:
    """Raise ParseError if the form could not show the draft."""
    if len(draft.passages) > MAX_PASSAGES:
        raise ParseError(
            _(
                "This would be %(count)s passages, one for each change of speaker or sub-heading, "
                "and a statement holds %(most)s. Split the document."
            )
            % {"count": f"{len(draft.passages):,}", "most": MAX_PASSAGES}
        )


def upload_document(request: HttpRequest, model_admin: "admin.ModelAdmin[Any]") -> HttpResponse:
    """Show the form; on POST create the draft and open it, with messages about how it went.

    A search for an earlier statement is posted too, and comes back with what was pasted.
    """
    if earlier_statements.is_looking(request):
        form = DocumentUploadForm(
            initial={name: request.POST.get(name, "") for name in ("text", "rich")}
        )
    else:
        form = DocumentUploadForm(request.POST or None, request.FILES or None)
    if form.is_bound and form.is_valid():
        draft = form.cleaned_data["draft"]
        result = create_draft(draft, by=get_user(request), at=get_time(request))
        file = form.cleaned_data.get("file")
        _add_messages(request, result, draft.doubts, file_name=file.name if file else "")
        return HttpResponseRedirect(
            reverse("admin:statements_statement_change", args=[result.statement.pk])
        )
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("New statement"),
        "opts": model_admin.opts,
        "form": form,
        "media": model_admin.media,
        **earlier_statements.build_earlier_context(request, get_user(request)),
    }
    return TemplateResponse(request, "admin/statements/statement/from_document.html", context)


def _add_messages(
    request: HttpRequest, result: DraftResult, doubts: Sequence[str], *, file_name: str
) -> None:
    messages.success(request, _("Here is your draft. Check it against your document."))
    if file_name:
        sentence = _("Made from %(file)s. Read it against your document before you submit.")
        messages.info(request, sentence % {"file": file_name})
    for doubt in doubts:
        messages.warning(request, doubt)
    if len(result.messages) <= MAX_MESSAGES:
        for sentence in result.messages:
            if sentence not in doubts:
                messages.info(request, sentence)
        return
    messages.warning(
        request,
        format_html(
            '{} <a href="#{}">{}</a>',
            _("%(count)d things were made, changed or left out.") % {"count": len(result.messages)},
            "id_leftover_text",
            _("Show what was left out"),
        ),
    )
