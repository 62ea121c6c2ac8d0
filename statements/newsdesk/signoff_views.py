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
from statements.models import Edition, Preview, Stale
from statements.newsdesk.review import edition_for, shown
from statements.newsdesk.signoff import AskForm, PhoneForm, RemarkForm
from statements.newsdesk.time_format import said
from statements.notifications.signoff import link_to
from statements.signoff import actions
from statements.workflow import Refused


def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a link and show it, once."""

    def verb(form, edition: Edition, at: dt.datetime) -> HttpResponse:
        preview, token = actions.ask(edition, by=request.user, at=at, **form.cleaned_data)
        return _link(request, preview, token)

    return _with_form(request, pk, AskForm, verb)


def telephone(request: HttpRequest, pk: int) -> HttpResponse:
    def verb(form, edition: Edition, at: dt.datetime) -> HttpResponse:
        given = form.cleaned_data | {"agrees": form.cleaned_data["agrees"] == "yes"}
        seen = request.POST.get("seen_digest", "")
        answer = actions.record_answer(edition, by=request.user, at=at, seen_digest=seen, **given)
        messages.success(request, f"Recorded: what {answer.whom} answered by telephone.")
        return _back(edition, "agreement")

    return _with_form(request, pk, PhoneForm, verb)


def remark(request: HttpRequest, pk: int) -> HttpResponse:
    def verb(form, edition: Edition, at: dt.datetime) -> HttpResponse:
        actions.remark(edition, by=request.user, at=at, text=form.cleaned_data["text"])
        return _back(edition, "remarks")

    return _with_form(request, pk, RemarkForm, verb)


def send_again(request: HttpRequest, pk: int, preview_pk: int) -> HttpResponse:
    """Ask the same person about this edition, in one click."""

    def verb(form, edition: Edition, at: dt.datetime) -> HttpResponse:
        preview = get_object_or_404(Preview, pk=preview_pk)
        new, token = actions.send_again(preview, edition=edition, by=request.user, at=at)
        return _link(request, new, token)

    return _with_form(request, pk, forms.Form, verb)


def revoke(request: HttpRequest, pk: int, preview_pk: int) -> HttpResponse:
    def verb(form, edition: Edition, at: dt.datetime) -> HttpResponse:
        preview = get_object_or_404(Preview, pk=preview_pk, edition__statement=edition.statement_id)
        actions.revoke(preview, by=request.user, at=at)
        messages.success(request, f"The link of {preview.whom} opens nothing any more.")
        return _back(edition, "agreement")

    return _with_form(request, pk, forms.Form, verb)


def _with_form(
    request: HttpRequest,
    pk: int,
    form_class: type[forms.Form],
    verb: Callable[[forms.Form, Edition, dt.datetime], HttpResponse],
) -> HttpResponse:
    """Run the verb; what is refused is told on the review page, above what was typed."""
    edition = edition_for(request, pk)
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
        except Stale as stale:
            form.add_error(None, str(stale))
            status = 409
        except PermissionDenied as denied:
            form.add_error(None, str(denied))
            status = 403
    return shown(request, edition_for(request, pk), at=at, asked=form, status=status)


def _back(edition: Edition, where: str) -> HttpResponse:
    review = reverse("admin:statements_edition_review", args=[edition.pk])
    return HttpResponseRedirect(f"{review}#{where}")


def _link(request: HttpRequest, preview: Preview, token: str) -> HttpResponse:
    """The only page that ever shows this link: it is written down nowhere else."""
    context = {
        **admin.site.each_context(request),
        "title": f"A link for {preview.whom}",
        "preview": preview,
        "edition": preview.edition,
        "link": link_to(token),
        "expires": said(preview.expires_at),
    }
    return TemplateResponse(request, "admin/newsdesk/preview_link.html", context)
