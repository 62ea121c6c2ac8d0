"""The themes, which managers look after."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy
from taggit import admin as taggit_admin  # registers its own tags, which nobody uses here
from taggit.models import Tag

from statements.models import Theme
from statements.newsdesk import merge
from statements.newsdesk.base_admin import NewsdeskModelAdmin, format_count, keep_confirmed
from statements.newsdesk.slug_form import OptionalSlugForm
from statements.roles import MANAGERS, is_in_group

assert taggit_admin.TagAdmin, "taggit has to register its tags before they can be unregistered."
admin.site.unregister(Tag)


class ThemeForm(OptionalSlugForm):
    class Meta:
        error_messages = {
            "name": {"unique": gettext_lazy("There is already a theme with this name.")},
            "slug": {"unique": gettext_lazy("Another theme has this address. Is it the same one?")},
        }


@admin.register(Theme)
class ThemeAdmin(NewsdeskModelAdmin):
    form = ThemeForm
    list_display = ["name", "description"]
    search_fields = ["name", "description"]
    search_help_text = gettext_lazy("Words of the name or the description")
    ordering = ["name"]
    fields = ["name", "slug", "description"]
    prepopulated_fields = {"slug": ["name"]}
    csv_columns = (
        (gettext_lazy("Theme"), "name"),
        (gettext_lazy("Address"), "slug"),
        (gettext_lazy("Description"), "description"),
    )
    empty_help = (
        gettext_lazy(
            "A theme gathers statements on one subject: readers find them together, and each "
            "statement leads to others on its themes."
        ),
        gettext_lazy("Start with the five or six subjects that journalists ask about most."),
    )

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(merge.merge_themes)
        return [path("<int:pk>/merge/", view, name="merge_theme"), *super().get_urls()]

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Theme | None = None,
    ) -> HttpResponse:
        if obj is not None:
            context["merge_url"] = is_in_group(request.user, MANAGERS) and "admin:merge_theme"
            context["statements_query"] = f"theme={obj.pk}"
        return super().render_change_form(request, context, add, change, form_url, obj)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        rows, may_repeat = super().get_search_results(request, queryset, search_term)
        return keep_confirmed(request, rows), may_repeat

    def list_uses(self, row: Theme) -> list[str]:
        return [format_count(row.items.all(), "statement", "statements")]
