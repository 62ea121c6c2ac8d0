"""The themes, which managers look after."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from taggit import admin as taggit_admin  # registers its own tags, which nobody uses here
from taggit.models import Tag

from statements.models import Theme
from statements.newsdesk import merge
from statements.newsdesk.base_admin import NewsdeskModelAdmin, format_count
from statements.roles import MANAGERS, is_in_group

assert taggit_admin.TagAdmin, "taggit has to register its tags before they can be unregistered."
admin.site.unregister(Tag)


class ThemeForm(forms.ModelForm):  # type: ignore[type-arg]  # takes no type at run time
    class Meta:
        error_messages = {
            "name": {"unique": "There is already a theme with this name."},
            "slug": {"unique": "Another theme has this address. Is it the same one?"},
        }


@admin.register(Theme)
class ThemeAdmin(NewsdeskModelAdmin):
    form = ThemeForm
    change_form_template = "admin/newsdesk/base_form.html"
    list_display = ["name", "description"]
    search_fields = ["name", "description"]
    search_help_text = "Words of the name or the description"
    ordering = ["name"]
    fields = ["name", "slug", "description"]
    prepopulated_fields = {"slug": ["name"]}
    csv_columns = (("Theme", "name"), ("Address", "slug"), ("Description", "description"))
    empty_help = (
        "A theme gathers statements on one subject: readers find them together, and each "
        "statement leads to others on its themes.",
        "Start with the five or six subjects that journalists ask about most.",
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

    def list_uses(self, row: Theme) -> list[str]:
        return [format_count(row.items.all(), "statement", "statements")]
