"""The buttons of agreement and remarks: each calls one verb, and comes back to the review page."""

import datetime as dt
from collections.abc import Callable

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from statements import clock
from statements.models import Edition, PreviewLink, StaleVersion
from statements.newsdesk.review import get_edition, render_review
from statements.newsdesk.signoff import PhoneReplyForm, RemarkForm, SignoffRequestForm
from statements.newsdesk.time_format import format_long
from statements.notifications.signoff import preview_url
from statements.signoff import actions
from statements.workflow import Refused


def request_signoff(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a link and show it, once."""

    def verb(form, edition: Edition, at: dt.datetime) -> HttpResponse:
        preview, token = actions.request_signoff(
            edition, by=request.user, at=at, **form.cleaned_data
        )
        return _render_link(request, preview, token)

    return _run_with_form(request, pk, SignoffRequestForm, verb)


def record_phone(request: HttpRequest, pk: int) -> HttpResponse:
    def verb(form, edition: Edition, at: dt.datetime) -> HttpResponse:
        given = form.cleaned_data | {"agrees": form.cleaned_data["agrees"] == "yes"}
        seen = request.POST.get("seen_digest", "")
        answer = actions.record_phone_reply(
            edition, by=request.user, at=at, seen_digest=seen, **given
        )
        messages.success(request, f"Recorded: what {answer.display_name} answered by telephone.")
        return _redirect_to_review(edition, "agreement")

    return _run_with_form(request, pk, PhoneReplyForm, verb)


def add_remark(request: HttpRequest, pk: int) -> HttpResponse:
    def verb(form, edition: Edition, at: dt.datetime) -> HttpResponse:
        actions.add_remark(edition, by=request.user, at=at, text=form.cleaned_data["text"])
        return _redirect_to_review(edition, "remarks")

    return _run_with_form(request, pk, RemarkForm, verb)


def resend_link(request: HttpRequest, pk: int, preview_pk: int) -> HttpResponse:
    """Ask the same person about this edition, in one click."""

    def verb(form, edition: Edition, at: dt.datetime) -> HttpResponse:
        preview = get_object_or_404(PreviewLink, pk=preview_pk)
        new, token = actions.resend_link(preview, edition=edition, by=request.user, at=at)
        return _render_link(request, new, token)

    return _run_with_form(request, pk, forms.Form, verb)


def revoke_link(request: HttpRequest, pk: int, preview_pk: int) -> HttpResponse:
    def verb(form, edition: Edition, at: dt.datetime) -> HttpResponse:
        preview = get_object_or_404(
            PreviewLink, pk=preview_pk, edition__statement=edition.statement_id
        )
        actions.revoke_link(preview, by=request.user, at=at)
        messages.success(request, f"The link of {preview.display_name} opens nothing any more.")
        return _redirect_to_review(edition, "agreement")

    return _run_with_form(request, pk, forms.Form, verb)


def _run_with_form(
    request: HttpRequest,
    pk: int,
    form_class: type[forms.Form],
    verb: Callable[[forms.Form, Edition, dt.datetime], HttpResponse],
) -> HttpResponse:
    """Run the verb; what is refused is told on the review page, above what was typed."""
    edition = get_edition(request, pk)
    if request.method != "POST":  # back from signing in, or by a bookmark
        return redirect("admin:statements_edition_review", pk)
    at = clock.now()
    form = form_class(request.POST)
    status = 422
    if form.is_valid():
        try:
            return verb(form, edition, at)
        except Refused as refused:
            for problem in refused.problems:
                known = problem.field if problem.field in form.fields else None
                form.add_error(known, str(problem))
        except StaleVersion as stale:
            form.add_error(None, str(stale))
            status = 409
        except PermissionDenied as denied:
            form.add_error(None, str(denied))
            status = 403
    return render_review(request, get_edition(request, pk), at=at, signoff_form=form, status=status)


def _redirect_to_review(edition: Edition, where: str) -> HttpResponse:
    review = reverse("admin:statements_edition_review", args=[edition.pk])
    return HttpResponseRedirect(f"{review}#{where}")


def _render_link(request: HttpRequest, preview: PreviewLink, token: str) -> HttpResponse:
    """The only page that ever shows this link: it is written down nowhere else."""
    context = {
        **admin.site.each_context(request),
        "title": f"A link for {preview.display_name}",
        "preview": preview,
        "edition": preview.edition,
        "link": preview_url(token),
        "expires": format_long(preview.expires_at),
    }
    return TemplateResponse(request, "admin/newsdesk/preview_link.html", context)
