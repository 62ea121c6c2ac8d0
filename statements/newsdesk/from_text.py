"""“New draft from text”: paste it or bring a file, and go on writing in the form."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from statements import clock
from statements.drafting import Drafted, draft_from
from statements.reading.draft import Draft, Unreadable
from statements.reading.text import read_text

MOST_TOLD = 20


class FromTextForm(forms.Form):
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
        help_text="Plain text (.txt), up to 1 MB.",
        widget=forms.FileInput(attrs={"accept": ".txt,text/plain"}),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        # NUL characters and the like are the reader's to judge, in better sentences.
        self.fields["text"].validators = []

    def clean(self) -> dict:
        super().clean()
        text, file = self.cleaned_data.get("text"), self.cleaned_data.get("file")
        if self.errors:
            return self.cleaned_data
        if bool((text or "").strip()) == bool(file):
            raise forms.ValidationError(
                "Paste the text or choose a file: one of the two, so that it is clear which counts."
            )
        self.cleaned_data["draft"] = self._read("file" if file else "text", file or text)
        return self.cleaned_data

    def _read(self, name: str, source) -> Draft | None:
        try:
            return read_text(source if isinstance(source, str) else source.read())
        except Unreadable as error:
            self.add_error(name, str(error))
            return None


def page(request: HttpRequest, model_admin) -> HttpResponse:
    """Show the form; on POST make the draft and open it, with what was found and made as
    messages."""
    form = FromTextForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        drafted = draft_from(form.cleaned_data["draft"], by=request.user, at=clock.now())
        _tell(request, drafted)
        return HttpResponseRedirect(
            reverse("admin:statements_statement_change", args=[drafted.statement.pk])
        )
    context = {
        **model_admin.admin_site.each_context(request),
        "title": "New draft from text",
        "opts": model_admin.opts,
        "form": form,
        "media": model_admin.media,
    }
    return TemplateResponse(request, "admin/statements/statement/from_text.html", context)


def _tell(request: HttpRequest, drafted: Drafted) -> None:
    messages.success(request, "Here is the draft. Read it against the document before you go on.")
    for sentence in drafted.told[:MOST_TOLD]:
        messages.info(request, sentence)
    if len(drafted.told) > MOST_TOLD:
        messages.warning(
            request,
            f"{len(drafted.told) - MOST_TOLD} more things were changed in the same manner.",
        )
