"""Writing a statement: its form in the admin, its passages, and what lies on its shelf."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelectMultiple, RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied
from django.db import connection, models
from django.db.models import Q
from django.http import HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from js_asset import Media, Script

from organisations.models import Organisation
from statements import clock, readiness, workflow
from statements.content.schema import canonical
from statements.models import (
    Contribution,
    Passage,
    RelatedStatement,
    Statement,
    Theme,
    ThemedStatement,
)
from statements.newsdesk import (
    autosave,
    document_upload,
    house_style_panel,
    merge_texts,
    paste_split,
    presence,
    statement_save,
)
from statements.newsdesk.attachments import AttachmentInline, check_uploads
from statements.newsdesk.base_admin import NewsdeskModelAdmin, is_export
from statements.newsdesk.labelled import LabelledTabularInline
from statements.newsdesk.ordered_formset import OrderedFormSet
from statements.newsdesk.rich_text import LineField
from statements.newsdesk.statement_filters import (
    SpeakerFilter,
    ThemeFilter,
    WriterFilter,
    YearFilter,
)
from statements.newsdesk.statement_form import (
    METADATA_FIELDS,
    PassageForm,
    RelatedForm,
    RelatedFormSet,
    StatementForm,
    with_anchors,
)
from statements.newsdesk.statement_list import (
    StatementList,
    StatusFilter,
    annotate_page,
    limit_matches,
)
from statements.newsdesk.status import describe_status
from statements.roles import NEWSDESK, is_in_group

TEXT_FIELDS: dict[type[models.Field], dict[str, Any]] = {
    models.CharField: {"form_class": LineField},
    models.TextField: {"form_class": LineField},
    models.SlugField: {},  # has a form class of its own
    models.URLField: {"assume_scheme": "https"},
}


class _NoRelatedLinksMixin:
    """Beside a field stands a plus for what may be new, and no pencil, eye or cross."""

    addable_fields: tuple[str, ...] = ()

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget.can_change_related = field.widget.can_view_related = False
            field.widget.can_add_related &= db_field.name in self.addable_fields
        return field


class PassageInline(_NoRelatedLinksMixin, admin.StackedInline):
    addable_fields = ("speaker", "appointment")
    model = Passage
    form = PassageForm
    formset = OrderedFormSet
    formfield_overrides = TEXT_FIELDS
    ordering = ["position", "pk"]
    autocomplete_fields = ["speaker", "appointment"]
    verbose_name_plural = "words"
    fieldsets = [
        (None, {"fields": [("speaker", "appointment"), "body"]}),
        (
            "Sub-heading, line before the words, order",
            {"fields": ["heading", "attribution", "place"], "classes": ["collapse"]},
        ),
    ]

    def get_extra(self, request, obj=None, **kwargs) -> int:
        return 0 if obj is not None and obj.passages.exists() else 1

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("speaker")


class RelatedInline(_NoRelatedLinksMixin, LabelledTabularInline):
    model = RelatedStatement
    fk_name = "statement"
    form = RelatedForm
    formset = RelatedFormSet
    ordering = ["position", "pk"]
    autocomplete_fields = ["to"]
    fields = ["to", "place", "blocked"]
    extra = 1
    verbose_name = "related article"
    verbose_name_plural = "Related articles: chosen by hand, the rest is found"
    classes = ["collapse"]


@admin.register(Statement)
class StatementAdmin(_NoRelatedLinksMixin, NewsdeskModelAdmin):
    """The working copy. Saving counts a version; deciding is the review page’s."""

    class Media:
        css = {"all": ["newsdesk/autosave.css"]}
        js = [Script("newsdesk/autosave.js", defer=True)]

    addable_fields = ("contact",)
    form = StatementForm
    formfield_overrides = TEXT_FIELDS
    inlines = [PassageInline, AttachmentInline, RelatedInline]
    autocomplete_fields = ["translation_of"]
    list_display = ["title", "stands", "organisation", "changed", "last_writer"]
    list_display_links = ["title"]
    list_select_related = ["organisation"]
    list_filter = [
        *(StatusFilter, "kind", "organisation", SpeakerFilter, ThemeFilter),
        *(YearFilter, WriterFilter),
    ]
    csv_columns = (
        ("Headline", "headline"),
        ("Where it stands", "stands"),
        ("Kind", "get_kind_display"),
        ("Organisation", "organisation.name"),
        ("Language", "language"),
        ("Dated", "dated_on"),
        ("Address", "slug"),
        ("First released", "first_release_at"),
        ("Last changed", "changed_at"),
        ("Last written by", "last_writer"),
    )
    empty_help = (
        "Everything that the newsdesk writes stands here, the last changed first: drafts, "
        "what is in review, what is scheduled and what is public.",
        "Write the first one, or paste one into “New draft from a document”.",
    )
    search_fields = ["headline"]
    search_help_text = "Words of the headline"
    ordering = ["-changed_at"]
    sortable_by = ["changed"]

    # --- Who may ----------------------------------------------------------------------------------

    def has_add_permission(self, request) -> bool:
        return super().has_add_permission(request) and _is_on_newsdesk(request)

    def has_change_permission(self, request, obj=None) -> bool:
        """A superuser who is in no group reads."""
        return super().has_change_permission(request, obj) and _is_on_newsdesk(request)

    def has_delete_permission(self, request, obj=None) -> bool:
        return False  # what was written stays: cancel, or withdraw

    def _can_edit_metadata(self, request, obj) -> bool:
        if obj is None:
            return True
        return self.has_change_permission(request, obj) and workflow.can_edit_metadata(
            obj, by=request.user, at=_get_request_time(request)
        )

    # --- The list ---------------------------------------------------------------------------------

    def get_changelist(self, request, **kwargs):
        return StatementList

    def get_search_results(self, request, queryset, search_term):
        rows, may_repeat = super().get_search_results(request, queryset, search_term)
        return (limit_matches(rows) if search_term and not is_export(request) else rows), may_repeat

    def annotate_page(self, rows) -> None:
        annotate_page(rows)

    @admin.display(description="headline")
    def title(self, statement) -> str:
        return str(statement)

    @admin.display(description="where it stands")
    def stands(self, statement) -> str:
        if not statement.stands.startswith("Public"):
            return statement.stands
        return format_html(
            '{} <a class="correct" href="{}">Start a correction<span class="visually-hidden"> of '
            "{}</span></a>",
            statement.stands,
            reverse("admin:statements_statement_correct", args=[statement.pk]),
            statement,
        )

    @admin.display(description="last changed", ordering="changed_at")
    def changed(self, statement) -> str:
        return f"{timezone.localtime(statement.changed_at):%-d %b %Y, %H:%M}"

    @admin.display(description="last written by")
    def last_writer(self, statement) -> str | None:
        return statement.last_writer

    # --- The form ---------------------------------------------------------------------------------

    def get_urls(self):
        def staff(view):
            return self.admin_site.admin_view(view)

        return [
            path(
                "from-text/",
                staff(self.document_upload_view),
                name="statements_statement_from_text",
            ),
            path("pasted/", staff(self.paste_split_view), name="statements_statement_pasted"),
            *super().get_urls(),
        ]

    def document_upload_view(self, request):
        if not self.has_add_permission(request):
            raise PermissionDenied("To draft a statement you need to be on the newsdesk.")
        return document_upload.upload_document(request, self)

    def paste_split_view(self, request):
        if not self.has_add_permission(request):
            raise PermissionDenied("To write a statement you need to be on the newsdesk.")
        return paste_split.split_paste(request, day=timezone.localdate(_get_request_time(request)))

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        _get_request_time(request)  # one instant for everything that this request decides
        if request.method == "POST" and "_restore" in request.POST:
            typed = autosave.restore_post_data(request, object_id)
            if typed is None:
                messages.warning(request, "That text is kept no more: it was saved or thrown away.")
                return HttpResponseRedirect(request.get_full_path())
            request.POST = typed
        if request.method == "POST" and _is_on_newsdesk(request):
            check_uploads(request)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def get_object(self, request, object_id, from_field=None):
        """On POST the row is locked, and its words are kept to see whether they change.

        The form is made after this, so what was chosen of two texts is put into it here.
        """
        if request.method != "POST" or not connection.in_atomic_block:
            return super().get_object(request, object_id, from_field)
        try:
            statement: Any = Statement.objects.select_for_update().get(pk=int(object_id))
        except (Statement.DoesNotExist, ValueError, OverflowError):
            return None
        statement.words_before = canonical(statement.content())
        if "save_over" in request.POST:
            self._merge_choices(request, statement)
        return statement

    def _merge_choices(self, request, statement) -> None:
        """What was chosen of each part goes into the form, if what is saved is what was shown."""
        saved = self.get_form(request, statement, change=True)(instance=statement)
        if request.POST["save_over"] == saved.token:
            request.POST = merge_texts.merge_post_data(request.POST, saved, statement)

    def get_fieldsets(self, request, obj=None):
        first = ["headline", "organisation"]
        shelf = self._can_edit_metadata(request, obj)
        fieldsets: list[tuple[str | None, dict[str, Any]]] = [(None, {"fields": first})]
        if obj is not None and _was_public(request, obj):
            fieldsets.append(
                ("What the next edition changes", {"fields": ["amendment", "public_note"]})
            )
        if obj is not None and obj.leftover_text:
            fieldsets.append(("Left over from the document", {"fields": ["leftover_text"]}))
        return [
            *fieldsets,
            _make_collapsed_fieldset(
                "Summary, kind, date",
                ["summary", "kind", "dated_on", "requested_release_at", "language"],
            ),
            _make_collapsed_fieldset("Notes to editors", ["notes_to_editors"]),
            _make_collapsed_fieldset(
                "What it responds to, its address",
                ["responds_to_title", "responds_to_url", "slug"],
            ),
            _make_collapsed_fieldset(
                "Themes, contact, translation",
                ["themes" if shelf else "filed_under", "contact", "translation_of"],
            ),
        ]

    def get_readonly_fields(self, request, obj=None):
        return (
            [] if self._can_edit_metadata(request, obj) else ["filed_under", *METADATA_FIELDS[1:]]
        )

    @admin.display(description="themes")
    def filed_under(self, statement) -> str:
        return ", ".join(theme.name for theme in statement.themes.all())

    def get_inlines(self, request, obj):
        shelf = self._can_edit_metadata(request, obj)
        return self.inlines if shelf else [PassageInline, AttachmentInline]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.by = request.user
        form.can_edit_metadata = self._can_edit_metadata(request, obj)
        form.was_public = obj is not None and _was_public(request, obj)
        form.base_fields["themes"].widget = self._build_themes_widget(request)
        return form

    def _build_themes_widget(self, request):
        """Themes by autocomplete; only who keeps the list may add to it here."""
        tag = ThemedStatement._meta.get_field("tag")
        widget = AutocompleteSelectMultiple(tag, self.admin_site)
        keeper = self.admin_site._registry[Theme].has_add_permission(request)
        return RelatedFieldWidgetWrapper(
            widget, tag.remote_field, self.admin_site, can_add_related=keeper
        )

    def get_changeform_initial_data(self, request) -> dict:
        return {
            "organisation": _find_usual_publisher(request.user)
        } | super().get_changeform_initial_data(request)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context["media"] = Media.from_media(context["media"], nonce=str(request.csp_nonce))
        context["writes"] = self.has_change_permission(request, obj)
        if request.method != "POST":
            found = autosave.find_unsaved_texts(
                request.user, at=_get_request_time(request), statement=obj
            )
            context["offers_html"] = autosave.render_unsaved_texts(request, found, obj)
        bound = context["adminform"].form
        if bound.is_bound and bound.restored_from:
            context["errors"] = None
        if bound.conflict:
            formsets = [one.formset for one in context["inline_admin_formsets"]]
            context["parts"] = merge_texts.find_differences(bound, formsets)
        if obj is not None:
            editions = list(obj.editions.defer("content").order_by("sequence"))
            context["stands"] = describe_status(editions, _get_request_time(request))
            context["corrects"] = context["writes"] and _was_public(request, obj)
            context["newest_edition"] = editions[-1] if editions else None
            context["others"] = presence.describe_others(
                obj, by=request.user, at=_get_request_time(request)
            )
            problems = readiness.submission_problems(Statement.objects.get(pk=obj.pk))
            context["missing"] = with_anchors(readiness.blocking(problems))
            context["advice"] = with_anchors([one for one in problems if not one.blocks])
        context |= _build_house_style_context(request, obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def get_formset_kwargs(self, request, obj, inline, prefix):
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        if isinstance(inline, AttachmentInline):
            kwargs["form_kwargs"] = {"by": request.user, "at": _get_request_time(request)}
        return kwargs

    # --- Saving -----------------------------------------------------------------------------------

    def save_model(self, request, obj, form, change) -> None:
        statement_save.save_fields(obj, form, change)

    def save_related(self, request, form, formsets, change) -> None:
        """Passages, shelf, and then the version, all in the transaction that holds the lock."""
        statement, at = form.instance, _get_request_time(request)
        for formset in formsets[:2]:
            formset.save()
        statement_save.save_metadata(statement, form, formsets[2:], by=request.user, at=at)
        is_changed = statement_save.save_version(statement, by=request.user, at=at)
        if is_changed and "_submit" not in request.POST:
            statement_save.message_scheduled_editions(request, statement, at)
        key = form.cleaned_data.get("autosave_key", "")
        autosave.close(key, by=request.user, at=at)
        statement_save.message_removed_marks(request, formsets[0])
        statement_save.message_events(request, form.events_since_opened)

    def response_add(self, request, obj, post_url_continue=None):
        if "_submit" in request.POST:
            return statement_save.submit(request, obj, at=_get_request_time(request))
        if "_check_links" in request.POST:
            return statement_save.check_links(request, obj, at=_get_request_time(request))
        return super().response_add(request, obj, post_url_continue)

    def response_change(self, request, obj):
        if "_submit" in request.POST:
            return statement_save.submit(request, obj, at=_get_request_time(request))
        if "_check_links" in request.POST:
            return statement_save.check_links(request, obj, at=_get_request_time(request))
        return super().response_change(request, obj)


def _build_house_style_context(request, statement) -> dict:
    """What house style says of the words on the page: typed ones when they come back refused."""
    if request.method == "POST":
        draft = house_style_panel.text_from_form(request.POST, _get_request_time(request))
    else:
        draft = house_style_panel.text_from_statement(
            statement or Statement(), _get_request_time(request)
        )
    return house_style_panel.build_panel(draft)


def _make_collapsed_fieldset(title: str, fields: list[str]) -> tuple[str, dict]:
    return (title, {"fields": fields, "classes": ["collapse"]})


def _get_request_time(request):
    if not hasattr(request, "at"):
        request.at = clock.now()
    return request.at


def _is_on_newsdesk(request) -> bool:
    """Whether this person belongs to the newsdesk; asked once a request."""
    if not hasattr(request, "writes"):
        request.writes = is_in_group(request.user, NEWSDESK)
    return request.writes


def _was_public(request, statement) -> bool:
    first = statement.first_release_at
    return first is not None and first <= _get_request_time(request)


def _find_usual_publisher(user) -> int | None:
    """The only body that publishes, else the one this person published with last."""
    publishers = list(Organisation.objects.filter(publishes=True).values_list("pk", flat=True)[:2])
    if len(publishers) == 1:
        return publishers[0]
    mine = Contribution.objects.filter(
        Q(statement__organisation__publishes=True), user=user
    ).order_by("-pk")
    return mine.values_list("statement__organisation", flat=True).first()
