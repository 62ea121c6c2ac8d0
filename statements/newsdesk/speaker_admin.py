"""Who speaks, as managers keep it; authors add a speaker and their role while they write."""

from django.contrib import admin
from django.db.models import QuerySet
from django.urls import path

from organisations import tenures
from organisations.models import Appointment, Speaker
from statements.models import EditionAttribution, Passage
from statements.newsdesk import merge
from statements.newsdesk.base_admin import NewsdeskModelAdmin, format_count
from statements.newsdesk.statement_filters import parse_id
from statements.roles import MANAGERS, is_in_group

MAX_COMPARED_APPOINTMENTS = 200


class AppointmentInline(admin.StackedInline):
    model = Appointment
    extra = 1
    autocomplete_fields = ["organisation"]
    fields = [("role", "organisation"), ("starts_on", "ends_on")]
    verbose_name_plural = "roles held, one after another or side by side"


def make_tenure(appointment: Appointment) -> tenures.Tenure:
    return tenures.Tenure(
        appointment.speaker.name,
        appointment.role,
        appointment.organisation.name,
        appointment.starts_on,
        appointment.ends_on,
    )


def find_tenure_warnings(speaker: Speaker) -> list[str]:
    """What stands out in this person's terms and in those of others in the same roles."""
    own = list(speaker.appointments.values_list("organisation", "role")[:MAX_COMPARED_APPOINTMENTS])
    near = Appointment.objects.filter(
        organisation__in={body for body, _ in own}, role__in={role for _, role in own}
    )
    rows = near.select_related("speaker", "organisation").order_by("pk")[:MAX_COMPARED_APPOINTMENTS]
    return [
        said for said in tenures.tenure_warnings(map(make_tenure, rows)) if speaker.name in said
    ]


class RoleFilter(admin.SimpleListFilter):
    title = "role"
    parameter_name = "role"

    def lookups(self, request, model_admin):
        return [("none", "No role entered"), ("some", "With a role")]

    def queryset(self, request, queryset):
        if self.value() not in ("none", "some"):
            return queryset
        entered = Appointment.objects.values("speaker")
        return (
            queryset.filter(pk__in=entered)
            if self.value() == "some"
            else queryset.exclude(pk__in=entered)
        )


@admin.register(Speaker)
class SpeakerAdmin(NewsdeskModelAdmin):
    change_form_template = "admin/newsdesk/kept_form.html"
    list_display = ["name", "roles"]
    list_filter = [RoleFilter]
    search_fields = ["name", "appointments__role"]
    search_help_text = "Words of the name or of a role"
    prepopulated_fields = {"slug": ["name"]}
    inlines = [AppointmentInline]
    fieldsets = [
        (None, {"fields": ["name", "biography"]}),
        (
            "Address of their page, place in the alphabet",
            {"fields": ["slug", "sorted_under"], "classes": ["collapse"]},
        ),
    ]
    csv_columns = (("Name", "name"), ("Roles", "roles_said"), ("Address", "slug"))
    empty_help = (
        "A speaker is a person whose words you publish, with the roles they hold and from when "
        "to when.",
        "Add one here, or with the plus beside “Speaker” while you write a statement.",
    )

    def get_queryset(self, request) -> QuerySet[Speaker]:
        return super().get_queryset(request).prefetch_related("appointments__organisation")

    def get_urls(self):
        view = self.admin_site.admin_view(merge.merge_speakers)
        return [path("<int:pk>/merge/", view, name="merge_speaker"), *super().get_urls()]

    @admin.display(description="roles")
    def roles(self, speaker: Speaker) -> str:
        return "; ".join(f"{one.role}, {one.organisation}" for one in speaker.appointments.all())

    def annotate_page(self, rows) -> None:
        for speaker in rows:
            speaker.roles_said = self.roles(speaker)

    def describe_usage(self, speaker) -> list[str]:
        drafts = Passage.objects.filter(speaker=speaker)
        return [
            format_count(drafts, "statement", "statements", of="statement"),
            format_count(EditionAttribution.objects.filter(speaker=speaker), "edition", "editions"),
        ]

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None:
            context["noticed"] = find_tenure_warnings(obj)
            context["merge_url"] = is_in_group(request.user, MANAGERS) and "admin:merge_speaker"
            context["statements_query"] = f"speaker={obj.pk}"
        return super().render_change_form(request, context, add, change, form_url, obj)


@admin.register(Appointment)
class AppointmentAdmin(NewsdeskModelAdmin):
    """Kept on the speaker’s page; here so that a writer can choose one by typing."""

    search_fields = ["speaker__name", "role", "organisation__name", "organisation__short_name"]
    search_help_text = "Words of a name, a role or an organisation"
    autocomplete_fields = ["speaker", "organisation"]
    list_display = ["speaker", "role", "organisation", "starts_on", "ends_on"]
    list_select_related = ["speaker", "organisation"]
    csv_columns = (
        ("Speaker", "speaker.name"),
        ("Role", "role"),
        ("Organisation", "organisation.name"),
        ("From", "starts_on"),
        ("To", "ends_on"),
    )
    empty_help = (
        "A role that somebody held at an organisation, from one day to another.",
        "Add roles on the speaker’s own page.",
    )

    def has_module_permission(self, request) -> bool:
        return False

    def get_queryset(self, request) -> QuerySet[Appointment]:
        return super().get_queryset(request).select_related("speaker", "organisation")

    def get_search_results(self, request, queryset, search_term):
        """Where the form says who speaks, only their roles."""
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        speaker = parse_id(request.GET.get("speaker"))
        return (found if speaker is None else found.filter(speaker=speaker)), may_repeat
