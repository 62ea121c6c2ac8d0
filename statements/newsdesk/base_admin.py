"""What the lists and forms of the newsdesk share: bounded counts, CSV files, labelled tables."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.forms import BaseInlineFormSet, CheckboxInput
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from statements.models import is_confirmed
from statements.newsdesk import csv_export, first_run
from statements.newsdesk.request_values import clean_search, get_user
from statements.newsdesk.rich_text import TEXT_FIELDS
from statements.newsdesk.row_choices import AutocompleteFieldsMixin
from statements.newsdesk.staff_request import get_time

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MAX_COUNTED_ROWS = 1_000
CSV_URL_ENDING = "_csv"


class BoundedPaginator(Paginator):  # type: ignore[type-arg]  # takes no type at run time
    """Count to a thousand: nobody turns more pages than that, and counting all takes seconds."""

    @cached_property
    def count(self) -> int:
        return min(self._bounded_count, MAX_COUNTED_ROWS)

    @property
    def has_more(self) -> bool:
        return self._bounded_count > MAX_COUNTED_ROWS

    @cached_property
    def _bounded_count(self) -> int:
        return count_rows(self.object_list)  # type: ignore[arg-type]  # always a queryset here


def count_rows(rows: QuerySet[Any]) -> int:
    """Return how many rows there are, up to one more than a thousand."""
    return rows.order_by().values("pk")[: MAX_COUNTED_ROWS + 1].count()


def format_count(
    rows: QuerySet[Any], singular: str, plural: str, *, distinct_column: str = ""
) -> str:
    """Return the number of rows in words, or "" if there are none.

    With `distinct_column`, each value of that column counts once.
    """
    if distinct_column:
        rows = rows.order_by().values(distinct_column).distinct()
    else:
        rows = rows.order_by().values("pk")
    count = rows[: MAX_COUNTED_ROWS + 1].count()
    if count > MAX_COUNTED_ROWS:
        return _("more than %(number)s %(things)s") % {
            "number": f"{MAX_COUNTED_ROWS:,}",
            "things": plural,
        }
    return f"{count:,} {singular if count == 1 else plural}" if count else ""


def is_export(request: HttpRequest) -> bool:
    """Return whether this request downloads a list, which then has to be complete."""
    match = request.resolver_match
    return match is not None and (match.url_name or "").endswith(CSV_URL_ENDING)


def keep_confirmed(request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Leave out of an autocomplete what drafts only propose; the list of a manager has it."""
    match = request.resolver_match
    is_autocomplete = match is not None and match.url_name == "autocomplete"
    return rows.filter(is_confirmed()) if is_autocomplete else rows


class NoSuperuserDeletion:
    """Let a group allow deletion, and never the superuser flag, which allows everything else."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if get_user(request).is_superuser:
            return False
        return bool(super().has_delete_permission(request, obj))  # type: ignore[misc]  # a mixin


class NewsdeskModelAdmin(AutocompleteFieldsMixin, NoSuperuserDeletion, admin.ModelAdmin):  # type: ignore[type-arg]  # no type at run time
    """A list with a CSV file, and a form that says what uses the row.

    `noun` and `nouns` are what the newsdesk calls a row and the rows, where that is not the name
    of the model. `empty_help` says what an empty list is for and how to start it. `csv_columns`
    are pairs of a heading and an attribute of the row, where dots lead to attributes of attributes.
    """

    formfield_overrides = TEXT_FIELDS
    noun: "StrOrPromise" = ""
    nouns: "StrOrPromise" = ""
    list_help: "StrOrPromise" = ""
    empty_help: "tuple[StrOrPromise, ...]" = ()
    csv_columns: "tuple[tuple[StrOrPromise, str], ...]" = ()
    paginator = BoundedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # counting facets would count every row
    list_per_page = 50
    list_max_show_all = 0
    actions = None

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.csv_view)
        return [path("csv/", view, name=self._csv_url_name), *super().get_urls()]

    @property
    def _csv_url_name(self) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}{CSV_URL_ENDING}"

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        filters = request.GET.copy()
        filters.pop("p", None)
        csv_url = reverse(f"admin:{self._csv_url_name}")
        context = {
            "csv_url": f"{csv_url}?{filters.urlencode()}" if filters else csv_url,
            "empty_help": self.empty_help,
            "list_help": self.list_help,
            "title": capfirst(self.get_names()["nouns"]),
            **self.get_names(),
        }
        return super().changelist_view(request, context | (extra_context or {}))

    def get_names(self) -> dict[str, str]:
        """Return what the templates call a row and the rows."""
        return {
            "noun": str(self.noun or self.opts.verbose_name),
            "nouns": str(self.nouns or self.opts.verbose_name_plural),
        }

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        if first_run.is_step(request):
            return first_run.return_to_steps(request, obj, get_user(request), get_time(request))
        return super().response_add(request, obj, post_url_continue)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        return super().get_search_results(request, queryset, clean_search(search_term))

    def csv_view(self, request: HttpRequest) -> HttpResponseBase:
        """Download every row that the list would show with its filters and its search."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied(_("To download this list you need to be allowed to see it."))
        try:
            rows = self.get_changelist_instance(request).queryset
        except IncorrectLookupParameters:
            return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        name = str(self.opts.verbose_name_plural).replace(" ", "-")
        return csv_export.stream_csv(name, self.csv_columns, rows, self.annotate_page)

    def list_uses(self, row: Any) -> list[str]:
        """Return what depends on the row, such as “3 statements”; then it cannot be deleted."""
        return []

    def _describe_uses(self, row: Model) -> str:
        return _(" and ").join(filter(None, self.list_uses(row)))

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        context |= self.get_names() | {"is_set_up": add and first_run.is_step(request)}
        if obj is not None:
            context["used_by"] = self._describe_uses(obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Refuse to delete a row that is in use, in one sentence.

        Django would list every protected object, which can be thousands.
        """
        row = self.get_object(request, unquote(object_id))
        used_by = self._describe_uses(row) if row else ""
        if row is None or not used_by or not self.has_delete_permission(request, row):
            return super().delete_view(request, object_id, extra_context)
        sentence = _("%(row)s stays: used by %(uses)s. Take it out of those first.")
        names = {"row": row, "uses": used_by}
        self.message_user(request, sentence % names, messages.ERROR)
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", row.pk)

    def annotate_page(self, rows: list[Any]) -> None:
        """Set the attributes that a page of rows shows and that are not columns."""


class LabelledDeleteCheckbox(CheckboxInput):
    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"aria-label": _("Delete this row")} | (attrs or {}))


class LabelledTabularInline(AutocompleteFieldsMixin, admin.TabularInline):  # type: ignore[type-arg]  # no type at run time
    """A table of forms in which every field has a label.

    Django puts the labels in the column headings, where a screen reader misses them.
    """

    def get_formset(
        self, request: HttpRequest, obj: Any = None, **kwargs: Any
    ) -> type[BaseInlineFormSet[Any, Any, Any]]:
        formset = super().get_formset(request, obj, **kwargs)
        for name, field in formset.form.base_fields.items():
            label = str(field.label or name.replace("_", " "))
            field.widget.attrs.setdefault("aria-label", label[0].upper() + label[1:])
        formset.deletion_widget = LabelledDeleteCheckbox
        return formset
