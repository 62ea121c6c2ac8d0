"""Speakers, which managers look after; a draft proposes new ones."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from organisations import tenures
from organisations.models import Appointment, Speaker
from statements.models import EditionAttribution, Passage
from statements.newsdesk import merge
from statements.newsdesk.base_admin import (
    NewsdeskModelAdmin,
    NoSuperuserDeletion,
    format_count,
    keep_confirmed,
)
from statements.newsdesk.request_values import get_user, parse_number
from statements.newsdesk.rich_text import TEXT_FIELDS
from statements.newsdesk.row_choices import AutocompleteFieldsMixin
from statements.newsdesk.slug_form import OptionalSlugForm
from statements.newsdesk.staff_request import get_time
from statements.newsdesk.tenure_bars import build_chart
from statements.newsdesk.user_names import get_display_name
from statements.newsdesk.usual_contact import find_usual_publisher
from statements.roles import MANAGERS, is_in_group

MAX_COMPARED_APPOINTMENTS = 200


class AppointmentInline(AutocompleteFieldsMixin, NoSuperuserDeletion, admin.StackedInline):  # type: ignore[type-arg]  # no type at run time
    model = Appointment
    formfield_overrides = TEXT_FIELDS
    extra = 1
    autocomplete_fields = ["organisation"]
    fields = [("role", "organisation"), ("starts_on", "ends_on")]
    verbose_name_plural = _lazy("roles, one after another or at the same time")


def make_tenure(appointment: Appointment) -> tenures.Tenure:
    return tenures.Tenure(
        appointment.speaker.name,
        appointment.role,
        appointment.organisation.name,
        appointment.starts_on,
        appointment.ends_on,
    )


def find_tenure_warnings(speaker: Speaker) -> list[str]:
    """Return the overlaps and gaps between this person's terms and those of others in the role."""
    own = list(speaker.appointments.values_list("organisation", "role")[:MAX_COMPARED_APPOINTMENTS])
    near = Appointment.objects.filter(
        organisation__in={organisation for organisation, _ in own},
        role__in={role for _, role in own},
    )
    rows = near.select_related("speaker", "organisation").order_by("pk")[:MAX_COMPARED_APPOINTMENTS]
    warnings = tenures.tenure_warnings(map(make_tenure, rows))
    return [sentence for sentence in warnings if speaker.name in sentence]


class RoleFilter(admin.SimpleListFilter):
    title = "role"
    parameter_name = "role"

    def lookups(
        self, request: HttpRequest, model_admin: "admin.ModelAdmin[Any]"
    ) -> list[tuple[str, str]]:
        return [("none", _("No role entered")), ("some", _("With a role"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Speaker]) -> QuerySet[Speaker]:
        with_role = Appointment.objects.values("speaker")
        if self.value() == "some":
            return queryset.filter(pk__in=with_role)
        return queryset.exclude(pk__in=with_role) if self.value() == "none" else queryset


@admin.register(Speaker)
class SpeakerAdmin(NewsdeskModelAdmin):
    form = OptionalSlugForm
    list_display = ["name", "roles"]
    list_filter = [RoleFilter]
    search_fields = ["name", "appointments__role"]
    search_help_text = _lazy("Words of the name or of a role")
    prepopulated_fields = {"slug": ["name"]}
    inlines = [AppointmentInline]
    fieldsets = [
        (None, {"fields": ["name", "biography"]}),
        (
            _lazy("Address of their page, place in the alphabet"),
            {"fields": ["slug", "sorted_under"], "classes": ["collapse"]},
        ),
    ]
    csv_columns = (
        (_lazy("Name"), "name"),
        (_lazy("Roles"), "roles_text"),
        (_lazy("Address"), "slug"),
    )
    empty_help = (
        _lazy(
            "A speaker is a person whose words you publish, with the roles they hold and from when "
            "to when."
        ),
        _lazy("Add one here, or name someone new while you write a statement."),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Speaker]:
        return super().get_queryset(request).prefetch_related("appointments__organisation")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        rows, may_repeat = super().get_search_results(request, queryset, search_term)
        return keep_confirmed(request, rows), may_repeat

    def get_formset_kwargs(
        self, request: HttpRequest, obj: Speaker, inline: Any, prefix: str
    ) -> dict[str, Any]:
        """Let the first role of a new speaker be at the publisher of this person's statements."""
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        if isinstance(inline, AppointmentInline) and obj._state.adding:  # noqa: SLF001  # public in all but name
            kwargs["initial"] = [{"organisation": find_usual_publisher(get_user(request))}]
        return kwargs

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(merge.merge_speakers)
        return [path("<int:pk>/merge/", view, name="merge_speaker"), *super().get_urls()]

    @admin.display(description="roles")
    def roles(self, speaker: Speaker) -> str:
        return "; ".join(f"{row.role}, {row.organisation}" for row in speaker.appointments.all())

    def annotate_page(self, rows: list[Any]) -> None:
        for speaker in rows:
            speaker.roles_text = self.roles(speaker)

    def list_uses(self, row: Speaker) -> list[str]:
        passages = Passage.objects.filter(speaker=row)
        editions = EditionAttribution.objects.filter(speaker=row)
        return [
            format_count(passages, "statement", "statements", distinct_column="statement"),
            format_count(editions, "edition", "editions"),
        ]

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Speaker | None = None,
    ) -> HttpResponse:
        if obj is not None:
            today = timezone.localdate(get_time(request))
            roles = obj.appointments.select_related("organisation").prefetch_related("proposals")
            context["chart"] = build_chart(list(roles[:MAX_COMPARED_APPOINTMENTS]), today=today)
            context["proposals"] = _describe_proposals(obj)
            context["tenure_warnings"] = find_tenure_warnings(obj)
            context["merge_url"] = is_in_group(request.user, MANAGERS) and "admin:merge_speaker"
            context["statements_query"] = f"speaker={obj.pk}"
        return super().render_change_form(request, context, add, change, form_url, obj)


def _describe_proposals(speaker: Speaker) -> list[dict[str, Any]]:
    """Return the drafts that propose a speaker, and who added the name to each."""
    return [
        {
            "statement": row.statement,
            "by_name": get_display_name(row.by),
            "url": reverse("admin:statements_statement_change", args=[row.statement_id]),
        }
        for row in speaker.proposals.select_related("statement", "by")
    ]


@admin.register(Appointment)
class AppointmentAdmin(NewsdeskModelAdmin):
    """Managers edit roles on the speaker's page; this page lets a writer choose one by typing."""

    search_fields = ["speaker__name", "role", "organisation__name", "organisation__short_name"]
    search_help_text = _lazy("Words of a name, a role or an organisation")
    autocomplete_fields = ["speaker", "organisation"]
    list_display = ["speaker", "role", "organisation", "starts_on", "ends_on"]
    list_select_related = ["speaker", "organisation"]
    csv_columns = (
        (_lazy("Speaker"), "speaker.name"),
        (_lazy("Role"), "role"),
        (_lazy("Organisation"), "organisation.name"),
        (_lazy("From"), "starts_on"),
        (_lazy("To"), "ends_on"),
    )
    empty_help = (
        _lazy("A role that somebody held at an organisation, from one day to another."),
        _lazy("Add roles on the speaker’s own page."),
    )

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Appointment]:
        return super().get_queryset(request).select_related("speaker", "organisation")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Offer only the roles of the speaker on the form."""
        rows, may_repeat = super().get_search_results(request, queryset, search_term)
        rows = keep_confirmed(request, rows)
        speaker = parse_number(request.GET.get("speaker"))
        return (rows if speaker is None else rows.filter(speaker=speaker)), may_repeat
