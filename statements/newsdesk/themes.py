"""Themes, kept by managers."""

from django.contrib import admin
from taggit import admin as taggit_admin  # registers its own tags, which nobody here uses
from taggit.models import Tag

from statements.models import Theme

assert taggit_admin.TagAdmin, "Its registration has to come before ours."
admin.site.unregister(Tag)


@admin.register(Theme)
class ThemeAdmin(admin.ModelAdmin):
    list_display = ["name", "description"]
    search_fields = ["name"]
    ordering = ["name"]
    fields = ["name", "slug", "description"]
    prepopulated_fields = {"slug": ["name"]}
    actions = None
