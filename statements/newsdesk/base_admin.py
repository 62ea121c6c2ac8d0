"""What every list of the newsdesk has: bounded counts, a CSV file, words for when it is empty."""

from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.functional import cached_property

from statements.newsdesk import csv_export

MAX_COUNTED_ROWS = 1_000


class BoundedPaginator(Paginator):
    """Counts to a thousand: more pages than that nobody turns, and counting all takes seconds."""

    @cached_property
    def count(self) -> int:
        return min(self._bounded_count, MAX_COUNTED_ROWS)

    @property
    def has_more(self) -> bool:
        return self._bounded_count > MAX_COUNTED_ROWS

    @cached_property
    def _bounded_count(self) -> int:
        return count_rows(self.object_list)  # type: ignore[arg-type]


def count_rows(rows: QuerySet) -> int:
    """How many rows there are, up to one more than a thousand."""
    return rows.order_by().values("pk")[: MAX_COUNTED_ROWS + 1].count()


def format_count(rows: QuerySet, one: str, many: str, *, of: str = "pk") -> str:
    """How many of them, in words; nothing for none. `of` counts each value of a column once."""
    column = rows.order_by().values(of)
    count = (column if of == "pk" else column.distinct())[: MAX_COUNTED_ROWS + 1].count()
    if count > MAX_COUNTED_ROWS:
        return f"more than {MAX_COUNTED_ROWS:,} {many}"
    return f"{count:,} {one if count == 1 else many}" if count else ""


def is_export(request) -> bool:
    """A file holds every row; a page of a list, and what is offered in a form, some of them."""
    return getattr(request, "asks_for_all", False)


class NewsdeskModelAdmin(admin.ModelAdmin):
    """`empty_says` tells what the list is for and how it begins; `csv_columns` what a file holds:
    (heading, attribute of a row) pairs, dots followed."""

    empty_help: tuple[str, ...] = ()
    csv_columns: tuple[tuple[str, str], ...] = ()
    paginator = BoundedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # it would count them all
    list_per_page = 50
    list_max_show_all = 0
    actions = None

    def get_urls(self):
        view = self.admin_site.admin_view(self.csv_view)
        return [path("csv/", view, name=self._csv_url_name), *super().get_urls()]

    @property
    def _csv_url_name(self) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_csv"

    def changelist_view(self, request, extra_context=None):
        kept = request.GET.copy()
        kept.pop("p", None)
        address = reverse(f"admin:{self._csv_url_name}")
        context = {
            "csv_url": f"{address}?{kept.urlencode()}" if kept else address,
            "empty_says": self.empty_help,
            "title": str(self.opts.verbose_name_plural).capitalize(),
        }
        return super().changelist_view(request, context | (extra_context or {}))

    def csv_view(self, request):
        """Everything that the list would show, under its filters and its search."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied("To take this list away you need to be allowed to see it.")
        request.asks_for_all = True
        try:
            rows = self.get_changelist_instance(request).queryset
        except IncorrectLookupParameters:
            return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        name = str(self.opts.verbose_name_plural).replace(" ", "-")
        return csv_export.stream_csv(name, self.csv_columns, rows, self.annotate_page)

    def describe_usage(self, row) -> list[str]:
        """Who depends on it, such as “3 statements”; what is in use is not deleted."""
        return []

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None:
            context["used_by"] = " and ".join(filter(None, self.describe_usage(obj)))
        return super().render_change_form(request, context, add, change, form_url, obj)

    def delete_view(self, request, object_id, extra_context=None):
        """A sentence in place of Django's page of protected objects."""
        row = self.get_object(request, unquote(object_id))
        used_by = " and ".join(filter(None, self.describe_usage(row))) if row else ""
        if row is None or not used_by or not self.has_delete_permission(request, row):
            return super().delete_view(request, object_id, extra_context)
        said = f"{row} stays: used by {used_by}. Take it out of those first."
        self.message_user(request, said, messages.ERROR)
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", row.pk)

    def annotate_page(self, rows: list) -> None:
        """Set on rows of one page what the list shows beside their own columns."""
