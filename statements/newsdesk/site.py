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

from config import static_files
from statements.audit import accounts
from statements.newsdesk import staff_request
from statements.newsdesk.request_values import get_user


class NewsdeskSite(admin.AdminSite):
    """The staff side: every staff account gets in, and each transition asks for its groups.

    The modules of the views are imported inside the methods: they need the models, which are not
    loaded yet when Django imports this class.
    """

    site_title = site_header = settings.SITE_NAME
    index_title = "Dashboard"
    enable_nav_sidebar = False
    empty_value_display = "–"

    def get_urls(self) -> list[URLResolver | URLPattern]:
        from statements.newsdesk import (  # noqa: PLC0415  # after the models
            autosave,
            correction,
            files,
            history,
            house_style_panel,
            password_links,
            related,
            restore_edition,
            review,
            signoff_views,
            submission,
            urgent_releases,
        )

        editions = "statements/edition/<int:pk>/"
        pages = [
            (
                "statements/statement/house-style/",
                house_style_panel.check_typed,
                "statements_statement_house_style",
            ),
            (editions + "review/", review.review, "statements_edition_review"),
            ("statements/describe-time/", review.describe_time, "statements_describe_time"),
            (editions + "page/", review.preview_page, "statements_edition_page"),
            (
                editions + "request-signoff/",
                signoff_views.request_signoff,
                "statements_edition_request_signoff",
            ),
            (
                editions + "phone-reply/",
                signoff_views.record_phone,
                "statements_edition_phone_reply",
            ),
            (editions + "remark/", signoff_views.add_remark, "statements_edition_remark"),
            (
                editions + "preview-links/<int:link_pk>/resend/",
                signoff_views.resend_link,
                "statements_preview_link_resend",
            ),
            (
                editions + "preview-links/<int:link_pk>/revoke/",
                signoff_views.revoke_link,
                "statements_preview_link_revoke",
            ),
            (editions + "decide/<slug:key>/", review.decide, "statements_edition_decide"),
            ("urgent-publications/", urgent_releases.report, "urgent_publications"),
            ("statements/autosave/", autosave.autosave, "statements_autosave"),
            (
                "statements/autosave/<int:pk>/discard/",
                autosave.discard,
                "statements_autosave_discard",
            ),
            (editions + "restore/", restore_edition.restore_edition, "statements_edition_restore"),
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
        return super().each_context(request) | {"has_missing_files": bool(missing)}

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
