"""Organisations and their contacts, which managers look after."""

from typing import Any

from django.contrib import admin
from django.db.models import Field, QuerySet
from django.forms import Field as FormField
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organisations import tenures
from organisations.models import Appointment, Contact, Organisation
from statements.models import EditionAttribution, Statement
from statements.newsdesk.base_admin import (
    NewsdeskModelAdmin,
    NoSuperuserDeletion,
    format_count,
    keep_confirmed,
)
from statements.newsdesk.rich_text import TEXT_FIELDS
from statements.newsdesk.slug_form import OptionalSlugForm
from statements.newsdesk.speaker_admin import MAX_COMPARED_APPOINTMENTS, make_tenure

REUSE_TERMS_HELP = gettext_lazy(
    "What journalists may reuse, and with which credit. Many use one of these: "
    "“Open Government Licence v3.0. Please credit {organisation}.” or "
    "“Creative Commons Attribution 4.0 (CC BY 4.0). Please credit {organisation}.”"
)


class ContactInline(NoSuperuserDeletion, admin.StackedInline):  # type: ignore[type-arg]  # takes no type at run time
    model = Contact
    formfield_overrides = TEXT_FIELDS
    extra = 0
    verbose_name_plural = gettext_lazy("Press contacts: public as soon as you save them")
    fields = ["name", "is_default", "email", ("phone", "out_of_hours_phone")]

    def get_extra(
        self, request: HttpRequest, obj: Organisation | None = None, **kwargs: Any
    ) -> int:
        """Open a form for the first contact of a new organisation; it may stay empty."""
        return 1 if obj is None else 0


@admin.register(Organisation)
class OrganisationAdmin(NewsdeskModelAdmin):
    form = OptionalSlugForm
    list_display = ["name", "short_name", "publishes"]
    list_filter = ["publishes"]
    search_fields = ["name", "short_name"]
    search_help_text = gettext_lazy("Words of the name, or the short name")
    prepopulated_fields = {"slug": ["name"]}
    inlines = [ContactInline]
    fieldsets = [
        (None, {"fields": ["name", "short_name", "name_in_text", "publishes"]}),
        (
            gettext_lazy("Its page and its description of itself"),
            {"fields": ["website", "boilerplate", "reuse_terms"]},
        ),
        (gettext_lazy("Its address"), {"fields": ["slug"], "classes": ["collapse"]}),
    ]
    csv_columns = (
        (gettext_lazy("Name"), "name"),
        (gettext_lazy("Short name"), "short_name"),
        (gettext_lazy("Publishes"), "publishes"),
        (gettext_lazy("Website"), "website"),
        (gettext_lazy("Reuse terms"), "reuse_terms"),
        (gettext_lazy("Address"), "slug"),
    )
    empty_help = (
        gettext_lazy("An organisation publishes statements, or is one whose officers you quote."),
        gettext_lazy(
            "Start with your own: give its name, tick “publishes”, and add the contacts that "
            "journalists ring."
        ),
    )

    def formfield_for_dbfield(
        self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> FormField | None:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and db_field.name == "reuse_terms":
            field.help_text = REUSE_TERMS_HELP.format(organisation=_("the organisation’s name"))
        return field

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        rows, may_repeat = super().get_search_results(request, queryset, search_term)
        return keep_confirmed(request, rows), may_repeat

    def get_formset_kwargs(
        self, request: HttpRequest, obj: Organisation, inline: Any, prefix: str
    ) -> dict[str, Any]:
        """Let the first contact of a new organisation be its usual one."""
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        if isinstance(inline, ContactInline) and obj._state.adding:  # noqa: SLF001  # public in all but name
            kwargs["initial"] = [{"is_default": True}]
        return kwargs

    def list_uses(self, row: Organisation) -> list[str]:
        editions = EditionAttribution.objects.filter(organisation=row)
        return [
            format_count(Statement.objects.filter(organisation=row), "statement", "statements"),
            format_count(editions, "edition", "editions"),
            format_count(row.appointments.all(), "appointment", "appointments"),
        ]

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Organisation | None = None,
    ) -> HttpResponse:
        if obj is not None:
            appointments = Appointment.objects.filter(organisation=obj).select_related(
                "speaker", "organisation"
            )
            context["tenure_warnings"] = tenures.tenure_warnings(
                map(make_tenure, appointments.order_by("-pk")[:MAX_COMPARED_APPOINTMENTS])
            )
            context["statements_query"] = f"organisation={obj.pk}"
        return super().render_change_form(request, context, add, change, form_url, obj)


@admin.register(Contact)
class ContactAdmin(NewsdeskModelAdmin):
    noun, nouns = gettext_lazy("press contact"), gettext_lazy("press contacts")
    list_display = ["name", "organisation", "is_default", "email", "phone", "out_of_hours_phone"]
    list_select_related = ["organisation"]
    list_filter = ["organisation"]
    search_fields = ["name", "email", "phone", "out_of_hours_phone", "organisation__name"]
    search_help_text = gettext_lazy(
        "Words of the name or the organisation, an email address, a number"
    )
    autocomplete_fields = ["organisation"]
    csv_columns = (
        (gettext_lazy("Name"), "name"),
        (gettext_lazy("Organisation"), "organisation.name"),
        (gettext_lazy("Usual press contact"), "is_default"),
        (gettext_lazy("Email"), "email"),
        (gettext_lazy("Phone"), "phone"),
        (gettext_lazy("Out of hours"), "out_of_hours_phone"),
    )
    empty_help = (
        gettext_lazy(
            "A contact is somebody journalists can ring or write to, by day and by night. Every "
            "statement that names the contact shows it as it is now."
        ),
        gettext_lazy(
            "Add your press office first, with a number that somebody answers out of hours."
        ),
    )

    def list_uses(self, row: Contact) -> list[str]:
        return [format_count(Statement.objects.filter(contact=row), "statement", "statements")]
