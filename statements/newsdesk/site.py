"""The admin site of the newsdesk: its dashboard, and the pages that belong to no model."""

import functools
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path
from django.utils.translation import gettext_lazy as _

from config import static_files
from statements.audit import accounts
from statements.newsdesk import staff_request
from statements.newsdesk.account_menu import describe_account
from statements.newsdesk.request_values import get_user


class NewsdeskSite(admin.AdminSite):
    """The staff side: every staff account gets in, and each transition asks for its groups.

    The modules of the views are imported inside the methods: they need the models, which are not
    loaded yet when Django imports this class.
    """

    site_title = site_header = settings.SITE_NAME
    index_title = _("Dashboard")
    enable_nav_sidebar = False
    empty_value_display = "–"

    def get_urls(self) -> list[URLResolver | URLPattern]:
        from statements.newsdesk import (  # noqa: PLC0415  # after the models
            autosave,
            bulk_metadata,
            calendar_feed,
            calendar_page,
            correction,
            details,
            draft_bin,
            draft_versions,
            duplicate,
            files,
            group_page,
            history,
            hub,
            information_request,
            password_links,
            preferences,
            related,
            remarks,
            restore_edition,
            review,
            saved_views,
            signoff_views,
            submission,
            translations,
            urgent_releases,
        )

        editions = "statements/edition/<int:pk>/"
        drafts = "statements/statement/<int:pk>/"
        pages = [
            ("statements/statement/<int:pk>/", hub.show_statement, "statements_statement_hub"),
            (
                "statements/statement/<int:pk>/details/",
                details.edit_details,
                "statements_statement_details",
            ),
            (editions + "review/", review.review, "statements_edition_review"),
            ("statements/describe-time/", review.describe_time, "statements_describe_time"),
            (editions + "page/", review.preview_page, "statements_edition_page"),
            (editions + "remark/", signoff_views.add_remark, "statements_edition_remark"),
            *signoff_views.list_pages(),
            (editions + "decide/<slug:key>/", review.decide, "statements_edition_decide"),
            (
                "statements/change-metadata/",
                bulk_metadata.change_metadata,
                "statements_change_metadata",
            ),
            ("calendar/", calendar_page.show_calendar, "newsdesk_calendar"),
            ("calendar/address/", calendar_feed.create, "newsdesk_calendar_address"),
            ("calendar/cancel/", calendar_feed.cancel, "newsdesk_calendar_cancel"),
            ("calendar/titles/", calendar_feed.change_titles, "newsdesk_calendar_titles"),
            ("preferences/", preferences.edit_preferences, "newsdesk_preferences"),
            ("statements/views/save/", saved_views.save, "statements_view_save"),
            ("statements/views/<int:pk>/remove/", saved_views.remove, "statements_view_remove"),
            ("urgent-publications/", urgent_releases.report, "urgent_publications"),
            ("statements/autosave/", autosave.autosave, "statements_autosave"),
            (
                "statements/autosave/<int:pk>/discard/",
                autosave.discard,
                "statements_autosave_discard",
            ),
            (editions + "restore/", restore_edition.restore_edition, "statements_edition_restore"),
            (drafts + "versions/", draft_versions.list_versions, "statements_statement_versions"),
            (
                drafts + "versions/<int:number>/restore/",
                draft_versions.restore,
                "statements_statement_restore_version",
            ),
            (drafts + "duplicate/", duplicate.duplicate, "statements_statement_duplicate"),
            (drafts + "translate/", translations.add_translation, "statements_statement_translate"),
            (drafts + "together/", group_page.publish_together, "statements_statement_together"),
            (drafts + "take-out/", group_page.take_out, "statements_statement_take_out"),
            (
                drafts + "information-file/",
                information_request.download,
                "statements_statement_information_file",
            ),
            (drafts + "remark/", remarks.add_to_draft, "statements_statement_remark"),
            ("statements/remark/<int:pk>/resolve/", remarks.resolve, "statements_remark_resolve"),
            ("statements/remark/<int:pk>/reopen/", remarks.reopen, "statements_remark_reopen"),
            (drafts + "discard/", draft_bin.discard, "statements_statement_discard"),
            (drafts + "take-back/", draft_bin.take_back, "statements_statement_take_back"),
            ("statements/statement/bin/", draft_bin.list_bin, "statements_statement_bin"),
            (
                "statements/statement/<int:pk>/submit/",
                submission.confirm_submission,
                "statements_statement_submit",
            ),
            (
                "statements/statement/<int:pk>/correct/",
                correction.start_correction,
                "statements_statement_correct",
            ),
            ("statements/file/<slug:digest>/<str:name>", files.serve_file, "statements_file"),
            (
                "statements/statement/<int:pk>/related/",
                related.edit_related,
                "statements_statement_related",
            ),
            (
                "statements/statement/<int:pk>/history/",
                history.history,
                "statements_statement_history",
            ),
        ]
        return [
            *(path(route, self.admin_view(view), name=name) for route, view, name in pages),
            path(  # for the programs of people who are signed out; the address is a key
                "calendar/<slug:key>.ics", calendar_feed.serve, name="newsdesk_calendar_feed"
            ),
            path(  # for people who are signed out
                "set-password/<str:uidb64>/<str:token>/",
                password_links.SetPasswordView.as_view(),
                name="set_password",
            ),
            *super().get_urls(),
        ]

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Wrap a view as Django does, and record who changes what while it runs.

        A POST from somebody who is signed out gets a page with what they sent: Django would
        redirect to the sign-in page and forget it.
        """
        from statements.newsdesk import lost_input  # noqa: PLC0415  # after the models

        @functools.wraps(view)
        def run_as_user(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            staff_request.prepare(request)
            with accounts.acting_user(request.user):
                response: HttpResponseBase = view(request, *args, **kwargs)
                return response

        admin_view = super().admin_view(run_as_user, cacheable)

        @functools.wraps(admin_view)
        def save_lost_input(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not self.has_permission(request) and lost_input.has_unsaved_post(request):
                return lost_input.render_signed_out(request)
            response: HttpResponseBase = admin_view(request, *args, **kwargs)
            return response

        return save_lost_input

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        missing = static_files.find_missing_files()
        return super().each_context(request) | {
            "has_missing_files": bool(missing),
            "account": describe_account(request.user),
        }

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        from statements.newsdesk import dashboard  # noqa: PLC0415  # after the models

        context = dashboard.build_context(get_user(request))
        return super().index(request, {**context, **(extra_context or {})})

    def app_index(  # type: ignore[override]  # admin views may return any response
        self, request: HttpRequest, app_label: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseRedirect:
        """Redirect to the dashboard: Django's page of one app has nothing to add to it."""
        return redirect("admin:index")
