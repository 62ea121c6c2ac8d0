"""The buttons for sign-offs and remarks: each calls one action and returns to the review page."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from statements import clock
from statements.models import Edition, PreviewLink, StaleVersion
from statements.newsdesk.request_values import get_user
from statements.newsdesk.review import get_edition, render_review
from statements.newsdesk.signoff import PhoneReplyForm, RemarkForm, SignoffRequestForm
from statements.newsdesk.time_format import format_long
from statements.notifications.signoff import preview_url
from statements.signoff import actions, remarks
from statements.workflow import Refused

# Called with the valid fields, the edition and the time of the request.
FormAction = Callable[[dict[str, Any], Edition, dt.datetime], HttpResponse]


def request_signoff(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a preview link and show it once."""

    def create_link(fields: dict[str, Any], edition: Edition, at: dt.datetime) -> HttpResponse:
        link, token = actions.request_signoff(edition, by=get_user(request), at=at, **fields)
        return _render_link(request, link, token)

    return _run_with_form(request, pk, SignoffRequestForm, create_link)


def record_phone(request: HttpRequest, pk: int) -> HttpResponse:
    def record_reply(fields: dict[str, Any], edition: Edition, at: dt.datetime) -> HttpResponse:
        reply = actions.record_phone_reply(
            edition,
            by=get_user(request),
            at=at,
            seen_digest=request.POST.get("seen_digest", ""),
            **fields | {"agrees": fields["agrees"] == "yes"},
        )
        messages.success(request, f"You recorded the reply of {reply.display_name} by telephone.")
        return _redirect_to_review(edition, "signoff")

    return _run_with_form(request, pk, PhoneReplyForm, record_reply)


def add_remark(request: HttpRequest, pk: int) -> HttpResponse:
    def save_remark(fields: dict[str, Any], edition: Edition, at: dt.datetime) -> HttpResponse:
        remarks.add_remark(edition, by=get_user(request), at=at, text=fields["text"])
        return _redirect_to_review(edition, "remarks")

    return _run_with_form(request, pk, RemarkForm, save_remark)


def resend_link(request: HttpRequest, pk: int, link_pk: int) -> HttpResponse:
    """Ask the same person to sign off this edition."""

    def create_link(fields: dict[str, Any], edition: Edition, at: dt.datetime) -> HttpResponse:
        link = get_object_or_404(PreviewLink, pk=link_pk)
        new, token = actions.resend_link(link, edition=edition, by=get_user(request), at=at)
        return _render_link(request, new, token)

    return _run_with_form(request, pk, forms.Form, create_link)


def revoke_link(request: HttpRequest, pk: int, link_pk: int) -> HttpResponse:
    def revoke(fields: dict[str, Any], edition: Edition, at: dt.datetime) -> HttpResponse:
        link = get_object_or_404(PreviewLink, pk=link_pk, edition__statement=edition.statement_id)
        actions.revoke_link(link, by=get_user(request), at=at)
        messages.success(request, f"The link of {link.display_name} no longer works.")
        return _redirect_to_review(edition, "signoff")

    return _run_with_form(request, pk, forms.Form, revoke)


def _run_with_form(
    request: HttpRequest, pk: int, form_class: type[forms.Form], action: FormAction
) -> HttpResponse:
    """Run the action, or show the review page with the errors and what was typed."""
    edition = get_edition(request, pk)
    if request.method != "POST":  # after signing in again, or from a bookmark
        return redirect("admin:statements_edition_review", pk)
    at = clock.now()
    form = form_class(request.POST)
    status = 422
    if form.is_valid():
        try:
            return action(form.cleaned_data, edition, at)
        except Refused as refused:
            for problem in refused.problems:
                field = problem.field if problem.field in form.fields else None
                form.add_error(field, str(problem))
        except StaleVersion as stale:
            form.add_error(None, str(stale))
            status = 409
        except PermissionDenied as denied:
            form.add_error(None, str(denied))
            status = 403
    return render_review(request, get_edition(request, pk), at=at, signoff_form=form, status=status)


def _redirect_to_review(edition: Edition, anchor: str) -> HttpResponse:
    review_url = reverse("admin:statements_edition_review", args=[edition.pk])
    return HttpResponseRedirect(f"{review_url}#{anchor}")


def _render_link(request: HttpRequest, link: PreviewLink, token: str) -> HttpResponse:
    """Show the link on the only page that ever shows it: only its hash is stored."""
    context = {
        **admin.site.each_context(request),
        "title": f"A preview link for {link.display_name}",
        "preview_link": link,
        "edition": link.edition,
        "url": preview_url(token),
        "expires": format_long(link.expires_at),
    }
    return TemplateResponse(request, "admin/newsdesk/preview_link.html", context)
