"""Add a translation of a statement, and list the ones that there are with their state."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods

from statements import workflow
from statements.drafting.translation import (
    LanguageTaken,
    find_original,
    list_family,
    list_free_languages,
    translate_statement,
)
from statements.models import Edition, StaleVersion, Statement
from statements.newsdesk.request_values import get_user
from statements.newsdesk.restore_edition import require_writer
from statements.newsdesk.staff_request import get_time
from statements.newsdesk.statement_links import get_statement_url, set_newest_edition
from statements.newsdesk.statement_rows import get_tag
from statements.workflow import Refused
from statements.workflow.groups import approved_problems


@dataclass(frozen=True)
class TranslationRow:
    """The original or a translation, as the page of each lists it."""

    statement: Statement
    url: str
    label: str
    tone: str
    is_this: bool


class TranslationForm(forms.Form):
    """The language, and whether both go public together."""

    language = forms.ChoiceField(label=_lazy("Language"), required=False)
    together = forms.BooleanField(label=_lazy("Publish both together"), required=False)

    def __init__(self, data: Any = None, *, statement: Statement, can_join: bool) -> None:
        super().__init__(data, label_suffix="", initial={"together": can_join})
        field = self.fields["language"]
        assert isinstance(field, forms.ChoiceField), "The language is chosen from a list."
        field.choices = [("", _("Choose a language…")), *list_free_languages(statement)]
        field.error_messages["invalid_choice"] = _("There is one in this language already.")
        if not can_join:
            del self.fields["together"]

    def clean_language(self) -> str:
        if not self.cleaned_data["language"]:
            raise forms.ValidationError(_("Choose a language."))
        return str(self.cleaned_data["language"])


@require_http_methods(["GET", "HEAD", "POST"])
def add_translation(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the language on GET; on POST make the draft and open it."""
    require_writer(request)
    statement = get_object_or_404(Statement.objects.not_discarded(), pk=pk)
    original = find_original(statement)
    by, at = get_user(request), get_time(request)
    data = request.POST if request.method == "POST" else None
    can_join = not approved_problems(original)
    form = TranslationForm(data, statement=original, can_join=can_join)
    if form.is_bound and form.is_valid():
        draft = _translate(request, form, original, by=by, at=at)
        if draft:
            return redirect("admin:statements_statement_change", draft.pk)
    context = {
        **admin.site.each_context(request),
        "title": _("Add a translation"),
        "statement": original,
        "form": form,
        "family": build_rows(original, user=by, at=at),
        "back_url": get_statement_url(statement, by),
    }
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "admin/newsdesk/translate.html", context, status=status)


def _translate(
    request: HttpRequest, form: TranslationForm, original: Statement, *, by: User, at: dt.datetime
) -> Statement | None:
    try:
        draft = translate_statement(original, form.cleaned_data["language"], by=by, at=at)
    except LanguageTaken as taken:
        form.add_error("language", str(taken))
        return None
    messages.success(
        request, _("This is a new draft with the words of the original. Translate them here.")
    )
    if form.cleaned_data.get("together"):
        _put_together(request, draft, original, by=by, at=at)
    return draft


def _put_together(
    request: HttpRequest, draft: Statement, original: Statement, *, by: User, at: dt.datetime
) -> None:
    """Put both into a release group; a refusal costs nobody the new draft."""
    try:
        workflow.publish_together(draft, original, by=by, at=at)
    except (Refused, StaleVersion) as refused:
        messages.warning(request, str(refused))


def build_rows(statement: Statement, *, user: User, at: dt.datetime) -> list[TranslationRow]:
    """Return the original and its translations with their state; empty if there is only one."""
    family = list_family(statement)
    if len(family) == 1:
        return []
    editions: dict[int, list[Edition]] = {row.pk: [] for row in family}
    found = Edition.objects.filter(statement__in=family).defer("content")
    for edition in found.order_by("statement", "sequence"):
        editions[edition.statement_id].append(edition)
    rows = []
    for row in family:
        set_newest_edition(row, editions[row.pk])
        label, tone = get_tag(editions[row.pk], at)
        url = get_statement_url(row, user)
        rows.append(TranslationRow(row, url, label, tone, is_this=row.pk == statement.pk))
    return rows
