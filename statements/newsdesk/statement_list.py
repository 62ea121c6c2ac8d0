"""The list of all statements: search, filters, status chips and saved views."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from statements.models import Statement
from statements.newsdesk import bulk_metadata, saved_views
from statements.newsdesk.base_admin import MAX_COUNTED_ROWS, NewsdeskModelAdmin, is_export
from statements.newsdesk.request_values import get_user
from statements.newsdesk.staff_request import get_time, is_on_newsdesk
from statements.newsdesk.statement_filters import (
    ChangedFilter,
    KindFilter,
    LanguageFilter,
    OrganisationFilter,
    ReleasedFilter,
    SpeakerFilter,
    ThemeFilter,
    WriterFilter,
)
from statements.newsdesk.statement_rows import annotate_statements, describe_rows
from statements.newsdesk.status_filter import StatusFilter, build_chips
from statements.search.newsdesk import NewsdeskHits, find_statements, suggest_search

MAX_FILTERED_MATCHES = 10_000
"""With filters, this many of the newest statements that match a search are looked through."""
MAX_EXPORTED_MATCHES = 100_000


class StatementList(ChangeList):
    """One page of statements that match the filters and the search."""

    hits: NewsdeskHits | None = None

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> Any:
        rows = super().get_queryset(request, exclude_parameters)
        if not self.query.strip():
            return rows
        self.hits = find_statements(self.query, limit=self._choose_limit(request))
        return rows.filter(pk__in=self.hits.statement_ids)

    def _choose_limit(self, request: HttpRequest) -> int:
        if is_export(request):
            return MAX_EXPORTED_MATCHES
        return MAX_FILTERED_MATCHES if self.has_active_filters else MAX_COUNTED_ROWS

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list: Any = list(self.result_list)
        if is_export(request):
            return
        for spec in self.chip_filters:
            spec.chip_choices = list(spec.choices(self))
            spec.query_without = self.get_query_string(remove=spec.expected_parameters())
        annotate_statements(self.result_list)
        parsed = self.hits.parsed if self.hits else None
        describe_rows(self.result_list, get_user(request), parsed)

    def filter_without_status(self, request: HttpRequest) -> QuerySet[Statement]:
        """Return the statements of the list in every status."""
        rows: Any = self.root_queryset
        for spec in self.filter_specs:
            if not isinstance(spec, StatusFilter):
                rows = spec.queryset(request, rows)
        found: QuerySet[Statement] = (
            rows.filter(pk__in=self.hits.statement_ids) if self.hits else rows
        )
        return found

    @property
    def chip_filters(self) -> list[Any]:
        """The filters that have a chip of their own."""
        return [spec for spec in self.filter_specs if not isinstance(spec, StatusFilter)]

    @property
    def active_filters(self) -> list[Any]:
        return [spec for spec in self.chip_filters if spec.used_parameters]

    @property
    def has_more(self) -> bool:
        return bool(self.paginator.has_more or (self.hits and self.hits.has_more))


class StatementListMixin(NewsdeskModelAdmin):
    """The list of statements; `StatementAdmin` adds the form."""

    list_display = ["headline"]
    list_select_related = ["organisation"]
    list_filter = [
        *(StatusFilter, OrganisationFilter, SpeakerFilter, ThemeFilter, KindFilter),
        *(LanguageFilter, WriterFilter, ChangedFilter, ReleasedFilter),
    ]
    csv_columns = (
        (gettext_lazy("Headline"), "headline"),
        (gettext_lazy("Status"), "status"),
        (gettext_lazy("Kind"), "get_kind_display"),
        (gettext_lazy("Organisation"), "publisher_names"),
        (gettext_lazy("Language"), "language"),
        (gettext_lazy("Date of the words"), "dated_on"),
        (gettext_lazy("Address"), "slug"),
        (gettext_lazy("First released"), "first_released"),
        (gettext_lazy("Last changed"), "changed_at"),
        (gettext_lazy("Last written by"), "last_writer"),
    )
    search_fields = ["headline"]
    search_help_text = gettext_lazy("Search words, headlines and speakers")
    ordering = ["-changed_at"]
    sortable_by = ()

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[StatementList]:
        return StatementList

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Search the headlines for the fields that choose a statement; the list has its index."""
        if request.resolver_match and request.resolver_match.url_name != "autocomplete":
            return queryset, False
        rows, may_repeat = super().get_search_results(request, queryset, search_term)
        return (limit_matches(rows) if search_term else rows), may_repeat

    def annotate_page(self, rows: list[Any]) -> None:
        annotate_statements(rows)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        response = super().changelist_view(request, extra_context)
        context = getattr(response, "context_data", None)
        if context and "cl" in context:
            context |= self._build_list_context(request, context["cl"])
        response["Cache-Control"] = "private, no-store"
        return response

    def _build_list_context(self, request: HttpRequest, changelist: StatementList) -> Any:
        user = get_user(request)
        status = request.GET.get("status", "")
        has_counts = changelist.hits is not None or not changelist.active_filters
        rows = changelist.filter_without_status(request) if has_counts else changelist.queryset
        can_write = is_on_newsdesk(request)
        page = changelist.paginator.get_page(changelist.page_num)
        return {
            "page": page,
            "previous_query": changelist.get_query_string({"p": page.number - 1}),
            "next_query": changelist.get_query_string({"p": page.number + 1}),
            "needs_me": status == "needs_me",
            "title": _("Statements"),
            "chips": build_chips(changelist, rows, user, chosen=status, has_counts=has_counts),
            "views": saved_views.build_views(request, user),
            "query_string": saved_views.clean_query(request.GET.urlencode()),
            "saved_view": saved_views.find_current(request, user),
            "heading": describe_result(changelist),
            **_build_suggestion(changelist, get_time(request)),
            "problem": changelist.hits.parsed.problem if changelist.hits else "",
            "can_write": can_write,
            "bulk_changes": bulk_metadata.list_changes() if can_write else [],
        }

    def csv_view(self, request: HttpRequest) -> HttpResponseBase:
        """Refuse a file that would lack rows."""
        query = request.GET.get("q", "")
        if query.strip() and find_statements(query, limit=MAX_EXPORTED_MATCHES).has_more:
            messages.warning(
                request,
                _("More statements match than fit into one file. Add a word to your search."),
            )
            return redirect("admin:statements_statement_changelist")
        return super().csv_view(request)


def _build_suggestion(changelist: StatementList, at: dt.datetime) -> dict[str, str]:
    """Return another spelling of a search that found nothing, and the address that searches it."""
    if changelist.hits is None or changelist.hits.statement_ids:
        return {}
    text = suggest_search(changelist.hits.parsed, at=at)
    return {
        "suggestion": text,
        "suggestion_query": changelist.get_query_string({"q": text}),
    }


def describe_result(changelist: StatementList) -> str:
    """Return how many statements are listed: “2 statements contain “water””."""
    count = changelist.result_count
    values = {
        "count": f"{MAX_COUNTED_ROWS:,}" if changelist.has_more else f"{count:,}",
        "query": changelist.query.strip(),
    }
    if changelist.has_more:
        text = (
            _("More than %(count)s statements contain “%(query)s”")
            if changelist.hits
            else _("More than %(count)s statements")
        )
    elif changelist.hits:
        text = ngettext(
            "%(count)s statement contains “%(query)s”",
            "%(count)s statements contain “%(query)s”",
            count,
        )
    else:
        text = ngettext("%(count)s statement", "%(count)s statements", count)
    return text % values


def limit_matches(matching: QuerySet[Statement]) -> QuerySet[Statement]:
    """Return the newest thousand or so of the statements that match a search by headline.

    A rare word is found only by reading every headline. The index
    statement_changed_headline_idx holds them in the order of the list, and the list itself would
    read it twice: to count and to show.
    """
    newest = matching.order_by("-changed_at").values_list("pk", flat=True)[: MAX_COUNTED_ROWS + 1]
    return Statement.objects.filter(pk__in=list(newest)).select_related("organisation")
