"""The passages and related articles on the statement form."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db.models import Field, QuerySet
from django.forms import Field as FormField
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from statements.models import Passage, RelatedStatement, Statement
from statements.newsdesk.base_admin import LabelledTabularInline
from statements.newsdesk.passage_form import MAX_PASSAGES, PassageForm, PassageFormSet
from statements.newsdesk.rich_text import TEXT_FIELDS
from statements.newsdesk.row_choices import AutocompleteFieldsMixin
from statements.newsdesk.statement_form import RelatedForm, RelatedFormSet


class NoRelatedLinksMixin:
    """Offer a plus next to the fields in `addable_fields`, and no pencil, eye or cross at any."""

    addable_fields: tuple[str, ...] = ()

    def formfield_for_dbfield(
        self, db_field: "Field[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> FormField | None:
        field: FormField | None = super().formfield_for_dbfield(  # type: ignore[misc]  # a mixin
            db_field, request, **kwargs
        )
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget.can_change_related = field.widget.can_view_related = False
            field.widget.can_add_related &= db_field.name in self.addable_fields
        return field


class PassageInline(NoRelatedLinksMixin, AutocompleteFieldsMixin, admin.StackedInline):  # type: ignore[type-arg]  # no type at run time
    model = Passage
    form = PassageForm
    formset = PassageFormSet
    max_num = MAX_PASSAGES
    formfield_overrides = TEXT_FIELDS
    ordering = ["position", "pk"]
    autocomplete_fields = ["speaker", "appointment"]
    verbose_name_plural = "words"
    fields = ["speaker", "appointment", "heading", "attribution", "body", "kind", "shows", "place"]

    def get_extra(self, request: HttpRequest, obj: Statement | None = None, **kwargs: Any) -> int:
        return 0 if obj is not None and obj.passages.exists() else 1

    def get_queryset(self, request: HttpRequest) -> QuerySet[Passage]:
        rows = super().get_queryset(request)
        return rows.select_related("speaker", "appointment__organisation")


class RelatedInline(NoRelatedLinksMixin, LabelledTabularInline):
    model = RelatedStatement
    fk_name = "statement"
    form = RelatedForm
    formset = RelatedFormSet
    ordering = ["position", "pk"]
    autocomplete_fields = ["to"]
    fields = ["to", "place", "blocked"]
    extra = 1
    verbose_name = _("related article")
    verbose_name_plural = _("Related articles: add your own, others are suggested")
    classes = ["collapse"]
