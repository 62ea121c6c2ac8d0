"""Who speaks, as managers keep it; authors add a speaker and their role while they write."""

from django.contrib import admin
from django.db.models import QuerySet, URLField
from django.http import HttpRequest

from organisations.models import Appointment, Contact, Organisation, Speaker


class ContactInline(admin.TabularInline):
    model = Contact
    extra = 0
    fields = ["name", "email", "phone", "out_of_hours_phone"]


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin):
    formfield_overrides = {URLField: {"assume_scheme": "https"}}
    list_display = ["name", "short_name", "publishes"]
    list_filter = ["publishes"]
    search_fields = ["name", "short_name"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [ContactInline]
    fieldsets = [
        (None, {"fields": ["name", "short_name", "name_in_text", "publishes"]}),
        (
            "Its page and its words about itself",
            {"fields": ["website", "boilerplate", "reuse_terms"]},
        ),
        ("Its address", {"fields": ["slug"], "classes": ["collapse"]}),
    ]


class AppointmentInline(admin.StackedInline):
    model = Appointment
    extra = 1
    autocomplete_fields = ["organisation"]
    fields = [("role", "organisation"), ("starts_on", "ends_on")]
    verbose_name_plural = "roles held, one after another or side by side"


@admin.register(Speaker)
class SpeakerAdmin(admin.ModelAdmin):
    list_display = ["name", "roles"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [AppointmentInline]
    fieldsets = [
        (None, {"fields": ["name", "biography"]}),
        ("Address of their page", {"fields": ["slug"], "classes": ["collapse"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Speaker]:
        return super().get_queryset(request).prefetch_related("appointments__organisation")

    @admin.display(description="roles")
    def roles(self, speaker: Speaker) -> str:
        return "; ".join(f"{one.role}, {one.organisation}" for one in speaker.appointments.all())


@admin.register(Appointment)
class AppointmentAdmin(admin.ModelAdmin):
    """Kept on the speaker’s page; here so that a writer can choose one by typing."""

    search_fields = ["speaker__name", "role", "organisation__name", "organisation__short_name"]
    autocomplete_fields = ["speaker", "organisation"]
    list_display = ["speaker", "role", "organisation", "starts_on", "ends_on"]
    list_select_related = ["speaker", "organisation"]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Appointment]:
        return super().get_queryset(request).select_related("speaker", "organisation")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Appointment], search_term: str
    ) -> tuple[QuerySet[Appointment], bool]:
        """Where the form says who speaks, only their roles."""
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        speaker = request.GET.get("speaker", "")
        if speaker.isdecimal() and len(speaker) < 19:
            found = found.filter(speaker=int(speaker))
        return found, may_repeat


@admin.register(Contact)
class ContactAdmin(admin.ModelAdmin):
    list_display = ["name", "organisation", "email", "phone", "out_of_hours_phone"]
    list_select_related = ["organisation"]
    list_filter = ["organisation"]
    search_fields = ["name", "email"]
    autocomplete_fields = ["organisation"]
