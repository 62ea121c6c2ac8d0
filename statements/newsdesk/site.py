"""The admin site: its front page, the pages beside the models, and who acts."""

import functools

from django.conf import settings
from django.contrib import admin
from django.urls import path

from statements.audit import accounts


class NewsdeskSite(admin.AdminSite):
    """The staff side. Everybody with a staff account comes in; the verbs ask for groups."""

    site_title = site_header = settings.SITE_NAME
    index_title = "Dashboard"
    enable_nav_sidebar = False
    empty_value_display = "–"

    def get_urls(self):
        from statements.newsdesk import (
            autosave,
            correction,
            files,
            history,
            house_style_panel,
            related,
            restore_edition,
            review,
            signoff_views,
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
            *super().get_urls(),
        ]

    def admin_view(self, view, cacheable=False):
        """As Django's, and whatever changes in the meantime is done by whoever is signed in.

        Who is signed in no more is shown what they sent; Django would lead on and forget it.
        """
        from statements.newsdesk import lost_input

        @functools.wraps(view)
        def acting(request, *args, **kwargs):
            with accounts.acting_user(request.user):
                return view(request, *args, **kwargs)

        as_django_does = super().admin_view(acting, cacheable)

        @functools.wraps(as_django_does)
        def answered(request, *args, **kwargs):
            if not self.has_permission(request) and lost_input.has_unsaved_post(request):
                return lost_input.render_signed_out(request)
            return as_django_does(request, *args, **kwargs)

        return answered

    def index(self, request, extra_context=None):
        from statements.newsdesk import dashboard

        waiting = dashboard.build_context(request.user)
        return super().index(request, {**waiting, **(extra_context or {})})
