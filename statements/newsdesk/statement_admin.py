"""Write statements in the admin: the form with its passages, and the list."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import QuerySet
from django.forms import Widget
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from js_asset import Media, Script

from organisations.models import Contact
from statements import workflow
from statements.models import (
    Statement,
    Theme,
    ThemedStatement,
)
from statements.newsdesk import (
    ask_editor,
    autosave,
    block_actions,
    checklist,
    document_upload,
    draft_bin,
    draft_preview,
    empty_form,
    merge_texts,
    paste_split,
    public_words,
    remarks,
    speaker_choices,
    statement_save,
    writing_page,
)
from statements.newsdesk.admin_log import WordlessLogMixin
from statements.newsdesk.attachments import AttachmentInline, validate_uploads
from statements.newsdesk.embargo import describe_embargo
from statements.newsdesk.ordered_formset import OrderedFormSet
from statements.newsdesk.picture_places import place_pictures
from statements.newsdesk.request_values import get_user, parse_number
from statements.newsdesk.row_choices import RowSelectMultiple
from statements.newsdesk.staff_request import get_nonce, get_time, is_on_newsdesk
from statements.newsdesk.statement_form import (
    METADATA_FIELDS,
    StatementForm,
)
from statements.newsdesk.statement_form_context import (
    build_amendment_context,
    build_checklist_context,
    build_status_context,
)
from statements.newsdesk.statement_inlines import (
    NoRelatedLinksMixin,
    PassageInline,
    RelatedInline,
)
from statements.newsdesk.statement_list import StatementListMixin
from statements.newsdesk.usual_contact import find_usual_publisher, message_usual_contact
from statements.publicness import is_listed

CONTENT_FIELDS = (
    *("headline", "organisation", "summary", "kind", "dated_on", "requested_release_at"),
    *("embargo_until", "embargo_line", "language", "notes_to_editors"),
    *("responds_to_title", "responds_to_url", "slug"),
)


@admin.register(Statement)
class StatementAdmin(WordlessLogMixin, NoRelatedLinksMixin, StatementListMixin):
    """The draft of a statement. Saving counts a version; decisions belong to the review page."""

    class Media:
        css = {"all": ["newsdesk/autosave.css"]}
        js = [Script("newsdesk/autosave.js", defer=True)]

    addable_fields = ("contact",)
    form = StatementForm
    inlines = [PassageInline, AttachmentInline, RelatedInline]
    autocomplete_fields = ["translation_of"]

    # --- Permissions ------------------------------------------------------------------------------

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and is_on_newsdesk(request)

    def has_change_permission(self, request: HttpRequest, obj: Statement | None = None) -> bool:
        """Ask for a group as well: a superuser who is in none may only read."""
        return super().has_change_permission(request, obj) and is_on_newsdesk(request)

    def has_delete_permission(self, request: HttpRequest, obj: Statement | None = None) -> bool:
        return False  # nothing that was written is deleted: cancel it, or withdraw it

    def _can_edit_metadata(self, request: HttpRequest, obj: Statement | None) -> bool:
        if obj is None:
            return True
        return self.has_change_permission(request, obj) and workflow.can_edit_metadata(
            obj, by=get_user(request), at=get_time(request)
        )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Statement]:
        """Leave out drafts in the bin: of the list, of its search and of every choice."""
        rows: QuerySet[Statement] = super().get_queryset(request).filter(discarded_at=None)
        return rows

    # --- The form ---------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        def make_path(route: str, view: Callable[..., HttpResponseBase], name: str) -> URLPattern:
            return path(
                route, self.admin_site.admin_view(view), name=f"statements_statement_{name}"
            )

        return [
            make_path("from-text/", self.document_upload_view, "from_text"),
            make_path("split-paste/", self.paste_split_view, "split_paste"),
            make_path("speakers/", self.speakers_view, "speakers"),
            make_path("preview/", self.preview_view, "preview"),
            make_path("<int:pk>/preview/", self.preview_view, "preview"),
            make_path("checklist/", self.checklist_view, "checklist"),
            make_path("<int:pk>/checklist/", self.checklist_view, "checklist"),
            *super().get_urls(),
        ]

    def document_upload_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied(_("To draft a statement you need to be on the newsdesk."))
        return document_upload.upload_document(request, self)

    def paste_split_view(self, request: HttpRequest) -> HttpResponseBase:
        if not self.has_add_permission(request):
            raise PermissionDenied(_("To write a statement you need to be on the newsdesk."))
        return paste_split.split_paste(request, day=timezone.localdate(get_time(request)))

    def preview_view(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        statement = self._get_for_writing(request, pk)
        response: HttpResponse = draft_preview.preview_draft(request, self, statement)
        return response

    def checklist_view(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        return checklist.check_typed(request, self, self._get_for_writing(request, pk))

    def _get_for_writing(self, request: HttpRequest, pk: int | None) -> Statement | None:
        """Return the statement to people who may change it, None to those who may add one."""
        if pk is None:
            if not self.has_add_permission(request):
                raise PermissionDenied(_("To write a statement you need to be on the newsdesk."))
            return None
        statement: Statement = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.has_change_permission(request, statement):
            raise PermissionDenied(_("To change a statement you need to be on the newsdesk."))
        return statement

    def bind_forms(self, request: HttpRequest, obj: Statement | None) -> tuple[Any, list[Any]]:
        """Return the form and its formsets with what was posted, to read it and save nothing."""
        change = obj is not None
        form = self.get_form(request, obj, change=change)(request.POST, instance=obj)
        make_formsets: Any = self._create_formsets  # type: ignore[attr-defined]  # not in the stubs
        formsets, __ = make_formsets(request, form.instance, change=change)
        return form, formsets

    def speakers_view(self, request: HttpRequest) -> HttpResponseBase:
        if not self.has_add_permission(request):
            raise PermissionDenied(_("To choose a speaker you need to be on the newsdesk."))
        return speaker_choices.offer_speakers(request, today=timezone.localdate(get_time(request)))

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if discarded := draft_bin.render_discarded(request, parse_number(object_id)):
            return discarded
        if object_id is None and self._is_sent_empty(request):
            messages.info(request, _("Nothing was saved: you have not written anything yet."))
            return HttpResponseRedirect(request.get_full_path())
        if "_restore" in request.POST and _load_restored_data(request, object_id) is None:
            messages.warning(request, _("That text is gone: it was saved or discarded."))
            return HttpResponseRedirect(request.get_full_path())
        if request.method == "POST" and is_on_newsdesk(request):
            validate_uploads(request)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def _is_sent_empty(self, request: HttpRequest) -> bool:
        """Return whether a new statement would have no words: then there is none."""
        is_sent = request.method == "POST" and "_restore" not in request.POST
        return is_sent and self.has_add_permission(request) and empty_form.is_empty(request)

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Statement | None:
        """Lock the row on POST, so that the form compares with what it saves over."""
        if request.method != "POST" or not connection.in_atomic_block:
            return super().get_object(request, object_id, from_field)
        rows = Statement.objects.select_for_update()
        return rows.filter(pk=parse_number(object_id) or 0).first()

    def get_fieldsets(self, request: HttpRequest, obj: Statement | None = None) -> Any:
        """Return every field of the form; the templates say where each of them stands."""
        fields = [*CONTENT_FIELDS]
        if obj is not None and is_listed(obj, get_time(request)):
            fields += ["amendment", "public_note"]
        if obj is not None and obj.leftover_text:
            fields.append("leftover_text")
        can_edit = self._can_edit_metadata(request, obj)
        themes = ["themes", "new_themes"] if can_edit else ["theme_names"]
        return [(None, {"fields": [*fields, *themes, *METADATA_FIELDS[1:]]})]

    def get_readonly_fields(self, request: HttpRequest, obj: Statement | None = None) -> list[str]:
        if self._can_edit_metadata(request, obj):
            return []
        return ["theme_names", *METADATA_FIELDS[1:]]

    @admin.display(description="themes")
    def theme_names(self, statement: Statement) -> str:
        return ", ".join(theme.name for theme in statement.themes.all())

    def get_inlines(self, request: HttpRequest, obj: Statement | None) -> Any:
        if self._can_edit_metadata(request, obj):
            return self.inlines
        return [PassageInline, AttachmentInline]

    def get_form(
        self,
        request: HttpRequest,
        obj: Statement | None = None,
        change: bool = False,
        **kwargs: Any,
    ) -> Any:
        form = self._make_form_class(request, obj, change=change, **kwargs)
        if request.method == "POST":
            form.submitted_data = self._get_submitted_data(request, obj)
        return form

    def _make_form_class(
        self, request: HttpRequest, obj: Statement | None, *, change: bool, **kwargs: Any
    ) -> Any:
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.by = get_user(request)
        form.can_edit_metadata = self._can_edit_metadata(request, obj)
        form.was_public = obj is not None and is_listed(obj, get_time(request))
        form.base_fields["themes"].widget = self._build_themes_widget(request)
        return form

    def _get_submitted_data(self, request: HttpRequest, obj: Statement | None) -> QueryDict:
        """Return what the form and its formsets are bound to: mostly what was posted.

        To restore an autosaved text, it is that text. To save over a conflict, it is both texts
        merged as chosen, unless somebody saved again since the choice was shown.
        """
        if "_restore" in request.POST:
            object_id = str(obj.pk) if obj is not None and obj.pk else None
            return _load_restored_data(request, object_id) or request.POST
        if block_actions.PUT_BACK in request.POST and obj is not None and obj.pk:
            before = checklist.find_last_public(obj, get_time(request))
            return public_words.put_back(request.POST, obj, before)
        if block_actions.is_requested(request.POST):
            return block_actions.rearrange(request.POST)
        if obj is None or not obj.pk or "save_over" not in request.POST:
            return request.POST
        saved = self._make_form_class(request, obj, change=True)(instance=obj)
        if request.POST["save_over"] != saved.token:
            return request.POST
        return merge_texts.merge_post_data(request.POST, saved, obj)

    def get_formset_kwargs(
        self, request: HttpRequest, obj: Statement, inline: Any, prefix: str
    ) -> dict[str, Any]:
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        if request.method == "POST":
            kwargs["data"] = self._get_submitted_data(request, obj)
        if isinstance(inline, (AttachmentInline, PassageInline)):
            kwargs["form_kwargs"] = {"by": get_user(request), "at": get_time(request)}
        return kwargs

    def _build_themes_widget(self, request: HttpRequest) -> Widget:
        """Choose themes by autocomplete; only somebody who may add themes gets the plus."""
        tag = ThemedStatement._meta.get_field("tag")  # noqa: SLF001  # public in all but name
        theme_admin = self.admin_site.get_model_admin(Theme)
        return RelatedFieldWidgetWrapper(
            RowSelectMultiple(tag, self.admin_site),
            tag.remote_field,
            self.admin_site,
            can_add_related=theme_admin.has_add_permission(request),
        )

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        publisher = find_usual_publisher(get_user(request))
        contact = Contact.objects.filter(organisation=publisher, is_default=True).first()
        return {
            "organisation": publisher,
            "contact": contact and contact.pk,
        } | super().get_changeform_initial_data(request)

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Statement | None = None,
    ) -> HttpResponse:
        at, form = get_time(request), context["adminform"].form
        context["media"] = Media.from_media(context["media"], nonce=get_nonce(request))
        context["writes"] = self.has_change_permission(request, obj)
        if request.method != "POST":
            texts = autosave.find_unsaved_texts(get_user(request), at=at, statement=obj)
            context["unsaved_html"] = autosave.render_unsaved_texts(request, texts, obj)
        if form.restored_from or form.is_rearranged:
            context["errors"] = None
        formsets = [inline.formset for inline in context["inline_admin_formsets"]]
        context["fields"] = writing_page.index_fields(context["adminform"])
        context |= writing_page.build_document(form, formsets)
        if context["errors"]:
            context["form_errors"] = writing_page.list_errors(form, formsets)
        if form.conflict:
            context["parts"] = merge_texts.find_differences(form, formsets)
        if obj is not None:
            context |= build_status_context(obj, by=get_user(request), at=at)
            context |= remarks.build_draft_context(obj, by=get_user(request))
            context["embargo"] = describe_embargo(obj, at=at)
            context["is_release_at_embargo"] = obj.requested_release_at == obj.embargo_until
            context["corrects"] = context["writes"] and is_listed(obj, get_time(request))
        context |= ask_editor.build_context(request, obj, at=at)
        context |= build_checklist_context(form, formsets, obj, at)
        for block in context["blocks"]:
            block.form.public_changes = context["changed_passages"].get(block.form.prefix)
        if "amendment" in context["fields"]:
            context |= build_amendment_context(form)
        return super().render_change_form(request, context, add, change, form_url, obj)

    # --- Saving -----------------------------------------------------------------------------------

    def save_model(self, request: HttpRequest, obj: Statement, form: Any, change: bool) -> None:
        statement_save.save_fields(obj, form, change)

    def save_related(
        self, request: HttpRequest, form: Any, formsets: list[OrderedFormSet], change: bool
    ) -> None:
        """Save passages and attachments, then metadata, then count the version.

        All in the transaction that holds the lock.
        """
        statement, by, at = form.instance, get_user(request), get_time(request)
        passages, files = formsets[:2]
        files.save()
        place_pictures(passages, files)
        passages.save()
        statement_save.save_metadata(statement, form, formsets[2:], by=by, at=at)
        is_changed = statement_save.save_version(
            statement, content_before=form.saved_content, by=by, at=at
        )
        if is_changed and "_submit" not in request.POST:
            statement_save.message_scheduled_editions(request, statement, at)
        if is_changed:
            statement_save.adopt_embargo_of_words(request, statement, at=at)
        autosave.close(form.cleaned_data.get("autosave_key", ""), by=by, at=at)
        message_usual_contact(request, form.set_contact)
        statement_save.message_changed_words(request, formsets[0])
        statement_save.message_events(request, form.events_since_opened)

    def response_add(
        self, request: HttpRequest, obj: Statement, post_url_continue: str | None = None
    ) -> HttpResponse:
        response = _respond_to_button(request, obj)
        return response or super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Statement) -> HttpResponse:
        return _respond_to_button(request, obj) or super().response_change(request, obj)


def _respond_to_button(request: HttpRequest, statement: Statement) -> HttpResponse | None:
    """Do what the pressed button asks for after saving; None if it is one of Django's own."""
    at = get_time(request)
    if "_submit" in request.POST:
        return statement_save.submit(request, statement, by=get_user(request), at=at)
    if "_check_links" in request.POST:
        return statement_save.check_links(request, statement, at=at)
    return None


def _load_restored_data(request: HttpRequest, object_id: str | None) -> QueryDict | None:
    return autosave.restore_post_data(
        parse_number(request.POST["_restore"]),
        by=get_user(request),
        statement_id=parse_number(object_id),
        at=get_time(request),
    )
