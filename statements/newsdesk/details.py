"""Edit the details of a submitted statement: themes and press contact, without a new edition."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods

from organisations.models import Contact
from statements import workflow
from statements.models import Statement, Theme, ThemedStatement
from statements.newsdesk.request_values import get_user
from statements.newsdesk.restore_edition import require_writer
from statements.newsdesk.row_choices import RowSelect, RowSelectMultiple, RowsField
from statements.newsdesk.staff_request import get_time
from statements.newsdesk.statement_links import get_hub_url


class DetailsForm(forms.Form):
    """What stands beside the words, and is shown as it is now."""

    contact = forms.ModelChoiceField(
        label=_lazy("Press contact"), queryset=Contact.objects.all(), required=False
    )
    themes = RowsField(label=_lazy("Themes"), queryset=Theme.objects.all(), required=False)

    def __init__(self, data: QueryDict | None, *, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial, label_suffix="")
        fields = Statement._meta, ThemedStatement._meta  # noqa: SLF001  # public in all but name
        contact, theme = fields[0].get_field("contact"), fields[1].get_field("tag")
        self.fields["contact"].widget = RowSelect(contact, admin.site)
        self.fields["themes"].widget = RowSelectMultiple(theme, admin.site)
        for name, queryset in (("contact", Contact.objects.all()), ("themes", Theme.objects.all())):
            field: Any = self.fields[name]
            field.queryset = queryset  # the widget takes its choices from the field
            field.widget.choices = field.choices
        # Each theme has its own cross. Select2’s one for all of them is invalid inside its list.
        self.fields["themes"].widget.is_required = True


@require_http_methods(["GET", "HEAD", "POST"])
def edit_details(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the details in a form; on POST save them, with an event, and return to the page."""
    require_writer(request)
    statement = get_object_or_404(Statement, pk=pk)
    by, at = get_user(request), get_time(request)
    initial = {"contact": statement.contact_id, "themes": statement.themes.all()}
    form = DetailsForm(request.POST if request.method == "POST" else None, initial=initial)
    if not workflow.can_edit_metadata(statement, by=by, at=at):
        raise PermissionDenied(
            _("Once a statement is published, only editors change its details. Ask an editor.")
        )
    if form.is_bound and form.is_valid():
        workflow.update_metadata(statement, by=by, at=at, change=lambda: _save(statement, form))
        messages.success(request, _("Details saved."))
        return redirect(get_hub_url(pk))
    context = {
        **admin.site.each_context(request),
        "title": _("Edit details"),
        "statement": statement,
        "form": form,
        "media": form.media,
    }
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "admin/newsdesk/details.html", context, status=status)


def _save(statement: Statement, form: DetailsForm) -> dict[str, Any]:
    """Save what changed; return it for the event."""
    detail = {}
    contact, themes = form.cleaned_data["contact"], list(form.cleaned_data["themes"])
    if contact != statement.contact:
        Statement.objects.filter(pk=statement.pk).update(contact=contact)
        detail["contact"] = str(contact or "")
    if set(themes) != set(statement.themes.all()):
        statement.themes.set(themes)
        detail["themes"] = ", ".join(map(str, themes))
    return detail
